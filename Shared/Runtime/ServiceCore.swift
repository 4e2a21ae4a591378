import Crypto
import Kernel
import Messages
import Storage
import Wire

/// The heart of a service: executes batches of commands against the store, one writer's thread at a time.
///
/// It reads no clock, opens no socket, starts no thread: the shell hands it `now` and what waits, and sends
/// what the committed batch sets free. The simulator hosts the same code.
public final class ServiceCore {
    public let definition: ServiceDefinition
    public let store: ServiceStore
    /// How long replies are remembered for repeated keys.
    public static let keyRetention = Duration64.days(30)
    /// The most commands in one transaction.
    public static let longestBatch = 1_024
    /// How many times a faulting message of a peer is tried before it is parked.
    static let tries = 3

    private let poison: PoisonSlot?
    private var chain: JournalChain
    /// Per peer: what was sent, acknowledged, applied.
    private var streams: [StreamPosition]
    private var waiters: [UInt64: [Waiter]] = [:]
    /// Whose commands wait, as far as they came since the start.
    private let waiting = WaitingCommands()
    private var recent = RecentKeys()
    private var running: Set<EffectKey> = []
    private var lastNow: Instant
    private var nextTimer: Instant
    private var nextEffect: Instant
    private var parked: Int
    private var waitingCount: Int
    private var pruning = ReplyPruning()
    /// Drawn when the store was made.
    public let storeIdentity: UInt64

    private struct EffectKey: Hashable {
        let code: UInt16
        let id: UInt64
    }

    private struct Waiter {
        let address: ReplyAddress
        let acting: Acting
    }

    /// Opens the service over its store.
    /// - Parameter poison: remembers over crashes which command was being executed; nothing in memory.
    public init(definition: ServiceDefinition, store: ServiceStore, poison: PoisonSlot? = nil) throws {
        self.definition = definition
        self.store = store
        self.poison = poison
        (chain, lastNow, streams, storeIdentity, parked, waitingCount) = try store.write { store in
            (
                try Journal.chain(store), try Journal.lastInstant(store), try ServiceCore.loadStreams(store),
                UInt64(try store.first("SELECT store FROM gavel_meta") { $0.int(0) } ?? 0),
                Int(try store.first("SELECT count(*) FROM gavel_parked") { $0.int(0) } ?? 0),
                Int(try store.first("SELECT count(*) FROM gavel_replies WHERE code = 0") { $0.int(0) } ?? 0)
            )
        }
        nextTimer = .none
        nextEffect = .none
        try store.write { store in
            nextTimer = try ServiceCore.earliestTimer(store)
            nextEffect = try earliestEffect(store)
        }
    }

    /// The time of the last command executed.
    public var now: Instant { lastNow }
    /// When the next timer or effect is due; ``Instant/distantFuture`` if none waits.
    public var nextDue: Instant { min(nextTimer, nextEffect) }
    /// When the next timer is due; ``Instant/distantFuture`` if none waits.
    public var nextTimerDue: Instant { nextTimer }
    /// When the next effect that is not being performed is due.
    public var nextEffectDue: Instant { nextEffect }
    /// Counts for a status before the first batch.
    public var counts: (waiting: Int, parked: Int, journal: UInt64) { (waitingCount, parked, chain.sequence) }
    /// What this store knows of its two streams with `peer`.
    public func position(with peer: ServiceName) -> StreamPosition { streams[Int(peer.rawValue)] }

    /// Keys that were destroyed, for the repetition at every start.
    public func destroyedKeys() throws -> [UInt64] {
        try store.read {
            try $0.all("SELECT key FROM gavel_destroyed_keys ORDER BY key") { UInt64(bitPattern: $0.int(0)) }
        }
    }

    private static func loadStreams(_ store: Store) throws -> [StreamPosition] {
        var streams = (0..<8).map { index in
            var position = StreamPosition()
            position.service = ServiceName(rawValue: UInt8(index)) ?? .program
            return position
        }
        let rows = try store.all(
            "SELECT peer, store, sent, acknowledged, applied FROM gavel_streams ORDER BY peer"
        ) {
            row in (Int(row.int(0)), (1...4).map { UInt64(bitPattern: row.int(Int32($0))) })
        }
        for (peer, values) in rows where streams.indices.contains(peer) {
            streams[peer].store = values[0]
            streams[peer].sent = values[1]
            streams[peer].acknowledged = values[2]
            streams[peer].applied = values[3]
        }
        return streams
    }

    private static func earliestTimer(_ store: Store) throws -> Instant {
        try store.first("SELECT due FROM gavel_timers ORDER BY due, code, subject LIMIT 1") { $0.instant(0) }
            ?? .distantFuture
    }

    /// The earliest effect that is not being performed.
    private func earliestEffect(_ store: Store) throws -> Instant {
        let rows = try store.all(
            "SELECT code, id, due FROM gavel_effects ORDER BY due, code, id LIMIT ?", running.count + 1
        ) { row in (EffectKey(code: UInt16(row.int(0)), id: UInt64(bitPattern: row.int(1))), row.instant(2)) }
        return rows.first { !running.contains($0.0) }?.1 ?? .distantFuture
    }

    /// Executes what waits as one transaction.
    ///
    /// - Parameters:
    ///   - items: up to ``longestBatch`` items; those that fault are answered or parked, the others committed.
    ///   - now: the service's clock; a time before the last one counts as the last one.
    ///   - monotonic: the machine's monotonic clock in nanoseconds, for requests whose patience is over.
    ///   - effectSlots: how many effects may be handed out.
    ///   - timers: whether timers that are due fire.
    /// - Throws: only what makes the service stop, such as a failed commit.
    public func execute(
        _ items: [Incoming], now: Instant, monotonic: UInt64 = 0, effectSlots: Int = 0, timers: Bool = true
    ) throws -> BatchOutput {
        let now = Planted.isOn(.clockGoesBack) ? now : max(now, lastNow)
        var faults = Faults()
        while true {
            do {
                return try attempt(
                    items, now: now, monotonic: monotonic, effectSlots: effectSlots, timers: timers,
                    faults: faults)
            } catch let fault as ItemFault {
                faults.items[fault.index, default: 0] += 1
            } catch let fault as TimerFault {
                faults.timers[fault.timer, default: 0] += 1
            } catch is LateWriteFault where faults.writesLate {
                faults.writesLate = false
            }
        }
    }

    /// How often parts of a batch have faulted so far.
    private struct Faults {
        var items: [Int: Int] = [:]
        var timers: [TimerKey: Int] = [:]
        /// Whether rows may be written at the batch's end, where a fault is nobody's.
        var writesLate = true
    }

    /// One item of a batch faulted; the batch was rolled back.
    private struct ItemFault: Error {
        let index: Int
        let reason: String
    }

    /// A timer faulted; the batch was rolled back.
    private struct TimerFault: Error {
        let timer: TimerKey
    }

    /// What an error means: the item's fault, unless the disk is to blame. A disk that fails stops the service; no
    /// command may be set aside, nor refused, for what it has not done (rule F3).
    private static func blamed(_ fault: any Error, for error: any Error) -> any Error {
        if let error = error as? StoreFault, error.isOfTheDisk { return error }
        return fault
    }

    private struct TimerKey: Hashable {
        let code: UInt16
        let subject: UInt64
    }

    private func attempt(
        _ items: [Incoming], now: Instant, monotonic: UInt64, effectSlots: Int, timers: Bool, faults: Faults
    ) throws -> BatchOutput {
        let startSequence = chain.sequence
        let startHash = chain.last
        do {
            var run = try store.transaction(writesLate: faults.writesLate) { store in
                var run = BatchRun(
                    store: store, now: now, monotonic: monotonic, effectSlots: effectSlots, streams: streams,
                    waiting: waiting)
                run.batch.expect(items.count)
                run.output.replies.reserveCapacity(items.count)
                if timers { try runTimers(faults.timers, &run) }
                for (index, item) in items.enumerated() {
                    try take(item, index, faults: faults.items, &run)
                }
                try handOutEffects(&run)
                try saveStreams(&run)
                try finishCounts(&run)
                try run.journal.write(chain, store)
                return run
            }
            poison?.clear()
            return committed(&run)
        } catch {
            poison?.clear()
            waiting.forgetNewest()
            chain.rewind(to: startSequence, startHash)
            throw error
        }
    }

    // MARK: Timers

    private func runTimers(_ faults: [TimerKey: Int], _ run: inout BatchRun) throws {
        guard nextTimer <= run.now else { return }
        var fired = 0
        while fired < ServiceCore.longestBatch {
            let timer = try run.store.first(
                """
                SELECT code, subject, due, body FROM gavel_timers WHERE due <= ? ORDER BY due, code, subject LIMIT 1
                """, Planted.isOn(.timerFiresEarly) ? run.now + .minutes(10) : run.now
            ) { row in (UInt16(row.int(0)), UInt64(bitPattern: row.int(1)), row.instant(2), row.blob(3)) }
            guard let (code, subject, due, body) = timer else { break }
            try run.store.run("DELETE FROM gavel_timers WHERE code = ? AND subject = ?", code, subject)
            var entry = JournalEntry()
            entry.at = run.now
            entry.due = due
            entry.code = code
            entry.body = body
            try fire(TimerKey(code: code, subject: subject), entry, faults, &run)
            if Planted.isOn(.timerFiresTwice) {
                try fire(TimerKey(code: code, subject: subject), entry, faults, &run)
            }
            fired += 1
        }
        run.timersFired = true
    }

    /// Executes a timer that is due; one that keeps faulting is set aside, so that the service goes on without it.
    private func fire(
        _ timer: TimerKey, _ entry: JournalEntry, _ faults: [TimerKey: Int], _ run: inout BatchRun
    ) throws {
        let identity = PoisonSlot.identity(
            code: timer.code, high: timer.subject, low: UInt64(bitPattern: entry.due.microseconds))
        let poisoned = poison?.isPoisoned(identity) ?? false
        if poisoned || faults[timer, default: 0] >= ServiceCore.tries {
            return try park(
                reason: poisoned ? "stood in the slot at two crashes" : "faulted \(ServiceCore.tries) times",
                source: 0, code: entry.code, version: entry.version, body: entry.body, acting: .nobody, &run)
        }
        try poison?.enter(identity)
        var entry = entry
        try journal(&entry, &run)
        do {
            try dispatchJournaled(entry, &run)
        } catch {
            throw ServiceCore.blamed(TimerFault(timer: timer), for: error)
        }
    }

    @discardableResult
    private func dispatchJournaled(_ entry: JournalEntry, _ run: inout BatchRun) throws -> HandlerResult {
        guard let handler = definition.handlers[entry.code]?.run else {
            throw StoreFault.unusable("no handler for journaled message \(entry.code)")
        }
        run.turn.begin(
            sequence: entry.sequence, now: entry.at, due: entry.due, acting: entry.acting,
            peer: Journal.peer(entry.source))
        return try entry.body.withUnsafeBytes { try handler($0, entry.version, run.turn) }
    }

    // MARK: Items

    private func take(_ item: Incoming, _ index: Int, faults: [Int: Int], _ run: inout BatchRun) throws {
        switch item {
        case .command(let command):
            run.output.taken += 1
            try takeCommand(command, index, faulted: faults[index] != nil, &run)
        case .peer(let peer, let sequence, let code, let version, let body):
            run.output.peerTaken += 1
            let faulted = faults[index, default: 0] >= ServiceCore.tries
            try takePeer(peer, sequence, code, version, body, index, parks: faulted, &run)
        case .outcome(let reference, let code, let body):
            run.output.effectsEnded += 1
            try takeOutcome(
                reference, code, body, index, faulted: faults[index, default: 0] >= ServiceCore.tries, &run)
        case .acknowledged(let peer, let sequence):
            acknowledge(peer, sequence, &run)
        case .peerStore(let peer, let store):
            run.streams[Int(peer.rawValue)].store = store
            run.touched[Int(peer.rawValue)] = true
        case .setClock(let instant, let address):
            try setClock(instant, address, &run)
        case .fetchOutbox(let peer, let from, let limit):
            run.output.fetched.append(
                (peer, from, try OutboxPack.read(peer, from: from, limit: limit, run.store)))
        case .fetchEffects, .peersMet:
            break
        case .retryParked(let sequence, let address):
            run.output.taken += 1
            try retryParked(sequence, address, index, faulted: faults[index] != nil, &run)
        }
    }

    private func takeCommand(_ command: ClientCommand, _ index: Int, faulted: Bool, _ run: inout BatchRun)
        throws
    {
        func reply(_ code: UInt16, _ body: [UInt8]) {
            run.output.replies.append(
                Reply(
                    address: command.address, command: command.code, acting: command.acting, code: code,
                    body: body))
        }
        func refuse(_ refusal: Refusal) { reply(Refusal.code, refusal.encoded()) }
        if faulted { return refuse(Refusal(.internalError)) }
        if command.giveUpAt != 0, run.monotonic > command.giveUpAt { return refuse(Refusal(.tooLate)) }
        if let (high, low, sequence, code, body) = try knownReply(command, run.store) {
            let isSame = high == command.bodyHash.high && low == command.bodyHash.low
            guard isSame || Planted.isOn(.keyWithoutBody) else {
                return refuse(
                    Refusal(
                        .keyReused, expected: "the message that first used this key", found: "another body"))
            }
            if code != 0 { return reply(code, body) }
            run.joined.append((sequence, Waiter(address: command.address, acting: command.acting)))
            return
        }
        if let refusal = ServiceCore.keyAge(command.key, now: run.now) { return refuse(refusal) }
        guard let handler = definition.handlers[command.code], handler.kind == .command,
            let decide = handler.run
        else { return refuse(Refusal(.unknownMessage, found: "message \(command.code)")) }
        let identity = PoisonSlot.identity(code: command.code, high: command.key.high, low: command.key.low)
        if let poison, poison.isPoisoned(identity) {
            try park(
                reason: "stood in the slot at two crashes",
                source: (command.peer ?? .gateway).rawValue, code: command.code, version: command.version,
                body: command.body, acting: command.acting, key: command.key, &run)
            // Remembered: set aside again for each repeat, it would be run again as often (rule F2).
            return try remember(command, .refused(Refusal(.internalError)), &run)
        }
        try poison?.enter(identity)
        run.turn.begin(
            sequence: nextSequence(run), now: run.now, due: run.now, acting: command.acting,
            peer: command.peer)
        let result: HandlerResult
        do {
            result = try command.body.withUnsafeBytes { try decide($0, command.version, run.turn) }
        } catch let unfit as BodyFault {
            return refuse(Refusal(unfit.error, reading: handler.title))
        } catch {
            throw ServiceCore.blamed(ItemFault(index: index, reason: "\(error)"), for: error)
        }
        try remember(command, result, &run)
    }

    /// What the reply to this command is remembered as, if its key was used.
    private func knownReply(
        _ command: ClientCommand, _ store: Store
    ) throws -> (high: UInt64, low: UInt64, sequence: UInt64, code: UInt16, body: [UInt8])? {
        guard try recent.mayBeUsed(command.key, by: command.keyOwner, store) else { return nil }
        return try store.first(
            """
            SELECT body_high, body_low, seq, code, reply FROM gavel_replies
            WHERE party = ? AND key_high = ? AND key_low = ?
            """, command.keyOwner, command.key.high, command.key.low
        ) { row in
            (
                UInt64(bitPattern: row.int(0)), UInt64(bitPattern: row.int(1)), UInt64(row.int(2)),
                UInt16(row.int(3)), row.blob(4)
            )
        }
    }

    /// Journals what was carried out, and remembers the reply (rules F2, F3).
    private func remember(_ command: ClientCommand, _ result: HandlerResult, _ run: inout BatchRun) throws {
        var sequence: UInt64 = 0
        var code: UInt16 = 0
        var body: [UInt8] = []
        switch result {
        case .refused(let refusal):
            code = Refusal.code
            body = refusal.encoded()
        case .answer(let answerCode, let answer):
            code = answerCode
            body = answer
        case .waiting, .done:
            break
        }
        if case .refused = result {
        } else {
            var entry = JournalEntry()
            entry.at = run.now
            entry.due = run.now
            entry.source = (command.peer ?? .gateway).rawValue
            entry.acting = command.acting
            entry.key = command.key
            entry.code = command.code
            entry.version = command.version
            entry.body = command.body
            try journal(&entry, &run)
            sequence = entry.sequence
        }
        try keep(command, sequence: sequence, code: code, body: body, &run)
        if code == 0 {
            run.joined.append((sequence, Waiter(address: command.address, acting: command.acting)))
            run.batch.waits(
                Ticket(rawValue: sequence),
                WaitingCommand(owner: command.keyOwner, key: command.key, code: command.code))
            run.waitingDelta += 1
        } else {
            run.output.replies.append(
                Reply(
                    address: command.address, command: command.code, acting: command.acting, code: code,
                    body: body))
        }
    }

    /// Keeps the reply to a command under its key; code 0 for one that waits.
    private func keep(
        _ command: ClientCommand, sequence: UInt64, code: UInt16, body: [UInt8], _ run: inout BatchRun
    ) throws {
        let lowKey = command.key.low ^ (Planted.isOn(.refusalForgotten) && code == Refusal.code ? 1 : 0)
        try run.store.run(
            """
            INSERT INTO gavel_replies (party, key_high, key_low, body_high, body_low, seq, at, code, reply)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, command.keyOwner, command.key.high, lowKey, command.bodyHash.high,
            command.bodyHash.low, sequence, run.now, code, body)
        recent.use(command.key, by: command.keyOwner)
    }

    /// A key begins with a time; one older than the retention, or far ahead, cannot be judged.
    static func keyAge(_ key: IdempotencyKey, now: Instant) -> Refusal? {
        let stamped = Instant(microseconds: Int64(truncatingIfNeeded: key.high))
        if stamped < now - keyRetention {
            return Refusal(
                .keyExpired, expected: "a key stamped after \((now - keyRetention).iso8601)",
                found: stamped.iso8601)
        }
        if stamped > now + .days(1) {
            return Refusal(
                .invalidValue, expected: "a key stamped with the time of Welcome",
                found: "a time in the future")
        }
        return nil
    }

    private func takePeer(
        _ peer: ServiceName, _ sequence: UInt64, _ code: UInt16, _ version: UInt8, _ body: [UInt8],
        _ index: Int,
        parks: Bool, _ run: inout BatchRun
    ) throws {
        let slot = Int(peer.rawValue)
        // At least once becomes exactly once here: only the next message of the stream is applied.
        let applied = run.streams[slot].applied
        guard sequence == applied + 1 || (Planted.isOn(.inboxUnchecked) && sequence == applied) else {
            return
        }
        let identity = PoisonSlot.identity(code: code, high: UInt64(peer.rawValue), low: sequence)
        let poisoned = poison?.isPoisoned(identity) ?? false
        if parks || poisoned {
            try park(
                reason: poisoned ? "stood in the slot at two crashes" : "faulted \(ServiceCore.tries) times",
                source: peer.rawValue, code: code, version: version, body: body, acting: .nobody, &run)
        } else {
            try poison?.enter(identity)
            var entry = JournalEntry()
            entry.at = run.now
            entry.due = run.now
            entry.source = peer.rawValue
            entry.code = code
            entry.version = version
            entry.body = body
            entry.key = IdempotencyKey(high: UInt64(peer.rawValue), low: sequence)
            try journal(&entry, &run)
            do {
                try dispatchJournaled(entry, &run)
            } catch {
                throw ServiceCore.blamed(ItemFault(index: index, reason: "\(error)"), for: error)
            }
        }
        run.streams[slot].applied = sequence
        run.touched[slot] = true
        run.appliedPeers[slot] = true
    }

    private func takeOutcome(
        _ reference: EffectReference, _ code: UInt16, _ body: [UInt8], _ index: Int, faulted: Bool,
        _ run: inout BatchRun
    ) throws {
        run.ended.append(EffectKey(code: reference.code, id: reference.id))
        // The row goes before the handler runs, which may start the effect again; it goes with a parked outcome too,
        // or the effect would be performed again and again.
        try run.store.run(
            "DELETE FROM gavel_effects WHERE code = ? AND id = ? AND generation = ?", reference.code,
            reference.id, Planted.isOn(.effectNeverEnds) ? 0 : reference.generation)
        if faulted {
            try park(
                reason: "outcome faulted", source: 0, code: code, version: ProtocolVersion.current,
                body: body,
                acting: .nobody, &run)
            return
        }
        var entry = JournalEntry()
        entry.at = run.now
        entry.due = run.now
        entry.code = code
        entry.body = body
        entry.key = IdempotencyKey(high: UInt64(reference.code), low: reference.id)
        try journal(&entry, &run)
        do {
            try dispatchJournaled(entry, &run)
        } catch {
            throw ServiceCore.blamed(ItemFault(index: index, reason: "\(error)"), for: error)
        }
    }

    private func acknowledge(_ peer: ServiceName, _ sequence: UInt64, _ run: inout BatchRun) {
        let slot = Int(peer.rawValue)
        guard sequence > run.streams[slot].acknowledged, sequence <= streams[slot].sent else { return }
        run.streams[slot].acknowledged = sequence
        run.touched[slot] = true
        run.acknowledgedPeers[slot] = true
    }

    private func setClock(_ instant: Instant, _ address: ReplyAddress, _ run: inout BatchRun) throws {
        run.output.statusRequests.append(address)
    }

    // MARK: Parking

    private func park(
        reason: String, source: UInt8, code: UInt16, version: UInt8, body: [UInt8], acting: Acting,
        key: IdempotencyKey = IdempotencyKey(high: 0, low: 0), _ run: inout BatchRun
    ) throws {
        let next =
            (try run.store.first("SELECT coalesce(max(seq), 0) FROM gavel_parked") { $0.int(0) } ?? 0) + 1
        let scope = Int64(acting.marketplace.raw) << 8 | Int64(acting.roles.rawValue)
        try run.store.run(
            """
            INSERT INTO gavel_parked
            (seq, at, source, party, scope, session, code, version, body, reason, key_high, key_low)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, next, run.now, source, acting.party, scope, acting.session, code, version, body, reason,
            key.high, key.low)
        run.parkedDelta += 1
    }

    private func retryParked(
        _ sequence: UInt64, _ address: ReplyAddress, _ index: Int, faulted: Bool, _ run: inout BatchRun
    ) throws {
        if faulted {
            // It stays set aside; its cause is not mended yet.
            run.output.replies.append(
                Reply(
                    address: address, command: RetryParked.code, acting: .nobody, code: Refusal.code,
                    body: Refusal(.internalError, found: "the command faulted again").encoded()))
            return
        }
        let row = try run.store.first(
            """
            SELECT source, party, scope, session, code, version, body, key_high, key_low FROM gavel_parked
            WHERE seq = ?
            """, sequence
        ) { row in
            var entry = JournalEntry()
            entry.source = UInt8(row.int(0))
            let scope = row.int(2)
            entry.acting = Acting(
                party: PartyID(UInt64(bitPattern: row.int(1))),
                marketplace: MarketplaceID(UInt32(truncatingIfNeeded: scope >> 8)),
                roles: Roles(rawValue: UInt8(truncatingIfNeeded: scope)),
                session: SessionID(UInt64(bitPattern: row.int(3))))
            entry.code = UInt16(row.int(4))
            entry.version = UInt8(truncatingIfNeeded: row.int(5))
            entry.body = row.blob(6)
            entry.key = IdempotencyKey(
                high: UInt64(bitPattern: row.int(7)), low: UInt64(bitPattern: row.int(8)))
            return entry
        }
        guard var entry = row else {
            run.output.replies.append(
                Reply(
                    address: address, command: RetryParked.code, acting: .nobody, code: Refusal.code,
                    body: Refusal(.notFound, expected: "the number of a parked command").encoded()))
            return
        }
        entry.at = run.now
        entry.due = run.now
        entry.sequence = nextSequence(run)
        let result: HandlerResult
        do {
            result = try dispatchJournaled(entry, &run)
        } catch let unfit as BodyFault where definition.handlers[entry.code]?.kind == .command {
            // Set aside before it was read: a client's bytes that are no message are refused, now as at any other time.
            let title = definition.handlers[entry.code]?.title ?? ""
            result = .refused(Refusal(unfit.error, reading: title))
        } catch {
            throw ServiceCore.blamed(ItemFault(index: index, reason: "\(error)"), for: error)
        }
        // A refusal has changed nothing, now as at any other time.
        if case .refused = result { entry.sequence = 0 } else { try journal(&entry, &run) }
        try rememberRetried(entry, result, &run)
        try run.store.run("DELETE FROM gavel_parked WHERE seq = ?", sequence)
        run.parkedDelta -= 1
        run.output.replies.append(
            Reply(address: address, command: RetryParked.code, acting: .nobody, code: Done.code, body: []))
    }

    /// Whoever repeats a command that was set aside and has run now gets its answer (rule F2).
    private func rememberRetried(
        _ entry: JournalEntry, _ result: HandlerResult, _ run: inout BatchRun
    ) throws {
        let answer: (code: UInt16, body: [UInt8])
        switch result {
        case .answer(let code, let body): answer = (code, body)
        case .refused(let refusal): answer = (Refusal.code, refusal.encoded())
        case .waiting: answer = (0, [])
        case .done: return
        }
        let owner = ClientCommand.keyOwner(party: entry.acting.party.raw, peer: Journal.peer(entry.source))
        try run.store.run(
            """
            UPDATE gavel_replies SET seq = ?, code = ?, reply = ?
            WHERE party = ? AND key_high = ? AND key_low = ?
            """, entry.sequence, answer.code, answer.body, owner, entry.key.high, entry.key.low)
        guard answer.code == 0, run.store.changes > 0 else { return }
        run.waitingDelta += 1
        run.batch.waits(
            Ticket(rawValue: entry.sequence), WaitingCommand(owner: owner, key: entry.key, code: entry.code))
    }

    // MARK: The end of a batch

    /// The sequence of the next command.
    private func nextSequence(_ run: BatchRun) -> UInt64 {
        chain.sequence + UInt64(run.journal.count) + 1
    }

    private func journal(_ entry: inout JournalEntry, _ run: inout BatchRun) throws {
        entry.sequence = nextSequence(run)
        if run.journal.isFull { try run.journal.write(chain, run.store) }
        run.journal.append(entry)
        run.journaled += 1
    }

    /// Hands out effects that are due and not being performed, up to the free slots.
    private func handOutEffects(_ run: inout BatchRun) throws {
        let earliest = min(nextEffect, run.batch.earliestEffect)
        guard earliest <= run.now || !run.ended.isEmpty, run.effectSlots > 0 else { return }
        var busy = running
        for key in run.ended { busy.remove(key) }
        let rows = try run.store.all(
            """
            SELECT code, id, generation, body FROM gavel_effects WHERE due <= ? ORDER BY due, code, id LIMIT ?
            """, run.now, run.effectSlots + busy.count + 1
        ) { row in
            EffectStart(
                reference: EffectReference(
                    code: UInt16(row.int(0)), id: UInt64(bitPattern: row.int(1)),
                    generation: UInt64(row.int(2))),
                body: row.blob(3))
        }
        for row in rows where !busy.contains(EffectKey(code: row.reference.code, id: row.reference.id)) {
            guard run.output.effects.count < run.effectSlots else {
                run.output.moreEffects = true
                break
            }
            run.output.effects.append(row)
        }
    }

    private func saveStreams(_ run: inout BatchRun) throws {
        try OutboxPack.write(run.batch.outbox, run.store)
        for row in run.batch.outbox { run.touched[Int(row.destination.rawValue)] = true }
        for slot in run.touched.indices where run.touched[slot] {
            run.streams[slot].sent = run.batch.sent[slot]
            let position = run.streams[slot]
            if run.acknowledgedPeers[slot] {
                let early: UInt64 = Planted.isOn(.outboxForgottenEarly) ? 1 : 0
                try OutboxPack.delete(slot, upTo: position.acknowledged + early, run.store)
            }
            try run.store.run(
                """
                INSERT INTO gavel_streams (peer, store, sent, acknowledged, applied) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (peer) DO UPDATE SET store = excluded.store, sent = excluded.sent,
                acknowledged = excluded.acknowledged, applied = excluded.applied
                """, slot, position.store, position.sent, position.acknowledged, position.applied)
        }
    }

    private func finishCounts(_ run: inout BatchRun) throws {
        if run.timersFired || nextTimer <= run.now {
            run.nextTimer = try ServiceCore.earliestTimer(run.store)
        } else {
            run.nextTimer = min(nextTimer, run.batch.earliestTimer)
        }
        let effectsMoved =
            !run.output.effects.isEmpty || !run.ended.isEmpty || run.batch.earliestEffect < .distantFuture
            || nextEffect <= run.now
        run.effectsMoved = effectsMoved
        if run.journaled > 0, pruning.isDue(run.now) { run.pruning = try pruning.step(run.now, run.store) }
    }

    /// The batch is durable: take over what it changed, and set free what waited for it.
    private func committed(_ run: inout BatchRun) -> BatchOutput {
        waiting.keep()
        streams = run.streams
        for slot in streams.indices { streams[slot].sent = run.batch.sent[slot] }
        if run.journaled > 0 { lastNow = run.now }
        if let next = run.pruning { pruning = next }
        parked += run.parkedDelta
        waitingCount += run.waitingDelta - run.batch.settled.count
        for key in run.ended { running.remove(key) }
        for effect in run.output.effects {
            running.insert(EffectKey(code: effect.reference.code, id: effect.reference.id))
        }
        for (sequence, waiter) in run.joined { waiters[sequence, default: []].append(waiter) }
        for settled in run.batch.settled {
            waiting.forget(settled.ticket)
            for waiter in waiters.removeValue(forKey: settled.ticket.rawValue) ?? [] {
                run.output.replies.append(
                    Reply(
                        address: waiter.address, command: settled.command, acting: waiter.acting,
                        code: settled.code,
                        body: settled.body))
            }
        }
        nextTimer = run.nextTimer
        if run.effectsMoved {
            // A fault of this read is found again, and thrown, in the next batch's transaction.
            nextEffect = (try? store.write { try earliestEffect($0) }) ?? run.now
        }
        var output = run.output
        output.outbox = run.batch.outbox
        output.pushes = run.batch.pushes
        output.destroyedKeys = run.batch.destroyed
        for slot in run.appliedPeers.indices where run.appliedPeers[slot] {
            if let peer = ServiceName(rawValue: UInt8(slot)) {
                output.applied.append((peer, streams[slot].applied))
            }
        }
        output.now = lastNow
        output.nextDue = nextDue
        output.waiting = waitingCount
        output.journal = chain.sequence
        output.parked = parked
        return output
    }

    /// What one attempt at a batch gathers.
    private struct BatchRun {
        let store: Store
        let now: Instant
        let monotonic: UInt64
        let effectSlots: Int
        let batch: Batch
        let turn: Turn
        var streams: [StreamPosition]
        var touched = [Bool](repeating: false, count: 8)
        var appliedPeers = [Bool](repeating: false, count: 8)
        var acknowledgedPeers = [Bool](repeating: false, count: 8)
        var journal = JournalRun()
        var joined: [(UInt64, Waiter)] = []
        var ended: [EffectKey] = []
        var timersFired = false
        var effectsMoved = false
        var nextTimer = Instant.distantFuture
        var journaled = 0
        var parkedDelta = 0
        var waitingDelta = 0
        var pruning: ReplyPruning?
        var output = BatchOutput()

        init(
            store: Store, now: Instant, monotonic: UInt64, effectSlots: Int, streams: [StreamPosition],
            waiting: WaitingCommands
        ) {
            self.store = store
            self.now = now
            self.monotonic = monotonic
            self.effectSlots = effectSlots
            self.streams = streams
            batch = Batch(sent: streams.map(\.sent), waiting: waiting)
            turn = Turn(store: store, batch: batch)
        }
    }
}
