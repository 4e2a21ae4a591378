import Kernel
import Wire

/// Who may send a message, and to whom; denied to everybody else.
public enum Audience: Sendable, Equatable {
    /// Anybody, before sign-in: registration, sign-in, link tokens.
    case anyone
    /// A signed-in party with at least one of these roles.
    case parties(Roles)
    /// Signed-in operators.
    case operators
    /// These services, on a mutually authenticated link.
    case services([ServiceName])
    /// Nobody on a wire: timers and the outcomes of effects, journaled by the service itself.
    case itself
    /// Sent only as an answer or push.
    case answer

    /// Every signed-in party but telephone switches.
    public static let everyParty = Audience.parties([.seller, .buyer, .operator_])
    /// Whoever is signed in.
    public static let everybody = Audience.parties([.seller, .buyer, .operator_, .telephoneSwitch])
}

/// A record with a code of its own: what a frame's body holds.
///
/// The code's high byte names the home: 0 every process, 1 to 5 the services by ``ServiceName``, 6 the gateway.
/// Low byte: 00-3f commands and queries of clients, 40-7f answers and pushes, 80-bf messages of other
/// services, c0-ff the service's own timers and outcomes.
public protocol Message: Record {
    static var code: UInt16 { get }
    static var audience: Audience { get }
}

extension Message {
    /// The service that takes or, for answers, gives the message; nothing for common ones.
    public static var home: ServiceName? { ServiceName(rawValue: UInt8(code >> 8)) }
    /// The type's name.
    public static var title: String { "\(Self.self)" }
}

/// A client's message that changes something. It needs an idempotency key (rule F2).
public protocol Command: Message {
    associatedtype Answer: Message
}

/// A client's message that changes nothing; answered from a snapshot.
public protocol Query: Message {
    associatedtype Answer: Message
}

/// A message from service to service, delivered at least once and applied once, in order.
public protocol PeerMessage: Message {}

/// A timer or the outcome of an effect, journaled like a command.
public protocol InternalMessage: Message {}

extension InternalMessage {
    public static var audience: Audience { .itself }
}

/// What answers a command or query, or is pushed.
public protocol AnswerMessage: Message {}

extension AnswerMessage {
    public static var audience: Audience { .answer }
}
