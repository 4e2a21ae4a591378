import Kernel
import Messages
import Wire

/// What another service answered, or why there is no answer.
public typealias PeerAnswer = Result<(code: UInt16, body: [UInt8]), Refusal>

/// A request that work off the event loop makes of another service.
public struct PeerRequest: Sendable {
    public let service: ServiceName
    public let code: UInt16
    public let body: [UInt8]
    /// A command's key; none for a query.
    public let key: IdempotencyKey?
}

/// The requests of one piece of work, and the answers that are there.
///
/// No thread waits for another service: work that cannot go on without an answer ends, and begins again from its start
/// with the answers so far at hand. All that runs on pools may be repeated.
package final class PeerAnswers {
    private var answers: [PeerAnswer]
    private var next = 0
    /// The request that the work cannot go on without.
    package private(set) var wanted: PeerRequest?

    package init(_ answers: [PeerAnswer] = []) { self.answers = answers }

    package func ask<Q: Query>(_ query: Q, of service: ServiceName) throws -> Q.Answer {
        try answer(PeerRequest(service: service, code: Q.code, body: query.encoded(), key: nil))
    }

    package func command<C: Command>(
        _ command: C, key: IdempotencyKey, of service: ServiceName
    ) throws -> C.Answer {
        try answer(PeerRequest(service: service, code: C.code, body: command.encoded(), key: key))
    }

    /// Has the work begin again, with one more answer.
    package func add(_ answer: PeerAnswer) {
        answers.append(answer)
        next = 0
        wanted = nil
    }

    private func answer<A: Message>(_ request: PeerRequest) throws -> A {
        guard wanted == nil else { throw NotYet() }
        guard next < answers.count else {
            wanted = request
            throw NotYet()
        }
        let answer = answers[next]
        // Also behind a refusal: work may go on after it.
        next += 1
        let found = try answer.get()
        guard found.code == A.code else {
            throw Refusal(.malformed, expected: A.title, found: "message \(found.code)")
        }
        return try A(decoding: found.body)
    }

    /// Thrown at work that must wait; it is run again.
    private struct NotYet: Error {}
}
