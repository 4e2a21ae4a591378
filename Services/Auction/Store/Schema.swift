import Storage

/// The auction's tables. Numbers of stages are the raw values of the enumerations in Messages; 0 stands for no
/// party, bid, hold, order, case or instant.
enum Schema {
    static let migrations = [
        Migration(
            "auction-1",
            """
            CREATE TABLE policy (
                marketplace INTEGER NOT NULL,
                version INTEGER NOT NULL,
                name TEXT NOT NULL,
                policy BLOB NOT NULL,
                PRIMARY KEY (marketplace, version)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE party (
                party INTEGER PRIMARY KEY,
                marketplace INTEGER NOT NULL,
                roles INTEGER NOT NULL,
                state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 5),
                language INTEGER NOT NULL,
                payout_verified INTEGER NOT NULL CHECK (payout_verified IN (0, 1)),
                strikes INTEGER NOT NULL CHECK (strikes >= 0),
                reviewed_since INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX party_operators ON party (party) WHERE roles & 4 <> 0;

            CREATE TABLE price_range (
                marketplace INTEGER NOT NULL,
                project_type INTEGER NOT NULL,
                budget_low INTEGER NOT NULL,
                budget_high INTEGER NOT NULL CHECK (budget_high >= budget_low),
                start_low INTEGER NOT NULL,
                start_high INTEGER NOT NULL CHECK (start_high >= start_low),
                PRIMARY KEY (marketplace, project_type)
            ) STRICT, WITHOUT ROWID;

            -- What changes with every bid stays in a short row; what is read stands in lead.
            CREATE TABLE listing (
                id INTEGER PRIMARY KEY,
                marketplace INTEGER NOT NULL,
                policy_version INTEGER NOT NULL,
                seller INTEGER NOT NULL,
                contact INTEGER NOT NULL,
                currency INTEGER NOT NULL,
                stage INTEGER NOT NULL CHECK (stage BETWEEN 1 AND 9),
                round INTEGER NOT NULL CHECK (round IN (1, 2)),
                start_price INTEGER NOT NULL CHECK (start_price > 0),
                price INTEGER NOT NULL CHECK (price >= start_price),
                lead_bid INTEGER NOT NULL,
                lead_party INTEGER NOT NULL,
                lead_maximum INTEGER NOT NULL,
                lead_hold INTEGER NOT NULL,
                bids INTEGER NOT NULL CHECK (bids >= 0),
                ends_at INTEGER NOT NULL,
                published_at INTEGER NOT NULL,
                ticket INTEGER NOT NULL,
                remaining INTEGER NOT NULL,
                next_start_price INTEGER NOT NULL,
                last_bid INTEGER NOT NULL,
                project_type INTEGER NOT NULL,
                region TEXT NOT NULL,
                budget INTEGER NOT NULL,
                CHECK ((lead_bid = 0) = (lead_party = 0)),
                CHECK (lead_bid = 0 OR lead_maximum >= price),
                FOREIGN KEY (marketplace, policy_version) REFERENCES policy (marketplace, version)
            ) STRICT;
            CREATE INDEX listing_seller ON listing (seller, id);
            CREATE INDEX listing_contact ON listing (contact, id);
            CREATE INDEX listing_open ON listing (marketplace, id) WHERE stage = 2;
            CREATE INDEX listing_open_type ON listing (marketplace, project_type, id) WHERE stage = 2;
            CREATE INDEX listing_open_region ON listing (marketplace, region, id) WHERE stage = 2;
            CREATE INDEX listing_sold ON listing (marketplace, project_type, id) WHERE stage = 5;

            CREATE TABLE lead (
                listing INTEGER PRIMARY KEY REFERENCES listing (id) ON DELETE CASCADE,
                title TEXT NOT NULL,
                description TEXT NOT NULL,
                answers BLOB NOT NULL,
                budget_basis INTEGER NOT NULL,
                time_frame TEXT NOT NULL,
                region TEXT NOT NULL,
                temperature INTEGER NOT NULL,
                inquired_at INTEGER NOT NULL,
                duration INTEGER NOT NULL CHECK (duration > 0),
                basis BLOB NOT NULL,
                basis_kind INTEGER NOT NULL
            ) STRICT;
            CREATE VIRTUAL TABLE lead_text USING fts5 (
                title, description, content = 'lead', content_rowid = 'listing',
                tokenize = 'unicode61 remove_diacritics 2'
            );

            -- The decided bids of a listing are a chain from its last_bid over previous: an index by listing would
            -- have each bid write a page of its own. Stage 2 is a bid that counts; the one that leads is the listing's
            -- lead_bid, every other one was outbid.
            CREATE TABLE bid (
                id INTEGER PRIMARY KEY,
                listing INTEGER NOT NULL,
                party INTEGER NOT NULL,
                amount INTEGER NOT NULL CHECK (amount > 0),
                stage INTEGER NOT NULL CHECK (stage BETWEEN 1 AND 5 AND stage <> 3),
                previous INTEGER NOT NULL CHECK (previous < id),
                hold INTEGER NOT NULL,
                cover INTEGER NOT NULL CHECK (cover BETWEEN 1 AND 3),
                placed_at INTEGER NOT NULL,
                ticket INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX bid_party ON bid (party, id);
            CREATE INDEX bid_waiting ON bid (listing, id) WHERE stage = 1;

            CREATE TABLE orders (
                id INTEGER PRIMARY KEY,
                listing INTEGER NOT NULL REFERENCES listing (id),
                marketplace INTEGER NOT NULL,
                policy_version INTEGER NOT NULL,
                buyer INTEGER NOT NULL,
                seller INTEGER NOT NULL CHECK (seller <> buyer),
                contact INTEGER NOT NULL,
                price INTEGER NOT NULL CHECK (price > 0),
                currency INTEGER NOT NULL,
                hold INTEGER NOT NULL,
                stage INTEGER NOT NULL CHECK (stage BETWEEN 1 AND 14),
                rest INTEGER NOT NULL CHECK (rest BETWEEN 1 AND 14),
                offered INTEGER NOT NULL CHECK (offered IN (0, 1)),
                awarded_at INTEGER NOT NULL,
                deadline INTEGER NOT NULL,
                ticket INTEGER NOT NULL,
                paid_at INTEGER NOT NULL,
                invoice INTEGER NOT NULL,
                invoice_number TEXT NOT NULL,
                contact_grant INTEGER NOT NULL,
                revealed_at INTEGER NOT NULL,
                payout_at INTEGER NOT NULL,
                paid_out_at INTEGER NOT NULL,
                handed_over_at INTEGER NOT NULL,
                open_case INTEGER NOT NULL,
                refund_reason TEXT NOT NULL,
                refunded INTEGER NOT NULL CHECK (refunded BETWEEN 0 AND price),
                credit_note_number TEXT NOT NULL,
                CHECK (revealed_at = 0 OR paid_at > 0),
                FOREIGN KEY (marketplace, policy_version) REFERENCES policy (marketplace, version)
            ) STRICT;
            CREATE INDEX orders_buyer ON orders (buyer, id);
            CREATE INDEX orders_seller ON orders (seller, id);
            CREATE INDEX orders_listing ON orders (listing, id);
            CREATE INDEX orders_hold ON orders (hold) WHERE hold > 0;
            -- At most one live order a listing.
            CREATE UNIQUE INDEX orders_live ON orders (listing) WHERE stage NOT IN (11, 13, 14);

            CREATE TABLE review (
                id INTEGER PRIMARY KEY,
                cause INTEGER NOT NULL,
                marketplace INTEGER NOT NULL,
                listing INTEGER NOT NULL,
                seller INTEGER NOT NULL,
                reporter INTEGER NOT NULL,
                reason_key INTEGER NOT NULL,
                reason BLOB NOT NULL,
                opened_at INTEGER NOT NULL,
                closed_at INTEGER NOT NULL,
                finding INTEGER NOT NULL CHECK (finding BETWEEN 0 AND 3),
                CHECK ((closed_at = 0) = (finding = 0))
            ) STRICT;
            CREATE INDEX review_open ON review (id) WHERE closed_at = 0;
            CREATE INDEX review_reporter ON review (reporter, id) WHERE reporter > 0;
            CREATE UNIQUE INDEX review_reports ON review (listing, reporter) WHERE cause = 2 AND closed_at = 0;
            """),
        Migration(
            "auction-2",
            """
            -- Its number is an order's. Clocks count from applied_at, when the fee was charged; 0 before.
            CREATE TABLE application (
                id INTEGER PRIMARY KEY,
                listing INTEGER NOT NULL REFERENCES listing (id),
                marketplace INTEGER NOT NULL,
                policy_version INTEGER NOT NULL,
                applicant INTEGER NOT NULL,
                seller INTEGER NOT NULL CHECK (seller <> applicant),
                contact INTEGER NOT NULL,
                fee INTEGER NOT NULL CHECK (fee > 0),
                currency INTEGER NOT NULL,
                introduction_key INTEGER NOT NULL,
                introduction BLOB NOT NULL,
                meeting_at INTEGER NOT NULL,
                applied_at INTEGER NOT NULL,
                opened_at INTEGER NOT NULL,
                decision INTEGER NOT NULL CHECK (decision BETWEEN 0 AND 2),
                contact_stage INTEGER NOT NULL CHECK (contact_stage BETWEEN 1 AND 4),
                fee_stage INTEGER NOT NULL CHECK (fee_stage BETWEEN 1 AND 6),
                reports INTEGER NOT NULL CHECK (reports BETWEEN 0 AND 3),
                stopped INTEGER NOT NULL CHECK (stopped IN (0, 1)),
                reminded_at INTEGER NOT NULL,
                decided_at INTEGER NOT NULL,
                ticket INTEGER NOT NULL,
                invoice_number TEXT NOT NULL,
                contact_grant INTEGER NOT NULL,
                revealed_at INTEGER NOT NULL,
                credit_note_number TEXT NOT NULL,
                CHECK ((decision = 0) = (decided_at = 0)),
                CHECK (revealed_at = 0 OR applied_at > 0),
                FOREIGN KEY (marketplace, policy_version) REFERENCES policy (marketplace, version)
            ) STRICT;
            CREATE INDEX application_applicant ON application (applicant, id);
            CREATE INDEX application_listing ON application (listing, id);
            -- One application a party and listing, but for those that the house stopped.
            CREATE UNIQUE INDEX application_once ON application (listing, applicant) WHERE stopped = 0;
            """),
        Migration(
            "auction-meetings",
            """
            -- The contact that a party's trading partners get, and when a seller accepted to be bound by an award.
            ALTER TABLE party ADD COLUMN card INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE lead ADD COLUMN contract_accepted_at INTEGER NOT NULL DEFAULT 0;

            -- The appointment of an order, from the contract on.
            CREATE TABLE meeting (
                order_id INTEGER PRIMARY KEY REFERENCES orders (id),
                began_at INTEGER NOT NULL,
                proposed_by INTEGER NOT NULL,
                proposed_at INTEGER NOT NULL,
                meeting_at INTEGER NOT NULL,
                agreements INTEGER NOT NULL CHECK (agreements >= 0),
                buyer_reported_at INTEGER NOT NULL,
                seller_reported_at INTEGER NOT NULL,
                held_at INTEGER NOT NULL,
                reminders INTEGER NOT NULL CHECK (reminders BETWEEN 0 AND 12),
                support_at INTEGER NOT NULL,
                seller_grant INTEGER NOT NULL,
                CHECK ((proposed_by = 0) = (proposed_at = 0)),
                CHECK ((agreements = 0) = (meeting_at = 0)),
                CHECK ((held_at = 0) = (buyer_reported_at = 0 AND seller_reported_at = 0))
            ) STRICT;

            -- What consumers said of an expert, in all: a copy of the dispute service's sums.
            CREATE TABLE party_rating (
                party INTEGER PRIMARY KEY,
                summary BLOB NOT NULL
            ) STRICT;
            """),
        Migration("auction-preliminary-calls", preliminaryCalls),
        Migration(
            "auction-cancellations",
            """
            -- Requests to undo a sale: one by each side at most, and one that is open.
            CREATE TABLE cancellation (
                order_id INTEGER NOT NULL REFERENCES meeting (order_id),
                number INTEGER NOT NULL CHECK (number IN (0, 1)),
                asked_by INTEGER NOT NULL,
                asked_at INTEGER NOT NULL,
                stage INTEGER NOT NULL CHECK (stage BETWEEN 1 AND 6),
                ended_at INTEGER NOT NULL,
                reason INTEGER NOT NULL CHECK (reason BETWEEN 1 AND 4),
                words_key INTEGER NOT NULL,
                words BLOB NOT NULL,
                PRIMARY KEY (order_id, number),
                UNIQUE (order_id, asked_by),
                CHECK ((ended_at = 0) = (stage IN (1, 2, 5)))
            ) STRICT, WITHOUT ROWID;
            CREATE UNIQUE INDEX cancellation_open ON cancellation (order_id) WHERE stage IN (1, 2, 5);
            CREATE INDEX cancellation_party ON cancellation (asked_by, order_id);
            """),
    ]

    static let digestTables = [
        "policy", "party", "price_range", "listing", "lead", "bid", "orders", "review", "application",
        "meeting", "party_rating", "proxy_number", "activation", "strike", "cancellation",
    ]
}
