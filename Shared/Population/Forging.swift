import Kernel
import Messages
import Wire

// Bytes and messages that no honest client sends.
extension Population {
    /// No message, one between services, one of a service to itself, and an answer.
    func sendUnknownCodes() {
        guard let person = choose(.buyer) else { return }
        for code in [0x7777, PlaceHold.code, ListingEnds.code, BidPlaced.code, BootstrapOperator.code] {
            person.sendRaw(code: code, body: [1, 2, 3], key: port.newKey(), as: .tampering)
        }
    }

    func sendBrokenBodies() {
        guard let person = choose(.buyer) else { return }
        let whole = PlaceBid().encoded()
        for body in [Array(whole.dropLast()), whole + [0], [], [UInt8](repeating: 0xff, count: 64)] {
            person.sendRaw(code: PlaceBid.code, body: body, key: port.newKey(), as: .tampering)
        }
        person.sendRaw(code: GetOrder.code, body: [1], key: nil, as: .tampering)
        person.sendRaw(code: GetDashboard.code, body: [9], key: nil, as: .tampering)
    }

    /// Longer than a stranger may send.
    func sendLongFrame() {
        let stranger = stranger("tamperer")
        stranger.sendRaw(
            code: Ping.code, body: [UInt8](repeating: 7, count: 40_000), key: nil, as: .tampering,
            signedIn: false
        ) { _ in stranger.hangUp() }
    }

    func forgetKey() {
        guard let person = choose(.buyer) else { return }
        person.sendRaw(code: PlaceBid.code, body: PlaceBid().encoded(), key: nil, as: .tampering)
    }

    /// Somebody else's ciphertext, under a key that is not one's own to name.
    func sendSealedText() {
        guard let person = choose(.seller) else { return }
        var seal = SealContact.sample
        seal.name = PersonalText(key: 7, bytes: [1, 2, 3, 4])
        person.send(seal, as: .tampering)
        guard let order = person.orders.items.last else { return }
        var post = PostMessage()
        post.order = order
        post.text = PersonalText(key: 1, bytes: [UInt8](repeating: 5, count: 40))
        person.send(post, as: .tampering)
    }

    // MARK: Tokens

    func forgeTokens() {
        let stranger = stranger("forger")
        var authenticate = Authenticate()
        authenticate.accessToken = "00ff.00ff"
        stranger.ask(authenticate, as: .forging)
        var confirm = ConfirmEmail()
        confirm.token = Self.madeUp
        stranger.send(confirm, as: .forging)
        var objects = ProspectObjects()
        objects.token = Self.madeUp
        stranger.send(objects, as: .forging)
        var erases = ProspectErases()
        erases.token = "no token at all"
        stranger.send(erases, as: .forging)
        var report = ReadReport()
        report.token = links.items.last?.token ?? Self.madeUp
        stranger.ask(report, as: .forging)
        var refresh = RefreshSignIn()
        refresh.refreshToken = Self.madeUp
        stranger.send(refresh, as: .forging) { _ in stranger.hangUp() }
    }

    private static let madeUp =
        String(repeating: "01", count: 21) + "." + String(repeating: "ab", count: 32)

    /// A token whose time is over, one with a changed digit, and a refresh token shown twice.
    func showOldTokens() {
        if let token = people.last(where: { !$0.oldToken.isEmpty })?.oldToken {
            var authenticate = Authenticate()
            authenticate.accessToken = token
            let stranger = stranger("forger")
            stranger.ask(authenticate, as: .forging) { _ in
                authenticate.accessToken = "0" + token.dropFirst()
                stranger.ask(authenticate, as: .forging) { _ in stranger.hangUp() }
            }
        }
        guard let person = choose(.buyer) else { return }
        person.enter { entered in
            guard entered, let token = person.tokens?.refreshToken else { return }
            var refresh = RefreshSignIn()
            refresh.refreshToken = token
            person.send(refresh, as: .forging) { outcome in
                guard case .answered(let signedIn) = outcome else { return person.tokens = nil }
                person.tokens = signedIn
                person.send(refresh, as: .forging)
            }
        }
    }

    /// Somebody shows the token of a sign-in that was ended a few minutes ago.
    func steal(_ token: String) {
        later(dice.span(.minutes(3), .minutes(8))) { [self] in
            var authenticate = Authenticate()
            authenticate.accessToken = token
            let thief = stranger("thief")
            thief.ask(authenticate, as: .forging) { _ in thief.hangUp() }
        }
    }

    // MARK: What belongs to others

    /// Numbers of orders, listings, cases and messages that are none of one's business, or that nobody has.
    func nameForeignThings() {
        guard let forger = choose(.buyer) else { return }
        let other = choose(.buyer) { $0 !== forger && $0.marketplace != forger.marketplace } ?? forger
        let order = other.orders.items.last ?? OrderID(77)
        read(order, of: other, as: forger)
        var post = PostMessage()
        post.order = order
        post.text = PersonalText("Good day")
        forger.send(post, as: .forging)
        var pay = PayOrder()
        pay.order = order
        forger.send(pay, as: .forging)
        var contact = ReadContact()
        contact.order = order
        forger.send(contact, as: .forging)
        var contract = ReadContract()
        contract.order = order
        forger.send(contract, as: .forging)
        var propose = ProposeAppointment()
        propose.order = order
        propose.at = port.now + .days(1)
        if other !== forger { forger.send(propose, as: .forging) }
        var rate = RateMeeting()
        rate.order = order
        if other !== forger { forger.send(rate, as: .forging) }
        var cancel = RequestCancellation()
        cancel.order = order
        if other !== forger { forger.send(cancel, as: .forging) }
        var withdraw = WithdrawBid()
        withdraw.bid = other.bids.items.last?.bid ?? BidID(5)
        forger.send(withdraw, as: .forging)
        var answer = AnswerOffer()
        answer.order = order
        forger.send(answer, as: .forging)
        var mark = MarkRead()
        mark.items = [other.lastItem]
        if other !== forger { forger.send(mark, as: .forging) }
        var attempt = ReportAttempt()
        attempt.order = order
        if other !== forger { forger.send(attempt, as: .forging) }
    }

    private func read(_ order: OrderID, of other: Person, as forger: Person) {
        var get = GetOrder()
        get.order = order
        forger.ask(get, as: .forging)
        var details = GetOrderDetails()
        details.order = order
        forger.ask(details, as: .forging)
        var meeting = GetMeeting()
        meeting.order = order
        forger.ask(meeting, as: .forging)
        var party = GetParty()
        party.party = other.party
        forger.ask(party, as: .forging)
        var balance = GetBalance()
        balance.party = other.party
        forger.ask(balance, as: .forging)
        var opened = GetCase()
        opened.case = other.cases.items.last ?? CaseID(3)
        forger.ask(opened, as: .forging)
        var conversation = ReadConversation()
        conversation.order = order
        forger.ask(conversation, as: .forging)
        var listing = GetListing()
        listing.listing = other.bids.items.last?.listing ?? ListingID(9)
        forger.ask(listing, as: .forging)
    }

    /// What only operators, or only the other side, may do.
    func overstep() {
        guard let buyer = choose(.buyer, { !$0.sells }), let seller = choose(.seller, { !$0.buys }) else {
            return
        }
        var suspend = SuspendParty()
        suspend.party = seller.party
        suspend.reason = "He bids more than I do."
        buyer.send(suspend, as: .overstepping)
        buyer.ask(GetLedgerReport(), as: .overstepping)
        buyer.send(SealContact.sample, as: .overstepping)
        buyer.send(RotateKeys(), as: .overstepping)
        seller.send(PlaceBid(), as: .overstepping)
        seller.ask(ListReviews(), as: .overstepping)
        guard let contact = seller.contacts.items.last?.contact else { return }
        var link = MakeProspectLink()
        link.contact = contact
        link.purpose = .report
        seller.ask(link, as: .overstepping)
        link.purpose = .refresh
        seller.ask(link, as: .overstepping)
    }

    /// On a connection that nobody has signed in on.
    func actBeforeSignIn() {
        let stranger = stranger("hasty")
        stranger.sendRaw(
            code: PlaceBid.code, body: PlaceBid().encoded(), key: port.newKey(), as: .overstepping,
            signedIn: false)
        stranger.sendRaw(
            code: GetDashboard.code, body: [], key: nil, as: .overstepping, signedIn: false
        ) { _ in stranger.hangUp() }
    }

    // MARK: Keys

    /// A key older than what is remembered, and one from the day after tomorrow.
    func useOldKey() {
        guard let person = choose(.buyer) else { return }
        let fresh = port.newKey()
        for span in [Duration64.days(-31), .days(2)] {
            let at = port.now + span
            let key = IdempotencyKey(high: UInt64(max(0, at.microseconds)), low: fresh.low)
            person.send(MarkRead(), as: .lying, key: key)
        }
    }

    /// The same key, another amount: at once, and much later.
    func lieAboutBid() {
        guard let buyer = choose(.buyer) else { return }
        findListing(for: buyer) { [self] detail in
            var bid = PlaceBid()
            bid.listing = detail.listing
            bid.amount = detail.minimumBid
            let key = port.newKey()
            buyer.send(bid, as: .lying, key: key)
            var other = bid
            other.amount.minor += 1
            buyer.send(other, as: .lying, key: key)
            later(dice.span(.hours(1), .days(3))) { buyer.send(other, as: .lying, key: key) }
            // The true body is answered as before, however late.
            later(dice.span(.hours(1), .days(3))) { buyer.send(bid, as: .repeating, key: key) }
        }
    }

    func lieAboutTopUp() {
        guard let buyer = choose(.buyer) else { return }
        var topUp = TopUp()
        topUp.amount = buyer.money(buyer.usual)
        let key = port.newKey()
        buyer.send(topUp, as: .lying, key: key) { _ in
            topUp.amount.minor *= 10
            buyer.send(topUp, as: .lying, key: key)
            // Another message of the same service under the same key.
            var withdraw = WithdrawBalance()
            withdraw.amount = buyer.money(1)
            buyer.send(withdraw, as: .lying, key: key)
        }
    }

    /// Two people's devices draw the same key: each has keys of its own, so that both are served (F2).
    func drawSameKey() {
        guard let one = choose(.buyer), let other = choose(.buyer, { $0 !== one }) else { return }
        let key = port.newKey()
        for (person, times) in [(one, 5), (other, 6)] {
            var topUp = TopUp()
            topUp.amount = person.money(person.usual * Int64(times))
            topUp.method = "sandbox"
            person.send(topUp, as: .funding, key: key)
        }
    }

    /// The same key for another message, whose body happens to be the same.
    func lieAboutMessage() {
        guard let seller = choose(.seller, { !$0.ownListings.items.isEmpty }),
            let listing = seller.ownListings.items.last
        else { return }
        var confirm = ConfirmHandover()
        confirm.order = OrderID(listing.raw)
        let key = port.newKey()
        seller.send(confirm, as: .lying, key: key) { _ in
            var delete = DeleteListing()
            delete.listing = listing
            seller.send(delete, as: .lying, key: key)
        }
    }

    // MARK: Strength

    func guessPasswords() {
        guard let victim = choose(.buyer) else { return }
        let stranger = stranger("guesser")
        for attempt in 0..<12 {
            var signIn = SignIn()
            signIn.marketplace = victim.marketplace
            signIn.email = attempt % 3 == 0 ? "nobody@people.example" : victim.email
            signIn.password = "guess \(attempt)"
            stranger.send(signIn, as: .guessing, patience: 0)
        }
        later(.minutes(1)) { stranger.hangUp() }
        var change = ChangePassword()
        change.current = "not it"
        change.new = "something else"
        victim.send(change, as: .guessing)
    }

    /// More questions at once than one connection may have waiting, and more than one person may ask; more commands
    /// than a small queue holds.
    func flood() {
        guard let person = choose(.buyer) else { return }
        person.enter { [self] entered in
            guard entered else { return }
            for _ in 0..<1_100 { person.ask(GetUnreadCount(), as: .flooding, patience: 0) }
            later(.minutes(1)) {
                for _ in 0..<80 { person.send(MarkRead(), as: .flooding, patience: 0) }
            }
        }
    }
}
