import Kernel
import Messages
import Wire

// Marketplaces on which appointments are auctioned (C).
extension Person {
    // MARK: Before the auction

    /// Hands in what trading partners get (C2), or a newer version of it.
    func fileCard(then: @escaping () -> Void = {}) {
        cards += 1
        let number = Int(party.raw % 1_000_000) * 10 + cards
        var seal = SealContact()
        seal.own = true
        seal.name = PersonalText(name)
        seal.phones = [PersonalText("+49 341 \(2_000_000 + number)")]
        seal.email = PersonalText("office.\(number)@kontor.example")
        seal.address = PersonalText("Kontorhaus \(number), 04103 Leipzig")
        if dice.oneIn(3) {
            // Without an address nobody can be met.
            seal.address = PersonalText("")
        }
        send(seal, as: .meeting) { [self] outcome in
            switch outcome {
            case .answered: then()
            case .refused(let refusal) where refusal.reason == .invalidText && cards < 6: fileCard(then: then)
            case .refused, .unknown: break
            }
        }
    }

    /// Chooses how appointments are paid for (C4).
    func choosePaymentMethod() {
        var choose = ChoosePaymentMethod()
        choose.method =
            dice.pick([
                "", "sandbox", "sandbox", "sandboxSlow", "sandboxUnreachable", "sandboxDeclined", "gold",
            ])
            ?? ""
        send(choose, as: .funding) { [self] _ in look(GetPaymentMethod(), as: .funding) }
    }

    /// Lists again what ended without a bid, as it was or changed (C6).
    func unsold(_ listing: ListingID) {
        guard dice.percent(80) else { return }
        var query = GetListing()
        query.listing = listing
        look(query, as: .relisting) { [self] detail in
            var relist = RelistListing()
            relist.listing = listing
            relist.acceptsContract = !dice.oneIn(8)
            if dice.oneIn(2) { relist.startPrice = detail.suggestedPrice }
            if dice.oneIn(3) { relist.duration = dice.pick(policy.durations) }
            if dice.oneIn(3) {
                var revision = ListingRevision()
                revision.title = detail.title
                revision.description = dice.oneIn(6) ? " " : detail.description + " Termine auch abends."
                revision.answers = detail.answers
                revision.budget = detail.budget
                revision.timeFrame = "this month"
                revision.region = dice.pick(LeadTexts.regions) ?? "Leipzig"
                relist.revision = revision
            }
            send(relist, as: .relisting) { [self] outcome in
                if case .answered(let published) = outcome { isOnOffer(published) }
            }
        }
    }

    // MARK: After the award

    /// The contract is there: reads who the other side is, and proposes a time.
    func concluded(_ order: OrderID) {
        var read = ReadContract()
        read.order = order
        read.format = dice.oneIn(2) ? .html : .text
        if dice.oneIn(2) { send(read, as: .meeting) }
        var contact = ReadContact()
        contact.order = order
        if dice.oneIn(2) { send(contact, as: .trading) }
        lookAtMeeting(order)
        if sells, dice.oneIn(2) { lookAtPartner(in: order) }
        if dice.percent(buys ? 60 : 20) { propose(order) }
        // Some arrange everything on the telephone, and only report.
        if dice.oneIn(8) {
            world.later(dice.span(.hours(2), .hours(40))) { [self] in
                report(order, heldAt: port.now - dice.span(.minutes(1), .hours(1)))
            }
        }
        if dice.oneIn(7) { regret(order, after: dice.span(.minutes(10), .hours(30))) }
        guard buys, dice.oneIn(6) else { return }
        objectToMeeting(order)
    }

    private func objectToMeeting(_ order: OrderID) {
        world.later(dice.span(.minutes(5), .hours(20))) { [self] in object(to: order) }
    }

    private func lookAtMeeting(_ order: OrderID, then: @escaping (MeetingView) -> Void = { _ in }) {
        var query = GetMeeting()
        query.order = order
        look(query, as: .meeting, then)
    }

    /// Proposes a time, at times one that cannot be.
    func propose(_ order: OrderID) {
        var propose = ProposeAppointment()
        propose.order = order
        propose.at = port.now + dice.span(.hours(3), .hours(50))
        if dice.oneIn(10) { propose.at = port.now - .minutes(1) }
        world.later(dice.span(.minutes(2), .hours(6))) { [self] in send(propose, as: .meeting) }
    }

    /// The other side proposed a time: accepted as a rule, perhaps twice, or answered by another one.
    func proposed(_ order: OrderID) {
        switch dice.below(10) {
        case 0..<7:
            lookAtMeeting(order) { [self] view in
                guard let at = view.proposedAt else { return }
                var accept = AcceptAppointment()
                accept.order = order
                accept.at = at
                send(accept, as: .meeting) { [self] _ in
                    guard dice.oneIn(4) else { return }
                    // Whoever accepts an own proposal, or another time, is wrong.
                    if dice.oneIn(2) { accept.at = at + .minutes(5) }
                    send(accept, as: .meeting)
                }
            }
        case 7: propose(order)
        default: break
        }
    }

    /// The time is in the calendar; some move it.
    func agreed(_ order: OrderID) {
        if dice.oneIn(8) { propose(order) }
        lookAtMeeting(order)
        // Too early: nothing has taken place yet.
        if dice.oneIn(8) { report(order) }
    }

    func report(_ order: OrderID, heldAt: Instant? = nil) {
        var report = ReportMeeting()
        report.order = order
        report.heldAt = heldAt
        if dice.oneIn(20) { report.heldAt = port.now + .hours(1) }
        send(report, as: .meeting) { [self] _ in
            if dice.oneIn(6) { send(report, as: .meeting) }
        }
    }

    /// The meeting is over, or the other side says so.
    func reportLater(_ order: OrderID, percent: Int) {
        guard dice.percent(percent) else { return }
        world.later(dice.span(.minutes(30), .hours(9))) { [self] in report(order) }
    }
}
