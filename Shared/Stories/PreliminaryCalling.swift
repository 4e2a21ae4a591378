import Kernel
import Messages
import Wire

/// The house's telephone switch and its pool of proxy numbers, in a marketplace of preliminary calls.
public struct ProxyDesk: Sendable {
    public let telephoneSwitch: Player
    public let numbers: [String]
}

/// A buyer with a preliminary call under way.
public struct Activated: Sendable {
    public let buyer: Player
    /// From where the buyer calls.
    public let number: String
    public let answer: CallActivated
    public var id: OrderID { answer.activation }
}

extension Cast {
    /// A marketplace of preliminary calls with a pool of so many proxy numbers. A lead costs 40.00, frozen with VAT 48.00.
    public static func openCalls(
        _ house: any House, operator guest: Guest = Cast.firstOperator, buyers: Int = 2,
        funds: Int64 = 200_000,
        numbers: Int = 3, _ change: (inout Policy) -> Void = { _ in }
    ) async throws -> (Cast, ProxyDesk) {
        var policy = Policy.preliminaryCall
        change(&policy)
        let cast = try await openMarketplace(
            house, operator: guest, policy: policy, buyers: buyers, funds: funds)
        return (cast, try await cast.openDesk(numbers: numbers))
    }

    private func openDesk(numbers count: Int) async throws -> ProxyDesk {
        let numbers = (0..<count).map { "7495\(1_000_000 + Int(marketplace.raw) * 100 + $0)" }
        try await addNumbers(numbers)
        let guest = Guest(
            marketplace: marketplace, email: "house.switch.m\(marketplace)@example.com",
            password: "pass of the house's switch")
        var register = RegisterSwitch()
        register.email = PersonalText(guest.email)
        register.name = PersonalText("House switch")
        register.password = guest.password
        register.marketplace = marketplace
        let party = try await act(register, as: `operator`).party
        let player = Player(name: "House switch", guest: guest, party: party, language: policy.language)
        return ProxyDesk(telephoneSwitch: player, numbers: numbers)
    }

    @discardableResult
    public func addNumbers(_ add: [String], retire: [String] = []) async throws -> ProxyPool {
        var set = SetProxyNumbers()
        set.marketplace = marketplace
        set.add = add
        set.retire = retire
        return try await act(set, as: `operator`)
    }

    public func pool() async throws -> ProxyPool {
        var query = GetProxyPool()
        query.marketplace = marketplace
        return try await house.ask(query, as: `operator`)
    }

    public func activation(of listing: ListingID, from number: String) -> ActivateCall {
        var activate = ActivateCall()
        activate.listing = listing
        activate.callFrom = PersonalText(number)
        return activate
    }

    /// A buyer activates a preliminary call, from a number of its own.
    public func activate(_ buyer: Player, _ listing: ListingID) async throws -> Activated {
        let number = newCallerNumber()
        let answer = try await act(activation(of: listing, from: number), as: buyer.guest)
        return Activated(buyer: buyer, number: number, answer: answer)
    }

    public func view(_ activated: Activated) async throws -> ActivationView {
        var query = GetActivation()
        query.activation = activated.id
        return try await house.ask(query, as: activated.buyer.guest)
    }

    public func buy(_ buyer: Player, _ listing: ListingID) async throws -> OrderPaid {
        var buy = BuyLead()
        buy.listing = listing
        return try await act(buy, as: buyer.guest)
    }

    public func decline(_ activated: Activated) async throws {
        var decline = DeclineLead()
        decline.activation = activated.id
        try await act(decline, as: activated.buyer.guest)
    }

    public func leadCalls(_ activated: Activated) async throws -> [CallRecord] {
        var query = ListLeadCalls()
        query.activation = activated.id
        return try await house.ask(query, as: activated.buyer.guest).calls
    }

    // MARK: The switch

    public func arrival(to called: String, from number: String) async throws -> CallArrived {
        var arrived = CallArrived()
        arrived.switchCall = newSwitchCall()
        arrived.called = called
        arrived.presented = PersonalText(number)
        arrived.at = try await house.now()
        return arrived
    }

    /// A call to a proxy number.
    public func dial(_ desk: ProxyDesk, _ called: String, from number: String) async throws -> CallRouted {
        try await act(try await arrival(to: called, from: number), as: desk.telephoneSwitch.guest)
    }

    /// The buyer's call is put through, and a person answers at once.
    public func converse(_ desk: ProxyDesk, _ activated: Activated) async throws -> CallRouted {
        let routed = try await dial(desk, activated.answer.proxyNumber, from: activated.number)
        try expect("verdict", routed.verdict, .putThrough)
        try await report(desk, routed.call, .answeredByPerson)
        return routed
    }

    @discardableResult
    public func report(
        _ desk: ProxyDesk, _ call: CallID, _ report: CallReport, at moment: Instant? = nil
    ) async throws -> CallStanding {
        try await act(try await said(call, report, at: moment), as: desk.telephoneSwitch.guest)
    }

    @discardableResult
    public func hangUp(_ desk: ProxyDesk, _ call: CallID, putThrough: Bool = true) async throws -> CallRecord
    {
        var end = EndCall()
        end.call = call
        end.at = try await house.now()
        end.putThrough = putThrough
        return try await act(end, as: desk.telephoneSwitch.guest).record
    }

    /// A whole conversation of this length.
    @discardableResult
    public func talk(_ desk: ProxyDesk, _ activated: Activated, for span: Duration64) async throws
        -> CallRecord
    {
        let routed = try await converse(desk, activated)
        try await house.advance(by: span)
        return try await hangUp(desk, routed.call)
    }

    /// The prospect's number, as the vault tells the switch.
    public func route(_ desk: ProxyDesk, _ routed: CallRouted) async throws -> String {
        var route = RouteCall()
        route.activation = routed.activation
        route.call = routed.call
        return try await act(route, as: desk.telephoneSwitch.guest).number.plaintext ?? ""
    }

    public func fishing(
        _ call: CallID, _ words: String, _ source: FishingSource = .reported
    ) async throws -> ReportFishing {
        var report = ReportFishing()
        report.call = call
        report.at = try await house.now()
        report.source = source
        report.words = PersonalText(words)
        return report
    }

    /// The number of commands to hang up that the switch was told for a call.
    public func hangUpsTold(_ desk: ProxyDesk, _ call: CallID) async throws -> Int {
        let items = try await inbox(of: desk.telephoneSwitch.guest)
        return items.filter { $0.event == .callMustEnd && $0.subject == call.raw }.count
    }
}
