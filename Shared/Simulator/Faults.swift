import Kernel

/// What may go wrong in a simulated house. The names are stable: reports count by them.
public enum FaultKind: String, CaseIterable, Sendable {
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
}

/// Decides when a fault strikes: each kind by a chance of its own, so that switching one off leaves the others.
final class Faults {
    /// Strikes in a million opportunities, by kind.
    private var rates: [UInt64]
    private var chances: [Chance]
    private(set) var counts: [Int]
    /// Faults strike while this holds.
    var areOn = false

    init(seed: UInt64, rates: [FaultKind: UInt64]) {
        self.rates = FaultKind.allCases.map { rates[$0] ?? 0 }
        chances = FaultKind.allCases.indices.map {
            Chance(seed: seed ^ (UInt64($0 + 1) &* 0x9e37_79b9_97f4_a7c1))
        }
        counts = [Int](repeating: 0, count: FaultKind.allCases.count)
    }

    private static let places: [FaultKind: Int] = Dictionary(
        uniqueKeysWithValues: FaultKind.allCases.enumerated().map { ($0.element, $0.offset) })

    @inline(__always) private func place(_ kind: FaultKind) -> Int { Faults.places[kind] ?? 0 }

    func isPossible(_ kind: FaultKind) -> Bool { areOn && rates[place(kind)] > 0 }

    /// Whether `kind` strikes here and now; counted if so.
    func strikes(_ kind: FaultKind) -> Bool {
        guard areOn else { return false }
        let place = place(kind)
        let rate = rates[place]
        guard rate > 0, chances[place].next() % 1_000_000 < rate else { return false }
        counts[place] += 1
        return true
    }

    /// How long, how far, which: a number below `bound` from the kind's own chance.
    func draw(_ kind: FaultKind, below bound: UInt64) -> UInt64 {
        bound == 0 ? 0 : chances[place(kind)].next() % bound
    }

    /// Counts a strike that somebody else decided.
    func count(_ kind: FaultKind, _ number: Int = 1) { counts[place(kind)] += number }

    /// How often each kind struck, by name.
    var named: [String: Int] {
        Dictionary(uniqueKeysWithValues: zip(FaultKind.allCases.map(\.rawValue), counts))
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

    /// Strikes in a million opportunities, which differ from kind to kind: writes to a link, batches, effects.
    private static let usual: [FaultKind: UInt64] = [
        .drop: 100, .delay: 6_000, .reorder: 6_000, .replay: 400, .partition: 30, .asymmetricPartition: 30,
        .clog: 200, .resetMidFrame: 150, .corruptByte: 100, .malformedFrame: 1_500, .slowReader: 300,
        .replyLost: 500,
        .crash: 100, .crashBeforeCommit: 100, .crashBeforeShredding: 60, .crashBeforePublishing: 100,
        .crashAfterSealing: 1_000, .crashInEffect: 300, .crashOfGateway: 100, .pause: 400,
        .otherVersion: 1_500,
        .faultingCommand: 1_000, .poisonedCommand: 60,
        .powerLoss: 150, .diskFull: 100, .ioError: 150, .failedSync: 100, .bitFlip: 250_000,
        .clockJump: 100, .clockSkew: 200, .longDowntime: 30, .oldBackup: 40,
        .mailFailure: 20_000, .mailTimeout: 15_000, .mailTwice: 15_000, .mailLate: 10_000,
        .paymentFailure: 40_000, .paymentTimeout: 40_000, .paymentTwice: 40_000, .paymentLate: 40_000,
    ]
}
