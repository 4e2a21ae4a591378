import Kernel
import Messages
import Runtime

extension EmailRested {
    /// Sets the timer that ends the rest of the e-mails under a key.
    static func schedule(
        _ pending: PendingEmail, under replaces: UInt64, of party: PartyID, _ turn: Turn
    ) throws {
        var rested = EmailRested()
        rested.party = party
        rested.replaces = replaces
        try turn.schedule(rested, subject: pending.effect, at: pending.resumesAt)
    }
}

/// The rest is over: the newest of the e-mails that replaced each other leaves (A10).
enum EmailRestedHandler {
    static func handle(_ rested: EmailRested, _ turn: Turn) throws {
        guard let pending = try PendingEmails.find(rested.replaces, of: rested.party, turn.store),
            let row = try Inbox.find(pending.item, of: rested.party, turn.store), row.email == .queued
        else { return }
        let marketplace = try Recipients.marketplace(row.notice.marketplace, turn.store)
        try turn.start(SendEmail(row, marketplace), id: pending.effect)
    }
}
