import Kernel
import Messages
import Storage
import Testing
import Wire

@testable import Runtime

@Suite("The journal's rows") struct JournalRunTests {
    /// A batch of clients' commands, another service's messages and a timer, and one command alone.
    private func filled() throws -> Bench {
        let bench = try Bench()
        var answer = AnswerCounter()
        answer.amount = 4
        _ = try bench.core.execute(
            [
                bench.command(AddToCounter(1, 5), key: 1),
                .peer(
                    from: .wallet, sequence: 1, code: AnswerCounter.code, version: 1, body: answer.encoded()),
                bench.command(AddToCounter(2, 7, how: AddToCounter.timer), key: 2, party: 9),
                bench.command(AddToCounter(1, 6), key: 1),
            ], now: Bench.start)
        _ = try bench.core.execute([bench.command(AddToCounter(3, 8), key: 3)], now: Bench.start)
        return bench
    }

    private func rows(_ bench: Bench) throws -> [JournalRow] {
        try bench.core.store.read { try Journal.rows(after: 0, limit: 64, $0) }
    }

    @Test("F3 a batch is one row, whose commands read back as they were carried out")
    func oneRow() throws {
        let bench = try filled()
        let rows = try rows(bench)
        #expect(rows.map(\.count) == [3, 1])
        #expect(rows.map(\.entry.sequence) == [1, 4])
        let entries = try rows[0].entries()
        #expect(entries.map(\.sequence) == [1, 2, 3])
        #expect(entries.map(\.code) == [AddToCounter.code, AnswerCounter.code, AddToCounter.code])
        #expect(entries.map(\.source) == [ServiceName.gateway, .wallet, .gateway].map(\.rawValue))
        #expect(entries.map(\.acting.party) == [PartyID(1), .none, PartyID(9)])
        #expect(entries.allSatisfy { $0.at == Bench.start && $0.due == Bench.start })
        #expect(entries[1].key == IdempotencyKey(high: UInt64(ServiceName.wallet.rawValue), low: 1))
        #expect(entries[2].body == AddToCounter(2, 7, how: AddToCounter.timer).encoded())
        for entry in entries {
            let found = try bench.core.store.read { try Journal.entry(entry.sequence, $0) }
            #expect(found?.body == entry.body)
            #expect(found?.key == entry.key)
            #expect(found?.acting == entry.acting)
        }
        #expect(try bench.core.store.read { try Journal.entry(4, $0) }?.code == AddToCounter.code)
        #expect(try bench.core.store.read { try Journal.entry(5, $0) } == nil)
        #expect(try bench.core.store.read { try Journal.verifyChain($0) } == 4)
        try bench.reopen()
        #expect(bench.core.counts.journal == 4)
    }

    @Test("a batch that is longer than a row takes as many rows as it needs")
    func longBatch() throws {
        let chain = JournalChain()
        let bench = try Bench()
        var run = JournalRun()
        var rows: [Int] = []
        try bench.core.store.transaction { store in
            for sequence in UInt64(1)...40 {
                var entry = JournalEntry()
                entry.sequence = sequence
                entry.at = Bench.start
                entry.code = 77
                entry.body = [UInt8](repeating: UInt8(sequence), count: 20_000)
                if run.isFull { try run.write(chain, store) }
                run.append(entry)
            }
            try run.write(chain, store)
            try run.write(chain, store)
            rows = try Journal.rows(after: 0, limit: 64, store).map(\.count)
        }
        #expect(rows == [14, 14, 12])
        #expect(chain.sequence == 40)
        #expect(try bench.core.store.read { try Journal.verifyChain($0) } == 40)
        #expect(
            try bench.core.store.read { try Journal.entry(29, $0) }?.body
                == [UInt8](repeating: 29, count: 20_000))
    }

    @Test("F3 a batch that faults after its first full row leaves the chain where it was")
    func faultAfterFullRow() throws {
        let bench = try Bench()
        _ = try bench.core.execute([bench.command(AddToCounter(1, 1), key: 9_000)], now: Bench.start)
        // 56 and 17 bytes each: the first 3,592 fill a row.
        var items = (1...4_000).map { bench.command(AddToCounter(1, 1), key: UInt64($0)) }
        items.append(bench.command(AddToCounter(1, 1, how: AddToCounter.faults), key: 4_001))
        let output = try bench.core.execute(items, now: Bench.start)
        #expect(output.replies.map(\.code).filter { $0 == Refusal.code }.count == 1)
        #expect(try rows(bench).map(\.count) == [1, 3_592, 408])
        #expect(try bench.core.store.read { try Journal.verifyChain($0) } == 4_001)
    }

    @Test("a run that was cut, lengthened or miscounted is refused as corrupt")
    func damagedRuns() throws {
        var row = try rows(filled())[0]
        let whole = row.entry.body
        for length in 0..<whole.count {
            row.entry.body = [UInt8](whole[..<length])
            #expect(throws: StoreFault.self) { try row.entries() }
        }
        row.entry.body = whole + [0]
        #expect(throws: StoreFault.self) { try row.entries() }
        row.entry.body = whole
        for count in [Int.min, -1, 0, 1, 2, 4, 1_000_000, Int.max] {
            row.count = count
            #expect(throws: StoreFault.self) { try row.entries() }
        }
        row.count = 3
        #expect(try row.entries().count == 3)
    }

    @Test("F3 a row whose commands are counted wrongly breaks the chain", arguments: [1, 2, 4, Int64.max])
    func miscounted(_ count: Int64) throws {
        let bench = try filled()
        try bench.core.store.transaction {
            try $0.run("UPDATE gavel_journal SET count = ? WHERE seq = 1", count)
        }
        #expect(throws: StoreFault.self) {
            try bench.core.store.read { try Journal.verifyChain($0) }
        }
    }

    @Test("F2 who waited in the middle of a batch is answered after a restart, under its own key")
    func waitsInARun() throws {
        let bench = try Bench()
        let commands = (UInt64(1)...5).map { number in
            bench.command(AddToCounter(number, 5, how: AddToCounter.waits), key: number)
        }
        let first = try bench.core.execute(commands, now: Bench.start)
        #expect(try rows(bench).map(\.count) == [5])
        let ask = try AskWallet(decoding: first.outbox[3].body)
        try bench.reopen()
        var answer = AnswerCounter()
        answer.ticket = ask.ticket
        answer.amount = 3
        _ = try bench.core.execute(
            [.peer(from: .wallet, sequence: 1, code: AnswerCounter.code, version: 1, body: answer.encoded())],
            now: Bench.start)
        let again = try bench.core.execute(commands, now: Bench.start)
        #expect(again.replies.map(\.stands) == [3])
        #expect(again.waiting == 4)
    }
}
