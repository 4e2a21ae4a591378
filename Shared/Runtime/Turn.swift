import Kernel
import Messages
import Storage
import Wire

/// One command at the writer: what a handler may see, and what it may ask for.
///
/// Whatever it asks for happens only if the batch commits.
public final class Turn {
    public internal(set) var now = Instant.none
    /// The journal sequence of this command.
    public internal(set) var sequence: UInt64 = 0
    public internal(set) var acting = Acting.nobody
    /// The service that sent the message; nothing for clients, timers and outcomes.
    public internal(set) var peer: ServiceName?
    /// When a timer was due; for everything else, now.
    public internal(set) var due = Instant.none
    public let store: Store

    let batch: Batch
    private var numbers: UInt64 = 0

    init(store: Store, batch: Batch) {
        self.store = store
        self.batch = batch
    }

    func begin(sequence: UInt64, now: Instant, due: Instant, acting: Acting, peer: ServiceName?) {
        self.sequence = sequence
        self.now = now
        self.due = due
        self.acting = acting
        self.peer = peer
        numbers = 0
    }

    /// Names this command, for an answer that comes later.
    public var ticket: Ticket { Ticket(rawValue: sequence) }

    /// A new number: the same in every replay, above all earlier ones. At most 255 a command.
    public func newID<I: Identifier>(_: I.Type = I.self) -> I {
        precondition(numbers < 255, "a command makes at most 255 numbers")
        numbers += 1
        return I(sequence << 8 | numbers)
    }

    /// Writes a message for another service into the outbox; it is sent after the commit, in order, at least
    /// once, and applied once.
    public func send(_ message: some PeerMessage, to service: ServiceName) {
        batch.send(code: type(of: message).code, body: message.encoded(), to: service)
    }

    /// Sets the one timer of this type and subject.
    public func schedule<T: InternalMessage>(_ timer: T, subject: UInt64, at due: Instant) throws {
        try store.run(
            """
            INSERT INTO gavel_timers (code, subject, due, body) VALUES (?, ?, ?, ?)
            ON CONFLICT (code, subject) DO UPDATE SET due = excluded.due, body = excluded.body
            """, T.code, subject, due, timer.encoded())
        if !Planted.isOn(.timerOverlooked) { batch.noteTimer(due) }
    }

    /// Takes back the timer of this type and subject, if it has not fired.
    public func cancel<T: InternalMessage>(_: T.Type, subject: UInt64) throws {
        if Planted.isOn(.timerNotCancelled) { return }
        try store.run("DELETE FROM gavel_timers WHERE code = ? AND subject = ?", T.code, subject)
    }

    /// Starts an effect after the commit, or at a later time. One of the same type and id that has not begun is
    /// replaced. The id is stable over repeats: performers hand it on as the idempotency key.
    public func start<E: InternalMessage>(_ effect: E, id: UInt64, at due: Instant? = nil) throws {
        let due = due ?? now
        try store.run(
            """
            INSERT INTO gavel_effects (code, id, due, generation, body) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (code, id) DO UPDATE
            SET due = excluded.due, generation = excluded.generation, body = excluded.body
            """, E.code, id, due, sequence, effect.encoded())
        batch.noteEffect(due)
    }

    /// Takes back the effect of this type and id, unless it is being performed: its outcome comes all the same.
    public func withdraw<E: InternalMessage>(_: E.Type, id: UInt64) throws {
        try store.run("DELETE FROM gavel_effects WHERE code = ? AND id = ?", E.code, id)
    }

    /// Answers a command that waits.
    public func answer<A: AnswerMessage>(_ ticket: Ticket, _ answer: A) throws {
        try settle(ticket, code: A.code, body: answer.encoded())
    }

    /// Refuses a command that waits.
    public func refuse(_ ticket: Ticket, _ refusal: Refusal) throws {
        try settle(ticket, code: Refusal.code, body: refusal.encoded())
    }

    private func settle(_ ticket: Ticket, code: UInt16, body: [UInt8]) throws {
        guard let command = try batch.waiting(ticket) ?? journaled(ticket) else { return }
        try store.run(
            """
            UPDATE gavel_replies SET code = ?, reply = ?
            WHERE party = ? AND key_high = ? AND key_low = ? AND code = 0
            """, code, body, command.owner, command.key.high, command.key.low)
        batch.settled.append(SettledTicket(ticket: ticket, command: command.code, code: code, body: body))
    }

    /// Those of this batch are known without the journal, which it reaches at its end.
    private func journaled(_ ticket: Ticket) throws -> WaitingCommand? {
        try Journal.entry(ticket.rawValue, store).map { entry in
            WaitingCommand(
                owner: ClientCommand.keyOwner(
                    party: entry.acting.party.raw, peer: Journal.peer(entry.source)),
                key: entry.key, code: entry.code)
        }
    }

    /// Pushes to the party's live connections; best effort.
    public func push<M: AnswerMessage>(_ message: M, to party: PartyID) {
        push(to: party) { message }
    }

    /// Pushes what `make` gives, which is called only if somebody listens for the party.
    public func push<M: AnswerMessage>(to party: PartyID, _ make: @escaping @Sendable () -> M) {
        batch.pushes.append(Push(party: party, code: M.code) { make().encoded() })
    }

    /// Destroys data keys after the commit (rule F5); the deletion is repeated at every start.
    public func destroyKeys(_ keys: [UInt64]) throws {
        for key in keys where key != 0 {
            try store.run("INSERT OR IGNORE INTO gavel_destroyed_keys (key, at) VALUES (?, ?)", key, now)
            batch.destroyed.append(key)
        }
    }
}

/// A message for whoever listens for a party.
public struct Push: Sendable {
    public let party: PartyID
    public let code: UInt16
    /// Makes the body; most pushes find nobody, and rendering costs.
    public let body: @Sendable () -> [UInt8]
}

/// The answer to a command that waited.
struct SettledTicket {
    let ticket: Ticket
    /// The waiting command's code.
    let command: UInt16
    let code: UInt16
    let body: [UInt8]
}
