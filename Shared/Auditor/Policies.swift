import Kernel
import Messages

/// The marketplaces' policies as one service heard of them.
struct PolicyShelf {
    private var versions: [UInt64: Policy] = [:]
    private var newest: [UInt32: UInt32] = [:]

    mutating func take(_ message: MarketplacePublished) {
        let place = PolicyShelf.place(message.marketplace.raw, message.version)
        if versions[place] == nil { versions[place] = message.policy }
        newest[message.marketplace.raw] = max(newest[message.marketplace.raw] ?? 0, message.version)
    }

    func policy(_ marketplace: UInt32, _ version: UInt32) -> Policy? {
        versions[PolicyShelf.place(marketplace, version)]
    }

    func newest(_ marketplace: UInt32) -> (version: UInt32, policy: Policy)? {
        guard let version = newest[marketplace], let policy = policy(marketplace, version) else { return nil }
        return (version, policy)
    }

    private static func place(_ marketplace: UInt32, _ version: UInt32) -> UInt64 {
        UInt64(marketplace) << 32 | UInt64(version)
    }
}

/// What a buyer pays, in minor units, as the rulebook has it: the fee is a share of the price, VAT a share of
/// both,
/// each rounded once, half away from zero.
struct Cost: Equatable {
    var price: Int64
    var fee: Int64
    var vat: Int64
    var total: Int64 { price + fee + vat }

    init(of price: Int64, _ policy: Policy) {
        self.price = price
        fee = Cost.share(price, policy.buyerFee)
        vat = Cost.share(price + fee, policy.vat)
    }

    init(price: Int64, fee: Int64, vat: Int64) {
        (self.price, self.fee, self.vat) = (price, fee, vat)
    }

    static func - (left: Cost, right: Cost) -> Cost {
        Cost(price: left.price - right.price, fee: left.fee - right.fee, vat: left.vat - right.vat)
    }

    /// `points` ten-thousandths of an amount that is not negative, rounded half up.
    static func share(_ amount: Int64, _ points: BasisPoints) -> Int64 {
        let (quotient, rest) = (amount / 10_000, amount % 10_000)
        return quotient * Int64(points.value) + (rest * Int64(points.value) + 5_000) / 10_000
    }
}

extension Policy {
    /// The least price above `price` that a next bid may name.
    func stepAbove(_ price: Int64) -> Int64 { price + (increments.last { $0.from <= price }?.step ?? 1) }
}
