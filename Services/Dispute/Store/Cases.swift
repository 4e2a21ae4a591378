import Kernel
import Messages
import Storage

/// A case as it stands.
struct DisputeCase {
    var id = CaseID.none
    var order = OrderID.none
    /// Who objected, or reported the attempt that showed it.
    var opener = PartyID.none
    /// Nothing for a case by rule (A17), or for support (C4, C7).
    var ground: ObjectionGround?
    /// Why support was asked (C4, C7); nothing for a case of another kind.
    var support: SupportCause?
    var stage = CaseStage.freezing
    /// The command that waits for the auction's answer.
    var ticket: UInt64 = 0
    var openedAt = Instant.none
    var answerDue = Instant.none
    /// Somebody reached the prospect after the attempts had shown otherwise.
    var contradicted = false
    var objection = PersonalText()
    var statement = PersonalText()
    var statedAt = Instant.none
    var verdict: Verdict?
    var decidedBy: Decider?
    /// How much of the price goes back, in minor units.
    var refund: Int64 = 0
    var reasoning = PersonalText()
    var decidedAt = Instant.none
    var creditNote = ""

    init() {}

    /// Columns as in ``Cases/find(_:_:)``.
    init(_ row: Row) throws {
        id = row.id(0)
        order = row.id(1)
        opener = row.id(2)
        ground = ObjectionGround(rawValue: UInt8(truncatingIfNeeded: row.int(3)))
        stage = try row.enumeration(4)
        ticket = UInt64(bitPattern: row.int(5))
        openedAt = row.instant(6)
        answerDue = row.instant(7)
        contradicted = row.bool(8)
        objection = row.personal(9, 10)
        statement = row.personal(11, 12)
        statedAt = row.instant(13)
        verdict = Verdict(rawValue: UInt8(truncatingIfNeeded: row.int(14)))
        decidedBy = Decider(rawValue: UInt8(truncatingIfNeeded: row.int(15)))
        refund = row.int(16)
        reasoning = row.personal(17, 18)
        decidedAt = row.instant(19)
        creditNote = row.text(20)
        support = SupportCause(rawValue: UInt8(truncatingIfNeeded: row.int(21)))
    }
}

enum Cases {
    static func add(_ row: DisputeCase, buyer: PartyID, seller: PartyID, _ store: Store) throws {
        try store.run(
            """
            INSERT INTO dispute_case
            (case_id, order_id, opener, ground, stage, ticket, opened_at, answer_due, contradicted, objection_key,
                objection, statement_key, statement, stated_at, verdict, decided_by, refund, reasoning_key,
                reasoning, decided_at, credit_note, support_cause)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, 0, x'', 0, 0, 0, 0, 0, x'', 0, '', ?)
            """, row.id, row.order, row.opener, row.ground?.rawValue ?? 0, row.stage.rawValue, row.ticket,
            row.openedAt, row.answerDue, row.objection.key, row.objection.bytes,
            row.support?.rawValue ?? 0)
        for party in [buyer, seller] {
            try store.run("INSERT INTO case_party (party, case_id) VALUES (?, ?)", party, row.id)
        }
    }

    static func save(_ row: DisputeCase, _ store: Store) throws {
        try store.run(
            """
            UPDATE dispute_case
            SET stage = ?, ticket = ?, opened_at = ?, answer_due = ?, contradicted = ?, statement_key = ?,
                statement = ?, stated_at = ?, verdict = ?, decided_by = ?, refund = ?, reasoning_key = ?,
                reasoning = ?, decided_at = ?, credit_note = ?
            WHERE case_id = ?
            """, row.stage.rawValue, row.ticket, row.openedAt, row.answerDue, row.contradicted,
            row.statement.key, row.statement.bytes, row.statedAt, row.verdict?.rawValue ?? 0,
            row.decidedBy?.rawValue ?? 0, row.refund, row.reasoning.key, row.reasoning.bytes, row.decidedAt,
            row.creditNote, row.id)
    }

    /// The auction did not stop the payout: there is no case.
    static func remove(_ id: CaseID, _ store: Store) throws {
        try store.run("DELETE FROM dispute_case WHERE case_id = ?", id)
    }

    static func find(_ id: CaseID, _ store: Store) throws -> DisputeCase? {
        try store.first(
            """
            SELECT case_id, order_id, opener, ground, stage, ticket, opened_at, answer_due, contradicted,
                objection_key, objection, statement_key, statement, stated_at, verdict, decided_by, refund,
                reasoning_key, reasoning, decided_at, credit_note, support_cause
            FROM dispute_case WHERE case_id = ?
            """, id, read: DisputeCase.init)
    }

    /// An order's latest case: the open one, if one is open.
    static func latest(of order: OrderID, _ store: Store) throws -> DisputeCase? {
        try store.first(
            """
            SELECT case_id, order_id, opener, ground, stage, ticket, opened_at, answer_due, contradicted,
                objection_key, objection, statement_key, statement, stated_at, verdict, decided_by, refund,
                reasoning_key, reasoning, decided_at, credit_note, support_cause
            FROM dispute_case WHERE order_id = ? ORDER BY case_id DESC LIMIT 1
            """, order, read: DisputeCase.init)
    }

    static func page(
        of party: PartyID, order: OrderID, after: CaseID, openOnly: Bool, limit: Int, _ store: Store
    ) throws -> [DisputeCase] {
        try store.all(
            """
            SELECT c.case_id, order_id, opener, ground, stage, ticket, opened_at, answer_due, contradicted,
                objection_key, objection, statement_key, statement, stated_at, verdict, decided_by, refund,
                reasoning_key, reasoning, decided_at, credit_note, support_cause
            FROM case_party p JOIN dispute_case c ON c.case_id = p.case_id
            WHERE p.party = ?1 AND p.case_id > ?2 AND stage > 1 AND (?3 = 0 OR stage < 6)
                AND (?4 = 0 OR order_id = ?4)
            ORDER BY p.case_id LIMIT ?5
            """, party, after, openOnly, order, limit, read: DisputeCase.init)
    }

    static func page(
        order: OrderID, after: CaseID, openOnly: Bool, limit: Int, _ store: Store
    ) throws -> [DisputeCase] {
        try store.all(
            """
            SELECT case_id, order_id, opener, ground, stage, ticket, opened_at, answer_due, contradicted,
                objection_key, objection, statement_key, statement, stated_at, verdict, decided_by, refund,
                reasoning_key, reasoning, decided_at, credit_note, support_cause
            FROM dispute_case WHERE case_id > ?1 AND stage > 1 AND (?2 = 0 OR stage < 6)
                AND (?3 = 0 OR order_id = ?3)
            ORDER BY case_id LIMIT ?4
            """, after, openOnly, order, limit, read: DisputeCase.init)
    }

    static func openCount(of party: PartyID, _ store: Store) throws -> Int64 {
        try store.first(
            """
            SELECT count(*) FROM case_party p JOIN dispute_case c ON c.case_id = p.case_id
            WHERE p.party = ? AND stage BETWEEN 2 AND 5
            """, party
        ) { $0.int(0) } ?? 0
    }

    static func openCount(_ store: Store) throws -> Int64 {
        try store.first("SELECT count(*) FROM dispute_case WHERE stage BETWEEN 2 AND 5") { $0.int(0) } ?? 0
    }
}

/// Support that was asked while another case waited for the auction's answer (C4, C7).
enum AwaitedSupport {
    static func remember(_ message: AskSupport, _ store: Store) throws {
        try store.run(
            "INSERT OR REPLACE INTO awaited_support (order_id, asker, cause) VALUES (?, ?, ?)", message.order,
            message.asker, message.cause.rawValue)
    }

    static func forget(_ order: OrderID, _ store: Store) throws {
        try store.run("DELETE FROM awaited_support WHERE order_id = ?", order)
    }

    static func take(
        _ order: OrderID, _ store: Store
    ) throws -> (asker: PartyID, cause: SupportCause)? {
        let found = try store.first("SELECT asker, cause FROM awaited_support WHERE order_id = ?", order) {
            row in
            (asker: row.id(0, PartyID.self), cause: try row.enumeration(1) as SupportCause)
        }
        try forget(order, store)
        return found
    }
}
