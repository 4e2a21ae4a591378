import Kernel
import Storage

/// The deadlines that a model set for one service, and what became of them (F7).
struct Deadlines {
    struct Name: Hashable, Comparable {
        var code: UInt16
        var subject: UInt64
        static func < (left: Self, right: Self) -> Bool {
            left.code != right.code ? left.code < right.code : left.subject < right.subject
        }
    }

    private var pending: [Name: Instant] = [:]
    /// Deadlines of these messages are predicted; the others are only watched for coming too early.
    let predicted: Set<UInt16>

    init(_ predicted: [UInt16]) { self.predicted = Set(predicted) }

    mutating func set(_ code: UInt16, _ subject: UInt64, at due: Instant) {
        pending[Name(code: code, subject: subject)] = due
    }

    mutating func cancel(_ code: UInt16, _ subject: UInt64) {
        pending[Name(code: code, subject: subject)] = nil
    }

    /// A deadline fired.
    mutating func fired(_ row: JournalRow, _ subject: UInt64, _ service: String, _ findings: Findings) {
        let entity = "\(service) deadline \(row.code) of \(subject)"
        if row.at < row.due {
            findings.report(
                .deadlineNotEarly,
                "\(entity): expected not before \(row.due.iso8601), found \(row.at.iso8601)", [entity])
        }
        guard predicted.contains(row.code) else { return }
        let name = Name(code: row.code, subject: subject)
        guard let due = pending.removeValue(forKey: name) else {
            return findings.report(
                .deadlineOnce,
                "\(entity): expected none to be set, found one that fired at row \(row.sequence)",
                [entity])
        }
        // One that was set aside and run again later is due when it runs.
        let isLate = row.due == row.at && due <= row.at
        if due != row.due, !isLate {
            findings.report(
                .deadlineNotEarly, "\(entity): expected it due \(due.iso8601), found \(row.due.iso8601)",
                [entity])
        }
    }

    /// Healed: the timers that the store keeps are those that are set, and none is over.
    func check(_ store: Store, _ service: String, now: Instant, _ findings: Findings) throws {
        let stored = try store.all("SELECT code, subject, due FROM gavel_timers ORDER BY code, subject") {
            row in
            (Name(code: UInt16(row.int(0)), subject: UInt64(bitPattern: row.int(1))), row.instant(2))
        }
        var found: [Name: Instant] = [:]
        for (name, due) in stored {
            found[name] = due
            let entity = "\(service) deadline \(name.code) of \(name.subject)"
            if due < now {
                findings.report(
                    .deadlineFires,
                    "\(entity): expected it to fire at \(due.iso8601), found it waiting at \(now.iso8601)",
                    [entity])
            }
            guard predicted.contains(name.code), pending[name] != due else { continue }
            findings.report(
                .deadlineFires,
                "\(entity): expected \(pending[name]?.iso8601 ?? "none"), found \(due.iso8601)", [entity])
        }
        for name in pending.keys.sorted() where found[name] == nil {
            let entity = "\(service) deadline \(name.code) of \(name.subject)"
            findings.report(
                .deadlineFires, "\(entity): expected \(pending[name]?.iso8601 ?? ""), found none", [entity])
        }
    }
}
