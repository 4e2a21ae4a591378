import Kernel
import LoadHarness
import Testing

@Suite("Which places are free")
struct FreePlacesTests {
    @Test(
        "each place is taken once, from the wanted one on, and none is taken twice",
        arguments: [1, 63, 64, 65, 1_000])
    func takesEachOnce(count: Int) {
        var places = FreePlaces(count)
        var taken = [Bool](repeating: false, count: count)
        let start = count / 3
        for step in 0..<count {
            let place = places.take(from: start)
            #expect(place == (start + step) % count)
            taken[place ?? 0] = true
        }
        #expect(taken.allSatisfy { $0 })
        #expect(places.count == 0)
        #expect(places.take(from: start) == nil)
    }

    @Test("what a list of who is busy says, they say")
    func likeAList() {
        var chance = Chance(seed: 7)
        let count = 130
        var places = FreePlaces(count)
        var busy = [Bool](repeating: false, count: count)
        for _ in 0..<20_000 {
            let wanted = chance.below(count)
            if chance.below(2) == 0 {
                let expected = (0..<count).map { (wanted + $0) % count }.first { !busy[$0] }
                #expect(places.take(from: wanted) == expected)
                if let expected { busy[expected] = true }
            } else {
                places.giveBack(wanted)
                busy[wanted] = false
            }
            #expect(places.count == busy.count { !$0 })
        }
    }
}
