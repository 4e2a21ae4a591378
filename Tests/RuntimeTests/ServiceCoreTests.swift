import Crypto
import Kernel
import Messages
import Runtime
import Storage
import Testing
import Wire

@Suite struct ServiceCoreTests {
    @Test("F2 a command sent twice acts once and answers the same, also after a restart")
    func sentTwice() throws {
        let bench = try Bench()
        let first = try bench.core.execute([bench.command(AddToCounter(1, 5), key: 1)], now: Bench.start)
        #expect(first.replies.map(\.stands) == [5])
        let again = try bench.core.execute([bench.command(AddToCounter(1, 5), key: 1)], now: Bench.start)
        #expect(again.replies.map(\.stands) == [5])
        try bench.reopen()
        let later = try bench.core.execute([bench.command(AddToCounter(1, 5), key: 1)], now: Bench.start)
        #expect(later.replies.map(\.stands) == [5])
        #expect(try bench.value(1) == 5)
    }

    @Test("F2 the same key twice in one batch acts once")
    func twiceInOneBatch() throws {
        let bench = try Bench()
        let output = try bench.core.execute(
            [bench.command(AddToCounter(1, 5), key: 1), bench.command(AddToCounter(1, 5), key: 1)],
            now: Bench.start)
        #expect(output.replies.map(\.stands) == [5, 5])
        #expect(try bench.value(1) == 5)
    }

    @Test("F2 a key used again with another body is refused, and changes nothing")
    func keyReused() throws {
        let bench = try Bench()
        _ = try bench.core.execute([bench.command(AddToCounter(1, 5), key: 1)], now: Bench.start)
        let output = try bench.core.execute([bench.command(AddToCounter(1, 6), key: 1)], now: Bench.start)
        #expect(output.replies.first?.refusal?.reason == .keyReused)
        #expect(try bench.value(1) == 5)
    }

    @Test("F2 a key belongs to its party")
    func keyPerParty() throws {
        let bench = try Bench()
        _ = try bench.core.execute([bench.command(AddToCounter(1, 5), key: 1, party: 1)], now: Bench.start)
        _ = try bench.core.execute([bench.command(AddToCounter(1, 6), key: 1, party: 2)], now: Bench.start)
        #expect(try bench.value(1) == 11)
    }

    @Test("F2 a refusal decided on state is remembered like an acceptance")
    func refusalRemembered() throws {
        let bench = try Bench()
        for _ in 0..<2 {
            let output = try bench.core.execute(
                [bench.command(AddToCounter(1, -5), key: 1)], now: Bench.start)
            #expect(output.replies.first?.refusal?.reason == .amountOutOfRange)
        }
        #expect(try bench.value(1) == nil)
    }

    @Test("F2 a key older than the retention is refused, one from the future too")
    func keyAge() throws {
        let bench = try Bench()
        let late = Bench.start + ServiceCore.keyRetention + .seconds(1)
        let old = try bench.core.execute([bench.command(AddToCounter(1, 5), key: 1)], now: late)
        #expect(old.replies.first?.refusal?.reason == .keyExpired)
        let ahead = bench.command(AddToCounter(1, 5), key: 2, at: late + .days(2))
        #expect(try bench.core.execute([ahead], now: late).replies.first?.refusal?.reason == .invalidValue)
    }

    @Test("F2 replies that no key can ask for any more are forgotten, a window a batch; one that waits stays")
    func pruning() throws {
        let bench = try Bench()
        func replies() throws -> Int64? {
            try bench.core.store.read { try $0.first("SELECT count(*) FROM gavel_replies") { $0.int(0) } }
        }
        for batch in 0..<3 as Range<UInt64> {
            let keys = (batch * 400 + 1)...(batch * 400 + 400)
            _ = try bench.core.execute(
                keys.map { bench.command(AddToCounter(1, 1), key: $0) }, now: Bench.start)
        }
        let waiting = AddToCounter(1, 5, how: AddToCounter.waits)
        _ = try bench.core.execute([bench.command(waiting, key: 5_000)], now: Bench.start)
        #expect(try replies() == 1_201)
        let soon = Bench.start + ServiceCore.keyRetention + .days(1)
        for key in 6_001...6_004 as ClosedRange<UInt64> {
            _ = try bench.core.execute([bench.command(AddToCounter(1, 1), key: key, at: soon)], now: soon)
        }
        #expect(try replies() == 1_205)
        let late = soon + .days(2)
        var left: [Int64] = []
        for key in 7_001...7_004 as ClosedRange<UInt64> {
            _ = try bench.core.execute([bench.command(AddToCounter(1, 1), key: key, at: late)], now: late)
            left.append(try replies() ?? 0)
        }
        #expect(left == [1_206 - 512, 1_207 - 1_024, 8, 9])
        try bench.reopen()
        let again = try bench.core.execute(
            [bench.command(AddToCounter(1, 1), key: 7_004, at: late)], now: late)
        #expect(again.replies.map(\.stands) == [1_208])
        _ = try bench.core.execute([bench.command(AddToCounter(1, 1), key: 8_001, at: late)], now: late)
        #expect(try replies() == 10)
    }

    @Test("F3 a command that faults leaves nothing behind, and the others of its batch are carried out")
    func faultInMidBatch() throws {
        let bench = try Bench()
        let output = try bench.core.execute(
            [
                bench.command(AddToCounter(1, 5), key: 1),
                bench.command(AddToCounter(1, 7, how: AddToCounter.faults), key: 2),
                bench.command(AddToCounter(1, 11), key: 3),
            ], now: Bench.start)
        #expect(output.replies.map(\.stands) == [5, nil, 16])
        #expect(output.replies[1].refusal?.reason == .internalError)
        #expect(try bench.value(1) == 16)
        let rows = try bench.core.store.read { try Journal.verifyChain($0) }
        #expect(rows == 2)
    }

    @Test("F3 what a batch's end cannot write is the fault of the one that changed it so, and of no other")
    func lateFault() throws {
        let bench = try Bench()
        func tally(_ amount: Int64, key: UInt64) -> Incoming {
            bench.command(AddToCounter(1, amount, how: AddToCounter.tally), key: key)
        }
        func stands() throws -> Int64? {
            try bench.core.store.read { try $0.first("SELECT value FROM tallies") { $0.int(0) } }
        }
        let output = try bench.core.execute(
            [tally(400, key: 1), tally(700, key: 2), tally(500, key: 3)], now: Bench.start)
        #expect(output.replies.map(\.stands) == [400, nil, 900])
        #expect(output.replies[1].refusal?.reason == .internalError)
        #expect(try stands() == 900)
        _ = try bench.core.execute([tally(50, key: 4), tally(30, key: 5)], now: Bench.start)
        #expect(try stands() == 980)
        let rows = try bench.core.store.read { try Journal.verifyChain($0) }
        #expect(rows == 4)
    }

    @Test("F2 a key that is lower than those of other connections of the party is known all the same")
    func lowerKeys() throws {
        let bench = try Bench()
        let keys = [50, 20, 70, 10, 60] as [UInt64]
        for round in 0..<3 {
            for key in keys {
                let output = try bench.core.execute(
                    [
                        bench.command(AddToCounter(1, 1), key: key),
                        bench.command(AddToCounter(1, 1), key: key),
                    ],
                    now: Bench.start)
                let first = Int64((keys.firstIndex(of: key) ?? 0) + 1)
                #expect(output.replies.map(\.stands) == [first, first])
            }
            if round == 0 { try bench.reopen() }
            _ = try bench.core.execute(
                [bench.command(AddToCounter(2, 1), key: 65 + UInt64(round) * 10)], now: Bench.start)
        }
        #expect(try bench.value(1) == 5)
        #expect(try bench.value(2) == 3)
    }

    @Test("F2 more keys than the writer remembers are known all the same")
    func manyKeys() throws {
        let bench = try Bench()
        let parties = 70 as UInt64
        func all(_ key: UInt64) throws -> [Int64?] {
            try bench.core.execute(
                (1...parties).map { bench.command(AddToCounter($0, 1), key: key, party: $0) },
                now: Bench.start
            ).replies.map(\.stands)
        }
        for key in 1...1_000 as ClosedRange<UInt64> {
            #expect(try all(key) == [Int64?](repeating: Int64(key), count: Int(parties)))
        }
        for key in [1, 500, 930, 937, 999, 1_000] as [UInt64] {
            #expect(try all(key) == [Int64?](repeating: Int64(key), count: Int(parties)))
        }
        #expect(try bench.value(1) == 1_000)
    }

    @Test(
        "a command that waits is answered when the other service answers, also a repeat that joined the wait")
    func waits() throws {
        let bench = try Bench()
        let waiting = AddToCounter(1, 5, how: AddToCounter.waits)
        let first = try bench.core.execute(
            [bench.command(waiting, key: 1), bench.command(waiting, key: 1)], now: Bench.start)
        #expect(first.replies.isEmpty)
        #expect(first.outbox.map(\.sequence) == [1])
        #expect(first.waiting == 1)
        let ask = try AskWallet(decoding: first.outbox[0].body)
        var answer = AnswerCounter()
        answer.ticket = ask.ticket
        answer.amount = 3
        let second = try bench.core.execute(
            [.peer(from: .wallet, sequence: 1, code: AnswerCounter.code, version: 1, body: answer.encoded())],
            now: Bench.start)
        #expect(second.replies.map(\.stands) == [3, 3])
        #expect(second.waiting == 0)
        let again = try bench.core.execute([bench.command(waiting, key: 1)], now: Bench.start)
        #expect(again.replies.map(\.stands) == [3])
    }

    @Test("a peer's message is applied once and in order, whatever is delivered")
    func inbox() throws {
        let bench = try Bench()
        func message(_ sequence: UInt64, _ amount: Int64) -> Incoming {
            var answer = AnswerCounter()
            answer.amount = amount
            return .peer(
                from: .wallet, sequence: sequence, code: AnswerCounter.code, version: 1,
                body: answer.encoded())
        }
        let output = try bench.core.execute(
            [message(2, 100), message(1, 1), message(1, 1), message(3, 1_000), message(2, 10)],
            now: Bench.start)
        #expect(try bench.value(7) == 11)
        #expect(output.applied.map(\.sequence) == [2])
        try bench.reopen()
        #expect(bench.core.position(with: .wallet).applied == 2)
        _ = try bench.core.execute([message(2, 10), message(3, 1_000)], now: Bench.start)
        #expect(try bench.value(7) == 1_011)
    }

    @Test("a peer's message that faults three times is parked, and the stream goes on")
    func parked() throws {
        let bench = try Bench()
        var bad = AnswerCounter()
        bad.amount = -1
        var good = AnswerCounter()
        good.amount = 4
        let output = try bench.core.execute(
            [
                .peer(from: .wallet, sequence: 1, code: AnswerCounter.code, version: 1, body: bad.encoded()),
                .peer(from: .wallet, sequence: 2, code: AnswerCounter.code, version: 1, body: good.encoded()),
            ], now: Bench.start)
        #expect(output.parked == 1)
        #expect(output.applied.map(\.sequence) == [2])
        #expect(try bench.value(7) == 4)
    }

    @Test("F7 a deadline fires once, at its time, also after downtime, and sees when it was due")
    func timers() throws {
        let bench = try Bench()
        _ = try bench.core.execute(
            [bench.command(AddToCounter(1, 10, how: AddToCounter.timer), key: 1)], now: Bench.start)
        let due = Bench.start + .seconds(10)
        #expect(bench.core.nextDue == due)
        _ = try bench.core.execute([], now: due - Duration64(microseconds: 1))
        #expect(try bench.value(1) == 10)
        try bench.reopen()
        #expect(bench.core.nextDue == due)
        _ = try bench.core.execute([], now: due + .days(3))
        #expect(try bench.value(1) == 1_010)
        _ = try bench.core.execute([], now: due + .days(4))
        #expect(try bench.value(1) == 1_010)
        #expect(bench.core.nextDue == .distantFuture)
    }

    @Test("F3 before the peers were met no timer fires and no effect begins")
    func heldUntilMet() throws {
        let bench = try Bench()
        let keys = try KeyStore(
            file: bench.folder + "/keys", keyEncryptionKeys: KeyEncryptionKeys(folder: bench.folder + "/kek"))
        let first = ServiceWriter(core: bench.core, keys: keys)
        _ = try first.commit([.peersMet], now: Bench.start, monotonic: 0)
        _ = try first.commit(
            [
                bench.command(AddToCounter(1, 10, how: AddToCounter.timer), key: 1),
                bench.command(AddToCounter(2, 0, how: AddToCounter.effect), key: 2),
            ], now: Bench.start, monotonic: 0)
        try bench.reopen()
        let writer = ServiceWriter(core: bench.core, keys: keys)
        let late = Bench.start + .days(1)
        let journal = bench.core.counts.journal
        #expect(writer.due == .distantFuture)
        let held = try writer.commit([.acknowledged(by: .wallet, sequence: 0)], now: late, monotonic: 0)
        #expect(held.effects.isEmpty && held.outbox.isEmpty)
        #expect(bench.core.counts.journal == journal && writer.due == .distantFuture)
        let met = try writer.commit([.peersMet], now: late, monotonic: 0)
        #expect(met.effects.count == 1)
        #expect(bench.core.counts.journal == journal + 1)
    }

    @Test("a timer that faults is set aside, and the service and the other timers go on")
    func faultingTimer() throws {
        let bench = try Bench()
        for counter in [CounterDue.faulting, 5] {
            let command = AddToCounter(counter, 60, how: AddToCounter.timer)
            _ = try bench.core.execute([bench.command(command, key: counter)], now: Bench.start)
        }
        let later = Bench.start + .seconds(61)
        let output = try bench.core.execute([bench.command(AddToCounter(5, 1), key: 99)], now: later)
        #expect(output.replies.map(\.stands) == [1_061])
        #expect(output.parked == 1)
        #expect(try bench.value(CounterDue.faulting) == 60)
        #expect(bench.core.nextTimerDue == .distantFuture)
    }

    @Test("an effect whose outcome faults is set aside, and not performed again")
    func faultingOutcome() throws {
        let bench = try Bench()
        let command = AddToCounter(CounterDue.faulting, 5, how: AddToCounter.effect)
        let started = try bench.core.execute(
            [bench.command(command, key: 1)], now: Bench.start, effectSlots: 4)
        let effect = try #require(started.effects.first)
        var rang = BellRang()
        rang.counter = CounterDue.faulting
        let outcome = Incoming.outcome(effect.reference, code: BellRang.code, body: rang.encoded())
        let ended = try bench.core.execute([outcome], now: Bench.start, effectSlots: 4)
        #expect(ended.parked == 1 && ended.effects.isEmpty)
        #expect(try bench.core.execute([], now: Bench.start + .days(1), effectSlots: 4).effects.isEmpty)
        #expect(try bench.value(CounterDue.faulting) == 5)
    }

    @Test("what was set aside and faults again stays set aside, and the operator is told")
    func retriedInVain() throws {
        let bench = try Bench()
        let command = AddToCounter(CounterDue.faulting, 60, how: AddToCounter.timer)
        _ = try bench.core.execute([bench.command(command, key: 1)], now: Bench.start)
        let later = Bench.start + .seconds(61)
        _ = try bench.core.execute([], now: later)
        let address = ReplyAddress(link: LinkID(raw: 1), correlation: 1_000)
        let output = try bench.core.execute([.retryParked(1, address)], now: later)
        #expect(output.replies.map(\.refusal?.reason) == [.internalError])
        #expect(output.parked == 1)
        #expect(try bench.value(CounterDue.faulting) == 60)
    }

    @Test("an effect is handed out after the commit, again after a crash, and ended by its outcome")
    func effects() throws {
        let bench = try Bench()
        let started = try bench.core.execute(
            [bench.command(AddToCounter(1, 0, how: AddToCounter.effect), key: 1)], now: Bench.start,
            effectSlots: 4)
        #expect(started.effects.count == 1)
        let idle = try bench.core.execute([], now: Bench.start, effectSlots: 4)
        #expect(idle.effects.isEmpty)
        try bench.reopen()
        let again = try bench.core.execute([], now: Bench.start, effectSlots: 4)
        #expect(again.effects.map(\.reference) == started.effects.map(\.reference))
        var rang = BellRang()
        rang.counter = 1
        let reference = again.effects[0].reference
        _ = try bench.core.execute(
            [.outcome(reference, code: BellRang.code, body: rang.encoded())], now: Bench.start, effectSlots: 4
        )
        #expect(try bench.value(1) == 50)
        try bench.reopen()
        #expect(try bench.core.execute([], now: Bench.start, effectSlots: 4).effects.isEmpty)
    }

    @Test("time handed in never goes back")
    func monotonic() throws {
        let bench = try Bench()
        _ = try bench.core.execute(
            [bench.command(AddToCounter(1, 1), key: 1)], now: Bench.start + .seconds(5))
        let output = try bench.core.execute([bench.command(AddToCounter(1, 1), key: 2)], now: Bench.start)
        #expect(output.now == Bench.start + .seconds(5))
    }

    @Test("F3 replaying the journal gives the same state, and a changed row breaks the chain")
    func replay() throws {
        let bench = try Bench()
        for number in 0..<200 {
            _ = try bench.core.execute(
                [
                    bench.command(AddToCounter(UInt64(number % 7), Int64(number)), key: UInt64(number)),
                    bench.command(
                        AddToCounter(UInt64(number % 5), 2, how: AddToCounter.timer),
                        key: UInt64(1_000 + number)),
                ], now: Bench.start + .seconds(Int64(number)))
        }
        let result = try Replay.check(CounterService.definition(), bench.core.store)
        #expect(result.different.isEmpty)
        #expect(result.rows > 400)
        try bench.core.store.transaction {
            try $0.runDynamic("UPDATE counters SET value = value + 1 WHERE id = 3")
        }
        #expect(try Replay.check(CounterService.definition(), bench.core.store).different == ["counters"])
        try bench.core.store.transaction {
            try $0.runDynamic("UPDATE gavel_journal SET at = at + 1 WHERE seq % 2 = 1")
        }
        #expect(throws: StoreFault.self) { try bench.core.store.read { try Journal.verifyChain($0) } }
    }

    @Test("what stood in the slot at two crashes is parked instead of executed")
    func poisoned() throws {
        let bench = try Bench()
        for _ in 0..<2 {
            let slot = try PoisonSlot(path: bench.folder + "/executing")
            try slot.enter(
                PoisonSlot.identity(code: AddToCounter.code, high: UInt64(Bench.start.microseconds), low: 9))
        }
        try bench.reopen()
        let output = try bench.core.execute([bench.command(AddToCounter(1, 5), key: 9)], now: Bench.start)
        #expect(output.replies.first?.refusal?.reason == .internalError)
        #expect(output.parked == 1)
        #expect(try bench.value(1) == nil)
    }

    @Test("F2 a command that was set aside acts once, however often it is repeated and run again")
    func parkedOnce() throws {
        let bench = try Bench()
        for _ in 0..<2 {
            let slot = try PoisonSlot(path: bench.folder + "/executing")
            try slot.enter(
                PoisonSlot.identity(code: AddToCounter.code, high: UInt64(Bench.start.microseconds), low: 9))
        }
        try bench.reopen()
        for _ in 0..<3 {
            let again = try bench.core.execute(
                [bench.command(AddToCounter(1, 5), key: 9)], now: Bench.start)
            #expect(again.replies.first?.refusal?.reason == .internalError)
            #expect(again.parked == 1)
        }
        try bench.reopen()
        let before = try bench.core.execute([bench.command(AddToCounter(1, 5), key: 9)], now: Bench.start)
        #expect(before.replies.first?.refusal?.reason == .internalError)
        let address = ReplyAddress(link: LinkID(raw: 1), correlation: 99)
        let retried = try bench.core.execute([.retryParked(1, address)], now: Bench.start)
        #expect(retried.parked == 0)
        #expect(try bench.value(1) == 5)
        let after = try bench.core.execute([bench.command(AddToCounter(1, 5), key: 9)], now: Bench.start)
        #expect(after.replies.first?.stands == 5)
        #expect(try bench.value(1) == 5)
    }

    @Test("bytes that are no message are refused when they are run again, and wait no longer")
    func parkedBytes() throws {
        let bench = try Bench()
        for _ in 0..<2 {
            let slot = try PoisonSlot(path: bench.folder + "/executing")
            try slot.enter(
                PoisonSlot.identity(code: AddToCounter.code, high: UInt64(Bench.start.microseconds), low: 9))
        }
        try bench.reopen()
        let unfit = bench.command(body: [1, 2, 3], key: 9)
        let output = try bench.core.execute([unfit], now: Bench.start)
        #expect(output.parked == 1)
        let journaled = bench.core.counts.journal
        let address = ReplyAddress(link: LinkID(raw: 1), correlation: 99)
        let retried = try bench.core.execute([.retryParked(1, address)], now: Bench.start)
        #expect(retried.parked == 0)
        #expect(retried.replies.map(\.code) == [Done.code])
        #expect(bench.core.counts.journal == journaled)
        let after = try bench.core.execute([unfit], now: Bench.start)
        #expect(after.replies.first?.refusal?.reason == .malformed)
    }

    @Test("acknowledged messages leave the outbox; a link may read the others again")
    func outbox() throws {
        let bench = try Bench()
        for key in 1...3 {
            _ = try bench.core.execute(
                [bench.command(AddToCounter(1, 5, how: AddToCounter.waits), key: UInt64(key))],
                now: Bench.start)
        }
        let output = try bench.core.execute(
            [.acknowledged(by: .wallet, sequence: 2), .fetchOutbox(.wallet, from: 1, limit: 10)],
            now: Bench.start)
        #expect(output.fetched[0].rows.map(\.sequence) == [1, 2, 3])
        let after = try bench.core.execute([.fetchOutbox(.wallet, from: 1, limit: 10)], now: Bench.start)
        #expect(after.fetched[0].rows.map(\.sequence) == [3])
        #expect(bench.core.position(with: .wallet).sent == 3)
    }
}
