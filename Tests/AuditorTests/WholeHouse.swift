import Auction
import Auditor
import ContactVault
import Crypto
import Dispute
import Foundation
import Kernel
import Messages
import Notifications
import Runtime
import Simulator
import Stories
import Wallet

/// An observed house with a folder of its own, which goes when the test is over.
enum WholeHouse {
    static let start = Instant(microseconds: 1_780_000_000_000_000)

    static func with(_ body: (ObservedHouse) async throws -> Void) async throws {
        let memory = "/dev/shm"
        let place = FileManager.default.isWritableFile(atPath: memory) ? memory : NSTemporaryDirectory()
        let folder = "\(place)/gavel-auditor-\(SecureRandom.uint64())"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let house = try InProcessHouse(definitions(), folder: folder, start: start)
        try await body(ObservedHouse(house))
    }

    private static func definitions() throws -> [ServiceDefinition] {
        let environment = try VaultEnvironment(
            blindIndexKey: [UInt8](repeating: 1, count: 32), linkTokenKey: [UInt8](repeating: 2, count: 32),
            tokenSigningSeed: [UInt8](repeating: 3, count: 32),
            scryptCost: try ScryptCost(iterations: 16, blockSize: 1, parallelism: 1))
        return [
            ContactVaultService.definition(environment: environment), WalletService.definition(),
            NotificationsService.definition(), AuctionService.definition(), DisputeService.definition(),
        ]
    }
}
