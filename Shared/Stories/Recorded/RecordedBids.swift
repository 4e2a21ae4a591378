import Kernel

/// One bid of a recorded auction.
public struct RecordedBid: Sendable, Equatable {
    /// The line of the file, counted from 1.
    public var line: Int
    public var auction: String
    public var item: String
    public var bidder: String
    /// The bidder's maximum, in cents.
    public var maximum: Int64
    /// From the auction's start.
    public var after: Duration64
    /// The whole auction's length, opening bid and recorded final price: the same in each of its rows.
    public var length: Duration64
    public var opening: Int64
    public var finalPrice: Int64
}

/// Why a file of recorded bids cannot be read; names the line, and never traps.
public struct RecordedBidsFault: Error, Equatable, Sendable, CustomStringConvertible {
    public var line: Int
    public var expected: String
    public var found: String
    public var description: String { "line \(line): expected \(expected), found \(found)" }
}

/// Reads the file of recorded auctions: comma-separated, a header, no quotes.
public enum RecordedBids {
    static let header = "auction,item,days,opening_bid,bidder,bid,at_days,final_price"
    /// The longest line that is read, in bytes.
    static let longestLine = 1_024

    /// - Throws: ``RecordedBidsFault`` for anything that is not such a file.
    public static func read(_ text: String) throws(RecordedBidsFault) -> [RecordedBid] {
        var bids: [RecordedBid] = []
        var number = 0
        for raw in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            guard raw.count <= longestLine else {
                throw RecordedBidsFault(
                    line: number, expected: "at most \(longestLine) bytes", found: "\(raw.count) bytes")
            }
            let bytes = raw.last == UInt8(ascii: "\r") ? raw.dropLast() : raw
            let line = String(Substring(bytes))
            if number == 1 {
                guard line == header else {
                    throw RecordedBidsFault(line: 1, expected: header, found: String(line.prefix(80)))
                }
            } else if !line.isEmpty {
                bids.append(try bid(line, number))
            }
        }
        guard number > 0, !bids.isEmpty else {
            throw RecordedBidsFault(line: number, expected: "a header and at least one bid", found: "none")
        }
        return bids
    }

    private static func bid(_ line: String, _ number: Int) throws(RecordedBidsFault) -> RecordedBid {
        let fields = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard fields.count == 8 else {
            throw RecordedBidsFault(line: number, expected: "8 fields", found: "\(fields.count)")
        }
        func scaled(_ index: Int, _ what: String, _ decimals: Int) throws(RecordedBidsFault) -> Int64 {
            guard let value = decimal(fields[index], decimals) else {
                throw RecordedBidsFault(line: number, expected: what, found: "'\(fields[index].prefix(40))'")
            }
            return value
        }
        let microDays = try scaled(6, "days from the start with at most 6 decimals", 6)
        let wholeDays = try scaled(2, "whole days", 0)
        guard microDays <= 10_000_000_000, (1...30).contains(wholeDays) else {
            throw RecordedBidsFault(
                line: number, expected: "1 to 30 days", found: "'\(fields[2].prefix(40))'")
        }
        return RecordedBid(
            line: number, auction: fields[0], item: fields[1], bidder: fields[4],
            maximum: try scaled(5, "an amount with at most 2 decimals", 2),
            // A millionth of a day is 86,400 microseconds.
            after: Duration64(microseconds: microDays * 86_400), length: .days(wholeDays),
            opening: try scaled(3, "an amount with at most 2 decimals", 2),
            finalPrice: try scaled(7, "an amount with at most 2 decimals", 2))
    }

    /// A decimal number as a whole number of its last decimal; nothing if it is none, or does not fit.
    static func decimal(_ text: String, _ decimals: Int) -> Int64? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), !parts[0].isEmpty,
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } })
        else { return nil }
        let fraction = parts.count == 2 ? parts[1] : ""
        guard parts.count == 1 || !fraction.isEmpty, fraction.utf8.count <= decimals else { return nil }
        return Int64(parts[0] + fraction + String(repeating: "0", count: decimals - fraction.utf8.count))
    }
}
