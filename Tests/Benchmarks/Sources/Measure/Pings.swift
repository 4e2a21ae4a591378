import Client
import Kernel
import Messages
import Operation
import Wire

/// `Ping` with 64 bytes over one mutually authenticated connection to a service.
enum Pings {
    static let windows = [1, 64, 512]

    static func run(_ options: Installation.Options, seconds: Int) async throws {
        let installation = try await Installation.start(options)
        for window in windows {
            let rate = try await rate(installation, window, .seconds(seconds))
            print("ping, one mTLS connection, \(window) in flight: \(Int(rate))/s")
        }
        await installation.stop()
    }

    /// Answers a second with so many on their way.
    static func rate(
        _ installation: Installation, _ window: Int, _ duration: Duration, warmup: Duration = .zero
    ) async throws -> Double {
        let client = try await installation.connect(to: .auction)
        if warmup > .zero { _ = await keepPinging(client, window, warmup) }
        let began = ContinuousClock.now
        let answered = await keepPinging(client, window, duration)
        let took = (ContinuousClock.now - began) / .seconds(1)
        await client.close()
        return Double(answered) / took
    }

    private static func keepPinging(
        _ client: GavelClient, _ window: Int, _ duration: Duration
    ) async -> Int {
        let driver = Driver(client, until: ContinuousClock.now + duration)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<window {
                group.addTask { await withCheckedContinuation { driver.next($0) } }
            }
        }
        return driver.done
    }

    /// Keeps one more ping on its way for each that came back.
    private final class Driver: @unchecked Sendable {
        private let client: GavelClient
        private let until: ContinuousClock.Instant
        private let body: [UInt8]
        private(set) var done = 0
        private var finished = false

        init(_ client: GavelClient, until: ContinuousClock.Instant) {
            self.client = client
            self.until = until
            var ping = Ping()
            ping.payload = Bytes([UInt8](repeating: 7, count: 64))
            body = ping.encoded()
        }

        // The counter is touched on the connection's event loop alone.
        func next(_ over: CheckedContinuation<Void, Never>) {
            client.send(code: Ping.code, body: body) { [self] _ in
                done += 1
                if done & 63 == 0, ContinuousClock.now >= until { finished = true }
                if finished { over.resume() } else { next(over) }
            }
        }
    }
}
