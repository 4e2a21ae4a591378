import AuctionRules
import Kernel
import Messages
import Runtime

/// How an activation ends, whatever ends it (D4-D7).
enum Activations {
    /// Detaches the number, frees what is frozen, and tells the holder. One that was opening never came to be: whoever
    /// waits for it is refused with `refusal`.
    static func end(
        _ activation: inout Activation, as stage: ActivationStage, reason: KnownReason? = nil,
        refusal: Refusal? = nil, _ turn: Turn
    ) throws {
        let was = activation.stage
        let policy = try turn.store.policy(activation.marketplace, activation.policyVersion)
        close(activation, was == .opening ? .neverOpened : PreliminaryRules.reason(of: stage), policy, turn)
        // What a purchase has under way is the order's.
        if was != .buying { turn.release(activation.hold) }
        if was == .opening {
            try turn.store.remove(activation: activation.id)
            try turn.store.detach(number: activation.number, restingUntil: nil)
            return try turn.refuse(
                Ticket(rawValue: activation.ticket),
                refusal ?? Refusal(.listingClosed, expected: "open", found: "\(stage)"))
        }
        let freeAt = Planted.isOn(.numberNeverRests) ? nil : turn.now + policy.preliminary.rest
        try turn.store.detach(number: activation.number, restingUntil: freeAt)
        activation.stage = stage
        activation.endedAt = turn.now
        try turn.store.save(activation)
        try turn.cancel(ActivationLapses.self, subject: activation.id.raw)
        try tell(activation, reason, turn)
    }

    private static func close(
        _ activation: Activation, _ reason: DetachReason, _ policy: Policy, _ turn: Turn
    ) {
        var line = CloseProxyLine()
        line.activation = activation.id
        line.reason = reason
        line.creditCalls = reason == .bought && policy.preliminary.creditsCalls
        turn.send(line, to: .wallet)
        var route = CloseRoute()
        route.activation = activation.id
        turn.send(route, to: .contactVault)
    }

    private static func tell(_ activation: Activation, _ reason: KnownReason?, _ turn: Turn) throws {
        let event: NotificationEvent
        switch activation.stage {
        case .expired: event = .activationExpired
        case .soldToAnother: event = .activationLost
        case .stopped: event = .activationStopped
        case .opening, .active, .buying, .bought, .declined, .forfeited: return
        }
        let why = event == .activationStopped ? reason.map { [NotificationValue(.reason, $0.rawValue)] } : nil
        try turn.tell(
            event, to: activation.buyer, about: try turn.store.knownListing(activation.listing),
            order: activation.id, subject: activation.id.raw,
            [.init(.refund, activation.frozen)] + (why ?? []))
    }

    /// Ends all that are under way for a listing that is stopped or sold.
    static func endAll(
        for listing: ListingID, as stage: ActivationStage, reason: KnownReason? = nil,
        except bought: OrderID = .none,
        _ turn: Turn
    ) throws {
        for id in try turn.store.liveActivations(for: listing) where id != bought {
            guard var activation = try turn.store.activation(id) else { continue }
            try end(&activation, as: stage, reason: reason, turn)
        }
    }

    /// A suspended or closed buyer has no calls to make (A16).
    static func stopAll(of buyer: PartyID, _ turn: Turn) throws {
        for id in try turn.store.liveActivations(of: buyer) {
            guard var activation = try turn.store.activation(id), activation.stage != .buying else {
                continue
            }
            let refusal = Refusal(.suspended, expected: "a verified party", found: "suspended")
            try end(&activation, as: .stopped, reason: .listingStopped, refusal: refusal, turn)
            try FixedPrice.settle(activation.listing, turn)
        }
    }
}

/// Leads at a fixed price (D1, D7).
enum FixedPrice {
    /// The listing's time is over: whoever has an activation keeps the lead on offer for as long as that lasts.
    static func end(_ listing: inout Listing, _ turn: Turn) throws {
        guard try turn.store.hasLiveActivation(for: listing.id) else {
            return try Award.expire(&listing, turn)
        }
        listing.stage = .closing
        try turn.store.save(listing, after: .open)
    }

    /// An activation has ended: the last one that a listing's end waited for lets it expire.
    static func settle(_ id: ListingID, _ turn: Turn) throws {
        var listing = try turn.store.knownListing(id)
        guard listing.stage == .closing, try !turn.store.hasLiveActivation(for: id) else { return }
        try Award.expire(&listing, turn)
    }

    /// A purchase did not come about: the lead is on offer again.
    static func reopen(_ listing: inout Listing, _ turn: Turn) throws {
        guard listing.stage == .awarded else { return }
        listing.stage = .open
        try turn.store.save(listing, after: .awarded)
        if turn.now >= listing.endsAt { try end(&listing, turn) }
    }
}
