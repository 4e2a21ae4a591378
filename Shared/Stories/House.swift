import Kernel
import Messages
import Wire

/// Who speaks: somebody who signs in, or a stranger.
public struct Guest: Hashable, Sendable {
    public let marketplace: MarketplaceID
    public let email: String
    public let password: String
    public init(marketplace: MarketplaceID, email: String, password: String) {
        self.marketplace = marketplace
        self.email = email
        self.password = password
    }
}

/// An e-mail as it lies in the spool.
public struct SpooledMail: Sendable {
    /// The file's name: the stable id of the e-mail.
    public let name: String
    /// The whole file, RFC 5322.
    public let text: String
    public init(name: String, text: String) {
        self.name = name
        self.text = text
    }
}

/// The whole marketplace, in one process or behind a live TLS gateway: stories and scenarios run on either.
///
/// Refusals are thrown as ``Refusal``.
public protocol House: AnyObject {
    /// The house's time.
    func now() async throws -> Instant
    /// Sends a command. `guest` nothing: nobody has signed in. The same key, the same effect (rule F2).
    func send<C: Command>(_ command: C, as guest: Guest?, key: IdempotencyKey?) async throws -> C.Answer
    func ask<Q: Query>(_ query: Q, as guest: Guest?) async throws -> Q.Answer
    /// Makes the first operator; once per installation.
    func bootstrap(email: String, password: String) async throws
    /// Moves the settable clock to `instant`, through every deadline on the way, and waits until all is quiet.
    func advance(to instant: Instant) async throws
    /// Waits until no message, effect or command is on its way.
    func settle() async throws
    /// Every e-mail in the spool, ordered by name.
    func mail() async throws -> [SpooledMail]
}

extension House {
    public func send<C: Command>(_ command: C, as guest: Guest?) async throws -> C.Answer {
        try await send(command, as: guest, key: nil)
    }

    /// Moves the clock forward by `span`.
    public func advance(by span: Duration64) async throws {
        try await advance(to: try await now() + span)
    }

    /// The refusal that `command` meets; nothing if it is carried out.
    public func refusal<C: Command>(of command: C, as guest: Guest?) async throws -> Refusal? {
        do {
            _ = try await send(command, as: guest)
            return nil
        } catch let refusal as Refusal {
            return refusal
        }
    }

    /// The refusal that `query` meets; nothing if it is answered.
    public func refusal<Q: Query>(of query: Q, as guest: Guest?) async throws -> Refusal? {
        do {
            _ = try await ask(query, as: guest)
            return nil
        } catch let refusal as Refusal {
            return refusal
        }
    }
}
