/// The tables of preliminary calls (D).
extension Schema {
    static let preliminaryCalls = """
        -- A number belongs to one pool for good. free_at is the end of its last rest.
        CREATE TABLE proxy_number (
            number TEXT PRIMARY KEY,
            marketplace INTEGER NOT NULL,
            leased_to INTEGER NOT NULL,
            free_at INTEGER NOT NULL,
            retired INTEGER NOT NULL CHECK (retired IN (0, 1))
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX proxy_number_free ON proxy_number (marketplace, free_at, number)
            WHERE leased_to = 0 AND retired = 0;
        CREATE UNIQUE INDEX proxy_number_leased ON proxy_number (leased_to) WHERE leased_to > 0;

        -- Its number is an order's and its hold's. Stages 1 to 3 are under way.
        CREATE TABLE activation (
            id INTEGER PRIMARY KEY,
            listing INTEGER NOT NULL REFERENCES listing (id),
            marketplace INTEGER NOT NULL,
            policy_version INTEGER NOT NULL,
            buyer INTEGER NOT NULL,
            contact INTEGER NOT NULL,
            caller INTEGER NOT NULL CHECK (caller > 0),
            number TEXT NOT NULL REFERENCES proxy_number (number),
            price INTEGER NOT NULL CHECK (price > 0),
            frozen INTEGER NOT NULL CHECK (frozen >= price),
            currency INTEGER NOT NULL,
            stage INTEGER NOT NULL CHECK (stage BETWEEN 1 AND 9),
            ticket INTEGER NOT NULL,
            until INTEGER NOT NULL,
            activated_at INTEGER NOT NULL CHECK ((activated_at = 0) = (stage = 1)),
            ended_at INTEGER NOT NULL CHECK ((ended_at = 0) = (stage < 4)),
            order_id INTEGER NOT NULL,
            FOREIGN KEY (marketplace, policy_version) REFERENCES policy (marketplace, version)
        ) STRICT;
        CREATE INDEX activation_buyer ON activation (buyer, id);
        -- One a buyer and listing at a time, and one a number.
        CREATE UNIQUE INDEX activation_live ON activation (listing, buyer) WHERE stage IN (1, 2, 3);
        CREATE UNIQUE INDEX activation_number ON activation (number) WHERE stage IN (1, 2, 3);
        CREATE INDEX activation_live_buyer ON activation (buyer, id) WHERE stage IN (1, 2, 3);

        CREATE TABLE strike (
            id INTEGER PRIMARY KEY,
            activation INTEGER NOT NULL REFERENCES activation (id),
            listing INTEGER NOT NULL,
            marketplace INTEGER NOT NULL,
            party INTEGER NOT NULL,
            call INTEGER NOT NULL UNIQUE,
            source INTEGER NOT NULL CHECK (source BETWEEN 1 AND 2),
            consequence INTEGER NOT NULL CHECK (consequence BETWEEN 1 AND 3),
            state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 4),
            said_at INTEGER NOT NULL,
            recorded_at INTEGER NOT NULL,
            words_key INTEGER NOT NULL,
            words BLOB NOT NULL,
            contest_key INTEGER NOT NULL,
            contest BLOB NOT NULL,
            decided_at INTEGER NOT NULL CHECK ((decided_at = 0) = (state < 3))
        ) STRICT;
        CREATE INDEX strike_party ON strike (party, id);
        CREATE INDEX strike_listing ON strike (listing, id);
        """
}
