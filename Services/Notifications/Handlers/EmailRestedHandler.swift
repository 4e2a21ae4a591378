import Kernel
import Messages
import Runtime

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
