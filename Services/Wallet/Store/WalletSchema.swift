import Storage

/// The wallet's tables. Money stands in minor units; 0 stands for no id and no instant.
enum WalletSchema {
    static let migrations = [
        Migration("wallet 1: copies of marketplaces and parties", copies),
        Migration("wallet 2: ledger", ledger),
        Migration("wallet 3: holds", holds),
        Migration("wallet 4: sales, payments, payout accounts", payments),
        Migration("wallet 5: invoices", invoices),
        Migration("wallet: methods of paying", methods),
        Migration("wallet 6: prepaid lines", prepaidLines),
        Migration("wallet: preliminary calls", preliminaryCalls),
        Migration("wallet: documents by recipient", documents),
        Migration("wallet: statements of lines", lineStatements),
        Migration("wallet: calls turned away, by caller", turnedAwayByCaller),
        Migration("wallet: legs without foreign keys", legsAlone),
    ]

    /// Every table of state, for the digest.
    static let digestTables = [
        "marketplace", "party", "billing_identity", "account", "entry", "leg", "hold", "hold_sweep", "sale",
        "payment",
        "payout_link", "invoice", "payment_method", "charged_order", "telephone_switch", "billing_profile",
        "service_line", "tariff", "caller_account", "caller_number", "first_caller", "caller_top_up", "call",
        "proxy_line", "lead_call",
        "line_statement",
    ]

    /// An entry's row is written by the same call as its legs, and that a leg's account has a row is seen where the balance
    /// is written. Asking for both again with each leg took a tenth of a transfer.
    private static let legsAlone = """
        CREATE TABLE leg_alone (
            account INTEGER NOT NULL,
            at INTEGER NOT NULL,
            entry INTEGER NOT NULL,
            amount INTEGER NOT NULL CHECK (amount <> 0),
            balance INTEGER NOT NULL,
            PRIMARY KEY (account, at, entry)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO leg_alone SELECT account, at, entry, amount, balance FROM leg ORDER BY account, at, entry;
        DROP TABLE leg;
        ALTER TABLE leg_alone RENAME TO leg;
        CREATE TRIGGER leg_stays BEFORE UPDATE ON leg
            BEGIN SELECT RAISE(ABORT, 'a leg is never changed'); END;
        CREATE TRIGGER leg_is_kept BEFORE DELETE ON leg
            BEGIN SELECT RAISE(ABORT, 'a leg is never deleted'); END;
        """

    private static let lineStatements = """
        CREATE TABLE line_statement (
            invoice INTEGER PRIMARY KEY REFERENCES invoice (id),
            period_from INTEGER NOT NULL,
            period_to INTEGER NOT NULL CHECK (period_to > period_from),
            profiles INTEGER NOT NULL,
            paid_in INTEGER NOT NULL CHECK (paid_in >= 0),
            charged_back INTEGER NOT NULL CHECK (charged_back >= 0),
            monthly INTEGER NOT NULL CHECK (monthly >= 0),
            share INTEGER NOT NULL CHECK (share >= 0)
        ) STRICT;
        """

    /// A document says itself whom it is for and what about, so that there are others than those of an order's buyer:
    /// subjects are 1 an order, 2 the fee of a sale that was undone, 3 a month of a provider's lines. `seller` is 0 where
    /// it names none.
    private static let documents = """
        CREATE TABLE document (
            id INTEGER PRIMARY KEY,
            number TEXT NOT NULL UNIQUE,
            marketplace INTEGER NOT NULL,
            policy_version INTEGER NOT NULL,
            year INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            ordinal INTEGER NOT NULL CHECK (ordinal > 0),
            issued_at INTEGER NOT NULL,
            subject INTEGER NOT NULL CHECK (subject BETWEEN 1 AND 3),
            order_id INTEGER NOT NULL,
            listing INTEGER NOT NULL,
            title TEXT NOT NULL,
            recipient INTEGER NOT NULL,
            recipient_identity INTEGER NOT NULL,
            seller INTEGER NOT NULL,
            seller_identity INTEGER NOT NULL,
            language INTEGER NOT NULL,
            currency INTEGER NOT NULL,
            price INTEGER NOT NULL,
            fee INTEGER NOT NULL,
            vat INTEGER NOT NULL,
            total INTEGER NOT NULL CHECK (total = price + fee + vat),
            corrects INTEGER NOT NULL CHECK ((corrects = 0) = (kind = 1)),
            reason TEXT NOT NULL,
            UNIQUE (marketplace, year, kind, ordinal),
            CHECK ((order_id = 0) = (subject = 3)),
            FOREIGN KEY (marketplace, policy_version) REFERENCES marketplace (id, version)
        ) STRICT;
        INSERT INTO document
        SELECT i.id, i.number, i.marketplace, s.policy_version, i.year, i.kind, i.ordinal, i.issued_at, 1,
            i.order_id, s.listing, s.title, i.buyer, i.buyer_identity, s.seller, i.seller_identity, i.language,
            i.currency, i.price, i.fee, i.vat, i.total, i.corrects, i.reason
        FROM invoice i JOIN sale s ON s.order_id = i.order_id;
        DROP TABLE invoice;
        ALTER TABLE document RENAME TO invoice;
        CREATE INDEX invoice_of_recipient ON invoice (recipient, id);
        CREATE INDEX invoice_of_order ON invoice (order_id, id);
        CREATE TRIGGER invoice_stays BEFORE UPDATE ON invoice
            BEGIN SELECT RAISE(ABORT, 'an invoice is never changed'); END;
        CREATE TRIGGER invoice_is_kept BEFORE DELETE ON invoice
            BEGIN SELECT RAISE(ABORT, 'an invoice is never deleted'); END;
        """

    private static let methods = """
        CREATE TABLE payment_method (
            party INTEGER PRIMARY KEY,
            method TEXT NOT NULL
        ) STRICT;
        -- Orders whose money the provider is asked for, until it has answered.
        CREATE TABLE charged_order (
            payment INTEGER PRIMARY KEY REFERENCES payment (id),
            order_id INTEGER NOT NULL UNIQUE,
            request BLOB NOT NULL
        ) STRICT;
        """

    private static let copies = """
        CREATE TABLE marketplace (
            id INTEGER NOT NULL,
            version INTEGER NOT NULL,
            name TEXT NOT NULL,
            policy BLOB NOT NULL,
            PRIMARY KEY (id, version)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE party (
            id INTEGER PRIMARY KEY,
            marketplace INTEGER NOT NULL,
            roles INTEGER NOT NULL,
            state INTEGER NOT NULL,
            language INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE billing_identity (
            party INTEGER PRIMARY KEY,
            identity INTEGER NOT NULL,
            country TEXT NOT NULL,
            has_tax_number INTEGER NOT NULL
        ) STRICT;
        """

    /// Classes: 1 wallet, 2 receivable, 3 cash, 4 escrow, 5 fees, 6 commissions, 7 VAT, 8 payout clearing,
    /// 9 goodwill; of callers 10 paid in, 11 bonus, 12 debt; of providers 13 cash, 14 bonus given, 15 revenue.
    /// 2, 3, 9 and 12 to 14 are debit accounts. A caller's number stands in `party`; no class is both kinds'.
    private static let ledger = """
        CREATE TABLE account (
            id INTEGER PRIMARY KEY,
            marketplace INTEGER NOT NULL,
            party INTEGER NOT NULL,
            currency INTEGER NOT NULL CHECK (currency > 0),
            class INTEGER NOT NULL CHECK (class BETWEEN 1 AND 15),
            posted INTEGER NOT NULL,
            held INTEGER NOT NULL CHECK (held >= 0),
            UNIQUE (party, marketplace, currency, class),
            CHECK ((party > 0) = (class = 1 OR class = 2 OR class >= 10)),
            CHECK (held = 0 OR class = 1),
            -- Spelled out: for a list of three, SQLite builds a tree of its own at each update.
            CHECK (class = 2 OR class = 3 OR class = 9 OR class BETWEEN 12 AND 14 OR posted - held >= 0),
            CHECK ((class <> 2 AND class <> 3 AND class <> 9 AND class NOT BETWEEN 12 AND 14) OR posted <= 0)
        ) STRICT;
        CREATE TABLE entry (
            id INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            marketplace INTEGER NOT NULL,
            order_id INTEGER NOT NULL,
            payment INTEGER NOT NULL,
            invoice INTEGER NOT NULL,
            actor INTEGER NOT NULL,
            text TEXT NOT NULL
        ) STRICT;
        CREATE TABLE leg (
            account INTEGER NOT NULL REFERENCES account (id),
            at INTEGER NOT NULL,
            entry INTEGER NOT NULL REFERENCES entry (id),
            amount INTEGER NOT NULL CHECK (amount <> 0),
            balance INTEGER NOT NULL,
            PRIMARY KEY (account, at, entry)
        ) STRICT, WITHOUT ROWID;
        CREATE TRIGGER entry_stays BEFORE UPDATE ON entry
            BEGIN SELECT RAISE(ABORT, 'an entry is never changed'); END;
        CREATE TRIGGER entry_is_kept BEFORE DELETE ON entry
            BEGIN SELECT RAISE(ABORT, 'an entry is never deleted'); END;
        CREATE TRIGGER leg_stays BEFORE UPDATE ON leg
            BEGIN SELECT RAISE(ABORT, 'a leg is never changed'); END;
        CREATE TRIGGER leg_is_kept BEFORE DELETE ON leg
            BEGIN SELECT RAISE(ABORT, 'a leg is never deleted'); END;
        """

    /// States: 1 held, 2 captured, 3 released, 4 disowned. The index holds live holds alone.
    private static let holds = """
        CREATE TABLE hold (
            id INTEGER PRIMARY KEY,
            account INTEGER NOT NULL REFERENCES account (id),
            listing INTEGER NOT NULL,
            amount INTEGER NOT NULL CHECK (amount > 0),
            state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 4),
            captured INTEGER NOT NULL CHECK (captured = 0 OR state = 2),
            deadline INTEGER NOT NULL,
            ask_at INTEGER NOT NULL,
            placed_at INTEGER NOT NULL,
            ended_at INTEGER NOT NULL CHECK ((ended_at = 0) = (state = 1))
        ) STRICT;
        CREATE INDEX hold_to_ask ON hold (ask_at) WHERE state = 1;
        CREATE TRIGGER hold_ends_once BEFORE UPDATE OF state ON hold WHEN OLD.state <> 1
            BEGIN SELECT RAISE(ABORT, 'a hold ends exactly once'); END;
        CREATE TABLE hold_sweep (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            at INTEGER NOT NULL
        ) STRICT;
        INSERT INTO hold_sweep (id, at) VALUES (1, 0);
        """

    private static let payments = """
        CREATE TABLE sale (
            order_id INTEGER PRIMARY KEY,
            marketplace INTEGER NOT NULL,
            policy_version INTEGER NOT NULL,
            listing INTEGER NOT NULL,
            title TEXT NOT NULL,
            buyer INTEGER NOT NULL,
            seller INTEGER NOT NULL CHECK (seller <> buyer),
            currency INTEGER NOT NULL,
            price INTEGER NOT NULL CHECK (price > 0),
            fee INTEGER NOT NULL CHECK (fee >= 0),
            vat INTEGER NOT NULL CHECK (vat >= 0),
            refunded INTEGER NOT NULL CHECK (refunded BETWEEN 0 AND price),
            state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 4),
            invoice INTEGER NOT NULL,
            payout INTEGER NOT NULL,
            FOREIGN KEY (marketplace, policy_version) REFERENCES marketplace (id, version)
        ) STRICT;
        CREATE TABLE payment (
            id INTEGER PRIMARY KEY,
            kind INTEGER NOT NULL,
            state INTEGER NOT NULL,
            marketplace INTEGER NOT NULL,
            party INTEGER NOT NULL,
            currency INTEGER NOT NULL,
            amount INTEGER NOT NULL CHECK (amount > 0),
            method TEXT NOT NULL,
            order_id INTEGER NOT NULL,
            link INTEGER NOT NULL,
            started_at INTEGER NOT NULL,
            ended_at INTEGER NOT NULL CHECK ((ended_at = 0) = (state IN (1, 2))),
            reason TEXT NOT NULL
        ) STRICT;
        CREATE INDEX payment_of_party ON payment (party, id);
        CREATE UNIQUE INDEX payout_of_order ON payment (order_id) WHERE kind = 2;
        CREATE TABLE payout_link (
            id INTEGER PRIMARY KEY,
            party INTEGER NOT NULL,
            marketplace INTEGER NOT NULL,
            reference_key INTEGER NOT NULL,
            reference BLOB NOT NULL,
            state INTEGER NOT NULL,
            since INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX payout_link_of_party ON payout_link (party, id);
        CREATE UNIQUE INDEX payout_link_verified ON payout_link (party) WHERE state = 3;
        """

    private static let invoices = """
        CREATE TABLE invoice (
            id INTEGER PRIMARY KEY,
            number TEXT NOT NULL UNIQUE,
            marketplace INTEGER NOT NULL,
            year INTEGER NOT NULL,
            kind INTEGER NOT NULL,
            ordinal INTEGER NOT NULL CHECK (ordinal > 0),
            issued_at INTEGER NOT NULL,
            order_id INTEGER NOT NULL REFERENCES sale (order_id),
            buyer INTEGER NOT NULL,
            buyer_identity INTEGER NOT NULL,
            seller_identity INTEGER NOT NULL,
            language INTEGER NOT NULL,
            currency INTEGER NOT NULL,
            price INTEGER NOT NULL,
            fee INTEGER NOT NULL,
            vat INTEGER NOT NULL,
            total INTEGER NOT NULL CHECK (total = price + fee + vat),
            corrects INTEGER NOT NULL CHECK ((corrects = 0) = (kind = 1)),
            reason TEXT NOT NULL,
            UNIQUE (marketplace, year, kind, ordinal)
        ) STRICT;
        CREATE INDEX invoice_of_buyer ON invoice (buyer, id);
        CREATE INDEX invoice_of_order ON invoice (order_id, id);
        CREATE TRIGGER invoice_stays BEFORE UPDATE ON invoice
            BEGIN SELECT RAISE(ABORT, 'an invoice is never changed'); END;
        CREATE TRIGGER invoice_is_kept BEFORE DELETE ON invoice
            BEGIN SELECT RAISE(ABORT, 'an invoice is never deleted'); END;
        """
}
