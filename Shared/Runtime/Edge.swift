import Crypto
import Kernel
import Messages
import Storage
import Wire

/// What an edge is to do with one message.
public struct EdgeJob: Sendable {
    enum Stage: Sendable {
        /// A command's body is checked and sealed before it is queued.
        case before(version: UInt8)
        /// An answer's body is opened and completed before it leaves.
        case after
    }

    /// The command's or the query's code.
    let code: UInt16
    let stage: Stage
    let body: [UInt8]
    let acting: Acting
    /// What other services have answered so far.
    var answers: [PeerAnswer] = []
}

/// What came of an edge's job.
public enum EdgeOutcome: Sendable {
    case done([UInt8])
    case refused(Refusal)
    /// The job cannot go on without this; it is to be run again with the answer.
    case asks(PeerRequest)
}

extension ServiceBackend {
    /// How long a batch of edges' jobs goes on, in nanoseconds: what comes after a slow one, such as a check of a
    /// password, is left to the next.
    private static let longestEdgeBatch: UInt64 = 1_000_000

    /// Does edges' jobs in their order, with one snapshot and one sync of the key store for all of them.
    /// - Returns: what came of the first of them, at least of one.
    public func run(_ jobs: [EdgeJob]) -> [EdgeOutcome] {
        var outcomes: [EdgeOutcome] = []
        outcomes.reserveCapacity(jobs.count)
        var newest: KeyStore.WriteMark?
        let start = monotonic()
        do {
            try store.read { snapshot in
                for job in jobs {
                    let context = EdgeRun(backend: self, job: job, snapshot: snapshot)
                    outcomes.append(run(job, context))
                    if let mark = context.newest { newest = mark }
                    if monotonic() &- start > Self.longestEdgeBatch { break }
                }
            }
            if let newest { try keys.wait(for: newest) }
            return outcomes
        } catch {
            if let failure = keys.failure { keysFailed(failure) }
            return jobs.map { _ in .refused(Refusal(.internalError)) }
        }
    }

    private func run(_ job: EdgeJob, _ context: EdgeRun) -> EdgeOutcome {
        let result =
            switch job.stage {
            case .before(let version): before(job.code, version, job.body, context)
            case .after: after(job.code, job.body, context)
            }
        if let wanted = context.answers.wanted { return .asks(wanted) }
        switch result {
        case .success(let body): return .done(body)
        case .failure(let refusal): return .refused(refusal)
        }
    }

    func before(
        _ code: UInt16, _ version: UInt8, _ body: [UInt8], _ context: any EdgeContext
    ) -> Result<[UInt8], Refusal> {
        guard let handler = handlers[code], let before = handler.before else { return .success(body) }
        do {
            return try before(body, version, context)
        } catch let error as WireError {
            return .failure(Refusal(error, reading: handler.title))
        } catch let refusal as Refusal {
            return .failure(refusal)
        } catch {
            if let failure = keys.failure { keysFailed(failure) }
            return .failure(Refusal(.internalError))
        }
    }

    func after(_ code: UInt16, _ answer: [UInt8], _ context: any EdgeContext) -> Result<[UInt8], Refusal> {
        guard let after = handlers[code]?.after else { return .success(answer) }
        do {
            return .success(try after(answer, context))
        } catch let refusal as Refusal {
            return .failure(refusal)
        } catch {
            return .failure(Refusal(.internalError))
        }
    }

    func newKey() -> IdempotencyKey {
        let low = random(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return IdempotencyKey(high: UInt64(clock().microseconds), low: low)
    }
}

/// One run of an edge's job in a batch.
private final class EdgeRun: EdgeContext {
    private let backend: ServiceBackend
    private let snapshot: Store
    let acting: Acting
    let answers: PeerAnswers
    /// The write of the newest key that it made.
    private(set) var newest: KeyStore.WriteMark?

    init(backend: ServiceBackend, job: EdgeJob, snapshot: Store) {
        self.backend = backend
        self.snapshot = snapshot
        acting = job.acting
        answers = PeerAnswers(job.answers)
    }

    var keys: KeyStore { backend.keys }
    var now: Instant { backend.clock() }
    var machineNow: Instant { backend.machineClock() }
    func read<R>(_ body: (Store) throws -> R) throws -> R { try body(snapshot) }
    func randomBytes(_ count: Int) -> [UInt8] { backend.random(count) }

    func makeKey() throws -> (id: UInt64, key: [UInt8]) {
        let (made, mark) = try keys.writeKeys(count: 1)
        newest = mark
        guard let key = made.first else { throw CryptoError.limitExceeded(limit: 1, found: 0) }
        return key
    }

    func ask<Q: Query>(_ query: Q, of service: ServiceName) throws -> Q.Answer {
        try answers.ask(query, of: service)
    }

    func command<C: Command>(_ command: C, of service: ServiceName) throws -> C.Answer {
        try answers.command(command, key: backend.newKey(), of: service)
    }
}
