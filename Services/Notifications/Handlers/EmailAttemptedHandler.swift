import Kernel
import Messages
import NotificationsRules
import Runtime

/// What follows an attempt to send an e-mail: sent, another attempt later, or failed for good (F6).
enum EmailAttemptedHandler {
    static func handle(_ outcome: EmailAttempted, _ turn: Turn) throws {
        guard var row = try Inbox.find(outcome.item, of: outcome.party, turn.store) else { return }
        row.attempts = row.attempts == .max ? .max : row.attempts + 1
        row.attemptedAt = turn.now
        row.failure = outcome.delivered ? "" : outcome.failure
        let replaces = row.notice.replaces
        if outcome.delivered {
            row.email = .sent
        } else if row.email == .queued {
            if !outcome.final, let wait = EmailRetry.wait(after: row.attempts, of: row.item) {
                try retry(row, at: turn.now + wait, turn)
            } else {
                row.email = .failed
            }
        }
        try Inbox.saveAttempt(row, turn.store)
        guard row.email != .queued, replaces != 0 else { return }
        try rest(row, turn)
    }

    /// The e-mail under a key that newer ones replace has ended. One that came while it was being sent waits out
    /// ``EmailPause`` like any later one.
    private static func rest(_ row: InboxRow, _ turn: Turn) throws {
        let replaces = row.notice.replaces
        guard var pending = try PendingEmails.find(replaces, of: row.party, turn.store) else { return }
        let isNewest = pending.item == row.item
        guard isNewest || row.email == .sent else { return }
        pending.resumesAt = turn.now + EmailPause.span
        if isNewest { pending.item = .none }
        try PendingEmails.save(pending, under: replaces, of: row.party, turn.store)
        guard !pending.item.isNone else { return }
        try turn.withdraw(SendEmail.self, id: pending.effect)
        try EmailRested.schedule(pending, under: replaces, of: row.party, turn)
    }

    private static func retry(_ row: InboxRow, at due: Instant, _ turn: Turn) throws {
        let replaces = row.notice.replaces
        let pending = replaces == 0 ? nil : try PendingEmails.find(replaces, of: row.party, turn.store)
        let marketplace = try Recipients.marketplace(row.notice.marketplace, turn.store)
        let effect = pending?.effect ?? row.item.raw
        try turn.start(SendEmail(row, marketplace), id: effect, at: due)
    }
}
