import Kernel
import Testing

@testable import Simulator

@Suite struct SchedulerTests {
    private static let start = Instant(microseconds: 1_800_000_000_000_000)
    private let scheduler = Scheduler(start: SchedulerTests.start)

    @Test("events come in order of time, and of scheduling where the time is the same") func order() {
        var seen: [Int] = []
        for (number, wait) in [5, 3, 9, 3, 1, 5].enumerated() {
            scheduler.after(UInt64(wait), .pool, 1) { seen.append(number) }
        }
        while scheduler.step(until: .distantFuture) {}
        #expect(seen == [4, 1, 3, 0, 5, 2])
    }

    @Test("the house's clock jumps over idle time, the monotonic one stands") func jump() {
        var at = Instant.none
        let monotonic = scheduler.monotonic
        scheduler.at(house: Self.start + .days(200), 1) { [scheduler] in at = scheduler.now }
        #expect(scheduler.step(until: .distantFuture))
        #expect(at == Self.start + .days(200))
        #expect(scheduler.monotonic == monotonic)
    }

    @Test("nothing jumps while something is on its way") func underway() {
        var seen: [String] = []
        scheduler.at(house: Self.start + .hours(1), 1) { seen.append("timer") }
        scheduler.after(2_000_000_000, .deliver, 1) { [scheduler] in
            seen.append("bytes after \((scheduler.now - Self.start).microseconds)")
        }
        while scheduler.step(until: .distantFuture) {}
        #expect(seen == ["bytes after 2000000", "timer"])
    }

    @Test("nothing jumps while the house is not settled") func unsettled() {
        var settled = false
        scheduler.isSettled = { settled }
        scheduler.at(house: Self.start + .days(9), 1) {}
        scheduler.timer(70_000_000_000, 1) { settled = true }
        #expect(scheduler.step(until: .distantFuture))
        #expect(scheduler.now == Self.start + .seconds(70))
        #expect(scheduler.step(until: .distantFuture))
        #expect(scheduler.now == Self.start + .days(9))
    }

    @Test("another event gives another history") func history() {
        func hash(_ places: [UInt32]) -> [UInt8] {
            let scheduler = Scheduler(start: SchedulerTests.start)
            for place in places { scheduler.after(7, .deliver, place) {} }
            while scheduler.step(until: .distantFuture) {}
            return scheduler.history()
        }
        #expect(hash([1, 2]) == hash([1, 2]))
        #expect(hash([1, 2]) != hash([2, 1]))
    }
}

@Suite struct FaultTests {
    @Test("a kind that is switched off leaves the others as they were") func independent() {
        func strikes(_ rates: [FaultKind: UInt64]) -> [Bool] {
            let faults = Faults(seed: 9, rates: rates)
            faults.areOn = true
            return (0..<200).map { _ in
                _ = faults.strikes(.drop)
                return faults.strikes(.delay)
            }
        }
        let both = strikes([.drop: 300_000, .delay: 300_000])
        #expect(both == strikes([.delay: 300_000]))
        #expect(both.contains(true) && both.contains(false))
    }

    @Test("faults strike only while they are on, and are counted") func counted() {
        let faults = Faults(seed: 1, rates: [.clog: 1_000_000])
        #expect(!faults.strikes(.clog))
        faults.areOn = true
        #expect(faults.strikes(.clog))
        #expect(faults.named["clog"] == 1)
        #expect(faults.named.count == FaultKind.allCases.count)
    }

    @Test("some seeds draw few kinds, some many, some none") func swarm() {
        let counts = (1...60).map { FaultPlan(seed: UInt64($0)).rates.count }
        #expect(counts.contains(0))
        #expect(counts.contains { (1...12).contains($0) })
        #expect(counts.contains { $0 > 18 })
    }
}
