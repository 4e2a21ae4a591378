import Kernel
import Messages
import Wire

/// A telephone switch that plays a script against a house.
public final class SwitchPlayer {
    /// What the switch said, and what it heard.
    public struct Event: Sendable {
        public let at: Instant
        /// Of the script.
        public let line: Int
        public let said: String
        public let heard: String
    }

    /// The least that a switch speaks of a call in progress.
    public static let progressEvery = Duration64.seconds(60)
    /// How long before its reserve ends a switch asks for more.
    static let margin = Duration64.seconds(10)

    private let house: any House
    private let guest: Guest
    private let name: UInt64
    private let wait: (Instant) async throws -> Void
    private let tell: (Event) -> Void
    private var messages: UInt64 = 0
    private var calls: UInt64 = 0
    private var place = 0
    private var call = CallID.none
    private var standing: CallStanding?
    private var hasEnded = true
    private var heard = JSON.null
    private var refusal: Refusal?
    private var repeatLast: (() async throws -> Void)?

    /// Every call that ended, in order.
    public private(set) var records: [CallRecord] = []
    /// What was said of calls that never began.
    public private(set) var turnedAway: [CallVerdict] = []

    /// - Parameters:
    ///   - name: tells this player apart from all others of the same switch: its calls and keys are named after it.
    ///   - wait: lets time pass until an instant of the house.
    ///   - tell: hears of each message.
    public init(
        _ house: any House, as guest: Guest, name: UInt64, wait: @escaping (Instant) async throws -> Void,
        tell: @escaping (Event) -> Void = { _ in }
    ) {
        self.house = house
        self.guest = guest
        self.name = name
        self.wait = wait
        self.tell = tell
    }

    /// Plays the script to its end.
    /// - Throws: ``ScriptUnmet`` where an expectation fails, with the script's line; a ``Refusal`` that the script does not
    ///   expect.
    public func play(_ script: SwitchScript) async throws {
        for line in script.lines {
            if let refusal, !line.step.takesRefusal { throw refusal }
            place = line.number
            try await play(line.step)
        }
        if let refusal { throw refusal }
    }

    private func play(_ step: SwitchScript.Step) async throws {
        switch step {
        case .call(let called, let caller, let line): try await ring(called, caller, line)
        case .report(let report): try await say(report)
        case .wait(let span): try await wait(house.now() + span)
        case .talk(let span): try await talk(for: span)
        case .hangUp: try await end(putThrough: true)
        case .fail: try await end(putThrough: false)
        case .again:
            guard let repeatLast else { throw unmet("again", "a message before", "none") }
            refusal = nil
            try await repeatLast()
        case .expect(let field, let value): try check(field, value)
        case .refused(let code):
            guard let refused = refusal else { throw unmet("the answer", "\(code)", "no refusal") }
            guard refused.reason == code else { throw unmet("the refusal", "\(code)", "\(refused)") }
            refusal = nil
        }
    }

    // MARK: Messages

    private func send<C: Command>(
        _ command: C, _ said: String, _ hear: @escaping (C.Answer) -> String
    ) async throws {
        let now = try await house.now()
        messages += 1
        let key = IdempotencyKey(high: UInt64(bitPattern: now.microseconds), low: name << 24 | messages)
        let place = place
        let once = { [unowned self] (said: String) async throws in
            do {
                let answer = try await house.send(command, as: guest, key: key)
                heard = answer.json(.plain)
                tell(Event(at: now, line: place, said: said, heard: hear(answer)))
            } catch let refused as Refusal {
                refusal = refused
                heard = refused.json(.plain)
                tell(Event(at: now, line: place, said: said, heard: "refused: \(refused.reason)"))
            }
        }
        repeatLast = { try await once("again: \(said)") }
        try await once(said)
    }

    private func ring(_ called: String, _ caller: SwitchScript.Caller, _ line: LineType) async throws {
        calls += 1
        call = .none
        standing = nil
        hasEnded = true
        var arrived = CallArrived()
        arrived.switchCall = name << 24 | calls
        arrived.called = called
        switch caller {
        case .presents(let number): arrived.presented = PersonalText(number)
        case .withholds(let number): arrived.networkProvided = PersonalText(number)
        }
        arrived.line = line
        arrived.at = try await house.now()
        var routed = CallRouted()
        try await send(arrived, "call to \(called)") { answer in
            routed = answer
            let minutes = "\(answer.minutesLeft) minutes left, \(answer.reserved) set aside"
            return "\(answer.verdict)" + (answer.verdict == .putThrough ? ", \(minutes)" : "")
        }
        guard refusal == nil else { return }
        guard routed.verdict == .putThrough else { return turnedAway.append(routed.verdict) }
        (call, hasEnded) = (routed.call, false)
        guard !routed.activation.isNone else { return }
        let answer = heard
        var route = RouteCall()
        route.activation = routed.activation
        route.call = routed.call
        // The prospect's number is the switch's alone: it is written nowhere.
        try await send(route, "route") { _ in "a number" }
        if refusal == nil { heard = answer }
    }

    private func say(_ report: CallReport) async throws {
        var command = ReportCall()
        command.call = call
        command.report = report
        command.at = try await house.now()
        try await send(command, "\(report)") { [unowned self] answer in
            standing = answer
            let end = answer.moneyEndsAt.map { ", money until \($0.iso8601)" } ?? ""
            return (answer.exhausted ? "nothing more to set aside" : "\(answer.reserved) set aside") + end
        }
    }

    private func end(putThrough: Bool) async throws {
        // Talking may have ended it: by its money, or by the house.
        if hasEnded, !call.isNone { return }
        var command = EndCall()
        command.call = call
        command.at = try await house.now()
        command.putThrough = putThrough
        try await send(command, putThrough ? "hang up" : "could not be put through") {
            [unowned self] answer in
            records.append(answer.record)
            hasEnded = true
            return "\(answer.record.stage), \(answer.record.billedSeconds) s for \(answer.record.charge)"
        }
    }

    // MARK: Talking

    private func talk(for span: Duration64) async throws {
        var now = try await house.now()
        let end = now + span
        while !hasEnded, refusal == nil, now < end {
            let reserve = reserveEnd
            if let reserve, now >= reserve - Self.margin {
                try await say(.extend)
                if try await houseEndedIt() { return }
                if standing?.exhausted == true, reserveEnd == reserve {
                    // Money may come until the last second.
                    guard now >= reserve - .seconds(1) else {
                        try await wait(min(end, reserve - .seconds(1)))
                        now = try await house.now()
                        continue
                    }
                    try await wait(min(end, reserve))
                    if end >= reserve { try await self.end(putThrough: true) }
                    return
                }
            }
            let next = reserveEnd.map { $0 - Self.margin } ?? end
            let until = min(end, now + Self.progressEvery, max(next, now + .seconds(1)))
            try await wait(until)
            now = try await house.now()
            if now >= end || reserveEnd.map({ now >= $0 - Self.margin }) == true { continue }
            try await say(.progress)
            if try await houseEndedIt() { return }
        }
    }

    /// When the switch must hang up, unless it has more set aside.
    private var reserveEnd: Instant? {
        guard let standing, let from = standing.countedFrom else { return nil }
        return from + standing.longest
    }

    /// Whether the house has ended the call meanwhile: the switch hangs up (D5-D7).
    private func houseEndedIt() async throws -> Bool {
        guard refusal?.reason == .wrongState else { return false }
        refusal = nil
        try await end(putThrough: true)
        return true
    }

    // MARK: Checks

    private func check(_ field: String, _ value: String) throws {
        var found = heard
        for name in field.split(separator: ".") {
            guard let inner = found[String(name)] else {
                throw unmet(field, value, "no field '\(name)' in \(heard.text)")
            }
            found = inner
        }
        let text: String =
            switch found {
            case .string(let text), .number(let text): text
            case .bool(let holds): "\(holds)"
            case .null: "none"
            case .array, .object: found.text
            }
        guard text == value else { throw unmet(field, value, text) }
    }

    private func unmet(_ what: String, _ expected: String, _ found: String) -> ScriptUnmet {
        ScriptUnmet(line: place, what: what, expected: expected, found: found)
    }
}

/// What a script expects, and does not find.
public struct ScriptUnmet: Error, Equatable, Sendable, CustomStringConvertible {
    public let line: Int
    public let what: String
    public let expected: String
    public let found: String
    public var description: String { "line \(line): \(what): expected \(expected), found \(found)" }
}

extension SwitchScript.Step {
    /// Whether the step has something to do with a refusal before it.
    var takesRefusal: Bool {
        switch self {
        case .refused, .again: true
        default: false
        }
    }
}
