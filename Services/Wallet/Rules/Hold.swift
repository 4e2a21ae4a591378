import Kernel
import Messages

/// Where a hold stands. It ends exactly once: captured, released, or disowned.
public enum HoldState: UInt8, Sendable {
    case held = 1
    case captured = 2
    case released = 3
    case disowned = 4
}

/// An amount set aside in a wallet.
public struct Hold: Hashable, Sendable {
    public let id: HoldID
    public let party: PartyID
    public let marketplace: MarketplaceID
    public let listing: ListingID
    public private(set) var amount: Money
    public private(set) var state: HoldState
    /// What was taken of it at the end, in minor units; the rest went back.
    public private(set) var captured: Int64
    public private(set) var deadline: Instant
    /// When the owner is asked (next).
    public private(set) var askAt: Instant

    public init(
        id: HoldID, party: PartyID, marketplace: MarketplaceID, listing: ListingID, amount: Money,
        state: HoldState = .held, captured: Int64 = 0, deadline: Instant, askAt: Instant
    ) {
        self.id = id
        self.party = party
        self.marketplace = marketplace
        self.listing = listing
        self.amount = amount
        self.state = state
        self.captured = captured
        self.deadline = deadline
        self.askAt = askAt
    }

    /// How long the wallet waits for an owner's answer before it asks again.
    public static let askingAgain = Duration64.hours(1)
}

/// What becomes of a request for a hold.
public enum HoldDecision: Equatable, Sendable {
    /// Write the hold and the account.
    case set(Hold, Account)
    /// It is so already: answer the same again.
    case unchanged(Hold)
    case refused(Refusal)
}

extension Hold {
    /// A bid asks for its cover (A9). `account` is the party's wallet, `known` the hold that bears the number.
    public static func place(_ request: PlaceHold, known: Hold?, account: Account) -> HoldDecision {
        if let known {
            guard known.party == request.party, known.marketplace == request.marketplace,
                known.amount == request.amount, known.listing == request.listing
            else {
                return .refused(
                    Refusal(.wrongState, expected: "a new hold", found: "hold \(known.id) with other content")
                )
            }
            return known.state == .held ? .unchanged(known) : .refused(known.ended)
        }
        switch account.holding(request.amount) {
        case .failure(let refusal): return .refused(refusal)
        case .success(let changed):
            let hold = Hold(
                id: request.hold, party: request.party, marketplace: request.marketplace,
                listing: request.listing,
                amount: request.amount, deadline: request.deadline, askAt: request.deadline)
            return .set(hold, changed)
        }
    }

    /// The owner needs more, and perhaps for longer. A hold is never lowered: part of it is captured, the rest
    /// released.
    public func raise(to amount: Money, deadline: Instant, account: Account) -> HoldDecision {
        guard state == .held else { return .refused(ended) }
        guard let more = amount.subtracting(self.amount) else {
            return .refused(.currency(amount, expected: self.amount.currency))
        }
        guard more.minor >= 0 else {
            return .refused(
                Refusal(.amountOutOfRange, expected: "at least \(self.amount)", found: "\(amount)"))
        }
        let raised = extended(to: max(self.deadline, deadline))
        guard more.minor > 0 else { return raised == self ? .unchanged(self) : .set(raised, account) }
        switch account.holding(more) {
        case .failure(let refusal): return .refused(refusal)
        case .success(let changed):
            var hold = raised
            hold.amount = amount
            return .set(hold, changed)
        }
    }

    /// The owner still needs it until `deadline`.
    public func extended(to deadline: Instant) -> Hold {
        var hold = self
        hold.deadline = deadline
        hold.askAt = deadline
        return hold
    }

    /// Asked at `now`; if no answer comes, asked again.
    public func asked(at now: Instant) -> Hold {
        var hold = self
        hold.askAt = now + Self.askingAgain
        return hold
    }

    /// Its end. What is not captured goes back.
    public func ending(_ state: HoldState, captured: Int64 = 0) -> Hold {
        precondition(self.state == .held && state != .held, "a hold ends exactly once")
        var hold = self
        hold.state = state
        hold.captured = captured
        return hold
    }

    /// It was captured or given back before.
    public var ended: Refusal {
        Refusal(.holdEnded, expected: "a live hold", found: "hold \(id) is \(state)")
    }
}
