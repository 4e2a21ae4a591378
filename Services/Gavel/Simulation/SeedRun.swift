import Auditor
import Glibc
import Kernel
import Messages
import Simulator
import Wire

/// One seed in this process.
struct SeedRun {
    var seed: UInt64
    var days: Int
    /// Names of kinds of faults that do not strike.
    var without: [String]

    func run() -> SeedResult {
        var plan = SimulationPlan(seed: seed, span: .days(Int64(days)))
        for name in without { if let kind = FaultKind(named: name) { plan.faults.rates[kind] = nil } }
        let folder = SimulationFolder.make(seed)
        defer { SimulationFolder.remove(folder) }
        do {
            return try Simulation(plan, parts: SimulatedParts.house, folder: folder).run()
        } catch {
            var result = SeedResult()
            result.seed = seed
            result.violations = [Violation(invariant: "start", text: "\(error)")]
            return result
        }
    }
}

/// A seed's result between processes.
enum SeedReport {
    static func json(_ result: SeedResult) -> JSON {
        .object([
            .init("seed", .int(result.seed)), .init("history", .string(result.history)),
            .init("start", .string(result.start.iso8601)),
            .init("microseconds", .int(result.span.microseconds)),
            .init("commands", .int(result.commands)), .init("events", .int(result.events)),
            .init("faults", counts(result.faults)), .init("messages", counts(result.messages)),
            .init("refusals", counts(result.refusals)), .init("rules", counts(result.rules)),
            .init("kinds", .array(result.kinds.map { .string($0) })),
            .init("trace", .array(result.trace.map { .string($0) })),
            .init("violations", .array(result.violations.prefix(20).map(violation))),
        ])
    }

    static func counts(_ counts: [String: Int]) -> JSON {
        .object(counts.sorted { $0.key < $1.key }.map { JSON.Member($0.key, .int($0.value)) })
    }

    private static func violation(_ found: Violation) -> JSON {
        .object([
            .init("invariant", .string(found.invariant)), .init("text", .string(found.text)),
            .init("entities", .array(found.entities.map { .string($0) })),
        ])
    }

    /// What a worker printed; nothing if that is no result.
    static func read(_ line: String) -> SeedResult? {
        guard let json = try? JSON(parsing: line), case .string(let history)? = json["history"] else {
            return nil
        }
        var result = SeedResult()
        result.seed = number(json["seed"])
        result.history = history
        result.span = Duration64(microseconds: number(json["microseconds"]))
        result.commands = number(json["commands"])
        result.events = number(json["events"])
        result.faults = named(json["faults"])
        result.messages = named(json["messages"])
        result.refusals = named(json["refusals"])
        result.rules = named(json["rules"])
        result.kinds = texts(json["kinds"])
        result.trace = texts(json["trace"])
        guard case .array(let violations)? = json["violations"] else { return nil }
        result.violations = violations.map {
            Violation(
                invariant: word($0["invariant"]), text: word($0["text"]), entities: texts($0["entities"]))
        }
        return result
    }

    private static func number<N: FixedWidthInteger>(_ json: JSON?) -> N {
        guard case .number(let digits)? = json else { return 0 }
        return N(digits) ?? 0
    }
    private static func word(_ json: JSON?) -> String {
        guard case .string(let text)? = json else { return "" }
        return text
    }
    private static func texts(_ json: JSON?) -> [String] {
        guard case .array(let values)? = json else { return [] }
        return values.map(word)
    }
    private static func named(_ json: JSON?) -> [String: Int] {
        guard case .object(let members)? = json else { return [:] }
        return Dictionary(members.map { ($0.name, number($0.value)) }, uniquingKeysWith: +)
    }
}
