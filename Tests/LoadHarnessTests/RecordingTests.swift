import Kernel
import Stories
import Testing

@testable import LoadHarness

@Suite("Recorded auctions as a load") struct RecordingTests {
    private let file = """
        auction,item,days,opening_bid,bidder,bid,at_days,final_price
        a,Watch,3,99,anna,175,2.5,177.5
        a,Watch,3,99,bert,100,0.5,177.5
        b,Ring,1,5,carl,10,0.5,12
        b,Ring,1,5,anna,11,0.25,12
        a,Watch,3,99,anna,180,2.75,177.5
        """

    @Test("bids come in the order of their times, divided by the scale; bidders keep their seats")
    func plan() throws {
        let plan = try RecordedPlan(try RecordedBids.read(file), scale: 86_400)
        #expect(plan.turns.map(\.moment) == [250, 500, 500, 2_500, 2_750].map { $0 * 1_000_000 })
        #expect(plan.turns.map(\.lot) == [1, 0, 1, 0, 0])
        #expect(plan.turns.map(\.seat) == [0, 0, 1, 1, 1])
        #expect(plan.turns.map(\.amount) == [1_100, 10_000, 1_000, 17_500, 18_000])
        #expect(plan.lots.map(\.title) == ["Watch", "Ring"])
        #expect(plan.lots.map(\.opening) == [9_900, 500])
        #expect(plan.lots.map(\.length) == [.seconds(3), .seconds(1)])
        #expect(plan.seats == 2)
    }

    @Test("a scale that is none is refused by name", arguments: [0, -1, .nan, .infinity, 1e10])
    func badScales(_ scale: Double) throws {
        let bids = try RecordedBids.read(file)
        #expect(throws: LoadPlanFault.self) { try RecordedPlan(bids, scale: scale) }
    }

    @Test("a policy names at most eight durations: shorter auctions take the shortest of them")
    func lengths() {
        let lots = (1...10).map { RecordedPlan.Lot(title: "", opening: 1, length: .seconds($0)) }
        let lengths = RecordedScenario.lengths(lots + lots, .seconds(10))
        #expect(lengths == (13...20).map { .seconds($0) })
    }

    @Test("the kernel's events about new files are read, whatever their padding")
    func events() {
        func event(_ name: String, length: Int) -> [UInt8] {
            let padding = [UInt8](repeating: 0, count: length - name.utf8.count)
            return [1, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0, UInt8(length), 0, 0, 0] + Array(name.utf8)
                + padding
        }
        let events =
            event("00000000000000f1.eml", length: 32) + event("", length: 0) + event("two.eml", length: 16)
        #expect(Letterbox.names(events[...]) == ["00000000000000f1.eml", "two.eml"])
        #expect(Letterbox.names(events.dropLast(40)) == ["00000000000000f1.eml"])
        #expect(Letterbox.names([]).isEmpty)
    }
}
