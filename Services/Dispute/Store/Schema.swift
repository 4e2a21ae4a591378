import Storage

enum Schema {
    /// Every table that is this service's state.
    static let tables = [
        "policy", "dispute_order", "dispute_case", "case_party", "evidence", "attempt", "closed_party",
        "rating_right", "rating", "awaited_support",
    ]

    static let migrations = [
        Migration(
            "dispute 1",
            """
            CREATE TABLE policy (
                marketplace INTEGER NOT NULL,
                version INTEGER NOT NULL,
                policy BLOB NOT NULL,
                wire_version INTEGER NOT NULL,
                PRIMARY KEY (marketplace, version)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE dispute_order (
                order_id INTEGER PRIMARY KEY,
                listing INTEGER NOT NULL,
                marketplace INTEGER NOT NULL,
                policy_version INTEGER NOT NULL,
                buyer INTEGER NOT NULL,
                seller INTEGER NOT NULL,
                price INTEGER NOT NULL,
                currency INTEGER NOT NULL,
                revealed_at INTEGER NOT NULL,
                title TEXT NOT NULL,
                refunded INTEGER NOT NULL DEFAULT 0 CHECK (refunded BETWEEN 0 AND price)
            ) STRICT;

            CREATE TABLE dispute_case (
                case_id INTEGER PRIMARY KEY,
                order_id INTEGER NOT NULL REFERENCES dispute_order,
                opener INTEGER NOT NULL,
                ground INTEGER NOT NULL CHECK (ground BETWEEN 0 AND 4),
                stage INTEGER NOT NULL CHECK (stage BETWEEN 1 AND 6),
                ticket INTEGER NOT NULL,
                opened_at INTEGER NOT NULL,
                answer_due INTEGER NOT NULL,
                contradicted INTEGER NOT NULL CHECK (contradicted IN (0, 1)),
                objection_key INTEGER NOT NULL,
                objection BLOB NOT NULL,
                statement_key INTEGER NOT NULL,
                statement BLOB NOT NULL,
                stated_at INTEGER NOT NULL,
                verdict INTEGER NOT NULL CHECK (verdict BETWEEN 0 AND 3),
                decided_by INTEGER NOT NULL CHECK (decided_by BETWEEN 0 AND 3),
                refund INTEGER NOT NULL CHECK (refund >= 0),
                reasoning_key INTEGER NOT NULL,
                reasoning BLOB NOT NULL,
                decided_at INTEGER NOT NULL,
                credit_note TEXT NOT NULL,
                CHECK ((stage < 5) = (verdict = 0))
            ) STRICT;
            CREATE UNIQUE INDEX dispute_case_open ON dispute_case (order_id) WHERE stage < 6;
            CREATE INDEX dispute_case_order ON dispute_case (order_id, case_id);

            CREATE TABLE case_party (
                party INTEGER NOT NULL,
                case_id INTEGER NOT NULL REFERENCES dispute_case ON DELETE CASCADE,
                PRIMARY KEY (party, case_id)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX case_party_case ON case_party (case_id, party);

            CREATE TABLE evidence (
                evidence INTEGER PRIMARY KEY,
                case_id INTEGER NOT NULL REFERENCES dispute_case ON DELETE CASCADE,
                party INTEGER NOT NULL,
                kind INTEGER NOT NULL,
                added_at INTEGER NOT NULL,
                title_key INTEGER NOT NULL,
                title BLOB NOT NULL,
                content_key INTEGER NOT NULL,
                content BLOB NOT NULL
            ) STRICT;
            CREATE INDEX evidence_case ON evidence (case_id, evidence);

            CREATE TABLE attempt (
                attempt INTEGER PRIMARY KEY,
                order_id INTEGER NOT NULL REFERENCES dispute_order,
                party INTEGER NOT NULL,
                outcome INTEGER NOT NULL,
                at INTEGER NOT NULL,
                reported_at INTEGER NOT NULL,
                note_key INTEGER NOT NULL,
                note BLOB NOT NULL
            ) STRICT;
            CREATE INDEX attempt_order ON attempt (order_id, attempt);

            -- Parties that closed their accounts: what they wrote is erased once no open case rests on it.
            CREATE TABLE closed_party (
                party INTEGER PRIMARY KEY
            ) STRICT;
            """),
        Migration(
            "dispute-support",
            """
            -- Opened because only one side reported the meeting; it waits for an operator at once.
            ALTER TABLE dispute_case ADD COLUMN support INTEGER NOT NULL DEFAULT 0 CHECK (support IN (0, 1));
            """),
        Migration(
            "dispute-ratings",
            """
            CREATE INDEX dispute_order_parties ON dispute_order (buyer, seller);

            -- Meetings that took place: both sides may rate each other.
            CREATE TABLE rating_right (
                order_id INTEGER PRIMARY KEY REFERENCES dispute_order,
                buyer INTEGER NOT NULL,
                seller INTEGER NOT NULL,
                held_at INTEGER NOT NULL,
                until INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX rating_right_buyer ON rating_right (buyer, order_id);
            CREATE INDEX rating_right_seller ON rating_right (seller, order_id);

            -- Answers are a bit a question; a rating that is not shown yet has no instant for it.
            CREATE TABLE rating (
                order_id INTEGER NOT NULL REFERENCES rating_right,
                rater INTEGER NOT NULL,
                ratee INTEGER NOT NULL CHECK (ratee <> rater),
                by_consumer INTEGER NOT NULL CHECK (by_consumer IN (0, 1)),
                answers INTEGER NOT NULL CHECK (answers BETWEEN 0 AND 63),
                comment_key INTEGER NOT NULL,
                comment BLOB NOT NULL,
                rated_at INTEGER NOT NULL,
                shown_at INTEGER NOT NULL,
                PRIMARY KEY (order_id, rater)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX rating_ratee ON rating (ratee, order_id);
            CREATE INDEX rating_rater ON rating (rater, order_id);
            """),
        Migration(
            "dispute-cancellations",
            """
            -- Why support was asked: 1 one report of the meeting, 2 none, 3 a cancellation without an answer.
            ALTER TABLE dispute_case ADD COLUMN support_cause INTEGER NOT NULL DEFAULT 0
                CHECK (support_cause BETWEEN 0 AND 3);
            UPDATE dispute_case SET support_cause = support;
            ALTER TABLE dispute_case DROP COLUMN support;
            -- Undone by agreement: nobody rates any more.
            ALTER TABLE dispute_order ADD COLUMN cancelled INTEGER NOT NULL DEFAULT 0
                CHECK (cancelled IN (0, 1));
            -- Asked while another case waited for the auction's answer.
            CREATE TABLE awaited_support (
                order_id INTEGER PRIMARY KEY REFERENCES dispute_order,
                asker INTEGER NOT NULL,
                cause INTEGER NOT NULL CHECK (cause BETWEEN 1 AND 3)
            ) STRICT;
            """),
    ]
}
