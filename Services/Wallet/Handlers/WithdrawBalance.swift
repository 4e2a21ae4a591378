import Kernel
import Messages
import Runtime
import WalletRules

/// Pays free balance out to the party's payout account, as far as the party owes nothing.
enum WithdrawBalanceHandler {
    static func handle(_ command: WithdrawBalance, _ turn: Turn) throws -> Outcome<WithdrawalStarted> {
        if let refusal = try PaymentChecks.refusal(command.amount, turn) { return .refused(refusal) }
        let party = turn.acting.party
        let marketplace = turn.acting.marketplace
        guard try PayoutLinks.verified(of: party, turn.store) != nil else {
            return .refused(.payoutAccountMissing, expected: "a verified payout account")
        }
        let key = AccountKey(.wallet, of: party, in: marketplace, command.amount.currency)
        let free = try Accounts.findOrEmpty(key, turn.store).account.available
        let owed = try Accounts.owed(by: party, in: marketplace, command.amount.currency, turn.store)
        guard free.minor - owed.minor >= command.amount.minor else {
            return .refused(
                .insufficient(command.amount, free: Money(max(0, free.minor - owed.minor), free.currency)))
        }
        let payment = Payment(
            id: turn.newID(), kind: .withdrawal, marketplace: marketplace, party: party,
            amount: command.amount)
        switch try Ledger.decide(payment.withdrawal(), turn.store) {
        case .failure(let refusal): return .refused(refusal)
        case .success(let entry): try Ledger.write(entry, EntryNote(payment: payment.id), turn)
        }
        try Payouts.start(payment, turn)
        var answer = WithdrawalStarted()
        answer.payment = payment.id
        return .answer(answer)
    }
}
