/// Money, dates and times as a party of this language writes them (rule F8).
extension Language {
    /// `1.234,56 €` in German, `€1,234.56` in English, `1 234,56 €` in Russian; spaces do not break.
    public func text(_ money: Money) -> String {
        let magnitude = money.minor.magnitude
        let sign = money.minor < 0 ? "-" : ""
        let whole = grouped(magnitude / 100)
        let cents = padded(Int(magnitude % 100), 2)
        let symbol = Self.symbol(of: money.currency)
        switch self {
        case .english:
            let gap = symbol.utf8.count == 3 && symbol == money.currency.code ? "\u{a0}" : ""
            return "\(sign)\(symbol)\(gap)\(whole).\(cents)"
        case .german, .russian:
            return "\(sign)\(whole),\(cents)\u{a0}\(symbol)"
        }
    }

    /// `02.03.2026` in German and Russian, `2 March 2026` in English.
    public func text(_ date: CivilDate) -> String {
        switch self {
        case .german, .russian: "\(padded(date.day, 2)).\(padded(date.month, 2)).\(padded(date.year, 4))"
        case .english: "\(date.day) \(Self.englishMonths[(date.month - 1) % 12]) \(date.year)"
        }
    }

    /// Day and time of day on the marketplace's wall clock, to the minute.
    public func text(_ instant: Instant, in zone: LocalZone) -> String {
        let (date, microseconds) = zone.wall(instant)
        let minutes = Int(microseconds / 60_000_000)
        let time = "\(padded(minutes / 60, 2)):\(padded(minutes % 60, 2))"
        return self == .german ? "\(text(date)), \(time)\u{a0}Uhr" : "\(text(date)), \(time)"
    }

    /// `19 %` in German and Russian, `19%` in English; up to two decimals.
    public func text(_ share: BasisPoints) -> String {
        let whole = share.value / 100
        let rest = share.value % 100
        var number = "\(whole)"
        if rest != 0 {
            let decimals = rest % 10 == 0 ? "\(rest / 10)" : padded(Int(rest), 2)
            number += (self == .english ? "." : ",") + decimals
        }
        return number + (self == .english ? "%" : "\u{a0}%")
    }

    private func grouped(_ number: UInt64) -> String {
        let separator: String
        switch self {
        case .german: separator = "."
        case .english: separator = ","
        case .russian: separator = "\u{a0}"
        }
        var groups: [String] = []
        var rest = number
        while rest >= 1_000 {
            groups.append(padded(Int(rest % 1_000), 3))
            rest /= 1_000
        }
        groups.append("\(rest)")
        return groups.reversed().joined(separator: separator)
    }

    private static func symbol(of currency: Currency) -> String {
        switch currency {
        case .eur: "€"
        case .usd: "$"
        case .rub: "₽"
        default: currency.code
        }
    }

    private static let englishMonths = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November", "December",
    ]
}
