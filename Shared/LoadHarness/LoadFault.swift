import Glibc
import Kernel
import Messages
import Operation

/// A service that is killed or held during a run.
public struct LoadFault: Sendable, Equatable, CustomStringConvertible {
    public enum Kind: Sendable, Equatable {
        /// Ended at once, and started again.
        case kill
        /// Held for so many seconds.
        case pause(Double)
    }

    public let service: ServiceName
    public let kind: Kind
    /// Seconds from the beginning.
    public let at: Double

    /// Reads `auction@5s` for a kill and `wallet@5s+1s` for a pause.
    public static func parse(_ text: String, pauses: Bool) throws(LoadPlanFault) -> LoadFault {
        let halves = text.split(separator: "@", omittingEmptySubsequences: false)
        guard halves.count == 2, let service = ServiceName(title: String(halves[0])),
            Installation.processes.contains(service)
        else {
            let names = Installation.processes.map(\.title).joined(separator: ", ")
            throw LoadPlanFault("fault", expected: "SERVICE@SPAN, one of \(names)", found: text)
        }
        let spans = halves[1].split(separator: "+", omittingEmptySubsequences: false)
        guard spans.count == (pauses ? 2 : 1), let at = Span.seconds(spans[0]) else {
            throw LoadPlanFault(
                "fault", expected: pauses ? "a time and a length such as 5s+1s" : "a time such as 5s",
                found: halves[1])
        }
        guard pauses else { return LoadFault(service: service, kind: .kill, at: at) }
        guard let length = Span.seconds(spans[1]), length > 0 else {
            throw LoadPlanFault("pause", expected: "a length above zero", found: spans[1])
        }
        return LoadFault(service: service, kind: .pause(length), at: at)
    }

    public var description: String {
        switch kind {
        case .kill: "\(service.title) killed at \(at) s"
        case .pause(let length): "\(service.title) held at \(at) s for \(length) s"
        }
    }

    /// Waits for its time and strikes.
    public func strike(_ installation: Installation) async throws {
        try await Task.sleep(for: .seconds(at))
        switch kind {
        case .kill:
            try await installation.restart(service)
        case .pause(let length):
            guard let process = installation.process(of: service) else { return }
            kill(process, SIGSTOP)
            try? await Task.sleep(for: .seconds(length))
            kill(process, SIGCONT)
        }
    }
}
