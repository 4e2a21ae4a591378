import Client
import Foundation
import Kernel
import Messages
import Operation
import Stories

/// Whether the house slows down as its stores grow: transfers by the rows of the ledger, searches by the listings.
enum Growth {
    private static let window = 512
    private static let searches = 64
    private static let measured = Duration.seconds(5)

    static func run(_ options: Installation.Options, rows: [Int], listings: [Int]) async throws {
        let installation = try await Installation.start(options)
        print("| rows of the ledger | transfers /s, one connection of \(window) | wallet's store, MiB |")
        print("| --- | --- | --- |")
        let teller = try await Teller.open(installation)
        var made = 0
        for count in rows {
            // Each transfer makes two rows.
            let missing = count / 2 - made
            if missing > 0 { try await teller.repeater.run(missing, window) }
            made += max(missing, 0)
            let (rate, more) = try await rate { try await teller.repeater.run($0, window) }
            made += more
            print("| \(count) | \(Int(rate)) | \(size(installation, .wallet)) |")
        }
        await teller.close()

        print("\n| listings | pages of 20 found /s, \(searches) on their way | auction's store, MiB |")
        print("| --- | --- | --- |")
        let house = LiveHouse(installation)
        await house.act(asOperator: Cast.firstOperator)
        let cast = try await Cast.openMarketplace(house, buyers: 1, funds: 0)
        var published = 0
        for count in listings {
            while published < count {
                let part = min(1_000, count - published)
                _ = try await Market.publish(part, from: published, cast, house)
                published += part
            }
            let client = try await installation.connect()
            let guest = cast.buyers[0].guest
            _ = try await client.signIn(guest.email, guest.password, marketplace: guest.marketplace)
            var search = SearchListings()
            search.limit = 20
            let repeater = Repeater(client, asking: search)
            let (rate, _) = try await rate { try await repeater.run($0, searches) }
            await client.close()
            print("| \(count) | \(Int(rate)) | \(size(installation, .auction)) |")
        }
        await house.close()
        await installation.stop()
    }

    /// How many a second, and how many were carried out to find that.
    private static func rate(_ run: (Int) async throws -> Void) async throws -> (Double, Int) {
        var count = 0
        let began = ContinuousClock.now
        while ContinuousClock.now - began < measured {
            try await run(5_000)
            count += 5_000
        }
        return (Double(count) / ((ContinuousClock.now - began) / .seconds(1)), count)
    }

    private static func size(_ installation: Installation, _ service: ServiceName) -> Int {
        let folder = installation.data.folder(of: service)
        let files = FileManager.default.enumerator(atPath: folder)
        var sum = 0
        while let file = files?.nextObject() as? String {
            let found = try? FileManager.default.attributesOfItem(atPath: "\(folder)/\(file)")
            sum += (found?[.size] as? Int) ?? 0
        }
        return sum >> 20
    }
}
