import Kernel
import Messages
import Runtime
import WalletRules

/// An operator gives a party money of the house.
enum CreditManuallyHandler {
    static func handle(_ command: CreditManually, _ turn: Turn) throws -> Outcome<CreditPosted> {
        guard turn.acting.isOperator else { return .refused(.forbidden, expected: "an operator") }
        guard let party = try Copies.party(command.party, turn.store) else {
            return .refused(.notFound, expected: "a party", found: "\(command.party)")
        }
        if let refusal = try PaymentChecks.refusal(command.amount, in: party.marketplace, turn) {
            return .refused(refusal)
        }
        guard !command.reason.isEmpty else { return .refused(.invalidText, expected: "a reason") }
        let posting = manualCredit(command.amount, to: command.party, in: party.marketplace)
        switch try Ledger.decide(posting, turn.store) {
        case .failure(let refusal): return .refused(refusal)
        case .success(let entry):
            var answer = CreditPosted()
            answer.entry = try Ledger.write(entry, EntryNote(text: command.reason), turn)
            let key = AccountKey(.wallet, of: command.party, in: party.marketplace, command.amount.currency)
            answer.posted = Money(entry.after(key)?.posted ?? 0, command.amount.currency)
            return .answer(answer)
        }
    }
}
