import Kernel
import Messages
import Storage
import Wire

/// What everybody must have been told (F6): by the journal of the notifications service alone.
final class NotificationModel {
    struct Item {
        var party: UInt64
        var event: NotificationEvent
    }

    private struct Event: Hashable {
        var event: NotificationEvent
        var party: UInt64
        var listing: UInt64
        var order: UInt64
        var subject: UInt64
        var at: Instant
        /// The balance that the event names: two payments in one instant lengthen a call twice.
        var balance: Money?
    }

    /// Of the e-mails to a party about one event and one thing, the newest leaves for all that wait.
    private struct EmailKey: Hashable {
        var party: UInt64
        var event: NotificationEvent
        var about: UInt64
    }

    private let findings: Findings
    private let rules: RuleCounter
    private var told: Set<Event> = []
    private var members: [UInt64: [UInt64]] = [:]
    /// Conversations in which a prospect takes part, and whether it was told of a message and has not looked since.
    private var prospects: [UInt64: Bool] = [:]
    private var prospectMails: [UInt64] = []
    private var prospectMailCount = 0
    /// Items that the rows read since the last comparison must have made.
    private var expected: [(item: UInt64, party: UInt64, event: NotificationEvent)] = []
    private var sent: Set<UInt64> = []
    /// The newest item of those whose e-mails replace each other, and the items after which a newer one came: the
    /// e-mail of such a one has left, or leaves no more.
    private var newest: [EmailKey: UInt64] = [:]
    private var gaveWay: Set<UInt64> = []
    private var items: Set<UInt64> = []
    /// The bids whose bidders were told that they were outbid.
    private(set) var outbids: Set<UInt64> = []
    /// The applications whose prospects were reminded, and whose applicants were told so.
    private(set) var reminders: Set<UInt64> = []
    private(set) var remindersTold: Set<UInt64> = []
    /// What parties were told of their appointments (C3, C4).
    private(set) var meetings: Set<AuctionModel.MeetingTold> = []
    /// The items that the e-mails seen since the last comparison name, and where these went.
    private var named: [(item: UInt64, address: String)] = []
    private var count = 0
    private var messages = 0
    /// The orders whose contact is still to be revealed, and what members and prospects said meanwhile.
    private var sealed: Set<UInt64> = []
    private(set) var saidWhileSealed: Set<UInt64> = []
    var deadlines = Deadlines([])

    init(_ findings: Findings, _ rules: RuleCounter) {
        self.findings = findings
        self.rules = rules
    }

    func apply(_ row: JournalRow) throws {
        switch row.code {
        case Notify.code: notify(try row.decoded(Notify.self), row)
        case OpenConversation.code:
            let message = try row.decoded(OpenConversation.self)
            let all = Set(message.members.map(\.raw)).subtracting([0])
            if !message.contactSealed {
                sealed.remove(message.order.raw)
            } else if members[message.order.raw] == nil {
                sealed.insert(message.order.raw)
            }
            if !message.contact.isNone, prospects[message.order.raw] == nil {
                prospects[message.order.raw] = false
            }
            members[message.order.raw] = Set(members[message.order.raw] ?? []).union(all).sorted()
        case PostMessage.code:
            let command = try row.decoded(PostMessage.self)
            messages += 1
            if sealed.contains(command.order.raw), members[command.order.raw]?.contains(row.party) == true {
                saidWhileSealed.insert(row.made())
            }
            var ordinal: UInt64 = 1
            for member in members[command.order.raw] ?? [] where member != row.party {
                ordinal += 1
                expect(row.made(ordinal), member, .messageReceived, replaces: command.order.raw)
            }
            if prospects[command.order.raw] == false {
                prospects[command.order.raw] = true
                mail(row.made(ordinal + 1))
            }
        case ProspectChats.code:
            let command = try row.decoded(ProspectChats.self)
            prospects[command.order.raw] = false
            guard !command.text.isEmpty else { return }
            messages += 1
            if sealed.contains(command.order.raw) { saidWhileSealed.insert(row.made()) }
            for (place, member) in (members[command.order.raw] ?? []).enumerated() {
                expect(
                    row.made(UInt64(place) + 2), member, .messageReceived, replaces: command.order.raw)
            }
        case NotifyProspect.code:
            let message = try row.decoded(NotifyProspect.self)
            if message.event == .reviewReminder { reminders.insert(message.order.raw) }
            mail(row.made())
        case ForgetProspect.code: prospects[try row.decoded(ForgetProspect.self).order.raw] = nil
        case ProspectEmailAttempted.code:
            let outcome = try row.decoded(ProspectEmailAttempted.self)
            attempted(outcome.item.raw, delivered: outcome.delivered, row)
        case EmailAttempted.code:
            let outcome = try row.decoded(EmailAttempted.self)
            attempted(outcome.item.raw, delivered: outcome.delivered, row)
        default: break
        }
    }

    private static let ofMeetings: Set<NotificationEvent> = [
        .contractConcluded, .appointmentProposed, .appointmentAgreed, .appointmentReminder, .meetingDue,
        .meetingReported, .reportReminder, .supportAsked, .ratingDue, .ratingShown,
        .activationExpired, .activationLost, .activationStopped, .fishingFound, .callMustEnd,
        .cancellationAsked, .cancellationRefused, .cancellationUnanswered, .saleCancelled, .meetingUnreported,
    ]

    /// Two attempts that are reported in one instant tell the same twice, and rightly.
    private static let repeats: Set<NotificationEvent> = [.attemptReported]

    private func notify(_ message: Notify, _ row: JournalRow) {
        rules.note(.told(message.event))
        expect(row.made(), message.party.raw, message.event, replaces: message.replaces)
        if message.event == .bidOutbid { outbids.insert(message.subject) }
        if NotificationModel.ofMeetings.contains(message.event) {
            meetings.insert(
                AuctionModel.MeetingTold(
                    event: message.event, party: message.party.raw, order: message.order.raw,
                    subject: message.subject))
        }
        if message.event == .prospectReminded { remindersTold.insert(message.order.raw) }
        let event = Event(
            event: message.event, party: message.party.raw, listing: message.listing.raw,
            order: message.order.raw, subject: message.subject, at: message.happenedAt,
            balance: message.values.first { $0.name == NotificationPlace.balance.rawValue }?.money)
        guard !told.insert(event).inserted, !NotificationModel.repeats.contains(message.event) else { return }
        findings.report(
            .notifiedOnce,
            "party \(message.party): expected to be told once of \(message.event) (listing \(message.listing), order \(message.order), subject \(message.subject)) at \(message.happenedAt.iso8601), found it told again in row \(row.sequence)",
            ["party \(message.party)", "listing \(message.listing)", "order \(message.order)"])
    }

    /// `about` is zero, or names what older e-mails of the event were about that this one replaces.
    private func expect(
        _ item: UInt64, _ party: UInt64, _ event: NotificationEvent, replaces about: UInt64 = 0
    ) {
        if about != 0 {
            let key = EmailKey(party: party, event: event, about: about)
            if let older = newest.updateValue(item, forKey: key) { gaveWay.insert(older) }
        }
        expected.append((item, party, event))
        items.insert(item)
        count += 1
    }

    /// An e-mail bears the number of the one item that it tells of, however often it is sent, so that whoever gets it
    /// twice can tell.
    func observe(mail: [UInt8], to address: String) {
        if let item = NotificationModel.item(in: mail) { named.append((item, address)) }
    }

    /// The number in the e-mail's Message-ID: 16 hexadecimal digits after a fixed beginning.
    private static func item(in mail: [UInt8]) -> UInt64? {
        for line in String(decoding: mail, as: UTF8.self).prefix(2_000).split(separator: "\r\n") {
            guard line.hasPrefix("Message-ID: <gavel.") else { continue }
            return UInt64(line.dropFirst(19).prefix(16), radix: 16)
        }
        return nil
    }

    private func compareMails() {
        for (item, address) in named where !items.contains(item) {
            findings.report(
                .emailOnce,
                "an e-mail to \(address): expected it named after the item that it tells of, found item \(item), which there is not",
                ["item \(item)"])
        }
        named = []
    }

    private func attempted(_ item: UInt64, delivered: Bool, _ row: JournalRow) {
        guard delivered, !sent.insert(item).inserted else { return }
        findings.report(
            .emailOnce,
            "item \(item): expected one e-mail, found a second one sent in row \(row.sequence)",
            ["item \(item)"])
    }

    /// An e-mail to a prospect, which has no inbox.
    private func mail(_ item: UInt64) {
        items.insert(item)
        prospectMails.append(item)
        prospectMailCount += 1
    }

    private func compareProspectMails(_ store: Store) throws {
        for item in prospectMails {
            let found = try store.first("SELECT 1 FROM prospect_email WHERE item = ?", item) { _ in true }
            guard found == nil else { continue }
            findings.report(
                .notificationKept, "item \(item): expected an e-mail to a prospect, found none",
                ["item \(item)"])
        }
        prospectMails = []
    }

    func compare(_ store: Store, all: Bool) throws {
        compareMails()
        try compareProspectMails(store)
        for (item, party, event) in expected {
            let found = try store.first(
                "SELECT notice, notice_version FROM inbox WHERE party = ? AND item = ?", party, item
            ) {
                row in try Notify(decoding: row.blob(0), version: UInt8(truncatingIfNeeded: row.int(1))).event
            }
            guard found != event else { continue }
            findings.report(
                .notificationKept,
                "party \(party): expected item \(item) to tell of \(event), found \(found.map { "\($0)" } ?? "nothing")",
                ["party \(party)", "item \(item)"])
        }
        expected = []
        guard all else { return }
        let found = try store.first(
            """
            SELECT (SELECT count(*) FROM inbox), (SELECT count(*) FROM message),
                (SELECT count(*) FROM prospect_email)
            """
        ) { row in (0...2).map { Int(row.int(Int32($0))) } }
        findings.expect(
            .notificationKept, "all items, all messages, all e-mails to prospects",
            expected: [count, messages, prospectMailCount], found: found ?? [])
        // An e-mail that still waits has an effect that will send it, or a timer that will start the effect. One that
        // gave way to a newer one lies in the inbox as it lay.
        let queued = try store.all("SELECT item FROM inbox WHERE email = 2") { UInt64(bitPattern: $0.int(0)) }
        let prospectsWaiting = try store.first("SELECT count(*) FROM prospect_email WHERE email = 2") {
            $0.int(0)
        }
        let waiting = Int64(queued.count { !gaveWay.contains($0) }) + (prospectsWaiting ?? 0)
        let effects =
            try store.first(
                """
                SELECT (SELECT count(*) FROM gavel_effects WHERE code IN (?, ?))
                    + (SELECT count(*) FROM gavel_timers WHERE code = ?)
                """, SendEmail.code, SendProspectEmail.code, EmailRested.code
            ) { $0.int(0) } ?? 0
        findings.expect(
            .notificationKept, "e-mails that wait for their effects or rest", expected: waiting,
            found: effects)
    }

    /// Of every item that is e-mailed, what must have been delivered to the spool once.
    func hasSent(_ item: UInt64) -> Bool { sent.contains(item) }
}
