import Kernel
import Messages
import Storage
import WalletRules

/// A billing profile on file.
struct Profile {
    let id: BillingProfileID
    let marketplace: MarketplaceID
    let provider: PartyID
    let country: String
    /// The list of first-time callers.
    let list: UInt32
    /// As it was set last.
    let settings: SetBillingProfile
    let tariffVersion: UInt32
}

/// Who is paid on a profile, and in which country numbers are read as local ones.
struct Payee {
    let provider: PartyID
    let country: String
}

extension Profile {
    var payee: Payee { Payee(provider: provider, country: country) }
}

/// A service number: whose profile a call to it is billed by, and where it is put through to.
struct ServiceLine {
    let profile: BillingProfileID
    let target: String
}

/// Billing profiles, their lines and tariffs (E12).
enum Profiles {
    static func find(_ id: BillingProfileID, _ store: Store) throws -> Profile? {
        try store.keepAtWriter(kept, id) {
            try store.first(
                """
                SELECT id, marketplace, provider, country, caller_list, settings, tariff_version
                FROM billing_profile WHERE id = ?
                """, id, read: read)
        }
    }

    private static let kept = Kept<BillingProfileID, Profile>()

    /// The acting provider's own; for others it does not exist (F9).
    static func find(_ id: BillingProfileID, of provider: PartyID, _ store: Store) throws -> Profile? {
        let found = try find(id, store)
        return found?.provider == provider ? found : nil
    }

    static func unknown(_ id: BillingProfileID) -> Refusal {
        Refusal(.notFound, expected: "a billing profile", found: "\(id)")
    }

    static func page(
        of provider: PartyID, after: BillingProfileID, limit: Int, _ store: Store
    ) throws -> [Profile] {
        try store.all(
            """
            SELECT id, marketplace, provider, country, caller_list, settings, tariff_version
            FROM billing_profile WHERE provider = ? AND id > ? ORDER BY id LIMIT ?
            """, provider, after, limit, read: read)
    }

    private static func read(_ row: Row) throws -> Profile {
        Profile(
            id: row.id(0), marketplace: row.marketplace(1), provider: row.id(2), country: row.text(3),
            list: UInt32(truncatingIfNeeded: row.int(4)), settings: try row.record(5),
            tariffVersion: UInt32(truncatingIfNeeded: row.int(6)))
    }

    static func save(
        _ settings: SetBillingProfile, as id: BillingProfileID, of provider: PartyID,
        in marketplace: MarketplaceID, _ store: Store
    ) throws {
        try store.run(
            """
            INSERT INTO billing_profile (id, marketplace, provider, name, country, caller_list, settings,
                tariff_version)
            VALUES (?, ?, ?, ?, ?, ?, ?, 0)
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, country = excluded.country,
                caller_list = excluded.caller_list, settings = excluded.settings
            """, id, marketplace, provider, settings.name, settings.country, settings.callerList,
            settings.encoded())
        try store.run("DELETE FROM service_line WHERE profile = ?", id)
        for line in settings.lines {
            try store.run(
                "INSERT INTO service_line (number, profile, target) VALUES (?, ?, ?)", line.number, id,
                line.target)
        }
        store.forget(kept, id)
        store.forgetAll(keptLine)
        Calls.forgetKept(store)
    }

    private static let keptLine = Kept<String, ServiceLine>()

    static func line(_ number: String, _ store: Store) throws -> ServiceLine? {
        try store.keepAtWriter(keptLine, number) {
            try store.first("SELECT profile, target FROM service_line WHERE number = ?", number) {
                ServiceLine(profile: $0.id(0), target: $0.text(1))
            }
        }
    }

    /// Whose line a number is, without the settings that only a handler needs.
    static func payee(of number: String, _ store: Store) throws -> Payee? {
        try store.first(
            """
            SELECT provider, country FROM service_line JOIN billing_profile ON billing_profile.id = profile
            WHERE number = ?
            """, number
        ) { Payee(provider: $0.id(0), country: $0.text(1)) }
    }

    // MARK: Tariffs

    static func terms(
        _ profile: BillingProfileID, version: UInt32, _ store: Store
    ) throws -> TariffTerms? {
        try store.first(
            "SELECT terms FROM tariff WHERE profile = ? AND version = ?", profile, version
        ) { try $0.record(0) }
    }

    /// A version that was found good when it was set.
    static func tariff(
        _ profile: BillingProfileID, version: UInt32, _ currency: Currency, _ store: Store
    ) throws -> Tariff {
        // A version is never changed, and every command of a call needs one.
        try store.keep(keptTariff, TariffVersion(profile: profile, version: version)) {
            guard let terms = try terms(profile, version: version, store),
                case .success(let tariff) = Tariff.stated(terms, version: version, currency)
            else { throw WalletFault.rowMissing("a tariff that was set") }
            return tariff
        }
    }

    private static let keptTariff = Kept<TariffVersion, Tariff>()

    private struct TariffVersion: Hashable {
        let profile: BillingProfileID
        let version: UInt32
    }

    static func add(
        _ terms: TariffTerms, version: UInt32, to profile: BillingProfileID, at now: Instant, _ store: Store
    ) throws {
        try store.run(
            "INSERT INTO tariff (profile, version, terms, set_at) VALUES (?, ?, ?, ?)", profile, version,
            terms.encoded(), now)
        try store.run("UPDATE billing_profile SET tariff_version = ? WHERE id = ?", version, profile)
        store.forget(kept, profile)
    }
}

/// Whose telephone switch a party is.
enum Switches {
    private static let kept = Kept<PartyID, PartyID>()

    static func provider(of party: PartyID, _ store: Store) throws -> PartyID? {
        // A switch stays whose it is.
        try store.keepAtWriter(kept, party) {
            try store.first("SELECT provider FROM telephone_switch WHERE party = ?", party) { $0.id(0) }
        }
    }
}
