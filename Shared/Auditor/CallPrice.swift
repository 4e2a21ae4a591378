import Kernel
import Messages

/// What a call costs, worked out apart from the wallet: seconds first, then money, in plain whole numbers (E4-E7).
struct CallPrice {
    var connectFee: Int64
    /// Thousandths of a minor unit per minute.
    var perMinute: Int64
    var first: Int64
    var next: Int64
    /// Seconds before anything is charged.
    var delay: Int64
    var free: Int64
    /// Seconds.
    var longestCall: Int64

    init(_ terms: TariffTerms, _ line: LineType, _ benefit: CallBenefit) {
        var prices = terms.prices
        free = 0
        switch benefit {
        case .none: break
        case .free(let seconds): free = seconds
        case .prices: prices = terms.firstCallers?.prices ?? prices
        }
        connectFee = prices.connectFee
        perMinute = line == .landline ? prices.landline : line == .mobile ? prices.mobile : prices.other
        (first, next) = (Int64(terms.firstIncrement), Int64(terms.nextIncrement))
        delay = Int64(terms.startDelay)
        longestCall = Int64(terms.longestCall)
    }

    /// Whole increments, in seconds, of a call of so many microseconds.
    func billed(_ length: Int64) -> Int64 {
        let second: Int64 = 1_000_000
        let charged = length - (delay + free) * second
        if charged <= 0 { return 0 }
        var steps: Int64 = 0
        if charged > first * second {
            steps = (charged - first * second + next * second - 1) / (next * second)
        }
        return first + steps * next
    }

    /// Of so many billed seconds: half a minor unit is rounded up.
    func usage(_ seconds: Int64) -> Int64 {
        let thousandths = seconds.multipliedFullWidth(by: perMinute)
        let sixty: Int64 = 60_000
        let (quotient, rest) = sixty.dividingFullWidth(thousandths)
        return rest * 2 >= sixty ? quotient + 1 : quotient
    }

    func cost(_ length: Int64) -> Int64 {
        let seconds = billed(length)
        return seconds == 0 ? 0 : connectFee + usage(seconds)
    }

    /// The longest call, in microseconds, that costs at most this: the steps are tried by halving.
    func longest(_ amount: Int64) -> Int64 {
        let limit = longestCall * 1_000_000
        let lead = (delay + free) * 1_000_000
        func fits(_ steps: Int64) -> Bool { connectFee + usage(first + steps * next) <= amount }
        guard fits(0) else { return min(lead, limit) }
        var (low, high) = (Int64(0), longestCall / next + 1)
        while low < high {
            let middle = (low + high + 1) / 2
            if fits(middle) { low = middle } else { high = middle - 1 }
        }
        return min(lead + (first + low * next) * 1_000_000, limit)
    }

    /// What so much charged time costs at most.
    func reserve(_ charged: Int64) -> Int64 {
        let limit = longestCall * 1_000_000
        return cost(min(min(charged, limit) + (delay + free) * 1_000_000, limit))
    }
}

enum CallBenefit: Equatable {
    case none
    case free(Int64)
    case prices
}
