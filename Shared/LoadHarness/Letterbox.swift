import Foundation
import Glibc
import Stories
import Synchronization

/// Watches the house's mail spool for e-mails that ask a prospect to review, and hands on the token of their link.
///
/// The kernel tells of each new file, so that a spool of a hundred thousand e-mails is not listed again and again.
final class Letterbox: Sendable {
    /// Why no e-mail came out of the box.
    enum Fault: Error, CustomStringConvertible {
        case cannotWatch(String)
        case nothingCame

        var description: String {
            switch self {
            case .cannotWatch(let folder): "the mail spool in \(folder) cannot be watched"
            case .nothingCame: "no e-mail with links in \(Letterbox.patience)"
            }
        }
    }

    private struct State {
        var arrived: [String: String] = [:]
        var waiting: [String: CheckedContinuation<String?, Never>] = [:]
    }

    private let folder: String
    private let domain: String
    private let descriptor: Int32
    private let isClosed = Atomic<Bool>(false)
    private let state = Mutex(State())

    /// How long an e-mail may take.
    private static let patience = Duration.seconds(10)
    /// How long the reader waits for the kernel before it looks whether it is to end, in milliseconds.
    private static let pause: Int32 = 100

    /// - Parameters:
    ///   - spool: a maildir, of which only what arrives from now on is read.
    ///   - domain: how the addresses end whose e-mails are kept.
    init(spool: String, domain: String) throws {
        folder = "\(spool)/new"
        self.domain = domain
        descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        guard descriptor >= 0, inotify_add_watch(descriptor, folder, UInt32(IN_MOVED_TO)) >= 0 else {
            if descriptor >= 0 { Glibc.close(descriptor) }
            throw Fault.cannotWatch(folder)
        }
        let thread = Thread { [self] in read() }
        thread.start()
    }

    /// The token of the link for the review in the e-mail to this address.
    func reviewToken(to address: String) async throws -> String {
        let timeout = Task {
            try? await Task.sleep(for: Letterbox.patience)
            state.withLock { $0.waiting.removeValue(forKey: address) }?.resume(returning: nil)
        }
        defer { timeout.cancel() }
        let found = await withCheckedContinuation { continuation in
            let arrived = state.withLock { state -> String? in
                if let arrived = state.arrived.removeValue(forKey: address) { return arrived }
                state.waiting[address] = continuation
                return nil
            }
            if let arrived { continuation.resume(returning: arrived) }
        }
        guard let found else { throw Fault.nothingCame }
        return found
    }

    func close() { isClosed.store(true, ordering: .relaxed) }
}

extension Letterbox {
    /// Reads what the kernel tells until the box is closed.
    private func read() {
        var events = [UInt8](repeating: 0, count: 65_536)
        var poll = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while !isClosed.load(ordering: .relaxed) {
            guard Glibc.poll(&poll, 1, Letterbox.pause) > 0 else { continue }
            let count = Glibc.read(descriptor, &events, events.count)
            guard count > 0 else { continue }
            for name in Letterbox.names(events[..<count]) { take(name) }
        }
        Glibc.close(descriptor)
    }

    /// The names of files in a row of the kernel's events: 16 bytes, of which the last four are the length of the name
    /// with its padding of zeros, and the name.
    static func names(_ events: ArraySlice<UInt8>) -> [String] {
        var names: [String] = []
        var rest = events
        while rest.count >= 16 {
            let length = rest.dropFirst(12).prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
            let name = rest.dropFirst(16).prefix(length).prefix { $0 != 0 }
            if !name.isEmpty { names.append(String(decoding: name, as: UTF8.self)) }
            rest = rest.dropFirst(16 + length)
        }
        return names
    }

    private func take(_ name: String) {
        guard let text = try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8) else { return }
        let mail = SpooledMail(name: name, text: text)
        let address = mail.recipient
        // Three links, of which the first is for the review.
        guard address.hasSuffix(domain), case let tokens = mail.tokens, tokens.count == 3 else { return }
        let waiting = state.withLock { state -> CheckedContinuation<String?, Never>? in
            if let waiting = state.waiting.removeValue(forKey: address) { return waiting }
            state.arrived[address] = tokens[0]
            return nil
        }
        waiting?.resume(returning: tokens[0])
    }
}
