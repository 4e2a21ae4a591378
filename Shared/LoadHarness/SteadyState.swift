/// Tells when a house under load has warmed up: when second after second looks like the one before.
///
/// In the last ``windows`` whole seconds each second's throughput lies within ``throughputTolerance`` of their mean, or
/// within the three standard deviations that independent arrivals alone make, and each second's p50 lies within
/// ``latencyTolerance`` of the mean of their p50s. A second in which nothing was completed is never steady.
public struct SteadyState: Sendable {
    /// One second of a warm-up.
    public struct Window: Sendable, Equatable {
        public var completed: UInt64
        /// Corrected, in microseconds.
        public var p50: UInt64

        public init(completed: UInt64, p50: UInt64) {
            self.completed = completed
            self.p50 = p50
        }
    }

    /// How many seconds are compared.
    public static let windows = 5
    /// Parts of the mean.
    public static let throughputTolerance = 0.1
    public static let latencyTolerance = 0.2

    /// Whether `seconds`, all of them whole, end steadily.
    public static func isReached(_ seconds: [Window]) -> Bool {
        let last = seconds.suffix(windows)
        guard last.count == windows, last.allSatisfy({ $0.completed > 0 }) else { return false }
        let rate = mean(last.map { Double($0.completed) })
        let p50 = mean(last.map { Double($0.p50) })
        let allowed = max(rate * throughputTolerance, 3 * rate.squareRoot())
        return last.allSatisfy {
            abs(Double($0.completed) - rate) <= allowed && abs(Double($0.p50) - p50) <= p50 * latencyTolerance
        }
    }

    private static func mean(_ values: [Double]) -> Double {
        values.reduce(0, +) / Double(values.count)
    }
}

extension LoadTally {
    /// The whole ones of the first `elapsed` seconds; one in which nothing happened counts as well.
    func windows(of elapsed: Double) -> [SteadyState.Window] {
        (0..<max(0, Int(elapsed))).map { second in
            guard second < seconds.count else { return SteadyState.Window(completed: 0, p50: 0) }
            return SteadyState.Window(
                completed: seconds[second].completed, p50: seconds[second].corrected.at(50))
        }
    }
}
