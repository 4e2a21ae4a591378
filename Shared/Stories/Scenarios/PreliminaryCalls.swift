import Kernel
import Messages
import Wire

extension Cast {
    fileprivate func held(_ player: Player) async throws -> [Int64] {
        let balance = try await balance(of: player)
        let held = try present("what is held", balance.held).minor
        return [try await available(player), held]
    }
}

extension Scenario {
    static let preliminaryCalls = [
        Scenario("D2 a call needs ten minutes' money on top of the frozen price, and each call anew") {
            house in
            // 48.00 are frozen; 480.00 less a kopeck are free.
            let (cast, desk) = try await Cast.openCalls(house, buyers: 1, funds: 4_800 + 48_000 - 1)
            let buyer = cast.buyers[0]
            let listing = try await cast.publishLead().listing.listing
            let activated = try await cast.activate(buyer, listing)
            let number = activated.answer.proxyNumber
            let poor = try await cast.dial(desk, number, from: activated.number)
            try expect("too little", poor.verdict, .tooLittle)
            try await cast.topUp(buyer, 1)
            let routed = try await cast.dial(desk, number, from: activated.number)
            try expect("put through", routed.verdict, .putThrough)
            try expect("reserved", routed.reserved.minor, 48_000)
            try expect("longest", routed.longest, .minutes(10))
            try expect("minutes left", routed.minutesLeft, 10)
            try expect("whose call", routed.activation, activated.id)
            try expect("while it lasts", try await cast.held(buyer), [0, 52_800])
            try expect(
                "no second one", try await cast.dial(desk, number, from: activated.number).verdict, .tooLittle
            )
            try await cast.report(desk, routed.call, .answeredByPerson)
            try await house.advance(by: .seconds(59))
            try expect("one minute", try await cast.hangUp(desk, routed.call).charge.minor, 4_800)
            try expect("the rest is free", try await cast.held(buyer), [43_200, 4_800])
            try expect(
                "each call anew", try await cast.dial(desk, number, from: activated.number).verdict,
                .tooLittle)
            try await cast.proveLedger()
        },
        Scenario("D2 more money lets the call go on, and when it is used up the call ends") { house in
            let (cast, desk) = try await Cast.openCalls(house, buyers: 1, funds: 4_800 + 48_000 + 9_600 + 100)
            let buyer = cast.buyers[0]
            let listing = try await cast.publishLead().listing.listing
            let activated = try await cast.activate(buyer, listing)
            let routed = try await cast.converse(desk, activated)
            let begun = try await house.now()
            let longer = try await cast.report(desk, routed.call, .extend)
            try expect("two minutes more", longer.longest, .minutes(12))
            try expect("the end", longer.moneyEndsAt, begun + .minutes(12))
            try expect("held", try await cast.held(buyer), [100, 62_400])
            let spent = try await cast.report(desk, routed.call, .extend)
            try expect("no more", spent.exhausted, true)
            try expect("the same end", spent.moneyEndsAt, begun + .minutes(12))
            try await house.advance(to: begun + .minutes(6))
            try await cast.report(desk, routed.call, .progress)
            func warnings(_ player: Player) async throws -> Int {
                let items = try await cast.inbox(of: player.guest)
                return items.filter { $0.event == .callMinutesShort }.count
            }
            try await house.advance(to: begun + .minutes(10) - .microsecond)
            try expect("not yet", try await warnings(buyer), 0)
            try await house.advance(to: begun + .minutes(10))
            try expect("the buyer", try await warnings(buyer), 1)
            try expect("the switch", try await warnings(desk.telephoneSwitch), 1)
            try await cast.topUp(buyer, 4_700)
            let more = try await cast.report(desk, routed.call, .extend)
            try expect("by a top-up in mid-call", more.longest, .minutes(13))
            try await house.advance(to: begun + .minutes(14))
            let record = try await cast.hangUp(desk, routed.call)
            try expect("all of it", record.charge.minor, 62_400)
            try expect("nobody pays the rest", record.overrun, .minutes(1))
            try expect("the frozen price is untouched", try await cast.held(buyer), [0, 4_800])
            try await cast.proveLedger()
        },
        Scenario("D3 only a conversation is charged, by the minute, and its VAT is within the price") {
            house in
            let (cast, desk) = try await Cast.openCalls(house, buyers: 1)
            let buyer = cast.buyers[0]
            let listing = try await cast.publishLead().listing.listing
            let activated = try await cast.activate(buyer, listing)
            let unheard = try await cast.dial(desk, activated.answer.proxyNumber, from: activated.number)
            try await house.advance(by: .minutes(1))
            try expect("not answered", try await cast.hangUp(desk, unheard.call).charge.minor, 0)
            let voicemail = try await cast.converse(desk, activated)
            try await cast.report(desk, voicemail.call, .answeredByVoicemail)
            try await house.advance(by: .minutes(2))
            try expect("a voicemail", try await cast.hangUp(desk, voicemail.call).charge.minor, 0)
            try expect("nothing so far", try await cast.held(buyer), [195_200, 4_800])
            for (span, charge) in [
                (Duration64.seconds(60), Int64(4_800)), (.seconds(60) + .microsecond, 9_600),
                (.microsecond, 4_800), (.zero, 0),
            ] {
                let record = try await cast.talk(desk, activated, for: span)
                try expect("after \(span.microseconds) µs", record.charge.minor, charge)
            }
            try expect("19200 in all", try await cast.held(buyer), [176_000, 4_800])
            try await cast.told(buyer, .leadCallCharged)
            let report = try await house.ask(GetLedgerReport(), as: cast.operator)
            func sum(_ kind: AccountClass) -> Int64 {
                report.lines.first { $0.marketplace == cast.marketplace && $0.accountClass == kind }?.posted
                    .minor ?? 0
            }
            try expect("net", sum(.feeRevenue), 16_000)
            try expect("VAT", sum(.vatPayable), 3_200)
            try await cast.proveLedger()
        },
        Scenario("D3 the old flat fee is owed for the attempt, answered or not") { house in
            let (cast, desk) = try await Cast.openCalls(house, buyers: 1) {
                $0.preliminary.perMinute = 0
                $0.preliminary.attemptFee = 19_900
            }
            let listing = try await cast.publishLead().listing.listing
            let activated = try await cast.activate(cast.buyers[0], listing)
            try expect("reserve", activated.answer.reserve.minor, 19_900)
            let unheard = try await cast.dial(desk, activated.answer.proxyNumber, from: activated.number)
            try expect("unanswered", try await cast.hangUp(desk, unheard.call).charge.minor, 19_900)
            let failed = try await cast.dial(desk, activated.answer.proxyNumber, from: activated.number)
            let record = try await cast.hangUp(desk, failed.call, putThrough: false)
            try expect("not put through", record.charge.minor, 0)
            let long = try await cast.talk(desk, activated, for: .minutes(9))
            try expect("however long", long.charge.minor, 19_900)
            try expect("left", try await cast.held(cast.buyers[0]), [195_200 - 39_800, 4_800])
            try await cast.proveLedger()
        },
        Scenario("D3 a lost end is settled by itself, and reports that cannot be change nothing") { house in
            let (cast, desk) = try await Cast.openCalls(house, buyers: 1)
            let listing = try await cast.publishLead().listing.listing
            let activated = try await cast.activate(cast.buyers[0], listing)
            let own = desk.telephoneSwitch.guest
            let routed = try await cast.dial(desk, activated.answer.proxyNumber, from: activated.number)
            let now = try await house.now()
            var end = EndCall()
            end.call = routed.call
            for moment in [
                now - .microsecond, now + .days(1) + .microsecond, .none, Instant(microseconds: .max),
                Instant(microseconds: .min),
            ] {
                try await house.refuses(
                    .invalidValue, try await cast.said(routed.call, .answeredByPerson, at: moment), as: own)
                end.at = moment
                try await house.refuses(.invalidValue, end, as: own)
            }
            try await cast.report(desk, routed.call, .answeredByPerson)
            try await cast.report(desk, routed.call, .answeredByPerson, at: now)
            end.at = now + .seconds(60)
            end.putThrough = false
            try await house.refuses(.wrongState, end, as: own)
            try await house.advance(by: .seconds(61))
            try await cast.report(desk, routed.call, .progress)
            let last = try await house.now()
            try await house.advance(to: last + .minutes(10) - .microsecond)
            try expect("in progress", try await cast.leadCalls(activated).first?.stage, .inProgress)
            try await house.advance(by: .microsecond)
            let record = try present("the call", try await cast.leadCalls(activated).first)
            try expect("lost", record.stage, .lost)
            try expect("to the last word", record.charge.minor, 9_600)
            end.putThrough = true
            end.at = try await house.now()
            try await house.refuses(.wrongState, end, as: own)
            try await house.refuses(.wrongState, try await cast.said(routed.call, .progress), as: own)
            var absurd = try await cast.arrival(to: activated.answer.proxyNumber, from: activated.number)
            for moment in [Instant.none, Instant(microseconds: .max), Instant(microseconds: .min)] {
                absurd.at = moment
                try await house.refuses(.invalidValue, absurd, as: own)
            }
            end.call = CallID(.max)
            try await house.refuses(.notFound, end, as: own)
            try expect("charged once", try await cast.held(cast.buyers[0]), [195_200 - 9_600, 4_800])
            try await cast.proveLedger()
        },
        Scenario(
            "D6 asking for contact data is recorded with its evidence, and ends the call where the policy says"
        ) { house in
            let (cast, desk) = try await Cast.openCalls(house)
            let (_, foreign) = try await Cast.openCalls(house, buyers: 0)
            let listing = try await cast.publishLead().listing.listing
            let activated = try await cast.activate(cast.buyers[0], listing)
            let routed = try await cast.converse(desk, activated)
            try await house.advance(by: .seconds(61))
            let own = desk.telephoneSwitch.guest
            let words = "So, what is your number? – 0171 2345678"
            try await house.refuses(
                .wrongState, try await cast.fishing(routed.call, "How big is the flat?", .transcript), as: own
            )
            try await house.refuses(.invalidText, try await cast.fishing(routed.call, " "), as: own)
            try await house.refuses(.notFound, try await cast.fishing(CallID(.max), words), as: own)
            try await house.refuses(
                .notFound, try await cast.fishing(routed.call, words), as: foreign.telephoneSwitch.guest)
            var report = try await cast.fishing(routed.call, words, .transcript)
            report.at = .none
            try await house.refuses(.invalidValue, report, as: own)
            report.at = try await house.now()
            let recorded = try await cast.act(report, as: own)
            try expect("consequence", recorded.consequence, .callEnded)
            try expect("the first", recorded.strikes, 1)
            // Two minutes begun: whoever fishes pays them.
            let record = try present("the call", try await cast.leadCalls(activated).first)
            try expect("ended", record.stage, .endedByHouse)
            try expect("charged in full", record.charge.minor, 9_600)
            try expect("the switch is told", try await cast.hangUpsTold(desk, routed.call), 1)
            try expect(
                "its end changes nothing", try await cast.hangUp(desk, routed.call).charge.minor, 9_600)
            try expect("goes on", try await cast.view(activated).stage, .active)
            try await cast.mailed(cast.buyers[0], .fishingFound, order: activated.id)
            let again = try await cast.act(try await cast.fishing(routed.call, words), as: own)
            try expect("once a call", again.strike, recorded.strike)
            let seen = try await house.ask(ListStrikes(), as: cast.operator).strikes
            try expect("the evidence", seen.first?.words.plaintext, words)
            let shown = try await house.ask(ListStrikes(), as: cast.buyers[0].guest).strikes
            try expect("its own", shown.map(\.strike), [recorded.strike])
            try expect("not the prospect's words", shown.first?.words.isEmpty, true)
            try expect(
                "nobody else's", try await house.ask(ListStrikes(), as: cast.buyers[1].guest).strikes.count, 0
            )
            var contest = ContestStrike()
            contest.strike = recorded.strike
            try await house.refuses(.invalidText, contest, as: cast.buyers[0].guest)
            contest.reason = PersonalText("I asked for the number of rooms")
            try await house.refuses(.notFound, contest, as: cast.buyers[1].guest)
            var decide = DecideStrike()
            decide.strike = recorded.strike
            decide.stands = false
            try await house.refuses(.wrongState, decide, as: cast.operator)
            try await cast.act(contest, as: cast.buyers[0].guest)
            try await house.refuses(.wrongState, contest, as: cast.buyers[0].guest)
            try await house.refuses(.forbidden, decide, as: cast.buyers[0].guest)
            try await cast.act(decide, as: cast.operator)
            try await cast.mailed(cast.buyers[0], .strikeDecided, order: activated.id)
            let next = try await cast.converse(desk, activated)
            let counted = try await cast.act(try await cast.fishing(next.call, words), as: own)
            try expect("a withdrawn one counts no more", counted.strikes, 1)
        },
        Scenario("D6 a policy may warn, end the activation, or suspend after some strikes") { house in
            for consequence in FishingConsequence.allCases {
                let (cast, desk) = try await Cast.openCalls(house) {
                    $0.preliminary.fishing = consequence
                    $0.preliminary.fishingStrikes = consequence == .warning ? 2 : 0
                }
                let listing = try await cast.publishLead().listing.listing
                let activated = try await cast.activate(cast.buyers[0], listing)
                let routed = try await cast.converse(desk, activated)
                try await house.advance(by: .seconds(10))
                let own = desk.telephoneSwitch.guest
                try await cast.act(try await cast.fishing(routed.call, "your Telegram?"), as: own)
                let call = try present("the call", try await cast.leadCalls(activated).first)
                let stages: (CallStage, ActivationStage) =
                    switch consequence {
                    case .warning: (.inProgress, .active)
                    case .callEnded: (.endedByHouse, .active)
                    case .activationEnded: (.endedByHouse, .forfeited)
                    }
                try expect("call after \(consequence)", call.stage, stages.0)
                try expect("activation after \(consequence)", try await cast.view(activated).stage, stages.1)
                guard consequence == .warning else { continue }
                try await cast.hangUp(desk, routed.call)
                let second = try await cast.converse(desk, activated)
                let recorded = try await cast.act(
                    try await cast.fishing(second.call, "and your e-mail?"), as: own)
                try expect("suspended", recorded.suspended)
                var party = GetParty()
                party.party = cast.buyers[0].party
                try expect("by the vault", try await house.ask(party, as: cast.operator).state, .suspended)
                var query = GetActivation()
                query.activation = activated.id
                let stage = try await house.ask(query, as: cast.operator).stage
                try expect("its activation is stopped", stage, .stopped)
                try expect("the call too", try await cast.hangUpsTold(desk, second.call), 1)
            }
        },
        Scenario("D7 when somebody else buys, every other activation ends at once, live calls too") { house in
            let (cast, desk) = try await Cast.openCalls(house, buyers: 3)
            let listing = try await cast.publishLead().listing.listing
            let talking = try await cast.activate(cast.buyers[0], listing)
            let waiting = try await cast.activate(cast.buyers[1], listing)
            let routed = try await cast.converse(desk, talking)
            try await house.advance(by: .seconds(119))
            let paid = try await cast.buy(cast.buyers[2], listing)
            try expect("bought without a call", paid.total.minor, 4_800)
            for activated in [talking, waiting] {
                let view = try await cast.view(activated)
                try expect("ended", view.stage, .soldToAnother)
                try expect("detached", view.proxyNumber, "")
                try await cast.mailed(activated.buyer, .activationLost, order: activated.id)
            }
            let record = try present("the call", try await cast.leadCalls(talking).first)
            try expect("ended by the house", record.stage, .endedByHouse)
            // 119 seconds: the second minute was begun, and is not charged.
            try expect("one minute", record.charge.minor, 4_800)
            try expect("returned", try await cast.held(cast.buyers[0]), [195_200, 0])
            try expect("untouched", try await cast.held(cast.buyers[1]), [200_000, 0])
            let items = try await cast.inbox(of: desk.telephoneSwitch.guest)
            let told = try present("a command", items.last { $0.event == .callMustEnd })
            try expect("for the call", told.subject, routed.call.raw)
            try await house.advance(by: .seconds(2))
            try expect("its end", try await cast.hangUp(desk, routed.call).charge.minor, 4_800)
            try await house.refuses(
                .wrongState, try await cast.said(routed.call, .progress), as: desk.telephoneSwitch.guest)
            var buy = BuyLead()
            buy.listing = listing
            try await house.refuses(.listingClosed, buy, as: cast.buyers[0].guest)
            try expect("one order", try await cast.order(of: listing).order, paid.order)
            try await cast.proveLedger()
        },
        Scenario("D7 the first minute of a live call is not charged either, nor one that still rings") {
            house in
            let (cast, desk) = try await Cast.openCalls(house, buyers: 3)
            let listing = try await cast.publishLead().listing.listing
            let talking = try await cast.activate(cast.buyers[0], listing)
            let ringing = try await cast.activate(cast.buyers[1], listing)
            _ = try await cast.converse(desk, talking)
            _ = try await cast.dial(desk, ringing.answer.proxyNumber, from: ringing.number)
            try await house.advance(by: .seconds(59))
            _ = try await cast.buy(cast.buyers[2], listing)
            for buyer in cast.buyers.prefix(2) {
                try expect("nothing", try await cast.held(buyer), [200_000, 0])
            }
            try await cast.proveLedger()
        },
        Scenario("F10 a prospect who objects ends preliminary calls") { house in
            let (cast, desk) = try await Cast.openCalls(house)
            let (listing, contact, _) = try await cast.publishLead()
            let activated = try await cast.activate(cast.buyers[0], listing.listing)
            let routed = try await cast.converse(desk, activated)
            try await house.advance(by: .seconds(30))
            let recorded = try await cast.act(
                try await cast.fishing(routed.call, "your number?"), as: desk.telephoneSwitch.guest)
            let next = try await cast.converse(desk, activated)
            var object = ObjectForProspect()
            object.contact = contact
            try await cast.act(object, as: cast.operator)
            try expect("stopped", try await cast.view(activated).stage, .stopped)
            try await cast.told(cast.buyers[0], .activationStopped, order: activated.id)
            try expect("hung up", try await cast.hangUpsTold(desk, next.call), 1)
            try expect("nothing held", try await cast.held(cast.buyers[0]), [200_000 - 4_800, 0])
            let strikes = try await house.ask(ListStrikes(), as: cast.operator).strikes
            let strike = try present("the strike", strikes.first { $0.strike == recorded.strike })
            try expect("the words are destroyed", strike.words.isEmpty)
            var route = RouteCall()
            route.activation = activated.id
            try await house.refuses(.notFound, route, as: desk.telephoneSwitch.guest)
        },
    ]
}
