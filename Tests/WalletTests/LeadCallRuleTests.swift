import Kernel
import Messages
import Testing
import WalletRules

@Suite("What preliminary calls cost, and where the money goes") struct LeadCallRuleTests {
    private static func roubles(_ minor: Int64) -> Money { Money(minor, .rub) }

    @Test("D2 D3 the tariff is the policy's, from the conversation on and the same from every line")
    func tariff() throws {
        var policy = Policy.preliminaryCall
        for line in LineType.allCases {
            let terms = try LeadCallRules.tariff(policy, version: 3).terms(for: line).get()
            #expect(terms.version == 3)
            #expect(try terms.cost(ofCharged: .minutes(10)).get() == Self.roubles(48_000))
            #expect(try terms.charge(for: .seconds(61)).get().total == Self.roubles(9_600))
            #expect(terms.longestCall == .hours(2))
        }
        policy.preliminary.attemptFee = 19_900
        policy.preliminary.perMinute = 0
        let flat = try LeadCallRules.tariff(policy, version: 1).terms(for: .mobile).get()
        #expect(try flat.cost(ofCharged: .minutes(10)).get() == Self.roubles(19_900))
    }

    @Test("every policy that is in range makes a tariff that is")
    func extremes() throws {
        var policy = Policy.preliminaryCall
        policy.preliminary.perMinute = 100_000_000
        policy.preliminary.attemptFee = 100_000_000
        policy.preliminary.longestCall = .hours(12)
        (policy.preliminary.firstIncrement, policy.preliminary.nextIncrement) = (3_600, 3_600)
        #expect(policy.fault == nil)
        _ = try LeadCallRules.tariff(policy, version: 1).terms(for: .other).get()
        for change: (inout PreliminaryTerms) -> Void in [
            { $0.perMinute = -1 }, { $0.perMinute = 100_000_001 }, { $0.attemptFee = -1 },
            { $0.firstIncrement = 0 }, { $0.nextIncrement = 3_601 }, { $0.longestCall = .seconds(59) },
            { $0.longestCall = .hours(13) }, { $0.lease = .zero }, { $0.rest = .days(4_000) },
            { $0.longestCall = .minutes(5) },
        ] {
            var wrong = Policy.preliminaryCall
            change(&wrong.preliminary)
            #expect(wrong.fault != nil)
        }
    }

    @Test("D6 D7 only whoever asked for contact data pays for the minute begun")
    func ends() {
        let now = Instant(microseconds: 5)
        #expect(LeadCallRules.end(.fishing, at: now) == .hungUp(at: now))
        for reason in DetachReason.allCases where reason != .fishing {
            #expect(LeadCallRules.end(reason, at: now) == .soldToAnother(at: now))
        }
    }

    @Test("D3 VAT is within the price, rounded half up, and the entry sums to zero", arguments: 0..<200)
    func vat(_ step: Int) throws {
        var chance = Chance(seed: UInt64(step) &+ 77)
        var policy = Policy.preliminaryCall
        policy.vat = BasisPoints(Int32(chance.below(10_001)))
        let gross = Self.roubles(Int64(chance.below(10_000_000)) + 1)
        let vat = LeadCallRules.vat(within: gross, policy)
        // The net price with its VAT gives the gross again, within half a kopeck of rounding.
        let net = Int128(gross.minor - vat.minor)
        let off = net * Int128(policy.vat.value) - Int128(vat.minor) * 10_000
        #expect(abs(off) * 2 <= 10_000 + Int128(policy.vat.value))
        let buyer = PartyID(7)
        let charged = try #require(
            LeadCallRules.charged(gross, vat: vat, to: buyer, in: MarketplaceID(1)))
        #expect(charged.legs.reduce(Int64(0)) { $0 + $1.minor } == 0)
        #expect(charged.legs.first { $0.account.party == buyer }?.minor == -gross.minor)
        let credited = try #require(
            LeadCallRules.credited(gross, vat: vat, to: buyer, in: MarketplaceID(1)))
        #expect(credited.legs.map(\.minor) == charged.legs.map { -$0.minor })
    }
}
