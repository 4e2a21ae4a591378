import Kernel
import Messages
import Storage
import Wire

/// One thing that a client did or was told, in the order in which the world saw it.
public struct Observation: Sendable {
    public enum Kind: Sendable {
        /// The client put the call on its connection.
        case sent
        /// An answer or refusal came back.
        case answered(code: UInt16, body: [UInt8])
        /// No answer will come: the link broke or patience was over.
        case unknown
        /// A push came, which belongs to no call: its number is 0.
        case pushed(code: UInt16, body: [UInt8])
    }

    /// Numbers the call, from 1 on; `sent` and what ends it bear the same number.
    public var call: UInt64
    /// The house's time.
    public var at: Instant
    /// Numbers the connection, from 1 on.
    public var connection: UInt64
    /// The code and the body of the request, exactly as the client sent them.
    public var code: UInt16
    public var body: [UInt8]
    public var key: IdempotencyKey?
    /// For whom the connection acts by its own sign-in; nothing before.
    public var party: PartyID
    public var marketplace: MarketplaceID
    /// The actor's name in the population.
    public var actor: String
    public var kind: Kind

    public init(
        call: UInt64, at: Instant, connection: UInt64, code: UInt16, body: [UInt8], key: IdempotencyKey?,
        party: PartyID, marketplace: MarketplaceID, actor: String, kind: Kind
    ) {
        self.call = call
        self.at = at
        self.connection = connection
        self.code = code
        self.body = body
        self.key = key
        self.party = party
        self.marketplace = marketplace
        self.actor = actor
        self.kind = kind
    }
}

/// A promise of the rulebook that the house broke.
public struct Violation: Error, Sendable {
    /// A stable name: the raw value of an ``Invariant``.
    public var invariant: String
    /// What was expected and what was found.
    public var text: String
    /// What it is about, such as `listing 512`.
    public var entities: [String]

    public init(invariant: String, text: String, entities: [String] = []) {
        self.invariant = invariant
        self.text = text
        self.entities = entities
    }
}

/// How often each message, refusal and rule was exercised, by its name; each name stands in it from the
/// start.
public struct AuditCounts: Sendable {
    public var messages: [String: Int] = [:]
    public var refusals: [String: Int] = [:]
    public var rules: [String: Int] = [:]
    public init() {}
}

/// What only the implementation or the world can do for the auditor; each may be left out.
public struct AuditHooks {
    /// Executes a service's journal again in an empty store: the tables that differ. Asked when the house is
    /// healed.
    public var replay: ((ServiceName, ServiceStore) -> [String])?
    /// Whether a service's key store still has a data key. Asked when the house is healed.
    public var holdsKey: ((ServiceName, UInt64) -> Bool)?
    public init() {}
}

/// Watches a house from outside: predicts with simple models of its own, and names what should not be.
///
/// The models are told by the journals alone: bids as they arrived, the wallet's answers, deadlines. What
/// they say is
/// compared with tables and answers. At each checkpoint only what is new or changed is read; everything is
/// compared once the house is healed.
public final class Auditor {
    private let findings = Findings()
    private let rules = RuleCounter()
    private let keys: KeyLedger
    private let clients: ClientModel
    private let sessions: SessionModel
    private let auction: AuctionModel
    private let wallet: WalletModel
    private let vault: VaultModel
    private let notifications: NotificationModel
    private let dispute: DisputeModel
    private var streams = Streams()
    private var effects = EffectTally()
    private let tails = ServiceName.stores.map { JournalTail($0) }
    private let tally = MessageTally()
    public var hooks = AuditHooks()

    public init() {
        keys = KeyLedger(findings, rules)
        auction = AuctionModel(findings, rules)
        wallet = WalletModel(findings, rules)
        vault = VaultModel(findings, rules)
        notifications = NotificationModel(findings, rules)
        dispute = DisputeModel(findings)
        clients = ClientModel(findings, rules, keys, tally)
        sessions = SessionModel(findings, rules)
    }

    public var violations: [Violation] { findings.violations }

    public var counts: AuditCounts {
        var counts = AuditCounts()
        counts.messages = tally.messages
        counts.refusals = tally.refusals
        counts.rules = rules.counts
        return counts
    }

    // MARK: What is seen

    public func observe(_ observation: Observation) {
        clients.observe(observation, floors: floors)
        sessions.observe(observation)
    }

    /// What one party may ask of a gateway: so many requests at once, and so many a minute after that.
    public func allow(atOnce burst: Int, perMinute: Int) {
        sessions.allowance = SessionModel.Allowance(burst: burst, perMinute: perMinute)
    }

    /// A frame went over a link, between services or by a client outside its calls: only counted.
    public func note(frame code: UInt16) { tally.note(code) }

    /// An e-mail was delivered to `address`: RFC 5322, as it lies in the spool.
    public func observe(mail: [UInt8], to address: String) {
        clients.observe(mail: mail, to: address)
        notifications.observe(mail: mail, to: address)
    }

    /// A queue, a cache or a process's memory, and the most that it may hold.
    public func observe(load name: String, _ value: Int, cap: Int) {
        guard value > cap else { return }
        findings.report(.withinCaps, "\(name): expected at most \(cap), found \(value)", [name])
    }

    /// The journal's last row of each service at the last checkpoint.
    private var floors: [ServiceName: UInt64] = [:]

    /// Looks at what one service has sent and nobody has acknowledged, between two of its batches: at a checkpoint, when
    /// all is at rest, there is little of it.
    public func glance(at service: ServiceName, _ store: ServiceStore) {
        do {
            try streams.compareOutbox(service, store, findings)
        } catch {
            findings.report(
                .readable, "\(service.title): expected a readable outbox, found \(error)", [service.title])
        }
    }

    // MARK: Checkpoints

    /// Compares the stores with the models.
    ///
    /// - Parameters:
    ///   - stores: each service's store, at a moment when no batch is open, and all at the same moment.
    ///   - healed: failures have stopped and the time to recover is over, so that everything must have converged.
    public func checkpoint(_ stores: [ServiceName: ServiceStore], now: Instant, healed: Bool) {
        do {
            try read(stores)
            try compare(stores, now: now, all: healed)
            if healed { try compareHealed(stores, now: now) }
        } catch {
            findings.report(
                .readable, "a checkpoint at \(now.iso8601): expected readable stores, found \(error)")
        }
        for tail in tails { floors[tail.service] = tail.sequence }
    }

    private func read(_ stores: [ServiceName: ServiceStore]) throws {
        if let store = stores[.auction] { try store.read { try auction.readOrders($0) } }
        for tail in tails {
            guard let store = stores[tail.service] else { continue }
            try store.read { store in
                try tail.read(store, findings) { row in take(row, tail.service) }
            }
        }
    }

    private func take(_ row: JournalRow, _ service: ServiceName) {
        tally.note(row.code)
        // The outcome of an effect bears the effect's own code in its key.
        if row.source == 0, !row.isTimer { tally.note(UInt16(truncatingIfNeeded: row.key.high)) }
        rules.note(.journaled(row.code))
        if row.isTimer { rules.note(.model("deadline")) }
        streams.take(row, service, findings)
        effects.take(row, service, findings)
        keys.take(row, service)
        do {
            switch service {
            case .auction: try auction.apply(row)
            case .wallet: try wallet.apply(row)
            case .contactVault: try vault.apply(row)
            case .notifications: try notifications.apply(row)
            case .dispute: try dispute.apply(row)
            case .gateway, .program: break
            }
        } catch {
            findings.report(
                .readable,
                "\(service.title) journal \(row.sequence): expected message \(row.code), found \(error)",
                ["\(service.title) journal \(row.sequence)"])
        }
    }

    private func compare(_ stores: [ServiceName: ServiceStore], now: Instant, all: Bool) throws {
        try stores[.auction]?.read { try auction.compare($0, all: all) }
        let walletAt = tails.first { $0.service == .wallet }?.at ?? .none
        try stores[.wallet]?.read { try wallet.compare($0, at: walletAt, all: all) }
        try stores[.contactVault]?.read { try vault.compare($0, all: all) }
        try stores[.notifications]?.read { try notifications.compare($0, all: all) }
        try stores[.dispute]?.read { try dispute.compare($0, all: all) }
        try streams.compare(stores, healed: all, findings)
        try keys.compare(stores, now: now)
        compareReveals()
        if streams.areSettled(.auction, .wallet) { compareLiveHolds() }
        clients.settle(
            auction: auction, wallet: wallet, vault: vault, notifications: notifications)
    }

    private var checkedGrants = 0

    /// The contact comes after the money (A5, A12).
    private func compareReveals() {
        let grants = vault.grants.keys.sorted().dropFirst(checkedGrants)
        for id in grants {
            guard let grant = vault.grants[id], !isRouted(grant),
                wallet.sales[grant.order]?.buyer != grant.party,
                wallet.sales[grant.order]?.seller != grant.party || vault.contracts[grant.order] == nil
            else { continue }
            findings.report(
                .noRevealBeforeCapture,
                "order \(grant.order): expected its price taken from party \(grant.party) before the reveal, found no sale",
                ["order \(grant.order)", "contact \(grant.contact)"])
        }
        checkedGrants = vault.grants.count
        for order in auction.hiddenForGood.sorted() where vault.revealed.contains(order) {
            findings.report(
                .rejectedStaysHidden,
                "application \(order): expected its contact hidden for good after a rejection in time, found it revealed",
                ["order \(order)"])
        }
    }

    /// The house's switch gets a number to put a call through, for an activation alone (D1).
    private func isRouted(_ grant: VaultModel.Grant) -> Bool {
        guard let activation = auction.activations[grant.order] else { return false }
        return vault.routed.contains(grant.id) && activation.activatedAt != .none
    }

    // MARK: Healed

    private func compareHealed(_ stores: [ServiceName: ServiceStore], now: Instant) throws {
        // A deadline of this very minute may still be on its way.
        let over = now - .minutes(1)
        for (service, deadlines) in [
            (ServiceName.auction, auction.deadlines), (.wallet, wallet.deadlines),
            (.contactVault, vault.deadlines),
            (.notifications, notifications.deadlines), (.dispute, dispute.deadlines),
        ] {
            try stores[service]?.read { try deadlines.check($0, service.title, now: over, findings) }
        }
        for tail in tails {
            guard let store = stores[tail.service] else { continue }
            try store.read { try tail.verifyAll($0, findings) }
            for table in hooks.replay?(tail.service, store) ?? [] {
                findings.report(
                    .replayGivesSameState,
                    "\(tail.service.title): expected table \(table) as its journal gives it, found it different",
                    ["\(tail.service.title) table \(table)"])
            }
        }
        let holdsKey = hooks.holdsKey.map { holds in { (key: UInt64) in holds(.contactVault, key) } }
        try stores[.contactVault]?.read { try vault.checkKeys($0, holds: holdsKey) }
        compareHolds(over)
        compareCharges()
        compareSuspensions()
        compareTold()
    }

    /// Whoever was outbid was told (A10), a prospect who did not answer was reminded and its applicant told so (B4),
    /// and so was the auction of each contact on offer or sold that is no more (F10).
    private func compareTold() {
        for (party, bid) in auction.outbids where !notifications.outbids.contains(bid) {
            findings.report(
                .notificationKept,
                "party \(party): expected it told that bid \(bid) was outbid, found nothing",
                ["party \(party)", "bid \(bid)"])
        }
        for (party, order) in auction.reminders {
            for (told, who) in [
                (notifications.reminders, "its prospect"), (notifications.remindersTold, "party \(party)"),
            ] where !told.contains(order) {
                findings.report(
                    .notificationKept,
                    "application \(order): expected \(who) told of the reminder (B4), found nothing",
                    ["order \(order)", "party \(party)"])
            }
        }
        for told in auction.toldOfMeetings + dispute.ratings.told + wallet.leads.hungUp
        where !notifications.meetings.contains(told) {
            findings.report(
                .notificationKept,
                "party \(told.party): expected it told of \(told.event) about order \(told.order), found nothing",
                ["party \(told.party)", "order \(told.order)"])
        }
        for order in auction.held.sorted()
        where dispute.ratings.rights[order] == nil && !dispute.ratings.cancelled.contains(order) {
            findings.report(
                .ratingByRule,
                "order \(order): expected both sides let to rate after the meeting (C5), found not",
                ["order \(order)"])
        }
        for party in Set(dispute.ratings.sums.keys).union(auction.ratingSums.keys).sorted() {
            findings.expect(
                .ratingByRule, "party \(party): its ratings, as the auction knows them (C9)",
                expected: dispute.ratings.sums[party] ?? RatingSummary(),
                found: auction.ratingSums[party] ?? RatingSummary(), ["party \(party)"])
        }
        for asked in auction.supported.sorted() where !dispute.supported.contains(asked) {
            findings.report(
                .caseByRule,
                "order \(asked.order): expected support asked of the dispute service because of \(asked.cause) (C4, C7), found nothing",
                ["order \(asked.order)"])
        }
        compareUndone()
        for contact in vault.stopped where !auction.stopped.contains(contact) {
            findings.report(
                .contactByRule,
                "contact \(contact): expected the auction told of its erasure, found nothing",
                ["contact \(contact)"])
        }
    }

    /// A sale that was undone has its fee on whoever asked for that, and no rating (C7).
    private func compareUndone() {
        for order in Set(auction.feeBearers.keys).union(wallet.feeBearers.keys).sorted() {
            findings.expect(
                .cancellationByRule, "order \(order): who bears its fee (C7)",
                expected: auction.feeBearers[order] ?? 0, found: wallet.feeBearers[order] ?? 0,
                ["order \(order)"])
        }
        for order in auction.undone.sorted() where !dispute.ratings.cancelled.contains(order) {
            findings.report(
                .cancellationByRule,
                "order \(order): expected the dispute service told to remove its ratings (C7), found nothing",
                ["order \(order)"])
        }
        for order in dispute.undoneByVerdict.sorted() where auction.feeBearers[order] == nil {
            findings.report(
                .cancellationByRule,
                "order \(order): expected it undone by an operator's verdict (C7), found it not",
                ["order \(order)"])
        }
    }

    /// Whom its strikes suspend, the vault was told to suspend (A19).
    private func compareSuspensions() {
        for party in Set(auction.suspensions.keys).union(vault.suspendedForLapses.keys).sorted() {
            findings.expect(
                .strikeByRule, "party \(party): suspensions because of its strikes",
                expected: auction.suspensions[party] ?? 0, found: vault.suspendedForLapses[party] ?? 0,
                ["party \(party)"])
        }
        for party in Set(auction.fishers.keys).union(vault.suspendedForFishing.keys).sorted() {
            findings.expect(
                .fishingByRule, "party \(party): suspensions because it asked for contact data (D6)",
                expected: auction.fishers[party] ?? 0, found: vault.suspendedForFishing[party] ?? 0,
                ["party \(party)"])
        }
    }

    /// When the auction and the wallet have told each other all: what is set aside is what a bid or order needs, and no
    /// less than winning would cost (A9, A10).
    private func compareLiveHolds() {
        for id in wallet.holds.keys.sorted() {
            guard let hold = wallet.holds[id], hold.state == .held else { continue }
            let entities = ["hold \(id)", "listing \(hold.listing)"]
            if !auction.needs(hold: id) {
                findings.report(
                    .holdNeeded, "hold \(id): expected a bid or order that needs it, found none", entities)
            }
            if let cost = auction.cost(coveredBy: id), cost != hold.amount {
                findings.report(
                    .holdNeeded,
                    "hold \(id): expected \(cost), which winning would cost, found \(hold.amount)", entities)
            }
        }
    }

    private func compareHolds(_ over: Instant) {
        for id in wallet.holds.keys.sorted() {
            guard let hold = wallet.holds[id], hold.state == .held else { continue }
            let isLate = hold.deadline < over
            guard isLate || !auction.needs(hold: id) else { continue }
            findings.report(
                .holdNeeded,
                "hold \(id): expected it ended, or needed and within its deadline \(hold.deadline.iso8601), found it live \(isLate ? "after it" : "and needed by no bid or order")",
                ["hold \(id)", "listing \(hold.listing)"])
        }
    }

    private func compareCharges() {
        for order in wallet.sales.keys.sorted() {
            guard let sale = wallet.sales[order], sale.left > 0, !vault.revealed.contains(order),
                !auction.keepsFee(of: order)
            else { continue }
            findings.report(
                .chargeHasRevealOrRefund,
                "order \(order): expected the contact revealed or the price back, found neither",
                ["order \(order)", "party \(sale.buyer)"])
        }
    }

    /// When the vault's key-encryption key was replaced last, as its journal has it.
    public var lastRotation: Instant { vault.rotatedAt }

    /// Whether anything erased can be opened from elsewhere, such as an old backup of a key store (F5).
    ///
    /// - Parameters:
    ///   - source: names what is tried, such as `key store of day 12`.
    ///   - before: only what was erased before this instant is asked for.
    ///   - opens: whether the source gives the data key with this number.
    public func checkErased(in source: String, before: Instant, opens: (UInt64) -> Bool) {
        if !vault.erased.isEmpty { rules.note(.model("old keys")) }
        for (key, of, at) in vault.erased where at < before && opens(key) {
            findings.report(
                .erasedIsUnreadable, "\(of): expected its key in no place, found it in the \(source)", [of])
        }
    }
}
