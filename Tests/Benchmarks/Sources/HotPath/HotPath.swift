import Auction
import ContactVault
import Dispute
import Foundation
import Kernel
import Messages
import Notifications
import Simulator
import Stories
import Wallet

/// How much of one core a bid costs in the services alone: no network, no threads, stores on disk.
@main struct HotPath {
    static func main() async throws {
        let folder = NSTemporaryDirectory() + "gavel-hot-\(ProcessInfo.processInfo.processIdentifier)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let names: [ServiceName] = [.auction, .wallet, .contactVault, .notifications, .dispute]
        for name in names {
            try FileManager.default.createDirectory(
                atPath: "\(folder)/\(name.title)/kek", withIntermediateDirectories: true)
        }
        let house = try InProcessHouse(
            [
                ContactVaultService.definition(
                    environment: try .load(folder: "\(folder)/contact-vault", scryptCost: .development)),
                WalletService.definition(), NotificationsService.definition(), AuctionService.definition(),
                DisputeService.definition(),
            ], folder: folder, start: Instant(startOf: CivilDate(year: 2026, month: 3, day: 2)), onDisk: true)
        let cast = try await Cast.openMarketplace(house, buyers: 4, funds: 100_000_000_000)
        var listings: [ListingID] = []
        let count = Int(CommandLine.arguments.dropFirst().first ?? "200") ?? 200
        for _ in 0..<count { listings.append(try await cast.publishLead().listing.listing) }
        print("\(count) listings")
        var amount: Int64 = 10_000
        for round in 0..<10 {
            var accepted = 0
            let began = ContinuousClock.now
            for _ in 0..<5 {
                amount += 100
                let buyer = cast.buyers[Int(amount / 100) % 4].guest
                let bids = listings.map { listing -> (PlaceBid, Guest) in
                    var bid = PlaceBid()
                    bid.listing = listing
                    bid.amount = Money(amount, .eur)
                    return (bid, buyer)
                }
                for result in try house.burst(bids) { if case .success = result { accepted += 1 } }
            }
            let took = (ContinuousClock.now - began) / .microseconds(1)
            print("round \(round): \(accepted) accepted, \(took / Double(accepted)) µs each")
        }
    }
}
