/// The tables of prepaid lines and their calls (E).
extension WalletSchema {
    static let prepaidLines = """
        CREATE TABLE telephone_switch (
            party INTEGER PRIMARY KEY,
            provider INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE billing_profile (
            id INTEGER PRIMARY KEY,
            marketplace INTEGER NOT NULL,
            provider INTEGER NOT NULL,
            name TEXT NOT NULL,
            country TEXT NOT NULL,
            caller_list INTEGER NOT NULL CHECK (caller_list > 0),
            settings BLOB NOT NULL,
            tariff_version INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX billing_profile_of_provider ON billing_profile (provider, id);
        CREATE TABLE service_line (
            number TEXT PRIMARY KEY,
            profile INTEGER NOT NULL REFERENCES billing_profile (id),
            target TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX service_line_of_profile ON service_line (profile, number);
        CREATE TABLE tariff (
            profile INTEGER NOT NULL REFERENCES billing_profile (id),
            version INTEGER NOT NULL CHECK (version > 0),
            terms BLOB NOT NULL,
            set_at INTEGER NOT NULL,
            PRIMARY KEY (profile, version)
        ) STRICT, WITHOUT ROWID;
        -- What is reserved is the sum over the calls in progress. The money itself stands in the ledger.
        CREATE TABLE caller_account (
            id INTEGER PRIMARY KEY,
            profile INTEGER NOT NULL REFERENCES billing_profile (id),
            reserved INTEGER NOT NULL CHECK (reserved >= 0),
            merged_into INTEGER NOT NULL CHECK (merged_into = 0 OR reserved = 0),
            top_ups INTEGER NOT NULL,
            last_top_up_at INTEGER NOT NULL,
            opened_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX caller_account_merged ON caller_account (merged_into) WHERE merged_into > 0;
        -- A number, by its name in the vault, and the balance that it uses now.
        CREATE TABLE caller_number (
            profile INTEGER NOT NULL REFERENCES billing_profile (id),
            caller INTEGER NOT NULL,
            account INTEGER NOT NULL UNIQUE REFERENCES caller_account (id),
            PRIMARY KEY (profile, caller)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE first_caller (
            provider INTEGER NOT NULL,
            list INTEGER NOT NULL,
            caller INTEGER NOT NULL,
            first_charged_at INTEGER NOT NULL,
            free_taken INTEGER NOT NULL CHECK (free_taken >= 0),
            PRIMARY KEY (provider, list, caller)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE caller_top_up (
            payment INTEGER PRIMARY KEY,
            profile INTEGER NOT NULL REFERENCES billing_profile (id),
            caller INTEGER NOT NULL,
            account INTEGER NOT NULL,
            currency INTEGER NOT NULL,
            amount INTEGER NOT NULL CHECK (amount > 0),
            bonus INTEGER NOT NULL CHECK (bonus >= 0),
            method TEXT NOT NULL,
            state INTEGER NOT NULL,
            charged_back INTEGER NOT NULL CHECK (charged_back = 0 OR state = 3),
            started_at INTEGER NOT NULL,
            -- In hexadecimal.
            receipt TEXT NOT NULL UNIQUE CHECK (length(receipt) = 32)
        ) STRICT;
        -- Stages: 1 in progress, 2 hung up, 3 not put through, 4 lost, 5 turned away. Instants are the switch's, but
        -- for heard_at, when the wallet heard of the call last.
        CREATE TABLE call (
            id INTEGER PRIMARY KEY,
            profile INTEGER NOT NULL REFERENCES billing_profile (id),
            policy_version INTEGER NOT NULL,
            account INTEGER NOT NULL,
            caller INTEGER NOT NULL,
            withheld INTEGER NOT NULL,
            telephone_switch INTEGER NOT NULL,
            switch_call INTEGER NOT NULL,
            called TEXT NOT NULL,
            line INTEGER NOT NULL,
            verdict INTEGER NOT NULL,
            stage INTEGER NOT NULL CHECK (stage BETWEEN 1 AND 5),
            tariff_version INTEGER NOT NULL,
            list INTEGER NOT NULL,
            -- 0 none, 1 free seconds, 2 other prices.
            benefit INTEGER NOT NULL,
            free_seconds INTEGER NOT NULL,
            began_at INTEGER NOT NULL,
            heard_at INTEGER NOT NULL,
            reserved INTEGER NOT NULL CHECK (reserved >= 0),
            announced_at INTEGER,
            answer INTEGER NOT NULL,
            answered_at INTEGER,
            confirmed_at INTEGER NOT NULL,
            warned INTEGER NOT NULL,
            ended_at INTEGER CHECK ((ended_at IS NULL) = (stage = 1)),
            length INTEGER NOT NULL,
            overrun INTEGER NOT NULL,
            billed_seconds INTEGER NOT NULL,
            connect_fee INTEGER NOT NULL,
            usage INTEGER NOT NULL,
            charge INTEGER NOT NULL CHECK (charge BETWEEN 0 AND reserved),
            from_bonus INTEGER NOT NULL CHECK (from_bonus BETWEEN 0 AND charge),
            entry INTEGER NOT NULL,
            UNIQUE (telephone_switch, switch_call)
        ) STRICT;
        CREATE INDEX call_of_profile ON call (profile, id);
        CREATE INDEX call_of_caller ON call (profile, caller, id);
        CREATE INDEX call_of_account ON call (account, id) WHERE account > 0;
        CREATE INDEX call_in_progress ON call (account) WHERE stage = 1;
        CREATE UNIQUE INDEX call_of_entry ON call (entry) WHERE entry > 0;
        CREATE TRIGGER call_ends_once BEFORE UPDATE OF stage ON call WHEN OLD.stage <> 1
            BEGIN SELECT RAISE(ABORT, 'a call ends exactly once'); END;
        """

    /// A caller's calls are found by its balance, and those without one by its number.
    static let turnedAwayByCaller = """
        DROP INDEX call_of_caller;
        CREATE INDEX call_turned_away_of_caller ON call (profile, caller, id) WHERE account = 0;
        """
}
