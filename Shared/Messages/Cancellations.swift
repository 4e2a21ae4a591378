import Kernel
import Wire

/// Why buyer or seller wants a sale undone (C7).
public enum CancellationReason: UInt8, WireEnum {
    /// The expert's ratings are poor.
    case poorRatings = 1
    /// No time suits both sides.
    case noAppointment = 2
    /// The advice is not wanted, or cannot be given, any more.
    case noLongerWanted = 3
    case other = 4
}

/// How far a request to undo a sale is (C7).
public enum CancellationStage: UInt8, WireEnum {
    /// The other side is asked to confirm.
    case asked = 1
    /// Both agree; the buyer's money is on its way back.
    case agreed = 2
    /// The sale is undone, both ratings are gone.
    case undone = 3
    /// The contract stands.
    case refused = 4
    /// No answer in time: an operator decides.
    case withSupport = 5
    /// The order was refunded for another reason meanwhile.
    case overtaken = 6
}

/// A request to undo a sale, as both sides and operators see it.
public struct CancellationView: Record {
    public var askedBy = PartyID.none
    public var askedAt = Instant.none
    public var reason = CancellationReason.other
    public var words = PersonalText()
    public var stage = CancellationStage.asked
    /// The last instant for the other side's answer.
    public var answerUntil = Instant.none
    /// When it came to its end; nothing before.
    public var endedAt: Instant?
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("askedBy", &askedBy)
        try visit.field("askedAt", &askedAt)
        try visit.field("reason", &reason)
        try visit.field("words", &words, .personal(1_000))
        try visit.field("stage", &stage)
        try visit.field("answerUntil", &answerUntil)
        try visit.field("endedAt", &endedAt)
    }
}

/// Buyer or seller asks the other side to undo the sale (C7), once each; whoever asks bears the auction fee.
public struct RequestCancellation: Command {
    public typealias Answer = MeetingView
    public static let code: UInt16 = 0x0138
    public static let audience = Audience.everyParty
    public var order = OrderID.none
    public var reason = CancellationReason.other
    /// For the other side, and for support. May be empty unless the reason is ``CancellationReason/other``.
    public var words = PersonalText()
    /// The party has read ``MeetingView/cancellationAdvice``: to speak with the other side first, and who bears the fee.
    public var advised = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("reason", &reason)
        try visit.field("words", &words, .personal(1_000))
        try visit.field("advised", &advised)
    }
}

/// The other side agrees to undo the sale, or does not (C7).
public struct AnswerCancellation: Command {
    public typealias Answer = MeetingView
    public static let code: UInt16 = 0x0139
    public static let audience = Audience.everyParty
    public var order = OrderID.none
    /// Yes: the sale is undone. No: the contract stands.
    public var agrees = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("agrees", &agrees)
    }
}

/// A sale was undone: both ratings go, and none is given any more (C7).
public struct SaleCancelled: PeerMessage {
    public static let code: UInt16 = 0x05b8
    public static let audience = Audience.services([.auction])
    public var order = OrderID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
    }
}

/// Timer: the other side has not answered a request to undo the sale; support takes over (C7).
public struct CancellationLapses: InternalMessage {
    public static let code: UInt16 = 0x01f0
    public var order = OrderID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
    }
}

/// Timer: neither side has reported a meeting in all the time for it; support takes over (C4).
public struct MeetingStaysUnreported: InternalMessage {
    public static let code: UInt16 = 0x01f1
    public var order = OrderID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
    }
}

extension Catalogue {
    /// The auction service's messages about sales that are undone.
    static let cancellations: [any Message.Type] = [
        RequestCancellation.self, AnswerCancellation.self, CancellationLapses.self,
        MeetingStaysUnreported.self,
    ]
}
