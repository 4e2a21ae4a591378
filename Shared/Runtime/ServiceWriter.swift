import Crypto
import Kernel

/// The steps of a service's writer, one batch after the other; its thread, or the simulator, takes them.
public final class ServiceWriter {
    private let core: ServiceCore
    private let keys: KeyStore
    private var effects = 0
    /// Whether every other service was met. Before, no timer fires and no effect begins: an old copy of a store would
    /// do once more what was done, and write messages under numbers that were given.
    private var hasMetPeers = false

    /// How many effects may be performed at a time.
    public static let effectCapacity = 64

    public init(core: ServiceCore, keys: KeyStore) {
        self.core = core
        self.keys = keys
    }

    /// Cuts what was taken so that each move of the clock begins a batch of its own.
    public static func batches(_ items: [Incoming]) -> [[Incoming]] {
        var batches: [[Incoming]] = []
        var rest = items[...]
        repeat {
            let end =
                rest.dropFirst().firstIndex { item in
                    if case .setClock = item { true } else { false }
                } ?? rest.endIndex
            batches.append(Array(rest[rest.startIndex..<end]))
            rest = rest[end...]
        } while !rest.isEmpty
        return batches
    }

    /// Executes and commits. ``shred(_:)`` comes next, then whatever the output sets free.
    public func commit(_ items: [Incoming], now: Instant, monotonic: UInt64) throws -> BatchOutput {
        for case .peersMet in items { hasMetPeers = true }
        let output = try core.execute(
            items, now: now, monotonic: monotonic,
            effectSlots: hasMetPeers ? ServiceWriter.effectCapacity - effects : 0, timers: hasMetPeers)
        effects += output.effects.count - output.effectsEnded
        return output
    }

    /// Destroys the keys that a committed batch gave up (rule F5).
    public func shred(_ output: BatchOutput) throws {
        if !output.destroyedKeys.isEmpty { try keys.destroy(output.destroyedKeys) }
    }

    /// When the writer wakes without work: at the next timer, or the next effect if one can be performed;
    /// ``Instant/distantFuture`` if never.
    public var due: Instant {
        guard hasMetPeers else { return .distantFuture }
        return effects < ServiceWriter.effectCapacity
            ? min(core.nextTimerDue, core.nextEffectDue) : core.nextTimerDue
    }
}
