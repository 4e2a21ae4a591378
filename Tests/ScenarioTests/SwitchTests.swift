import Kernel
import Messages
import Simulator
import Stories
import Testing

private let knownWords =
    "call, announced, answered, voicemail, progress, extend, wait, talk, hangup, fail, again, expect or refused"
private let callForm = "call NUMBER from [withheld] NUMBER [landline|mobile|other]"
private let spanForm = "a span above zero, at most 24h, such as 90s"

/// The bundled telephone switch plays scripts of calls.
@Suite("The telephone switch that plays scripts")
struct SwitchTests {
    // MARK: Scripts

    @Test("every word of a script is read, with comments and the play's number")
    func words() throws {
        let script = try SwitchScript(
            """
            # a caller
            call 49900{n} from {{n}+49171{n}00{n}n} mobile   # rings

              announced
            answered
            call 1 from withheld 23
            voicemail
            progress
            extend
            wait 90s
            talk 24h
            again
            expect record.charge.minor 10.00 EUR
            refused wrongState
            hangup
            fail
            """, play: 7, of: 1_000)
        #expect(
            script.lines.map(\.step) == [
                .call(called: "49900007", caller: .presents("{007+4917100700007n}"), line: .mobile),
                .report(.announced), .report(.answeredByPerson),
                .call(called: "1", caller: .withholds("23"), line: .landline), .report(.answeredByVoicemail),
                .report(.progress), .report(.extend), .wait(.seconds(90)), .talk(.hours(24)), .again,
                .expect(field: "record.charge.minor", value: "10.00 EUR"), .refused(.wrongState), .hangUp,
                .fail,
            ])
        #expect(script.lines.map(\.number).prefix(3) == [2, 4, 5])
    }

    @Test(
        "what is no step is refused with its line",
        arguments: [
            ("", "line 1: expected a step, found none"),
            ("\n# nothing\n", "line 1: expected a step, found none"),
            ("answered", "line 1: expected a call before anything else, found 'answered'"),
            ("call 1 from 2\nanser", "line 2: expected \(knownWords), found 'anser'"),
            ("call 1 from 2\n\nhangup now", "line 3: expected 'hangup', found 'hangup now'"),
            ("call 1 from", "line 1: expected '\(callForm)', found 'call 1 from'"),
            ("call 1 to 2", "line 1: expected '\(callForm)', found 'call 1 to 2'"),
            ("call 1 from withheld", "line 1: expected '\(callForm)', found 'call 1 from withheld'"),
            ("call 1 from 2 mobile 3", "line 1: expected '\(callForm)', found 'call 1 from 2 mobile 3'"),
            ("call 1 from 2 fax", "line 1: expected landline, mobile or other, found 'fax'"),
            ("call 1 from 2\nwait", "line 2: expected 'wait SPAN', found 'wait'"),
            ("call 1 from 2\ntalk 0s", "line 2: expected \(spanForm), found '0s'"),
            ("call 1 from 2\ntalk 25h", "line 2: expected \(spanForm), found '25h'"),
            ("call 1 from 2\ntalk long", "line 2: expected \(spanForm), found 'long'"),
            (
                "call 1 from 2\nexpect verdict",
                "line 2: expected 'expect FIELD VALUE', found 'expect verdict'"
            ),
            ("call 1 from 2\nrefused never", "line 2: expected a refusal's code, found 'never'"),
        ])
    func faults(_ text: String, _ expected: String) {
        let fault = #expect(throws: SwitchScript.Fault.self) { _ = try SwitchScript(text) }
        #expect(fault?.description == expected)
    }

    // MARK: Plays

    private func inHouse(_ body: (InProcessHouse) async throws -> Void) async throws {
        let whole = try WholeHouse()
        defer { WholeHouse.remove(whole.folder) }
        try await body(whole.house)
        try await Invariants.check(whole.house)
    }

    /// A prepaid line, and the number of a caller who has paid 10.00 in.
    private func onLine(
        _ body: (InProcessHouse, Cast, Line, _ phone: String) async throws -> Void
    ) async throws {
        try await inHouse { house in
            let cast = try await Cast.openMarketplace(house, policy: .prepaidLine, buyers: 0, funds: 0)
            let line = try await cast.openLine()
            let phone = cast.newCallerNumber().filter { $0 != " " }
            try await cast.topUp(line, phone, 1_000)
            try await body(house, cast, line, phone)
        }
    }

    @discardableResult
    private func play(
        _ text: String, on house: any House, as telephoneSwitch: Player, name: UInt64 = 1,
        _ tell: @escaping (SwitchPlayer.Event) -> Void = { _ in }
    ) async throws -> SwitchPlayer {
        let player = SwitchPlayer(house, as: telephoneSwitch.guest, name: name) { until in
            try await house.advance(to: until)
        } tell: {
            tell($0)
        }
        try await player.play(SwitchScript(text))
        return player
    }

    @Test("E1 a switch has more money set aside while there is some, and hangs up when it ends")
    func moneyEnds() async throws {
        try await onLine { house, cast, line, phone in
            var said: [String] = []
            // 10.00 at 1.99 a minute last 301 seconds.
            let player = try await play(
                """
                call \(line.number) from \(phone)
                expect verdict putThrough
                expect minutesLeft 5
                answered
                talk 20m
                expect record.stage hungUp
                expect record.billedSeconds 301
                expect record.charge.minor 998
                hangup
                expect record.charge.minor 998
                """, on: house, as: line.telephoneSwitch
            ) { said.append($0.said) }
            #expect(player.records.map(\.charge.minor) == [998])
            #expect(player.records.map(\.overrun) == [.zero])
            #expect(said.filter { $0 == "hang up" }.count == 1)
            #expect(said.filter { $0 == "extend" }.count >= 2)
            #expect(said.filter { $0 == "progress" }.count >= 3)
            try await cast.proveLedger()
        }
    }

    @Test("E1 a top-up in the middle of a call lets the switch talk on")
    func moneyComes() async throws {
        try await onLine { house, cast, line, phone in
            var paid = false
            let player = SwitchPlayer(house, as: line.telephoneSwitch.guest, name: 5) { until in
                try await house.advance(to: until)
                guard !paid else { return }
                paid = true
                try await cast.topUp(line, phone, 1_000)
            }
            try await player.play(
                SwitchScript(
                    """
                    call \(line.number) from \(phone)
                    answered
                    talk 10m
                    hangup
                    expect record.billedSeconds 600
                    expect record.charge.minor 1990
                    """))
            #expect(player.records.count == 1)
        }
    }

    @Test(
        "a message said again acts once, a silent switch loses its call, and a caller without money is turned away"
    )
    func repeats() async throws {
        try await onLine { house, cast, line, phone in
            let player = try await play(
                """
                call \(line.number) from +4930000000 other
                expect verdict noBalance
                call \(line.number) from withheld \(phone)
                again
                answered
                talk 60s
                hangup
                again
                expect record.charge.minor 199
                expect record.withheld true
                call \(line.number) from \(phone)
                fail
                expect record.stage notPutThrough
                call \(line.number) from \(phone)
                answered
                wait 2h
                hangup
                refused wrongState
                """, on: house, as: line.telephoneSwitch)
            #expect(player.turnedAway == [.noBalance])
            #expect(player.records.map(\.stage) == [.hungUp, .hungUp, .notPutThrough])
            let stages = try await cast.calls(line).map(\.stage)
            #expect(stages == [.lost, .notPutThrough, .hungUp, .turnedAway])
        }
    }

    @Test("D7 a switch ends the call that the house has ended, and asks for the number of a preliminary call")
    func houseEnds() async throws {
        try await inHouse { house in
            let (cast, desk) = try await Cast.openCalls(house)
            let listing = try await cast.publishLead().listing.listing
            let activated = try await cast.activate(cast.buyers[0], listing)
            var bought = false
            var said: [String] = []
            let player = SwitchPlayer(house, as: desk.telephoneSwitch.guest, name: 9) { until in
                try await house.advance(to: until)
                guard !bought else { return }
                bought = true
                _ = try await cast.buy(cast.buyers[1], listing)
                try await house.settle()
            } tell: {
                said.append("\($0.said) → \($0.heard)")
            }
            try await player.play(
                SwitchScript(
                    """
                    call \(activated.answer.proxyNumber) from \(activated.number.filter { $0 != " " })
                    expect verdict putThrough
                    answered
                    talk 9m
                    expect record.stage endedByHouse
                    hangup
                    """))
            #expect(said.contains("route → a number"))
            #expect(player.records.map(\.stage) == [.endedByHouse])
        }
    }

    @Test("a play ends at an expectation that fails, and at a refusal that nobody expected, with the line")
    func failures() async throws {
        try await onLine { house, cast, line, phone in
            func unmet(_ text: String, name: UInt64) async -> ScriptUnmet? {
                await #expect(throws: ScriptUnmet.self) {
                    try await play(text, on: house, as: line.telephoneSwitch, name: name)
                }
            }
            let verdict = await unmet(
                "call \(line.number) from \(phone)\n\nexpect verdict noBalance", name: 2)
            #expect(verdict?.description == "line 3: verdict: expected noBalance, found putThrough")
            let field = await unmet("call \(line.number) from \(phone)\nexpect a.b 1", name: 3)
            #expect(field?.found.hasPrefix("no field 'a' in {") == true)
            let code = await unmet("call 1 from 2\nrefused wrongState", name: 4)
            #expect(code?.expected == "wrongState")
            let none = await unmet("call \(line.number) from \(phone)\nrefused wrongState", name: 5)
            #expect(none?.found == "no refusal")
            for text in ["call 1 from 2", "call 1 from 2\nanswered"] {
                let refusal = await #expect(throws: Refusal.self) {
                    try await play(text, on: house, as: line.telephoneSwitch, name: 6)
                }
                #expect(refusal?.reason == .notFound)
            }
        }
    }
}
