import Kernel
import Messages

/// Moving the settable clocks of a development installation, as an operator.
extension GavelClient {
    /// Moves the clocks of all services to `target`, stopping at each due time on the way until all are idle,
    /// so that everything happens in the order in which it falls due.
    ///
    /// - Parameter stop: told of each time at which the clocks were stopped.
    /// - Throws: a ``Refusal`` (``RefusalCode/clockNotSettable``, ``RefusalCode/clockBackwards``), or
    ///   ``ClientFault/notQuiet(_:)`` if the house does not come to rest.
    public func advanceClock(to target: Instant, stop: ((Instant) -> Void)? = nil) async throws {
        while true {
            let report = try await quiet()
            let due = report.services.map(\.nextDue).filter { $0 != .none }.min() ?? .distantFuture
            guard due <= target else { break }
            try await setClock(due)
            stop?(due)
        }
        try await setClock(target)
        _ = try await quiet()
    }

    /// Waits until nothing is queued, waiting, on its way or due in any service, by two reports in a row between
    /// which no journal grew.
    ///
    /// - Returns: the second report.
    public func quiet(timeout: Duration = .seconds(60)) async throws -> StatusReport {
        let deadline = ContinuousClock.now + timeout
        var last: [UInt64] = []
        var pause = Duration.microseconds(200)
        while true {
            let report = try await ask(GetStatus())
            let busy = report.services.filter { !$0.isIdle }
            let journals = report.services.map(\.journal)
            if busy.isEmpty, journals == last { return report }
            last = busy.isEmpty ? journals : []
            guard ContinuousClock.now < deadline else {
                throw ClientFault.notQuiet(
                    busy.map { "\($0.service.title): \($0.json(.plain).text)" }.joined(separator: "; "))
            }
            if !busy.isEmpty {
                try await Task.sleep(for: pause)
                pause = min(pause * 2, .milliseconds(20))
            }
        }
    }

    private func setClock(_ now: Instant) async throws {
        var move = SetClock()
        move.now = now
        _ = try await ask(move)
    }
}

extension ServiceStatus {
    /// Whether nothing is queued, waiting, on its way or due.
    public var isIdle: Bool {
        reachable && ready && queued == 0 && waiting == 0 && outbox == 0 && effectsRunning == 0
            && (nextDue == .none || nextDue > now)
    }
}
