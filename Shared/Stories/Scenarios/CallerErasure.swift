import Kernel
import Messages

extension Scenario {
    /// What becomes of callers' numbers and of telephone switches (F5).
    static let callerErasure: [Scenario] = [
        Scenario("F5 a caller's number is forgotten: whoever calls from it again is somebody new") { house in
            let cast = try await Cast.openPrepaid(house)
            let line = try await cast.openLine()
            let (number, other) = (cast.newCallerNumber(), cast.newCallerNumber())
            for one in [number, other] { try await cast.topUp(line, one, 1_000) }
            let caller = try await cast.caller(number, as: line.provider)
            var erase = EraseCaller()
            erase.caller = caller
            let stranger = try await cast.join("Another provider", .seller)
            try await house.refuses(.notFound, erase, as: stranger.guest)
            try await house.refuses(.forbidden, erase, as: line.telephoneSwitch.guest)
            try await cast.act(erase, as: line.provider.guest)
            try await house.refuses(.notFound, erase, as: line.provider.guest)
            var find = FindCaller()
            find.number = PersonalText(number)
            try await house.refuses(.notFound, find, as: line.provider.guest)
            try expect("nothing to call on", try await cast.ring(line, from: number).verdict, .noBalance)
            try expect("somebody new", try await cast.caller(number, as: line.provider) != caller)
            try expect("others stay", try await cast.ring(line, from: other).verdict, .putThrough)
            // What was paid in stays in the books, under an id that nobody has.
            var get = GetCaller()
            get.profile = line.profile
            get.caller = caller
            let left = try await house.ask(get, as: line.provider.guest)
            try expect("in the books", left.funds.paid, cast.money(1_000))
            erase.caller = try await cast.caller(other, as: line.provider)
            try await cast.act(erase, as: cast.operator)
            try await cast.proveLedger()
        },
        Scenario(
            "F5 a provider retires a telephone switch, and a closed one takes its switches and callers along"
        ) {
            house in
            let cast = try await Cast.openPrepaid(house)
            let line = try await cast.openLine()
            let second = try await cast.registerSwitch(of: line.provider, index: 1)
            let number = cast.newCallerNumber()
            try await cast.topUp(line, number, 1_000)
            let routed = try await cast.ring(line, from: number)
            try await cast.report(line, routed.call, .answeredByPerson)
            var close = CloseParty()
            close.party = line.telephoneSwitch.party
            let stranger = try await cast.join("Another provider", .seller)
            try await house.refuses(.notFound, close, as: stranger.guest)
            try await house.refuses(.forbidden, close, as: second.guest)
            try await cast.act(close, as: line.provider.guest)
            // By its token or by its state: it takes no call any more.
            let refusal = try await house.refusal(
                of: try await cast.arrival(at: line, from: number), as: line.telephoneSwitch.guest)
            try expect("no more calls", refusal != nil)
            // The call that it reported is settled by itself.
            try await house.advance(by: .minutes(11))
            try expect("settled", try await cast.calls(line).map(\.stage), [.lost])
            let next = Line(
                provider: line.provider, telephoneSwitch: second, profile: line.profile, number: line.number)
            try expect("the other goes on", try await cast.ring(next, from: number).verdict, .putThrough)
            try await cast.act(CloseParty(), as: line.provider.guest)
            let last = try await house.refusal(
                of: try await cast.arrival(at: next, from: number), as: second.guest)
            try expect("nor the other's", last != nil)
            try await cast.proveLedger()
        },
        Scenario(
            "E1 a switch that asks for more at the end of the money has spoken: its call is not lost before"
        ) {
            house in
            let cast = try await Cast.openPrepaid(house)
            let line = try await cast.openLine()
            let number = cast.newCallerNumber()
            try await cast.topUp(line, number, 1_000)
            let routed = try await cast.ring(line, from: number)
            try await cast.report(line, routed.call, .answeredByPerson)
            try await cast.report(line, routed.call, .extend)
            try await house.advance(by: .minutes(5))
            // 301 seconds are paid for: not one more is covered.
            let standing = try await cast.report(line, routed.call, .extend)
            try expect("exhausted", standing.exhausted)
            try await house.advance(by: .minutes(11))
            let record = try present("a record", try await cast.calls(line).first)
            try expect("lost", record.stage, .lost)
            try expect("charged until its last word", record.length, .seconds(300))
            try expect("charge", record.charge, cast.money(995))
        },
    ]
}
