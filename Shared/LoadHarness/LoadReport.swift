import Kernel
import Messages
import Wire

/// What a run came to.
public struct LoadReport: Sendable {
    public var scenario = ""
    public var commandLine: [String] = []
    public var tally = LoadTally()
    /// How long arrivals were offered, in seconds.
    public var seconds = 0.0
    /// Until the services were at rest after the end, in milliseconds; nothing if they were not in time.
    public var quietMilliseconds: Int?
    public var samples: [ServiceSample] = []
    public var environment = LoadEnvironment.read()
    /// Rate of each repetition, completed a second.
    public var rates: [Double] = []
    /// What came before the measurement; nothing if nothing did.
    public var warmUp: WarmedUp?
    /// Whether everything that must hold in the stores does, and each check by name.
    public var audit = JSON.null
    public var auditHolds = true
    /// Commands whose answers came, for the audit.
    public var acknowledged: [AcknowledgedCommand] = []
    /// The highest rate at which the goal held, if one was searched for.
    public var limit: Double?
    /// People who were signed in and asked nothing, how many of them stayed, and what each cost the gateway.
    public var idle: (clients: Int, stayed: Int, gatewayBytesEach: Int)?
    public var breaches: [String] = []
    public var faults: [String] = []
    public init() {}

    /// The most arrivals of ten thousand that may be skipped in a run that counts.
    private static let skippedOfTenThousand: UInt64 = 10
    /// How long after the end the services may work on, in milliseconds.
    private static let longestQuiet = 1_000

    /// Why the run says nothing about the house; empty if it does.
    public var voidReasons: [String] {
        var reasons: [String] = []
        if tally.skipped * 10_000 > tally.offered * LoadReport.skippedOfTenThousand {
            reasons.append("\(tally.skipped) of \(tally.offered) arrivals were skipped")
        }
        let lag = tally.lag.at(99)
        let bound = max(5_000, tally.total.corrected.at(99) / 5)
        if lag > bound {
            reasons.append("the generator itself was \(lag) µs late (p99), more than \(bound) µs")
        }
        switch quietMilliseconds {
        case .some(let took) where took > LoadReport.longestQuiet:
            reasons.append("the services worked on for \(took) ms after the end")
        case .none: reasons.append("the services did not come to rest after the end")
        default: break
        }
        return reasons
    }

    /// Takes over the next repetition: its series follow this one's in time, its counts and latencies are added, and of
    /// the times until rest the longest counts.
    public mutating func go(onWith next: LoadReport) {
        rates += next.rates
        // What came late of one repetition lies in a second of its own.
        tally.grow(to: Int(seconds.rounded(.up)))
        let offset = Double(tally.seconds.count)
        tally.go(onWith: next.tally)
        samples += next.samples.map { sample in
            var later = sample
            later.second += offset
            return later
        }
        quietMilliseconds = quietMilliseconds.flatMap { own in
            next.quietMilliseconds.map { max(own, $0) }
        }
        seconds += next.seconds
        acknowledged += next.acknowledged
        faults += next.faults
    }

    public var rate: Double { seconds > 0 ? Double(tally.total.completed) / seconds : 0 }

    /// Whether the program ends with exit code 0.
    public var succeeded: Bool { breaches.isEmpty && auditHolds && voidReasons.isEmpty }

    public var json: JSON {
        let total = tally.total
        func counts(_ counts: [String: UInt64]) -> JSON {
            .object(counts.sorted { $0.key < $1.key }.map { .init($0.key, .int($0.value)) })
        }
        let operations = tally.operations.sorted { $0.key < $1.key }.map { name, tally in
            JSON.Member(
                name,
                .object([
                    .init("completed", .int(tally.completed)), .init("refused", counts(tally.refused)),
                    .init("errors", .int(tally.errors)),
                    .init(
                        "latency",
                        .object([
                            .init("corrected", tally.corrected.json), .init("raw", tally.raw.json),
                        ])),
                ]))
        }
        return .object([
            .init("scenario", .string(scenario)),
            .init("command", .array(commandLine.map { .string($0) })),
            .init("seconds", .number(decimal(seconds))), .init("offered", .int(tally.offered)),
            .init("completed", .int(total.completed)), .init("rate", .number(decimal(rate))),
            .init("refused", counts(total.refused)), .init("errors", .int(total.errors)),
            .init("failures", counts(total.failed)), .init("skipped", .int(tally.skipped)),
            .init("void", .bool(!voidReasons.isEmpty)),
            .init("voidReasons", .array(voidReasons.map { .string($0) })),
            .init(
                "latency",
                .object([.init("corrected", total.corrected.json), .init("raw", total.raw.json)])),
            .init("lag", tally.lag.json),
            .init("quiet_ms", quietMilliseconds.map { .int($0) } ?? .null),
            .init("limit", limit.map { .number(decimal($0)) } ?? .null),
            .init(
                "warmup",
                warmUp.map {
                    .object([
                        .init("seconds", .number(decimal($0.seconds))),
                        .init("steady", $0.isSteady.map { .bool($0) } ?? .null),
                    ])
                } ?? .null),
            .init("rates", .array(rates.map { .number(decimal($0)) })),
            .init("operations", .object(operations)),
            .init(
                "idle",
                idle.map {
                    .object([
                        .init("clients", .int($0.clients)), .init("stayed", .int($0.stayed)),
                        .init("gateway_bytes_each", .int($0.gatewayBytesEach)),
                    ])
                } ?? .null), .init("audit", audit),
            .init("faults", .array(faults.map { .string($0) })),
            .init("broken", .array(breaches.map { .string($0) })),
            .init(
                "environment",
                .object([
                    .init("processors", .int(environment.processors)),
                    .init("model", .string(environment.model)),
                    .init("memory_mib", .int(environment.memoryMiB)),
                    .init("kernel", .string(environment.kernel)),
                ])),
        ])
    }

    private func decimal(_ value: Double) -> String {
        let thousandths = Int((value * 1_000).rounded())
        let rest = "\(1_000 + thousandths % 1_000)".dropFirst()
        return "\(thousandths / 1_000).\(rest)"
    }

    /// One line a second, with a line of names.
    public var csv: String {
        var lines = ["second,offered,completed,refused,failed,skipped,p50_us,p99_us,max_us"]
        for (index, second) in tally.seconds.enumerated() {
            lines.append(
                """
                \(index),\(second.offered),\(second.completed),\(second.refused),\(second.failed),\(second.skipped),\
                \(second.corrected.at(50)),\(second.corrected.at(99)),\(second.corrected.greatest)
                """)
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// For people.
    public var lines: [String] {
        let total = tally.total
        var lines = [
            "\(scenario): \(total.completed) completed in \(decimal(seconds)) s, \(Int(rate))/s; offered \(tally.offered), "
                + "refused \(total.refused.values.reduce(0, +)), errors \(total.errors), skipped \(tally.skipped)"
        ]
        for (name, latencies) in [("corrected", total.corrected), ("raw", total.raw)] {
            let percentiles = Latencies.reported.map {
                "\($0.name) \(milliseconds(latencies.at($0.percentile)))"
            }
            lines.append(
                "  \(name): " + percentiles.joined(separator: ", ")
                    + ", max \(milliseconds(latencies.greatest)) ms")
        }
        for (name, tally) in tally.operations.sorted(by: { $0.key < $1.key })
        where self.tally.operations.count > 1 {
            lines.append(
                "  \(name): \(tally.completed), p50 \(milliseconds(tally.corrected.at(50))), "
                    + "p99 \(milliseconds(tally.corrected.at(99))) ms")
        }
        for (reason, count) in total.refused.sorted(by: { $0.key < $1.key }) {
            lines.append("  refused, \(reason): \(count)")
        }
        for (reason, count) in total.failed.sorted(by: { $0.key < $1.key }) {
            lines.append("  failed, \(reason): \(count)")
        }
        if let warmUp { lines.append("  \(warmUp)") }
        if rates.count > 1 {
            lines.append("  repetitions: " + rates.map { "\(Int($0))/s" }.joined(separator: ", "))
        }
        if let limit { lines.append("  highest rate that holds: \(Int(limit))/s") }
        if let idle {
            lines.append(
                "  idle: \(idle.stayed) of \(idle.clients) clients stayed, \(idle.gatewayBytesEach) bytes of the gateway's memory each"
            )
        }
        if let quietMilliseconds { lines.append("  at rest \(quietMilliseconds) ms after the end") }
        lines += voidReasons.map { "  VOID: \($0)" }
        lines += breaches.map { "  BROKEN: \($0)" }
        lines.append(auditHolds ? "  audit: everything holds" : "  audit: SOMETHING DOES NOT HOLD")
        return lines
    }

    private func milliseconds(_ microseconds: UInt64) -> String {
        microseconds >= 10_000
            ? "\(microseconds / 1_000)"
            : "\(microseconds / 1_000).\("\(1_000 + microseconds % 1_000)".dropFirst())"
    }
}
