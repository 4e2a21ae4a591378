import NIOCore
import Synchronization
import Wire

/// One event loop's links. Everything but `count` is touched on that loop only.
final class LinkLoop: @unchecked Sendable {
    let index: Int
    let eventLoop: any EventLoop
    /// Links that are not closed yet; read from any thread.
    let count = Atomic<Int>(0)

    private var links: [LinkID: Link] = [:]
    private var written: [Link] = []
    private var isFlushAwaited = false
    private var emptied: EventLoopPromise<Void>?

    init(index: Int, eventLoop: any EventLoop) {
        self.index = index
        self.eventLoop = eventLoop
    }

    subscript(_ id: LinkID) -> Link? { links[id] }

    /// Runs `body` on the loop; at once where this is the loop.
    func run(_ body: @escaping @Sendable (LinkLoop) -> Void) {
        if eventLoop.inEventLoop {
            body(self)
        } else {
            eventLoop.execute { body(self) }
        }
    }

    /// Whatever is sent on a link in one tick of the loop, from whichever links the reason came, leaves as one write
    /// with one flush at its end: a gateway's clients share the link to a service, and with TLS each write is a record.
    private func flush() {
        isFlushAwaited = false
        while !written.isEmpty {
            let links = written
            written.removeAll(keepingCapacity: true)
            for link in links { link.flush() }
        }
    }

    /// Answers mostly come in runs for one link, which is looked up once a run.
    func send(_ batch: [(link: LinkID, bytes: [UInt8])]) {
        var current: Link?
        for (id, bytes) in batch {
            if current?.id != id { current = links[id] }
            current?.append(bytes)
        }
    }

    /// Has `link` flushed when the loop has taken what came in this tick.
    func flushLater(_ link: Link) {
        written.append(link)
        guard !isFlushAwaited else { return }
        isFlushAwaited = true
        eventLoop.execute { self.flush() }
    }

    func add(_ link: Link) {
        links[link.id] = link
        count.add(1, ordering: .relaxed)
    }

    func remove(_ link: Link) {
        guard links.removeValue(forKey: link.id) != nil else { return }
        count.subtract(1, ordering: .relaxed)
        if links.isEmpty { tellEmptied() }
    }

    private func tellEmptied() {
        emptied?.succeed()
        emptied = nil
    }

    /// Closes every link after flushing it. Completes when none is left; after the grace period those still there
    /// are cut off.
    func drain(grace: TimeAmount) -> EventLoopFuture<Void> {
        eventLoop.flatSubmit { [self] in
            let emptied = eventLoop.makePromise(of: Void.self)
            self.emptied = emptied
            for link in links.values { link.close(afterFlush: true) }
            if links.isEmpty { tellEmptied() }
            let cut = eventLoop.scheduleTask(in: grace) { [self] in
                for link in links.values { link.abort() }
            }
            return emptied.futureResult.always { _ in cut.cancel() }
        }
    }
}
