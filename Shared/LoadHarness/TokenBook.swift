import Client
import Kernel
import Messages
import Operation
import Stories
import Synchronization
import Wire

/// Access tokens of a marketplace's buyers, kept fresh.
final class TokenBook: Sendable {
    private struct Holder {
        var refreshToken: String
        var accessToken: String
        var expires: Instant
    }

    private let holders: Mutex<[Holder]>
    private let client: GavelClient
    private let next = Atomic<Int>(0)
    private let renewing = Mutex<Task<Void, Never>?>(nil)

    /// A token is renewed so long before it expires.
    private static let margin = Duration64.minutes(2)

    private init(_ holders: [Holder], _ client: GavelClient) {
        self.holders = Mutex(holders)
        self.client = client
    }

    /// The tokens of a marketplace of its own with so many buyers.
    static func open(
        _ installation: Installation, buyers: Int, operator guest: Guest
    ) async throws -> TokenBook {
        let house = LiveHouse(installation)
        await house.act(asOperator: guest)
        let guests = try await closing {
            try await Cast.openMarketplace(house, operator: guest, buyers: buyers, funds: 0).buyers.map(
                \.guest)
        } finally: {
            await house.close()
        }
        return try await open(installation, guests)
    }

    /// Signs every guest in once.
    private static func open(_ installation: Installation, _ guests: [Guest]) async throws -> TokenBook {
        let client = try await installation.connect()
        let holders = try await whole {
            var holders: [Holder] = []
            for guest in guests {
                let signedIn = try await client.signIn(
                    guest.email, guest.password, marketplace: guest.marketplace)
                holders.append(
                    Holder(
                        refreshToken: signedIn.refreshToken, accessToken: signedIn.accessToken,
                        expires: signedIn.accessExpires))
            }
            return holders
        } orClose: {
            await client.close()
        }
        let book = TokenBook(holders, client)
        book.renewing.withLock { task in
            task = Task {
                while !Task.isCancelled {
                    await book.renew()
                    try? await Task.sleep(for: .seconds(10))
                }
            }
        }
        return book
    }

    /// The next guest's token.
    var token: String {
        let index = next.add(1, ordering: .relaxed).oldValue
        return holders.withLock { $0[index % $0.count].accessToken }
    }

    private func renew() async {
        let limit = client.houseTime + TokenBook.margin
        let old = holders.withLock { $0 }
        for (index, holder) in old.enumerated() where holder.expires < limit {
            // Where this fails, sign-ins are refused, and counted so.
            guard let fresh = try? await client.refresh(holder.refreshToken) else { continue }
            holders.withLock { holders in
                holders[index] = Holder(
                    refreshToken: fresh.refreshToken, accessToken: fresh.accessToken,
                    expires: fresh.accessExpires)
            }
        }
    }

    func close() async {
        renewing.withLock { $0 }?.cancel()
        await client.close()
    }
}
