import Kernel
import Messages
import Simulator
import Storage
import Stories
import Testing

/// What a bid costs is decided by the programs that SQLite makes of its statements.
@Suite("The statements of a bid")
struct HotStatementTests {
    /// A list of three values in a CHECK, or a RETURNING, looks harmless and builds and drops a tree each time.
    @Test(
        "A9 no statement that runs with every bid builds a tree of its own", arguments: BiddingMode.allCases)
    func noTrees(_ bidding: BiddingMode) async throws {
        let whole = try WholeHouse()
        defer { WholeHouse.remove(whole.folder) }
        var policy = Policy()
        policy.bidding = bidding
        let cast = try await Cast.openMarketplace(whole.house, policy: policy, buyers: 2)
        let listing = try await cast.publishLead().listing.listing
        let before = try uses(whole.house)
        for round in Int64(0)..<20 {
            try await cast.bid(cast.buyers[Int(round % 2)], on: listing, 5_000 + 500 * round)
        }
        for service in [ServiceName.auction, .wallet, .notifications] {
            let after = try whole.house.core(service)?.store.write { try $0.statementUses() } ?? []
            let hot = after.filter { $0.runs - (before[service]?[$0.sql] ?? 0) >= 19 }
            #expect(hot.count >= 5, "\(service): \(hot.count) statements run with every bid")
            for use in hot { #expect(!use.operations.contains("OpenEphemeral"), "\(service): \(use.sql)") }
        }
    }

    private func uses(_ house: InProcessHouse) throws -> [ServiceName: [String: Int]] {
        var runs: [ServiceName: [String: Int]] = [:]
        for service in ServiceName.stores {
            for use in try house.core(service)?.store.write({ try $0.statementUses() }) ?? [] {
                runs[service, default: [:]][use.sql, default: 0] += use.runs
            }
        }
        return runs
    }
}
