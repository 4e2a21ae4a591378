import Foundation
import Kernel
import Messages
import SwiftProtobuf
import Wire

/// Nanoseconds to encode and to decode a message, beside swift-protobuf with the same fields.
enum Codec {
    private static let rounds = 5
    private static let round = Duration.milliseconds(100)

    static func run() throws {
        print("| message | bytes | | Gavel, ns | swift-protobuf, ns | ratio |")
        print("| --- | --- | --- | --- | --- | --- |")
        let payload = [UInt8](repeating: 7, count: 64)
        var ping = Ping()
        ping.payload = Bytes(payload)
        var otherPing = ProtobufPing()
        otherPing.payload = Data(payload)
        try compare("Ping", ping, otherPing)

        var bid = PlaceBid()
        bid.listing = ListingID(4_711_000_123)
        bid.amount = Money(123_400, .eur)
        var otherBid = ProtobufPlaceBid()
        otherBid.listing = bid.listing.raw
        otherBid.amount = protobuf(bid.amount)
        try compare("PlaceBid", bid, otherBid)

        var credit = CreditManually()
        credit.party = PartyID(4_711_000_124)
        credit.amount = Money(1, .eur)
        credit.reason = "goodwill for a lead"
        var otherCredit = ProtobufCreditManually()
        otherCredit.party = credit.party.raw
        otherCredit.amount = protobuf(credit.amount)
        otherCredit.reason = credit.reason
        try compare("CreditManually", credit, otherCredit)

        var page = ListingPage()
        page.more = true
        page.listings = (0..<20).map(entry)
        var otherPage = ProtobufListingPage()
        otherPage.more = true
        otherPage.listings = page.listings.map(protobuf)
        try compare("ListingPage of 20", page, otherPage)
    }

    private static func compare<M: Messages.Message, P: SwiftProtobuf.Message>(
        _ name: String, _ message: M, _ other: P
    ) throws {
        let bytes = message.encoded()
        let otherBytes: [UInt8] = try other.serializedBytes()
        try row(
            "\(name) | \(bytes.count), \(otherBytes.count) | encode",
            { message.encoded().count },
            { (try other.serializedBytes() as [UInt8]).count })
        try row(
            "\(name) | | decode",
            {
                kept(try M(decoding: bytes))
                return 1
            },
            {
                kept(try P(serializedBytes: otherBytes))
                return 1
            })
    }

    private static func row(_ name: String, _ ours: () throws -> Int, _ theirs: () throws -> Int) throws {
        var (own, other): ([Double], [Double]) = ([], [])
        for _ in 0..<rounds {
            own.append(try nanoseconds(ours))
            other.append(try nanoseconds(theirs))
        }
        let (gavel, protobuf) = (AgainstGRPC.median(own), AgainstGRPC.median(other))
        print("| \(name) | \(Int(gavel)) | \(Int(protobuf)) | \(String(format: "%.1f", protobuf / gavel)) |")
    }

    private static func nanoseconds(_ body: () throws -> Int) rethrows -> Double {
        let began = ContinuousClock.now
        var count = 0
        var sum = 0
        while ContinuousClock.now - began < round {
            for _ in 0..<200 { sum &+= try body() }
            count += 200
        }
        let took = (ContinuousClock.now - began) / .nanoseconds(1)
        kept(sum)
        return took / Double(count)
    }

    /// Keeps the optimizer from leaving out what makes `value`.
    @inline(never) private static func kept<Value>(_ value: Value) {}

    private static func entry(_ number: Int) -> ListingEntry {
        var entry = ListingEntry()
        entry.listing = ListingID(4_711_000_000 + UInt64(number))
        entry.projectType = .photovoltaics
        entry.title = "Roof of a house, 12 kWp, number \(number)"
        entry.region = "Baden-Wuerttemberg"
        entry.budget = Money(2_500_000, .eur)
        entry.temperature = .warm
        entry.price = Money(10_000 + Int64(number) * 100, .eur)
        entry.bids = UInt32(number)
        entry.endsAt = Instant(microseconds: 1_900_000_000_000_000 + Int64(number))
        return entry
    }

    private static func protobuf(_ entry: ListingEntry) -> ProtobufListingEntry {
        var other = ProtobufListingEntry()
        other.listing = entry.listing.raw
        other.projectType = UInt32(entry.projectType.rawValue)
        other.title = entry.title
        other.region = entry.region
        other.budget = protobuf(entry.budget)
        other.temperature = UInt32(entry.temperature.rawValue)
        other.price = protobuf(entry.price)
        other.bids = entry.bids
        other.endsAt = entry.endsAt.microseconds
        return other
    }

    private static func protobuf(_ money: Money) -> ProtobufMoney {
        var other = ProtobufMoney()
        other.minor = money.minor
        other.currency = UInt32(money.currency.rawValue)
        return other
    }
}
