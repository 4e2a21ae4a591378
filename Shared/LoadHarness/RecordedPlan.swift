import Kernel
import Stories

/// Recorded bids in the order, at the moments and by the people by whom they are played again.
public struct RecordedPlan: Sendable {
    /// One bid.
    public struct Turn: Sendable, Equatable {
        /// Nanoseconds from the beginning.
        public var moment: UInt64
        /// The number of the lot in ``RecordedPlan/lots``.
        public var lot: Int
        /// Who bids, from 0: the bidders of each lot in the order in which they came.
        public var seat: Int
        /// The bidder's maximum, in minor units.
        public var amount: Int64
    }

    /// One auction.
    public struct Lot: Sendable, Equatable {
        public var title: String
        /// In minor units.
        public var opening: Int64
        /// How long it is open at the scale of the plan.
        public var length: Duration64
    }

    /// Rising in time, and as in the file where two came at once.
    public let turns: [Turn]
    /// In the order of the file.
    public let lots: [Lot]
    /// The most bidders of one lot.
    public let seats: Int

    /// The greatest scale: a month in less than three milliseconds.
    public static let greatestScale = 1_000_000_000.0

    /// - Parameter scale: how many times faster than it was the recorded time passes.
    public init(_ bids: [RecordedBid], scale: Double) throws(LoadPlanFault) {
        guard scale > 0, scale <= RecordedPlan.greatestScale else {
            throw LoadPlanFault(
                "scale", expected: "above zero, at most \(Int(RecordedPlan.greatestScale))", found: "\(scale)"
            )
        }
        var numbers: [String: Int] = [:]
        var lots: [Lot] = []
        for bid in bids where numbers[bid.auction] == nil {
            numbers[bid.auction] = lots.count
            let length = Duration64(microseconds: Int64(Double(bid.length.microseconds) / scale))
            lots.append(Lot(title: bid.item, opening: bid.opening, length: length))
        }
        var taken: [[String: Int]] = Array(repeating: [:], count: lots.count)
        var turns: [Turn] = []
        for (_, bid) in bids.enumerated().sorted(by: { ($0.1.after, $0.0) < ($1.1.after, $1.0) }) {
            guard let lot = numbers[bid.auction] else { continue }
            let seat = taken[lot][bid.bidder] ?? taken[lot].count
            taken[lot][bid.bidder] = seat
            let moment = UInt64(Double(bid.after.microseconds) * 1_000 / scale)
            turns.append(Turn(moment: moment, lot: lot, seat: seat, amount: bid.maximum))
        }
        self.turns = turns
        self.lots = lots
        seats = taken.map(\.count).max() ?? 0
    }
}
