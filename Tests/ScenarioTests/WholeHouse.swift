import Auction
import ContactVault
import Crypto
import Dispute
import Foundation
import Kernel
import Messages
import Notifications
import Runtime
import Simulator
import Storage
import Stories
import Wallet

/// The five services in one process, with a folder of their own that goes when the house goes.
final class WholeHouse: Sendable {
    let house: InProcessHouse
    let folder: String
    static let start = Instant(microseconds: 1_780_000_000_000_000)

    /// - Parameter folder: of a house that was closed and opens again; nil: a new one.
    init(onDisk: Bool = false, folder known: String? = nil, at start: Instant = WholeHouse.start) throws {
        folder = known ?? WholeHouse.newFolder()
        house = try InProcessHouse(WholeHouse.definitions(), folder: folder, start: start, onDisk: onDisk)
    }

    /// A folder in memory where the system has such, because every e-mail is synced.
    static func newFolder() -> String {
        let memory = "/dev/shm"
        let place = FileManager.default.isWritableFile(atPath: memory) ? memory : NSTemporaryDirectory()
        return "\(place)/gavel-scenario-\(SecureRandom.uint64())"
    }

    static func remove(_ folder: String) { try? FileManager.default.removeItem(atPath: folder) }

    static func definitions() throws -> [ServiceDefinition] {
        let environment = try VaultEnvironment(
            blindIndexKey: [UInt8](repeating: 1, count: 32), linkTokenKey: [UInt8](repeating: 2, count: 32),
            tokenSigningSeed: [UInt8](repeating: 3, count: 32),
            scryptCost: try ScryptCost(iterations: 16, blockSize: 1, parallelism: 1))
        return [
            ContactVaultService.definition(environment: environment), WalletService.definition(),
            NotificationsService.definition(), AuctionService.definition(), DisputeService.definition(),
        ]
    }

    /// Runs a scenario in a house of its own, and then checks what must hold in every house.
    static func run(_ scenario: Scenario) async throws {
        let whole = try WholeHouse()
        defer { remove(whole.folder) }
        do {
            try await scenario.run(whole.house)
            try await Invariants.check(whole.house)
        } catch let refusal as Refusal {
            throw Unmet(
                scenario.title, expected: "no refusal",
                found: "\(refusal.reason): expected \(refusal.expected), found \(refusal.found)")
        }
    }
}
