import Kernel
import Messages
import Wire

/// A pool of threads for work that must not run on an event loop or the writer.
public enum Pool: Sendable {
    /// Sealing, opening, password hashing.
    case edge
    /// Reading snapshots.
    case query
}

/// What a sans-I/O front asks of the shell around it: threads and sockets in a process, events in a simulator.
///
/// Every call comes from, and every continuation runs on, the front's own event loop.
public protocol FrontShell: AnyObject {
    func send(_ bytes: [UInt8], on link: LinkID)
    /// One coalesced write per link.
    func send(_ batch: [(link: LinkID, bytes: [UInt8])])
    func close(_ link: LinkID, afterFlush: Bool)
    func setReading(_ link: LinkID, _ on: Bool)
    func setLongestFrame(_ link: LinkID, _ bytes: Int)
    /// Takes and sends compressed bodies from now on.
    func allowCompression(_ link: LinkID)
    /// Begins to connect to another service; `linkOpened` or `linkClosed` follows.
    func connect(to service: ServiceName) -> LinkID
    func after(milliseconds: Int, _ body: @escaping @Sendable () -> Void)
    func offload<R: Sendable>(
        _ pool: Pool, _ work: @escaping @Sendable () -> R, then: @escaping @Sendable (R) -> Void)
    /// The machine's monotonic clock, in nanoseconds.
    var monotonicNanoseconds: UInt64 { get }
    /// A number that nobody can foresee, for jitter.
    func chance() -> UInt64
    func log(_ line: String)
}

extension FrontShell {
    public func allowCompression(_ link: LinkID) {}
}

/// Gathers frames per link, so that each link is written once.
package struct FrameBundle {
    package private(set) var batch: [(link: LinkID, bytes: [UInt8])] = []
    private var places: [LinkID: Int] = [:]

    package init() {}

    package var isEmpty: Bool { batch.isEmpty }

    package mutating func append(_ header: FrameHeader, _ body: [UInt8], on link: LinkID) {
        let place: Int
        if let known = places[link] {
            place = known
        } else {
            place = batch.count
            places[link] = place
            batch.append((link, []))
        }
        header.appendFrame(body: body, to: &batch[place].bytes)
    }

    package mutating func append(_ refusal: Refusal, to address: ReplyAddress) {
        append(
            FrameHeader(code: Refusal.code, correlation: address.correlation, flags: .answer),
            refusal.encoded(), on: address.link)
    }
}
