import Glibc

/// A lock with a condition, for the few threads that hand work to each other.
final class Monitor: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    func withLock<R>(_ body: () throws -> R) rethrows -> R {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return try body()
    }

    /// Within ``withLock(_:)``: sleeps until signalled.
    func wait() { pthread_cond_wait(condition, mutex) }

    /// Within ``withLock(_:)``: sleeps until signalled or `nanoseconds` of the monotonic clock have come.
    func wait(until nanoseconds: UInt64) {
        var time = timespec(
            tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
        pthread_cond_timedwait(condition, mutex, &time)
    }

    func signal() { pthread_cond_signal(condition) }
    func broadcast() { pthread_cond_broadcast(condition) }
}

/// Starts a thread.
func startThread(_ body: @escaping @Sendable () -> Void) {
    final class Body {
        let run: @Sendable () -> Void
        init(_ run: @escaping @Sendable () -> Void) { self.run = run }
    }
    var thread = pthread_t()
    let context = Unmanaged.passRetained(Body(body)).toOpaque()
    let code = pthread_create(
        &thread, nil,
        { context in
            guard let context else { return nil }
            Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
            return nil
        }, context)
    precondition(code == 0, "a thread cannot be started: errno \(code)")
    pthread_detach(thread)
}

/// A few threads that run blocking work in the order in which it came.
final class WorkerPool: @unchecked Sendable {
    private let monitor = Monitor()
    private var work: [@Sendable () -> Void] = []
    private var head = 0
    private var stopped = false

    /// - Parameter nice: how far its threads stand back where processors are short, 0 to 19 (setpriority(2)).
    init(threads: Int, nice: Int32 = 0) {
        for _ in 0..<threads {
            startThread { [self] in
                // Linux counts niceness by thread. Where it is refused, the work is done as any other.
                if nice > 0 { setpriority(Int32(PRIO_PROCESS.rawValue), 0, nice) }
                run()
            }
        }
    }

    func submit(_ body: @escaping @Sendable () -> Void) {
        monitor.withLock {
            work.append(body)
            monitor.signal()
        }
    }

    /// Ends the threads once the work that waits is done.
    func stop() {
        monitor.withLock {
            stopped = true
            monitor.broadcast()
        }
    }

    private func run() {
        while let body = next() { body() }
    }

    private func next() -> (@Sendable () -> Void)? {
        monitor.withLock {
            while head == work.count {
                if stopped { return nil }
                monitor.wait()
            }
            let body = work[head]
            head += 1
            if head == work.count {
                work.removeAll(keepingCapacity: true)
                head = 0
            } else if head > 1_024 {
                work.removeFirst(head)
                head = 0
            }
            return body
        }
    }
}
