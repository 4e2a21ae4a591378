import Client
import Kernel
import Messages
import Stories
import Wire

/// The house behind a live gateway: the same stories and scenarios run here over TLS, against six processes.
public actor LiveHouse: House {
    private let installation: Installation
    private var connections: [Guest?: Task<GavelClient, any Error>] = [:]
    private var operatorGuest: Guest?

    public init(_ installation: Installation) { self.installation = installation }

    /// Who moves the clocks where the operator was made before.
    public func act(asOperator guest: Guest) { operatorGuest = guest }

    public func now() async throws -> Instant {
        try await connection(nil).askTime()
    }

    public func send<C: Command>(_ command: C, as guest: Guest?, key: IdempotencyKey?) async throws
        -> C.Answer
    {
        let made = try await connection(guest).nextKey()
        let isChosen = key != nil
        let key = key ?? made
        return try await again(guest) { client in
            do {
                return try await client.call(command, key: key)
            } catch let refusal as Refusal where refusal.reason == .keyExpired && !isChosen {
                // The clock was moved by another connection since this one made the key.
                try await client.learnTime()
                return try await client.call(command, key: client.nextKey())
            }
        }
    }

    public func ask<Q: Query>(_ query: Q, as guest: Guest?) async throws -> Q.Answer {
        try await again(guest) { try await $0.ask(query) }
    }

    public func bootstrap(email: String, password: String) async throws {
        var command = BootstrapOperator()
        command.email = PersonalText(email)
        command.password = password
        let vault = try await installation.connect(to: .contactVault)
        let outcome = await Result { [command] () async throws in try await vault.call(command) }
        await vault.close()
        _ = try outcome.get()
        operatorGuest = Guest(marketplace: .none, email: email, password: password)
    }

    public func advance(to instant: Instant) async throws {
        try await again(clockMover) { try await $0.advanceClock(to: instant) }
    }

    public func settle() async throws {
        try await again(clockMover) { _ = try await $0.quiet() }
    }

    public func mail() async throws -> [SpooledMail] {
        try MailSpool.read("\(installation.data.folder(of: .notifications))/spool")
    }

    /// Closes all connections.
    public func close() async {
        let open = connections
        connections = [:]
        for (_, task) in open { if let client = try? await task.value { await client.close() } }
    }

    /// A guest's connection, signed in.
    public func connection(_ guest: Guest?) async throws -> GavelClient {
        if let known = connections[guest], let client = try? await known.value, client.isOpen {
            return client
        }
        let installation = installation
        let task = Task { () async throws -> GavelClient in
            let client = try await installation.connect()
            if let guest {
                do {
                    _ = try await client.signIn(guest.email, guest.password, marketplace: guest.marketplace)
                } catch {
                    await client.close()
                    throw error
                }
            }
            return client
        }
        connections[guest] = task
        return try await task.value
    }

    private var clockMover: Guest {
        get throws {
            guard let operatorGuest else {
                throw OperationFault.clockStands("an operator must be made before the clock can be moved")
            }
            return operatorGuest
        }
    }

    /// Once more on a new connection where the old one, or its sign-in, has ended.
    private func again<R: Sendable>(
        _ guest: Guest?, _ body: @Sendable (GavelClient) async throws -> R
    ) async throws -> R {
        let client = try await connection(guest)
        do {
            return try await body(client)
        } catch let refusal as Refusal
            where refusal.reason == .tokenExpired || refusal.reason == .tokenInvalid
        {
            await client.close()
        } catch ClientFault.closed {
        }
        return try await body(connection(guest))
    }
}

extension Result where Failure == any Error {
    /// What `body` returns or throws.
    init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
