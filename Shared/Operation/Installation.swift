import Client
import Foundation
import Glibc
import Host
import Kernel
import Messages
import Synchronization
import Wire

/// Six processes of one house, started and ended by this program, or found running.
public final class Installation: Sendable {
    /// How to start.
    public struct Options: Sendable {
        /// The `gavel` program.
        public var executable = ChildProcess.gavel
        /// Nothing: a temporary folder, which goes when the installation is stopped.
        public var folder: String?
        /// Where there are none yet.
        public var settings = Settings.throwaway
        /// The gateway's limits where the folder names none; nothing: those for the public.
        public var gatewayLimits: JSON?
        /// The processes go on when this one ends.
        public var outlives = false
        /// How long the start may take.
        public var patience = Duration.seconds(20)
        public init() {}
    }

    public let data: DataFolder
    private let options: Options
    private let isTemporary: Bool
    private let children = Mutex<[ServiceName: ChildProcess]>([:])

    public static let processes: [ServiceName] = ServiceName.stores + [.gateway]
    private static let stopPatience = Duration.seconds(15)

    private init(_ options: Options) throws {
        self.options = options
        isTemporary = options.folder == nil
        data = try DataFolder(
            options.folder ?? Self.temporaryFolder(), settings: options.settings)
        if let limits = options.gatewayLimits, access(data.gatewayLimitsFile, F_OK) != 0 {
            try writeText(limits.pretty() + "\n", to: data.gatewayLimitsFile)
        }
    }

    private static func temporaryFolder() throws -> String {
        let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(base)/gavel-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw OperationFault.unreadable(base, "no folder can be made")
        }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Starts what does not run yet, and waits until all six are ready.
    public static func start(_ options: Options = Options()) async throws -> Installation {
        let installation = try Installation(options)
        do {
            for service in processes where installation.data.process(of: service) == nil {
                try installation.start(service)
            }
            try await installation.waitUntilReady()
        } catch {
            if !options.outlives { await installation.stop() }
            throw error
        }
        return installation
    }

    /// The installation that runs in `folder`.
    public static func attach(_ folder: String) throws -> Installation {
        guard DataFolder.exists(folder) else { throw OperationFault.notRunning(folder) }
        let installation = try found(folder)
        guard installation.data.port(of: .gateway) != nil else { throw OperationFault.notRunning(folder) }
        return installation
    }

    /// The installation in `folder`, whatever of it runs.
    public static func found(_ folder: String) throws -> Installation {
        var options = Options()
        options.folder = folder
        options.outlives = true
        return try Installation(options)
    }

    // MARK: Processes

    /// Starts one process; does not wait.
    public func start(_ service: ServiceName) throws {
        // A gateway comes back where its clients look for it; the others are found by their port files.
        let port =
            service == .gateway && children.withLock({ $0[service] }) != nil ? data.port(of: service) : nil
        unlink(data.portFile(of: service))
        var arguments = ["serve", service.title, "--at", data.path]
        if let port { arguments += ["--port", "\(port)"] }
        if !options.outlives { arguments.append("--with-parent") }
        let child = try ChildProcess(
            options.executable, arguments, log: data.log(of: service), outlives: options.outlives)
        try writeText("\(child.pid)", to: data.processFile(of: service))
        children.withLock { $0[service] = child }
    }

    /// Ends one process at once, as a power cut would (SIGKILL), and waits until it is gone.
    public func kill(_ service: ServiceName) {
        end(service, SIGKILL)
    }

    private func end(_ service: ServiceName, _ signal: Int32) {
        if let child = children.withLock({ $0[service] }) {
            child.signal(signal)
            child.waitUntilEnded()
        } else if let pid = data.process(of: service) {
            _ = Glibc.kill(pid, signal)
            while data.process(of: service) == pid { usleep(1_000) }
        }
    }

    /// Kills and starts one process, and waits until all are ready.
    public func restart(_ service: ServiceName) async throws {
        kill(service)
        try start(service)
        try await waitUntilReady()
    }

    /// The process that serves, if it lives.
    public func process(of service: ServiceName) -> pid_t? {
        if let child = children.withLock({ $0[service] }) { return child.isAlive ? child.pid : nil }
        return data.process(of: service)
    }

    /// Ends all processes gracefully, the gateway first; after a while by force. A temporary folder goes too.
    public func stop() async {
        await end([.gateway])
        await end(ServiceName.stores)
        for service in Self.processes {
            unlink(data.processFile(of: service))
            unlink(data.portFile(of: service))
        }
        if isTemporary { try? FileManager.default.removeItem(atPath: data.path) }
    }

    private func end(_ services: [ServiceName]) async {
        for service in services {
            if let pid = process(of: service) { _ = Glibc.kill(pid, SIGTERM) }
        }
        let deadline = ContinuousClock.now + Self.stopPatience
        while ContinuousClock.now < deadline, services.contains(where: { process(of: $0) != nil }) {
            try? await Task.sleep(for: .milliseconds(5))
        }
        for service in services where process(of: service) != nil { end(service, SIGKILL) }
    }

    // MARK: Readiness

    /// Waits until every process serves and all have found each other.
    public func waitUntilReady() async throws {
        let deadline = ContinuousClock.now + options.patience
        try await withThrowingTaskGroup(of: Void.self) { group in
            for service in Self.processes {
                group.addTask { try await self.waitUntilReady(service, deadline) }
            }
            try await group.waitForAll()
        }
    }

    private func waitUntilReady(_ service: ServiceName, _ deadline: ContinuousClock.Instant) async throws {
        var last = "it does not listen"
        // Looked at once more after the deadline: this process, not the other, may have been the slow one.
        while true {
            let isLate = ContinuousClock.now >= deadline
            guard process(of: service) != nil else {
                throw OperationFault.died(service.title, log: data.endOfLog(service))
            }
            if data.port(of: service) != nil {
                do {
                    if try await isReady(service, deadline) { return }
                    last = "it waits for the others"
                } catch {
                    last = "\(error)"
                }
            }
            if isLate {
                throw OperationFault.notReady("\(service.title): \(last)\n\(data.endOfLog(service))")
            }
            try await Task.sleep(for: .milliseconds(4))
        }
    }

    private func isReady(_ service: ServiceName, _ deadline: ContinuousClock.Instant) async throws -> Bool {
        let client = try await service == .gateway ? connect() : connect(to: service)
        // The gateway opens its door when it has found the others.
        var ready = service == .gateway
        while !ready {
            let isLate = ContinuousClock.now >= deadline
            guard let report = try? await client.ask(GetStatus()) else { break }
            ready = report.services.first?.ready ?? false
            if isLate { break }
            if !ready { try await Task.sleep(for: .milliseconds(4)) }
        }
        await client.close()
        return ready
    }

    // MARK: Connections

    /// A new connection to the gateway, not signed in.
    public func connect(
        _ adjust: (inout GavelClient.Options) -> Void = { _ in }, hub: ClientHub? = nil
    ) async throws -> GavelClient {
        guard let port = data.port(of: .gateway) else { throw OperationFault.notRunning(data.path) }
        var options = GavelClient.Options()
        options.host = data.settings.host
        options.port = port
        options.authority = data.tls.authority
        adjust(&options)
        return try await GavelClient.connect(options, hub: hub)
    }

    /// What connections to the gateway trust, read once for many of them.
    public func clientTLS() throws -> ClientTLS {
        var options = GavelClient.Options()
        options.authority = data.tls.authority
        return try options.readTLS()
    }

    /// A new connection to a service, as the program on the machine.
    public func connect(to service: ServiceName) async throws -> GavelClient {
        try await connect(to: service, as: .program) { _ in }
    }

    /// A new connection to a service, with the identity of `peer`.
    public func connect(
        to service: ServiceName, as peer: ServiceName, hub: ClientHub? = nil,
        _ adjust: (inout GavelClient.Options) -> Void
    ) async throws -> GavelClient {
        guard let port = data.port(of: service), let identity = data.tls.services[peer.title]
        else { throw OperationFault.notRunning(data.path) }
        var options = GavelClient.Options()
        options.host = data.settings.host
        options.port = port
        options.authority = data.tls.authority
        options.identity = (identity.certificate, identity.privateKey)
        options.serverName = "\(service.title).gavel.internal"
        adjust(&options)
        return try await GavelClient.connect(options, hub: hub)
    }

    /// How every process is, asked without sign-in as the program on the machine.
    public func status() async -> [ServiceStatus] {
        await withTaskGroup(of: ServiceStatus.self) { group in
            for service in Self.processes { group.addTask { await self.status(of: service) } }
            var all: [ServiceStatus] = []
            for await status in group { all.append(status) }
            return all.sorted { $0.service.rawValue < $1.service.rawValue }
        }
    }

    private func status(of service: ServiceName) async -> ServiceStatus {
        var status = ServiceStatus()
        status.service = service
        status.reachable = false
        guard let client = try? await service == .gateway ? connect() : connect(to: service) else {
            return status
        }
        if service == .gateway {
            status.reachable = true
            status.ready = true
            status.now = client.welcome.now
        } else if let report = try? await client.ask(GetStatus(), timeoutMilliseconds: 2_000),
            let found = report.services.first
        {
            status = found
        }
        await client.close()
        return status
    }
}
