import Kernel
import Messages
import Runtime

/// What the vault tells the others after a change.
enum Announcements {
    static let listeners: [ServiceName] = [.auction, .wallet, .notifications, .dispute]

    /// Tells the other services what they need to know of a party.
    static func publish(_ party: Party, _ turn: Turn) {
        var fact = PartyPublished()
        fact.party = party.party
        fact.marketplace = party.marketplace
        fact.roles = party.roles
        fact.state = party.life.state
        fact.language = party.language
        fact.reason = party.reason
        fact.card = party.card
        for listener in listeners { turn.send(fact, to: listener) }
    }

    /// Tells the party of an event in its own life.
    static func notify(
        _ event: NotificationEvent, _ party: Party, subject: UInt64, values: [NotificationValue] = [],
        _ turn: Turn
    ) {
        var notice = Notify()
        notice.event = event
        notice.party = party.party
        notice.marketplace = party.marketplace
        notice.subject = subject
        notice.happenedAt = turn.now
        notice.values = values
        turn.send(notice, to: .notifications)
    }

    /// Ends one session, or all of the party's if `session` is none, here and at the gateways.
    static func revoke(_ party: PartyID, session: SessionID = .none, _ turn: Turn) throws {
        var revocation = Revocation()
        revocation.number = turn.newID(SessionID.self).raw
        revocation.party = party
        revocation.session = session
        revocation.at = turn.now
        if session.isNone {
            try Sessions.endAll(turn.store, of: party)
        } else {
            try Sessions.end(turn.store, session)
        }
        try Sessions.insert(turn.store, revocation)
        var push = SessionsRevoked()
        push.revocation = revocation
        turn.push(push, to: .none)
    }
}
