import Gateway
import Testing

@testable import Gavel

@Suite("A gateway's limits and the connections of a load") struct AdmissionTests {
    @Test(
        "what an installation for the public does not admit is said before, with the limit's name and place")
    func publicLimits() throws {
        let limits = GatewayLimits()
        #expect(LoadAdmission.fault(needed: 100, limits, file: "gateway.json") == nil)
        let fault = try #require(LoadAdmission.fault(needed: 101, limits, file: "/data/gateway.json"))
        #expect(fault.contains("linksPerAddress") && fault.contains("/data/gateway.json"))
        #expect(fault.contains("at most 100") && fault.contains("found 101"))
    }

    @Test("the limit of all connections counts as well")
    func links() throws {
        var limits = GatewayLimits.raised
        limits.linksPerAddress = 30_000
        let fault = try #require(LoadAdmission.fault(needed: 20_000, limits, file: ""))
        #expect(fault.contains("'links'"))
    }
}
