import Kernel
import Messages
import Stories
import Testing

@Suite("Parties and marketplaces")
struct PartyTests {
    @Test("A5 a party is registered, confirms its address by a link, and is verified by an operator")
    func registration() async throws {
        let vault = try await VaultHouse()
        let (party, guest) = try await vault.register("anna", .seller)
        let notice = try #require(vault.heard.last(Notify.self))
        #expect(notice.event == .confirmEmail)
        #expect(notice.party == party)

        var verify = VerifyParty()
        verify.party = party
        #expect(try await vault.house.refusal(of: verify, as: vault.host)?.reason == .wrongState)
        #expect(try await vault.house.refusal(of: vault.contact(), as: guest)?.reason == .notVerified)

        var confirm = ConfirmEmail()
        confirm.token = try vault.link(.confirmEmail, party: party)
        _ = try await vault.house.send(confirm, as: nil)
        _ = try await vault.house.send(confirm, as: nil)
        _ = try await vault.house.send(verify, as: vault.host)
        #expect(
            vault.heard.all(PartyPublished.self).suffix(3).map(\.state) == [
                .registered, .confirmed, .verified,
            ])
        #expect(vault.heard.last(Notify.self)?.event == .partyVerified)
        #expect(try await vault.house.refusal(of: vault.contact(), as: guest) == nil)
    }

    @Test("B7 a confirmation link expires, and a newer one ends it")
    func confirmationLinks() async throws {
        let vault = try await VaultHouse()
        let (party, guest) = try await vault.register("anna", .seller)
        var old = ConfirmEmail()
        old.token = try vault.link(.confirmEmail, party: party)
        _ = try await vault.house.send(ResendConfirmation(), as: guest)
        #expect(try await vault.house.refusal(of: old, as: nil)?.reason == .tokenInvalid)
        var new = ConfirmEmail()
        new.token = try vault.link(.confirmEmail, party: party)
        try await vault.house.advance(by: .days(7))
        #expect(try await vault.house.refusal(of: new, as: nil)?.reason == .tokenExpired)
        var foreign = ConfirmEmail()
        foreign.token = new.token.uppercased() + "ff"
        #expect(try await vault.house.refusal(of: foreign, as: nil)?.reason == .tokenInvalid)
    }

    @Test("F9 an address is one party's in its marketplace, and free in another")
    func emailTaken() async throws {
        let vault = try await VaultHouse()
        try await vault.publish(MarketplaceID(2))
        _ = try await vault.register("anna", .seller)
        var again = RegisterParty()
        again.marketplace = vault.marketplace
        again.email = PersonalText("  ANNA@Firm.example ")
        again.name = PersonalText("Other")
        again.password = "long enough"
        again.roles = .buyer
        #expect(try await vault.house.refusal(of: again, as: nil)?.reason == .emailTaken)
        again.marketplace = MarketplaceID(2)
        #expect(try await vault.house.refusal(of: again, as: nil) == nil)
        again.marketplace = MarketplaceID(3)
        #expect(try await vault.house.refusal(of: again, as: nil)?.reason == .notFound)
    }

    @Test(
        "A5 what a registration must hold",
        arguments: [
            "email", "name", "password", "operator", "no roles", "sealed",
        ])
    func badRegistration(_ fault: String) async throws {
        let vault = try await VaultHouse()
        var command = RegisterParty()
        command.marketplace = vault.marketplace
        command.email = PersonalText("anna@firm.example")
        command.name = PersonalText("Firma Anna")
        command.password = "long enough"
        command.roles = .seller
        let expected: RefusalCode
        switch fault {
        case "email":
            command.email = PersonalText("anna at firm")
            expected = .invalidText
        case "name":
            command.name = PersonalText(" \u{200b} ")
            expected = .invalidText
        case "password":
            command.password = "short"
            expected = .invalidText
        case "operator":
            command.roles = [.seller, .operator_]
            expected = .forbidden
        case "no roles":
            command.roles = []
            expected = .forbidden
        default:
            command.name = PersonalText(key: 7, bytes: [1, 2, 3])
            expected = .invalidValue
        }
        #expect(try await vault.house.refusal(of: command, as: nil)?.reason == expected)
    }

    @Test("A16 a suspended party's sessions end, it cannot sign in, and a reinstated one goes on")
    func suspension() async throws {
        let vault = try await VaultHouse()
        let (party, guest) = try await vault.party("anna", .seller)
        _ = try await vault.house.ask(GetParty(), as: guest)
        var suspend = SuspendParty()
        suspend.party = party
        #expect(try await vault.house.refusal(of: suspend, as: vault.host)?.reason == .invalidText)
        suspend.reason = "false leads"
        #expect(try await vault.house.send(suspend, as: vault.host).state == .suspended)
        #expect(vault.heard.last(PartyPublished.self)?.reason == "false leads")
        #expect(vault.heard.last(Notify.self)?.event == .partySuspended)
        let revocations = try vault.ask(ListRevocations(), from: .gateway).revocations
        #expect(revocations.map(\.party) == [party])
        #expect(revocations.map(\.session) == [.none])

        vault.house.forget(guest)
        #expect(try await vault.house.refusal(of: GetParty(), as: guest)?.reason == .suspended)
        var reinstate = ReinstateParty()
        reinstate.party = party
        #expect(try await vault.house.send(reinstate, as: vault.host).state == .verified)
        #expect(try await vault.house.refusal(of: GetParty(), as: guest) == nil)
    }

    @Test("A19 the auction may suspend a party for its strikes, but no operator")
    func suspensionForCause() async throws {
        let vault = try await VaultHouse()
        let (party, _) = try await vault.party("anna", .buyer)
        let operatorParty = try await vault.house.ask(GetParty(), as: vault.host).party
        for target in [party, operatorParty] {
            var suspend = SuspendForCause()
            suspend.party = target
            suspend.reason = "A19: 3 strikes"
            try await vault.auction { $0.suspend = suspend }
        }
        let suspended = vault.heard.all(PartyPublished.self).filter { $0.state == .suspended }
        #expect(suspended.map(\.party) == [party])
    }

    @Test("F9 a party sees itself, operators see everybody, and nobody else sees a party")
    func visibility() async throws {
        let vault = try await VaultHouse()
        let (anna, annas) = try await vault.party("anna", .seller)
        let (_, bens) = try await vault.party("ben", .buyer)
        var query = GetParty()
        query.party = anna
        #expect(try await vault.house.ask(query, as: annas).email.plaintext == "anna@firm.example")
        #expect(try await vault.house.ask(query, as: vault.host).name.plaintext == "Firma anna")
        let foreign = try await vault.house.refusal(of: query, as: bens)
        query.party = PartyID(123_456)
        #expect(try await vault.house.refusal(of: query, as: bens) == foreign)
        #expect(foreign?.reason == .notFound)
        #expect(try await vault.house.refusal(of: ListParties(), as: annas)?.reason == .forbidden)
        var list = ListParties()
        list.marketplace = vault.marketplace
        list.limit = 1
        let first = try await vault.house.ask(list, as: vault.host).parties
        #expect(first.map(\.party) == [anna])
        list.after = anna
        #expect(
            try await vault.house.ask(list, as: vault.host).parties.map(\.name.plaintext) == [
                "Firma ben"
            ])
    }

    @Test(
        "F5 a closed party's data is erased, its address free, its billing identities kept for the invoices")
    func closing() async throws {
        let vault = try await VaultHouse()
        let (party, guest) = try await vault.party("anna", .seller)
        let billing = try await vault.house.send(BillingTests.identity(), as: guest).identity
        let contact = try await vault.seal(guest)
        _ = try await vault.house.send(CloseParty(), as: guest)
        #expect(vault.heard.last(PartyPublished.self)?.state == .closed)
        vault.house.forget(guest)
        #expect(try await vault.house.refusal(of: GetParty(), as: guest)?.reason == .credentialsWrong)

        var query = GetParty()
        query.party = party
        let closed = try await vault.house.ask(query, as: vault.host)
        #expect(closed.email.isEmpty && closed.name.isEmpty)
        var report = ReportOnContact()
        report.contact = contact
        #expect(try await vault.house.ask(report, as: vault.host).state == .erased)
        var fetch = FetchBillingIdentity()
        fetch.identity = billing
        #expect(try vault.ask(fetch, from: .wallet).name.plaintext == "Anna GmbH")
        _ = try await vault.register("anna", .buyer)

        try await vault.house.advance(by: .days(3_650))
        #expect(throws: Refusal(.notFound)) { try vault.ask(fetch, from: .wallet) }
    }

    @Test("F8 a party chooses its language, and the others are told")
    func language() async throws {
        let vault = try await VaultHouse()
        let (_, guest) = try await vault.party("anna", .seller)
        var command = UpdateLanguage()
        command.language = .russian
        _ = try await vault.house.send(command, as: guest)
        #expect(vault.heard.last(PartyPublished.self)?.language == .russian)
    }

    @Test("F9 the first operator is made once, on the machine; further ones by operators")
    func operators() async throws {
        let vault = try await VaultHouse()
        await #expect(throws: Refusal.self) {
            try await vault.house.bootstrap(email: "second@house.example", password: "long enough")
        }
        var appoint = AppointOperator()
        appoint.email = PersonalText("second@house.example")
        appoint.password = "long enough"
        _ = try await vault.house.send(appoint, as: vault.host)
        let second = Guest(
            marketplace: vault.marketplace, email: "second@house.example", password: "long enough")
        #expect(try await vault.house.ask(GetParty(), as: second).roles == .operator_)
        var close = CloseParty()
        #expect(try await vault.house.refusal(of: close, as: second)?.reason == .forbidden)
        close.party = try await vault.house.ask(GetParty(), as: vault.host).party
        #expect(try await vault.house.refusal(of: close, as: second) == nil)
    }

    @Test("A6 a marketplace's policies are versions; it keeps its currency")
    func marketplaces() async throws {
        let vault = try await VaultHouse()
        let second = try await vault.publish(vault.marketplace) { $0.durations = [.days(5)] }
        #expect(second.version == 2)
        #expect(vault.heard.all(MarketplacePublished.self).map(\.version) == [1, 2])
        var query = GetMarketplace()
        query.marketplace = vault.marketplace
        #expect(try await vault.house.ask(query, as: nil).policy.durations == [.days(5)])
        query.version = 1
        #expect(try await vault.house.ask(query, as: nil).policy.durations == [.days(2), .days(3)])

        await #expect(throws: Refusal.self) {
            try await vault.publish(vault.marketplace) { $0.durations = [] }
        }
        do {
            try await vault.publish(vault.marketplace) { $0.currency = .rub }
            Issue.record("a new currency was accepted")
        } catch let refusal as Refusal {
            #expect(refusal.reason == .wrongCurrency)
        }
        #expect(
            try await vault.house.ask(ListMarketplaces(), as: vault.host).marketplaces.map(\.version)
                == [2])
    }
}

@Suite("Billing identities")
struct BillingTests {
    static func identity() -> SetBillingIdentity {
        var command = SetBillingIdentity()
        command.name = PersonalText("Anna GmbH")
        command.street = PersonalText("Hauptstr. 1")
        command.postalCode = PersonalText("10115")
        command.city = PersonalText("Berlin")
        command.country = "DE"
        command.taxNumber = PersonalText("DE123456789")
        return command
    }

    @Test("A15 a billing identity is an immutable version that the invoice names")
    func versions() async throws {
        let vault = try await VaultHouse()
        let (party, guest) = try await vault.party("anna", .seller)
        let (_, other) = try await vault.party("ben", .buyer)
        let first = try await vault.house.send(Self.identity(), as: guest).identity
        var moved = Self.identity()
        moved.city = PersonalText("Hamburg")
        moved.taxNumber = PersonalText()
        let second = try await vault.house.send(moved, as: guest).identity
        let facts = vault.heard.all(BillingIdentityPublished.self)
        #expect(facts.map(\.identity) == [first, second])
        #expect(facts.map(\.hasTaxNumber) == [true, false])
        #expect(facts.map(\.party) == [party, party])

        #expect(try await vault.house.ask(GetBillingIdentity(), as: guest).city.plaintext == "Hamburg")
        var query = GetBillingIdentity()
        query.identity = first
        #expect(try await vault.house.ask(query, as: guest).city.plaintext == "Berlin")
        #expect(try await vault.house.ask(query, as: vault.host).taxNumber.plaintext == "DE123456789")
        #expect(try await vault.house.refusal(of: query, as: other)?.reason == .notFound)
    }

    @Test("A15 a billing identity without its parts is refused")
    func badIdentity() async throws {
        let vault = try await VaultHouse()
        let (_, guest) = try await vault.party("anna", .seller)
        var lacking = Self.identity()
        lacking.street = PersonalText(" ")
        #expect(try await vault.house.refusal(of: lacking, as: guest)?.reason == .invalidText)
        var country = Self.identity()
        country.country = "de"
        #expect(try await vault.house.refusal(of: country, as: guest)?.reason == .invalidText)
    }
}
