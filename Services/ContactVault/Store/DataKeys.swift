import Kernel

/// The data keys that sealed texts name.
enum DataKeys {
    /// Each key once, in order of first use; several texts of one command share a key.
    static func distinct(_ texts: [PersonalText]) -> [UInt64] {
        var keys: [UInt64] = []
        for text in texts where text.isSealed && !keys.contains(text.key) { keys.append(text.key) }
        return keys
    }

    /// The keys of texts that are given up, without those that texts still kept need.
    static func of(_ given: [PersonalText], keeping kept: [PersonalText]) -> [UInt64] {
        let needed = distinct(kept)
        return distinct(given).filter { !needed.contains($0) }
    }
}
