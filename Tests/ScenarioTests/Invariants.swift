import ContactVault
import Kernel
import Messages
import Runtime
import Simulator
import Storage
import Stories

/// What holds in every house that is at rest, whatever happened in it.
enum Invariants {
    static func check(_ house: InProcessHouse) async throws {
        try await house.settle()
        for service in ServiceName.stores {
            let core = try present("core of \(service)", house.core(service))
            try checkRest(core, service)
            try checkReplay(core, service)
        }
        try checkLedger(house)
        let vault = try present("the vault", house.core(.contactVault))
        _ = try vault.store.read { try ContactVaultService.verifyRevealChain($0) }
    }

    /// Nothing on its way, nothing waiting, nothing set aside; and the journal's chain is whole.
    private static func checkRest(_ core: ServiceCore, _ service: ServiceName) throws {
        let counts = core.counts
        try expect("\(service): parked commands", counts.parked, 0)
        try expect("\(service): waiting commands", counts.waiting, 0)
        let outbox = try count("SELECT count(*) FROM gavel_outbox", core)
        try expect("\(service): outbox", outbox, 0)
        let behind = try count("SELECT count(*) FROM gavel_streams WHERE acknowledged < sent", core)
        try expect("\(service): streams behind", behind, 0)
        let verified = try core.store.read { try Journal.verifyChain($0) }
        try expect("\(service): rows in the chain", verified, counts.journal)
    }

    /// The journal, executed again in an empty store, gives the same state (F3).
    private static func checkReplay(_ core: ServiceCore, _ service: ServiceName) throws {
        let result = try Replay.check(core.definition, core.store)
        try expect("\(service): rows replayed", result.rows, core.counts.journal)
        try expect("\(service): tables that differ after a replay", result.different, [])
    }

    /// Sums of zero per currency, and what is held is what the live holds say (F1).
    private static func checkLedger(_ house: InProcessHouse) throws {
        let wallet = try present("the wallet", house.core(.wallet))
        let unbalanced = try count(
            "SELECT count(*) FROM (SELECT currency FROM account GROUP BY currency HAVING sum(posted) <> 0)",
            wallet)
        try expect("currencies out of balance", unbalanced, 0)
        let astray = try count(
            """
            SELECT count(*) FROM account WHERE held <> (
                SELECT coalesce(sum(amount), 0) FROM hold WHERE hold.account = account.id AND state = 1)
            """, wallet)
        try expect("accounts whose held part is not the sum of their holds", astray, 0)
    }

    private static func count(_ sql: String, _ core: ServiceCore) throws -> Int64 {
        try core.store.read { try $0.allDynamic(sql, []) { $0.int(0) } }.first ?? 0
    }
}
