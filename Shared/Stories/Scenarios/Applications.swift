import Kernel
import Messages

extension Scenario {
    /// Applying, and what it costs (B1).
    static let applying: [Scenario] = [
        Scenario("B1 applying charges the fee, opens the chat, and puts a tentative entry into the calendar")
        {
            house in
            let cast = try await Cast.openMarketplace(house, policy: .application)
            let lead = try await cast.publishLead()
            try await cast.told(cast.seller, .opportunityPublished, listing: lead.listing.listing)
            try expect("the fee is the price", lead.listing.startPrice, cast.money(3_000))
            let filing = try await cast.apply(for: lead)
            try expect("30.00 and 19 % VAT", try await cast.available(filing.applicant), 100_000 - 3_570)
            let papers = try await cast.invoices(of: filing.order, as: filing.applicant)
            try expect("an invoice", papers.map(\.total), [cast.money(3_570)])
            var get = GetInvoice()
            get.invoice = papers[0].invoice
            let paper = try await house.ask(get, as: filing.applicant.guest)
            try expect("says what for: \(paper.content)", paper.content.contains("Application fee"))
            let mail = try await cast.mailed(filing.applicant, .applicationFiled, order: filing.order)
            let entry = try present("a calendar entry", mail.calendar)
            for line in [
                "METHOD:REQUEST", "STATUS:TENTATIVE", "SEQUENCE:0", "DTSTART:\(cast.time(filing.meetingAt))",
                "DTEND:\(cast.time(filing.meetingAt + .minutes(30)))",
            ] {
                try expect(line, entry.contains(line))
            }
            try await cast.told(cast.seller, .applicationReceived, order: filing.order)
            var post = PostMessage()
            post.order = filing.order
            post.text = PersonalText("Is the roof older than twenty years?")
            try await cast.act(post, as: filing.applicant.guest)
            let mails = try await cast.mails(to: filing.prospect).count
            try await cast.act(post, as: filing.applicant.guest)
            try expect(
                "one e-mail until the prospect looks", try await cast.mails(to: filing.prospect).count, mails)
            let heard = try await cast.chat(filing, "It is from 1998.")
            try expect("voices", heard.map(\.author), [.member, .member, .prospect])
            try await cast.told(filing.applicant, .messageReceived, order: filing.order)
            var read = ReadConversation()
            read.order = filing.order
            let answer = try await house.ask(read, as: filing.applicant.guest).messages.last
            try expect("the answer", answer?.text.plaintext, "It is from 1998.")
            try await house.refuses(.notFound, read, as: cast.buyers[1].guest)
            try await cast.staysHidden(filing)
            try await cast.proveLedger()
        },
        Scenario("B1 nobody but support writes contact data in the chat before the reveal") {
            house in
            let cast = try await Cast.openMarketplace(house, policy: .application)
            let filing = try await cast.apply()
            var post = PostMessage()
            post.order = filing.order
            var chat = ProspectChats()
            chat.token = filing.links.chat
            let texts = [
                "Mail me: max at dach punkt de", "null eins sieben eins fünf fünf fünf eins zwei drei vier",
                "See www.dach-profi.de", "0171 5551234",
            ]
            for text in texts {
                post.text = PersonalText(text)
                try await house.refuses(.contactDataInText, post, as: filing.applicant.guest)
                chat.text = PersonalText(text)
                try await house.refuses(.contactDataInText, chat, as: nil)
                // What a client says was found does not count.
                post.holds = .nothing
                try await house.refuses(.contactDataInText, post, as: filing.applicant.guest)
            }
            try expect("nothing was said", try await cast.chat(filing, "").count, 0)
            try await house.refuses(.notFound, post, as: cast.buyers[1].guest)
            post.text = PersonalText("Support is at 030 5550100.")
            try await cast.act(post, as: cast.operator)
            try expect("support", try await cast.chat(filing, "").map(\.author), [.support])
            try await cast.review(filing, .accept)
            post.text = PersonalText(texts[3])
            try await cast.act(post, as: filing.applicant.guest)
            let heard = try await cast.chat(filing, texts[0])
            try expect("after the reveal", heard.map(\.author), [.support, .member, .prospect])
        },
        Scenario("B1 what may not be applied for is refused, and charges nothing") { house in
            let cast = try await Cast.openMarketplace(house, policy: .application)
            let lead = try await cast.publishLead()
            let buyer = cast.buyers[0]
            let whole = try await cast.application(for: lead.listing.listing)
            let now = try await house.now()
            var apply = whole
            for meeting in [now, now - .hours(1), now + .days(90) + .microsecond] {
                apply.meetingAt = meeting
                try await house.refuses(.invalidValue, apply, as: buyer.guest)
            }
            apply = whole
            for text in ["", "   "] {
                apply.introduction = PersonalText(text)
                try await house.refuses(.invalidText, apply, as: buyer.guest)
            }
            for text in [
                "Call me: null eins sieben eins zwei drei vier fünf sechs sieben", "me (at) firm.de",
            ] {
                apply.introduction = PersonalText(text)
                try await house.refuses(.contactDataInText, apply, as: buyer.guest)
            }
            apply = whole
            apply.listing = ListingID(.max)
            try await house.refuses(.notFound, apply, as: buyer.guest)
            try await house.refuses(.forbidden, whole, as: cast.seller.guest)
            try await house.refuses(.notSignedIn, whole, as: nil)
            try await house.refuses(
                .notVerified, whole, as: try await cast.register("Hartmann", .buyer).guest)
            let poor = try await cast.join("Grimm", .buyer)
            try await house.refuses(.insufficientFunds, whole, as: poor.guest)
            try expect("nothing charged", try await cast.available(buyer), 100_000)
            var bid = PlaceBid()
            bid.listing = lead.listing.listing
            bid.amount = cast.money(9_000)
            try await house.refuses(.wrongState, bid, as: buyer.guest)
            _ = try await cast.apply(buyer, for: lead)
            try await house.refuses(.alreadyApplied, whole, as: buyer.guest)
            try expect("charged once", try await cast.available(buyer), 100_000 - 3_570)
            try await cast.topUp(poor, 10_000)
            try await house.advance(to: lead.listing.endsAt - .microsecond)
            _ = try await cast.apply(poor, for: lead)
            try await house.advance(to: lead.listing.endsAt)
            apply = try await cast.application(for: lead.listing.listing)
            try await house.refuses(.listingClosed, apply, as: cast.buyers[1].guest)
            var relist = RelistListing()
            relist.listing = lead.listing.listing
            try await house.refuses(.wrongState, relist, as: cast.seller.guest)
        },
        Scenario("B1 nobody applies for an own lead, or where leads are auctioned") { house in
            let cast = try await Cast.openMarketplace(house, policy: .application)
            let trader = try await cast.join("Lorenz", [.seller, .buyer])
            try await cast.linkPayoutAccount(trader)
            var lead = try await cast.lead()
            lead.contact = try await cast.seal(cast.newProspect(), as: trader)
            let listing = try await cast.act(lead, as: trader.guest).listing
            let own = try await cast.application(for: listing)
            try await house.refuses(.ownListing, own, as: trader.guest)
            let auction = try await Cast.openMarketplace(house)
            let offered = try await auction.publishLead().listing.listing
            let apply = try await auction.application(for: offered)
            try await house.refuses(.wrongState, apply, as: auction.buyers[0].guest)
            try await house.refuses(.notFound, apply, as: cast.buyers[0].guest)
        },
        Scenario("B1 fee, horizon, reminder and window are the marketplace's") { house in
            var policy = Policy.application
            policy.applicationFee = 5_001
            policy.meetingHorizon = .days(2)
            policy.reminderAfter = .hours(3)
            policy.decisionWindow = .hours(6)
            let cast = try await Cast.openMarketplace(house, policy: policy)
            let lead = try await cast.publishLead()
            let far = try await cast.application(
                for: lead.listing.listing, meetingIn: .days(2) + .microsecond)
            try await house.refuses(.invalidValue, far, as: cast.buyers[0].guest)
            let filing = try await cast.apply(for: lead, meetingIn: .days(2))
            try expect("50.01 and VAT", try await cast.available(filing.applicant), 100_000 - 5_951)
            try await house.advance(to: filing.appliedAt + .hours(3))
            try expect(
                "reminded", try await cast.application(filing).remindedAt, filing.appliedAt + .hours(3))
            try await house.advance(to: filing.appliedAt + .hours(6) + .microsecond)
            try expect("revealed", try await cast.application(filing).stage, .revealed)
        },
    ]

    /// What the prospect decides, and what its silence means (B2-B5).
    static let reviewing: [Scenario] = [
        Scenario("B2 acceptance reveals the contact, by e-mail and in the account, and confirms the meeting")
        {
            house in
            let cast = try await Cast.openMarketplace(house, policy: .application)
            let lead = try await cast.publishLead()
            let filing = try await cast.apply(for: lead)
            let other = try await cast.apply(cast.buyers[1], for: lead)
            let seen = try await cast.review(filing, .look)
            try expect("the introduction", seen.introduction.plaintext?.hasPrefix("We have built") == true)
            try expect("pending", seen.stage, .pending)
            try await house.advance(by: .hours(5))
            try await cast.review(filing, .accept)
            let view = try await cast.application(filing)
            try expect("stage", view.stage, .accepted)
            try expect("revealed", view.revealedAt, filing.appliedAt + .hours(5))
            let contact = try await cast.readContact(filing.order, as: filing.applicant)
            try expect("name", contact.name.plaintext, filing.prospect.name)
            try expect("phone", contact.phones.map(\.plaintext), [filing.prospect.phone])
            let mail = try await cast.mailed(filing.applicant, .applicationAccepted, order: filing.order)
            try expect("the e-mail has the phone", mail.body.contains(filing.prospect.phone))
            let entry = try present("a calendar entry", mail.calendar)
            for part in ["METHOD:REQUEST", "STATUS:CONFIRMED", "SEQUENCE:2"] {
                try expect(part, entry.contains(part))
            }
            let text = entry.joined(separator: "\n")
            try expect("phone and e-mail", text.contains(filing.prospect.phone))
            try expect("phone and e-mail", text.contains(filing.prospect.email))
            let lines = try await cast.report(filing.contact).entries
            try expect("who saw it", lines.map(\.party).allSatisfy { $0 == filing.applicant.party })
            try expect("why", lines.allSatisfy { $0.purpose.hasPrefix("B2") })
            try await cast.staysHidden(other)
        },
        Scenario("B2 an acceptance after the contact was revealed by time confirms the meeting") { house in
            let cast = try await Cast.openMarketplace(house, policy: .application)
            let filing = try await cast.apply()
            try await house.advance(to: filing.decisionUntil + .microsecond)
            try await cast.review(filing, .accept)
            let mail = try await cast.mailed(filing.applicant, .applicationAccepted, order: filing.order)
            try expect("rising", mail.calendar?.contains("SEQUENCE:2") == true)
            let granted = try await cast.report(filing.contact).entries.filter { $0.kind == .granted }
            try expect("one grant", granted.count, 1)
        },
        Scenario("B3 rejected within 48 hours the contact stays hidden for good, and the fee comes back") {
            house in
            let cast = try await Cast.openMarketplace(house, policy: .application)
            for wait in [Duration64.zero, .hours(24), .hours(48)] {
                let filing = try await cast.apply()
                let free = try await cast.available(filing.applicant)
                try await house.advance(to: filing.appliedAt + wait)
                let review = try await cast.review(filing, .decline)
                try expect("stage", review.stage, .rejected)
                try expect("not revealed", review.revealed, false)
                try expect("all of it", try await cast.available(filing.applicant), free + 3_570)
                let mail = try await cast.mailed(filing.applicant, .applicationRejected, order: filing.order)
                let entry = try present("a calendar entry", mail.calendar)
                for part in ["METHOD:CANCEL", "STATUS:CANCELLED", "SEQUENCE:3"] {
                    try expect(part, entry.contains(part))
                }
                try await cast.mailed(filing.applicant, .creditNoteIssued)
                try await cast.told(filing.applicant, .applicationFeeRefunded, order: filing.order)
                try await house.advance(by: .days(20))
                try await cast.staysHidden(filing)
                let view = try await cast.application(filing)
                try expect("fee", view.feeStage, .refunded)
                try expect("no way", view.ways, [])
            }
            try await cast.proveLedger()
        },
        Scenario("B3 a rejection refunds until the planned meeting, and not a microsecond later") { house in
            let cast = try await Cast.openMarketplace(house, policy: .application)
            for (late, stage) in [
                (Duration64.zero, ApplicationFeeStage.refunded), (.microsecond, .settled),
            ] {
                let filing = try await cast.apply()
                let free = try await cast.available(filing.applicant)
                try await cast.review(filing, .accept)
                try await house.advance(to: filing.meetingAt + late)
                try await cast.review(filing, .decline)
                let view = try await cast.application(filing)
                try expect("stage", view.stage, .rejected)
                try expect("fee \(late)", view.feeStage, stage)
                let back: Int64 = stage == .refunded ? 3_570 : 0
                try expect("balance", try await cast.available(filing.applicant), free + back)
                // What was revealed stays revealed.
                _ = try await cast.readContact(filing.order, as: filing.applicant)
            }
            // A meeting that comes before the 48 hours are over: the rejection still hides the contact.
            let filing = try await cast.apply(meetingIn: .hours(10))
            let free = try await cast.available(filing.applicant)
            try await house.advance(to: filing.meetingAt + .microsecond)
            try await cast.review(filing, .decline)
            try await cast.told(filing.applicant, .applicationFeeKept, order: filing.order)
            try expect("kept", try await cast.available(filing.applicant), free)
            try await cast.staysHidden(filing)
            try await cast.proveLedger()
        },
        Scenario("B3 a rejection refunds nothing where either side reported a meeting") { house in
            let cast = try await Cast.openMarketplace(house, policy: .application)
            for byProspect in [true, false] {
                let filing = try await cast.apply()
                let free = try await cast.available(filing.applicant)
                try await cast.review(filing, .accept)
                var report = ReportMeeting()
                report.order = filing.order
                try await house.refuses(.notFound, report, as: cast.buyers[1].guest)
                if byProspect {
                    try expect("said", try await cast.review(filing, .reportMeeting).meetingReported)
                    try await cast.review(filing, .reportMeeting)
                } else {
                    try await cast.act(report, as: filing.applicant.guest)
                    try await cast.act(report, as: filing.applicant.guest)
                }
                try await cast.review(filing, .decline)
                try await cast.told(filing.applicant, .applicationFeeKept, order: filing.order)
                try expect("kept", try await cast.available(filing.applicant), free)
                if byProspect { try await house.refuses(.wrongState, report, as: filing.applicant.guest) }
            }
        },
        Scenario("B3 the fee is divided once no rejection can give it back") { house in
            var policy = Policy.application
            policy.commission = BasisPoints(1_500)
            let cast = try await Cast.openMarketplace(house, policy: policy)
            let filing = try await cast.apply()
            try await cast.review(filing, .accept)
            try await house.advance(to: filing.meetingAt)
            try expect("held", try await cast.application(filing).feeStage, .held)
            try await house.advance(to: filing.meetingAt + .microsecond)
            try expect("settled", try await cast.application(filing).feeStage, .settled)
            let payments = try await house.ask(ListPayments(), as: cast.seller.guest).payments
            try expect(
                "30.00 less 15 %", payments.filter { $0.kind == .payout }.map(\.amount), [cast.money(2_550)])
            try await cast.proveLedger()
        },
        Scenario("B4 a prospect who has not decided is reminded after 24 hours, once, opened or not") {
            house in
            let cast = try await Cast.openMarketplace(house, policy: .application)
            for opens in [false, true] {
                let filing = try await cast.apply()
                if opens { try await cast.review(filing, .look) }
                let before = try await cast.mails(to: filing.prospect).count
                try await house.advance(to: filing.appliedAt + .hours(24) - .microsecond)
                try expect("not yet", try await cast.mails(to: filing.prospect).count, before)
                try await house.advance(to: filing.appliedAt + .hours(24))
                let mails = try await cast.mails(to: filing.prospect)
                try expect("a reminder", mails.count, before + 1)
                try expect("with its links", mails.last?.tokens.count, 3)
                try expect(
                    "reminded", try await cast.application(filing).remindedAt, filing.appliedAt + .hours(24))
                try await cast.told(filing.applicant, .prospectReminded, order: filing.order)
                try await house.advance(to: filing.appliedAt + .hours(47))
                try expect("once", try await cast.mails(to: filing.prospect).count, before + 1)
                // The reminder's link is as good as the first one.
                let links = try await cast.links(to: filing.prospect)
                try await cast.act(Cast.step(.accept, links.review), as: nil)
            }
            let decided = try await cast.apply()
            try await cast.review(decided, .accept)
            let before = try await cast.mails(to: decided.prospect).count
            try await house.advance(to: decided.appliedAt + .hours(30))
            try expect("none", try await cast.mails(to: decided.prospect).count, before)
        },
        Scenario(
            "B5 without an answer the contact is revealed after 48 hours, and not in the last microsecond"
        ) {
            house in
            let cast = try await Cast.openMarketplace(house, policy: .application)
            let filing = try await cast.apply()
            for instant in [filing.decisionUntil - .microsecond, filing.decisionUntil] {
                try await house.advance(to: instant)
                try await cast.staysHidden(filing)
            }
            try await house.advance(to: filing.decisionUntil + .microsecond)
            let view = try await cast.application(filing)
            try expect("stage", view.stage, .revealed)
            let mail = try await cast.mailed(filing.applicant, .applicationRevealed, order: filing.order)
            try expect("the e-mail has the phone", mail.body.contains(filing.prospect.phone))
            try expect("still tentative", mail.calendar?.contains("STATUS:TENTATIVE") == true)
            try expect("a later version", mail.calendar?.contains("SEQUENCE:1") == true)
            _ = try await cast.readContact(filing.order, as: filing.applicant)
            let lines = try await cast.report(filing.contact).entries
            try expect("why", lines.allSatisfy { $0.purpose.hasPrefix("B5") })
            let free = try await cast.available(filing.applicant)
            try await cast.review(filing, .decline)
            try expect("the fee follows B3", try await cast.available(filing.applicant), free + 3_570)
            _ = try await cast.readContact(filing.order, as: filing.applicant)
        },
        Scenario("B5 the time for applications may end before the prospect's time does") { house in
            let cast = try await Cast.openMarketplace(house, policy: .application)
            let lead = try await cast.publishLead()
            try await house.advance(to: lead.listing.endsAt - .hours(1))
            let first = try await cast.apply(for: lead)
            let second = try await cast.apply(cast.buyers[1], for: lead)
            try await house.advance(to: lead.listing.endsAt)
            try await cast.told(cast.seller, .opportunityOver, listing: lead.listing.listing)
            try await cast.review(second, .decline)
            try expect("still on offer", try await cast.report(lead.contact).state, .onOffer)
            try await cast.review(first, .decline)
            try expect("free again", try await cast.report(lead.contact).state, .free)
            let again = try await cast.publishLead()
            let third = try await cast.apply(for: again)
            try await house.advance(to: third.decisionUntil + .microsecond)
            try expect("revealed", try await cast.application(third).stage, .revealed)
        },
    ]

    /// What everybody is told, and how prospects act (B6, B7).
    static let reaching: [Scenario] = [
        Scenario("B6 at every step the applicant is told which ways are open, and when the next one opens") {
            house in
            let cast = try await Cast.openMarketplace(house, policy: .application)
            let filing = try await cast.apply()
            func ways(_ open: [ReachWay], _ next: Instant?, _ word: String) async throws {
                let view = try await cast.application(filing)
                try expect("ways", view.ways, open)
                try expect("next", view.nextWayAt, next)
                let item = try await cast.told(filing.applicant, .waysToReach, order: filing.order)
                try expect("where", item.kind, .tooltip)
                try expect("what: \(item.text)", item.text.contains("Open now: \(word)."))
            }
            let reveal = filing.decisionUntil + .microsecond
            try await ways([.chat], reveal, "chat")
            try await house.advance(to: filing.appliedAt + .hours(24))
            try await ways([.chat], reveal, "chat")
            try await house.advance(to: reveal)
            try await ways([.chat, .contact], nil, "chat and contact data")
            try await cast.review(filing, .decline)
            try await ways([.chat, .contact], nil, "chat and contact data")
            let hidden = try await cast.apply()
            try await cast.review(hidden, .decline)
            let view = try await cast.application(hidden)
            try expect("none", view.ways, [])
            let kinds = try await cast.inbox(of: filing.applicant.guest).map(\.kind)
            for kind in InboxKind.allCases { try expect("\(kind)", kinds.contains(kind)) }
        },
        Scenario("B6 what the applicant is told is in its own language, and formal in German") { house in
            let cast = try await Cast.openMarketplace(house, policy: .application)
            for (language, word) in [
                (Language.german, "Ihre Bewerbung"), (.english, "Your application"),
                (.russian, "Ваша заявка"),
            ] {
                let player = try await cast.join("Reisner \(language)", .buyer, language: language)
                try await cast.topUp(player, 10_000)
                let filing = try await cast.apply(player)
                let item = try await cast.told(player, .applicationFiled, order: filing.order)
                try expect("title: \(item.title)", item.title.contains(word))
            }
        },
        Scenario("B7 a prospect acts by links that are good for one purpose and one application") { house in
            let cast = try await Cast.openMarketplace(house, policy: .application)
            let lead = try await cast.publishLead()
            let filing = try await cast.apply(for: lead)
            let other = try await cast.apply(cast.buyers[1], for: lead)
            let links = filing.links
            let altered = String(links.review.dropLast()) + (links.review.hasSuffix("0") ? "1" : "0")
            for token in [links.chat, links.objection, altered, "", "a.b"] {
                try await house.refuses(.tokenInvalid, Cast.step(.accept, token), as: nil)
            }
            var chat = ProspectChats()
            for token in [links.review, links.objection, altered] {
                chat.token = token
                try await house.refuses(.tokenInvalid, chat, as: nil)
            }
            var objects = ProspectObjects()
            objects.token = links.review
            try await house.refuses(.tokenInvalid, objects, as: nil)
            // The number that a client writes beside the token counts for nothing.
            var forged = Cast.step(.decline, links.review)
            forged.order = other.order
            try await cast.act(forged, as: nil)
            try expect("its own", try await cast.application(filing).stage, .rejected)
            try expect("not the other", try await cast.application(other).stage, .pending)
            var make = MakeProspectLink()
            make.contact = lead.contact
            make.purpose = .review
            make.order = other.order
            try await house.refuses(.forbidden, make, as: cast.seller.guest)
            let issued = try await house.ask(make, as: cast.operator)
            try await cast.act(Cast.step(.look, issued.token), as: nil)
            make.order = OrderID(77)
            let foreign = try await house.ask(make, as: cast.operator).token
            try await house.refuses(.notFound, Cast.step(.accept, foreign), as: nil)
            make.order = .none
            try await house.refuses(.invalidValue, make, as: cast.operator)
            try await house.advance(to: other.appliedAt + .days(7))
            try await house.refuses(.tokenExpired, Cast.step(.look, other.links.review), as: nil)
        },
        Scenario("B7 clicking twice does it once, and a rejection is not taken back") { house in
            let cast = try await Cast.openMarketplace(house, policy: .application)
            let accepted = try await cast.apply()
            let first = try await cast.review(accepted, .accept)
            try expect("stage", first.stage, .accepted)
            let again = try await cast.review(accepted, .accept)
            try expect("again", again.stage, .accepted)
            let granted = try await cast.report(accepted.contact).entries.filter { $0.kind == .granted }
            try expect("one grant", granted.count, 1)
            let rejected = try await cast.apply()
            for _ in 0..<2 {
                try expect("stage", try await cast.review(rejected, .decline).stage, .rejected)
            }
            try await house.refuses(.wrongState, Cast.step(.accept, rejected.links.review), as: nil)
            try await house.refuses(.wrongState, Cast.step(.reportMeeting, rejected.links.review), as: nil)
            let papers = try await cast.invoices(of: rejected.order, as: rejected.applicant)
            try expect("one credit note", papers.map(\.kind), [.invoice, .creditNote])
            let list = try await house.ask(ListApplications(), as: rejected.applicant.guest).applications
            try expect("newest first", list.map(\.order), [rejected.order, accepted.order])
            try expect("stages", list.map(\.stage), [.rejected, .accepted])
            var query = GetApplication()
            query.order = accepted.order
            try await house.refuses(.notFound, query, as: cast.buyers[1].guest)
            try expect("the operator sees it", try await house.ask(query, as: cast.operator).grant, .none)
        },
        Scenario("F10 an objection ends the applications that were not decided, and gives their fees back") {
            house in
            let cast = try await Cast.openMarketplace(house, policy: .application)
            let lead = try await cast.publishLead()
            let shown = try await cast.apply(for: lead)
            try await cast.review(shown, .accept)
            let hidden = try await cast.apply(cast.buyers[1], for: lead)
            try await cast.chat(hidden, "I shall think about it.")
            var objects = ProspectObjects()
            objects.token = hidden.links.objection
            try await cast.act(objects, as: nil)
            let view = try await cast.application(hidden)
            try expect("stage", view.stage, .stopped)
            try expect("refunded", view.feeStage, .refunded)
            try expect("no way", view.ways, [])
            let mail = try await cast.mailed(hidden.applicant, .applicationStopped, order: hidden.order)
            try expect("cancelled", mail.calendar?.contains("METHOD:CANCEL") == true)
            try await cast.told(shown.applicant, .prospectObjected, order: shown.order)
            var read = ReadContact()
            read.order = shown.order
            try await house.refuses(.erased, read, as: shown.applicant.guest)
            var chat = ProspectChats()
            chat.token = hidden.links.chat
            try await house.refuses(.notFound, chat, as: nil)
            var conversation = ReadConversation()
            conversation.order = hidden.order
            let left = try await house.ask(conversation, as: hidden.applicant.guest).messages
            try expect("its words are gone", left.map { $0.text.plaintext ?? "" }, [""])
            try await house.advance(by: .days(6))
            try await house.refuses(.notFound, read, as: cast.seller.guest)
            try await cast.proveLedger()
        },
        Scenario("A16 a listing or applicant that is stopped ends what the prospect has not decided") {
            house in
            let cast = try await Cast.openMarketplace(house, policy: .application, buyers: 3)
            let first = try await cast.apply()
            var suspend = SuspendListing()
            suspend.listing = first.listing
            suspend.reason = "The project was withdrawn."
            try await cast.act(suspend, as: cast.operator)
            try expect("stopped", try await cast.application(first).stage, .stopped)
            try expect("refunded", try await cast.available(first.applicant), 100_000)
            var reinstate = ReinstateListing()
            reinstate.listing = first.listing
            try await cast.act(reinstate, as: cast.operator)
            let again = try await cast.application(for: first.listing)
            try await cast.act(again, as: first.applicant.guest)
            let second = try await cast.apply(cast.buyers[1])
            var suspendParty = SuspendParty()
            suspendParty.party = second.applicant.party
            suspendParty.reason = "Complaints"
            try await cast.act(suspendParty, as: cast.operator)
            // Whoever is suspended cannot sign in to look.
            var query = GetApplication()
            query.order = second.order
            try expect("stopped", try await house.ask(query, as: cast.operator).stage, .stopped)
            let third = try await cast.apply(cast.buyers[2])
            var delete = DeleteListing()
            delete.listing = third.listing
            try await cast.act(delete, as: cast.seller.guest)
            try expect("stopped", try await cast.application(third).stage, .stopped)
            try expect("refunded", try await cast.available(third.applicant), 100_000)
            try expect("the contact is free", try await cast.report(third.contact).state, .free)
        },
    ]
}

extension Cast {
    /// A time as calendars write it (RFC 5545, 3.3.5): `20260302T090000Z`.
    func time(_ instant: Instant) -> String {
        let digits = instant.iso8601.prefix(19).filter { $0 != "-" && $0 != ":" }
        return String(digits) + "Z"
    }
}
