/// The numbers that somebody may have meant who typed this one (E11).
public enum NumberSlips {
    /// Every number that one keystroke makes of `digits`: a digit wrong, left out, too much, or two in the wrong order.
    /// In order, each once, without `digits` itself; 7 to 15 digits long.
    public static func of(_ digits: String) -> [String] {
        let all = Array(digits.utf8)
        guard all.allSatisfy({ (0x30...0x39).contains($0) }), (7...15).contains(all.count) else { return [] }
        var slips: [[UInt8]] = []
        for place in 0...all.count {
            for digit in UInt8(ascii: "0")...UInt8(ascii: "9") {
                var longer = all
                longer.insert(digit, at: place)
                slips.append(longer)
                guard place < all.count else { continue }
                var other = all
                other[place] = digit
                slips.append(other)
            }
            guard place < all.count else { continue }
            var shorter = all
            shorter.remove(at: place)
            slips.append(shorter)
            guard place + 1 < all.count else { continue }
            var swapped = all
            swapped.swapAt(place, place + 1)
            slips.append(swapped)
        }
        var found: [String] = []
        for slip in slips.filter({ $0 != all && (7...15).contains($0.count) })
            .map({ String(decoding: $0, as: UTF8.self) }).sorted() where slip != found.last
        {
            found.append(slip)
        }
        return found
    }
}
