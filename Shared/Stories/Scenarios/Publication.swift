import Kernel
import Messages

extension Scenario {
    /// What may be listed (A1-A6).
    static let publication: [Scenario] = [
        Scenario("A1 cold and pre-qualified leads alike may be listed") { house in
            let cast = try await Cast.openMarketplace(house, buyers: 1, funds: 0)
            for temperature in Temperature.allCases {
                let listed = try await cast.publishLead { $0.temperature = temperature }
                let seen = try await cast.listing(listed.listing.listing, as: cast.buyers[0])
                try expect("temperature", seen.temperature, temperature)
            }
        },
        Scenario("A1 an inquiry of exactly 30 days may be listed, one a microsecond older may not") { house in
            let cast = try await Cast.openMarketplace(house, buyers: 0)
            let oldest = try await house.now() - Duration64.days(30)
            var lead = try await cast.lead()
            lead.contact = try await cast.seal(cast.newProspect())
            lead.inquiredAt = oldest - Duration64(microseconds: 1)
            try await house.refuses(.inquiryTooOld, lead, as: cast.seller.guest)
            lead.inquiredAt = try await house.now() + Duration64(microseconds: 1)
            try await house.refuses(.invalidValue, lead, as: cast.seller.guest)
            lead.inquiredAt = oldest
            try await cast.act(lead, as: cast.seller.guest)
        },
        Scenario("A1 required answers must be given, each question once") { house in
            let cast = try await Cast.openMarketplace(house, buyers: 0)
            let whole = try await cast.lead()
            for index in whole.answers.indices {
                var lead = whole
                lead.answers[index].answer = " "
                try await house.refuses(.answerMissing, lead, as: cast.seller.guest)
                lead.answers.remove(at: index)
                try await house.refuses(.answerMissing, lead, as: cast.seller.guest)
                lead.answers = whole.answers + [whole.answers[index]]
                try await house.refuses(.invalidValue, lead, as: cast.seller.guest)
                lead.answers = whole.answers
                lead.answers[index].question = "shoeSize"
                try await house.refuses(.invalidValue, lead, as: cast.seller.guest)
            }
        },
        Scenario("A1 contact data in any free text is refused, however it is hidden") { house in
            let cast = try await Cast.openMarketplace(house, buyers: 0)
            let whole = try await cast.lead()
            for text in hiddenContacts {
                var lead = whole
                lead.description = "A family wants solar power. \(text)"
                try await refusesText(lead, text, cast)
            }
            let places: [@Sendable (inout PublishListing, String) -> Void] = [
                { $0.title = $1 }, { $0.timeFrame = $1 }, { $0.region = $1 }, { $0.answers[0].answer = $1 },
            ]
            for put in places {
                var lead = whole
                put(&lead, "0171 2345678")
                try await refusesText(lead, "0171 2345678", cast)
            }
            let innocent = try await cast.publishLead { $0.description = plainTalk }
            try expect("published", !innocent.listing.listing.isNone)
        },
        Scenario("A1 texts that are empty, endless or hold control characters are refused") { house in
            let cast = try await Cast.openMarketplace(house, buyers: 0)
            let whole = try await cast.lead()
            for title in ["", "   ", "Solar\u{0}power", "Solar\u{1b}[31mpower", "Solar\u{7f}"] {
                var lead = whole
                lead.title = title
                let refusal = try await house.refusal(of: lead, as: cast.seller.guest)
                let reason = try present("a refusal of \(title.debugDescription)", refusal).reason
                try expect("reason \(reason)", [.invalidText, .malformed].contains(reason))
            }
            var lead = whole
            lead.description = String(repeating: "long ", count: 200_000)
            let refusal = try await house.refusal(of: lead, as: cast.seller.guest)
            let reason = try present("a refusal of a megabyte", refusal).reason
            try expect("reason \(reason)", [.invalidText, .malformed, .tooLarge].contains(reason))
            _ = try await cast.publishLead()
        },
        Scenario("A1 budget and start price are amounts above zero in the marketplace's currency") { house in
            let cast = try await Cast.openMarketplace(house, buyers: 0)
            let whole = try await cast.lead()
            for (reason, amount) in [
                (RefusalCode.amountOutOfRange, cast.money(0)), (.amountOutOfRange, cast.money(-1)),
                (.amountOutOfRange, cast.money(.max)), (.amountOutOfRange, cast.money(.min)),
                (.wrongCurrency, Money(4_000, .usd)), (.wrongCurrency, Money(4_000, .none)),
            ] {
                var lead = whole
                lead.startPrice = amount
                try await house.refuses(reason, lead, as: cast.seller.guest)
                lead.startPrice = whole.startPrice
                lead.budget = amount
                try await house.refuses(reason, lead, as: cast.seller.guest)
            }
            var lead = whole
            lead.startPrice = cast.money(cast.policy.leastPrice - 1)
            try await house.refuses(.amountOutOfRange, lead, as: cast.seller.guest)
            lead.startPrice = cast.money(cast.policy.greatestPrice + 1)
            try await house.refuses(.amountOutOfRange, lead, as: cast.seller.guest)
            _ = try await cast.publishLead { $0.startPrice = cast.money(cast.policy.leastPrice) }
            _ = try await cast.publishLead { $0.startPrice = cast.money(cast.policy.greatestPrice) }
        },
        Scenario("A2 the set-up asks by project type and says where its ranges come from") { house in
            let cast = try await Cast.openMarketplace(house, buyers: 0)
            var query = GuideSetup()
            for projectType in ProjectType.allCases {
                query.projectType = projectType
                let guide = try await house.ask(query, as: cast.seller.guest)
                try expect("a required question for \(projectType)", guide.questions.contains { $0.required })
                try expect("durations", guide.durations, cast.policy.durations)
                for subject in RangeSubject.allCases {
                    let range = try present("\(subject)", guide.ranges.first { $0.subject == subject })
                    try expect("source", range.source, .table)
                    try expect("rising", range.low.minor > 0 && range.low.minor < range.high.minor)
                }
            }
            var table = SetPriceRanges()
            table.marketplace = cast.marketplace
            table.projectType = .garden
            (table.budgetLow, table.budgetHigh) = (cast.money(111_100), cast.money(222_200))
            (table.startLow, table.startHigh) = (cast.money(1_100), cast.money(2_200))
            try await house.refuses(.forbidden, table, as: cast.seller.guest)
            try await cast.act(table, as: cast.operator)
            query.projectType = .garden
            let guide = try await house.ask(query, as: cast.seller.guest)
            try expect("the operator's table", guide.ranges.map(\.low.minor), [111_100, 1_100])
        },
        Scenario("A2 after comparable closed auctions the ranges are their quartiles") { house in
            let cast = try await Cast.openMarketplace(house, buyers: 1, funds: 1_000_000)
            var query = GuideSetup()
            query.projectType = .photovoltaics
            func sell(_ price: Int64) async throws {
                _ = try await cast.sellLead(at: price + 500) { $0.startPrice = cast.money(price) }
            }
            for price in 4..<11 { try await sell(Int64(price) * 1_000) }
            let early = try await house.ask(query, as: cast.seller.guest)
            try expect("seven say nothing", early.ranges.allSatisfy { $0.source == .table })
            try await sell(11_000)
            let guide = try await house.ask(query, as: cast.seller.guest)
            let found = guide.ranges.first { $0.subject == .startPrice && $0.source == .comparables }
            let range = try present("a range from comparables", found)
            try expect("comparables", range.comparables, 8)
            try expect("median", range.median, cast.money(7_000))
            try expect("quartiles", [range.low, range.high], [cast.money(5_000), cast.money(9_000)])
            try expect("the table stays", guide.ranges.contains { $0.source == .table })
        },
        Scenario("A3 without a verified payout account nothing can be published") { house in
            let cast = try await Cast.openMarketplace(house, buyers: 0)
            let seller = try await cast.join("Gerber", .seller)
            let lead = try await cast.lead()
            try await house.refuses(.payoutAccountMissing, lead, as: seller.guest)
            try await cast.linkPayoutAccount(seller, reference: "declined-account")
            try await house.refuses(.payoutAccountMissing, lead, as: seller.guest)
            try await cast.linkPayoutAccount(seller, reference: "slow-account")
            try await house.refuses(.payoutAccountMissing, lead, as: seller.guest)
            try await house.advance(by: .minutes(5))
            try await cast.told(seller, .payoutAccountVerified)
            let contact = try await cast.seal(cast.newProspect(), as: seller)
            var ready = lead
            ready.contact = contact
            try await cast.act(ready, as: seller.guest)
        },
        Scenario("A4 the basis for passing the lead on is stated, and no refusal is known") { house in
            let cast = try await Cast.openMarketplace(house, buyers: 1, funds: 0)
            let whole = try await cast.lead()
            let now = try await house.now()
            var lead = whole
            lead.refusalKnown = true
            try await house.refuses(.refusalKnown, lead, as: cast.seller.guest)
            lead = whole
            lead.basis.kind = .consent
            lead.basis.at = now
            try await house.refuses(.basisMissing, lead, as: cast.seller.guest)
            lead.basis.text = "You may pass my request on to a solar company."
            lead.basis.at = .none
            try await house.refuses(.basisMissing, lead, as: cast.seller.guest)
            lead.basis.at = now + Duration64(microseconds: 1)
            try await house.refuses(.basisMissing, lead, as: cast.seller.guest)
            let listed = try await cast.publishLead {
                $0.basis = lead.basis
                $0.basis.at = now
            }
            let seen = try await cast.listing(listed.listing.listing, as: cast.buyers[0])
            try expect("basis", seen.basis, .consent)
        },
        Scenario("A4 the set-up offers a clause for the seller's terms, in the party's language") { house in
            let cast = try await Cast.openMarketplace(house, buyers: 0)
            var clauses: [String] = []
            for language in Language.allCases {
                var query = GuideSetup()
                query.language = language
                clauses.append(try await house.ask(query, as: cast.seller.guest).clause)
            }
            try expect("three clauses", clauses.allSatisfy { $0.count > 100 } && Set(clauses).count == 3)
            let own = try await house.ask(GuideSetup(), as: cast.seller.guest).clause
            try expect("the seller's own language", own, clauses[Int(Language.english.rawValue) - 1])
        },
        Scenario("A5 only verified buyers see a listing, and nobody the contact before it is paid") { house in
            let cast = try await Cast.openMarketplace(house, buyers: 2)
            let (published, _, prospect) = try await cast.publishLead()
            var query = GetListing()
            query.listing = published.listing
            try await house.refuses(.notSignedIn, query, as: nil)
            let newcomer = try await cast.register("Hartmann", .buyer)
            try await house.refuses(.notVerified, query, as: newcomer.guest)
            try await house.refuses(.notVerified, SearchListings(), as: newcomer.guest)
            let seen = try await house.ask(query, as: cast.buyers[0].guest)
            try expect("project type", seen.projectType, .photovoltaics)
            try expect("region", seen.region, "Leipzig")
            try expect("answers", seen.answers.count, 3)
            let listed = try await house.ask(SearchListings(), as: cast.buyers[0].guest).listings
            try expect("found", listed.map(\.listing), [published.listing])
            let shown = seen.encoded() + listed[0].encoded()
            for secret in [prospect.name, prospect.phone, prospect.email] {
                try expect("\(secret) is hidden", !shown.holds(secret))
            }
            try await cast.bid(cast.buyers[0], on: published.listing, 4_000)
            try await house.advance(to: published.endsAt)
            let order = try await cast.order(of: published.listing).order
            let contact = try await cast.readContact(order, as: cast.buyers[0])
            try expect("phone", contact.phones.map(\.plaintext), [prospect.phone])
            for other in [cast.buyers[1].guest, cast.seller.guest] {
                var read = ReadContact()
                read.order = order
                try await house.refuses(.notFound, read, as: other)
            }
        },
        Scenario("A5 buyers find listings by type, region, budget, time left and words, page by page") {
            house in
            let cast = try await Cast.openMarketplace(house, buyers: 1, funds: 0)
            let solar = try await cast.publishLead { $0.region = "Chemnitz" }.listing
            let later = try await cast.publishLead {
                $0.duration = .days(3)
                $0.budget = cast.money(500_000)
                $0.description = "A carport with panels is planned."
            }.listing
            func find(_ change: (inout SearchListings) -> Void) async throws -> [ListingID] {
                var query = SearchListings()
                change(&query)
                return try await house.ask(query, as: cast.buyers[0].guest).listings.map(\.listing)
            }
            try expect("all, newest first", try await find { _ in }, [later.listing, solar.listing])
            try expect("region", try await find { $0.region = "Chemnitz" }, [solar.listing])
            try expect("words", try await find { $0.text = "carport panels" }, [later.listing])
            try expect("no such words", try await find { $0.text = "carport farmhouse battery" }, [])
            try expect("budget", try await find { $0.budgetTo = cast.money(500_000) }, [later.listing])
            try expect("from", try await find { $0.budgetFrom = cast.money(500_001) }, [solar.listing])
            try expect("type", try await find { $0.projectType = .garden }, [])
            let soon = try await find { $0.endsBefore = later.endsAt }
            try expect("time left", soon, [solar.listing])
            let page = try await find { $0.limit = 1 }
            try expect("first page", page, [later.listing])
            let next = try await find { $0.after = later.listing }
            try expect("next page", next, [solar.listing])
            for words in ["\"", "a OR", "NEAR(", "title:*", "-", "(((", "'; DROP TABLE lead; --"] {
                _ = try await find { $0.text = words }
            }
        },
        Scenario("A6 a listing lasts 2 or 3 days to the microsecond, and nothing else is offered") { house in
            let cast = try await Cast.openMarketplace(house, buyers: 0)
            let now = try await house.now()
            for days: Int64 in [2, 3] {
                let listed = try await cast.publishLead { $0.duration = .days(days) }.listing
                try expect("end", listed.endsAt, now + Duration64.days(days))
            }
            var lead = try await cast.lead()
            for duration in [
                Duration64.zero, .days(1), .days(4), .days(-2), .days(2) + .microsecond,
                Duration64(microseconds: .max), Duration64(microseconds: .min),
            ] {
                lead.duration = duration
                try await house.refuses(.durationNotOffered, lead, as: cast.seller.guest)
            }
        },
        Scenario("A6 what was published keeps the policy that it began with") { house in
            let cast = try await Cast.openMarketplace(house, buyers: 1)
            let first = try await cast.publishLead().listing
            var dearer = cast.policy
            dearer.durations = [.days(5)]
            dearer.increments = [IncrementStep(from: 0, step: 5_000)]
            try await cast.publish(dearer)
            try await cast.bid(cast.buyers[0], on: first.listing, 4_000)
            let seen = try await cast.listing(first.listing, as: cast.buyers[0])
            try expect("end", seen.endsAt, first.endsAt)
            try expect("increment", seen.minimumBid, cast.money(4_100))
            let later = try await cast.publishLead { $0.duration = .days(5) }.listing
            try await cast.bid(cast.buyers[0], on: later.listing, 4_000)
            let newer = try await cast.listing(later.listing, as: cast.buyers[0])
            try expect("new increment", newer.minimumBid, cast.money(9_000))
        },
    ]

    /// Ways in which sellers have tried to sell around the house.
    private static let hiddenContacts = [
        "Call 0171 2345678", "Tel. +49 (0)341 / 99 88 77-6", "0 1 7 1 2 3 4 5 6 7 8",
        "null eins sieben eins zwei drei vier fünf sechs sieben acht",
        "zero one seven one two three four five six seven eight",
        "ноль один семь один два три четыре пять шесть семь восемь",
        "petra@mail.example.de", "petra at mail dot de", "petra (at) gmail (dot) com",
        "petra [ät] gmx punkt de",
        "www.petra-sommer.de", "https://petra.example.com/me", "petra-sommer.de", "t.me/petrasommer",
        "Telegram @petrasommer", "WhatsApp: petra.sommer",
    ]

    private static let plainTalk = """
        The roof has 90 to 120 square metres and 35 degrees. Built 1987, use about 6,500 kWh a year, budget \
        between 18,000 and 24,000 EUR, start on 15.03.2027 at the latest. Look at it on site.
        """

    private static func refusesText(_ lead: PublishListing, _ text: String, _ cast: Cast) async throws {
        guard let refusal = try await cast.house.refusal(of: lead, as: cast.seller.guest) else {
            throw Unmet("text \(text.debugDescription)", expected: "refusal", found: "published")
        }
        try expect("reason for \(text.debugDescription)", refusal.reason, .contactDataInText)
        let words = text.split(separator: " ").filter { $0.count > 5 }
        try expect("the refusal repeats no contact", !words.contains { refusal.found.contains($0) })
    }
}

extension Duration64 {
    /// The shortest span.
    static let microsecond = Duration64(microseconds: 1)

    static func + (left: Duration64, right: Duration64) -> Duration64 {
        Duration64(microseconds: left.microseconds + right.microseconds)
    }
}

extension [UInt8] {
    /// Whether the bytes of `text` occur.
    func holds(_ text: String) -> Bool {
        let part = Array(text.utf8)
        guard part.count <= count else { return false }
        return (0...(count - part.count)).contains { self[$0..<($0 + part.count)].elementsEqual(part) }
    }
}
