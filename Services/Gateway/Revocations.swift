import Kernel
import Messages

/// Which sign-ins have ended before their tokens did, as the vault tells it.
struct Revocations {
    private var sessions: Set<SessionID> = []
    /// By party: every session with a number below this one has ended.
    private var parties: [PartyID: UInt64] = [:]
    /// The highest number heard.
    private(set) var latest: UInt64 = 0
    /// Whether all that ended before this gateway started is known.
    private(set) var isComplete = false

    mutating func add(_ revocation: Revocation) {
        latest = max(latest, revocation.number)
        if revocation.session.isNone {
            parties[revocation.party] = max(parties[revocation.party] ?? 0, revocation.number)
        } else {
            sessions.insert(revocation.session)
        }
    }

    mutating func completed() { isComplete = true }

    func hasEnded(_ session: SessionID, of party: PartyID) -> Bool {
        if Planted.isOn(.signOutUnheard) { return false }
        return sessions.contains(session) || session.raw < parties[party] ?? 0
    }
}
