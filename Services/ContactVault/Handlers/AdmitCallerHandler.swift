import Kernel
import Messages
import Runtime

/// Seals a number the first time that a provider meets it; afterwards it keeps its id (E10).
enum AdmitCallerHandler {
    static func handle(_ command: AdmitCaller, _ turn: Turn) throws -> Outcome<CallerKnown> {
        // What a closed provider's callers were called is erased, and stays so.
        guard let provider = try Parties.find(turn.store, command.provider), provider.life.state != .closed
        else {
            return .refused(.notFound)
        }
        var answer = CallerKnown()
        if let known = try Callers.find(turn.store, hash: command.blindNumber.bytes) {
            // Two calls from a new number at once: the second one's seal is not needed.
            try turn.destroyKeys([command.number.key])
            answer.caller = known
            return .answer(answer)
        }
        answer.caller = turn.newID()
        try Callers.insert(
            turn.store, answer.caller, of: command.provider, hash: command.blindNumber.bytes, command.number,
            at: turn.now)
        return .answer(answer)
    }
}
