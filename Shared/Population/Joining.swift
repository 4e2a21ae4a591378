import Kernel
import Messages
import Wire

extension Population {
    static let operatorEmail = "operator@gavel.localhost"
    static let operatorPassword = "operate the house"

    /// The operator's first day.
    func open() {
        port.bootstrapOperator(email: Self.operatorEmail, password: Self.operatorPassword)
        let boss = Person(
            self, "operator", in: .none, Policy(), .operator_, email: Self.operatorEmail,
            password: Self.operatorPassword)
        boss.stage = .active
        boss.language = .english
        operators = [boss]
        publish(index: 0, by: boss)
    }

    /// One marketplace after the other; its people come when it is there.
    private func publish(index: Int, by boss: Person) {
        guard index <= plan.marketplaces + 3 else { return }
        var publish = PublishMarketplace()
        publish.marketplace = marketplace(index)
        publish.name = "Market \(index + 1)"
        publish.policy = plan.policy(of: index)
        boss.send(publish, as: .governing, patience: 60) { [self] outcome in
            if case .answered = outcome {
                marketplaces.append(publish.marketplace)
                populate(index, publish.policy)
            }
            self.publish(index: index + 1, by: boss)
        }
    }

    private func populate(_ index: Int, _ policy: Policy) {
        func share(of count: Int) -> Int {
            count / plan.marketplaces + (index < count % plan.marketplaces ? 1 : 0)
        }
        let market = marketplace(index)
        if policy.mode == .preliminaryCall, let boss { openDesk(in: market, policy, by: boss) }
        if policy.mode == .prepaidLine {
            // Callers have no account: providers are alone there.
            for _ in 0..<2 { invite(.seller, to: market, policy) }
            return
        }
        for number in 0..<max(2, share(of: plan.sellers)) {
            // The first seller of a marketplace buys as well, the last one takes listings back.
            let roles: Roles = number == 0 ? [.seller, .buyer] : .seller
            invite(roles, to: market, policy, traits: number == 0 ? [.repeating] : [.deleting])
        }
        let habits: [[Habit]] = [[.sniping], [.repeating], [.overbidding], [], []]
        for number in 0..<max(4, share(of: plan.buyers)) {
            invite(.buyer, to: market, policy, traits: habits[number % habits.count])
        }
    }

    @discardableResult
    func invite(
        _ roles: Roles, to marketplace: MarketplaceID, _ policy: Policy, traits: [Habit] = []
    ) -> Person {
        lastPerson += 1
        let kind = roles.contains(.seller) ? (roles.contains(.buyer) ? "trader" : "seller") : "buyer"
        let person = Person(self, "\(kind) \(lastPerson)", in: marketplace, policy, roles, traits: traits)
        people.append(person)
        later(dice.span(.seconds(5), .minutes(20))) { person.join() }
        return person
    }

    func newProspect() -> Prospect {
        lastProspect += 1
        let number = 1_000_000 + lastProspect
        return Prospect(
            name: "Petra Sommer \(number)", phone: "+49 171 \(number)", email: "petra.\(number)@mail.example",
            address: "Lindenweg \(number % 1_000), 04109 Leipzig")
    }
}

extension Person {
    /// Registers, confirms the e-mail, is verified, and gets ready to trade.
    func join() {
        guard stage == .outside else { return }
        stage = .joining
        register { [self] party in
            self.party = party
            if dice.oneIn(5) { return beVerifiedUnconfirmed() }
            if dice.oneIn(4) { actTooEarly() }
            confirm(left: 30)
        }
    }

    func register(then: @escaping (PartyID) -> Void) {
        var register = RegisterParty()
        register.marketplace = marketplace
        register.email = PersonalText(email)
        register.name = PersonalText(name)
        register.password = password
        register.roles = roles
        register.language = language
        send(register, as: .joining, patience: 40) { [self] outcome in
            switch outcome {
            case .answered(let registered): then(registered.party)
            case .refused(let refusal) where refusal.reason == .emailTaken:
                // An earlier registration counted after all.
                enter { [self] entered in
                    if entered { then(party) } else { stage = .outside }
                }
            case .unknown, .refused: stage = .outside
            }
        }
    }

    /// Looks for the e-mail until it is there, and follows its link.
    func confirm(left: Int) {
        guard stage == .joining else { return }
        guard let token = port.mail(to: email).reversed().lazy.compactMap(MailToken.found).first else {
            if left == 0 { return askForVerification(vouching: true) }
            return world.later(.minutes(2)) { [self] in confirm(left: left - 1) }
        }
        if dice.oneIn(4) { resend() }
        var follow = ConfirmEmail()
        follow.token = token
        send(follow, as: .joining) { [self] outcome in
            switch outcome {
            case .answered: askForVerification(vouching: false)
            case .refused(let refusal) where refusal.reason == .tokenInvalid && left > 0:
                // Another link was sent meanwhile.
                world.later(.minutes(5)) { [self] in confirm(left: left - 1) }
            case .refused, .unknown: askForVerification(vouching: true)
            }
        }
    }

    private func resend() { send(ResendConfirmation(), as: .joining) }

    /// The operator knows the party and vouches for its address.
    private func beVerifiedUnconfirmed() {
        askForVerification(vouching: false)
        world.later(.minutes(10)) { [self] in askForVerification(vouching: true) }
    }

    /// Tries what only verified parties may do.
    private func actTooEarly() {
        if buys { send(PlaceBid(), as: .joining) }
        if sells { send(SealContact.sample, as: .joining) }
        ask(SearchListings(), as: .joining)
    }

    /// Out of band: a call to the operator.
    private func askForVerification(vouching: Bool) {
        guard let boss = world.boss else { return }
        var verify = VerifyParty()
        verify.party = party
        verify.vouchesForEmail = vouching
        boss.send(verify, as: .overseeing, patience: 40) { [self] outcome in
            guard stage == .joining else { return }
            switch outcome {
            case .answered: begin()
            case .refused, .unknown: if vouching { askWhetherVerified(boss) }
            }
        }
    }

    /// An earlier verification may have counted.
    private func askWhetherVerified(_ boss: Person) {
        var query = GetParty()
        query.party = party
        boss.ask(query, as: .overseeing) { [self] outcome in
            guard stage == .joining else { return }
            if case .answered(let view) = outcome, view.state == .verified { return begin() }
            world.later(.hours(1)) { [self] in askForVerification(vouching: true) }
        }
    }

    private func begin() {
        stage = .active
        prepareToTrade()
    }

    private func prepareToTrade() {
        if dice.oneIn(2) { setBillingIdentity() }
        // Applicants begin with less: the fee is the same for all.
        // Some find out that calling costs money when they call.
        let comesWithout = policy.mode == .preliminaryCall && dice.oneIn(2)
        if buys, !comesWithout {
            topUp { [self] in if policy.mode != .application || dice.oneIn(3) { topUp() } }
        }
        if buys, policy.mode == .meetingAuction {
            if dice.oneIn(2) { fileCard() }
            if dice.oneIn(2) { choosePaymentMethod() }
        }
        guard sells else { return }
        if policy.mode == .prepaidLine { return provide() }
        if dice.oneIn(2) { offerLead() }
        world.later(.minutes(1)) { [self] in linkPayoutAccount() }
    }

    func linkPayoutAccount() {
        var link = LinkPayoutAccount()
        let word = dice.pick(["acct", "acct", "acct", "slow", "refusing"]) ?? "acct"
        link.providerReference = PersonalText("\(word)_\(party)")
        tell(link, as: .funding) { [self] _ in ask(GetPayoutAccount(), as: .funding) }
    }
}

extension SealContact {
    /// A contact that is as good as any.
    static var sample: SealContact {
        var seal = SealContact()
        seal.name = PersonalText("Somebody")
        seal.phones = [PersonalText("+49 171 0000001")]
        seal.inquiredAt = Instant(iso8601: "2026-01-01T00:00:00Z") ?? .none
        return seal
    }
}
