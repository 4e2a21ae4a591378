import Foundation
import Glibc

/// What a process has used, from /proc.
struct ProcessUse {
    /// Hundredths of a second of processor time.
    var ticks: UInt64 = 0
    /// Resident memory in KiB.
    var resident = 0

    init(_ process: pid_t) {
        guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let close = stat.lastIndex(of: ")")
        else { return }
        let fields = stat[stat.index(after: close)...].split(separator: " ")
        guard fields.count > 21 else { return }
        ticks = (UInt64(fields[11]) ?? 0) + (UInt64(fields[12]) ?? 0)
        resident = (Int(fields[21]) ?? 0) * (sysconf(Int32(_SC_PAGESIZE)) / 1_024)
    }
}

/// The machine that a run was made on.
public struct LoadEnvironment: Sendable {
    public let processors: Int
    public let model: String
    public let memoryMiB: Int
    public let kernel: String

    public static func read() -> LoadEnvironment {
        func value(_ path: String, _ key: String) -> String? {
            let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
            let line = text.split(separator: "\n").first { $0.hasPrefix(key) }
            return line?.split(separator: ":", maxSplits: 1).last.map { String($0.drop { $0 == " " }) }
        }
        let memory = value("/proc/meminfo", "MemTotal")?.split(separator: " ").first.flatMap { Int($0) } ?? 0
        let kernel = (try? String(contentsOfFile: "/proc/sys/kernel/osrelease", encoding: .utf8)) ?? ""
        return LoadEnvironment(
            processors: ProcessInfo.processInfo.activeProcessorCount,
            model: value("/proc/cpuinfo", "model name") ?? "", memoryMiB: memory / 1_024,
            kernel: kernel.trimmingCharacters(in: .whitespacesAndNewlines))
    }
}
