import Histogram
import Wire

/// Latencies of one kind, in microseconds, to three significant digits whatever their size (HdrHistogram).
public struct Latencies: Sendable, Codable {
    private var histogram: Histogram<UInt64>

    public init() {
        histogram = Histogram(numberOfSignificantValueDigits: .three)
        histogram.autoResize = true
    }

    public mutating func record(nanoseconds: UInt64) {
        // Less than one microsecond counts as one: the histogram's least value.
        _ = histogram.record(max(1, nanoseconds / 1_000))
    }

    /// Takes over what another worker or another second measured.
    public mutating func add(_ other: Latencies) { histogram.add(other.histogram) }

    public var count: UInt64 { histogram.totalCount }
    /// In microseconds; 0 if nothing was recorded.
    public var greatest: UInt64 { count == 0 ? 0 : histogram.max }
    public var mean: Double { count == 0 ? 0 : histogram.mean }

    /// The latency that `percentile` percent of the requests did not exceed, in microseconds.
    public func at(_ percentile: Double) -> UInt64 {
        count == 0 ? 0 : histogram.valueAtPercentile(percentile)
    }

    /// The percentiles of a report, with their names.
    public static let reported: [(name: String, percentile: Double)] = [
        ("p50", 50), ("p75", 75), ("p90", 90), ("p95", 95), ("p99", 99), ("p99.9", 99.9), ("p99.99", 99.99),
        ("p99.999", 99.999),
    ]

    var json: JSON {
        let percentiles = Latencies.reported.map { name, percentile in
            JSON.Member("\(name.replacing(".", with: "_"))_us", .int(at(percentile)))
        }
        return .object(
            percentiles + [
                .init("max_us", .int(greatest)), .init("mean_us", .int(Int(mean.rounded()))),
                .init("count", .int(count)),
            ])
    }

    /// The recorded values with their counts, rising, for a plot: at most some thousand.
    var buckets: [(microseconds: UInt64, count: UInt64)] {
        histogram.recordedValues().map { ($0.value, $0.count) }
    }
}
