import Kernel
import Messages
import Wire

extension Person {
    /// Sends a command and goes on only if it was carried out.
    func tell<C: Command>(_ command: C, as habit: Habit, _ then: @escaping (C.Answer) -> Void = { _ in }) {
        send(command, as: habit) { outcome in
            if case .answered(let answer) = outcome { then(answer) }
        }
    }

    /// Asks and goes on only if there is an answer.
    func look<Q: Query>(_ query: Q, as habit: Habit, _ then: @escaping (Q.Answer) -> Void = { _ in }) {
        ask(query, as: habit) { outcome in
            if case .answered(let answer) = outcome { then(answer) }
        }
    }

    /// Goes to the marketplace: reads what is new, does what people of its role do, and leaves after a while.
    func visit() {
        guard stage == .active, !isVisiting else { return }
        isVisiting = true
        world.later(dice.span(.minutes(5), .minutes(40))) { [self] in leave() }
        if dice.oneIn(3) { listen() }
        readInbox()
        if dice.oneIn(6) { glance() }
        let trades = buys && (!sells || dice.oneIn(2))
        world.later(dice.span(.seconds(5), .minutes(2))) { [self] in
            if trades { browse() } else { sell() }
        }
        if dice.oneIn(8) { world.later(.minutes(3)) { [self] in keepBooks() } }
    }

    private func leave() {
        isVisiting = false
        guard dice.oneIn(8) else { return hangUp() }
        oldToken = tokens?.accessToken ?? oldToken
        let token = oldToken
        send(SignOut(), as: .signingIn) { [self] _ in
            tokens = nil
            hangUp()
            if dice.oneIn(2) { world.steal(token) }
        }
    }

    /// Wants to be told at once, from now on or from what was seen last.
    private func listen() {
        var subscribe = Subscribe()
        subscribe.after = dice.oneIn(2) ? lastItem : .none
        ask(subscribe, as: .reading)
    }

    /// What a client shows first.
    private func glance() {
        look(GetDashboard(), as: .reading)
        look(GetUnreadCount(), as: .reading)
        if dice.oneIn(2) { look(GetTradeSummary(), as: .reading) }
        if dice.oneIn(3) { look(GetOpenDisputeCount(), as: .reading) }
        if dice.oneIn(3) { look(GetParty(), as: .reading) }
        if dice.oneIn(3) {
            var trades = ListTrades()
            trades.section = dice.pick(TradeSection.allCases) ?? .won
            look(trades, as: .reading)
        }
        if dice.oneIn(6) { ask(Ping(), as: .reading) }
    }

    // MARK: Inbox

    /// Reads what is new, marks it, and does what it asks for.
    func readInbox() {
        var query = ReadInbox()
        query.after = lastItem
        query.limit = 100
        look(query, as: .reading) { [self] page in
            for item in page.items { heed(item) }
            if dice.oneIn(2), !page.items.isEmpty {
                var mark = MarkRead()
                mark.items = page.items.map(\.item)
                send(mark, as: .reading)
            }
            if page.more { readInbox() }
        }
    }

    /// Something was pushed.
    func hear(_ item: InboxItem) {
        world.tally.hears()
        heed(item)
    }

    private func heed(_ item: InboxItem) {
        guard item.item > lastItem else { return }
        lastItem = item.item
        world.later(dice.span(.seconds(3), .minutes(4))) { [self] in
            guard stage == .active else { return }
            if roles.contains(.operator_) { return }
            react(to: item)
        }
    }

    private func react(to item: InboxItem) {
        switch item.event {
        case .bidOutbid: outbid(on: item.listing)
        case .auctionWon: won(item.order)
        case .paymentDue: paymentDue(item.order)
        case .runnerUpOffer: offered(item.order)
        case .contactRevealed: bought(item.order)
        case .paymentReceived: sold(item.order)
        case .listingExpired: expired(item.listing)
        case .statementDue: accused(CaseID(item.subject))
        case .objectionOpened: cases.add(CaseID(item.subject))
        case .attemptReported: hearOfAttempt(item.order)
        case .caseDecided, .caseRejected: decided(CaseID(item.subject), item.order)
        case .messageReceived: reply(in: item.order)
        case .applicationFiled, .applicationAccepted, .applicationRevealed, .applicationRejected:
            followApplication(item.order)
        case .contractConcluded: concluded(item.order)
        case .appointmentProposed: proposed(item.order)
        case .appointmentAgreed: agreed(item.order)
        case .appointmentReminder: if dice.oneIn(2) { propose(item.order) }
        case .meetingDue: reportLater(item.order, percent: 80)
        case .meetingReported: reportLater(item.order, percent: 60)
        case .reportReminder: reportLater(item.order, percent: 40)
        case .appointmentUnsold: unsold(item.listing)
        case .ratingDue:
            rate(item.order)
            if dice.oneIn(8) { regret(item.order, after: dice.span(.minutes(5), .hours(40))) }
        case .ratingShown:
            wasRated()
            if dice.oneIn(5) { regret(item.order, after: dice.span(.minutes(1), .hours(3))) }
        case .cancellationAsked: askedToCancel(item.order)
        case .cancellationRefused, .saleCancelled: toldOfCancellation(item.order)
        case .fishingFound: contest(StrikeID(item.subject))
        case .topUpFailed: topUp()
        case .creditNoteIssued, .invoiceIssued: if dice.oneIn(4) { readInvoices(of: item.order) }
        default: break
        }
    }

    // MARK: Books

    /// Money, documents and settings, as people look after them now and then.
    func keepBooks() {
        look(GetBalance(), as: .bookkeeping)
        switch dice.below(8) {
        case 0:
            var past = GetBalance()
            past.at = port.now - dice.span(.hours(1), .days(20))
            look(past, as: .bookkeeping)
        case 1...2: readStatement()
        case 3: readPayments()
        case 4: readInvoices(of: .none)
        case 5: withdraw()
        case 7 where buys && policy.mode == .meetingAuction: choosePaymentMethod()
        case 6: changeSettings()
        default: setBillingIdentity()
        }
    }

    private func readStatement() {
        var statement = GetStatement()
        statement.from = port.now - dice.span(.days(1), .days(40))
        statement.to = dice.oneIn(2) ? port.now : .distantFuture
        statement.limit = dice.oneIn(3) ? 3 : 50
        look(statement, as: .bookkeeping) { [self] page in
            guard page.more, let last = page.lines.last else { return }
            statement.after = last.entry
            look(statement, as: .bookkeeping)
        }
    }

    private func readPayments() {
        look(ListPayments(), as: .bookkeeping) { [self] page in
            guard let payment = dice.pick(page.payments) else { return }
            var query = GetPayment()
            query.payment = payment.payment
            look(query, as: .bookkeeping)
        }
    }

    func readInvoices(of order: OrderID) {
        var list = ListInvoices()
        list.order = order
        look(list, as: .bookkeeping) { [self] page in
            guard let invoice = dice.pick(page.invoices) else { return }
            var query = GetInvoice()
            query.invoice = invoice.invoice
            query.format = dice.oneIn(2) ? .html : .text
            look(query, as: .bookkeeping)
        }
    }

    private func changeSettings() {
        switch dice.below(4) {
        case 0:
            var choose = UpdateLanguage()
            choose.language = dice.pick(Language.allCases) ?? .german
            tell(choose, as: .bookkeeping) { [self] _ in language = choose.language }
        case 1: look(GetPayoutAccount(), as: .bookkeeping)
        case 2: look(GetBillingIdentity(), as: .bookkeeping)
        default:
            var change = ChangePassword()
            change.current = password
            change.new = "new \(dice.below(1_000_000)) of \(name)"
            // Whether it was carried out decides with which one the person comes back.
            tell(change, as: .bookkeeping) { [self] _ in password = change.new }
        }
    }

    func setBillingIdentity() {
        var identity = SetBillingIdentity()
        identity.name = PersonalText(name)
        identity.street = PersonalText("Marktstrasse \(1 + dice.below(99))")
        identity.postalCode = PersonalText("04109")
        identity.city = PersonalText("Leipzig")
        identity.country = "DE"
        if dice.oneIn(2) { identity.taxNumber = PersonalText("DE\(100_000_000 + dice.below(899_999_999))") }
        tell(identity, as: .bookkeeping)
    }

    // MARK: Money

    /// What a bid is usually about, in minor units: a lead for some tens of euros.
    var usual: Int64 { policy.currency == .rub ? 300_000 : 4_000 }

    func topUp(then: @escaping () -> Void = {}) {
        var topUp = TopUp()
        topUp.amount = money(usual * Int64(5 + dice.below(40)))
        topUp.method =
            dice.pick([
                "sandbox", "sandbox", "sandbox", "sandboxSlow", "sandboxUnreachable",
                "sandboxDeclined",
            ]) ?? "sandbox"
        tell(topUp, as: .funding) { [self] started in
            world.later(.minutes(2)) { [self] in
                var query = GetPayment()
                query.payment = started.payment
                if dice.oneIn(4) { look(query, as: .funding) }
                then()
            }
        }
    }

    private func withdraw() {
        var withdraw = WithdrawBalance()
        withdraw.amount = money(usual * Int64(1 + dice.below(4)))
        send(withdraw, as: .funding)
    }
}
