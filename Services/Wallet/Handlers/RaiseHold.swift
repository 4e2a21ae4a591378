import Messages
import Runtime
import WalletRules

/// Raises a bid's cover by the difference; refused, the old amount stays held.
enum RaiseHoldHandler {
    static func handle(_ message: RaiseHold, _ turn: Turn) throws {
        guard var stored = try Holds.find(message.hold, turn.store) else {
            return HoldAnswers.refuse(
                message.hold, Refusal(.notFound, expected: "a hold", found: "\(message.hold)"), turn)
        }
        let decision = stored.hold.raise(
            to: message.amount, deadline: message.deadline, account: stored.wallet.account)
        switch decision {
        case .refused(let refusal): HoldAnswers.refuse(message.hold, refusal, turn)
        case .unchanged(let hold): HoldAnswers.placed(hold, turn)
        case .set(let hold, let account):
            stored.wallet.account = account
            try Accounts.save(stored.wallet, turn.store)
            try Holds.update(hold, turn)
            try Holds.sweep(by: hold.askAt, turn)
            HoldAnswers.placed(hold, turn)
        }
    }
}
