import ContactVault
import Crypto
import Foundation
import Kernel
import Messages
import Runtime
import Storage
import Stories
import Synchronization
import Wire

@testable import Simulator

/// A house with the vault alone: the other services only note what it tells them, and ask what they are told to.
final class VaultHouse: Sendable {
    let house: InProcessHouse
    let heard: Heard
    let environment: VaultEnvironment
    let folder: String
    let marketplace = MarketplaceID(1)
    let host = Guest(marketplace: .none, email: "op@house.example", password: "the operator's")
    static let start = Instant(microseconds: 1_780_000_000_000_000)

    init(onDisk: Bool = false) async throws {
        folder = NSTemporaryDirectory() + "gavel-vault-\(SecureRandom.uint64())"
        let heard = Heard()
        self.heard = heard
        environment = try VaultEnvironment(
            blindIndexKey: [UInt8](repeating: 1, count: 32), linkTokenKey: [UInt8](repeating: 2, count: 32),
            tokenSigningSeed: [UInt8](repeating: 3, count: 32),
            scryptCost: try ScryptCost(iterations: 16, blockSize: 1, parallelism: 1))
        let others: [ServiceName] = [.auction, .wallet, .notifications, .dispute]
        house = try InProcessHouse(
            [ContactVaultService.definition(environment: environment)]
                + others.map { OtherService.definition($0, heard) }, folder: folder, start: Self.start,
            onDisk: onDisk)
        try await house.bootstrap(email: host.email, password: host.password)
        try await publish(marketplace)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    @discardableResult
    func publish(_ marketplace: MarketplaceID, _ change: (inout Policy) -> Void = { _ in }) async throws
        -> MarketplaceView
    {
        var command = PublishMarketplace()
        command.marketplace = marketplace
        command.name = "Leads \(marketplace)"
        change(&command.policy)
        return try await house.send(command, as: host)
    }

    /// Registers a party and has it verified.
    func party(_ name: String, _ roles: Roles, in marketplace: MarketplaceID? = nil) async throws -> (
        party: PartyID, guest: Guest
    ) {
        let registered = try await register(name, roles, in: marketplace)
        var verify = VerifyParty()
        verify.party = registered.party
        verify.vouchesForEmail = true
        _ = try await house.send(verify, as: host)
        return registered
    }

    func register(_ name: String, _ roles: Roles, in marketplace: MarketplaceID? = nil) async throws -> (
        party: PartyID, guest: Guest
    ) {
        let guest = Guest(
            marketplace: marketplace ?? self.marketplace, email: "\(name)@firm.example",
            password: "secret of \(name)")
        var command = RegisterParty()
        command.marketplace = guest.marketplace
        command.email = PersonalText(guest.email)
        command.name = PersonalText("Firma \(name)")
        command.password = guest.password
        command.roles = roles
        return (try await house.send(command, as: nil).party, guest)
    }

    /// A contact of the seller.
    func seal(_ seller: Guest, _ change: (inout SealContact) -> Void = { _ in }) async throws -> ContactID {
        try await house.send(contact(change), as: seller).contact
    }

    func contact(_ change: (inout SealContact) -> Void = { _ in }) -> SealContact {
        var command = SealContact()
        command.name = PersonalText("Petra Prospect")
        command.phones = [PersonalText("0170 1234567")]
        command.email = PersonalText("petra@home.example")
        command.inquiredAt = Self.start - .days(1)
        change(&command)
        return command
    }

    /// The auction asks; what the vault answers is in `heard`.
    func auction(_ change: (inout Errand) -> Void) async throws {
        var errand = Errand()
        change(&errand)
        _ = try await house.send(errand, as: nil)
    }

    func claim(
        _ contact: ContactID, of seller: PartyID, listing: UInt64, in marketplace: MarketplaceID? = nil
    )
        async throws -> RefusalCode?
    {
        var claim = ClaimContact()
        claim.contact = contact
        claim.seller = seller
        claim.listing = ListingID(listing)
        claim.marketplace = marketplace ?? self.marketplace
        claim.duplicateWindow = .days(90)
        try await auction { $0.claim = claim }
        if let refused = heard.last(ContactRefused.self), refused.listing == claim.listing {
            return refused.reason
        }
        guard let claimed = heard.last(ContactClaimed.self), claimed.listing == claim.listing else {
            return .unavailable
        }
        return nil
    }

    func grant(_ contact: ContactID, to party: PartyID, order: UInt64, listing: UInt64) async throws {
        var grant = GrantReveal()
        grant.order = OrderID(order)
        grant.listing = ListingID(listing)
        grant.contact = contact
        grant.party = party
        grant.purpose = "A12: paid"
        try await auction { $0.grant = grant }
    }

    /// A query of another service.
    func ask<Q: Query>(_ query: Q, from service: ServiceName) throws -> Q.Answer {
        try house.question(query, acting: .nobody, peer: service)
    }

    func link(_ purpose: LinkPurpose, party: PartyID = .none, contact: ContactID = .none) throws -> String {
        var query = FetchLink()
        query.purpose = purpose
        query.party = party
        query.contact = contact
        return try ask(query, from: .notifications).token
    }

    func verifyChain() throws -> Int {
        guard let core = house.core(.contactVault) else { return -1 }
        return try core.store.read { try ContactVaultService.verifyRevealChain($0) }
    }
}

/// What the other services were told, in order.
final class Heard: Sendable {
    private let messages = Mutex<[any PeerMessage]>([])
    func add(_ message: some PeerMessage) { messages.withLock { $0.append(message) } }
    func all<M: PeerMessage>(_: M.Type) -> [M] { messages.withLock { $0.compactMap { $0 as? M } } }
    func last<M: PeerMessage>(_ type: M.Type) -> M? { all(type).last }
    func forget() { messages.withLock { $0 = [] } }
}

/// What a test has the auction send to the vault.
struct Errand: Command {
    typealias Answer = Done
    static let code: UInt16 = 0x013f
    static let audience = Audience.anyone
    var claim: ClaimContact?
    var release: ReleaseContact?
    var grant: GrantReveal?
    var suspend: SuspendForCause?
    mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("claim", &claim)
        try visit.field("release", &release)
        try visit.field("grant", &grant)
        try visit.field("suspend", &suspend)
    }
}

/// Notes what it is told.
enum OtherService {
    static func definition(_ name: ServiceName, _ heard: Heard) -> ServiceDefinition {
        var handlers = HandlerTable()
        // One service is enough to note what all are told alike.
        let notes = name == .auction
        handlers.peer(MarketplacePublished.self) { message, _ in if notes { heard.add(message) } }
        handlers.peer(PartyPublished.self) { message, _ in if notes { heard.add(message) } }
        handlers.peer(ProspectObjected.self) { message, _ in heard.add(message) }
        handlers.peer(ContactClaimed.self) { message, _ in heard.add(message) }
        handlers.peer(ContactRefused.self) { message, _ in heard.add(message) }
        handlers.peer(RevealGranted.self) { message, _ in heard.add(message) }
        handlers.peer(RevealRefused.self) { message, _ in heard.add(message) }
        handlers.peer(BillingIdentityPublished.self) { message, _ in heard.add(message) }
        handlers.peer(Notify.self) { message, _ in heard.add(message) }
        handlers.command(Errand.self) { errand, turn in
            if let claim = errand.claim { turn.send(claim, to: .contactVault) }
            if let release = errand.release { turn.send(release, to: .contactVault) }
            if let grant = errand.grant { turn.send(grant, to: .contactVault) }
            if let suspend = errand.suspend { turn.send(suspend, to: .contactVault) }
            return .answer(Done())
        }
        return ServiceDefinition(name: name, migrations: [], digestTables: [], handlers: handlers)
    }
}
