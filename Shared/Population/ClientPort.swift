import Kernel
import Messages
import Wire

/// How a client's call ended, as far as the client can know.
public enum CallOutcome<Answer> {
    case answered(Answer)
    case refused(Refusal)
    /// The link broke or patience was over: it may have happened or not.
    case unknown
}

/// One connection of a client to a gateway: a real Hello and Welcome, and frames underneath. Pipelined.
///
/// Every continuation runs once, later than the call that asked for it, on the one thread of the world.
public protocol ClientConnection: AnyObject {
    func send<C: Command>(
        _ command: C, key: IdempotencyKey, then: @escaping (CallOutcome<C.Answer>) -> Void)
    func ask<Q: Query>(_ query: Q, then: @escaping (CallOutcome<Q.Answer>) -> Void)
    /// Sends any code with any body, also what breaks the protocol.
    func sendRaw(
        code: UInt16, body: [UInt8], key: IdempotencyKey?,
        then: @escaping (CallOutcome<(code: UInt16, body: [UInt8])>) -> Void)
    /// Whether calls can still be sent; a connection that opens lazily counts as open.
    var isOpen: Bool { get }
    var onPush: ((InboxPushed) -> Void)? { get set }
    /// Calls without an answer end as ``CallOutcome/unknown``.
    func close()
}

/// The world as its population sees it: deterministic, on one thread.
public protocol ClientPort: AnyObject {
    /// The house's time, as a client can know it.
    var now: Instant { get }
    /// A seeded number.
    func chance() -> UInt64
    /// Runs `body` when `span` of the house's time is over.
    func after(_ span: Duration64, _ body: @escaping () -> Void)
    /// A new connection, opened with its first call; calls end as ``CallOutcome/unknown`` if it cannot.
    func connect() -> any ClientConnection
    func newKey() -> IdempotencyKey
    /// E-mails delivered to `address` so far, oldest first, as RFC 5322 text.
    func mail(to address: String) -> [String]
    /// The first operator, made outside the protocol, as the program does when a house is set up.
    func bootstrapOperator(email: String, password: String)
    /// Who speaks now, for the history.
    var acting: String { get set }
}
