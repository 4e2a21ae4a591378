import ArgumentParser
import Crypto
import Glibc
import Kernel
import Messages
import Operation
import Stories
import Wire

/// A telephone switch for demonstrations, tests and load: it plays scripts of calls against a live house.
struct SwitchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "switch",
        abstract: "Be a telephone switch: play a script of calls against a live house.",
        discussion: """
            A script is a file with one step a line: 'call 49900100 from +4930123456 mobile', 'answered', 'talk 3m', \
            'hangup', 'expect record.charge.minor 597' and others (docs/switch.md). While it talks, the switch reports \
            progress, has more money set aside in time, and hangs up when none is left. Time passes as it does; \
            with --leap it moves a settable clock instead. The exit code is 1 if a play met a refusal that its \
            script does not expect, or an expectation failed.
            """)

    @Argument(help: "The script's file.") var script: String
    @OptionGroup var place: Place
    @Option(name: .customLong("as"), help: "E-mail address of the telephone switch.") var email: String
    @Option(help: "Its password; or GAVEL_PASSWORD in the environment.") var password: String?
    @Option(help: "Its marketplace's number.") var marketplace: UInt32
    @Option(
        name: .customLong("repeat"),
        help: "How many times to play the script; {n} in it is the play's number.")
    var repetitions = 1
    @Option(help: "How many plays run at once.") var atOnce = 1
    @Flag(help: "Move the house's settable clock in place of waiting.") var leap = false
    @Flag(help: "Report as JSON.") var json = false

    func validate() throws {
        for (name, value, most) in [("repeat", repetitions, 1_000_000), ("at-once", atOnce, 10_000)] {
            guard (1...most).contains(value) else {
                throw ValidationError("--\(name): expected 1 to \(most), found \(value)")
            }
        }
        if leap, atOnce > 1 { throw ValidationError("--leap moves one clock: leave --at-once out") }
    }

    func run() async throws {
        let text = try InputFile.text(script)
        // Every play's script is read before the first call is made; they differ by numbers alone.
        let last: SwitchScript
        do {
            last = try SwitchScript(text, play: repetitions - 1, of: repetitions)
        } catch let fault {
            throw ValidationError("\(script), \(fault)")
        }
        guard let password = password ?? getenv("GAVEL_PASSWORD").map({ String(cString: $0) }) else {
            throw ValidationError("expected --password, or GAVEL_PASSWORD in the environment, found neither")
        }
        let installation = try Installation.attach(place.folder)
        if last.takesTime, !leap, installation.data.settings.clock != nil {
            throw ValidationError("expected --leap, for this house's clock is settable and stands still")
        }
        let house = LiveHouse(installation)
        if leap { await house.act(asOperator: try await FirstOperator.guest(of: installation)) }
        let guest = Guest(marketplace: MarketplaceID(marketplace), email: email, password: password)
        _ = try await house.connection(guest)
        let first = SecureRandom.uint64() >> 25
        var report = SwitchReport()
        await withTaskGroup(of: SwitchReport.self) { group in
            var next = 0
            while next < min(atOnce, repetitions) {
                let play = next
                group.addTask { await self.play(play, text, house, guest, first) }
                next += 1
            }
            for await part in group {
                report.add(part)
                if next < repetitions {
                    let play = next
                    group.addTask { await self.play(play, text, house, guest, first) }
                    next += 1
                }
            }
        }
        await house.close()
        if json { Terminal.say(report.json(.plain).text) } else { Terminal.say(report.summary) }
        guard report.failed == 0 else {
            throw CheckFailed(text: Terminal.red(report.failures.map(\.text).joined(separator: "\n")))
        }
    }

    private func play(
        _ number: Int, _ text: String, _ house: LiveHouse, _ guest: Guest, _ first: UInt64
    ) async -> SwitchReport {
        var report = SwitchReport()
        report.plays = 1
        var events: [SwitchReport.Said] = []
        let speaks = !json && repetitions == 1
        let keeps = json && repetitions == 1
        let leaps = leap
        let player = SwitchPlayer(house, as: guest, name: (first + UInt64(number)) & 0xff_ffff_ffff) {
            until in
            if leaps { return try await house.advance(to: until) }
            while case let now = try await house.now(), now < until {
                try await Task.sleep(for: .microseconds((until - now).microseconds))
            }
        } tell: { event in
            if speaks { Terminal.say("\(event.at.iso8601)  \(event.said) → \(event.heard)") }
            if keeps { events.append(SwitchReport.Said(event)) }
        }
        do {
            try await player.play(try SwitchScript(text, play: number, of: repetitions))
        } catch {
            report.failed = 1
            let words = (error as? Refusal).map { "refused: \(Terminal.words($0))" } ?? "\(error)"
            report.failures = [SwitchReport.Failure(play: number, text: "play \(number): \(words)")]
        }
        report.take(player)
        report.events = events
        return report
    }
}

/// What a switch's plays came to.
struct SwitchReport: Record {
    /// A message, and what was heard.
    struct Said: Record {
        var at = Instant.none
        var line: UInt32 = 0
        var said = ""
        var heard = ""
        init() {}
        init(_ event: SwitchPlayer.Event) {
            (at, line, said, heard) = (event.at, UInt32(event.line), event.said, event.heard)
        }
        mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
            try visit.field("at", &at)
            try visit.field("line", &line)
            try visit.field("said", &said, .limit(400))
            try visit.field("heard", &heard, .limit(400))
        }
    }

    /// A play that did not go as its script expects.
    struct Failure: Record {
        var play: UInt64 = 0
        var text = ""
        init() {}
        init(play: Int, text: String) { (self.play, self.text) = (UInt64(play), text) }
        mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
            try visit.field("play", &play)
            try visit.field("text", &text, .limit(1_000))
        }
    }

    /// How many calls ended in one way.
    struct Ending: Record {
        var how = ""
        var calls: UInt64 = 0
        init() {}
        mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
            try visit.field("how", &how, .limit(40))
            try visit.field("calls", &calls)
        }
    }

    var plays: UInt64 = 0
    var failed: UInt64 = 0
    /// By stage, and of those that never began by verdict.
    var endings: [Ending] = []
    /// What the calls cost, a sum for each currency.
    var charged: [Money] = []
    /// Of the plays that failed those with the smallest numbers.
    var failures: [Failure] = []
    /// Of a script that was played once.
    var events: [Said] = []
    init() {}
    mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("plays", &plays)
        try visit.field("failed", &failed)
        try visit.field("endings", &endings)
        try visit.field("charged", &charged)
        try visit.field("failures", &failures)
        try visit.field("events", &events)
    }

    mutating func take(_ player: SwitchPlayer) {
        for verdict in player.turnedAway { count("\(verdict)", 1) }
        for record in player.records {
            count("\(record.stage)", 1)
            charge(record.charge)
        }
    }

    mutating func add(_ other: SwitchReport) {
        plays += other.plays
        failed += other.failed
        for ending in other.endings { count(ending.how, ending.calls) }
        for money in other.charged { charge(money) }
        failures = Array((failures + other.failures).sorted { $0.play < $1.play }.prefix(20))
        events += other.events
    }

    private mutating func count(_ how: String, _ calls: UInt64) {
        if let known = endings.firstIndex(where: { $0.how == how }) {
            endings[known].calls += calls
        } else {
            var ending = Ending()
            (ending.how, ending.calls) = (how, calls)
            endings.append(ending)
        }
    }

    private mutating func charge(_ money: Money) {
        guard money.minor != 0 else { return }
        if let known = charged.firstIndex(where: { $0.currency == money.currency }) {
            charged[known] = Money(charged[known].minor + money.minor, money.currency)
        } else {
            charged.append(money)
        }
    }

    var summary: String {
        let ways = endings.map { "\($0.calls) \($0.how)" }.joined(separator: ", ")
        let sums = charged.map { "\($0)" }.joined(separator: " and ")
        return "\(plays) played, \(failed) failed: \(ways.isEmpty ? "no call" : ways)"
            + (sums.isEmpty ? "" : "; charged \(sums)")
    }
}
