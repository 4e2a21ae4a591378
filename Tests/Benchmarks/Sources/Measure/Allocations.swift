import Foundation
import Kernel
import Messages
import Operation
import Stories
import Wire

/// How many allocations a service makes for a message, as counted by Allocations/count.c in its process.
enum Allocations {
    private static let warmup = 20_000
    private static let pings = 200_000
    private static let transfers = 100_000

    /// Prints a line for each kind: its name, the allocations for each message, the file with the stacks.
    ///
    /// - Parameters:
    ///   - counter: the library built from count.c.
    ///   - folder: where the counts are kept; what must count is started with it.
    ///   - sites: every so many allocations its stack is kept; 0: none.
    static func run(_ options: Installation.Options, counter: String, folder: String, sites: Int) async throws
    {
        setenv("LD_PRELOAD", counter, 1)
        setenv("ALLOCATION_COUNTS", folder, 1)
        if sites > 0 { setenv("ALLOCATION_SITES", "\(sites)", 1) }
        let installation = try await Installation.start(options)
        for name in ["LD_PRELOAD", "ALLOCATION_COUNTS", "ALLOCATION_SITES"] { unsetenv(name) }

        let pinger = try await installation.connect(to: .auction)
        var ping = Ping()
        ping.payload = Bytes([UInt8](repeating: 7, count: 64))
        for window in [1, 64] {
            let driver = Repeater(pinger, asking: ping)
            try await report("ping \(window)", .auction, installation, folder, pings, driver, window)
        }
        await pinger.close()

        let teller = try await Teller.open(installation)
        for window in [1, 64, 512] {
            let count = window == 1 ? transfers / 10 : transfers
            let driver = teller.repeater
            try await report("transfer \(window)", .wallet, installation, folder, count, driver, window)
        }
        await teller.close()
        await installation.stop()
    }

    private static func report(
        _ name: String, _ service: ServiceName, _ installation: Installation, _ folder: String, _ count: Int,
        _ driver: Repeater, _ window: Int
    ) async throws {
        guard let process = installation.process(of: service) else { return }
        let counts = try Counts("\(folder)/\(process)")
        try await driver.run(min(warmup, count), window)
        counts.sample(true)
        let before = counts.allocations
        try await driver.run(count, window)
        let after = counts.allocations
        counts.sample(false)
        let each = Double(after - before) / Double(count)
        let file = "\(folder)/\(name.replacingOccurrences(of: " ", with: "-"))"
        try counts.writeStacks(to: file)
        try String(contentsOfFile: "/proc/\(process)/maps", encoding: .utf8)
            .write(toFile: file + ".maps", atomically: false, encoding: .utf8)
        print("\(name) \(String(format: "%.3f", each)) \(file)")
        fflush(nil)
    }
}

/// What count.c keeps in a file: a page of counters, then stacks.
private final class Counts {
    private static let frames = 32
    private static let samples = 16_384
    private static let page = 4_096
    private let base: UnsafeMutableRawPointer
    private let size = page + samples * frames * 8

    init(_ path: String) throws {
        let file = open(path, O_RDWR)
        guard file >= 0 else { throw Unmet("counts", expected: path, found: "none") }
        defer { close(file) }
        base = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0)
    }

    deinit { munmap(base, size) }

    var allocations: UInt64 { base.load(as: UInt64.self) }

    func sample(_ on: Bool) {
        if on { base.storeBytes(of: 0, toByteOffset: 16, as: UInt64.self) }
        base.storeBytes(of: on ? 1 : 0, toByteOffset: 8, as: UInt64.self)
    }

    /// A line a stack, innermost first, addresses in hexadecimal.
    func writeStacks(to path: String) throws {
        let taken = min(Int(base.load(fromByteOffset: 16, as: UInt64.self)), Counts.samples)
        var text = ""
        for sample in 0..<taken {
            let stack = (0..<Counts.frames).map {
                base.load(fromByteOffset: Counts.page + (sample * Counts.frames + $0) * 8, as: UInt64.self)
            }
            text += stack.prefix { $0 != 0 }.map { String($0, radix: 16) }.joined(separator: " ") + "\n"
        }
        try text.write(toFile: path, atomically: false, encoding: .utf8)
    }
}
