import Kernel
import Messages
import Wire

/// A party of a story.
public struct Player: Hashable, Sendable {
    public let name: String
    public let guest: Guest
    public let party: PartyID
    public let language: Language
}

/// A person who asked for an offer.
public struct Prospect: Hashable, Sendable {
    public var name: String
    public var phone: String
    public var email: String
    public var address: String
}

/// A lead that found its buyer, paid and revealed unless the marketplace asks for payment after the award.
public struct Sale: Hashable, Sendable {
    public let listing: ListingID
    public let order: OrderID
    public let contact: ContactID
    public let prospect: Prospect
    public let buyer: Player
    public let price: Money
}

/// The parties of one marketplace and what they usually do, on any ``House``.
///
/// Every marketplace has a number of its own, and e-mail addresses and telephone numbers are made from it, so that
/// any number of casts live in one installation.
public final class Cast {
    public let house: any House
    public let `operator`: Guest
    public let marketplace: MarketplaceID
    public let policy: Policy
    public private(set) var seller: Player
    public private(set) var buyers: [Player] = []
    private var prospects = 0
    private var switchCalls: UInt64 = 0

    /// The operator of a fresh installation.
    public static let firstOperator = Guest(
        marketplace: .none, email: "operator@gavel.localhost", password: "operate the house")

    private init(
        _ house: any House, _ guest: Guest, _ marketplace: MarketplaceID, _ policy: Policy
    ) {
        self.house = house
        self.operator = guest
        self.marketplace = marketplace
        self.policy = policy
        seller = Player(name: "", guest: guest, party: .none, language: .english)
    }

    /// Opens a marketplace with a verified seller, whose payout account is linked, and verified buyers with money.
    public static func openMarketplace(
        _ house: any House, operator guest: Guest = Cast.firstOperator, policy: Policy = Policy(),
        buyers: Int = 2, funds: Int64 = 100_000
    ) async throws -> Cast {
        try await appear(house, guest)
        let cast = Cast(house, guest, try await freeNumber(house, guest), policy)
        try await cast.publish(policy)
        cast.seller = try await cast.join("Ahrens Solar", .seller)
        try await cast.linkPayoutAccount(cast.seller)
        try await cast.awaitPayoutAccount(cast.seller)
        let names = ["Bergmann", "Clausen", "Dietrich", "Ebert", "Falk"]
        for index in 0..<buyers {
            let buyer = try await cast.join(names[index % names.count] + " \(index + 1)", .buyer)
            if funds > 0 { try await cast.topUp(buyer, funds) }
            cast.buyers.append(buyer)
        }
        return cast
    }

    /// Makes the first operator unless there is one.
    private static func appear(_ house: any House, _ guest: Guest) async throws {
        guard let refusal = try await house.refusal(of: GetParty(), as: guest) else { return }
        guard refusal.reason == .credentialsWrong else { throw refusal }
        try await house.bootstrap(email: guest.email, password: guest.password)
        try await house.settle()
    }

    private static func freeNumber(_ house: any House, _ guest: Guest) async throws -> MarketplaceID {
        var query = ListMarketplaces()
        query.limit = 100
        while let last = try await house.ask(query, as: guest).marketplaces.last {
            query.after = last.marketplace
        }
        return MarketplaceID(query.after.raw + 1)
    }

    // MARK: Parties

    /// Publishes the marketplace, or the next version of its policy.
    public func publish(_ policy: Policy) async throws {
        var publish = PublishMarketplace()
        publish.marketplace = marketplace
        publish.name = "Market \(marketplace)"
        publish.policy = policy
        try await act(publish, as: `operator`)
    }

    /// Sends a command and waits until all that follows from it has happened.
    @discardableResult
    public func act<C: Command>(_ command: C, as guest: Guest?) async throws -> C.Answer {
        let answer = try await house.send(command, as: guest)
        try await house.settle()
        return answer
    }

    /// Registers somebody who has not confirmed the e-mail address yet.
    public func register(_ name: String, _ roles: Roles, language: Language = .english) async throws -> Player
    {
        let word = name.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
        let guest = Guest(
            marketplace: marketplace, email: "\(word).m\(marketplace)@example.com",
            password: "pass of \(word)")
        var register = RegisterParty()
        register.marketplace = marketplace
        register.email = PersonalText(guest.email)
        register.name = PersonalText(name)
        register.password = guest.password
        register.roles = roles
        register.language = language
        let party = try await act(register, as: nil).party
        return Player(name: name, guest: guest, party: party, language: language)
    }

    /// Registers somebody, who confirms by the link in the e-mail, and whom the operator verifies.
    public func join(_ name: String, _ roles: Roles, language: Language = .english) async throws -> Player {
        let player = try await register(name, roles, language: language)
        try await confirmEmail(of: player)
        try await verify(player)
        return player
    }

    /// Follows the link in the newest e-mail to `player` that has one.
    public func confirmEmail(of player: Player) async throws {
        let mail = try await house.mail().last { $0.recipient == player.guest.email && $0.token != nil }
        var confirm = ConfirmEmail()
        confirm.token = try present("a link in an e-mail to \(player.guest.email)", mail?.token)
        try await act(confirm, as: nil)
    }

    public func verify(_ player: Player) async throws {
        var verify = VerifyParty()
        verify.party = player.party
        try await act(verify, as: `operator`)
    }

    public func linkPayoutAccount(_ player: Player, reference: String = "acct_story") async throws {
        var link = LinkPayoutAccount()
        link.providerReference = PersonalText(reference)
        try await act(link, as: player.guest)
    }

    /// Waits until the provider has said whether it knows the account: a question that did not reach it, as when a
    /// disk kept the account's name back, is asked again after a pause.
    public func awaitPayoutAccount(_ player: Player) async throws {
        for _ in 0..<8 {
            guard try await house.ask(GetPayoutAccount(), as: player.guest).state == .pending else { return }
            try await house.advance(by: .seconds(5))
            try await house.settle()
        }
    }

    /// Pays into a party's wallet; minor units.
    public func topUp(_ player: Player, _ minor: Int64) async throws {
        var topUp = TopUp()
        topUp.amount = money(minor)
        try await act(topUp, as: player.guest)
    }

    /// An amount in the marketplace's currency; minor units.
    public func money(_ minor: Int64) -> Money { Money(minor, policy.currency) }

    // MARK: Leads

    /// A person whom nobody in the installation has met.
    public func newProspect() -> Prospect {
        prospects += 1
        let number = Int(marketplace.raw) * 1_000 + prospects
        let digits = String(String(10_000_000 + number).dropFirst())
        return Prospect(
            name: "Petra Sommer \(number)", phone: "+49 171 \(digits)",
            email: "petra.sommer.\(number)@mail.example", address: "Lindenweg \(number), 04109 Leipzig")
    }

    /// A switch's name for its next call.
    public func newSwitchCall() -> UInt64 {
        switchCalls += 1
        return switchCalls
    }

    /// Hands a contact to the vault; `proof` shows an inquiry of the prospect's own at `inquiredAt` (F10).
    public func seal(
        _ prospect: Prospect, as player: Player? = nil, proof: String = "", inquiredAt: Instant? = nil
    ) async throws -> ContactID {
        var seal = SealContact()
        seal.name = PersonalText(prospect.name)
        seal.phones = prospect.phone.isEmpty ? [] : [PersonalText(prospect.phone)]
        seal.email = PersonalText(prospect.email)
        seal.address = PersonalText(prospect.address)
        seal.inquiryProof = PersonalText(proof)
        let asked = try await house.now() - Duration64.days(2)
        seal.inquiredAt = inquiredAt ?? asked
        return try await act(seal, as: (player ?? seller).guest).contact
    }

    /// A lead that may be listed as it is, once it names a contact.
    public func lead() async throws -> PublishListing {
        var lead = PublishListing()
        lead.projectType = .photovoltaics
        lead.title = "Photovoltaics for a farmhouse"
        lead.description =
            "A family wants solar power and a battery on a barn, and asks for an offer on site."
        lead.answers = [
            ("goal", "Own power and a lower bill"), ("roofType", "Gable roof, facing south"),
            ("area", "About 90 square metres"),
        ].map { key, text in
            var answer = SetupAnswer()
            answer.question = key
            answer.answer = text
            return answer
        }
        lead.budget = money(2_200_000)
        lead.timeFrame = "within three months"
        lead.region = "Leipzig"
        lead.temperature = .warm
        lead.inquiredAt = try await house.now() - Duration64.days(2)
        lead.startPrice = money(4_000)
        lead.duration = policy.durations[0]
        return lead
    }

    /// Puts a lead of a new prospect on offer.
    public func publishLead(
        _ change: (inout PublishListing) -> Void = { _ in }
    ) async throws -> (listing: ListingPublished, contact: ContactID, prospect: Prospect) {
        let prospect = newProspect()
        var lead = try await lead()
        lead.contact = try await seal(prospect)
        change(&lead)
        return (try await act(lead, as: seller.guest), lead.contact, prospect)
    }

    /// A bid, sent and decided.
    @discardableResult
    public func bid(_ player: Player, on listing: ListingID, _ minor: Int64) async throws -> BidPlaced {
        var bid = PlaceBid()
        bid.listing = listing
        bid.amount = money(minor)
        return try await act(bid, as: player.guest)
    }

    /// Sells a lead of a new prospect to `buyer`, the first one by default, at this price.
    public func sellLead(
        to buyer: Player? = nil, at minor: Int64 = 6_000, _ change: (inout PublishListing) -> Void = { _ in }
    ) async throws -> Sale {
        let buyer = buyer ?? buyers[0]
        let (published, contact, prospect) = try await publishLead(change)
        try await bid(buyer, on: published.listing, minor)
        try await house.advance(to: published.endsAt)
        return Sale(
            listing: published.listing, order: try await order(of: published.listing).order, contact: contact,
            prospect: prospect, buyer: buyer, price: money(minor))
    }

    /// The newest order of a listing, as the operator sees it.
    public func order(of listing: ListingID) async throws -> OrderEntry {
        var query = ListOrders()
        query.marketplace = marketplace
        query.limit = 100
        let orders = try await house.ask(query, as: `operator`).orders
        return try present("an order of listing \(listing)", orders.first { $0.listing == listing })
    }

    /// An order as a party sees it.
    public func order(_ id: OrderID, as player: Player? = nil) async throws -> OrderView {
        var query = GetOrder()
        query.order = id
        return try await house.ask(query, as: player?.guest ?? `operator`)
    }

    public func listing(_ id: ListingID, as player: Player? = nil) async throws -> ListingDetail {
        var query = GetListing()
        query.listing = id
        return try await house.ask(query, as: player?.guest ?? `operator`)
    }

    /// Reads the contact that an order gave.
    public func readContact(_ order: OrderID, as player: Player) async throws -> ContactView {
        var read = ReadContact()
        read.order = order
        return try await house.send(read, as: player.guest)
    }

    // MARK: What parties see

    public func balance(of player: Player, at: Instant? = nil) async throws -> BalanceDetails {
        var query = GetBalance()
        query.at = at
        return try await house.ask(query, as: player.guest)
    }

    /// What is free in a party's wallet, in minor units.
    public func available(_ player: Player) async throws -> Int64 {
        let balance = try await balance(of: player)
        return try present("the free balance", balance.available).minor
    }

    /// The whole inbox of a party, in order of arrival.
    public func inbox(of guest: Guest) async throws -> [InboxItem] {
        try await house.settle()
        var query = ReadInbox()
        query.limit = 100
        var items: [InboxItem] = []
        while true {
            let page = try await house.ask(query, as: guest)
            items += page.items
            guard page.more, let last = page.items.last else { return items }
            query.after = last.item
        }
    }

    /// The newest thing of this kind that a party was told, about this listing or order if one is named.
    @discardableResult
    public func told(
        _ player: Player, _ event: NotificationEvent, listing: ListingID = .none, order: OrderID = .none,
        file: StaticString = #fileID, line: UInt = #line
    ) async throws -> InboxItem {
        let items = try await inbox(of: player.guest)
        let found = items.last {
            $0.event == event && (listing.isNone || $0.listing == listing)
                && (order.isNone || $0.order == order)
        }
        guard let found else {
            throw Unmet(
                "inbox of \(player.name)", expected: "\(event)", found: "\(items.map(\.event))", file: file,
                line: line)
        }
        return found
    }

    /// As ``told(_:_:listing:order:file:line:)``, and the e-mail about it, which must have been sent.
    @discardableResult
    public func mailed(
        _ player: Player, _ event: NotificationEvent, listing: ListingID = .none, order: OrderID = .none,
        file: StaticString = #fileID, line: UInt = #line
    ) async throws -> SpooledMail {
        let item = try await told(player, event, listing: listing, order: order, file: file, line: line)
        guard item.email == .sent else {
            throw Unmet(
                "e-mail \(event) to \(player.name)", expected: "sent", found: "\(item.email) \(item.failure)",
                file: file, line: line)
        }
        let files = try await house.mail().filter { $0.name == SpooledMail.name(of: item.item) }
        try expect("files of e-mail \(event)", files.count, 1, file: file, line: line)
        try expect("recipient of \(event)", files[0].recipient, player.guest.email, file: file, line: line)
        return files[0]
    }

    /// The invoices and credit notes of an order, oldest first, as a party sees them.
    public func invoices(of order: OrderID, as player: Player) async throws -> [InvoiceSummary] {
        var query = ListInvoices()
        query.order = order
        return try await house.ask(query, as: player.guest).invoices.reversed()
    }

    public func report(_ contact: ContactID) async throws -> DataSubjectReport {
        var query = ReportOnContact()
        query.contact = contact
        return try await house.ask(query, as: `operator`)
    }

    /// Proves the ledger sound: sums of zero, no account, hold, number or refund astray (F1).
    public func proveLedger(file: StaticString = #fileID, line: UInt = #line) async throws {
        let report = try await house.ask(GetLedgerReport(), as: `operator`)
        try expect("the ledger is sound", report.sound, file: file, line: line)
        for total in report.totals { try expect("ledger's sum", total.minor, 0, file: file, line: line) }
    }
}
