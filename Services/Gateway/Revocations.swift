import Kernel
import Messages

/// Which sign-ins have ended before their tokens did, as the vault tells it.
struct Revocations {
    private var sessions: Set<SessionID> = []
    /// By party: every session with a number below this one has ended.
    private var parties: [PartyID: UInt64] = [:]
    /// All up to this number are known. What the vault pushes does not tell of what it pushed to nobody before.
    private(set) var knownUpTo: UInt64 = 0
    /// Whether all that ended before this gateway started is known.
    private(set) var isComplete = false
    /// Whether the list was read to its end over the link that is open now: from then on every push comes.
    private(set) var hearsAll = false

    /// One that the vault pushed as it happened.
    mutating func pushed(_ revocation: Revocation) {
        if hearsAll { knownUpTo = max(knownUpTo, revocation.number) }
        add(revocation)
    }

    /// One of the vault's list, which is in order.
    mutating func listed(_ revocation: Revocation) {
        knownUpTo = max(knownUpTo, revocation.number)
        add(revocation)
    }

    private mutating func add(_ revocation: Revocation) {
        if revocation.session.isNone {
            parties[revocation.party] = max(parties[revocation.party] ?? 0, revocation.number)
        } else {
            sessions.insert(revocation.session)
        }
    }

    /// The list ended here.
    mutating func completed() {
        isComplete = true
        hearsAll = true
    }

    /// The link to the vault is gone, and with it what was pushed meanwhile.
    mutating func linkLost() { hearsAll = false }

    func hasEnded(_ session: SessionID, of party: PartyID) -> Bool {
        if Planted.isOn(.signOutUnheard) { return false }
        return sessions.contains(session) || session.raw < parties[party] ?? 0
    }
}
