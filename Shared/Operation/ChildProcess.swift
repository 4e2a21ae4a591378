import Glibc
import Synchronization

/// A process started by this one.
public final class ChildProcess: Sendable {
    public let pid: pid_t
    /// The other end of what the child reads from: it ends when this process does, however that happens.
    private let lifeline: Int32?
    private let status = Mutex<Int32?>(nil)

    /// The path of the program `gavel`: the one that runs, or, where another runs, the one built beside it.
    public static var gavel: String {
        let own = ownExecutable
        guard let slash = own.lastIndex(of: "/"), own[slash...] != "/gavel" else { return own }
        return own[..<slash] + "/gavel"
    }

    private static var ownExecutable: String {
        var buffer = [CChar](repeating: 0, count: 4_096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        return String(decoding: buffer[..<max(0, count)].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Starts `executable`; what it prints is appended to `log`.
    ///
    /// - Parameter outlives: it gets a session of its own and goes on when this process ends.
    public init(_ executable: String, _ arguments: [String], log: String, outlives: Bool) throws {
        let ends = outlives ? (read: -1, write: -1) : try Self.lifelineEnds(executable)
        defer { if ends.read >= 0 { close(ends.read) } }

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        if outlives {
            posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        } else {
            posix_spawn_file_actions_adddup2(&actions, ends.read, 0)
        }
        posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        Self.keepHandedFiles()

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        posix_spawnattr_setsigmask(&attributes, &none)
        // A session, or at least a group, of its own: an interrupt at the terminal is for the parent to handle.
        let flags = POSIX_SPAWN_SETSIGMASK | (outlives ? 0x80 : POSIX_SPAWN_SETPGROUP)
        posix_spawnattr_setflags(&attributes, Int16(flags))

        var child: pid_t = 0
        let code = withArguments([executable] + arguments) {
            posix_spawn(&child, executable, &actions, &attributes, $0, environ)
        }
        guard code == 0 else {
            if ends.write >= 0 { close(ends.write) }
            throw OperationFault.cannotSpawn(executable, code)
        }
        pid = child
        lifeline = outlives ? nil : ends.write
    }

    /// What this process was handed stays with it: whoever waits for such a pipe to close would wait for as long as
    /// the house is up.
    private static func keepHandedFiles() {
        guard let listing = opendir("/proc/self/fd") else { return }
        defer { closedir(listing) }
        while let entry = readdir(listing) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let file = Int32(name), file > 2 else { continue }
            let flags = fcntl(file, F_GETFD)
            if flags >= 0 { _ = fcntl(file, F_SETFD, flags | FD_CLOEXEC) }
        }
    }

    /// No other child inherits an end: it would keep the pipe open after this process's own end.
    private static func lifelineEnds(_ executable: String) throws -> (read: Int32, write: Int32) {
        var pair: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &pair) == 0
        else { throw OperationFault.cannotSpawn(executable, errno) }
        return (pair[0], pair[1])
    }

    deinit { if let lifeline { close(lifeline) } }

    /// Whether it has not ended.
    public var isAlive: Bool {
        status.withLock { status in
            guard status == nil else { return false }
            var found: Int32 = 0
            if waitpid(pid, &found, WNOHANG) == pid { status = found }
            return status == nil
        }
    }

    /// Sends a signal, unless it has ended.
    public func signal(_ number: Int32) {
        status.withLock { status in
            if status == nil { _ = Glibc.kill(pid, number) }
        }
    }

    /// Waits until it has ended; blocks.
    public func waitUntilEnded() {
        status.withLock { status in
            guard status == nil else { return }
            var found: Int32 = 0
            while waitpid(pid, &found, 0) < 0, errno == EINTR {}
            status = found
        }
    }
}

private func withArguments<R>(
    _ arguments: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R
) -> R {
    let copies = arguments.map { strdup($0) }
    defer { for copy in copies { free(copy) } }
    return body(copies + [nil])
}

/// Ends this process when the one that started it with a lifeline is gone.
public func endWithParent() {
    let reader: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { _ in
        var byte: UInt8 = 0
        while true {
            let count = read(0, &byte, 1)
            if count == 0 || (count < 0 && errno != EINTR) { _exit(0) }
        }
    }
    var thread = pthread_t()
    if pthread_create(&thread, nil, reader, nil) == 0 { pthread_detach(thread) }
}
