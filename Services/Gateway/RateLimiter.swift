import Kernel

/// Token buckets, one a key: a burst at once, then so many a minute.
struct RateLimiter<Key: Hashable> {
    private struct Bucket {
        /// Millionths of a request.
        var tokens: Int64
        var filledAt: UInt64
    }

    private static var request: Int64 { 1_000_000 }
    private static var minuteNanoseconds: UInt64 { 60_000_000_000 }

    private let perMinute: Int64
    private let burst: Int64
    private var buckets: [Key: Bucket] = [:]

    init(perMinute: UInt32, burst: UInt32) {
        self.perMinute = Int64(max(1, perMinute))
        self.burst = Int64(max(1, burst)) * Self.request
    }

    /// Takes one request's worth.
    ///
    /// - Parameter now: monotonic nanoseconds.
    /// - Returns: nothing if the request may pass; else the milliseconds until the next may.
    mutating func take(_ key: Key, now: UInt64) -> UInt32? {
        var bucket = filled(buckets[key] ?? Bucket(tokens: burst, filledAt: now), now)
        defer { buckets[key] = bucket }
        guard bucket.tokens >= Self.request || Planted.isOn(.rateWithoutLimit) else {
            let missing = Self.request - bucket.tokens
            return UInt32(clamping: missing * 60 / (perMinute * 1_000) + 1)
        }
        bucket.tokens -= Self.request
        return nil
    }

    /// Takes the worth of `requests` more, down to a full burst below nothing.
    mutating func charge(_ key: Key, requests: UInt32, now: UInt64) {
        var bucket = filled(buckets[key] ?? Bucket(tokens: burst, filledAt: now), now)
        bucket.tokens = max(-burst, bucket.tokens - Int64(requests) * Self.request)
        buckets[key] = bucket
    }

    /// Forgets whoever has a full bucket again.
    mutating func prune(now: UInt64) {
        buckets = buckets.filter { filled($0.value, now).tokens < burst }
    }

    private func filled(_ bucket: Bucket, _ now: UInt64) -> Bucket {
        let elapsed = Int64(min(now - min(now, bucket.filledAt), Self.minuteNanoseconds))
        let gained = elapsed / 1_000 * perMinute / 60
        // Time too short for a millionth is not lost to whoever asks often.
        if gained == 0 { return bucket }
        return Bucket(tokens: min(burst, bucket.tokens + gained), filledAt: now)
    }
}

/// What counts as one address: IPv4 whole, of IPv6 the network's first 64 bits, which one host has to itself.
func addressGroup(_ address: String) -> String {
    guard address.contains(":") else { return address }
    let bare = address.prefix { $0 != "%" }
    if let mapped = bare.split(separator: ":").last, mapped.contains(".") { return String(mapped) }
    let halves = bare.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard let gap = halves.firstIndex(of: "") else { return halves.prefix(4).joined(separator: ":") }
    let front = halves[..<gap]
    let back = halves[gap...].drop { $0.isEmpty }
    let zeros = [String](repeating: "0", count: max(0, 8 - front.count - back.count))
    return (front + zeros + back).prefix(4).joined(separator: ":")
}
