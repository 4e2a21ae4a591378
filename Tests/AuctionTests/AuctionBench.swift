import Auction
import AuctionRules
import Crypto
import Foundation
import Kernel
import Messages
import Runtime
import Storage
import Testing
import Wire

/// The auction's core alone; the test plays clients, wallet, vault and dispute.
final class AuctionBench {
    let core: ServiceCore
    private let backend: ServiceBackend
    private let folder: String
    private(set) var now = publicationTime
    private var correlation: UInt64 = 0
    private var heard: [ServiceName: UInt64] = [:]
    private var replies: [UInt64: Reply] = [:]
    private var outbox: [OutboxRow] = []

    static let marketplace = MarketplaceID(1)
    static let seller = PartyID(1)
    static let anna = PartyID(2)
    static let boris = PartyID(3)
    static let clara = PartyID(4)
    static let support = PartyID(9)

    init(_ change: (inout Policy) -> Void = { _ in }) throws {
        folder = NSTemporaryDirectory() + "gavel-auction-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let definition = AuctionService.definition()
        let store = try ServiceStore(path: nil, migrations: definition.migrations)
        core = try ServiceCore(definition: definition, store: store)
        let keys = try KeyStore(
            file: "\(folder)/store.keys", keyEncryptionKeys: KeyEncryptionKeys(folder: "\(folder)/kek"))
        backend = ServiceBackend(
            definition: definition, store: store, keys: keys, clock: { publicationTime },
            machineClock: { publicationTime }, random: { [UInt8](repeating: 7, count: $0) })
        var marketplace = MarketplacePublished()
        marketplace.marketplace = Self.marketplace
        marketplace.version = 1
        marketplace.policy.currency = .eur
        change(&marketplace.policy)
        try hear(marketplace, from: .contactVault)
        try publish(Self.seller, .seller)
        for buyer in [Self.anna, Self.boris, Self.clara] { try publish(buyer, .buyer) }
        try publish(Self.support, .operator_)
        var account = PayoutAccountChanged()
        account.party = Self.seller
        account.verified = true
        try hear(account, from: .wallet)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func publish(_ party: PartyID, _ roles: Roles, _ state: PartyState = .verified) throws {
        var published = PartyPublished()
        published.party = party
        published.marketplace = Self.marketplace
        published.roles = roles
        published.state = state
        try hear(published, from: .contactVault)
    }

    private func acting(_ party: PartyID) -> Acting {
        let roles: Roles =
            party == Self.support ? .operator_ : party == Self.seller ? .seller : .buyer
        return Acting(party: party, marketplace: Self.marketplace, roles: roles, session: .none)
    }

    // MARK: What the others do

    /// Sends a command; the number names its answer.
    @discardableResult func send<C: Command>(_ command: C, as party: PartyID) throws -> UInt64 {
        correlation += 1
        let sent = command.encoded()
        let body = try backend.before(C.code, 1, sent, acting(party)).get()
        let item = Incoming.command(
            ClientCommand(
                address: ReplyAddress(link: LinkID(raw: 1), correlation: correlation), code: C.code,
                version: 1,
                body: body, acting: acting(party), peer: nil,
                key: IdempotencyKey(high: UInt64(now.microseconds), low: correlation),
                bodyHash: (correlation, 1),
                giveUpAt: 0))
        try execute([item])
        return correlation
    }

    func hear<M: PeerMessage>(_ message: M, from peer: ServiceName) throws {
        heard[peer, default: 0] += 1
        try execute([
            .peer(
                from: peer, sequence: heard[peer] ?? 0, code: M.code, version: 1, body: message.encoded())
        ])
    }

    /// Moves the clock, through every deadline on the way.
    func pass(to instant: Instant) throws {
        while core.nextDue <= instant {
            now = max(now, core.nextDue)
            try execute([])
        }
        now = instant
    }

    private func execute(_ items: [Incoming]) throws {
        let output = try core.execute(items, now: now)
        for reply in output.replies { replies[reply.address.correlation] = reply }
        outbox.append(contentsOf: output.outbox)
        #expect(output.parked == 0)
    }

    // MARK: What is seen

    /// The answer to a command, nothing while it waits or if it was refused.
    func answer<A: Message>(_ correlation: UInt64, _: A.Type = A.self) throws -> A? {
        guard let reply = replies[correlation], reply.code == A.code else { return nil }
        return try A(decoding: reply.body)
    }

    func refusal(_ correlation: UInt64) -> RefusalCode? {
        guard let reply = replies[correlation], reply.code == Refusal.code else { return nil }
        return (try? Refusal(decoding: reply.body))?.reason
    }

    func waits(_ correlation: UInt64) -> Bool { replies[correlation] == nil }

    func ask<Q: Query>(_ query: Q, as party: PartyID) throws -> Q.Answer {
        let answer = backend.query(Q.code, 1, query.encoded(), acting(party), nil)
        if answer.code == Refusal.code { throw try Refusal(decoding: answer.body) }
        return try Q.Answer(decoding: try backend.after(Q.code, answer.body, acting(party)).get())
    }

    /// Every message of a type that was sent since the last call of ``forget()``.
    func said<M: PeerMessage>(_: M.Type) throws -> [M] {
        try outbox.filter { $0.code == M.code }.map { try M(decoding: $0.body) }
    }

    /// Who was told of an event.
    func told(_ event: NotificationEvent) throws -> [PartyID] {
        try said(Notify.self).filter { $0.event == event }.map(\.party)
    }

    func forget() { outbox = [] }

    // MARK: Steps of a trade

    /// A listing that is open.
    func openListing(_ change: (inout PublishListing) -> Void = { _ in }) throws -> ListingID {
        var listing = soundListing()
        change(&listing)
        let publication = try send(listing, as: Self.seller)
        let claim = try #require(try said(ClaimContact.self).last)
        var claimed = ContactClaimed()
        claimed.listing = claim.listing
        claimed.contact = claim.contact
        try hear(claimed, from: .contactVault)
        return try #require(try answer(publication, ListingPublished.self)).listing
    }

    func bid(_ listing: ListingID, _ amount: Int64, as party: PartyID) throws -> UInt64 {
        var bid = PlaceBid()
        bid.listing = listing
        bid.amount = Money(amount, .eur)
        return try send(bid, as: party)
    }

    /// The wallet covers the hold that was asked for last, or the given one.
    func cover(_ hold: HoldID? = nil) throws {
        var placed = HoldPlaced()
        placed.hold = try hold ?? #require(try said(PlaceHold.self).last).hold
        try hear(placed, from: .wallet)
    }

    func refuseHold(_ hold: HoldID) throws {
        var refused = HoldRefused()
        refused.hold = hold
        try hear(refused, from: .wallet)
    }

    /// A bid that is covered at once.
    @discardableResult func coveredBid(_ listing: ListingID, _ amount: Int64, as party: PartyID) throws
        -> BidPlaced
    {
        let sent = try bid(listing, amount, as: party)
        try cover()
        return try #require(try answer(sent, BidPlaced.self))
    }

    func detail(_ listing: ListingID, as party: PartyID = support) throws -> ListingDetail {
        var query = GetListing()
        query.listing = listing
        return try ask(query, as: party)
    }

    func order(_ order: OrderID, as party: PartyID = support) throws -> OrderView {
        var query = GetOrder()
        query.order = order
        return try ask(query, as: party)
    }

    /// A listing won by Anna for the amount, and the order that follows.
    func award(_ amount: Int64 = 10_000) throws -> OrderID {
        let listing = try openListing()
        try coveredBid(listing, amount, as: Self.anna)
        try pass(to: now + .days(2))
        return try #require(try said(CollectOrder.self).last).order
    }

    func pay(_ order: OrderID) throws {
        var paid = OrderPaidFor()
        paid.order = order
        paid.invoice = InvoiceID(77)
        paid.invoiceNumber = "2026-000001"
        try hear(paid, from: .wallet)
    }

    func refusePayment(_ order: OrderID) throws {
        var refused = PaymentRefused()
        refused.order = order
        try hear(refused, from: .wallet)
    }

    func reveal(_ order: OrderID) throws {
        var granted = RevealGranted()
        granted.order = order
        granted.grant = GrantID(88)
        try hear(granted, from: .contactVault)
    }

    /// An order whose contact is revealed.
    func revealedOrder() throws -> OrderID {
        let order = try award()
        try pay(order)
        try reveal(order)
        return order
    }
}
