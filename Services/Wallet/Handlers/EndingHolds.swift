import Kernel
import Messages
import Runtime
import WalletRules

/// The owner gives the money back. A hold that has ended, or never was, stays as it is.
enum ReleaseHoldHandler {
    static func handle(_ message: ReleaseHold, _ turn: Turn) throws {
        try Holds.giveBack(message.hold, as: .released, turn)
    }
}

/// The owner was asked and knows no such hold: the only release that nobody asked for.
enum DisownHoldHandler {
    static func handle(_ message: DisownHold, _ turn: Turn) throws {
        try Holds.giveBack(message.hold, as: .disowned, turn)
    }
}

/// The owner still needs it.
enum ExtendHoldHandler {
    static func handle(_ message: ExtendHold, _ turn: Turn) throws {
        guard let stored = try Holds.find(message.hold, turn.store), stored.hold.state == .held else {
            return
        }
        let hold = stored.hold.extended(to: message.deadline)
        try Holds.update(hold, turn)
        try Holds.sweep(by: hold.askAt, turn)
    }
}

/// Deadlines are here: their owners are asked, and asked again hourly until they answer.
enum HoldsDueHandler {
    static func handle(_: HoldsDue, _ turn: Turn) throws {
        for id in try Holds.toAsk(at: turn.now, limit: askedAtOnce, turn.store) {
            guard let stored = try Holds.find(id, turn.store) else { continue }
            try Holds.update(stored.hold.asked(at: turn.now), turn)
            var question = HoldDue()
            question.hold = id
            turn.send(question, to: .auction)
        }
        try Holds.sweepNext(turn)
    }

    /// More wait for the next firing, which is at once; a command stays short.
    private static let askedAtOnce = 256
}
