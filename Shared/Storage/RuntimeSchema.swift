/// The tables that the runtime keeps in every store, beside those of the service.
enum RuntimeSchema {
    static let migrations = [
        Migration(
            "gavel-1",
            """
            CREATE TABLE gavel_meta (
                id INTEGER PRIMARY KEY CHECK (id = 1),
                store INTEGER NOT NULL
            ) STRICT;
            INSERT INTO gavel_meta (id, store) VALUES (1, abs(random() >> 1));

            CREATE TABLE gavel_journal (
                seq INTEGER PRIMARY KEY,
                at INTEGER NOT NULL,
                due INTEGER NOT NULL,
                rules INTEGER NOT NULL,
                source INTEGER NOT NULL,
                party INTEGER NOT NULL,
                scope INTEGER NOT NULL,
                session INTEGER NOT NULL,
                key_high INTEGER NOT NULL,
                key_low INTEGER NOT NULL,
                code INTEGER NOT NULL,
                version INTEGER NOT NULL,
                body BLOB NOT NULL,
                hash BLOB NOT NULL CHECK (length(hash) = 32)
            ) STRICT;

            CREATE TABLE gavel_replies (
                party INTEGER NOT NULL,
                key_high INTEGER NOT NULL,
                key_low INTEGER NOT NULL,
                body_high INTEGER NOT NULL,
                body_low INTEGER NOT NULL,
                seq INTEGER NOT NULL,
                at INTEGER NOT NULL,
                code INTEGER NOT NULL,
                reply BLOB NOT NULL,
                PRIMARY KEY (party, key_high, key_low)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE gavel_outbox (
                destination INTEGER NOT NULL,
                seq INTEGER NOT NULL,
                code INTEGER NOT NULL,
                version INTEGER NOT NULL,
                body BLOB NOT NULL,
                PRIMARY KEY (destination, seq)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE gavel_streams (
                peer INTEGER PRIMARY KEY,
                store INTEGER NOT NULL,
                sent INTEGER NOT NULL CHECK (sent >= acknowledged),
                acknowledged INTEGER NOT NULL,
                applied INTEGER NOT NULL
            ) STRICT;

            CREATE TABLE gavel_timers (
                code INTEGER NOT NULL,
                subject INTEGER NOT NULL,
                due INTEGER NOT NULL,
                body BLOB NOT NULL,
                PRIMARY KEY (code, subject)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX gavel_timers_due ON gavel_timers (due, code, subject);

            CREATE TABLE gavel_effects (
                code INTEGER NOT NULL,
                id INTEGER NOT NULL,
                due INTEGER NOT NULL,
                generation INTEGER NOT NULL,
                body BLOB NOT NULL,
                PRIMARY KEY (code, id)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX gavel_effects_due ON gavel_effects (due, code, id);

            CREATE TABLE gavel_parked (
                seq INTEGER PRIMARY KEY,
                at INTEGER NOT NULL,
                source INTEGER NOT NULL,
                party INTEGER NOT NULL,
                scope INTEGER NOT NULL,
                session INTEGER NOT NULL,
                code INTEGER NOT NULL,
                body BLOB NOT NULL,
                reason TEXT NOT NULL
            ) STRICT;

            CREATE TABLE gavel_destroyed_keys (
                key INTEGER PRIMARY KEY,
                at INTEGER NOT NULL
            ) STRICT;
            """),
        Migration(
            "gavel-2",
            """
            ALTER TABLE gavel_parked ADD COLUMN key_high INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE gavel_parked ADD COLUMN key_low INTEGER NOT NULL DEFAULT 0;
            """),
        // A row holds the run of messages from seq on that one batch wrote for the destination.
        Migration(
            "gavel-3",
            """
            ALTER TABLE gavel_outbox ADD COLUMN count INTEGER NOT NULL DEFAULT 1 CHECK (count > 0);
            """),
        // The protocol version of what was set aside.
        Migration(
            "gavel-4",
            """
            ALTER TABLE gavel_parked ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
            """),
        // A row holds the run of commands from seq on that one batch carried out.
        Migration(
            "gavel-5",
            """
            ALTER TABLE gavel_journal ADD COLUMN count INTEGER NOT NULL DEFAULT 1 CHECK (count > 0);
            """),
    ]
}
