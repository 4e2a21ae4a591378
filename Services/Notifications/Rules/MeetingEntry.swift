import Kernel
import Messages

/// A planned meeting as it goes to a party's calendar: of an application (B1-B3), or one that was sold (C3).
public struct MeetingEntry: Sendable {
    let notice: Notify
    let summary: String
    let organizer: CalendarPerson

    public init(notice: Notify, summary: String, organizer: CalendarPerson) {
        self.notice = notice
        self.summary = summary
        self.organizer = organizer
    }

    /// The version that this event makes; nothing where the event is about no meeting.
    ///
    /// An application goes through these events in the order of their numbers, some left out, so that the numbers rise
    /// from e-mail to e-mail though nobody counts (RFC 5546, 2.1.4 asks for no more).
    private var version: (sequence: UInt32, stage: CalendarEntry.Stage)? {
        switch notice.event {
        case .applicationFiled: (0, .tentative)
        case .applicationRevealed: (1, .tentative)
        case .applicationAccepted: (2, .confirmed)
        case .applicationRejected, .applicationStopped: (3, .cancelled)
        // The subject counts the agreements from 1 on: each one moves the appointment.
        case .appointmentAgreed: (UInt32(clamping: max(1, notice.subject) - 1), .confirmed)
        // One more than the last agreement's, where there was one (C7).
        case .saleCancelled: (UInt32(clamping: notice.subject), .cancelled)
        default: nil
        }
    }

    /// The entry for the applicant, with the contact once it is revealed (B2).
    public func entry(
        for applicant: CalendarPerson, contact: ContactView?, _ language: Language
    ) -> CalendarEntry? {
        guard let version, let starts = instant(.meeting), let ends = instant(.meetingEnd) else { return nil }
        let lines = contact.map { EnclosedLines.contact($0, language) } ?? []
        let telephone = contact?.phones.first?.plaintext ?? ""
        let participation: CalendarAttendee.Participation =
            version.stage == .confirmed ? .accepted : .tentative
        let content = CalendarEntry.Content(
            starts: starts, ends: ends, summary: summary, description: lines.joined(separator: "\n"),
            location: telephone.isEmpty ? contact?.profileLink.plaintext ?? "" : telephone,
            attendees: [CalendarAttendee(applicant, participation: participation)])
        return CalendarEntry(
            uid: "\(kind)-\(notice.order)@\(domain)", organizer: organizer, content: content,
            stage: version.stage, sequence: version.sequence, stamp: notice.happenedAt)
    }

    private var kind: String {
        switch notice.event {
        case .appointmentAgreed, .saleCancelled: "appointment"
        default: "application"
        }
    }

    private var domain: String {
        organizer.address.split(separator: "@").last.map(String.init) ?? "gavel"
    }

    private func instant(_ place: NotificationPlace) -> Instant? {
        notice.values.first { $0.name == place.rawValue }?.instant
    }
}
