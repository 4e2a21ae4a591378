import Client
import Kernel
import Messages
import Operation
import Stories
import Wire

/// Sends one message so many times, with so many on their way; ends at the first answer that is another than asked for.
final class Repeater: @unchecked Sendable {
    private let client: GavelClient
    private let code: UInt16
    private let answer: UInt16
    private let body: [UInt8]
    private let keyed: Bool
    private var left = 0
    private var wrong: UInt16?

    init<Q: Query>(_ client: GavelClient, asking query: Q) {
        self.client = client
        (code, answer, body, keyed) = (Q.code, Q.Answer.code, query.encoded(), false)
    }

    init<C: Command>(_ client: GavelClient, ordering command: C) {
        self.client = client
        (code, answer, body, keyed) = (C.code, C.Answer.code, command.encoded(), true)
    }

    func run(_ count: Int, _ window: Int) async throws {
        left = count
        wrong = nil
        await withTaskGroup(of: Void.self) { group in
            // Everything else happens on the connection's event loop, one after the other.
            for _ in 0..<window { group.addTask { await withCheckedContinuation { self.begin($0) } } }
        }
        if let wrong { throw Unmet("answer", expected: "\(answer)", found: "\(wrong)") }
    }

    private func begin(_ over: CheckedContinuation<Void, Never>) {
        client.send(code: Ping.code, body: Ping().encoded()) { [self] _ in next(over) }
    }

    private func next(_ over: CheckedContinuation<Void, Never>) {
        guard left > 0 else { return over.resume() }
        left -= 1
        client.send(code: code, body: body, key: keyed ? client.nextKey() : nil) { [self] result in
            if case .success(let reply) = result, reply.code == answer {
            } else {
                wrong = (try? result.get())?.code ?? 0
                left = 0
            }
            next(over)
        }
    }
}

/// A connection to the wallet that speaks for an operator, as a gateway does, and a transfer of a cent from the house
/// to a party.
struct Teller {
    let client: GavelClient
    let transfer: CreditManually
    private let acting: ActingPart

    var repeater: Repeater { Repeater(client, ordering: transfer) }

    static func open(_ installation: Installation) async throws -> Teller {
        let house = LiveHouse(installation)
        let cast = try await Cast.openMarketplace(house, buyers: 1, funds: 0)
        let guest = Cast.firstOperator
        let gateway = try await installation.connect()
        let signedIn = try await gateway.signIn(guest.email, guest.password, marketplace: cast.marketplace)
        await gateway.close()
        await house.close()
        let acting = ActingPart(
            party: signedIn.party.raw, marketplace: signedIn.marketplace.raw, roles: signedIn.roles.rawValue,
            session: signedIn.session.raw)
        var transfer = CreditManually()
        transfer.party = cast.buyers[0].party
        transfer.amount = Money(1, .eur)
        transfer.reason = "load"
        return Teller(try await connect(installation, acting), transfer, acting)
    }

    private init(_ client: GavelClient, _ transfer: CreditManually, _ acting: ActingPart) {
        self.client = client
        self.transfer = transfer
        self.acting = acting
    }

    /// The same, over a new connection.
    func again(_ installation: Installation) async throws -> Teller {
        Teller(try await Teller.connect(installation, acting), transfer, acting)
    }

    func close() async { await client.close() }

    private static func connect(_ installation: Installation, _ acting: ActingPart) async throws
        -> GavelClient
    {
        try await installation.connect(to: .wallet, as: .gateway) { $0.acting = acting }
    }
}
