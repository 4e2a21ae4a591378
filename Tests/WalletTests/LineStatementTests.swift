import Kernel
import Messages
import Testing
import WalletRules

@Suite struct LineStatementTests {
    private func statement(
        _ paidIn: Int64, _ back: Int64 = 0, profiles: Int64 = 1, _ change: (inout Policy) -> Void = { _ in }
    ) -> LineStatement? {
        var policy = Policy.prepaidLine
        change(&policy)
        return LineStatement(
            from: Instant(microseconds: 1), to: Instant(microseconds: 2), profiles: profiles,
            paidIn: Money(paidIn, .eur), chargedBack: Money(back, .eur), by: policy)
    }

    @Test(
        "E13 the fee is the profiles' and a share of what was paid in, each rounded once, with VAT on the sum"
    )
    func fee() throws {
        // 9.00 a profile, 3 %, 19 % VAT.
        for (paidIn, back, profiles, monthly, share, vat) in [
            (0, 0, 1, 900, 0, 171), (10_000, 0, 1, 900, 300, 228), (50, 0, 2, 1_800, 2, 342),
            (10_000, 4_000, 1, 900, 180, 205), (1_000, 5_000, 1, 900, 0, 171), (0, 0, 0, 0, 0, 0),
        ] as [(Int64, Int64, Int64, Int64, Int64, Int64)] {
            let found = try #require(statement(paidIn, back, profiles: profiles))
            #expect(
                [found.monthly, found.share, found.cost.vat].map(\.minor) == [monthly, share, vat],
                "\(paidIn)")
            #expect(found.cost.price.minor == 0 && found.cost.fee.minor == monthly + share)
        }
        #expect(statement(0, profiles: .max) == nil, "what does not fit is no statement")
    }

    @Test(
        "E13 F1 what the balance does not cover is owed, and an older debt is settled first by what is free")
    func taking() throws {
        let found = try #require(statement(10_000))
        let total = found.cost.total.minor
        #expect(total == 1_428)
        for (free, owed, left) in [
            (0, 0, total), (1_000, 0, total - 1_000), (total, 0, 0), (5_000, 700, 0),
            (1_000, 700, total - 300),
        ] as [(Int64, Int64, Int64)] {
            let after = found.owedAfterwards(free: Money(free, .eur), owed: Money(owed, .eur))
            #expect(after.minor == left, "\(free) free, \(owed) owed")
            let posting = found.posting(
                PartyID(3), in: MarketplaceID(1), free: Money(free, .eur), owed: Money(owed, .eur))
            let legs = try #require(posting).legs
            #expect(legs.map(\.minor).reduce(0, +) == 0)
            let debt = legs.first { $0.account.accountClass == .receivable }?.minor ?? 0
            #expect(owed - debt == left, "the debt that is left")
        }
    }

    @Test("E13 a month ends at midnight on the marketplace's wall clock")
    func months() throws {
        for (at, minutes, summer, end, title) in [
            ("2026-03-02T08:00:00Z", 60, true, "2026-03-31T22:00:00Z", "2026-03"),
            ("2026-12-31T22:59:59Z", 60, true, "2026-12-31T23:00:00Z", "2026-12"),
            ("2026-12-31T23:00:00Z", 60, true, "2027-01-31T23:00:00Z", "2027-01"),
            ("2028-02-01T05:00:00Z", -300, false, "2028-03-01T05:00:00Z", "2028-02"),
        ] as [(String, Int32, Bool, String, String)] {
            let zone = LocalZone(minutes: minutes, summerTime: summer)
            let found = LineStatement.monthEnd(after: try #require(Instant(iso8601: at)), in: zone)
            #expect(found.iso8601 == end)
            #expect(LineStatement.title(endingAt: found, in: zone) == title)
        }
    }
}
