/// What people come to a marketplace for.
public enum JourneyKind: String, Sendable, CaseIterable {
    /// A search, a detail, its history.
    case browse
    /// The buyer's overview, inbox and balance.
    case dashboard
    /// A look at a lead, and a bid of what it takes.
    case bid
    /// Bids in the last second of an auction.
    case snipe
    /// A contact sealed, a lead put on offer.
    case sell
    /// A short auction from its beginning to the revealed contact.
    case win
    /// Money paid in, and looked at when it is there.
    case topUp
    /// A won lead whose prospect says no: an objection, and the seller's statement.
    case dispute
    /// An application for a lead, and the prospect's review by the link in its e-mail.
    case apply
    /// A preliminary call through the house's switch, and a purchase or a refusal.
    case call
    /// A caller's money, and a call to a prepaid line for it.
    case prepaid

    /// How often each comes, of a hundred, unless a run says otherwise.
    public static let usual: [JourneyKind: Int] = [
        .browse: 38, .dashboard: 14, .bid: 28, .snipe: 2, .sell: 6, .win: 3, .topUp: 3, .dispute: 1,
        .apply: 1,
        .call: 2, .prepaid: 2,
    ]

    /// Reads weights such as `browse=60,bid=40`.
    public static func weights(_ text: String) throws(LoadPlanFault) -> [JourneyKind: Int] {
        var weights: [JourneyKind: Int] = [:]
        let names = allCases.map(\.rawValue).joined(separator: ", ")
        for part in text.split(separator: ",") {
            let halves = part.split(separator: "=", omittingEmptySubsequences: false)
            guard halves.count == 2, let kind = JourneyKind(rawValue: String(halves[0])) else {
                throw LoadPlanFault("journey", expected: "NAME=WEIGHT, one of \(names)", found: part)
            }
            guard let weight = Int(halves[1]), (0...1_000_000).contains(weight) else {
                throw LoadPlanFault("weight", expected: "0 to 1000000", found: halves[1])
            }
            weights[kind] = weight
        }
        guard weights.values.contains(where: { $0 > 0 }) else {
            throw LoadPlanFault("journeys", expected: "a weight above zero", found: text)
        }
        return weights
    }
}
