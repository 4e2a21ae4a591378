import AuctionRules
import Kernel
import Messages
import Runtime

/// A buyer wants a preliminary call (D1): it has one once the wallet froze the price and the vault routes.
enum ActivateCallHandler {
    static func handle(_ command: ActivateCall, _ turn: Turn) throws -> Outcome<CallActivated> {
        if let refusal = try turn.refusalOfActing(needed: .buyer) { return .refused(refusal) }
        let buyer = turn.acting.party
        guard let listing = try turn.store.listing(command.listing), listing.stage != .claiming,
            listing.marketplace == turn.acting.marketplace
        else { return .refused(.notFound) }
        let policy = try turn.store.policy(listing.marketplace, listing.policyVersion)
        let offered = try offer(listing, policy, to: buyer, turn)
        let refusal = PreliminaryRules.refusalOfActivation(of: offered, by: buyer, now: turn.now)
        if let refusal { return .refused(refusal) }
        guard let frozen = policy.cost(of: listing.standing.price)?.total else {
            return .refused(.amountOutOfRange, expected: "a price that fits", found: "another")
        }
        guard let number = try turn.store.freeNumber(in: listing.marketplace, at: turn.now) else {
            return .refused(.noProxyNumber, expected: "a free proxy number", found: "none")
        }
        let activation = Activation(
            id: turn.newID(), listing: listing.id, marketplace: listing.marketplace,
            policyVersion: listing.policyVersion, buyer: buyer, contact: listing.contact,
            caller: command.caller, number: number, price: listing.standing.price, frozen: frozen,
            ticket: turn.ticket.rawValue, until: turn.now + policy.preliminary.lease)
        try turn.store.insert(activation)
        try turn.store.lease(number: number, to: activation.id)
        // The line first: once the wallet says that it holds the price, a call may come.
        turn.send(line(activation), to: .wallet)
        turn.send(hold(activation, policy), to: .wallet)
        return .waiting
    }

    static func offer(
        _ listing: Listing, _ policy: Policy, to buyer: PartyID, _ turn: Turn
    ) throws -> ListingAtFixedPrice {
        ListingAtFixedPrice(
            mode: policy.mode, seller: listing.seller, stage: listing.stage, endsAt: listing.endsAt,
            own: try turn.store.liveActivation(for: listing.id, of: buyer)?.stage)
    }

    private static func line(_ activation: Activation) -> OpenProxyLine {
        var line = OpenProxyLine()
        line.activation = activation.id
        line.number = activation.number
        line.marketplace = activation.marketplace
        line.policyVersion = activation.policyVersion
        line.listing = activation.listing
        line.buyer = activation.buyer
        line.caller = activation.caller
        return line
    }

    private static func hold(_ activation: Activation, _ policy: Policy) -> PlaceHold {
        var hold = PlaceHold()
        hold.hold = activation.hold
        hold.party = activation.buyer
        hold.marketplace = activation.marketplace
        hold.amount = activation.frozen
        hold.listing = activation.listing
        hold.deadline = PreliminaryRules.holdDeadline(until: activation.until, by: policy)
        return hold
    }
}

/// What the wallet says of an activation's hold; false where the hold is none of an activation's.
enum ActivationHold {
    /// The price is frozen: the vault is asked to route.
    static func placed(_ message: HoldPlaced, _ turn: Turn) throws {
        guard let activation = try turn.store.activation(OrderID(message.hold.raw)),
            activation.stage == .opening
        else { return }
        var route = OpenRoute()
        route.activation = activation.id
        route.listing = activation.listing
        route.contact = activation.contact
        route.marketplace = activation.marketplace
        turn.send(route, to: .contactVault)
    }

    static func refused(_ message: HoldRefused, _ turn: Turn) throws {
        guard var activation = try turn.store.activation(OrderID(message.hold.raw)),
            activation.stage == .opening
        else { return }
        try Activations.end(
            &activation, as: .stopped,
            refusal: Refusal(message.reason, expected: message.expected, found: message.found), turn)
        try FixedPrice.settle(activation.listing, turn)
    }

    static func due(_ message: HoldDue, _ turn: Turn) throws -> Bool {
        guard let activation = try turn.store.activation(OrderID(message.hold.raw)) else { return false }
        if activation.isLive {
            let policy = try turn.store.policy(activation.marketplace, activation.policyVersion)
            var extend = ExtendHold()
            extend.hold = message.hold
            extend.deadline = PreliminaryRules.holdDeadline(
                until: max(turn.now, activation.until), by: policy)
            turn.send(extend, to: .wallet)
        } else {
            turn.release(message.hold)
        }
        return true
    }
}

/// The vault routes: the buyer may call.
enum RouteOpenedHandler {
    static func handle(_ message: RouteOpened, _ turn: Turn) throws {
        guard var activation = try turn.store.activation(message.activation), activation.stage == .opening
        else { return }
        let ticket = Ticket(rawValue: activation.ticket)
        activation.stage = .active
        activation.ticket = 0
        activation.activatedAt = turn.now
        try turn.store.save(activation)
        var timer = ActivationLapses()
        timer.activation = activation.id
        try turn.schedule(timer, subject: activation.id.raw, at: max(turn.now, activation.until))
        let policy = try turn.store.policy(activation.marketplace, activation.policyVersion)
        try turn.answer(ticket, answer(activation, policy))
        try turn.tell(
            .callActivated, to: activation.buyer, about: try turn.store.knownListing(activation.listing),
            order: activation.id, subject: activation.id.raw,
            [
                .init(.number, activation.number), .init(.price, activation.price),
                .init(.deadline, activation.until),
            ])
    }

    private static func answer(_ activation: Activation, _ policy: Policy) -> CallActivated {
        var answer = CallActivated()
        answer.activation = activation.id
        answer.listing = activation.listing
        answer.proxyNumber = activation.number
        answer.price = activation.price
        answer.frozen = activation.frozen
        answer.perMinute = Money(policy.preliminary.perMinute, policy.currency)
        answer.reserve = PreliminaryRules.reserve(by: policy) ?? .zero
        answer.until = activation.until
        return answer
    }
}

/// 24 hours without a purchase (D5); one under way is waited for.
enum ActivationLapsesHandler {
    static func handle(_ timer: ActivationLapses, _ turn: Turn) throws {
        guard var activation = try turn.store.activation(timer.activation), activation.stage == .active else {
            return
        }
        try Activations.end(&activation, as: .expired, turn)
        try FixedPrice.settle(activation.listing, turn)
    }
}

/// The buyer leaves the lead (D4).
enum DeclineLeadHandler {
    static func handle(_ command: DeclineLead, _ turn: Turn) throws -> Outcome<Done> {
        guard var activation = try turn.store.activation(command.activation),
            activation.buyer == turn.acting.party, activation.stage != .opening
        else { return .refused(.notFound) }
        guard activation.stage == .active else {
            return .refused(.wrongState, expected: "\(ActivationStage.active)", found: "\(activation.stage)")
        }
        try Activations.end(&activation, as: .declined, turn)
        try FixedPrice.settle(activation.listing, turn)
        return .answer(Done())
    }
}

/// A seller changes the price of a lead on offer; what is frozen stays frozen (D1).
enum RepriceListingHandler {
    static func handle(_ command: RepriceListing, _ turn: Turn) throws -> Outcome<Done> {
        if let refusal = try turn.refusalOfActing(needed: .seller) { return .refused(refusal) }
        guard var listing = try turn.store.listing(command.listing), listing.seller == turn.acting.party,
            listing.stage != .claiming
        else { return .refused(.notFound) }
        let policy = try turn.store.policy(listing.marketplace, listing.policyVersion)
        guard policy.mode == .preliminaryCall else {
            return .refused(.wrongState, expected: "\(SalesMode.preliminaryCall)", found: "\(policy.mode)")
        }
        let refusal =
            ListingRules.refusalOfBid(stage: listing.stage, endsAt: listing.endsAt, now: turn.now)
            ?? Publication.refusalOfStartPrice(command.price, policy)
        if let refusal { return .refused(refusal) }
        listing.startPrice = command.price.minor
        listing.standing = .init(price: command.price)
        try turn.store.save(listing, after: .open)
        return .answer(Done())
    }
}
