import Foundation
import Kernel
import Messages
import Runtime
import Storage
import Testing
import Wire

@testable import Wallet

/// A wallet over a store in memory, with the other services and the providers played by the test.
final class Desk {
    static let market = MarketplaceID(1)
    static let buyer = PartyID(11)
    static let seller = PartyID(12)
    static let other = PartyID(13)
    static let operatorParty = PartyID(19)

    var now = Instant(microseconds: 1_800_000_000_000_000)
    /// What the wallet told the others, in order.
    private(set) var sent: [OutboxRow] = []
    private var effects: [EffectStart] = []
    private var keys: UInt64 = 0
    private var sequences = [UInt64](repeating: 0, count: 8)
    private let core: ServiceCore
    private let world: World

    struct World: EffectWorld {
        let folder: String
        var now: Instant { .none }
        func ask<Q: Query>(_ query: Q, of service: ServiceName) throws -> Q.Answer {
            throw Refusal(.unavailable)
        }
        func command<C: Command>(_ command: C, key: IdempotencyKey, of service: ServiceName) throws
            -> C.Answer
        {
            throw Refusal(.unavailable)
        }
        func open(_ text: PersonalText) -> String? { text.plaintext }
    }

    init(policy: Policy = Desk.policy()) throws {
        let definition = WalletService.definition()
        core = try ServiceCore(
            definition: definition, store: try ServiceStore(path: nil, migrations: definition.migrations))
        world = World(folder: NSTemporaryDirectory() + "gavel-wallet-\(UUID().uuidString)")
        var marketplace = MarketplacePublished()
        marketplace.marketplace = Desk.market
        marketplace.version = 1
        marketplace.name = "Leadhaus"
        marketplace.policy = policy
        try tell(marketplace, from: .contactVault)
        for (id, roles) in [
            (Desk.buyer, .buyer), (Desk.seller, .seller), (Desk.other, .seller),
            (Desk.operatorParty, .operator_),
        ] as [(PartyID, Roles)] {
            var party = PartyPublished()
            party.party = id
            party.marketplace = Desk.market
            party.roles = roles
            party.state = .verified
            try tell(party, from: .contactVault)
        }
    }

    deinit { try? FileManager.default.removeItem(atPath: world.folder) }

    /// 5 % fee, 15 % commission, 19 % VAT: a price of 100.00 costs 124.95, and its seller gets 85.00.
    static func policy() -> Policy {
        var policy = Policy()
        policy.buyerFee = BasisPoints(500)
        return policy
    }

    private func execute(_ items: [Incoming]) throws -> BatchOutput {
        let output = try core.execute(items, now: now, effectSlots: 64)
        sent += output.outbox
        effects += output.effects
        #expect(output.parked == 0, "nothing faults")
        return output
    }

    /// A message of another service.
    func tell(_ message: some PeerMessage, from peer: ServiceName = .auction) throws {
        sequences[Int(peer.rawValue)] += 1
        let item = Incoming.peer(
            from: peer, sequence: sequences[Int(peer.rawValue)], code: type(of: message).code, version: 1,
            body: message.encoded())
        _ = try execute([item])
    }

    /// A client's command.
    func ask<C: Command>(_ command: C, as party: PartyID) throws -> Result<C.Answer, Refusal> {
        keys += 1
        let item = ClientCommand(
            address: ReplyAddress(link: LinkID(raw: 1), correlation: keys), code: C.code, version: 1,
            body: command.encoded(), acting: acting(party), peer: nil,
            key: IdempotencyKey(high: UInt64(now.microseconds), low: keys), bodyHash: (keys, 1), giveUpAt: 0)
        let reply = try #require(try execute([.command(item)]).replies.first)
        if reply.code == Refusal.code { return .failure(try Refusal(decoding: reply.body)) }
        return .success(try C.Answer(decoding: reply.body))
    }

    func acting(_ party: PartyID) -> Acting {
        let roles: Roles = party == Desk.operatorParty ? .operator_ : [.buyer, .seller]
        return Acting(party: party, marketplace: Desk.market, roles: roles, session: .none)
    }

    func query<Q: Query>(
        _ query: Q, as party: PartyID, _ handle: (Q, Reading) throws -> Outcome<Q.Answer>
    ) throws -> Result<Q.Answer, Refusal> {
        try core.store.read { store in
            let reading = Reading(now: now, acting: acting(party), peer: nil, store: store)
            switch try handle(query, reading) {
            case .answer(let answer): return .success(answer)
            case .refused(let refusal): return .failure(refusal)
            case .waiting: return .failure(Refusal(.internalError))
            }
        }
    }

    /// Performs the effects that wait, and has the outcomes journaled, each so many times.
    func perform(times: Int = 1) throws {
        let waiting = effects
        effects = []
        for effect in waiting {
            let outcome = try outcome(of: effect)
            for _ in 0..<times { _ = try execute([outcome]) }
        }
    }

    private func outcome(of effect: EffectStart) throws -> Incoming {
        func journaled(_ message: some InternalMessage) -> Incoming {
            .outcome(effect.reference, code: type(of: message).code, body: message.encoded())
        }
        let provider = PaymentProvider.sandbox
        return switch effect.reference.code {
        case ChargePayment.code:
            journaled(provider.outcome(of: try ChargePayment(decoding: effect.body), world))
        case SendPayout.code: journaled(provider.outcome(of: try SendPayout(decoding: effect.body), world))
        default: journaled(provider.outcome(of: try VerifyPayoutAccount(decoding: effect.body), world))
        }
    }

    /// Time passes; timers and effects that fell due are run.
    func pass(_ time: Duration64) throws {
        now = now + time
        _ = try execute([])
    }

    /// The messages of one type sent so far, oldest first; they are forgotten.
    func take<M: PeerMessage>(_: M.Type) throws -> [M] {
        let found = try sent.filter { $0.code == M.code }.map { try M(decoding: $0.body) }
        sent.removeAll { $0.code == M.code }
        return found
    }

    /// The events told to a party so far, oldest first; all are forgotten.
    func events(of party: PartyID) throws -> [NotificationEvent] {
        try take(Notify.self).filter { $0.party == party }.map(\.event)
    }

    /// Files that the sandbox wrote.
    var providerFiles: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: world.folder + "/provider")) ?? []).sorted()
    }
}

/// What the tests do often.
extension Desk {
    static func eur(_ cents: Int64) -> Money { Money(cents, .eur) }

    func topUp(_ party: PartyID, _ cents: Int64) throws {
        var command = TopUp()
        command.amount = Desk.eur(cents)
        _ = try ask(command, as: party).get()
        try perform()
    }

    func link(_ party: PartyID, _ reference: String = "account") throws {
        var command = LinkPayoutAccount()
        command.providerReference = PersonalText(reference)
        _ = try ask(command, as: party).get()
        try perform()
    }

    func hold(_ id: UInt64, _ cents: Int64, deadline: Instant? = nil) throws {
        var message = PlaceHold()
        message.hold = HoldID(id)
        message.party = Desk.buyer
        message.marketplace = Desk.market
        message.amount = Desk.eur(cents)
        message.listing = ListingID(5)
        message.deadline = deadline ?? (now + .days(3))
        try tell(message)
    }

    func collect(_ order: UInt64, _ cents: Int64, hold: UInt64 = 0, seller: PartyID = Desk.seller) throws {
        var message = CollectOrder()
        message.order = OrderID(order)
        message.marketplace = Desk.market
        message.policyVersion = 1
        message.listing = ListingID(5)
        message.title = "Dach neu decken"
        message.buyer = Desk.buyer
        message.seller = seller
        message.hold = HoldID(hold)
        message.price = Desk.eur(cents)
        try tell(message)
    }

    func payOut(_ order: UInt64) throws {
        var message = PayOutOrder()
        message.order = OrderID(order)
        try tell(message)
    }

    func refund(_ order: UInt64, _ cents: Int64) throws {
        var message = RefundOrder()
        message.order = OrderID(order)
        message.refund = Desk.eur(cents)
        message.reason = "falseData"
        try tell(message)
    }

    func balance(_ party: PartyID, at: Instant? = nil) throws -> BalanceDetails {
        var query = GetBalance()
        query.at = at
        return try self.query(query, as: party, GetBalanceHandler.handle).get()
    }

    /// The standing proofs hold; the sums per class.
    @discardableResult
    func sound() throws -> [AccountClass: Int64] {
        let report = try query(GetLedgerReport(), as: Desk.operatorParty, GetLedgerReportHandler.handle).get()
        #expect(report.sound, "F1: the proofs hold: \(report)")
        return Dictionary(uniqueKeysWithValues: report.lines.map { ($0.accountClass, $0.posted.minor) })
    }
}
