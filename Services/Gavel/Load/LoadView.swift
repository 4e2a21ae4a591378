import Kernel
import LoadHarness

/// The line that is replaced while a load runs.
enum LoadView {
    static func show(_ tally: LoadTally, _ samples: [ServiceSample]) {
        guard let second = tally.seconds.dropLast().last else { return }
        let services = ServiceName.stores.compactMap { service in samples.last { $0.service == service.title }
        }
        let busy = services.filter { $0.commands > 0 }.map {
            "\($0.service) \($0.queued) queued, \(Int($0.batchSize)) a batch"
        }
        Terminal.progress(
            "\(second.completed)/s, p50 \(second.corrected.at(50)) µs, p99 \(second.corrected.at(99)) µs, "
                + "\(second.refused) refused, \(second.failed) failed · \(busy.joined(separator: " · "))")
    }
}
