import Client
import Kernel
import Synchronization

/// Somebody with a connection, which is made anew when it breaks.
public final class Visitor: Sendable {
    private struct State {
        var client: GavelClient
        var mending = false
        var closed = false
    }

    public let party: PartyID
    private let state: Mutex<State>
    private let connect: @Sendable () async throws -> GavelClient

    /// How long after a failed attempt the next one follows, in milliseconds.
    private static let pause = 100

    /// - Parameter connect: opens a connection, and signs in.
    public init(
        _ party: PartyID = .none, connect: @escaping @Sendable () async throws -> GavelClient
    ) async throws {
        self.party = party
        self.connect = connect
        state = Mutex(State(client: try await connect()))
    }

    /// Opens so many, each by its number from 0; should one fail, those before it are closed.
    static func open(_ count: Int, _ make: (Int) async throws -> Visitor) async throws -> [Visitor] {
        var visitors: [Visitor] = []
        do {
            for number in 0..<count { visitors.append(try await make(number)) }
        } catch {
            for visitor in visitors { await visitor.close() }
            throw error
        }
        return visitors
    }

    public var client: GavelClient { state.withLock { $0.client } }

    /// Connects again if the connection is gone; returns at once.
    func mend() {
        let begins = state.withLock { state in
            guard !state.client.isOpen, !state.mending, !state.closed else { return false }
            state.mending = true
            return true
        }
        guard begins else { return }
        Task {
            while !state.withLock({ $0.closed }) {
                if let fresh = try? await connect() {
                    let isLate = state.withLock { state in
                        state.mending = false
                        if !state.closed { state.client = fresh }
                        return state.closed
                    }
                    if isLate { await fresh.close() }
                    return
                }
                try? await Task.sleep(for: .milliseconds(Visitor.pause))
            }
        }
    }

    public func close() async {
        let client = state.withLock { state in
            state.closed = true
            return state.client
        }
        await client.close()
    }
}
