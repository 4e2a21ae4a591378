import Glibc
import Host
import Messages

/// Why an installation cannot be started, reached or read.
public enum OperationFault: Error, Sendable, CustomStringConvertible {
    case unreadable(String, String)
    case cannotSpawn(String, Int32)
    /// A process ended before it was ready; the last lines of its log.
    case died(String, log: String)
    case notReady(String)
    case notRunning(String)
    case noInstallation(String)
    case clockStands(String)

    public var description: String {
        switch self {
        case .unreadable(let path, let why): "\(path): \(why)"
        case .cannotSpawn(let path, let code): "\(path) cannot be started: \(String(cString: strerror(code)))"
        case .died(let process, let log): "\(process) ended before it was ready\n\(log)"
        case .notReady(let what): "not ready in time: \(what)"
        case .notRunning(let folder): "no installation runs in \(folder); start it with 'gavel up'"
        case .noInstallation(let folder): "there is no installation in \(folder); 'gavel up' makes one"
        case .clockStands(let why): why
        }
    }
}

extension FileFault {
    var isAbsence: Bool { code == ENOENT }
}
