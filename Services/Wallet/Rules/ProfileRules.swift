import Kernel
import Messages

/// What a billing profile may be (E2, E12).
public enum ProfileRules {
    /// Profiles that one provider may have.
    public static let most = 64

    /// Why a profile cannot be so; nothing if it can.
    ///
    /// `wrongState` where the marketplace sells in another way; `invalidText`, `invalidValue`; and what
    /// ``TopUpTable/refusal`` says.
    public static func refusal(of command: SetBillingProfile, policy: Policy) -> Refusal? {
        guard policy.mode == .prepaidLine else {
            return Refusal(.wrongState, expected: "\(SalesMode.prepaidLine)", found: "\(policy.mode)")
        }
        if command.name.allSatisfy(\.isWhitespace) {
            return Refusal(.invalidText, expected: "name: not empty", found: "empty")
        }
        guard command.country.utf8.count == 2, command.country.utf8.allSatisfy({ (0x41...0x5a).contains($0) })
        else {
            return Refusal(
                .invalidText, expected: "country: two capital letters (ISO 3166-1)", found: "other")
        }
        guard command.callerList > 0 else {
            return Refusal(.invalidValue, expected: "callerList: at least 1", found: "0")
        }
        for (index, line) in command.lines.enumerated() {
            if let refusal = refusal(of: line) { return refusal }
            if command.lines.prefix(index).contains(where: { $0.number == line.number }) {
                return Refusal(.invalidValue, expected: "each number once", found: line.number)
            }
        }
        return command.table(policy.currency).refusal
    }

    private static func refusal(of line: ServiceLine) -> Refusal? {
        guard line.number.utf8.count >= 3, line.number.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return Refusal(.invalidText, expected: "number: 3 to 15 digits", found: "other")
        }
        let target = line.target.utf8
        guard !target.isEmpty, target.allSatisfy(isOfTarget) else {
            return Refusal(
                .invalidText, expected: "target: letters, digits, dots and dashes", found: "other")
        }
        // Who takes the calls is known to the switch; a person's number has no place here.
        guard target.filter({ (0x30...0x39).contains($0) }).count < 7 else {
            return Refusal(.contactDataInText, expected: "target: the name of a queue", found: "a number")
        }
        return nil
    }

    private static func isOfTarget(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, UInt8(ascii: "."), UInt8(ascii: "-"): true
        default: false
        }
    }
}

extension SetBillingProfile {
    public func table(_ currency: Currency) -> TopUpTable {
        TopUpTable(
            currency,
            topUps.map { TopUpOffer(amount: Money($0.amount, currency), bonus: Money($0.bonus, currency)) })
    }
}

extension Tariff {
    /// A tariff as a provider states it. Refused: `invalidValue` for a delay that is none of the four, and for a
    /// first-caller offer of two kinds; and what ``Tariff/refusal`` says, by the longest call of every line.
    public static func stated(
        _ terms: TariffTerms, version: UInt32, _ currency: Currency
    ) -> Result<Tariff, Refusal> {
        guard let delay = ChargingStart.Delay(rawValue: terms.startDelay) else {
            return .failure(
                Refusal(.invalidValue, expected: "0, 10, 20 or 30 seconds", found: "\(terms.startDelay)"))
        }
        if let offer = terms.firstCallers, (offer.prices != nil) == (offer.freeSeconds > 0) {
            return .failure(
                Refusal(
                    .invalidValue, expected: "free seconds or other prices for first-time callers",
                    found: "both, or neither"))
        }
        let tariff = Tariff(terms, version: version, currency, delay)
        for line in LineType.allCases {
            for benefit in [nil, tariff.firstCaller?.benefit] {
                if case .failure(let refusal) = tariff.terms(for: line, benefit: benefit) {
                    return .failure(refusal)
                }
            }
        }
        return .success(tariff)
    }

    private init(
        _ terms: TariffTerms, version: UInt32, _ currency: Currency, _ delay: ChargingStart.Delay
    ) {
        let moment: ChargingStart.Moment = terms.start == .announcement ? .announcement : .conversation
        self.init(
            version: version, currency: currency, rates: CallRates(terms.prices),
            increments: Increments(first: terms.firstIncrement, next: terms.nextIncrement),
            start: ChargingStart(at: moment, after: delay),
            firstCaller: terms.firstCallers.map { offer in
                FirstCallerTerms(
                    period: offer.period,
                    benefit: offer.prices.map { .rates(CallRates($0)) } ?? .freeSeconds(offer.freeSeconds))
            }, longestCallSeconds: terms.longestCall)
    }
}

extension CallRates {
    init(_ prices: CallPrices) {
        self.init(
            connectFee: prices.connectFee, landline: prices.landline, mobile: prices.mobile,
            other: prices.other)
    }
}

extension PrepaidBalance {
    public static func empty(_ currency: Currency) -> PrepaidBalance? { PrepaidBalance(currency) }

    public var funds: CallerFunds {
        var funds = CallerFunds()
        funds.paid = Money(paid, currency)
        funds.bonus = Money(bonus, currency)
        funds.reserved = Money(reserved, currency)
        funds.owed = Money(debt, currency)
        return funds
    }
}
