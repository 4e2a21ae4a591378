import DisputeRules
import Kernel
import Messages
import Testing

@Suite("Who may rate, and until when")
struct RatingRuleTests {
    @Test("C5 a rating counts until the last instant, and once")
    func window() {
        let opened = Instant(iso8601: "2026-04-02T17:00:00Z") ?? .none
        let until = RatingRules.until(openedAt: opened, by: .meetingAuction)
        #expect(until == opened + .days(14))
        #expect(RatingRules.refusal(until: until, hasRated: false, now: until) == nil)
        let late = until + Duration64(microseconds: 1)
        #expect(RatingRules.refusal(until: until, hasRated: false, now: late)?.reason == .windowClosed)
        #expect(RatingRules.refusal(until: until, hasRated: true, now: opened)?.reason == .wrongState)
    }

    @Test("C5 all six answers of a consumer are kept, and one of an expert")
    func answers() {
        for bits: UInt8 in 0..<64 {
            let answers = AdviceAnswers(bits: bits)
            #expect(answers.bits == bits)
            #expect(RatingRules.kept(answers, byConsumer: true) == answers)
            #expect(RatingRules.kept(answers, byConsumer: false).bits == bits & 32)
        }
    }
}
