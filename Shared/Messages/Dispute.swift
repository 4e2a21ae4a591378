import Kernel
import Wire

/// A buyer objects to a purchase within the window (A14). Answered once the payout is stopped.
public struct OpenObjection: Command {
    public typealias Answer = ObjectionOpened
    public static let code: UInt16 = 0x0500
    public static let audience = Audience.parties(.buyer)
    public var order = OrderID.none
    public var ground = ObjectionGround.other
    public var statement = PersonalText()
    public var evidence: [Evidence] = []
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("ground", &ground)
        try visit.field("statement", &statement, .personal(4000))
        try visit.field("evidence", &evidence, .limit(8))
    }
}

/// The seller answers an objection, before the deadline that ``CaseDetails`` names.
public struct SubmitStatement: Command {
    public typealias Answer = Done
    public static let code: UInt16 = 0x0501
    public static let audience = Audience.parties(.seller)
    public var `case` = CaseID.none
    public var statement = PersonalText()
    public var evidence: [Evidence] = []
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("case", &`case`)
        try visit.field("statement", &statement, .personal(4000))
        try visit.field("evidence", &evidence, .limit(8))
    }
}

/// A party of a case adds to what the verdict rests on.
public struct AddEvidence: Command {
    public typealias Answer = Done
    public static let code: UInt16 = 0x0502
    public static let audience = Audience.everyParty
    public var `case` = CaseID.none
    public var evidence: [Evidence] = []
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("case", &`case`)
        try visit.field("evidence", &evidence, .limit(8))
    }
}

/// Asks for one case; for its parties and operators.
public struct GetCase: Query {
    public typealias Answer = CaseDetails
    public static let code: UInt16 = 0x0503
    public static let audience = Audience.everyParty
    public var `case` = CaseID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("case", &`case`)
    }
}

/// Asks for the cases of the acting party, in order of opening; operators see all.
public struct ListCases: Query {
    public typealias Answer = CasePage
    public static let code: UInt16 = 0x0504
    public static let audience = Audience.everyParty
    /// The last case of the page before; none: from the beginning.
    public var after = CaseID.none
    /// 1 to 100.
    public var limit: UInt16 = 50
    public var openOnly = false
    /// Only the cases of this order; none: all.
    public var order = OrderID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("after", &after)
        try visit.field("limit", &limit)
        try visit.field("openOnly", &openOnly)
        try visit.field("order", &order)
    }
}

/// Asks how many cases of the acting party are open; for operators, of all.
public struct GetOpenDisputeCount: Query {
    public typealias Answer = OpenDisputeCount
    public static let code: UInt16 = 0x0505
    public static let audience = Audience.everyParty
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {}
}

/// An operator decides a case; the money follows by itself.
public struct DecideCase: Command {
    public typealias Answer = Done
    public static let code: UInt16 = 0x0506
    public static let audience = Audience.operators
    public var `case` = CaseID.none
    public var verdict = Verdict.reject
    /// For ``Verdict/refundPart``: how much of the price; otherwise nothing, or the whole price.
    public var refund = Money.zero
    public var reasoning = PersonalText()
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("case", &`case`)
        try visit.field("verdict", &verdict)
        try visit.field("refund", &refund)
        try visit.field("reasoning", &reasoning, .personal(4000))
    }
}

/// A buyer or seller tells of an attempt to reach the prospect (A17).
public struct ReportAttempt: Command {
    public typealias Answer = AttemptRecorded
    public static let code: UInt16 = 0x0507
    public static let audience = Audience.parties([.seller, .buyer])
    public var order = OrderID.none
    public var outcome = AttemptOutcome.unreachable
    /// When it was made: after the reveal, not before the attempt recorded last, not in the future.
    public var at = Instant.none
    public var note = PersonalText()
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("outcome", &outcome)
        try visit.field("at", &at)
        try visit.field("note", &note, .personal(1000))
    }
}

/// Something that speaks for one side of a case.
public struct Evidence: Record {
    public var kind = EvidenceKind.document
    public var title = PersonalText()
    public var content = PersonalText()
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("kind", &kind)
        try visit.field("title", &title, .personal(200))
        try visit.field("content", &content, .personal(8192))
    }
}

/// Answers ``OpenObjection``: the payout is stopped, the seller is asked.
public struct ObjectionOpened: AnswerMessage {
    public static let code: UInt16 = 0x0540
    public var `case` = CaseID.none
    /// The last moment for the seller's statement.
    public var statementDue = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("case", &`case`)
        try visit.field("statementDue", &statementDue)
    }
}

/// One piece of evidence in a case.
public struct CaseEvidence: Record {
    public var party = PartyID.none
    public var addedAt = Instant.none
    public var evidence = Evidence()
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("party", &party)
        try visit.field("addedAt", &addedAt)
        try visit.field("evidence", &evidence)
    }
}

/// One attempt to reach the prospect.
public struct Attempt: Record {
    public var party = PartyID.none
    public var outcome = AttemptOutcome.unreachable
    public var at = Instant.none
    public var reportedAt = Instant.none
    public var note = PersonalText()
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("party", &party)
        try visit.field("outcome", &outcome)
        try visit.field("at", &at)
        try visit.field("reportedAt", &reportedAt)
        try visit.field("note", &note, .personal(1000))
    }
}

/// A case as lists show it.
public struct CaseSummary: Record {
    public var `case` = CaseID.none
    public var order = OrderID.none
    public var listing = ListingID.none
    public var buyer = PartyID.none
    public var seller = PartyID.none
    public var price = Money.zero
    /// Nothing for a case by rule (A17), or for support.
    public var ground: ObjectionGround?
    /// Why an operator has to decide at once (C4, C7); nothing for a case of another kind.
    public var support: SupportCause?
    public var stage = CaseStage.awaitingStatement
    public var openedAt = Instant.none
    /// The last moment to answer: for the statement, or for contradicting reported attempts.
    public var answerDue = Instant.none
    /// Nothing before the decision.
    public var verdict: Verdict?
    public var decidedBy: Decider?
    public var refund = Money.zero
    public var decidedAt = Instant.none
    /// The credit note that carries the refund; empty before the settlement.
    public var creditNoteNumber = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("case", &`case`)
        try visit.field("order", &order)
        try visit.field("listing", &listing)
        try visit.field("buyer", &buyer)
        try visit.field("seller", &seller)
        try visit.field("price", &price)
        try visit.field("ground", &ground)
        try visit.field("support", &support)
        try visit.field("stage", &stage)
        try visit.field("openedAt", &openedAt)
        try visit.field("answerDue", &answerDue)
        try visit.field("verdict", &verdict)
        try visit.field("decidedBy", &decidedBy)
        try visit.field("refund", &refund)
        try visit.field("decidedAt", &decidedAt)
        try visit.field("creditNoteNumber", &creditNoteNumber)
    }
}

/// Answers ``GetCase``.
public struct CaseDetails: AnswerMessage {
    public static let code: UInt16 = 0x0541
    public var summary = CaseSummary()
    /// The buyer's words.
    public var objection = PersonalText()
    /// The seller's words; empty before the statement.
    public var statement = PersonalText()
    public var statedAt = Instant.none
    public var reasoning = PersonalText()
    public var evidence: [CaseEvidence] = []
    /// The attempts reported on the order (A17).
    public var attempts: [Attempt] = []
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("summary", &summary)
        try visit.field("objection", &objection, .personal(4000))
        try visit.field("statement", &statement, .personal(4000))
        try visit.field("statedAt", &statedAt)
        try visit.field("reasoning", &reasoning, .personal(4000))
        try visit.field("evidence", &evidence, .limit(32))
        try visit.field("attempts", &attempts, .limit(64))
    }
}

/// Answers ``ListCases``.
public struct CasePage: AnswerMessage {
    public static let code: UInt16 = 0x0542
    public var cases: [CaseSummary] = []
    public var more = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("cases", &cases, .limit(100))
        try visit.field("more", &more)
    }
}

/// Answers ``GetOpenDisputeCount``.
public struct OpenDisputeCount: AnswerMessage {
    public static let code: UInt16 = 0x0543
    public var open: UInt32 = 0
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("open", &open)
    }
}

/// Answers ``ReportAttempt``.
public struct AttemptRecorded: AnswerMessage {
    public static let code: UInt16 = 0x0544
    /// Unreachable attempts that count so far, and how many the rule needs.
    public var counted: UInt8 = 0
    public var needed: UInt8 = 0
    /// The case by rule, once the attempts show that the prospect cannot be had; none before.
    public var `case` = CaseID.none
    /// Until when the other party may contradict; ``Instant/none`` if nothing waits for it.
    public var contradictionDue = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("counted", &counted)
        try visit.field("needed", &needed)
        try visit.field("case", &`case`)
        try visit.field("contradictionDue", &contradictionDue)
    }
}

/// Timer: the seller's time for a statement is over.
public struct StatementLapsed: InternalMessage {
    public static let code: UInt16 = 0x05c0
    public var `case` = CaseID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("case", &`case`)
    }
}

/// Timer: nobody contradicted the reported attempts in time (A17).
public struct ContradictionLapsed: InternalMessage {
    public static let code: UInt16 = 0x05c1
    public var `case` = CaseID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("case", &`case`)
    }
}
/// Why a buyer objects (A14).
public enum ObjectionGround: UInt8, WireEnum {
    case falseData = 1
    case unreachable = 2
    case declines = 3
    case other = 4
}

/// How a case ends.
public enum Verdict: UInt8, WireEnum {
    case refundFull = 1
    case refundPart = 2
    case reject = 3
}

/// Who or what decided a case.
public enum Decider: UInt8, WireEnum {
    case byOperator = 1
    /// The seller did not answer in time (A14).
    case bySilence = 2
    /// The attempts showed it (A17).
    case byRule = 3
}

/// Where a case stands.
public enum CaseStage: UInt8, WireEnum {
    /// The auction is asked to stop the payout; nobody sees the case yet.
    case freezing = 1
    case awaitingStatement = 2
    case awaitingVerdict = 3
    /// Attempts show that the prospect cannot be had; the other party may contradict (A17).
    case awaitingContradiction = 4
    /// Decided; the money is on its way.
    case settling = 5
    case closed = 6
}

/// What came of an attempt to reach the prospect (A17).
public enum AttemptOutcome: UInt8, WireEnum {
    case unreachable = 1
    case declined = 2
    case reached = 3
}

/// Why support was asked about an appointment that was sold; an operator decides at once.
public enum SupportCause: UInt8, WireEnum {
    /// Only one side has reported the meeting (C4).
    case meetingUnconfirmed = 1
    /// Neither side has (C4).
    case meetingUnreported = 2
    /// One side asked to undo the sale, and the other has not answered (C7).
    case cancellationUnanswered = 3
}

/// What a piece of evidence is.
public enum EvidenceKind: UInt8, WireEnum {
    case document = 1
    case message = 2
    case callRecord = 3
    case screenshot = 4
}

extension Catalogue {
    /// Messages of the dispute service.
    public static let dispute: [any Message.Type] =
        [
            OpenObjection.self, SubmitStatement.self, AddEvidence.self, GetCase.self, ListCases.self,
            GetOpenDisputeCount.self, DecideCase.self, ReportAttempt.self, ObjectionOpened.self,
            CaseDetails.self,
            CasePage.self, OpenDisputeCount.self, AttemptRecorded.self, OrderFrozen.self,
            OrderFreezeRefused.self,
            OrderSettled.self, OrderOpened.self, StatementLapsed.self, ContradictionLapsed.self,
            AskSupport.self, SaleCancelled.self,
        ] + ratings
}
