import Kernel
import Messages
import Wire

/// A provider of a prepaid line, its switch, and one billing profile with a tariff and a service line.
public struct Line: Sendable {
    public let provider: Player
    public let telephoneSwitch: Player
    public let profile: BillingProfileID
    public let number: String
}

extension Cast {
    /// A number that nobody in the installation has called from.
    public func newCallerNumber() -> String { newProspect().phone }

    /// 1.99 a minute from a landline and 2.99 from a mobile, by the second from the conversation on.
    public static var usualTerms: TariffTerms {
        var terms = TariffTerms()
        terms.prices.landline = 199_000
        terms.prices.mobile = 299_000
        terms.prices.other = 399_000
        terms.firstIncrement = 1
        terms.nextIncrement = 1
        return terms
    }

    /// Opens a line for the seller, or for another provider; `index` tells several of one marketplace apart.
    public func openLine(
        of player: Player? = nil, index: Int = 0, telephoneSwitch known: Player? = nil,
        _ change: (inout TariffTerms) -> Void = { _ in }
    ) async throws -> Line {
        let provider = player ?? seller
        let telephoneSwitch =
            if let known { known } else { try await registerSwitch(of: provider, index: index) }
        var set = profile(index: index)
        set.lines[0].target = "queue-\(index)"
        let profile = try await act(set, as: provider.guest).profile.profile
        var tariff = SetTariff()
        tariff.profile = profile
        tariff.terms = Self.usualTerms
        change(&tariff.terms)
        try await act(tariff, as: provider.guest)
        return Line(
            provider: provider, telephoneSwitch: telephoneSwitch, profile: profile,
            number: set.lines[0].number)
    }

    /// The settings of a new profile with one line, and top-ups of 10.00, 20.00 (+1.00) and 50.00 (+5.00).
    public func profile(index: Int = 0) -> SetBillingProfile {
        var set = SetBillingProfile()
        set.name = "Advice \(index)"
        set.topUps = [
            OfferedTopUp(amount: 1_000, bonus: 0), OfferedTopUp(amount: 2_000, bonus: 100),
            OfferedTopUp(amount: 5_000, bonus: 500),
        ]
        var line = ServiceLine()
        line.number = "49900\(1_000 * Int(marketplace.raw) + index)"
        line.site = "advice-\(index).example"
        line.target = "queue-\(index)"
        set.lines = [line]
        return set
    }

    public func registerSwitch(of provider: Player, index: Int = 0) async throws -> Player {
        let guest = Guest(
            marketplace: marketplace, email: "switch\(index).p\(provider.party)@example.com",
            password: "pass of switch \(index)")
        var register = RegisterSwitch()
        register.email = PersonalText(guest.email)
        register.name = PersonalText("Switch \(index)")
        register.password = guest.password
        let party = try await act(register, as: provider.guest).party
        return Player(name: "Switch \(index)", guest: guest, party: party, language: provider.language)
    }

    /// A caller's top-up, paid unless the method says otherwise.
    @discardableResult
    public func topUp(
        _ line: Line, _ number: String, _ minor: Int64, method: String = "sandbox"
    ) async throws -> CallerTopUpStarted {
        var topUp = TopUpCaller()
        topUp.profile = line.profile
        topUp.number = PersonalText(number)
        topUp.amount = money(minor)
        topUp.method = method
        return try await act(topUp, as: nil)
    }

    @discardableResult
    public func adjust(
        _ line: Line, _ number: String, _ change: BalanceChange, _ minor: Int64, reason: String = "chat"
    ) async throws -> CallerAdjusted {
        var adjust = AdjustCaller()
        adjust.profile = line.profile
        adjust.number = PersonalText(number)
        adjust.change = change
        adjust.amount = money(minor)
        adjust.reason = reason
        return try await act(adjust, as: line.provider.guest)
    }

    public func caller(_ number: String, as provider: Player) async throws -> CallerID {
        var find = FindCaller()
        find.number = PersonalText(number)
        return try await house.ask(find, as: provider.guest).caller
    }

    public func view(_ line: Line, _ number: String) async throws -> CallerView {
        var query = GetCaller()
        query.profile = line.profile
        query.caller = try await caller(number, as: line.provider)
        return try await house.ask(query, as: line.provider.guest)
    }

    public func transactions(
        _ line: Line, _ number: String, _ change: (inout ListCallerTransactions) -> Void = { _ in }
    ) async throws -> [CallerTransaction] {
        var query = ListCallerTransactions()
        query.profile = line.profile
        query.caller = try await caller(number, as: line.provider)
        change(&query)
        return try await house.ask(query, as: line.provider.guest).transactions
    }

    public func calls(
        _ line: Line, _ number: String? = nil
    ) async throws -> [CallRecord] {
        var query = ListCalls()
        query.profile = line.profile
        if let number { query.caller = try await caller(number, as: line.provider) }
        return try await house.ask(query, as: line.provider.guest).calls
    }

    // MARK: The switch

    public func arrival(
        at line: Line, from number: String, _ kind: LineType = .landline
    ) async throws -> CallArrived {
        var arrived = CallArrived()
        arrived.switchCall = newSwitchCall()
        arrived.called = line.number
        arrived.presented = PersonalText(number)
        arrived.line = kind
        arrived.at = try await house.now()
        return arrived
    }

    /// A call that arrives.
    public func ring(
        _ line: Line, from number: String, _ kind: LineType = .landline
    ) async throws -> CallRouted {
        try await act(
            try await arrival(at: line, from: number, kind), as: line.telephoneSwitch.guest)
    }

    @discardableResult
    public func report(
        _ line: Line, _ call: CallID, _ report: CallReport, at moment: Instant? = nil
    ) async throws -> CallStanding {
        try await act(
            try await said(call, report, at: moment), as: line.telephoneSwitch.guest)
    }

    public func said(_ call: CallID, _ report: CallReport, at moment: Instant? = nil) async throws
        -> ReportCall
    {
        let now = try await house.now()
        var command = ReportCall()
        command.call = call
        command.report = report
        command.at = moment ?? now
        return command
    }

    @discardableResult
    public func hangUp(_ line: Line, _ call: CallID, putThrough: Bool = true) async throws -> CallRecord {
        var end = EndCall()
        end.call = call
        end.at = try await house.now()
        end.putThrough = putThrough
        let record = try await act(end, as: line.telephoneSwitch.guest).record
        let onFile = try await calls(line).first { $0.call == call }
        try expect("the call on file", onFile, record)
        return record
    }

    /// A whole conversation with a person, of this length.
    @discardableResult
    public func talk(
        _ line: Line, from number: String, for span: Duration64, _ kind: LineType = .landline
    ) async throws -> CallRecord {
        let routed = try await ring(line, from: number, kind)
        try expect("verdict", routed.verdict, .putThrough)
        try await report(line, routed.call, .answeredByPerson)
        try await house.advance(by: span)
        return try await hangUp(line, routed.call)
    }
}
