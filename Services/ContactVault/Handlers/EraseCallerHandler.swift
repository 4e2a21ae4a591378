import Kernel
import Messages
import Runtime

/// Forgets a caller's number for good (F5): whoever calls from it again is somebody new.
enum EraseCallerHandler {
    static func handle(_ command: EraseCaller, _ turn: Turn) throws -> Outcome<Done> {
        let acting = turn.acting
        guard let known = try Callers.find(turn.store, command.caller),
            known.provider == acting.party || acting.isOperator
        else { return .refused(.notFound, expected: "a caller", found: "\(command.caller)") }
        try CallerErasure.erase(command.caller, key: known.number.key, turn)
        return .answer(Done())
    }
}

/// Erases callers' numbers: the keys go after the commit, the ids stay in the wallet's books (F5).
enum CallerErasure {
    static func erase(_ caller: CallerID, key: UInt64, _ turn: Turn) throws {
        try Callers.remove(turn.store, caller)
        if !Planted.isOn(.callerKeyKept) { try turn.destroyKeys([key]) }
    }

    /// Erases the callers of a provider that is closed; the rest follow by a timer.
    static func eraseAll(of provider: PartyID, _ turn: Turn) throws {
        let callers = try Callers.page(turn.store, of: provider, limit: ContactErasure.mostAtOnce)
        for (caller, key) in callers { try erase(caller, key: key, turn) }
        guard callers.count == ContactErasure.mostAtOnce else { return }
        var rest = ContinueClosing()
        rest.party = provider
        try turn.schedule(rest, subject: provider.raw, at: turn.now)
    }
}
