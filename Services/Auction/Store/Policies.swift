import AuctionRules
import Kernel
import Messages
import Storage

/// The policy that what begins now keeps.
struct NewestPolicy {
    let version: UInt32
    let policy: Policy
}

private let keptNewest = Kept<MarketplaceID, NewestPolicy>()
private let keptVersion = Kept<UInt64, Policy>()

extension Store {
    func save(_ published: MarketplacePublished) throws {
        try run(
            "INSERT OR IGNORE INTO policy (marketplace, version, name, policy) VALUES (?, ?, ?, ?)",
            published.marketplace, published.version, published.name, published.policy.encoded())
        forget(keptNewest, published.marketplace)
    }

    /// The policy that what begins now keeps.
    func newestPolicy(of marketplace: MarketplaceID) throws -> NewestPolicy? {
        try keepAtWriter(keptNewest, marketplace) {
            try first(
                "SELECT version, policy FROM policy WHERE marketplace = ? ORDER BY version DESC LIMIT 1",
                marketplace
            ) { row in
                NewestPolicy(version: UInt32(row.int(0)), policy: try row.record(1, Policy.self))
            }
        }
    }

    func policy(_ marketplace: MarketplaceID, _ version: UInt32) throws -> Policy {
        // A version is never changed, and every bid needs one.
        try keep(keptVersion, UInt64(marketplace.raw) << 32 | UInt64(version)) {
            let found = try first(
                "SELECT policy FROM policy WHERE marketplace = ? AND version = ?", marketplace, version
            ) { row in try row.record(0, Policy.self) }
            guard let found else { throw StoreFault.corruptRow("policy \(marketplace) version \(version)") }
            return found
        }
    }

    /// The operator's table for a project type (A2).
    func priceRanges(_ marketplace: MarketplaceID, _ projectType: ProjectType) throws -> PriceRanges? {
        try first(
            """
            SELECT budget_low, budget_high, start_low, start_high FROM price_range
            WHERE marketplace = ? AND project_type = ?
            """, marketplace, projectType.rawValue
        ) { row in PriceRanges(budget: row.int(0)...row.int(1), start: row.int(2)...row.int(3)) }
    }

    func setPriceRanges(_ command: SetPriceRanges) throws {
        try run(
            """
            INSERT INTO price_range (marketplace, project_type, budget_low, budget_high, start_low, start_high)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (marketplace, project_type) DO UPDATE SET budget_low = excluded.budget_low,
                budget_high = excluded.budget_high, start_low = excluded.start_low,
                start_high = excluded.start_high
            """, command.marketplace, command.projectType.rawValue, command.budgetLow.minor,
            command.budgetHigh.minor, command.startLow.minor, command.startHigh.minor)
    }
}
