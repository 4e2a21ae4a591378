import Kernel
import Messages
import Synchronization
import Wire

/// What became of one request.
public enum LoadOutcome: Sendable {
    /// Answered with what was asked for.
    case completed
    /// Refused, with the code that says why.
    case refused(RefusalCode)
    /// No answer: the connection broke, or the time was over.
    case failed(String)
}

/// What one operation came to.
public struct OperationTally: Sendable, Codable {
    /// From the moment at which it was to begin: what a user waits (corrected for coordinated omission).
    public var corrected = Latencies()
    /// From the moment at which it was sent.
    public var raw = Latencies()
    public var completed: UInt64 = 0
    public var refused: [String: UInt64] = [:]
    public var failed: [String: UInt64] = [:]
    public init() {}

    public var errors: UInt64 { failed.values.reduce(0, +) }

    mutating func add(_ other: OperationTally) {
        corrected.add(other.corrected)
        raw.add(other.raw)
        completed += other.completed
        refused.merge(other.refused, uniquingKeysWith: +)
        failed.merge(other.failed, uniquingKeysWith: +)
    }
}

/// What happened in one second of a run.
public struct SecondTally: Sendable, Codable {
    public var offered: UInt64 = 0
    public var skipped: UInt64 = 0
    public var completed: UInt64 = 0
    public var refused: UInt64 = 0
    public var failed: UInt64 = 0
    public var corrected = Latencies()
    public init() {}

    mutating func add(_ other: SecondTally) {
        offered += other.offered
        skipped += other.skipped
        completed += other.completed
        refused += other.refused
        failed += other.failed
        corrected.add(other.corrected)
    }
}

/// Everything that one worker measured; mergeable.
public struct LoadTally: Sendable, Codable {
    public var operations: [String: OperationTally] = [:]
    public var seconds: [SecondTally] = []
    /// How much later than intended the generator itself came to an arrival.
    public var lag = Latencies()
    public var offered: UInt64 = 0
    /// Arrivals that found the greatest number of requests on their way.
    public var skipped: UInt64 = 0
    public init() {}

    public mutating func add(_ other: LoadTally) {
        for (name, tally) in other.operations { operations[name, default: OperationTally()].add(tally) }
        grow(to: other.seconds.count)
        for (index, second) in other.seconds.enumerated() { seconds[index].add(second) }
        lag.add(other.lag)
        offered += other.offered
        skipped += other.skipped
    }

    /// Adds what was measured after this: its series follow in time.
    mutating func go(onWith next: LoadTally) {
        var later = next
        later.seconds = []
        add(later)
        seconds += next.seconds
    }

    /// Makes the series at least `count` seconds long.
    mutating func grow(to count: Int) {
        while seconds.count < count { seconds.append(SecondTally()) }
    }

    /// All operations together.
    public var total: OperationTally {
        operations.values.reduce(into: OperationTally()) { $0.add($1) }
    }
}

/// A command whose answer came: it must be found in the stores afterwards.
public struct AcknowledgedCommand: Sendable {
    public let service: ServiceName
    public let party: PartyID
    public let key: IdempotencyKey
    public let answer: UInt16

    public init(service: ServiceName, party: PartyID, key: IdempotencyKey, answer: UInt16) {
        self.service = service
        self.party = party
        self.key = key
        self.answer = answer
    }
}

/// Gathers what happens, from any thread.
final class Recorder: Sendable {
    private struct State {
        /// By the number of the operation: a run of a hundred thousand a second hashes no names.
        var operations: [OperationTally]
        var rest = LoadTally()
        var acknowledged: [AcknowledgedCommand] = []
    }

    private let names: [String]
    private let state: Mutex<State>
    /// Monotonic nanoseconds at which what is recorded begins.
    let begin: UInt64

    /// No series is longer, in seconds.
    private static let longestSeries = 86_400

    init(_ names: [String], begin: UInt64) {
        self.names = names
        self.begin = begin
        state = Mutex(State(operations: [OperationTally](repeating: OperationTally(), count: names.count)))
    }

    var tally: LoadTally {
        state.withLock { state in
            var tally = state.rest
            for (index, operation) in state.operations.enumerated() where operation.raw.count > 0 {
                tally.operations[names[index]] = operation
            }
            return tally
        }
    }

    var acknowledged: [AcknowledgedCommand] { state.withLock { $0.acknowledged } }

    private func second(of instant: UInt64) -> Int {
        instant < begin ? 0 : min(Int((instant - begin) / 1_000_000_000), Recorder.longestSeries)
    }

    /// An arrival was due at `intended`, and the generator came to it `at` some later moment.
    func offered(intended: UInt64, at: UInt64) {
        let second = second(of: intended)
        state.withLock { state in
            state.rest.grow(to: second + 1)
            state.rest.offered += 1
            state.rest.seconds[second].offered += 1
            state.rest.lag.record(nanoseconds: at > intended ? at - intended : 0)
        }
    }

    /// An arrival found no room.
    func skipped(intended: UInt64) {
        let second = second(of: intended)
        state.withLock { state in
            state.rest.grow(to: second + 1)
            state.rest.offered += 1
            state.rest.skipped += 1
            state.rest.seconds[second].offered += 1
            state.rest.seconds[second].skipped += 1
        }
    }

    /// A request ended.
    func ended(
        _ operation: Int, _ outcome: LoadOutcome, _ moments: Moments, _ acknowledged: AcknowledgedCommand?
    ) {
        let second = second(of: moments.ended)
        let corrected = moments.ended > moments.intended ? moments.ended - moments.intended : 0
        let raw = moments.ended > moments.sent ? moments.ended - moments.sent : 0
        state.withLock { state in
            state.rest.grow(to: second + 1)
            if let acknowledged { state.acknowledged.append(acknowledged) }
            state.rest.seconds[second].corrected.record(nanoseconds: corrected)
            state.operations[operation].corrected.record(nanoseconds: corrected)
            state.operations[operation].raw.record(nanoseconds: raw)
            switch outcome {
            case .completed:
                state.rest.seconds[second].completed += 1
                state.operations[operation].completed += 1
            case .refused(let reason):
                state.rest.seconds[second].refused += 1
                state.operations[operation].refused["\(reason)", default: 0] += 1
            case .failed(let why):
                state.rest.seconds[second].failed += 1
                state.operations[operation].failed[why, default: 0] += 1
            }
        }
    }
}

/// When a request was to begin, was sent, and ended: monotonic nanoseconds.
struct Moments {
    var intended: UInt64
    var sent: UInt64
    var ended: UInt64
}
