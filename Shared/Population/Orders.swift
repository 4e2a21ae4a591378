import Kernel
import Messages
import Wire

extension Person {
    // MARK: The buyer, once the contact is revealed

    /// Reads the contact, and what comes of it: mostly nothing more, sometimes a dispute.
    func bought(_ order: OrderID) {
        orders.add(order)
        var read = ReadContact()
        read.order = order
        send(read, as: .trading)
        if dice.oneIn(2) {
            var details = GetOrderDetails()
            details.order = order
            look(details, as: .trading)
        }
        if dice.oneIn(3) { readInvoices(of: order) }
        if dice.oneIn(3) { say("When is the prospect best reached?", in: order) }
        switch dice.below(100) {
        case 0..<10: objectLater(order)
        case 10..<16: reportUnreachable(order)
        case 16..<19: world.later(dice.span(.hours(2), .days(1))) { [self] in attempt(order, .declined) }
        case 19..<23: world.later(dice.span(.hours(2), .days(1))) { [self] in attempt(order, .reached) }
        default: break
        }
    }

    func say(_ text: String, in order: OrderID) {
        var post = PostMessage()
        post.order = order
        post.text = PersonalText(text)
        tell(post, as: .talking)
    }

    func reply(in order: OrderID) {
        guard dice.oneIn(2) else { return }
        var read = ReadConversation()
        read.order = order
        read.newestFirst = dice.oneIn(2)
        look(read, as: .talking) { [self] page in
            if page.messages.count < 4, dice.oneIn(2) { say("Thank you, that helps.", in: order) }
        }
    }

    // MARK: Objections (A14)

    /// At once, within the window, at its very end, in its last instant as far as clocks can tell, or too late.
    private func objectLater(_ order: OrderID) {
        var query = GetOrder()
        query.order = order
        look(query, as: .trading) { [self] view in
            guard let until = view.objectionUntil else { return }
            let window = until - port.now
            let ends: [Instant] = [
                port.now + dice.span(.minutes(5), .hours(8)), port.now + dice.span(.hours(1), window),
                until - dice.span(.zero, .seconds(3)), until + dice.span(.zero, .milliseconds(900)),
                until + .minutes(30),
            ]
            world.later(at: dice.pick(ends) ?? until) { [self] in object(to: order) }
        }
    }

    func object(to order: OrderID, then: @escaping (CallOutcome<ObjectionOpened>) -> Void = { _ in }) {
        var object = OpenObjection()
        object.order = order
        object.ground = dice.pick(ObjectionGround.allCases) ?? .other
        object.statement = PersonalText("The prospect says that there never was such a project.")
        if dice.oneIn(2) { object.evidence = [evidence("A letter by the prospect.")] }
        send(object, as: .disputing) { [self] outcome in
            if case .answered(let opened) = outcome {
                cases.add(opened.case)
                follow(opened.case)
            }
            then(outcome)
        }
    }

    private func follow(_ opened: CaseID) {
        if dice.oneIn(2) { addEvidence(to: opened) }
        if dice.oneIn(2) { readCase(opened) }
        if dice.oneIn(3) { look(ListCases(), as: .disputing) }
    }

    func evidence(_ text: String) -> Evidence {
        var evidence = Evidence()
        evidence.kind = dice.pick(EvidenceKind.allCases) ?? .document
        evidence.title = PersonalText("What was written")
        evidence.content = PersonalText(text)
        return evidence
    }

    func addEvidence(to opened: CaseID) {
        var add = AddEvidence()
        add.case = opened
        add.evidence = [evidence("A log of three calls that nobody took.")]
        send(add, as: .disputing)
    }

    func readCase(_ opened: CaseID) {
        var query = GetCase()
        query.case = opened
        look(query, as: .disputing)
    }

    /// The seller answers, late or not at all, or answers twice.
    func accused(_ opened: CaseID) {
        cases.add(opened)
        readCase(opened)
        switch dice.below(10) {
        case 0...1: break
        case 2...3: world.later(policy.statementDeadline + .minutes(10)) { [self] in state(in: opened) }
        default:
            let longest = Duration64(microseconds: policy.statementDeadline.microseconds / 2)
            world.later(dice.span(.minutes(10), longest)) { [self] in state(in: opened) }
        }
    }

    func state(in opened: CaseID) {
        var state = SubmitStatement()
        state.case = opened
        state.statement = PersonalText("I spoke with the prospect the day before.")
        if dice.oneIn(2) { state.evidence = [evidence("My own notes of that day.")] }
        send(state, as: .disputing)
    }

    /// Looks at what was decided; a sore loser tries once more.
    func decided(_ decided: CaseID, _ order: OrderID) {
        readCase(decided)
        guard dice.oneIn(3) else { return }
        if dice.oneIn(2) { return addEvidence(to: decided) }
        if buys, orders.items.contains(order) { object(to: order) }
    }

    // MARK: Attempts (A17)

    /// Tries again and again, a little farther apart than the policy asks for.
    private func reportUnreachable(_ order: OrderID) {
        let needed = Int(policy.unreachableAttempts)
        for number in 1...needed {
            let span = Duration64(
                microseconds: (policy.attemptSpacing.microseconds + 60_000_000) * Int64(number))
            world.later(span) { [self] in attempt(order, .unreachable) }
        }
    }

    func attempt(_ order: OrderID, _ outcome: AttemptOutcome) {
        var report = ReportAttempt()
        report.order = order
        report.outcome = outcome
        report.at = port.now - dice.span(.seconds(1), .seconds(50))
        report.note = PersonalText("Called at noon.")
        send(report, as: .attempting)
    }

    /// The other side says that the prospect was reached after all.
    func hearOfAttempt(_ order: OrderID) {
        if dice.oneIn(4) { attempt(order, .reached) }
    }

    // MARK: The seller, once the lead is paid for

    func sold(_ order: OrderID) {
        orders.add(order)
        var query = GetOrder()
        query.order = order
        if dice.oneIn(2) { look(query, as: .trading) }
        if dice.percent(80) {
            var confirm = ConfirmHandover()
            confirm.order = order
            world.later(dice.span(.minutes(2), .hours(20))) { [self] in send(confirm, as: .trading) }
        }
        if dice.oneIn(3) { say("I told the prospect to expect your call.", in: order) }
        if dice.oneIn(50) { attempt(order, .declined) }
    }
}
