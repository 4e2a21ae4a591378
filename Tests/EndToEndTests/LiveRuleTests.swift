import Messages
import Operation
import Stories
import Testing

/// The scenarios that `ScenarioTests` runs in one process, run against six processes, one after the other, each in a
/// marketplace of its own.
@Suite("The rules of every sales mode that is built, over live TLS", .serialized, .liveInstallation)
struct LiveRuleTests {
    @Test(
        "A1-A19, B1-B7, C1-C9, D1-D7, E1-E14 and F1-F10 hold over live TLS",
        arguments: Scenario.all)
    func rule(_ scenario: Scenario) async throws {
        let house = try #require(LiveInstallation.house)
        do {
            try await scenario.run(house)
        } catch let refusal as Refusal {
            Issue.record("\(scenario.title): \(refusal.reason), \(refusal.expected), \(refusal.found)")
        }
    }

    @Test("A1-A19 are proved by the story of the lead auction over live TLS")
    func story() async throws {
        let house = try #require(LiveInstallation.house)
        let report = try await LeadAuctionStory.tell(on: house)
        #expect(report.rules.map(\.id) == LeadAuctionStory.rules)
    }

    @Test("B1-B7 are proved by the story of applications over live TLS")
    func applications() async throws {
        let house = try #require(LiveInstallation.house)
        let report = try await ApplicationStory.tell(on: house)
        #expect(report.rules.map(\.id) == ApplicationStory.rules)
    }

    @Test("the rules of section C are proved by the story of meeting auctions over live TLS")
    func meetings() async throws {
        let house = try #require(LiveInstallation.house)
        let report = try await MeetingAuctionStory.tell(on: house)
        #expect(report.rules.map(\.id) == MeetingAuctionStory.rules)
    }

    @Test("D1-D7 are proved by the story of preliminary calls over live TLS")
    func preliminaryCalls() async throws {
        let house = try #require(LiveInstallation.house)
        let report = try await PreliminaryCallStory.tell(on: house)
        #expect(report.rules.map(\.id) == PreliminaryCallStory.rules)
    }

    @Test("E1-E14 are proved by the story of prepaid lines over live TLS")
    func prepaidLines() async throws {
        let house = try #require(LiveInstallation.house)
        let report = try await PrepaidLineStory.tell(on: house)
        #expect(report.rules.map(\.id) == PrepaidLineStory.rules)
    }
}
