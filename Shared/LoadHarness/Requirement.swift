/// What a run must come to: `p99<20ms`, `errors=0`, `rate>5000`; with `for 10s` it fails only where it was broken
/// for so many seconds in a row.
public struct Requirement: Sendable, Equatable, CustomStringConvertible {
    private enum Relation: Character, Sendable {
        case below = "<"
        case above = ">"
        case equal = "="
    }

    private enum Metric: Sendable, Equatable {
        case percentile(Double)
        case greatest
        case errors
        case skipped
        case refused
        case completed
        /// Completed a second.
        case rate

        var isLatency: Bool {
            switch self {
            case .percentile, .greatest: true
            case .errors, .skipped, .refused, .completed, .rate: false
            }
        }
    }

    private let metric: Metric
    private let relation: Relation
    /// Microseconds for latencies, else a number.
    private let bound: Double
    private let sustained: Int?
    public let description: String

    /// Reads clauses between commas.
    public static func parse(_ text: String) throws(LoadPlanFault) -> [Requirement] {
        var clauses: [Requirement] = []
        for clause in text.split(separator: ",") {
            clauses.append(try Requirement(clause.drop { $0 == " " }))
        }
        guard !clauses.isEmpty else {
            throw LoadPlanFault("requirement", expected: "clauses such as p99<20ms", found: text)
        }
        return clauses
    }

    private init(_ clause: Substring) throws(LoadPlanFault) {
        description = String(clause)
        let parts = clause.split(separator: " ")
        guard let core = parts.first, let sign = core.firstIndex(where: { Relation(rawValue: $0) != nil }),
            let relation = Relation(rawValue: core[sign]), parts.count == 1 || parts.count == 3
        else { throw LoadPlanFault("requirement", expected: "METRIC<VALUE, also 'for SPAN'", found: clause) }
        self.relation = relation
        metric = try Requirement.metric(core[..<sign])
        let value = core[core.index(after: sign)...]
        if metric.isLatency {
            guard let seconds = Span.seconds(value), value.last?.isNumber == false else {
                throw LoadPlanFault("bound", expected: "a time such as 20ms", found: value)
            }
            bound = seconds * 1_000_000
        } else {
            guard let number = Double(value), number.isFinite else {
                throw LoadPlanFault("bound", expected: "a number", found: value)
            }
            bound = number
        }
        if parts.count == 3 {
            guard parts[1] == "for", let seconds = Span.seconds(parts[2]), seconds >= 1, seconds <= 86_400
            else {
                throw LoadPlanFault("requirement", expected: "'for 10s', a second at least", found: clause)
            }
            sustained = Int(seconds)
        } else {
            sustained = nil
        }
    }

    private static func metric(_ name: Substring) throws(LoadPlanFault) -> Metric {
        switch name {
        case "max": return .greatest
        case "errors": return .errors
        case "skipped": return .skipped
        case "refused": return .refused
        case "completed": return .completed
        case "rate": return .rate
        default:
            guard name.first == "p", let percentile = Double(name.dropFirst()), (0...100).contains(percentile)
            else {
                throw LoadPlanFault(
                    "metric", expected: "p0 to p100, max, errors, skipped, refused, completed or rate",
                    found: name)
            }
            return .percentile(percentile)
        }
    }

    /// Nothing if the run meets it; else what was found.
    ///
    /// - Parameter seconds: how long arrivals were offered.
    public func breach(in tally: LoadTally, seconds: Double) -> String? {
        if let sustained { return breachInRow(sustained, tally) }
        let total = tally.total
        let found: Double
        switch metric {
        case .percentile(let percentile): found = Double(total.corrected.at(percentile))
        case .greatest: found = Double(total.corrected.greatest)
        case .errors: found = Double(total.errors)
        case .skipped: found = Double(tally.skipped)
        case .refused: found = Double(total.refused.values.reduce(0, +))
        case .completed: found = Double(total.completed)
        case .rate: found = seconds > 0 ? Double(total.completed) / seconds : 0
        }
        // Nothing measured meets no bound on a latency.
        if metric.isLatency, total.corrected.count == 0 { return "\(description): nothing was measured" }
        return holds(found) ? nil : "\(description): found \(shown(found))"
    }

    private func breachInRow(_ length: Int, _ tally: LoadTally) -> String? {
        var row = 0
        for (index, second) in tally.seconds.enumerated() {
            let found: Double
            switch metric {
            case .percentile(let percentile): found = Double(second.corrected.at(percentile))
            case .greatest: found = Double(second.corrected.greatest)
            case .errors: found = Double(second.failed)
            case .skipped: found = Double(second.skipped)
            case .refused: found = Double(second.refused)
            case .completed, .rate: found = Double(second.completed)
            }
            row = holds(found) ? 0 : row + 1
            if row >= length {
                return
                    "\(description): broken from second \(index - length + 1) to \(index), last \(shown(found))"
            }
        }
        return nil
    }

    private func holds(_ found: Double) -> Bool {
        switch relation {
        case .below: found < bound
        case .above: found > bound
        case .equal: found == bound
        }
    }

    private func shown(_ found: Double) -> String {
        metric.isLatency ? "\(Int(found)) µs" : "\(Int(found.rounded()))"
    }
}
