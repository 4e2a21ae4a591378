import Kernel
import Messages

/// Money that comes and goes through providers.
extension WalletModel {
    func applyPayments(_ row: JournalRow) throws {
        switch row.code {
        case TopUp.code:
            let command = try row.decoded(TopUp.self)
            payments[row.made()] = Payment(
                kind: .topUp, marketplace: row.marketplace, party: row.party,
                currency: command.amount.currency.rawValue, amount: command.amount.minor)
            touchedPayments.insert(row.made())
        case ChargeReported.code:
            let message = try row.decoded(ChargeReported.self)
            reported(message.payment.raw, message.report, row)
        case PayoutReported.code:
            let message = try row.decoded(PayoutReported.self)
            reported(message.payment.raw, message.report, row)
        case CreditManually.code:
            let command = try row.decoded(CreditManually.self)
            let marketplace = parties[command.party.raw]?.marketplace ?? 0
            let currency = command.amount.currency.rawValue
            post(
                .manualCredit, row,
                [
                    (
                        Key(marketplace: marketplace, party: 0, currency: currency, kind: .goodwill),
                        -command.amount.minor
                    ),
                    (
                        Key(
                            marketplace: marketplace, party: command.party.raw, currency: currency,
                            kind: .wallet),
                        command.amount.minor
                    ),
                ])
        case WithdrawBalance.code: withdraw(try row.decoded(WithdrawBalance.self), row)
        case LinkPayoutAccount.code: links[row.made()] = (row.party, .pending)
        case PayoutAccountReported.code:
            let message = try row.decoded(PayoutAccountReported.self)
            guard let link = links[message.link], link.state == .pending else { return }
            if message.report == .declined { links[message.link]?.state = .declined }
            guard message.report == .settled else { return }
            if let former = verifiedLink[link.party] { links[former]?.state = .replaced }
            links[message.link]?.state = .verified
            verifiedLink[link.party] = message.link
        default: break
        }
        if try !leads.apply(row) { try prepaid.apply(row) }
    }

    private func key(_ payment: Payment, _ kind: AccountClass, _ party: UInt64 = 0) -> Key {
        Key(marketplace: payment.marketplace, party: party, currency: payment.currency, kind: kind)
    }

    private func withdraw(_ command: WithdrawBalance, _ row: JournalRow) {
        let payment = Payment(
            kind: .withdrawal, marketplace: row.marketplace, party: row.party,
            currency: command.amount.currency.rawValue, amount: command.amount.minor)
        let wallet = accounts[key(payment, .wallet, row.party)] ?? Account()
        let owed = -(accounts[key(payment, .receivable, row.party)]?.posted ?? 0)
        if wallet.posted - wallet.held - owed < payment.amount || verifiedLink[row.party] == nil {
            findings.report(
                .balanceWithinBounds,
                "withdrawal \(row.made()): expected at most \(wallet.posted - wallet.held - owed) by a party with a verified account, found \(payment.amount)",
                ["payment \(row.made())", "party \(row.party)"])
        }
        post(
            .withdrawal, row,
            [
                (key(payment, .wallet, row.party), -payment.amount),
                (key(payment, .payoutClearing), payment.amount),
            ])
        begin(payment, row)
    }

    /// Hands the payment to the provider; without a verified account it comes back at once.
    func begin(_ payment: Payment, _ row: JournalRow) {
        payments[row.made()] = payment
        touchedPayments.insert(row.made())
        if verifiedLink[payment.party] == nil { end(row.made(), .declined, row) }
    }

    /// A payment ends once, however often the provider answers.
    private func reported(_ id: UInt64, _ report: ProviderReport, _ row: JournalRow) {
        guard let payment = payments[id], payment.state != .settled, payment.state != .declined else {
            return
        }
        touchedPayments.insert(id)
        switch report {
        case .settled: end(id, .settled, row)
        case .declined: end(id, .declined, row)
        case .pending: payments[id]?.state = .pending
        case .unreachable: break
        }
    }

    private func end(_ id: UInt64, _ state: PaymentState, _ row: JournalRow) {
        guard let payment = payments[id] else { return }
        payments[id]?.state = state
        let amount = payment.amount
        if payment.kind == .topUp {
            let order = charged.removeValue(forKey: id)
            guard state == .settled else { return }
            post(
                .topUp, row, [(key(payment, .cash), -amount), (key(payment, .wallet, payment.party), amount)])
            if let order { collect(order, row) }
            return
        }
        if state == .settled {
            post(
                .payoutSettled, order: payment.order, row,
                [(key(payment, .payoutClearing), -amount), (key(payment, .cash), amount)])
        } else {
            let receivable = key(payment, .receivable, payment.party)
            let netted = min(amount, max(0, -(accounts[receivable]?.posted ?? 0)))
            post(
                .payoutReturned, order: payment.order, row,
                [
                    (key(payment, .payoutClearing), -amount), (receivable, netted),
                    (key(payment, .wallet, payment.party), amount - netted),
                ])
        }
        guard payment.order != 0 else { return }
        sales[payment.order]?.state = state == .settled ? .paidOut : .returned
        touchedSales.insert(payment.order)
    }
}
