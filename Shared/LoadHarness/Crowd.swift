import Client
import Messages
import Operation
import Stories

/// People of a marketplace with a connection each, which share event loops.
final class Crowd: Sendable {
    let visitors: [Visitor]
    private let hub: ClientHub

    private init(_ visitors: [Visitor], _ hub: ClientHub) {
        self.visitors = visitors
        self.hub = hub
    }

    /// Opens one connection each, and signs in; nothing stands for somebody without an account.
    static func gather(
        _ installation: Installation, _ players: [Player?], threads: Int
    ) async throws -> Crowd {
        let hub = ClientHub(threads: threads, neverCompressed: Catalogue.neverCompressed)
        let guests = players.map { ($0?.party ?? .none, $0?.guest) }
        return try await whole {
            let visitors = try await Visitor.open(guests.count) { number in
                let (party, guest) = guests[number]
                return try await Visitor(party) { try await connect(installation, guest, hub) }
            }
            return Crowd(visitors, hub)
        } orClose: {
            try? await hub.shutdown(grace: .seconds(1))
        }
    }

    private static func connect(
        _ installation: Installation, _ guest: Guest?, _ hub: ClientHub
    ) async throws -> GavelClient {
        let client = try await installation.connect({ _ in }, hub: hub)
        guard let guest else { return client }
        return try await whole {
            _ = try await client.signIn(guest.email, guest.password, marketplace: guest.marketplace)
            return client
        } orClose: {
            await client.close()
        }
    }

    func close() async {
        for visitor in visitors { await visitor.close() }
        try? await hub.shutdown(grace: .seconds(1))
    }
}
