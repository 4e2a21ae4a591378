import Kernel
import Messages

extension Scenario {
    /// Why a balance was not found (E11), and what the house charges by the month (E13).
    static let lineServices: [Scenario] = [
        Scenario("E11 a call whose balance was not found shows the nearest numbers that paid in") { house in
            let cast = try await Cast.openPrepaid(house)
            let line = try await cast.openLine()
            let number = cast.newCallerNumber()
            // 4 for 5 at the very end, two digits in the wrong order, and one left out.
            let last = try present("a last digit", number.last?.wholeNumberValue)
            let typo = number.dropLast() + "\((last + 1) % 10)"
            let shorter = String(number.dropLast())
            let far = number.dropLast(2) + "\((last + 5) % 10)\((last + 5) % 10)"
            for paid in [String(typo), shorter, String(far)] { try await cast.topUp(line, paid, 1_000) }
            let routed = try await cast.ring(line, from: number)
            try expect("not found", routed.verdict, .noBalance)
            let found = try await cast.diagnose(routed.call, as: line.provider)
            try expect("the call", found.record.verdict, .noBalance)
            try expect("none of its own", found.hasBalance, false)
            try expect("as seen", found.number.plaintext, Self.digits(number))
            let near = found.nearest.map { $0.number.plaintext ?? "" }
            try expect("the nearest", Set(near), Set([Self.digits(String(typo)), Self.digits(shorter)]))
            try expect("their top-ups", found.nearest.map(\.topUps), [1, 1])
            try expect(
                "their money", found.nearest.map(\.funds.paid), [cast.money(1_000), cast.money(1_000)])
            // Once the number is put right, the call finds its balance.
            var change = ChangeCallerNumber()
            change.profile = line.profile
            change.caller = try present(
                "the typo", found.nearest.first { $0.number.plaintext == Self.digits(String(typo)) }
            )
            .caller
            change.number = PersonalText(number)
            try await cast.act(change, as: line.provider.guest)
            let again = try await cast.ring(line, from: number)
            try expect("found", again.verdict, .putThrough)
            try expect("its own", try await cast.diagnose(again.call, as: line.provider).hasBalance)
        },
        Scenario("E11 a withheld number is masked, and so is what is near it; others' calls do not exist") {
            house in
            let cast = try await Cast.openPrepaid(house)
            let line = try await cast.openLine()
            let number = cast.newCallerNumber()
            let last = try present("a last digit", number.last?.wholeNumberValue)
            let typo = String(number.dropLast() + "\((last + 1) % 10)")
            try await cast.topUp(line, typo, 1_000)
            var arrived = try await cast.arrival(at: line, from: number)
            arrived.networkProvided = arrived.presented
            arrived.presented = PersonalText()
            let routed = try await cast.act(arrived, as: line.telephoneSwitch.guest)
            let found = try await cast.diagnose(routed.call, as: line.provider)
            try expect("masked", found.number.plaintext, "•••" + number.suffix(3))
            try expect("masked too", found.nearest.map(\.number.plaintext), ["•••" + typo.suffix(3)])
            // Balances of another profile are none of this one's (E12).
            let other = try await cast.openLine(index: 1, telephoneSwitch: line.telephoneSwitch)
            let elsewhere = try await cast.ring(other, from: number)
            try expect(
                "none there", try await cast.diagnose(elsewhere.call, as: line.provider).nearest.count, 0)
            var query = DiagnoseCall()
            query.call = routed.call
            let stranger = try await cast.join("Another provider", .seller)
            try await house.refuses(.notFound, query, as: stranger.guest)
            try await house.refuses(.forbidden, query, as: line.telephoneSwitch.guest)
            query.call = CallID(.max)
            try await house.refuses(.notFound, query, as: line.provider.guest)
            // Once the number is erased there is nothing to show or to compare with (F5).
            var erase = EraseCaller()
            erase.caller = found.record.caller
            try await cast.act(erase, as: line.provider.guest)
            let after = try await cast.diagnose(routed.call, as: line.provider)
            try expect("gone", after.number.isEmpty && after.nearest.isEmpty)
        },
        Scenario(
            "E13 paid-in money stays whole, and the month's fees come in a statement at the start of the next"
        ) {
            house in
            let cast = try await Cast.openPrepaid(house)
            let line = try await cast.openLine()
            _ = try await cast.openLine(index: 1, telephoneSwitch: line.telephoneSwitch)
            let number = cast.newCallerNumber()
            try await cast.topUp(line, number, 5_000)
            let back = try await cast.topUp(line, number, 1_000)
            var charge = ChargeBackTopUp()
            charge.payment = back.payment
            charge.reason = "the bank took it back"
            try await cast.act(charge, as: line.provider.guest)
            let end = try await cast.monthEnd()
            try await house.advance(to: end - .microsecond)
            try expect("nothing taken yet", try await cast.statements(of: line.provider).count, 0)
            let provider = try await cast.balance(of: line.provider)
            try expect("undeducted", [provider.owed, provider.posted].map(\.minor), [0, 0])
            try await house.advance(to: end)
            let papers = try await cast.statements(of: line.provider)
            // 2 profiles at 9.00, 3 % of 50.00, and 19 % VAT.
            try expect("one", papers.map(\.total), [cast.money(2_321)])
            try expect("about", papers.map(\.subject), [.lineFees])
            try expect(
                "fee and VAT", [papers[0].price, papers[0].fee, papers[0].vat].map(\.minor), [0, 1_950, 371])
            var get = GetInvoice()
            get.invoice = papers[0].invoice
            let paper = try await house.ask(get, as: line.provider.guest).content
            for words in ["Monthly fee for billing profiles (2)", "Share of top-ups of", "Month: "] {
                try expect("\(words) in \(paper)", paper.contains(words))
            }
            try await cast.mailed(line.provider, .invoiceIssued)
            try await cast.mailed(line.provider, .receivableDue)
            try expect("owed", try await cast.balance(of: line.provider).owed, cast.money(2_321))
            let stranger = try await cast.join("Another provider", .seller)
            try await house.refuses(.notFound, get, as: stranger.guest)
            // The next month: what is on the balance goes for the old debt too.
            try await cast.topUp(line.provider, 5_000)
            try await house.advance(to: try await cast.monthEnd())
            try expect(
                "profiles alone", try await cast.statements(of: line.provider).map(\.total),
                [cast.money(2_142), cast.money(2_321)])
            let paid = try await cast.balance(of: line.provider)
            try expect("settled", paid.owed, cast.money(0))
            try expect("left", paid.available, cast.money(5_000 - 2_321 - 2_142))
            try await cast.proveLedger()
        },
        Scenario("E13 months end by the marketplace's clock, and a closed provider gets one last statement") {
            house in
            var policy = Policy.prepaidLine
            policy.lineFees.monthly = 1_000
            policy.lineFees.share = BasisPoints(0)
            policy.vat = BasisPoints(0)
            policy.zoneMinutes = -300
            policy.summerTime = false
            let cast = try await Cast.openMarketplace(house, policy: policy, buyers: 0, funds: 0)
            let line = try await cast.openLine()
            let end = try await cast.monthEnd()
            try await house.advance(to: end - .microsecond)
            try expect("not yet", try await cast.statements(of: line.provider).count, 0)
            try await house.advance(to: end)
            try expect("then", try await cast.statements(of: line.provider).map(\.total), [cast.money(1_000)])
            try await cast.act(CloseParty(), as: line.provider.guest)
            try await house.advance(by: .days(70))
            var query = ListInvoices()
            query.party = line.provider.party
            let papers = try await house.ask(query, as: cast.operator).invoices
            try expect("one more, and no other", papers.map(\.total), [cast.money(1_000), cast.money(1_000)])
            try await cast.proveLedger()
        },
    ]

    /// A number as the house writes it.
    private static func digits(_ number: String) -> String { number.filter { $0.isNumber } }
}

extension Cast {
    public func diagnose(_ call: CallID, as player: Player) async throws -> CallDiagnosis {
        var query = DiagnoseCall()
        query.call = call
        return try await house.ask(query, as: player.guest)
    }

    /// The statements of a provider's prepaid lines, newest first.
    public func statements(of provider: Player) async throws -> [InvoiceSummary] {
        try await house.ask(ListInvoices(), as: provider.guest).invoices.filter { $0.subject == .lineFees }
    }

    /// When the next month begins on the marketplace's wall clock.
    public func monthEnd() async throws -> Instant {
        let date = policy.zone.wall(try await house.now()).date
        let isLast = date.month == 12
        return policy.zone.start(
            of: CivilDate(year: date.year + (isLast ? 1 : 0), month: isLast ? 1 : date.month + 1, day: 1))
    }
}
