import ArgumentParser
import Gateway
import Glibc
import Kernel
import Messages
import Operation
import Wire

/// Starts an installation that goes on running.
struct Up: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Start the five services and the gateway, and wait until they are ready.",
        discussion: """
            The first start makes the data folder, a development authority, certificates, and an operator whose \
            credentials lie in credentials.json there. What runs already is left alone.
            """)

    @OptionGroup var place: Place
    @Option(help: "At the first start: a settable clock that begins at this time (ISO 8601).")
    var clock: String?
    @Option(help: "At the first start: the gateway's port; 0 for any free one.") var port: UInt16?
    @Flag(help: "Report as JSON.") var json = false

    func run() async throws {
        var options = Installation.Options()
        options.folder = place.folder
        options.outlives = true
        options.settings = Settings()
        options.gatewayLimits = GatewayLimits.development.json(.plain)
        if let port { options.settings.gatewayPort = port }
        if let clock {
            guard let start = Instant(iso8601: clock) else {
                throw ValidationError("expected a time such as 2026-03-02T08:00:00Z, found '\(clock)'")
            }
            options.settings.clock = start
        }
        try compare(with: options.settings)
        let began = ContinuousClock.now
        let installation = try await Installation.start(options)
        try await FirstOperator.ensure(installation)
        let took = (ContinuousClock.now - began) / .milliseconds(1)
        report(installation, milliseconds: Int(took))
    }

    /// What is chosen at the first start holds; another choice is refused rather than overlooked.
    private func compare(with chosen: Settings) throws {
        let file = "\(place.folder)/settings.json"
        guard let known: Settings = try RecordFile.read(file) else { return }
        if clock != nil, known.clock != chosen.clock {
            throw ValidationError(
                "expected the clock of the first start (\(known.clock?.iso8601 ?? "the machine's")), "
                    + "found --clock \(chosen.clock?.iso8601 ?? ""); \(file) holds what was chosen then")
        }
        if port != nil, known.gatewayPort != chosen.gatewayPort {
            throw ValidationError(
                "expected the port of the first start (\(known.gatewayPort)), found --port \(chosen.gatewayPort); "
                    + "\(file) holds what was chosen then")
        }
    }

    private func report(_ installation: Installation, milliseconds: Int) {
        let data = installation.data
        let address = "\(data.settings.host):\(data.port(of: .gateway) ?? 0)"
        if json {
            let report = JSON.object([
                .init("address", .string(address)), .init("data", .string(data.path)),
                .init("authority", .string(data.tls.authority)),
                .init("operator", .string(FirstOperator.email)), .init("milliseconds", .int(milliseconds)),
            ])
            return Terminal.say(report.text)
        }
        Terminal.say("Gavel serves on \(address), ready after \(milliseconds) ms")
        Terminal.say("  data       \(data.path)")
        Terminal.say("  authority  \(data.tls.authority)")
        Terminal.say("  operator   \(FirstOperator.email), password in \(Credentials.file(data))")
    }
}

/// Ends an installation.
struct Down: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Stop the gateway and the services: nothing new is taken, what waits is finished.")

    @OptionGroup var place: Place
    @Flag(help: "Report as JSON.") var json = false

    func run() async throws {
        var stopped: [ServiceName] = []
        if DataFolder.exists(place.folder) {
            let installation = try Installation.found(place.folder)
            stopped = Installation.processes.filter { installation.process(of: $0) != nil }
            await installation.stop()
        }
        if json {
            let names = JSON.array(stopped.map { .string($0.title) })
            return Terminal.say(JSON.object([.init("stopped", names)]).text)
        }
        Terminal.say(
            stopped.isEmpty
                ? "nothing runs in \(place.folder)"
                : "stopped \(stopped.map(\.title).joined(separator: ", "))")
    }
}

/// How the processes of an installation are.
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show each process: readiness, time, queues, what waits, what was set aside.",
        discussion: "Exits with 1 unless all are ready.")

    @OptionGroup var place: Place
    @Flag(help: "Report as JSON.") var json = false

    func run() async throws {
        guard DataFolder.exists(place.folder) else { throw OperationFault.notRunning(place.folder) }
        let installation = try Installation.found(place.folder)
        let all = await installation.status()
        if json {
            var report = StatusReport()
            report.services = all
            Terminal.say(report.json(.plain).text)
        } else {
            for status in all { Terminal.say(Self.line(status)) }
        }
        guard all.allSatisfy(\.ready) else { throw CheckFailed() }
    }

    private static func line(_ status: ServiceStatus) -> String {
        let name = status.service.title.padding(to: 14)
        guard status.reachable else { return name + Terminal.red("not reached") }
        let state = status.ready ? Terminal.green("ready  ") : Terminal.red("waiting")
        var line = "\(name)\(state)  \(status.now.iso8601)"
        if status.service != .gateway {
            line += "  journal \(status.journal)  queued \(status.queued)  waiting \(status.waiting)"
            line += "  outbox \(status.outbox)  effects \(status.effectsRunning)+\(status.effectsWaiting)"
        }
        if status.parked > 0 { line += "  " + Terminal.red("set aside \(status.parked)") }
        return line
    }
}

extension String {
    /// The text with spaces up to `width`.
    func padding(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}

/// Makes the data folder, for those who start the processes themselves.
struct Prepare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make the data folder with settings and certificates, and start nothing.",
        discussion: "With --operator, make the first operator of an installation that runs.")

    @OptionGroup var place: Place
    @Option(help: "The address to listen on.") var host = "127.0.0.1"
    @Flag(name: .customLong("operator"), help: "Make the first operator.") var makesOperator = false

    func run() async throws {
        if makesOperator {
            try await FirstOperator.ensure(Installation.attach(place.folder))
            return Terminal.say("\(FirstOperator.email), password in \(place.folder)/credentials.json")
        }
        var settings = Settings()
        settings.host = host
        let data = try DataFolder(place.folder, settings: settings)
        Terminal.say("prepared \(data.path)")
    }
}
