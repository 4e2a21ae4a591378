import Kernel
import Messages
import Storage

/// Activations, purchases and strikes as the rulebook has them (D1, D4-D7): told by the auction's journal alone.
extension AuctionModel {
    final class Activation {
        let id: UInt64
        let listing: Listing
        let buyer: UInt64
        let number: String
        /// The listing's price at this moment, and never another (D1).
        let price: Int64
        let until: Instant
        var stage = ActivationStage.opening
        var activatedAt = Instant.none
        var endedAt = Instant.none
        var order: UInt64 = 0

        init(_ id: UInt64, _ listing: Listing, _ buyer: UInt64, _ number: String, until: Instant) {
            self.id = id
            self.listing = listing
            self.buyer = buyer
            self.number = number
            price = listing.price
            self.until = until
        }

        var isLive: Bool { stage == .opening || stage == .active || stage == .buying }
        var frozen: Int64 { Cost(of: price, listing.policy).total }
    }

    struct Proxy {
        var marketplace: UInt32
        var leasedTo: UInt64 = 0
        var freeAt = Instant.none
        var isRetired = false
    }

    struct Strike {
        var id: UInt64
        var activation: UInt64
        var party: UInt64
        var state = StrikeState.stands
    }

    /// Whether the row was about a preliminary call or a purchase at a fixed price.
    func applyToActivations(_ row: JournalRow) throws -> Bool {
        switch row.code {
        case SetProxyNumbers.code:
            let command = try row.decoded(SetProxyNumbers.self)
            for number in command.add {
                proxies[number, default: Proxy(marketplace: command.marketplace.raw)].isRetired = false
            }
            for number in command.retire { proxies[number]?.isRetired = true }
        case ActivateCall.code: activate(try row.decoded(ActivateCall.self).listing.raw, row)
        case RouteOpened.code:
            guard let activation = activations[try row.decoded(RouteOpened.self).activation.raw],
                activation.stage == .opening
            else { break }
            activation.stage = .active
            activation.activatedAt = row.at
            touchedActivations.insert(activation.id)
            deadlines.set(ActivationLapses.code, activation.id, at: max(row.at, activation.until))
        case ActivationLapses.code:
            let id = try row.decoded(ActivationLapses.self).activation.raw
            deadlines.fired(row, id, "auction", findings)
            guard let activation = activations[id], activation.stage == .active else { break }
            end(activation, as: .expired, row)
            settle(activation.listing, row)
        case DeclineLead.code:
            let id = try row.decoded(DeclineLead.self).activation.raw
            guard let activation = activations[id], activation.stage == .active, activation.buyer == row.party
            else {
                findings.report(
                    .activationByRule,
                    "activation \(id): expected it declined by its buyer while it lasts (D4), found another",
                    ["order \(id)"])
                break
            }
            end(activation, as: .declined, row)
            settle(activation.listing, row)
        case BuyLead.code: buy(try row.decoded(BuyLead.self).listing.raw, row)
        case RepriceListing.code: reprice(try row.decoded(RepriceListing.self), row)
        default: return try applyToStrikes(row)
        }
        return true
    }

    private func applyToStrikes(_ row: JournalRow) throws -> Bool {
        switch row.code {
        case ReportFishing.code: fished(try row.decoded(ReportFishing.self), row)
        case ContestStrike.code:
            let command = try row.decoded(ContestStrike.self)
            move(command.strike.raw, from: .stands, to: .contested, by: row.party)
        case DecideStrike.code:
            let command = try row.decoded(DecideStrike.self)
            move(command.strike.raw, from: .contested, to: command.stands ? .upheld : .withdrawn, by: nil)
            rules.note(.model("strike decided"))
        default: return false
        }
        return true
    }

    // MARK: Activations

    private func live(on listing: Listing) -> [Activation] {
        listing.activations.compactMap { activations[$0] }.filter(\.isLive)
    }

    private func live(on listing: Listing, of buyer: UInt64) -> Activation? {
        live(on: listing).first { $0.buyer == buyer }
    }

    /// The number that has rested for the longest (D1).
    private func freeNumber(_ marketplace: UInt32, at now: Instant) -> String? {
        proxies.keys.sorted().filter { number in
            guard let proxy = proxies[number] else { return false }
            return proxy.marketplace == marketplace && proxy.leasedTo == 0 && !proxy.isRetired
                && proxy.freeAt <= now
        }.min { (proxies[$0]?.freeAt ?? .none) < (proxies[$1]?.freeAt ?? .none) }
    }

    private func activate(_ id: UInt64, _ row: JournalRow) {
        guard let listing = listings[id] else { return }
        let number = freeNumber(listing.marketplace, at: row.at)
        let buyer = parties[row.party] ?? Party()
        let allowed: [(Bool, String)] = [
            (buyer.state == .verified && buyer.roles.contains(.buyer), "a verified buyer"),
            (listing.seller != row.party && listing.marketplace == row.marketplace, "another's listing"),
            (listing.policy.mode == .preliminaryCall, "a listing at a fixed price"),
            (listing.stage == .open && row.at < listing.endsAt, "an open listing"),
            (live(on: listing, of: row.party) == nil, "no activation under way"),
            (number != nil, "a free proxy number that has rested"),
        ]
        for (holds, what) in allowed where !holds {
            findings.report(
                .activationByRule, "activation \(row.made()): expected \(what) (D1), found it taken",
                ["order \(row.made())", "listing \(id)"])
        }
        let activation = Activation(
            row.made(), listing, row.party, number ?? "",
            until: row.at + listing.policy.preliminary.lease)
        if let number { proxies[number]?.leasedTo = activation.id }
        activations[activation.id] = activation
        listing.activations.append(activation.id)
        touchedActivations.insert(activation.id)
    }

    /// The wallet does not hold the price: the activation never was.
    func activationRefused(_ hold: UInt64, _ row: JournalRow) {
        guard let activation = activations[hold], activation.stage == .opening else { return }
        end(activation, as: .stopped, row)
        settle(activation.listing, row)
    }

    private func end(_ activation: Activation, as stage: ActivationStage, _ row: JournalRow) {
        touchedActivations.insert(activation.id)
        proxies[activation.number]?.leasedTo = 0
        guard activation.stage != .opening else {
            activations[activation.id] = nil
            activation.listing.activations.removeAll { $0 == activation.id }
            return
        }
        proxies[activation.number]?.freeAt = row.at + activation.listing.policy.preliminary.rest
        activation.stage = stage
        activation.endedAt = row.at
        deadlines.cancel(ActivationLapses.code, activation.id)
        rules.note(.model("activation \(stage)"))
        let events: [ActivationStage: NotificationEvent] = [
            .expired: .activationExpired, .soldToAnother: .activationLost, .stopped: .activationStopped,
        ]
        guard let event = events[stage] else { return }
        toldOfMeetings.append(
            MeetingTold(event: event, party: activation.buyer, order: activation.id, subject: activation.id))
    }

    func endActivations(on listing: Listing, as stage: ActivationStage, _ row: JournalRow) {
        for activation in live(on: listing) { end(activation, as: stage, row) }
    }

    func stopActivations(of buyer: UInt64, _ row: JournalRow) {
        for id in activations.keys.sorted() {
            guard let activation = activations[id], activation.buyer == buyer, activation.isLive,
                activation.stage != .buying
            else { continue }
            end(activation, as: .stopped, row)
            settle(activation.listing, row)
        }
    }

    /// A listing whose time is over lasts as long as somebody's activation.
    func settle(_ listing: Listing, _ row: JournalRow) {
        guard listing.policy.mode == .preliminaryCall, listing.stage == .closing, live(on: listing).isEmpty
        else { return }
        expire(listing, row)
    }

    private func reprice(_ command: RepriceListing, _ row: JournalRow) {
        guard let listing = listings[command.listing.raw] else { return }
        if listing.seller != row.party || listing.stage != .open || row.at >= listing.endsAt {
            findings.report(
                .listingByRule,
                "listing \(listing.id): expected another price by its seller while it is open, found one in stage \(listing.stage)",
                ["listing \(listing.id)"])
        }
        listing.startPrice = command.price.minor
        listing.price = command.price.minor
        listing.resetAt = row.sequence
        touch(listing, row)
    }

    // MARK: Purchases

    private func buy(_ id: UInt64, _ row: JournalRow) {
        guard let listing = listings[id] else { return }
        let own = live(on: listing, of: row.party)
        let isOpen = listing.stage == .open && row.at < listing.endsAt
        let mayBuy = own?.stage == .active ? listing.isLive : isOpen
        if !mayBuy || own?.stage == .opening || listing.seller == row.party {
            findings.report(
                .oneWinner,
                "listing \(id): expected it sold by its first purchase alone (D7), found another taken in stage \(listing.stage)",
                ["listing \(id)", "party \(row.party)"])
        }
        listing.stage = .awarded
        touch(listing, row)
        // What was frozen at the activation, whatever the seller asks for since (D1).
        guard
            let order = claim(listing, row, buyer: row.party, price: own?.price ?? listing.price, .collecting)
        else { return }
        order.deadline = row.at
        order.hold = own?.id ?? 0
        own?.stage = .buying
        own?.order = order.id
        if let own {
            rules.note(.model("frozen price"))
            touchedActivations.insert(own.id)
        }
    }

    /// Paid: everybody else's activation ends (D7).
    func leadSold(_ order: Order, _ row: JournalRow) {
        let listing = order.listing
        if let own = live(on: listing, of: order.buyer) { end(own, as: .bought, row) }
        endActivations(on: listing, as: .soldToAnother, row)
        deadlines.cancel(ListingEnds.code, listing.id)
        deadlines.cancel(ListingReviewFallsDue.code, listing.id)
    }

    /// Not paid: the lead is on offer again.
    func leadUnpaid(_ order: Order, _ row: JournalRow) {
        move(order, to: .cancelled)
        let listing = order.listing
        if let own = live(on: listing, of: order.buyer), own.order == order.id {
            end(own, as: .stopped, row)
        }
        guard listing.stage == .awarded else { return }
        listing.stage = row.at >= listing.endsAt ? .closing : .open
        touch(listing, row)
        settle(listing, row)
    }

    // MARK: Strikes

    private func fished(_ command: ReportFishing, _ row: JournalRow) {
        guard let activation = activations[command.activation.raw] else {
            return findings.report(
                .fishingByRule,
                "journal \(row.sequence): expected a strike of an activation (D6), found none",
                ["call \(command.call)"])
        }
        guard strikes[command.call.raw] == nil else { return }
        let terms = activation.listing.policy.preliminary
        strikes[command.call.raw] = Strike(
            id: row.made(), activation: activation.id, party: activation.buyer)
        touchedStrikes.insert(command.call.raw)
        toldOfMeetings.append(
            MeetingTold(
                event: .fishingFound, party: activation.buyer, order: activation.id, subject: row.made()))
        if terms.fishing == .activationEnded, activation.stage == .active {
            end(activation, as: .forfeited, row)
            settle(activation.listing, row)
        }
        let count = strikes.values.count { $0.party == activation.buyer && $0.state != .withdrawn }
        guard terms.fishingStrikes > 0, count >= Int(terms.fishingStrikes) else { return }
        rules.note(.model("fishing suspends"))
        fishers[activation.buyer, default: 0] += 1
    }

    private func move(_ id: UInt64, from: StrikeState, to: StrikeState, by party: UInt64?) {
        let found = strikes.keys.sorted().first { strikes[$0]?.id == id }
        guard let call = found, let strike = strikes[call], strike.state == from,
            party == nil || party == strike.party
        else {
            return findings.report(
                .fishingByRule, "strike \(id): expected one that is \(from) (D6), found another",
                ["strike \(id)"])
        }
        strikes[call]?.state = to
        touchedStrikes.insert(call)
    }

    // MARK: The tables

    func compareActivations(_ store: Store, all: Bool) throws {
        for id in all ? activations.keys.sorted() : touchedActivations.sorted() {
            try compareActivation(id, store)
        }
        for call in all ? strikes.keys.sorted() : touchedStrikes.sorted() { try compareStrike(call, store) }
        touchedActivations = []
        touchedStrikes = []
        let twice = try store.all(
            """
            SELECT number, count(*) FROM activation WHERE stage IN (1, 2, 3) GROUP BY number HAVING count(*) > 1
            ORDER BY number
            """, read: { $0.text(0) })
        for number in twice {
            findings.report(
                .proxyLeasedOnce, "number \(number): expected one activation at a time, found more",
                ["number \(number)"])
        }
        guard all else { return }
        for number in proxies.keys.sorted() { try compareProxy(number, store) }
        let counts = try store.first(
            "SELECT (SELECT count(*) FROM activation), (SELECT count(*) FROM strike), (SELECT count(*) FROM proxy_number)"
        ) { row in (0...2).map { Int(row.int(Int32($0))) } }
        findings.expect(
            .activationByRule, "all activations, strikes, proxy numbers",
            expected: [activations.count, strikes.count, proxies.count], found: counts ?? [])
    }

    private func compareActivation(_ id: UInt64, _ store: Store) throws {
        let found = try store.first(
            """
            SELECT stage, listing, buyer, price, frozen, until, activated_at, ended_at, order_id, number
            FROM activation WHERE id = ?
            """, id
        ) { row in (0...8).map { "\(row.int(Int32($0)))" } + [row.text(9)] }
        let expected = activations[id].map { activation in
            [
                Int64(activation.stage.rawValue), Int64(bitPattern: activation.listing.id),
                Int64(bitPattern: activation.buyer), activation.price, activation.frozen,
                activation.until.microseconds, activation.activatedAt.microseconds,
                activation.endedAt.microseconds, Int64(bitPattern: activation.order),
            ].map { "\($0)" } + [activation.number]
        }
        findings.expect(
            .activationByRule,
            "activation \(id): stage, listing, buyer, price, frozen, until, activated and ended at, order, number",
            expected: expected ?? [], found: found ?? [], ["order \(id)"])
    }

    private func compareStrike(_ call: UInt64, _ store: Store) throws {
        guard let strike = strikes[call] else { return }
        let found = try store.first(
            "SELECT id, activation, party, state FROM strike WHERE call = ?", call
        ) { row in (0...3).map { row.int(Int32($0)) } }
        findings.expect(
            .fishingByRule, "strike of call \(call): its number, activation, party, state",
            expected: [
                Int64(bitPattern: strike.id), Int64(bitPattern: strike.activation),
                Int64(bitPattern: strike.party), Int64(strike.state.rawValue),
            ], found: found ?? [], ["call \(call)"])
    }

    private func compareProxy(_ number: String, _ store: Store) throws {
        guard let proxy = proxies[number] else { return }
        let found = try store.first(
            "SELECT marketplace, leased_to, free_at, retired FROM proxy_number WHERE number = ?", number
        ) { row in (0...3).map { row.int(Int32($0)) } }
        findings.expect(
            .proxyLeasedOnce, "number \(number): marketplace, leased to, free at, retired",
            expected: [
                Int64(proxy.marketplace), Int64(bitPattern: proxy.leasedTo), proxy.freeAt.microseconds,
                proxy.isRetired ? 1 : 0,
            ], found: found ?? [], ["number \(number)"])
    }
}
