import Auditor
import Kernel
import Messages
import Stories
import Testing

/// The auditor finds nothing in a house that is sound.
@Suite("A sound house has no violations")
struct SoundHouseTests {
    @Test("every scenario of the rules passes the auditor", arguments: Scenario.all)
    func scenario(_ scenario: Scenario) async throws {
        try await WholeHouse.with { house in
            do {
                try await scenario.run(house)
            } catch let refusal as Refusal {
                Issue.record("\(scenario.title): \(refusal)")
            }
            try await house.settle()
            house.checkpoint(healed: true)
            #expect(house.auditor.violations.map { "\($0.invariant): \($0.text)" } == [])
        }
    }

    @Test("the story of prepaid lines passes the auditor, and exercises every rule that it tells of")
    func prepaidLines() async throws {
        try await WholeHouse.with { house in
            house.every = 1
            _ = try await PrepaidLineStory.tell(on: house)
            house.checkpoint(healed: true)
            #expect(house.auditor.violations.map { "\($0.invariant): \($0.text)" } == [])
            let counts = house.auditor.counts
            for rule in PrepaidLineStory.rules { #expect(counts.rules[rule, default: 0] > 0, "\(rule)") }
        }
    }

    @Test("the story of preliminary calls passes the auditor, and exercises every rule that it tells of")
    func preliminaryCalls() async throws {
        try await WholeHouse.with { house in
            house.every = 1
            _ = try await PreliminaryCallStory.tell(on: house)
            house.checkpoint(healed: true)
            #expect(house.auditor.violations.map { "\($0.invariant): \($0.text)" } == [])
            let counts = house.auditor.counts
            for rule in PreliminaryCallStory.rules { #expect(counts.rules[rule, default: 0] > 0, "\(rule)") }
        }
    }

    @Test("the story of applications passes the auditor, and exercises every rule that it tells of")
    func applications() async throws {
        try await WholeHouse.with { house in
            house.every = 1
            _ = try await ApplicationStory.tell(on: house)
            house.checkpoint(healed: true)
            #expect(house.auditor.violations.map { "\($0.invariant): \($0.text)" } == [])
            let counts = house.auditor.counts
            for rule in ApplicationStory.rules { #expect(counts.rules[rule, default: 0] > 0, "\(rule)") }
        }
    }

    @Test("the story of meeting auctions passes the auditor, and exercises every rule that it tells of")
    func meetings() async throws {
        try await WholeHouse.with { house in
            house.every = 1
            _ = try await MeetingAuctionStory.tell(on: house)
            house.checkpoint(healed: true)
            #expect(house.auditor.violations.map { "\($0.invariant): \($0.text)" } == [])
            let counts = house.auditor.counts
            for rule in MeetingAuctionStory.rules { #expect(counts.rules[rule, default: 0] > 0, "\(rule)") }
        }
    }

    @Test("the story of the lead auction passes the auditor, and exercises every rule that it tells of")
    func story() async throws {
        try await WholeHouse.with { house in
            house.every = 1
            _ = try await LeadAuctionStory.tell(on: house)
            house.checkpoint(healed: true)
            #expect(house.auditor.violations.map { "\($0.invariant): \($0.text)" } == [])
            let counts = house.auditor.counts
            #expect(counts.rules.count == 66)
            for rule in LeadAuctionStory.rules { #expect(counts.rules[rule, default: 0] > 0, "\(rule)") }
            // What no sound house ever sends is counted only where it occurs.
            var missing: [String] = []
            for message in Catalogue.all where counts.messages[message.title] == nil {
                missing.append(message.title)
            }
            #expect(missing == ["DisownHold"])
            #expect(counts.messages["PlaceBid", default: 0] > 0)
        }
    }
}
