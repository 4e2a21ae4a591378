import DisputeRules
import Kernel
import Messages
import Storage

/// Evidence of cases and attempts on orders.
enum Proofs {
    static func add(
        _ evidence: Evidence, number: UInt64, to id: CaseID, by party: PartyID, at now: Instant,
        _ store: Store
    ) throws {
        try store.run(
            """
            INSERT INTO evidence (evidence, case_id, party, kind, added_at, title_key, title, content_key, content)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, number, id, party, evidence.kind.rawValue, now, evidence.title.key, evidence.title.bytes,
            evidence.content.key, evidence.content.bytes)
    }

    static func evidence(of id: CaseID, _ store: Store) throws -> [CaseEvidence] {
        try store.all(
            """
            SELECT party, kind, added_at, title_key, title, content_key, content FROM evidence
            WHERE case_id = ? ORDER BY evidence
            """, id
        ) { row in
            var entry = CaseEvidence()
            entry.party = row.id(0)
            entry.addedAt = row.instant(2)
            entry.evidence.kind = try row.enumeration(1)
            entry.evidence.title = row.personal(3, 4)
            entry.evidence.content = row.personal(5, 6)
            return entry
        }
    }

    static func evidenceCount(of id: CaseID, _ store: Store) throws -> Int {
        Int(try store.first("SELECT count(*) FROM evidence WHERE case_id = ?", id) { $0.int(0) } ?? 0)
    }

    static func add(_ attempt: Attempt, number: UInt64, to order: OrderID, _ store: Store) throws {
        try store.run(
            """
            INSERT INTO attempt (attempt, order_id, party, outcome, at, reported_at, note_key, note)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """, number, order, attempt.party, attempt.outcome.rawValue, attempt.at, attempt.reportedAt,
            attempt.note.key, attempt.note.bytes)
    }

    /// The attempts on an order, in order of recording.
    static func attempts(on order: OrderID, _ store: Store) throws -> [Attempt] {
        try store.all(
            """
            SELECT party, outcome, at, reported_at, note_key, note FROM attempt WHERE order_id = ? ORDER BY attempt
            """, order
        ) { row in
            var attempt = Attempt()
            attempt.party = row.id(0)
            attempt.outcome = try row.enumeration(1)
            attempt.at = row.instant(2)
            attempt.reportedAt = row.instant(3)
            attempt.note = row.personal(4, 5)
            return attempt
        }
    }
}

/// What parties that closed their accounts leave behind.
enum ClosedParties {
    static func add(_ party: PartyID, _ store: Store) throws {
        try store.run("INSERT OR IGNORE INTO closed_party (party) VALUES (?)", party)
    }

    static func contains(_ party: PartyID, _ store: Store) throws -> Bool {
        try store.first("SELECT 1 FROM closed_party WHERE party = ?", party) { _ in true } ?? false
    }

    /// The data keys of all that a party wrote on orders without an open case.
    static func keys(of party: PartyID, _ store: Store) throws -> [UInt64] {
        try store.all(
            """
            WITH done AS (
                SELECT c.case_id, c.order_id, c.opener, c.objection_key, c.statement_key, o.seller
                FROM case_party p JOIN dispute_case c ON c.case_id = p.case_id
                JOIN dispute_order o ON o.order_id = c.order_id
                WHERE p.party = ?1 AND c.stage = 6
            )
            SELECT objection_key FROM done WHERE opener = ?1
            UNION SELECT statement_key FROM done WHERE seller = ?1
            UNION SELECT e.title_key FROM done JOIN evidence e ON e.case_id = done.case_id WHERE e.party = ?1
            UNION SELECT e.content_key FROM done JOIN evidence e ON e.case_id = done.case_id WHERE e.party = ?1
            UNION SELECT a.note_key FROM attempt a WHERE a.party = ?1 AND NOT EXISTS (
                SELECT 1 FROM dispute_case open WHERE open.order_id = a.order_id AND open.stage < 6)
            UNION SELECT comment_key FROM rating WHERE rater = ?1
            ORDER BY 1
            """, party
        ) { UInt64(bitPattern: $0.int(0)) }
    }
}
