import Kernel
import Messages
import Runtime
import Storage
import WalletRules

/// Sets a bid's cover aside (A9).
enum PlaceHoldHandler {
    static func handle(_ message: PlaceHold, _ turn: Turn) throws {
        let key = AccountKey(.wallet, of: message.party, in: message.marketplace, message.amount.currency)
        guard let ground = try Holds.ground(of: message.hold, on: key, turn.store) else {
            return HoldAnswers.refuse(message.hold, try withoutWallet(message, turn.store), turn)
        }
        let known = ground.isKnown ? try Holds.find(message.hold, turn.store) : nil
        switch Hold.place(message, known: known?.hold, account: ground.wallet.account) {
        case .refused(let refusal): HoldAnswers.refuse(message.hold, refusal, turn)
        case .unchanged(let hold): HoldAnswers.placed(hold, turn)
        case .set(let hold, let account):
            try Accounts.save(StoredAccount(id: ground.wallet.id, account: account), turn.store)
            try Holds.insert(hold, on: ground.wallet, turn)
            try Holds.sweep(by: hold.askAt, set: ground.sweep, turn)
            HoldAnswers.placed(hold, turn)
        }
    }

    /// Nobody ever paid in here: because the marketplace, the currency or the party is wrong, or the wallet empty.
    private static func withoutWallet(_ message: PlaceHold, _ store: Store) throws -> Refusal {
        guard let marketplace = try Copies.marketplace(message.marketplace, store) else {
            return Refusal(.notFound, expected: "a marketplace", found: "\(message.marketplace)")
        }
        let currency = marketplace.policy.currency
        guard message.amount.currency == currency else {
            return .currency(message.amount, expected: currency)
        }
        guard message.amount.minor > 0 else { return .notPositive(message.amount) }
        guard try Copies.party(message.party, store)?.marketplace == message.marketplace else {
            return Refusal(.notFound, expected: "a party of the marketplace", found: "\(message.party)")
        }
        return .insufficient(message.amount, free: Money(0, currency))
    }
}

/// What the auction is told of its holds.
enum HoldAnswers {
    static func placed(_ hold: Hold, _ turn: Turn) {
        var answer = HoldPlaced()
        answer.hold = hold.id
        answer.amount = hold.amount
        turn.send(answer, to: .auction)
    }

    static func refuse(_ hold: HoldID, _ refusal: Refusal, _ turn: Turn) {
        var answer = HoldRefused()
        answer.hold = hold
        answer.reason = refusal.reason
        answer.expected = refusal.expected
        answer.found = refusal.found
        turn.send(answer, to: .auction)
    }
}
