import Storage

/// The vault's tables. What is personal stands in them sealed; the keys lie in the key store, outside.
enum VaultSchema {
    /// The tables whose content is the vault's state.
    static let digestTables = [
        "marketplaces", "parties", "sessions", "revocations", "billing_identities", "contacts",
        "contact_hashes",
        "objections", "grants", "contracts", "reveals", "key_rotations", "switches", "callers", "routes",
    ]

    static let migrations = [
        Migration(
            "vault-1",
            """
            CREATE TABLE marketplaces (
                marketplace INTEGER NOT NULL CHECK (marketplace > 0),
                version INTEGER NOT NULL CHECK (version > 0),
                name TEXT NOT NULL,
                policy BLOB NOT NULL,
                published_at INTEGER NOT NULL,
                PRIMARY KEY (marketplace, version)
            ) STRICT, WITHOUT ROWID;

            -- Operators belong to marketplace 0. Closed parties have no hash: their address may register again.
            CREATE TABLE parties (
                party INTEGER PRIMARY KEY,
                marketplace INTEGER NOT NULL,
                roles INTEGER NOT NULL CHECK (roles BETWEEN 1 AND 8),
                state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 5),
                before_suspension INTEGER NOT NULL CHECK (before_suspension IN (1, 2, 3, 5)),
                language INTEGER NOT NULL,
                reason TEXT NOT NULL,
                email_key INTEGER NOT NULL,
                email BLOB NOT NULL,
                email_hash BLOB CHECK (length(email_hash) = 32),
                name_key INTEGER NOT NULL,
                name BLOB NOT NULL,
                credential_key INTEGER NOT NULL,
                credential BLOB NOT NULL,
                credential_number INTEGER NOT NULL,
                link_generation INTEGER NOT NULL,
                registered_at INTEGER NOT NULL,
                CHECK ((state = 5) = (email_hash IS NULL))
            ) STRICT;
            CREATE UNIQUE INDEX parties_by_email ON parties (marketplace, email_hash) WHERE email_hash IS NOT NULL;
            CREATE INDEX parties_by_marketplace ON parties (marketplace, party);

            CREATE TABLE sessions (
                session INTEGER PRIMARY KEY,
                party INTEGER NOT NULL REFERENCES parties,
                marketplace INTEGER NOT NULL,
                generation INTEGER NOT NULL,
                opened_at INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX sessions_by_party ON sessions (party, session);

            CREATE TABLE revocations (
                number INTEGER PRIMARY KEY,
                party INTEGER NOT NULL,
                session INTEGER NOT NULL,
                at INTEGER NOT NULL
            ) STRICT;

            CREATE TABLE billing_identities (
                identity INTEGER PRIMARY KEY,
                party INTEGER NOT NULL REFERENCES parties,
                country TEXT NOT NULL CHECK (length(country) = 2),
                sealed BLOB NOT NULL,
                set_at INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX billing_identities_by_party ON billing_identities (party, identity);

            CREATE TABLE contacts (
                contact INTEGER PRIMARY KEY,
                seller INTEGER NOT NULL REFERENCES parties,
                marketplace INTEGER NOT NULL,
                state INTEGER NOT NULL CHECK (state BETWEEN 1 AND 5),
                listing INTEGER NOT NULL,
                sold_at INTEGER NOT NULL,
                inquired_at INTEGER NOT NULL,
                has_inquiry_proof INTEGER NOT NULL CHECK (has_inquiry_proof IN (0, 1)),
                preferred_channel INTEGER NOT NULL,
                sealed BLOB NOT NULL,
                sealed_at INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX contacts_by_seller ON contacts (seller, contact);

            -- By these hashes the same person is recognised, without anything stored in clear (F10).
            CREATE TABLE contact_hashes (
                hash BLOB NOT NULL CHECK (length(hash) = 32),
                contact INTEGER NOT NULL REFERENCES contacts,
                PRIMARY KEY (hash, contact)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX contact_hashes_by_contact ON contact_hashes (contact, hash);

            CREATE TABLE objections (
                hash BLOB PRIMARY KEY CHECK (length(hash) = 32),
                objected_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE grants (
                grant_id INTEGER PRIMARY KEY,
                order_id INTEGER NOT NULL UNIQUE,
                listing INTEGER NOT NULL,
                contact INTEGER NOT NULL REFERENCES contacts,
                party INTEGER NOT NULL,
                purpose TEXT NOT NULL,
                granted_at INTEGER NOT NULL
            ) STRICT;

            -- Hash-chained (F4): each row's hash runs over its content and the hash of the row before.
            CREATE TABLE reveals (
                number INTEGER PRIMARY KEY,
                at INTEGER NOT NULL,
                kind INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 3),
                contact INTEGER NOT NULL,
                party INTEGER NOT NULL,
                grant_id INTEGER NOT NULL REFERENCES grants,
                order_id INTEGER NOT NULL,
                fields TEXT NOT NULL,
                purpose TEXT NOT NULL,
                hash BLOB NOT NULL CHECK (length(hash) = 32)
            ) STRICT;
            CREATE INDEX reveals_by_contact ON reveals (contact, number);
            CREATE UNIQUE INDEX reveals_once_per_delivery ON reveals (grant_id, purpose) WHERE kind = 3;

            CREATE TABLE key_rotations (
                version INTEGER PRIMARY KEY,
                party INTEGER NOT NULL,
                at INTEGER NOT NULL
            ) STRICT;
            """),
        Migration(
            "vault-contracts",
            """
            -- A party's own contact, for its trading partners.
            ALTER TABLE contacts ADD COLUMN card INTEGER NOT NULL DEFAULT 0 CHECK (card IN (0, 1));
            ALTER TABLE parties ADD COLUMN card INTEGER NOT NULL DEFAULT 0;

            -- One permission an order and party: both sides of a contract have one.
            CREATE TABLE grants_of_both (
                grant_id INTEGER PRIMARY KEY,
                order_id INTEGER NOT NULL,
                listing INTEGER NOT NULL,
                contact INTEGER NOT NULL REFERENCES contacts,
                party INTEGER NOT NULL,
                purpose TEXT NOT NULL,
                granted_at INTEGER NOT NULL,
                UNIQUE (order_id, party)
            ) STRICT;
            INSERT INTO grants_of_both
            SELECT grant_id, order_id, listing, contact, party, purpose, granted_at FROM grants;
            DROP TABLE grants;
            ALTER TABLE grants_of_both RENAME TO grants;

            -- What was agreed, and whose data belong to it; the data themselves stay sealed in contacts.
            CREATE TABLE contracts (
                order_id INTEGER PRIMARY KEY,
                buyer INTEGER NOT NULL,
                seller INTEGER NOT NULL,
                contact INTEGER NOT NULL REFERENCES contacts,
                card INTEGER NOT NULL,
                terms BLOB NOT NULL
            ) STRICT;
            """),
        Migration(
            "vault-2",
            """
            CREATE TABLE switches (
                party INTEGER PRIMARY KEY REFERENCES parties,
                provider INTEGER NOT NULL REFERENCES parties
            ) STRICT;
            CREATE INDEX switches_by_provider ON switches (provider, party);

            -- Numbers that call providers (E10). The hash is keyed, and another for each provider.
            CREATE TABLE callers (
                caller INTEGER PRIMARY KEY,
                provider INTEGER NOT NULL REFERENCES parties,
                hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
                number_key INTEGER NOT NULL,
                number BLOB NOT NULL,
                met_at INTEGER NOT NULL
            ) STRICT;
            """),
        Migration(
            "vault-routes",
            """
            -- Where preliminary calls go (D1): an activation's contact, while its number is attached. One whose end was
            -- heard of before its beginning, which happens to messages that are set aside, is closed.
            CREATE TABLE routes (
                activation INTEGER PRIMARY KEY,
                listing INTEGER NOT NULL,
                contact INTEGER NOT NULL,
                marketplace INTEGER NOT NULL,
                closed INTEGER NOT NULL CHECK (closed IN (0, 1))
            ) STRICT;
            """),
        Migration(
            "vault: callers by provider", "CREATE INDEX callers_of_provider ON callers (provider, caller);"),
    ]
}
