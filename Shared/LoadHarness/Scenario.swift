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

/// What one arrival does, request by request. It is asked by one thread at a time.
public protocol LoadJourney: AnyObject, Sendable {
    func first() -> LoadStep
    /// What follows the reply; nothing stands for no answer at all.
    func next(_ reply: Reply?) -> LoadStep
}

/// A journey of one request.
final class SingleRequest: LoadJourney {
    private let request: LoadRequest
    private let ended: (@Sendable (Reply?) -> Void)?

    init(_ request: LoadRequest, ended: (@Sendable (Reply?) -> Void)? = nil) {
        self.request = request
        self.ended = ended
    }

    func first() -> LoadStep { .request(request) }
    func next(_ reply: Reply?) -> LoadStep {
        ended?(reply)
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
    func next(_: Reply?) -> LoadStep { .over }
}

/// What arrives in a run.
public protocol LoadScenario: Sendable {
    /// What ``LoadRequest/operation`` counts.
    var operations: [String] { get }
    /// The journey of the next arrival; nothing if nobody is free to make one, which counts as skipped.
    ///
    /// Called by the generator's thread, and by event loops in a closed loop.
    func arrival() -> (any LoadJourney)?
    /// Closes what it opened.
    func close() async
}
