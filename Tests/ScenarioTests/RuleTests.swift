import Stories
import Testing

/// Every rule, proved in one process; `EndToEndTests` runs the same scenarios over live TLS.
@Suite("The rules of every sales mode that is built, in one process")
struct RuleTests {
    @Test(
        "A1 any lead with a concrete, current and serious project may be listed", arguments: Scenario.of("A1")
    )
    func a1(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test(
        "A2 a guided set-up asks what buyers want to know and suggests ranges", arguments: Scenario.of("A2"))
    func a2(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("A3 without a verified payout account nothing is published", arguments: Scenario.of("A3"))
    func a3(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("A4 the seller states the basis on which the lead may be passed on", arguments: Scenario.of("A4"))
    func a4(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test(
        "A5 only registered buyers see a listing, and the contact only after payment",
        arguments: Scenario.of("A5"))
    func a5(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("A6 a listing lasts 2 or 3 days", arguments: Scenario.of("A6"))
    func a6(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test(
        "A7 after publication nothing changes, but the seller may delete for good",
        arguments: Scenario.of("A7"))
    func a7(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("A8 what ended without a bid has one second round of 24 hours", arguments: Scenario.of("A8"))
    func a8(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("A9 a bid is high enough and covered", arguments: Scenario.of("A9"))
    func a9(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("A10 the outbid are told and free, the highest bidder is bound", arguments: Scenario.of("A10"))
    func a10(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("A11 the highest bid at the end wins, of equal ones the earlier", arguments: Scenario.of("A11"))
    func a11(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("A12 on payment the buyer gets the contact and the seller is told", arguments: Scenario.of("A12"))
    func a12(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("A13 the price less commission is paid out after the hold period", arguments: Scenario.of("A13"))
    func a13(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("A14 the buyer may object within 7 days of the reveal", arguments: Scenario.of("A14"))
    func a14(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("A15 the buyer gets an invoice, and a credit note for a refund", arguments: Scenario.of("A15"))
    func a15(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("A16 sellers and leads are reviewed and may be suspended", arguments: Scenario.of("A16"))
    func a16(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("A17 a prospect who cannot be had is refunded by rule", arguments: Scenario.of("A17"))
    func a17(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("A18 every order has a conversation", arguments: Scenario.of("A18"))
    func a18(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test(
        "A19 where payment follows the award, a lapse makes an offer to the runner-up",
        arguments: Scenario.of("A19"))
    func a19(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("B1 an applicant introduces itself and pays the fee", arguments: Scenario.of("B1"))
    func b1(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("B2 on acceptance the applicant gets the contact", arguments: Scenario.of("B2"))
    func b2(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("B3 a rejection in time hides the contact and refunds", arguments: Scenario.of("B3"))
    func b3(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("B4 after 24 hours the prospect is reminded", arguments: Scenario.of("B4"))
    func b4(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("B5 after 48 hours the contact is revealed by itself", arguments: Scenario.of("B5"))
    func b5(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("B6 the applicant is told which ways to the prospect are open", arguments: Scenario.of("B6"))
    func b6(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("B7 a prospect acts by links, one for each purpose", arguments: Scenario.of("B7"))
    func b7(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("C1 after the end both sides have the contract", arguments: Scenario.of("C1"))
    func c1(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("C2 each side sees the other's data", arguments: Scenario.of("C2"))
    func c2(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("C3 7 working days to agree on an appointment", arguments: Scenario.of("C3"))
    func c3(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("C4 price and fee are collected, and paid out after the meeting", arguments: Scenario.of("C4"))
    func c4(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("C6 what ended without a bid is listed again", arguments: Scenario.of("C6"))
    func c6(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("C7 a sale is undone by agreement", arguments: Scenario.of("C7"))
    func c7(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("C8 an award binds, and the seller is told so", arguments: Scenario.of("C8"))
    func c8(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("C5 both sides rate after the meeting", arguments: Scenario.of("C5"))
    func c5(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("C9 a seller sees how experts were rated", arguments: Scenario.of("C9"))
    func c9(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("D1 an activation freezes the price and attaches a proxy number", arguments: Scenario.of("D1"))
    func d1(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("D2 a call needs ten minutes' money, and goes on while money lasts", arguments: Scenario.of("D2"))
    func d2(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("D3 only a conversation is charged, by the minute", arguments: Scenario.of("D3"))
    func d3(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("D4 after the call the buyer buys or declines", arguments: Scenario.of("D4"))
    func d4(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("D5 after 24 hours the number is detached", arguments: Scenario.of("D5"))
    func d5(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("D6 asking for contact data has consequences", arguments: Scenario.of("D6"))
    func d6(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("D7 one buyer gets the lead, and every other activation ends", arguments: Scenario.of("D7"))
    func d7(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("E1 a top-up counts at once, also in a call; calls are metered on it", arguments: Scenario.of("E1"))
    func e1(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("E2 bonus is apart, spent first, never paid out", arguments: Scenario.of("E2"))
    func e2(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("E3 the minutes left are told at the start and before the end", arguments: Scenario.of("E3"))
    func e3(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("E4 charging starts where the provider says", arguments: Scenario.of("E4"))
    func e4(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("E5 increments are the provider's choice", arguments: Scenario.of("E5"))
    func e5(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("E6 a call keeps the tariff that it began with", arguments: Scenario.of("E6"))
    func e6(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("E7 first-time callers get what the tariff offers, once", arguments: Scenario.of("E7"))
    func e7(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("E8 balances are raised and lowered with a reason", arguments: Scenario.of("E8"))
    func e8(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("E9 a provider sees its callers' history", arguments: Scenario.of("E9"))
    func e9(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("E10 balance and history follow a number", arguments: Scenario.of("E10"))
    func e10(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("E11 a call says why its balance was not found", arguments: Scenario.of("E11"))
    func e11(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("E13 fees follow in a monthly statement", arguments: Scenario.of("E13"))
    func e13(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("E14 a page on which callers pay in", arguments: Scenario.of("E14"))
    func e14(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("E12 profiles serve several sites and share no balance", arguments: Scenario.of("E12"))
    func e12(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("F1 money is double entry and never below what it may be", arguments: Scenario.of("F1"))
    func f1(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("F2 a command sent twice acts once", arguments: Scenario.of("F2"))
    func f2(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("F3 what is refused leaves nothing half done", arguments: Scenario.of("F3"))
    func f3(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("F4 a contact is read only through a recorded reveal", arguments: Scenario.of("F4"))
    func f4(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("F5 erasure destroys what was sealed", arguments: Scenario.of("F5"))
    func f5(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("F6 a notification is never lost and sent once per channel", arguments: Scenario.of("F6"))
    func f6(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("F7 a deadline fires once", arguments: Scenario.of("F7"))
    func f7(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("F8 everybody is told in the own language and format", arguments: Scenario.of("F8"))
    func f8(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("F9 what one may not see does not exist", arguments: Scenario.of("F9"))
    func f9(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("F10 a prospect may object at any time and in every mode", arguments: Scenario.of("F10"))
    func f10(_ scenario: Scenario) async throws { try await WholeHouse.run(scenario) }

    @Test("every rule that is built has a scenario, and every scenario a rule")
    func complete() throws {
        let rules =
            (1...19).map { "A\($0)" } + (1...7).map { "B\($0)" } + MeetingAuctionStory.rules
            + PreliminaryCallStory.rules + PrepaidLineStory.rules + (1...10).map { "F\($0)" }
        for rule in rules { #expect(!Scenario.of(rule).isEmpty, "\(rule)") }
        let known = rules.map { Scenario.of($0).count }.reduce(0, +)
        #expect(known == Scenario.all.count)
        #expect(Set(Scenario.all.map(\.title)).count == Scenario.all.count)
    }
}
