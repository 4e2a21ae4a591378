import Storage

enum Schema {
    /// Every table that is this service's state.
    static let tables = [
        "marketplace", "recipient", "inbox", "pending_email", "conversation", "conversation_member",
        "message", "prospect_email",
    ]

    static let migrations = [
        Migration(
            "notifications 1",
            """
            CREATE TABLE marketplace (
                marketplace INTEGER PRIMARY KEY,
                version INTEGER NOT NULL,
                name TEXT NOT NULL,
                language INTEGER NOT NULL,
                zone_minutes INTEGER NOT NULL,
                summer_time INTEGER NOT NULL
            ) STRICT;

            CREATE TABLE recipient (
                party INTEGER PRIMARY KEY,
                marketplace INTEGER NOT NULL,
                language INTEGER NOT NULL,
                unread INTEGER NOT NULL DEFAULT 0 CHECK (unread >= 0),
                latest INTEGER NOT NULL DEFAULT 0
            ) STRICT;

            -- In one tree by party: telling a party writes one row, and reading an inbox is one range.
            CREATE TABLE inbox (
                party INTEGER NOT NULL,
                item INTEGER NOT NULL,
                told_at INTEGER NOT NULL,
                notice BLOB NOT NULL,
                notice_version INTEGER NOT NULL,
                read_at INTEGER NOT NULL DEFAULT 0,
                email INTEGER NOT NULL,
                attempts INTEGER NOT NULL DEFAULT 0,
                attempted_at INTEGER NOT NULL DEFAULT 0,
                failure TEXT NOT NULL DEFAULT '',
                PRIMARY KEY (party, item)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX inbox_failed ON inbox (item) WHERE email = 4;

            -- E-mails that a newer one may still replace (item), and when the key's next one may leave. The effect
            -- keeps the number of the first of them.
            CREATE TABLE pending_email (
                party INTEGER NOT NULL,
                replaces INTEGER NOT NULL,
                effect INTEGER NOT NULL,
                item INTEGER NOT NULL,
                resumes_at INTEGER NOT NULL,
                PRIMARY KEY (party, replaces)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE conversation (
                order_id INTEGER PRIMARY KEY,
                listing INTEGER NOT NULL,
                marketplace INTEGER NOT NULL,
                title TEXT NOT NULL
            ) STRICT;

            CREATE TABLE conversation_member (
                order_id INTEGER NOT NULL REFERENCES conversation,
                party INTEGER NOT NULL,
                PRIMARY KEY (order_id, party)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE message (
                message INTEGER PRIMARY KEY,
                order_id INTEGER NOT NULL REFERENCES conversation,
                party INTEGER NOT NULL,
                author INTEGER NOT NULL,
                posted_at INTEGER NOT NULL,
                text_key INTEGER NOT NULL,
                text BLOB NOT NULL
            ) STRICT;
            CREATE INDEX message_order ON message (order_id, message);
            CREATE INDEX message_party ON message (party, message);
            """),
        Migration(
            "notifications 2",
            """
            -- The prospect of an application takes part by links; 0: none does, or no more. It is told of one message
            -- by e-mail, and again once it has looked.
            ALTER TABLE conversation ADD COLUMN contact INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE conversation ADD COLUMN prospect_told INTEGER NOT NULL DEFAULT 0
                CHECK (prospect_told IN (0, 1));

            CREATE TABLE prospect_email (
                item INTEGER PRIMARY KEY,
                told_at INTEGER NOT NULL,
                notice BLOB NOT NULL,
                notice_version INTEGER NOT NULL,
                email INTEGER NOT NULL CHECK (email BETWEEN 2 AND 4),
                attempts INTEGER NOT NULL,
                attempted_at INTEGER NOT NULL,
                failure TEXT NOT NULL
            ) STRICT;
            """),
        Migration(
            "notifications 3",
            """
            -- The prospect's contact is still to be revealed.
            ALTER TABLE conversation ADD COLUMN contact_sealed INTEGER NOT NULL DEFAULT 0
                CHECK (contact_sealed IN (0, 1));
            """),
    ]
}
