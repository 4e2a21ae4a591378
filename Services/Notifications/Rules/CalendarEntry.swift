import Kernel
import Messages

/// An appointment as it stands in the calendars of those who take part (B1-B3).
///
/// Its ``uid`` never changes. Every change makes a new version with a higher ``sequence``, by which a calendar
/// knows which of two e-mails is the later one, in whatever order they arrive (RFC 5546, 2.1.4).
public struct CalendarEntry: Hashable, Sendable {
    /// How firm the appointment is; the value of STATUS (RFC 5545, 3.8.1.11).
    public enum Stage: UInt8, Sendable {
        case tentative = 1
        case confirmed = 2
        case cancelled = 3
    }

    /// What can change from version to version. Times are kept to the second, as calendars have no finer ones.
    public struct Content: Hashable, Sendable {
        public var starts: Instant
        /// Later than ``starts`` by a second at least.
        public var ends: Instant
        /// One line; at most 256 bytes.
        public var summary: String
        /// At most 8,192 bytes.
        public var description: String
        /// A place, a number to call or a link; at most 1,024 bytes.
        public var location: String
        /// One to 16.
        public var attendees: [CalendarAttendee]

        public init(
            starts: Instant, ends: Instant, summary: String, description: String = "", location: String = "",
            attendees: [CalendarAttendee]
        ) {
            self.starts = starts
            self.ends = ends
            self.summary = summary
            self.description = description
            self.location = location
            self.attendees = attendees
        }
    }

    /// Names the appointment for ever and everywhere: 1 to 255 letters, digits and `.-_@`.
    public let uid: String
    public let organizer: CalendarPerson
    public let content: Content
    public let stage: Stage
    /// The number of the version: 0 for the first, at most 2,147,483,647.
    public let sequence: UInt32
    /// When this version was made.
    public let stamp: Instant

    /// A version as it was stored.
    public init(
        uid: String, organizer: CalendarPerson, content: Content, stage: Stage, sequence: UInt32,
        stamp: Instant
    ) {
        self.uid = uid
        self.organizer = organizer
        self.content = content
        self.stage = stage
        self.sequence = sequence
        self.stamp = stamp
    }

    /// The first version: proposed, not yet agreed (B1).
    public static func proposed(
        uid: String, organizer: CalendarPerson, content: Content, at now: Instant
    ) -> CalendarEntry {
        CalendarEntry(
            uid: uid, organizer: organizer, content: content, stage: .tentative, sequence: 0, stamp: now)
    }

    /// The appointment is agreed; now it says how to reach the other side (B2). Also for later changes.
    ///
    /// Refused as `wrongState` once it is cancelled.
    public func confirmed(_ content: Content, at now: Instant) -> Result<CalendarEntry, Refusal> {
        next(.confirmed, content, now)
    }

    /// Another time or another text, as firm as before. Refused as `wrongState` once it is cancelled.
    public func changed(_ content: Content, at now: Instant) -> Result<CalendarEntry, Refusal> {
        next(stage, content, now)
    }

    /// The appointment does not take place (B3). Refused as `wrongState` if it is cancelled already.
    public func cancelled(at now: Instant) -> Result<CalendarEntry, Refusal> {
        next(.cancelled, content, now)
    }

    private func next(_ stage: Stage, _ content: Content, _ now: Instant) -> Result<CalendarEntry, Refusal> {
        guard self.stage != .cancelled, sequence < Self.lastSequence else {
            return .failure(
                Refusal(.wrongState, expected: "a live calendar entry", found: "\(self.stage), \(sequence)"))
        }
        return .success(
            CalendarEntry(
                uid: uid, organizer: organizer, content: content, stage: stage, sequence: sequence + 1,
                stamp: max(now, stamp)))
    }

    /// INTEGER has 32 bits with a sign (RFC 5545, 3.3.8).
    static let lastSequence: UInt32 = 2_147_483_647
}

/// Somebody with a calendar.
public struct CalendarPerson: Hashable, Sendable {
    public var name: String
    /// A plain e-mail address.
    public var address: String
    public init(name: String, address: String) {
        self.name = name
        self.address = address
    }
}

/// Somebody who takes part, and what is known of it.
public struct CalendarAttendee: Hashable, Sendable {
    /// ROLE (RFC 5545, 3.2.16).
    public enum Role: UInt8, Sendable {
        case chair = 1
        case required = 2
        case optional = 3
        case informed = 4
    }

    /// PARTSTAT (RFC 5545, 3.2.12).
    public enum Participation: UInt8, Sendable {
        case needsAction = 1
        case accepted = 2
        case declined = 3
        case tentative = 4
    }

    public var person: CalendarPerson
    public var role: Role
    public var participation: Participation
    /// RSVP: whether the calendar is to ask for an answer. Answers go to the organizer's address.
    public var isAsked: Bool

    public init(
        _ person: CalendarPerson, role: Role = .required, participation: Participation = .needsAction,
        isAsked: Bool = false
    ) {
        self.person = person
        self.role = role
        self.participation = participation
        self.isAsked = isAsked
    }
}
