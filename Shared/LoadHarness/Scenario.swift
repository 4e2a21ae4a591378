import Client
import Kernel
import Messages
import Wire

/// One request of a scenario, ready to be sent.
public struct LoadRequest: Sendable {
    /// The number of its name in ``LoadScenario/operations``.
    public var operation: Int
    public var visitor: Visitor
    public var code: UInt16
    public var body: [UInt8]
    /// Where its answer is remembered; nothing for a query.
    public var home: ServiceName?
    /// The code of the answer that counts as completed.
    public var answer: UInt16

    public init<C: Command>(_ operation: Int, _ command: C, by visitor: Visitor) {
        self.operation = operation
        self.visitor = visitor
        code = C.code
        body = command.encoded()
        home = C.home
        answer = C.Answer.code
    }

    public init<Q: Query>(_ operation: Int, _ query: Q, by visitor: Visitor) {
        self.operation = operation
        self.visitor = visitor
        code = Q.code
        body = query.encoded()
        answer = Q.Answer.code
    }
}

/// What follows in a journey.
public enum LoadStep: Sendable {
    /// A request, after so many milliseconds of thinking.
    case request(LoadRequest, after: Int = 0)
    /// Something that is no single request, such as to connect, under the number of its name in
    /// ``LoadScenario/operations``. A ``Refusal`` that it throws counts as one, any other error as no answer.
    case action(Int, @Sendable () async throws -> Void)
    case over
}

/// What a step of a journey came to.
public enum LoadAnswer: Sendable {
    /// Of a request: its answer, which may be a refusal.
    case reply(Reply)
    /// Of an action: it was carried out.
    case done
    /// A request without an answer; an action that was refused or failed.
    case nothing
}

/// What one arrival does, request by request. It is asked by one thread at a time.
public protocol LoadJourney: AnyObject, Sendable {
    func first() -> LoadStep
    /// What follows a step that came to `answer`.
    func next(_ answer: LoadAnswer) -> LoadStep
}

/// A journey of one request.
final class SingleRequest: LoadJourney {
    private let request: LoadRequest
    private let ended: (@Sendable () -> Void)?

    init(_ request: LoadRequest, ended: (@Sendable () -> Void)? = nil) {
        self.request = request
        self.ended = ended
    }

    func first() -> LoadStep { .request(request) }
    func next(_: LoadAnswer) -> LoadStep {
        ended?()
        return .over
    }
}

/// A journey of one action.
final class SingleAction: LoadJourney {
    private let operation: Int
    private let action: @Sendable () async throws -> Void

    init(_ operation: Int, _ action: @escaping @Sendable () async throws -> Void) {
        self.operation = operation
        self.action = action
    }

    func first() -> LoadStep { .action(operation, action) }
    func next(_: LoadAnswer) -> LoadStep { .over }
}

/// What arrives in a run.
public protocol LoadScenario: Sendable {
    /// What ``LoadRequest/operation`` counts.
    var operations: [String] { get }
    /// The journey of the next arrival; nothing if nobody is free to make one, which counts as skipped.
    ///
    /// Called by the generator's thread, and by event loops in a closed loop.
    ///
    /// - Parameter place: the slot in a closed loop, whose journeys belong to one connection where it matters not whose
    ///   they are; in an open loop, how many arrived before.
    func arrival(_ place: Int) -> (any LoadJourney)?
    /// Waits, after a run, until nothing more happens by itself that an audit could fall into.
    func settle() async
    /// Closes what it opened.
    func close() async
}

extension LoadScenario {
    public func settle() async {}
}
