import Client
import Kernel
import Messages
import Operation
import Wire

/// How busy a service was, once a second.
public struct ServiceSample: Sendable, Codable {
    public var second: Double
    public var service: String
    public var queued: UInt32
    public var outbox: UInt32
    /// Commands and messages carried out since the sample before, and the batches that they came in.
    public var commands: UInt64
    public var batches: UInt64
    /// Processor time since the sample before, in thousandths of a core.
    public var processor: Int
    /// Resident memory in KiB.
    public var resident: Int

    /// Commands and messages in one batch, on the mean.
    public var batchSize: Double { batches == 0 ? 0 : Double(commands) / Double(batches) }
}

/// Asks the services how they are, over connections of its own.
public actor ServiceWatch {
    private let installation: Installation
    private var clients: [ServiceName: GavelClient] = [:]
    private var last: [ServiceName: (commands: UInt64, batches: UInt64, ticks: UInt64, at: UInt64)] = [:]
    private let began = Monotonic.nanoseconds
    public private(set) var samples: [ServiceSample] = []

    public init(_ installation: Installation) { self.installation = installation }

    /// Takes one sample of each service that answers.
    public func sample() async {
        for service in ServiceName.stores { if let status = await status(of: service) { add(status) } }
    }

    private func add(_ status: ServiceStatus) {
        let now = Monotonic.nanoseconds
        let process = installation.process(of: status.service).map(ProcessUse.init)
        let before = last[status.service]
        // A service that was started anew counts from nothing.
        let commands = status.journal
        let done = before.map { commands >= $0.commands ? commands - $0.commands : commands } ?? 0
        let batches = before.map {
            status.batches >= $0.batches ? status.batches - $0.batches : status.batches
        }
        let ticks = process?.ticks ?? 0
        var processor = 0
        if let before, ticks >= before.ticks, now > before.at {
            processor = Int(Double(ticks - before.ticks) * 1e10 / Double(now - before.at))
        }
        last[status.service] = (commands, status.batches, ticks, now)
        samples.append(
            ServiceSample(
                second: Double(now - began) / 1e9, service: status.service.title, queued: status.queued,
                outbox: status.outbox, commands: done, batches: batches ?? 0, processor: processor,
                resident: process?.resident ?? 0))
    }

    private func status(of service: ServiceName) async -> ServiceStatus? {
        if clients[service]?.isOpen != true {
            await clients[service]?.close()
            clients[service] = try? await installation.connect(to: service)
        }
        return try? await clients[service]?.ask(GetStatus(), timeoutMilliseconds: 2_000).services.first
    }

    /// Waits until no service has anything queued, waiting or on its way to another.
    ///
    /// - Parameter effectsToo: and until no e-mail or payment is being performed.
    /// - Returns: how long that took in milliseconds; nothing if it did not happen within `patience`.
    public func quiet(within patience: Duration, effectsToo: Bool = false) async -> Int? {
        let began = ContinuousClock.now
        while ContinuousClock.now - began < patience {
            var busy = false
            for service in ServiceName.stores {
                guard let status = await status(of: service) else {
                    busy = true
                    break
                }
                if status.outbox > 0 || status.queued > 0 || status.waiting > 0 { busy = true }
                if effectsToo, status.effectsRunning > 0 { busy = true }
            }
            if !busy { return Int((ContinuousClock.now - began) / .milliseconds(1)) }
            try? await Task.sleep(for: .milliseconds(10))
        }
        return nil
    }

    public func close() async {
        for client in clients.values { await client.close() }
        clients = [:]
    }
}
