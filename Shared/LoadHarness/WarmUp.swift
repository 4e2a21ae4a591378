/// What comes before a run is measured.
public enum WarmUp: Sendable, Equatable {
    /// Load for so many seconds; 0: none.
    case span(Double)
    /// Load until the house is steady, or until ``longest`` has passed.
    case steady

    /// The longest warm-up that waits for a steady house, in seconds.
    public static let longest = 60.0

    /// Reads a length such as `2s`, or `steady`.
    public static func parse(_ text: String) throws(LoadPlanFault) -> WarmUp {
        if text == "steady" { return .steady }
        guard let seconds = Span.seconds(text) else {
            throw LoadPlanFault("warm-up", expected: "a time such as 2s, or steady", found: text)
        }
        return .span(seconds)
    }

    /// How long it takes at most, in seconds.
    public var most: Double {
        switch self {
        case .span(let seconds): seconds
        case .steady: WarmUp.longest
        }
    }

    /// Carries it out.
    ///
    /// - Parameter drive: the load for so many seconds.
    /// - Returns: what a report says of it; nothing where there is none.
    public func run(
        _ scenario: any LoadScenario, seed: UInt64, _ drive: (Double) throws -> LoadDrive
    ) async rethrows -> WarmedUp? {
        guard most > 0 else { return nil }
        var isSteady = false
        let began = ContinuousClock.now
        _ = await Generator.run(
            scenario, try drive(most), seed: seed,
            isEnough: { tally, elapsed in
                isSteady = self == .steady && SteadyState.isReached(tally.windows(of: elapsed))
                return isSteady
            })
        let seconds = (ContinuousClock.now - began) / .seconds(1)
        return WarmedUp(seconds: seconds, isSteady: self == .steady ? isSteady : nil)
    }
}

/// What became of a warm-up.
public struct WarmedUp: Sendable, Equatable, CustomStringConvertible {
    /// Until all that was sent had ended.
    public var seconds: Double
    /// Whether the house became steady; nothing where that was not waited for.
    public var isSteady: Bool?

    public var description: String {
        let tenths = Int((seconds * 10).rounded())
        let length = "warmed up for \(tenths / 10).\(tenths % 10) s"
        return switch isSteady {
        case .none: length
        case .some(true): "\(length), until the house was steady"
        case .some(false): "\(length), and the house did NOT become steady"
        }
    }
}
