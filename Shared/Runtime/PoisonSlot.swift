#if canImport(Glibc)
    import Glibc
#endif
import Storage

/// Remembers over crashes which command was being executed.
///
/// Swift's traps cannot be caught. The slot is a file mapped into memory: what stood in it at two crashes is
/// poisoned, and parked instead of executed.
public final class PoisonSlot {
    /// Number 0: what is being executed; 1: what stood there at the last crash; 2: at how many crashes in a row.
    private let words: UnsafeMutablePointer<UInt64>
    private let isMapped: Bool
    private var poisoned: UInt64 = 0
    private let traps: ((UInt64) -> Bool)?
    private var hasTrapped = false

    /// Bytes of memory that a slot takes.
    public static let byteCount = 64
    /// How many words that is.
    public static let wordCount = 8

    /// Maps the file `path`, which is made if it is missing.
    public init(path: String) throws {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StoreFault.unusable("cannot open \(path): errno \(errno)") }
        defer { close(descriptor) }
        guard ftruncate(descriptor, off_t(PoisonSlot.byteCount)) == 0 else {
            throw StoreFault.unusable("cannot size \(path): errno \(errno)")
        }
        guard
            let memory = mmap(
                nil, PoisonSlot.byteCount, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
            memory != MAP_FAILED
        else { throw StoreFault.unusable("cannot map \(path): errno \(errno)") }
        words = memory.bindMemory(to: UInt64.self, capacity: PoisonSlot.wordCount)
        isMapped = true
        traps = nil
        learn()
    }

    /// Uses memory that outlives the process that it stands for: the simulator's.
    ///
    /// - Parameter traps: whether executing the command with this identity ends the process.
    public init(memory: UnsafeMutablePointer<UInt64>, traps: @escaping (UInt64) -> Bool) {
        words = memory
        isMapped = false
        self.traps = traps
        learn()
    }

    private func learn() {
        let crashed = words[0]
        if crashed != 0 {
            words[2] = crashed == words[1] ? words[2] &+ 1 : 1
            words[1] = crashed
            words[0] = 0
            if words[2] >= 2 { poisoned = crashed }
        }
    }

    deinit { if isMapped { munmap(words, PoisonSlot.byteCount) } }

    /// A number for a command, from its code and key or its place in a stream; never 0.
    public static func identity(code: UInt16, high: UInt64, low: UInt64) -> UInt64 {
        var mixed = (high ^ (low &* 0x9e37_79b9_7f4a_7c15)) &+ UInt64(code)
        mixed = (mixed ^ (mixed >> 31)) &* 0xbf58_476d_1ce4_e5b9
        return mixed | 1
    }

    /// Throws only where a process is simulated, in the place of a trap.
    public func enter(_ identity: UInt64) throws {
        words[0] = identity
        if let traps, traps(identity) {
            hasTrapped = true
            throw StoreFault.unusable("the process trapped")
        }
    }

    /// After a trap nobody is there who could clear the slot.
    func clear() { if !hasTrapped { words[0] = 0 } }
    func isPoisoned(_ identity: UInt64) -> Bool { poisoned == identity }
}
