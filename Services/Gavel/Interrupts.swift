import Glibc
import Synchronization

/// Interrupt and termination, taken by a thread that waits for them instead of by a handler.
enum Interrupts {
    private static let cleanups = Mutex<[@Sendable () async -> Void]>([])

    private static var signals: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        sigaddset(&set, SIGINT)
        sigaddset(&set, SIGTERM)
        return set
    }

    /// Before any thread starts, so that all inherit it.
    static func block() {
        var set = signals
        pthread_sigmask(SIG_BLOCK, &set, nil)
        signal(SIGPIPE, SIG_IGN)
    }

    /// Sleeps until the process is asked to stop.
    static func wait() {
        var set = signals
        var number: Int32 = 0
        while sigwait(&set, &number) != 0 {}
    }

    /// From now on an interrupt ends the program; the second one at once.
    static func watch() {
        let waiter: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { _ in
            Interrupts.wait()
            Task {
                for cleanup in Interrupts.cleanups.withLock({ $0 }) { await cleanup() }
                _exit(ExitCodes.interrupted)
            }
            Interrupts.wait()
            _exit(ExitCodes.interrupted)
        }
        var thread = pthread_t()
        if pthread_create(&thread, nil, waiter, nil) == 0 { pthread_detach(thread) }
    }

    /// Runs `cleanup` before the program ends by an interrupt.
    static func before(_ cleanup: @escaping @Sendable () async -> Void) {
        cleanups.withLock { $0.append(cleanup) }
    }
}
