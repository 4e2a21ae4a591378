import Client
import Foundation
import Gateway
import Kernel
import Messages
import Operation
import Stories
import Testing
import Wire

/// Six live processes behind TLS, as one test: they take half a second to start.
@Suite("A throwaway installation") struct InstallationTests {
    private static let start = Instant(iso8601: "2026-03-02T08:00:00Z") ?? .none

    private func installation() async throws -> Installation {
        var options = Installation.Options()
        options.settings.clock = Self.start
        options.gatewayLimits = GatewayLimits.raised.json(.plain)
        return try await Installation.start(options)
    }

    @Test("starts, moves its clocks, survives the death of each process, and leaves nothing behind")
    func life() async throws {
        let installation = try await installation()
        let house = LiveHouse(installation)
        do {
            try await clocks(house)
            try await deaths(installation, house)
            try await badInput(installation)
        } catch {
            await installation.stop()
            throw error
        }
        let processes = Installation.processes.compactMap { installation.process(of: $0) }
        #expect(processes.count == 6)
        await house.close()
        await installation.stop()
        #expect(processes.allSatisfy { kill($0, 0) != 0 })
        #expect(!FileManager.default.fileExists(atPath: installation.data.path))
    }

    private func clocks(_ house: LiveHouse) async throws {
        try await house.bootstrap(email: "operator@example.com", password: "a password of some length")
        #expect(try await house.now() == Self.start)
        try await house.advance(by: .days(40))
        #expect(try await house.now() == Self.start + .days(40))
        // The connection's keys go with the clock, which has moved past their retention.
        let boss = Guest(
            marketplace: .none, email: "operator@example.com", password: "a password of some length")
        let refusal = try await house.refusal(of: PublishMarketplace(), as: boss)
        #expect(refusal?.reason == .invalidValue)
        var back = SetClock()
        back.now = Self.start
        #expect(try await house.refusal(of: back, as: boss)?.reason == .clockBackwards)
    }

    private func deaths(_ installation: Installation, _ house: LiveHouse) async throws {
        let boss = Guest(
            marketplace: .none, email: "operator@example.com", password: "a password of some length")
        installation.kill(.dispute)
        let dashboard = try await house.ask(GetDashboard(), as: boss)
        #expect(dashboard.missing.contains(.dispute))
        try installation.start(.dispute)
        for service in Installation.processes where service != .dispute {
            try await installation.restart(service)
        }
        try await installation.waitUntilReady()
        try await house.settle()
        #expect(try await house.ask(GetDashboard(), as: boss).missing == [])
    }

    private func badInput(_ installation: Installation) async throws {
        let client = try await installation.connect()
        for code: UInt16 in [0x0000, 0x0041, 0x0180, 0x0303, 0x7fff, 0xffff] {
            let reply = try await client.rawCall(code: code, body: [1, 2, 3])
            #expect(try Refusal(decoding: reply.body).reason == .unknownMessage)
        }
        var body = SignIn().encoded()
        body.removeLast()
        let reply = try await client.rawCall(code: SignIn.code, body: body, key: client.nextKey())
        #expect(try Refusal(decoding: reply.body).reason == .malformed)
        #expect(client.isOpen)
        // Nobody who has not signed in may send long frames: the connection ends, the process lives on.
        let long = try await client.rawCall(code: Ping.code, body: [UInt8](repeating: 0, count: 1 << 20))
        #expect(try Refusal(decoding: long.body).reason == .tooLarge)
        while client.isOpen { try await Task.sleep(for: .milliseconds(5)) }
        await client.close()
        let again = try await installation.connect()
        _ = try await again.ask(Ping())
        await again.close()
    }

    @Test("a command that computes for long ends when it is asked to", arguments: [SIGINT, SIGTERM])
    func interrupted(signal: Int32) async throws {
        let log = NSTemporaryDirectory() + "gavel-interrupted-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: log) }
        let child = try ChildProcess(
            ChildProcess.gavel, ["simulate", "--seeds", "1000", "--jobs", "1"], log: log, outlives: false)
        defer {
            child.signal(SIGKILL)
            child.waitUntilEnded()
        }
        // Not before it has begun: then it would end by the signal itself.
        try await Task.sleep(for: .seconds(2))
        #expect(child.isAlive)
        child.signal(signal)
        for _ in 0..<200 where child.isAlive { try await Task.sleep(for: .milliseconds(50)) }
        #expect(!child.isAlive)
    }
}
