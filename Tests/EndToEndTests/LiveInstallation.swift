import Foundation
import Gateway
import Kernel
import Messages
import Operation
import Stories
import Testing
import Wire

/// One throwaway installation, of six processes behind a TLS gateway, for all tests of a suite.
struct LiveInstallation: SuiteTrait, TestScoping {
    @TaskLocal static var house: LiveHouse?

    func provideScope(
        for test: Test, testCase: Test.Case?, performing body: @Sendable () async throws -> Void
    ) async throws {
        var options = Installation.Options()
        options.executable = Self.program
        options.settings.clock = Instant(iso8601: "2026-03-02T08:00:00Z")
        options.gatewayLimits = GatewayLimits.raised.json(.plain)
        let installation = try await Installation.start(options)
        let house = LiveHouse(installation)
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await Self.$house.withValue(house) { try await body() })
        } catch {
            outcome = .failure(error)
        }
        await house.close()
        await installation.stop()
        try outcome.get()
    }

    /// The program is built beside the tests.
    private static var program: String {
        URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().appending(
            path: "gavel"
        ).path()
    }
}

extension Trait where Self == LiveInstallation {
    static var liveInstallation: Self { Self() }
}
