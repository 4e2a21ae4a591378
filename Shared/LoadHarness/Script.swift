import Client
import Messages
import Synchronization
import Wire

/// A journey written as what follows what; an answer that is none, or a refusal, ends it.
final class Script: LoadJourney {
    /// What follows an answer; nothing stands for an action that was carried out, and for the beginning.
    typealias Part = @Sendable (Reply?) -> LoadStep
    private let parts: [Part]
    private let at = Atomic<Int>(0)

    init(_ parts: [Part]) { self.parts = parts }

    func first() -> LoadStep { follow(nil) }

    func next(_ answer: LoadAnswer) -> LoadStep {
        switch answer {
        case .reply(let reply) where reply.code != Refusal.code: follow(reply)
        case .done: follow(nil)
        case .reply, .nothing: .over
        }
    }

    private func follow(_ reply: Reply?) -> LoadStep {
        let index = at.add(1, ordering: .relaxed).oldValue
        return index < parts.count ? parts[index](reply) : .over
    }
}

/// A value that the parts of one journey hand on.
final class Kept<Value: Sendable>: Sendable {
    private let stored: Mutex<Value>

    init(_ value: Value) { stored = Mutex(value) }

    var value: Value {
        get { stored.withLock { $0 } }
        set { stored.withLock { $0 = newValue } }
    }
}

extension AnswerMessage {
    /// The answer that a reply holds, if it is this one.
    init?(_ reply: Reply?) {
        guard let reply, reply.code == Self.code else { return nil }
        guard let answer = try? Self(decoding: reply.body, version: reply.version) else { return nil }
        self = answer
    }
}
