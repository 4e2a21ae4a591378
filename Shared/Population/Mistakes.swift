import Kernel
import Messages
import Wire

// What people get wrong without meaning harm.
extension Population {
    /// An address that is taken, a password too short, a role that is not given away, a marketplace that is not.
    func registerBadly() {
        guard let known = choose(.buyer) else { return }
        let stranger = stranger("newcomer")
        var register = RegisterParty()
        register.marketplace = known.marketplace
        register.email = PersonalText(known.email.uppercased())
        register.name = PersonalText("Somebody else")
        register.password = "good enough"
        register.roles = .buyer
        stranger.send(register, as: .joining)
        register.email = PersonalText("somebody.\(lastPerson)@people.example")
        var bad = register
        bad.password = "short"
        stranger.send(bad, as: .joining)
        bad = register
        bad.roles = [.buyer, .operator_]
        stranger.send(bad, as: .joining)
        bad = register
        bad.email = PersonalText("no address")
        stranger.send(bad, as: .joining)
        bad = register
        bad.marketplace = MarketplaceID(99)
        stranger.send(bad, as: .joining) { _ in stranger.hangUp() }
        var view = GetMarketplace()
        view.marketplace = known.marketplace
        stranger.ask(view, as: .browsing)
        view.version = 1_000
        stranger.ask(view, as: .browsing)
    }

    /// Follows the link of the e-mail when its time is over; the account is closed by the operator.
    func confirmLate() {
        let late = Person(
            self, "late \(lastPerson + 1)", in: marketplace(0), plan.policy(of: 0), .buyer)
        lastPerson += 1
        late.stage = .joining
        late.register { [self] party in
            late.party = party
            late.send(ResendConfirmation(), as: .joining)
            var verify = VerifyParty()
            verify.party = party
            boss?.send(verify, as: .overseeing)
            later(.days(7) + .hours(2)) { [self] in
                guard let token = port.mail(to: late.email).compactMap(MailToken.found).last else { return }
                var confirm = ConfirmEmail()
                confirm.token = token
                late.send(confirm, as: .mistiming)
                var close = CloseParty()
                close.party = party
                boss?.send(close, as: .governing)
            }
        }
    }

    // MARK: Bids

    /// The highest bidder is bound (A10); whoever is not, is told that a bid may be taken back once.
    func withdrawWhileLeading() {
        guard let buyer = choose(.buyer) else { return }
        findListing(for: buyer) { [dice] detail in
            guard detail.minimumBid.minor < buyer.usual * 6 else { return }
            buyer.bid(detail.minimumBid, on: detail.listing, as: .bidding) { outcome in
                guard case .answered(let placed) = outcome else { return }
                var withdraw = WithdrawBid()
                withdraw.bid = placed.bid
                buyer.send(withdraw, as: .mistiming) { _ in
                    if dice.oneIn(2) { buyer.send(withdraw, as: .mistiming) }
                }
            }
        }
    }

    func bidForOwnListing() {
        guard let trader = choose([.seller], { $0.buys && !$0.ownListings.items.isEmpty }),
            let listing = trader.ownListings.items.last
        else { return }
        trader.bid(trader.money(trader.usual), on: listing, as: .mistiming, again: false)
    }

    /// Nothing, less than nothing, more than there is, another currency, less than the price.
    func bidBadly() {
        guard let buyer = choose(.buyer) else { return }
        findListing(for: buyer) { detail in
            let foreign: Currency = buyer.policy.currency == .rub ? .eur : .rub
            let amounts = [
                buyer.money(0), buyer.money(-5), buyer.money(.max), buyer.money(.min), buyer.money(1),
                Money(detail.minimumBid.minor, foreign), Money(detail.minimumBid.minor, .none),
            ]
            for amount in amounts { buyer.bid(amount, on: detail.listing, as: .miscounting, again: false) }
            buyer.bid(detail.minimumBid, on: ListingID(.max), as: .miscounting, again: false)
        }
    }

    // MARK: Money

    func miscount() {
        guard let person = choose(.buyer) else { return }
        var topUp = TopUp()
        for amount in [
            person.money(0), person.money(-1), person.money(.max), Money(100, .none), Money(.min, .usd),
        ] {
            topUp.amount = amount
            person.send(topUp, as: .miscounting)
        }
        topUp.amount = person.money(person.usual)
        topUp.method = "shells"
        person.send(topUp, as: .miscounting)
        guard let boss else { return }
        var credit = CreditManually()
        credit.party = person.party
        credit.amount = person.money(0)
        boss.send(credit, as: .miscounting)
        credit.amount = person.money(5)
        boss.send(credit, as: .miscounting)
        var ranges = SetPriceRanges()
        ranges.marketplace = person.marketplace
        ranges.budgetLow = person.money(5)
        ranges.budgetHigh = person.money(4)
        ranges.startLow = person.money(1)
        ranges.startHigh = person.money(2)
        boss.send(ranges, as: .miscounting)
    }

    /// More than is there, and to an account that was never named.
    func withdrawBadly() {
        var withdraw = WithdrawBalance()
        if let seller = choose(.seller) {
            withdraw.amount = seller.money(seller.usual * 10_000)
            seller.send(withdraw, as: .miscounting)
        }
        if let buyer = choose(.buyer, { !$0.sells }) {
            withdraw.amount = buyer.money(buyer.usual)
            buyer.send(withdraw, as: .miscounting)
        }
        // One who buys as well has money of its own there, and takes a little of it back.
        if let trader = choose(.seller, { $0.buys }) {
            withdraw.amount = trader.money(max(1, trader.usual / 10))
            trader.send(withdraw, as: .funding)
        }
        // A seller whose new account the provider does not know goes on with the old one.
        var link = LinkPayoutAccount()
        link.providerReference = PersonalText(dice.oneIn(2) ? "declined_account" : "")
        choose(.seller)?.send(link, as: .miscounting)
    }

    // MARK: Texts and pages

    func ramble() {
        guard let person = choose(.buyer, { !$0.orders.items.isEmpty }) ?? choose(.buyer) else { return }
        var post = PostMessage()
        post.order = person.orders.items.last ?? .none
        post.text = PersonalText(String(repeating: "and so on ", count: 500))
        person.send(post, as: .rambling)
        post.text = PersonalText("")
        person.send(post, as: .rambling)
        var search = SearchListings()
        search.text = String(repeating: "wanted ", count: 400)
        person.ask(search, as: .rambling)
        var identity = SetBillingIdentity()
        identity.name = PersonalText("Bell \u{7} ringing")
        person.send(identity, as: .rambling)
        guard let order = person.orders.items.last else { return }
        var object = OpenObjection()
        object.order = order
        person.send(object, as: .rambling)
    }

    /// Pages of no size, spans that end before they begin, lists that are too long.
    func askForNoPages() {
        guard let person = choose(.buyer) else { return }
        var inbox = ReadInbox()
        inbox.limit = 0
        person.ask(inbox, as: .rambling)
        var statement = GetStatement()
        statement.from = port.now
        statement.to = port.now - .days(1)
        person.ask(statement, as: .rambling)
        var cases = ListCases()
        cases.limit = 101
        person.ask(cases, as: .rambling)
        var mark = MarkRead()
        mark.items = [InboxItemID](repeating: person.lastItem, count: 101)
        person.send(mark, as: .rambling)
        var unread = ReadInbox()
        unread.unreadOnly = true
        unread.newestFirst = true
        person.ask(unread, as: .reading)
    }

    // MARK: The wrong moment

    /// What a trade does not allow at its stage.
    func mistime() {
        if let seller = choose(.seller, { !$0.ownListings.items.isEmpty }),
            let listing = seller.ownListings.items.first
        {
            var relist = RelistListing()
            relist.listing = listing
            seller.send(relist, as: .mistiming)
            var delete = DeleteListing()
            delete.listing = listing
            seller.send(delete, as: .mistiming)
        }
        guard let buyer = choose(.buyer, { !$0.orders.items.isEmpty }),
            let order = buyer.orders.items.first
        else { return }
        var pay = PayOrder()
        pay.order = order
        buyer.send(pay, as: .mistiming)
        buyer.object(to: order)
        var attempt = ReportAttempt()
        attempt.order = order
        attempt.at = port.now + .hours(3)
        buyer.send(attempt, as: .mistiming)
        attempt.at = Instant(microseconds: 1)
        buyer.send(attempt, as: .mistiming)
        if let opened = buyer.cases.items.first { buyer.addEvidence(to: opened) }
        if let bid = buyer.bids.items.first { buyer.bid(buyer.money(1), on: bid.listing, as: .mistiming) }
    }

    /// A second objection while the first is open.
    func objectTwice() {
        guard let buyer = choose(.buyer, { !$0.orders.items.isEmpty }),
            let order = buyer.orders.items.last
        else { return }
        buyer.object(to: order) { _ in
            buyer.object(to: order)
        }
        // Answering one's own objection is the other side's to do.
        if let opened = buyer.cases.items.last { buyer.state(in: opened) }
    }
}
