import Crypto
import Glibc
import Host
import Kernel
import Messages

/// The folder that an installation lives in: certificates, settings, a folder a service, logs, who runs where.
public struct DataFolder: Sendable {
    public let path: String
    public let settings: Settings
    public let tls: TLSFiles

    /// Opens a folder; makes it, with a development authority and default settings, where there is none.
    ///
    /// - Parameter settings: what to write where there are none yet.
    public init(_ path: String, settings initial: Settings = Settings()) throws {
        try makeFolder(path)
        let whole = realpath(path, nil)
        defer { free(whole) }
        self.path = whole.map { String(cString: $0) } ?? path
        for part in ["run", "log"] { try makeFolder("\(self.path)/\(part)") }
        let file = "\(self.path)/settings.json"
        if let known: Settings = try RecordFile.read(file) {
            settings = known
        } else {
            settings = initial
            try RecordFile.write(initial, to: file)
        }
        tls = try DevelopmentAuthority.prepare(
            folder: self.path, identities: ServiceName.allCases.map(\.title),
            serverNames: settings.host == "127.0.0.1" || settings.host == "0.0.0.0" ? [] : [settings.host])
    }

    /// Whether there is an installation in a folder.
    public static func exists(_ path: String) -> Bool { access("\(path)/settings.json", F_OK) == 0 }

    public var gatewayLimitsFile: String { "\(path)/gateway.json" }
    /// Where the gateway's page for callers is served, if at all.
    public var pageFile: String { "\(path)/page.json" }
    public var pagePortFile: String { "\(path)/run/page.port" }
    public func log(of service: ServiceName) -> String { "\(path)/log/\(service.title).log" }
    public func processFile(of service: ServiceName) -> String { "\(path)/run/\(service.title).pid" }
    public func portFile(of service: ServiceName) -> String { "\(path)/run/\(service.title).port" }
    public func folder(of service: ServiceName) -> String { "\(path)/\(service.title)" }

    /// Where a service listens, as it said when it started.
    public func port(of service: ServiceName) -> Int? {
        (try? readText(portFile(of: service))).flatMap { Int($0) }
    }

    /// The process that serves, if it lives.
    public func process(of service: ServiceName) -> pid_t? {
        guard let text = try? readText(processFile(of: service)), let pid = pid_t(text), pid > 1,
            kill(pid, 0) == 0, isOurs(pid, service)
        else { return nil }
        return pid
    }

    /// A number may belong to another program by now.
    private func isOurs(_ pid: pid_t, _ service: ServiceName) -> Bool {
        guard let line = try? readBytes("/proc/\(pid)/cmdline") else { return false }
        let words = line.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
        return words.contains("serve") && words.contains(service.title) && words.contains(path)
    }

    /// What a process of this installation is told.
    public func hostOptions(for service: ServiceName, port: Int?, log: @escaping @Sendable (String) -> Void)
        -> HostOptions
    {
        let clock =
            settings.clock.map {
                HouseClock(start: $0, file: service == .gateway ? nil : "\(folder(of: service))/clock")
            } ?? HouseClock()
        var options = HostOptions(dataFolder: path, clock: clock, tls: tls, log: log)
        options.host = settings.host
        options.port = port ?? settings.port(of: service)
        return options
    }

    /// The last lines of a service's log.
    public func endOfLog(_ service: ServiceName) -> String {
        let text = (try? readText(log(of: service))) ?? ""
        return text.split(separator: "\n").suffix(8).joined(separator: "\n")
    }
}
