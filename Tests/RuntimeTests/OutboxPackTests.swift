import Kernel
import Storage
import Testing

@testable import Runtime

/// F3: the outbox lies in the store in runs, and is read from any message on.
@Suite("The outbox in runs") struct OutboxPackTests {
    private let store: ServiceStore

    init() throws { store = try ServiceStore(path: nil, migrations: []) }

    private func messages(
        _ sequences: ClosedRange<UInt64>, to service: ServiceName = .wallet, bytes: Int = 3
    ) -> [OutboxRow] {
        sequences.map { sequence in
            OutboxRow(
                destination: service, sequence: sequence, code: UInt16(0x300 + sequence % 7),
                body: [UInt8](repeating: UInt8(truncatingIfNeeded: sequence), count: bytes))
        }
    }

    private func write(_ messages: [OutboxRow]) throws {
        try store.write { try OutboxPack.write(messages, $0) }
    }

    private func read(
        from: UInt64, limit: Int = 10_000, to service: ServiceName = .wallet
    ) throws -> [OutboxRow] {
        try store.write { try OutboxPack.read(service, from: from, limit: limit, $0) }
    }

    private func rows() throws -> Int64 {
        try store.write { try $0.first("SELECT count(*) FROM gavel_outbox") { $0.int(0) } ?? 0 }
    }

    @Test("F3 what was written is read from every message on, across runs, up to the limit")
    func everyStart() throws {
        let all = messages(1...1) + messages(2...9) + messages(10...10) + messages(11...13, bytes: 0)
        for run in [all[0..<1], all[1..<9], all[9..<10], all[10..<13]] { try write(Array(run)) }
        #expect(try rows() == 4)
        for from in UInt64(1)...13 {
            let rest = all.filter { $0.sequence >= from }
            #expect(try read(from: from) == rest)
            for limit in 1...5 { #expect(try read(from: from, limit: limit) == Array(rest.prefix(limit))) }
        }
        #expect(try read(from: 14).isEmpty)
    }

    @Test("F3 each destination has its own runs, in its own order")
    func destinations() throws {
        let wallet = messages(1...3)
        let vault = messages(1...2, to: .contactVault)
        try write([wallet[0], vault[0], wallet[1], vault[1], wallet[2]])
        #expect(try read(from: 1) == wallet)
        #expect(try read(from: 1, to: .contactVault) == vault)
        #expect(try read(from: 1, to: .auction).isEmpty)
    }

    @Test("F3 a run ends at its greatest count and size, and reading goes on behind it")
    func full() throws {
        let count = UInt64(OutboxPack.mostMessages)
        let many = messages(1...(2 * count + 1), bytes: 0)
        try write(many)
        #expect(try rows() == 3)
        #expect(try read(from: 1) == many)
        #expect(try read(from: count, limit: 3).map(\.sequence) == [count, count + 1, count + 2])
        let large = messages((2 * count + 2)...(2 * count + 5), bytes: OutboxPack.fullBytes)
        try write(large)
        #expect(try rows() == 7)
        #expect(try read(from: 2 * count + 2) == large)
    }

    @Test("F3 a run goes once all of it was applied, and not before")
    func deleted() throws {
        try write(messages(1...4))
        try write(messages(5...5))
        try store.write { try OutboxPack.delete(Int(ServiceName.wallet.rawValue), upTo: 3, $0) }
        #expect(try read(from: 4).map(\.sequence) == [4, 5])
        try store.write { try OutboxPack.delete(Int(ServiceName.wallet.rawValue), upTo: 4, $0) }
        #expect(try rows() == 1)
        try store.write { try OutboxPack.delete(Int(ServiceName.auction.rawValue), upTo: 5, $0) }
        #expect(try read(from: 1).map(\.sequence) == [5])
    }

    @Test(
        "F3 a run that is not what its row says is corrupt, never a shorter stream",
        arguments: [
            "UPDATE gavel_outbox SET count = 3", "UPDATE gavel_outbox SET count = 1",
            "UPDATE gavel_outbox SET body = CAST(substr(body, 1, length(body) - 1) AS BLOB)",
            "UPDATE gavel_outbox SET body = CAST(body || x'00' AS BLOB)",
            "UPDATE gavel_outbox SET body = CAST(x'ffffffff' || substr(body, 5) AS BLOB)",
            "UPDATE gavel_outbox SET body = x''",
        ])
    func corrupt(_ damage: String) throws {
        try write(messages(1...2))
        try store.write { try $0.runDynamic(damage) }
        #expect(throws: StoreFault.self) { try read(from: 1) }
    }
}
