import DisputeRules
import Kernel
import Messages
import Testing

@Suite("The rules of disputes") struct RuleTests {
    static let reveal = Instant(iso8601: "2026-03-02T09:00:00Z") ?? .none

    /// Hours after the reveal, who, what; then how many count, and whether the refund is due.
    static let attempts: [(String, String)] = [
        ("", "0 -"),
        ("0 b u", "1 -"),
        ("0 b u, 3 b u", "1 -"),
        ("0 b u, 4 b u", "2 -"),
        ("0 b u, 3 b u, 4 s u, 8 b u", "3 unreachable"),
        ("0 b u, 4 b u, 7 b u", "2 -"),
        ("0 b u, 4 b u, 5 s r, 8 b u, 12 b u", "2 -"),
        ("0 b u, 4 b u, 5 s r, 8 b u, 12 b u, 16 s u", "3 unreachable"),
        ("1 b d", "0 declined"),
        ("1 b d, 2 s r", "0 -"),
        ("0 b u, 4 b u, 4 s d", "2 declined"),
    ]

    static func attempt(_ text: Substring) -> ReportedAttempt {
        let words = text.split(separator: " ")
        let outcomes: [Substring: AttemptOutcome] = ["u": .unreachable, "d": .declined, "r": .reached]
        return ReportedAttempt(
            party: PartyID(words[1] == "b" ? 7 : 8), outcome: outcomes[words[2]] ?? .reached,
            at: reveal + .hours(Int64(words[0]) ?? 0))
    }

    @Test(
        "A17 attempts far enough apart, or one refusal, show that the prospect cannot be had",
        arguments: attempts)
    func shown(_ row: (attempts: String, finding: String)) {
        let found = AttemptRules.find(
            row.attempts.split(separator: ",").map(Self.attempt), policy: Policy())
        #expect(
            "\(found.counted) \(found.shown ? found.reason.rawValue : "-")" == row.finding, "\(row.attempts)")
    }

    /// Hours of the last attempt and of the new one, and of now; then the refusal.
    static let times: [(last: Int64?, new: Int64, now: Int64, refused: RefusalCode?)] = [
        (nil, 0, 0, nil), (nil, 1, 1, nil), (nil, 2, 1, .invalidValue), (nil, -1, 1, .invalidValue),
        (2, 1, 3, .invalidValue), (2, 2, 3, nil), (2, 3, 3, nil),
    ]

    @Test("A17 an attempt lies after the reveal, after the last one, and not in the future", arguments: times)
    func honest(_ row: (last: Int64?, new: Int64, now: Int64, refused: RefusalCode?)) {
        let earlier = row.last.map { [Self.attempt("\($0) b u")] } ?? []
        let found = AttemptRules.refusal(
            Self.attempt("\(row.new) b u"), after: earlier, revealedAt: Self.reveal,
            now: Self.reveal + .hours(row.now))
        #expect(found?.reason == row.refused)
    }

    @Test("A17 attempts before a reveal, and attempts without end, are refused")
    func bounded() {
        let attempt = Self.attempt("1 b u")
        let now = Self.reveal + .hours(1)
        #expect(
            AttemptRules.refusal(attempt, after: [], revealedAt: .none, now: now)?.reason == .notRevealed)
        let many = Array(repeating: attempt, count: AttemptRules.most)
        #expect(
            AttemptRules.refusal(attempt, after: many, revealedAt: Self.reveal, now: now)?.reason
                == .wrongState)
    }

    static let verdicts: [(Verdict, Money, Int64?, RefusalCode?)] = [
        (.refundFull, .zero, 5_000, nil), (.refundFull, Money(5_000, .eur), 5_000, nil),
        (.refundFull, Money(4_999, .eur), nil, .amountOutOfRange),
        (.refundPart, Money(1, .eur), 1, nil), (.refundPart, Money(4_999, .eur), 4_999, nil),
        (.refundPart, Money(5_000, .eur), nil, .amountOutOfRange),
        (.refundPart, .zero, nil, .amountOutOfRange),
        (.refundPart, Money(-1, .eur), nil, .amountOutOfRange),
        (.refundPart, Money(1, .usd), nil, .wrongCurrency),
        (.reject, .zero, 0, nil), (.reject, Money(1, .eur), nil, .amountOutOfRange),
    ]

    @Test("A14 a verdict gives back all, a part, or nothing of the price", arguments: verdicts)
    func refunds(_ row: (verdict: Verdict, asked: Money, refund: Int64?, refused: RefusalCode?)) {
        switch CaseRules.refund(row.verdict, asked: row.asked, price: Money(5_000, .eur)) {
        case .success(let money): #expect(money.minor == row.refund)
        case .failure(let refusal): #expect(refusal.reason == row.refused)
        }
    }

    static let stageTable: [(CaseStage, RefusalCode?, RefusalCode?, RefusalCode?)] = [
        (.freezing, .wrongState, nil, .wrongState), (.awaitingStatement, nil, nil, .wrongState),
        (.awaitingVerdict, .windowClosed, nil, nil), (.awaitingContradiction, .wrongState, nil, .wrongState),
        (.settling, .caseDecided, .caseDecided, .caseDecided),
        (.closed, .caseDecided, .caseDecided, .caseDecided),
    ]

    @Test("A14 each stage takes what belongs to it", arguments: stageTable)
    func stages(
        _ row: (stage: CaseStage, statement: RefusalCode?, evidence: RefusalCode?, verdict: RefusalCode?)
    ) {
        var piece = Evidence()
        piece.content = PersonalText("x")
        #expect(CaseRules.statementRefusal(stage: row.stage, stated: false)?.reason == row.statement)
        #expect(
            CaseRules.evidenceRefusal(stage: row.stage, present: 0, added: [piece])?.reason == row.evidence)
        #expect(CaseRules.verdictRefusal(stage: row.stage)?.reason == row.verdict)
    }
}
