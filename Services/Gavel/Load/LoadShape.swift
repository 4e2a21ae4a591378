import ArgumentParser
import LoadHarness

extension ArrivalPattern: ExpressibleByArgument {}

/// How much is offered, when, and over how many connections.
struct LoadShape: ParsableArguments {
    @Option(help: "Arrivals a second.") var rate: Double = 500
    @Option(help: "How long arrivals come, such as 20s.") var duration = "10s"
    @Option(help: "Steps in place of --rate and --duration: 30s@500,1m@2000, or rising 20s@100-900.")
    var ramp: String?
    @Option(help: "A CSV file of steps, seconds,rate.") var rampFile: String?
    @Option(help: "How arrivals follow each other.") var arrivals = ArrivalPattern.poisson
    @Option(
        help:
            "The most arrivals that wait for a free connection, or journeys of the market; one beyond is skipped."
    )
    var inFlight = 8_192
    @Flag(help: "Keep connections times window journeys under way in place of a rate.") var closed = false
    @Option(help: "Connections.") var connections = 16
    @Option(help: "Requests on their way on each connection at most.") var window = 16

    func validate() throws {
        try LoadShape.check([
            ("connections", connections, 1...10_000), ("window", window, 1...4_096),
            ("in-flight", inFlight, 1...1_000_000),
        ])
    }

    /// - Throws: `ValidationError` for the first number that is out of its range.
    static func check(_ numbers: [(name: String, value: Int, range: ClosedRange<Int>)]) throws {
        for (name, value, range) in numbers where !range.contains(value) {
            throw ValidationError(
                "--\(name): expected \(range.lowerBound) to \(range.upperBound), found \(value)")
        }
    }

    static func span(_ text: String) throws -> Double {
        guard let seconds = Span.seconds(text) else {
            throw ValidationError("expected a time such as 500ms or 20s, found '\(text)'")
        }
        return seconds
    }

    /// Requests on their way at most.
    var slots: Int { connections * window }

    func profile() throws -> RateProfile {
        if let rampFile { return try RateProfile(csv: InputFile.text(rampFile)) }
        if let ramp { return try RateProfile(ramp) }
        return try RateProfile(rate: rate, seconds: try LoadShape.span(duration))
    }

    /// The drive of a measurement.
    ///
    /// - Parameters:
    ///   - factor: of every rate of an open loop.
    ///   - isJourneys: journeys think most of their time: they are bounded by their number, requests by what
    ///     connections carry.
    func drive(factor: Double, isJourneys: Bool) throws -> LoadDrive {
        guard closed else { return open(try profile().scaled(by: factor), isJourneys: isJourneys) }
        let seconds = try LoadShape.span(duration)
        guard seconds > 0, seconds <= 604_800 else {
            throw ValidationError("--duration: expected above zero, at most a week, found '\(duration)'")
        }
        return .closed(slots: slots, nanoseconds: UInt64(seconds * 1_000_000_000))
    }

    /// The drive of a warm-up, at the rate at which the measurement begins.
    func warmUp(seconds: Double, isJourneys: Bool) throws -> LoadDrive {
        if closed { return .closed(slots: slots, nanoseconds: UInt64(seconds * 1_000_000_000)) }
        let first = try profile().steps[0].from
        return open(try RateProfile(rate: first, seconds: seconds), isJourneys: isJourneys)
    }

    private func open(_ profile: RateProfile, isJourneys: Bool) -> LoadDrive {
        .open(profile, arrivals, slots: isJourneys ? inFlight : slots, waiting: isJourneys ? 0 : inFlight)
    }
}
