/// Why a text is no rate profile, requirement or fault.
public struct LoadPlanFault: Error, CustomStringConvertible, Equatable {
    public let description: String

    init(_ what: String, expected: String, found: some StringProtocol) {
        description = "\(what): expected \(expected), found '\(found)'"
    }
}

/// How many arrivals a second are offered, and when: steps one after another, each level or rising evenly.
public struct RateProfile: Sendable, Equatable {
    /// One part of the run.
    public struct Step: Sendable, Equatable {
        /// In nanoseconds, above 0.
        public let length: UInt64
        /// Arrivals a second at its beginning and its end, above 0.
        public let from: Double
        public let to: Double
    }

    public let steps: [Step]

    /// The greatest rate that a profile may name, in arrivals a second.
    public static let greatestRate = 10_000_000.0

    /// The same rate for `seconds`.
    public init(rate: Double, seconds: Double) throws(LoadPlanFault) {
        try self.init([try RateProfile.step(seconds: seconds, rate, rate, in: "\(seconds)s@\(rate)")])
    }

    private init(_ steps: [Step]) throws(LoadPlanFault) {
        guard !steps.isEmpty else { throw LoadPlanFault("profile", expected: "at least one step", found: "") }
        self.steps = steps
    }

    /// Reads steps such as `30s@500,1m@2000`; `20s@500-2000` rises evenly, and may fall as well.
    public init(_ text: String) throws(LoadPlanFault) {
        var steps: [Step] = []
        for part in text.split(separator: ",") {
            let halves = part.split(separator: "@", omittingEmptySubsequences: false)
            guard halves.count == 2, let seconds = Span.seconds(halves[0]) else {
                throw LoadPlanFault("step", expected: "LENGTH@RATE such as 30s@500", found: part)
            }
            let rates = halves[1].split(separator: "-", omittingEmptySubsequences: false).map { Double($0) }
            guard (1...2).contains(rates.count), let from = rates[0], let to = rates[rates.count - 1] else {
                throw LoadPlanFault("rate", expected: "a number, or two such as 500-2000", found: halves[1])
            }
            steps.append(try RateProfile.step(seconds: seconds, from, to, in: part))
        }
        try self.init(steps)
    }

    /// Reads lines of `seconds,rate`, each a step of that length; a first line of names is passed over.
    public init(csv text: String) throws(LoadPlanFault) {
        var steps: [Step] = []
        for (index, line) in text.split(whereSeparator: \.isNewline).enumerated() {
            let cells = line.split(separator: ",").map { $0.drop { $0 == " " } }
            guard cells.count == 2, let seconds = Double(cells[0]), let rate = Double(cells[1]) else {
                if index == 0 { continue }
                throw LoadPlanFault("line \(index + 1)", expected: "seconds,rate", found: line)
            }
            steps.append(try RateProfile.step(seconds: seconds, rate, rate, in: line))
        }
        try self.init(steps)
    }

    private static func step(
        seconds: Double, _ from: Double, _ to: Double, in text: some StringProtocol
    ) throws(LoadPlanFault) -> Step {
        guard seconds > 0, seconds <= 86_400 * 7 else {
            throw LoadPlanFault("length", expected: "above zero, at most a week", found: text)
        }
        for rate in [from, to] where !(rate > 0 && rate <= greatestRate) {
            throw LoadPlanFault("rate", expected: "above zero, at most \(Int(greatestRate))", found: text)
        }
        return Step(length: UInt64(seconds * 1_000_000_000), from: from, to: to)
    }

    /// In nanoseconds.
    public var length: UInt64 { steps.reduce(0) { $0 + $1.length } }

    /// Every rate times `factor`.
    public func scaled(by factor: Double) throws(LoadPlanFault) -> RateProfile {
        var scaled: [Step] = []
        for step in steps {
            let seconds = Double(step.length) / 1_000_000_000
            scaled.append(
                try RateProfile.step(seconds: seconds, step.from * factor, step.to * factor, in: "scaled"))
        }
        return try RateProfile(scaled)
    }

    /// The arrivals that `nanoseconds` from the beginning bring, evenly spread.
    public func arrivals(until nanoseconds: UInt64) -> Double {
        var begun: UInt64 = 0
        var sum = 0.0
        for step in steps {
            guard nanoseconds > begun else { break }
            let part = Double(min(nanoseconds - begun, step.length)) / 1_000_000_000
            let slope = (step.to - step.from) / (Double(step.length) / 1_000_000_000)
            sum += step.from * part + slope * part * part / 2
            begun += step.length
        }
        return sum
    }

    /// When the arrival number `count`, a fraction between two, comes: nanoseconds from the beginning.
    /// Nothing if the run is over by then.
    public func time(of count: Double) -> UInt64? {
        var begun: UInt64 = 0
        var rest = count
        for step in steps {
            let seconds = Double(step.length) / 1_000_000_000
            let inStep = (step.from + step.to) / 2 * seconds
            if rest < inStep {
                let slope = (step.to - step.from) / seconds
                // The positive root of from * t + slope * t * t / 2 = rest, in the form that a slope of 0 bears.
                let root = (step.from * step.from + 2 * slope * rest).squareRoot()
                return begun + UInt64(2 * rest / (step.from + root) * 1_000_000_000)
            }
            rest -= inStep
            begun += step.length
        }
        return nil
    }
}

/// Lengths of time on a command line.
public enum Span {
    /// `500ms`, `30s`, `2m`, `1h`, in seconds; a number alone counts seconds.
    public static func seconds(_ text: some StringProtocol) -> Double? {
        for (unit, factor) in [
            ("ms", 0.001), ("us", 0.000_001), ("µs", 0.000_001), ("s", 1), ("m", 60), ("h", 3_600),
        ] {
            guard text.hasSuffix(unit), let number = Double(text.dropLast(unit.count)) else { continue }
            return number.isFinite && number >= 0 ? number * factor : nil
        }
        guard let number = Double(text), number.isFinite, number >= 0 else { return nil }
        return number
    }
}
