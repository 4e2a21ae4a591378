/// The tables of preliminary calls (D).
extension WalletSchema {
    static let preliminaryCalls = """
        -- Activations and their proxy numbers. One whose end was heard of before its beginning, which happens to messages
        -- that are set aside, has no number and is closed.
        CREATE TABLE proxy_line (
            activation INTEGER PRIMARY KEY,
            number TEXT NOT NULL,
            marketplace INTEGER NOT NULL,
            policy_version INTEGER NOT NULL,
            listing INTEGER NOT NULL,
            buyer INTEGER NOT NULL,
            caller INTEGER NOT NULL,
            closed INTEGER NOT NULL CHECK (closed IN (0, 1))
        ) STRICT;
        CREATE INDEX proxy_line_of_number ON proxy_line (number, closed, activation);
        -- Stages as in call, and 6: ended by the house. Instants are the switch's, but for heard_at. What is reserved is
        -- part of what the wallet's account holds.
        CREATE TABLE lead_call (
            id INTEGER PRIMARY KEY,
            activation INTEGER NOT NULL,
            listing INTEGER NOT NULL,
            marketplace INTEGER NOT NULL,
            policy_version INTEGER NOT NULL,
            buyer INTEGER NOT NULL,
            account INTEGER NOT NULL,
            caller INTEGER NOT NULL,
            withheld INTEGER NOT NULL,
            telephone_switch INTEGER NOT NULL,
            switch_call INTEGER NOT NULL,
            called TEXT NOT NULL,
            line INTEGER NOT NULL,
            verdict INTEGER NOT NULL,
            stage INTEGER NOT NULL CHECK (stage BETWEEN 1 AND 6),
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
            attempt_fee INTEGER NOT NULL,
            usage INTEGER NOT NULL,
            charge INTEGER NOT NULL CHECK (charge = attempt_fee + usage AND charge <= reserved),
            vat INTEGER NOT NULL CHECK (vat BETWEEN 0 AND charge),
            credited INTEGER NOT NULL CHECK (credited IN (0, 1)),
            entry INTEGER NOT NULL,
            UNIQUE (telephone_switch, switch_call)
        ) STRICT;
        CREATE INDEX lead_call_of_activation ON lead_call (activation, id);
        CREATE INDEX lead_call_in_progress ON lead_call (account) WHERE stage = 1;
        CREATE TRIGGER lead_call_ends_once BEFORE UPDATE OF stage ON lead_call WHEN OLD.stage <> 1
            BEGIN SELECT RAISE(ABORT, 'a call ends exactly once'); END;
        """
}
