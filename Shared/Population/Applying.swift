import Kernel
import Messages
import Wire

// Marketplaces on which leads are applied for (B).
extension Person {
    /// Looks for opportunities and applies for some of them.
    func seekOpportunities(_ found: [ListingEntry]) {
        if dice.oneIn(3) { look(ListApplications(), as: .applying) }
        for visit in 0..<(1 + dice.below(3)) {
            guard let entry = dice.pick(found) else { return }
            world.later(.seconds(Int64(20 * visit + 5))) { [self] in
                var query = GetListing()
                query.listing = entry.listing
                look(query, as: .browsing) { [self] detail in
                    if !detail.own || dice.oneIn(4) { apply(for: detail.listing) }
                }
            }
        }
    }

    private func apply(for listing: ListingID) {
        var apply = Apply()
        apply.listing = listing
        apply.introduction = PersonalText(LeadTexts.introduction)
        apply.meetingAt = port.now + dice.span(.hours(6), .hours(dice.oneIn(4) ? 30 : 120))
        switch dice.below(12) {
        case 0: apply.introduction = PersonalText(dice.pick(LeadTexts.hiddenContacts) ?? "")
        case 1: apply.meetingAt = port.now - .minutes(1)
        case 2: apply.introduction = PersonalText(" ")
        default: break
        }
        file(apply, again: true)
    }

    private func file(_ apply: Apply, again: Bool) {
        send(apply, as: .applying) { [self] outcome in
            switch outcome {
            case .answered(let filed):
                world.later(.minutes(8)) { [world] in
                    world.wakeProspect(of: filed, meetingAt: apply.meetingAt, left: 12)
                }
                // Whoever hears nothing at once may try again.
                if dice.oneIn(3) { send(apply, as: .applying) }
            case .refused(let refusal) where refusal.reason == .insufficientFunds && again:
                topUp { [self] in file(apply, again: false) }
            default: break
            }
        }
    }

    /// Something happened to an application of its own.
    func followApplication(_ order: OrderID) {
        var query = GetApplication()
        query.order = order
        look(query, as: .applying) { [self] view in
            if view.ways.contains(.chat), dice.oneIn(3) {
                let hidden = dice.oneIn(4) ? dice.pick(LeadTexts.hiddenContacts) : nil
                say(hidden ?? "When does it suit you best?", in: order)
            }
            guard view.ways.contains(.contact) else { return }
            var read = ReadContact()
            read.order = order
            send(read, as: .trading)
            guard dice.oneIn(4) else { return }
            var report = ReportMeeting()
            report.order = order
            world.later(dice.span(.minutes(30), .hours(20))) { [self] in send(report, as: .applying) }
        }
    }
}

// Prospects review, chat and object by the links that they were mailed (B7).
extension Population {
    /// The prospect of an application finds the e-mail that asks it to review, and acts on it.
    func wakeProspect(of filed: ApplicationFiled, meetingAt: Instant, left: Int) {
        guard let known = opportunities.items.last(where: { $0.listing == filed.listing }) else { return }
        let mails = port.mail(to: known.prospect.email).map(MailToken.all).filter { $0.count == 3 }
        guard let links = mails.first(where: { !reviewed.contains($0[0]) }) else {
            if left > 0 {
                later(.minutes(20)) { [self] in wakeProspect(of: filed, meetingAt: meetingAt, left: left - 1)
                }
            }
            return
        }
        reviewed.insert(links[0])
        let visitor = ProspectVisitor(
            person: stranger("prospect"), review: links[0], chat: links[1], until: filed.decisionUntil,
            meetingAt: meetingAt)
        visitor.begin(self)
    }
}

/// A prospect with the links of one application.
struct ProspectVisitor {
    let person: Person
    let review: String
    let chat: String
    /// The last instant at which a rejection hides the contact, as the applicant was told.
    let until: Instant
    let meetingAt: Instant

    func begin(_ world: Population) {
        let dice = world.dice
        if dice.oneIn(2) { step(.look, world, after: dice.span(.minutes(1), .hours(20))) }
        if dice.oneIn(3) { talk(world, after: dice.span(.minutes(2), .hours(30))) }
        let soon = dice.span(.minutes(5), .hours(30))
        let meeting = meetingAt - world.port.now
        switch dice.below(12) {
        case 0...2: step(.accept, world, after: soon)
        case 3...4: step(.decline, world, after: soon)
        case 5:
            // In the very instant in which the house would reveal the contact, or a moment before or after.
            let moment = until - world.port.now - .milliseconds(3) + dice.span(.zero, .milliseconds(6))
            step(.decline, world, after: moment)
        case 6:
            step(.accept, world, after: soon)
            step(.decline, world, after: soon + .minutes(40))
        case 7:
            step(.accept, world, after: soon)
            step(.decline, world, after: max(soon, meeting) + .minutes(1))
        case 8:
            step(.accept, world, after: soon)
            step(.reportMeeting, world, after: soon + .minutes(20))
            step(.decline, world, after: soon + .hours(1))
        case 9:
            step(.decline, world, after: soon)
            step(.accept, world, after: soon + .minutes(3))
        case 10: step(.decline, world, after: until - world.port.now + .hours(1))
        default: break
        }
        guard dice.oneIn(3) else { return }
        // A link for something else, and one that has expired.
        var chats = ProspectChats()
        chats.token = review
        person.send(chats, as: .forging)
        step(.look, world, after: .days(8))
    }

    /// Takes a step, and once more for good measure.
    private func step(_ step: ReviewStep, _ world: Population, after span: Duration64) {
        world.later(max(span, .seconds(1))) {
            var command = ReviewApplication()
            command.token = review
            command.step = step
            person.send(command, as: .reviewing) { _ in
                guard world.dice.oneIn(4) else { return person.hangUp() }
                person.send(command, as: .reviewing) { _ in person.hangUp() }
            }
        }
    }

    private func talk(_ world: Population, after span: Duration64) {
        world.later(span) {
            var command = ProspectChats()
            command.token = chat
            switch world.dice.below(6) {
            case 0...1: command.text = PersonalText("")
            case 2: command.text = PersonalText(world.dice.pick(LeadTexts.hiddenContacts) ?? "")
            default: command.text = PersonalText("Thank you, I shall think about it.")
            }
            person.send(command, as: .reviewing) { _ in person.hangUp() }
        }
    }
}
