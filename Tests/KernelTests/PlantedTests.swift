import Kernel
import Testing

@Suite struct PlantedFaultTests {
    @Test("no planted fault is in this build, whatever is chosen")
    func compiledOut() {
        #expect(!Planted.isCompiledIn)
        for fault in Planted.allCases {
            Planted.choose(fault)
            #expect(!Planted.isOn(fault), "\(fault)")
        }
    }

    @Test("every planted fault says what is wrong")
    func sentences() {
        for fault in Planted.allCases {
            #expect(!fault.what.isEmpty && fault.what.last != ".", "\(fault)")
        }
        #expect(Set(Planted.allCases.map(\.what)).count == Planted.allCases.count)
    }
}
