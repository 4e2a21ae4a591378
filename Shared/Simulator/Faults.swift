import Kernel

/// What may go wrong in a simulated house. The names are stable: reports count by them.
///
/// The number is the place among all kinds: strikes are asked for several times an event, and looked up by it.
public enum FaultKind: Int, CaseIterable, Sendable {
    // Network.
    /// Bytes vanish; the connection stalls until somebody gives it up.
    case drop
    case delay
    /// One connection is overtaken by others.
    case reorder
    /// A whole frame arrives twice.
    case replay
    case partition
    case asymmetricPartition
    /// Nothing arrives for a while, then everything.
    case clog
    case resetMidFrame
    /// Between services: TLS notices, and the connection ends.
    case corruptByte
    /// A stranger sends what is no frame, or no message.
    case malformedFrame
    case slowReader
    /// A command is committed, and its reply lost.
    case replyLost
    // Processes.
    case crash
    case crashBeforeCommit
    case crashBeforeShredding
    case crashBeforePublishing
    case crashAfterSealing
    case crashInEffect
    case crashOfGateway
    case pause
    /// A process is told to stop: it answers what it took, refuses the rest, and starts again.
    case stop
    /// A stranger offers other versions of the protocol.
    case otherVersion
    /// Executing a command faults once or for ever.
    case faultingCommand
    /// Executing a command ends the process, twice.
    case poisonedCommand
    // Stores.
    case powerLoss
    case diskFull
    case ioError
    case failedSync
    case bitFlip
    case oldBackup
    // Time.
    case clockJump
    case clockSkew
    case longDowntime
    // World.
    case mailFailure
    case mailTimeout
    case mailTwice
    case mailLate
    case paymentFailure
    case paymentTimeout
    case paymentTwice
    case paymentLate

    public var name: String { "\(self)" }

    public init?(named name: String) {
        guard let kind = FaultKind.allCases.first(where: { $0.name == name }) else { return nil }
        self = kind
    }
}

/// Decides when a fault strikes: each kind by a chance of its own, so that switching one off leaves the others.
final class Faults {
    private struct Kind {
        /// Strikes in a million opportunities.
        let rate: UInt64
        var chance: Chance
        var count = 0

        mutating func strikes() -> Bool {
            guard rate > 0, chance.next() % 1_000_000 < rate else { return false }
            count += 1
            return true
        }
    }

    /// By the kind's number.
    private var kinds: [Kind]
    /// Faults strike while this holds.
    var areOn = false

    init(seed: UInt64, rates: [FaultKind: UInt64]) {
        kinds = FaultKind.allCases.map { kind in
            Kind(
                rate: rates[kind] ?? 0,
                chance: Chance(seed: seed ^ (UInt64(kind.rawValue + 1) &* 0x9e37_79b9_97f4_a7c1)))
        }
    }

    func isPossible(_ kind: FaultKind) -> Bool { areOn && kinds[kind.rawValue].rate > 0 }

    /// Whether `kind` strikes here and now; counted if so.
    func strikes(_ kind: FaultKind) -> Bool { areOn && kinds[kind.rawValue].strikes() }

    /// The same for a kind that can do nothing unless `applies` holds, which is asked last: it may be costly.
    func strikes(_ kind: FaultKind, if applies: () -> Bool) -> Bool {
        guard strikes(kind) else { return false }
        if applies() { return true }
        kinds[kind.rawValue].count -= 1
        return false
    }

    /// How long, how far, which: a number below `bound` from the kind's own chance.
    func draw(_ kind: FaultKind, below bound: UInt64) -> UInt64 {
        bound == 0 ? 0 : kinds[kind.rawValue].chance.next() % bound
    }

    /// How often each kind struck, by name.
    var named: [String: Int] {
        Dictionary(uniqueKeysWithValues: zip(FaultKind.allCases.map(\.name), kinds.map(\.count)))
    }
}

/// Which faults a seed has, and how often: some seeds few, some many.
public struct FaultPlan: Sendable {
    /// Strikes in a million opportunities.
    public var rates: [FaultKind: UInt64] = [:]
    public init() {}

    /// The plan that `seed` draws.
    public init(seed: UInt64) {
        var chance = Chance(seed: seed ^ 0x5eed_fa17)
        // Of ten seeds one has no faults, three have few kinds, six many.
        let style = chance.below(10)
        let share = style == 0 ? 0 : style < 4 ? 20 : 65
        for kind in FaultKind.allCases {
            let isPicked = chance.below(100) < share
            // From a quarter of the usual rate to four times it.
            let factor = UInt64(1 << chance.below(5))
            guard isPicked, let usual = FaultPlan.usual[kind] else { continue }
            rates[kind] = max(1, usual * factor / 4)
        }
    }

    /// Every kind at its usual rate.
    public static var all: FaultPlan {
        var plan = FaultPlan()
        plan.rates = usual
        return plan
    }

    /// Strikes in a million opportunities, which differ from kind to kind: writes to a link, batches, effects; for a
    /// long downtime, crashes, for an old backup, batches of a service that has one, for a flipped bit, weeks. A
    /// hundred years of marketplaces see every kind a thousand times at least.
    private static let usual: [FaultKind: UInt64] = [
        .drop: 200, .delay: 11_000, .reorder: 11_000, .replay: 700, .partition: 60,
        .asymmetricPartition: 60,
        .clog: 200, .resetMidFrame: 150, .corruptByte: 100, .malformedFrame: 3_000, .slowReader: 300,
        .replyLost: 1_500,
        .crash: 280, .crashBeforeCommit: 400, .crashBeforeShredding: 70_000, .crashBeforePublishing: 400,
        .crashAfterSealing: 1_000, .crashInEffect: 2_000, .crashOfGateway: 200, .pause: 400, .stop: 200,
        .otherVersion: 3_000,
        .faultingCommand: 1_000, .poisonedCommand: 1_600,
        .powerLoss: 2_000, .diskFull: 1_500, .ioError: 1_500, .failedSync: 2_000, .bitFlip: 700_000,
        .clockJump: 280, .clockSkew: 400, .longDowntime: 400_000, .oldBackup: 100_000,
        .mailFailure: 20_000, .mailTimeout: 20_000, .mailTwice: 20_000, .mailLate: 20_000,
        .paymentFailure: 80_000, .paymentTimeout: 40_000, .paymentTwice: 80_000, .paymentLate: 40_000,
    ]
}
