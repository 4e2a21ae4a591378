import ContactVault
import Crypto
import Foundation
import Glibc
import Kernel
import Messages
import Runtime
import Stories
import TestBench
import Testing

@testable import Simulator

@Suite("Contacts")
struct ContactTests {
    func read(_ order: UInt64) -> ReadContact {
        var command = ReadContact()
        command.order = OrderID(order)
        return command
    }

    func report(_ vault: VaultHouse, _ contact: ContactID) async throws -> DataSubjectReport {
        var query = ReportOnContact()
        query.contact = contact
        return try await vault.house.ask(query, as: vault.host)
    }

    @Test("F4 a contact is read through a reveal alone, and each reading is recorded")
    func reveal() async throws {
        let vault = try await VaultHouse()
        let (anna, annas) = try await vault.party("anna", .seller)
        let (ben, bens) = try await vault.party("ben", .buyer)
        let (_, carls) = try await vault.party("carl", .buyer)
        let contact = try await vault.seal(annas)
        #expect(try await vault.claim(contact, of: anna, listing: 11) == nil)
        #expect(try await vault.house.refusal(of: read(21), as: bens)?.reason == .notFound)

        try await vault.grant(contact, to: ben, order: 21, listing: 11)
        let granted = try #require(vault.heard.last(RevealGranted.self))
        #expect(granted.order == OrderID(21))
        let view = try await vault.house.send(read(21), as: bens)
        #expect(view.phones.map(\.plaintext) == ["0170 1234567"])
        #expect(view.email.plaintext == "petra@home.example")
        #expect(try await vault.house.refusal(of: read(21), as: carls)?.reason == .notFound)
        #expect(try await vault.house.refusal(of: read(21), as: annas)?.reason == .notFound)
        #expect(try await vault.house.refusal(of: read(21), as: vault.host)?.reason == .notRevealed)

        var delivery = OpenForDelivery()
        delivery.grant = granted.grant
        delivery.purpose = "A12: e-mail"
        for _ in 0..<2 {
            let opened = try vault.house.call(delivery, acting: .nobody, peer: .notifications, key: nil)
            #expect(opened.name.plaintext == "Petra Prospect")
        }
        let entries = try await report(vault, contact).entries
        #expect(entries.map(\.kind) == [.granted, .read, .delivered])
        #expect(entries.map(\.party) == [ben, ben, ben])
        #expect(entries.map(\.partyName.plaintext) == ["Firma ben", "Firma ben", "Firma ben"])
        #expect(entries.map(\.purpose) == ["A12: paid", "A12: paid", "A12: e-mail"])
        #expect(entries[0].fields == "name, phones, email")
        #expect(try vault.verifyChain() == 3)
    }

    @Test(
        "F4 a line changed, left out or put in breaks the chain of the reveal log",
        arguments: [
            "UPDATE reveals SET party = 1 WHERE number = 2",
            "UPDATE reveals SET purpose = '' WHERE number = 1",
            "UPDATE reveals SET at = at + 1 WHERE number = 3", "DELETE FROM reveals WHERE number = 2",
        ])
    func tampering(_ change: String) async throws {
        let vault = try await VaultHouse()
        let (_, annas) = try await vault.party("anna", .seller)
        let (ben, bens) = try await vault.party("ben", .buyer)
        let contact = try await vault.seal(annas)
        try await vault.grant(contact, to: ben, order: 21, listing: 11)
        for _ in 0..<2 { _ = try await vault.house.send(read(21), as: bens) }
        #expect(try vault.verifyChain() == 3)
        let core = try #require(vault.house.core(.contactVault))
        try core.store.transaction { try $0.runDynamic(change, []) }
        #expect(throws: (any Error).self) { try vault.verifyChain() }
    }

    @Test("F4 the data subject learns by its link who saw what, when and why")
    func dataSubjectReport() async throws {
        let vault = try await VaultHouse()
        let (anna, annas) = try await vault.party("anna", .seller)
        let (ben, _) = try await vault.party("ben", .buyer)
        let contact = try await vault.seal(annas)
        try await vault.grant(contact, to: ben, order: 21, listing: 11)
        var link = MakeProspectLink()
        link.contact = contact
        link.purpose = .report
        #expect(try await vault.house.refusal(of: link, as: annas)?.reason == .forbidden)
        var query = ReadReport()
        query.token = try await vault.house.ask(link, as: vault.host).token
        let report = try await vault.house.ask(query, as: nil)
        #expect(report.seller == anna)
        #expect(report.sellerName.plaintext == "Firma anna")
        #expect(report.entries.map(\.partyName.plaintext) == ["Firma ben"])
        query.after = 1
        #expect(try await vault.house.ask(query, as: nil).entries.isEmpty)

        query.token = try vault.link(.objection, contact: contact)
        #expect(try await vault.house.refusal(of: query, as: nil)?.reason == .tokenInvalid)
        query.token = try vault.link(.report, contact: contact)
        try await vault.house.advance(by: .days(8))
        #expect(try await vault.house.refusal(of: query, as: nil)?.reason == .tokenExpired)
    }

    @Test("A1 the same person is not listed twice, however number and address are written")
    func duplicates() async throws {
        let vault = try await VaultHouse()
        try await vault.publish(MarketplaceID(2))
        let (anna, annas) = try await vault.party("anna", .seller)
        let (ben, bens) = try await vault.party("ben", .seller)
        let (carl, carls) = try await vault.party("carl", .seller, in: MarketplaceID(2))
        let contact = try await vault.seal(annas)
        let samePhone = try await vault.seal(bens) {
            $0.phones = [PersonalText("+49 (0)170 / 123 45 67")]
            $0.email = PersonalText()
        }
        let sameEmail = try await vault.seal(bens) {
            $0.phones = []
            $0.email = PersonalText("PETRA@home.example ")
        }
        let elsewhere = try await vault.seal(carls)
        #expect(try await vault.claim(contact, of: anna, listing: 11) == nil)
        #expect(try await vault.claim(samePhone, of: ben, listing: 12) == .duplicateLead)
        #expect(try await vault.claim(sameEmail, of: ben, listing: 13) == .duplicateLead)
        #expect(try await vault.claim(contact, of: anna, listing: 14) == .duplicateLead)
        #expect(try await vault.claim(elsewhere, of: carl, listing: 15, in: MarketplaceID(2)) == nil)

        var release = ReleaseContact()
        release.listing = ListingID(11)
        release.contact = contact
        try await vault.auction { $0.release = release }
        #expect(try await vault.claim(samePhone, of: ben, listing: 16) == nil)
        try await vault.grant(samePhone, to: anna, order: 21, listing: 16)
        #expect(try await vault.claim(contact, of: anna, listing: 17) == .duplicateLead)
        try await vault.house.advance(by: .days(90))
        #expect(try await vault.claim(contact, of: anna, listing: 18) == nil)
    }

    @Test("F9 another seller's contact cannot be claimed")
    func foreignClaim() async throws {
        let vault = try await VaultHouse()
        let (_, annas) = try await vault.party("anna", .seller)
        let (ben, _) = try await vault.party("ben", .seller)
        let contact = try await vault.seal(annas)
        #expect(try await vault.claim(contact, of: ben, listing: 11) == .notFound)
        #expect(try await vault.claim(ContactID(99), of: ben, listing: 12) == .notFound)
    }

    @Test(
        "F10 a prospect objects by its link: the listing stops, the contact is erased, the person is known again"
    )
    func objection() async throws {
        let vault = try await VaultHouse()
        let (anna, annas) = try await vault.party("anna", .seller)
        let (ben, bens) = try await vault.party("ben", .seller)
        let contact = try await vault.seal(annas)
        let other = try await vault.seal(bens) { $0.email = PersonalText() }
        #expect(try await vault.claim(contact, of: anna, listing: 11) == nil)
        var link = MakeProspectLink()
        link.contact = contact
        #expect(try await vault.house.refusal(of: link, as: bens)?.reason == .notFound)
        var objects = ProspectObjects()
        objects.token = try await vault.house.ask(link, as: annas).token
        _ = try await vault.house.send(objects, as: nil)
        _ = try await vault.house.send(objects, as: nil)
        let facts = vault.heard.all(ProspectObjected.self)
        #expect(facts.map(\.contact) == [contact])
        #expect(facts.map(\.listing) == [ListingID(11)])
        #expect(try await report(vault, contact).state == .objected)
        #expect(try await report(vault, other).state == .objected)
        try await vault.grant(contact, to: ben, order: 21, listing: 11)
        #expect(vault.heard.last(RevealRefused.self)?.reason == .prospectObjected)

        // A later contact of the same person, by number or by address, needs proof of a newer inquiry.
        try await vault.house.advance(by: .days(2))
        let again = try await vault.seal(bens) { $0.phones = [] }
        #expect(try await vault.claim(again, of: ben, listing: 12) == .prospectObjected)
        let old = try await vault.seal(bens) { $0.inquiryProof = PersonalText("web form of last week") }
        #expect(try await vault.claim(old, of: ben, listing: 13) == .prospectObjected)
        let newer = try await vault.seal(bens) {
            $0.inquiredAt = VaultHouse.start + .days(1)
            $0.inquiryProof = PersonalText("web form of yesterday")
        }
        #expect(try await vault.claim(newer, of: ben, listing: 14) == nil)
    }

    @Test("F10 an objection reaches every contact of the person, however many there are")
    func manyContacts() async throws {
        let vault = try await VaultHouse()
        let (_, annas) = try await vault.party("anna", .seller)
        var contacts: [ContactID] = []
        for _ in 0..<203 { contacts.append(try await vault.seal(annas)) }
        var objects = ObjectForProspect()
        objects.contact = contacts[100]
        _ = try await vault.house.send(objects, as: vault.host)
        try await vault.house.settle()
        var query = ListContacts()
        query.limit = 255
        var states: [ContactState] = []
        while true {
            let page = try await vault.house.ask(query, as: annas).contacts
            guard let last = page.last else { break }
            states += page.map(\.state)
            query.before = last.contact
        }
        #expect(states == Array(repeating: .objected, count: 203))
        let core = try #require(vault.house.core(.contactVault))
        let hashes = try core.store.read { try $0.first("SELECT count(*) FROM contact_hashes") { $0.int(0) } }
        #expect(hashes == 0)
    }

    @Test(
        "F5 after an erasure no reveal, key or remembered reply gives the contact back, and the chain verifies"
    )
    func erasure() async throws {
        let vault = try await VaultHouse()
        let (anna, annas) = try await vault.party("anna", .seller)
        let (ben, bens) = try await vault.party("ben", .buyer)
        let contact = try await vault.seal(annas)
        #expect(try await vault.claim(contact, of: anna, listing: 11) == nil)
        try await vault.grant(contact, to: ben, order: 21, listing: 11)
        let key = vault.house.newKey()
        _ = try await vault.house.send(read(21), as: bens, key: key)
        let count = try #require(vault.house.keys(.contactVault)).count
        var erase = EraseContact()
        erase.contact = contact
        _ = try await vault.house.send(erase, as: vault.host)
        #expect(try #require(vault.house.keys(.contactVault)).count == count - 1)
        #expect(vault.heard.last(ProspectObjected.self)?.contact == contact)
        #expect(try await vault.house.refusal(of: read(21), as: bens)?.reason == .erased)
        let remembered = try await vault.house.send(read(21), as: bens, key: key)
        #expect(
            remembered.name.isEmpty && remembered.email.isEmpty && remembered.phones.allSatisfy(\.isEmpty))
        #expect(try vault.verifyChain() == 2)
        #expect(try await report(vault, contact).entries.count == 2)
    }

    @Test("F5 a prospect has its data erased by its link, and no other link does it")
    func prospectErases() async throws {
        let vault = try await VaultHouse()
        let (_, annas) = try await vault.party("anna", .seller)
        let contact = try await vault.seal(annas)
        var erases = ProspectErases()
        erases.token = try vault.link(.report, contact: contact)
        #expect(try await vault.house.refusal(of: erases, as: nil)?.reason == .tokenInvalid)
        erases.token = try vault.link(.erasure, contact: contact)
        _ = try await vault.house.send(erases, as: nil)
        #expect(try await report(vault, contact).state == .erased)
    }

    @Test(
        "F4 what a contact must hold",
        arguments: ["name", "nothing to reach", "phone", "email", "future", "sealed"])
    func badContact(_ fault: String) async throws {
        let vault = try await VaultHouse()
        let (_, annas) = try await vault.party("anna", .seller)
        let command = vault.contact { contact in
            switch fault {
            case "name": contact.name = PersonalText()
            case "nothing to reach":
                contact.phones = []
                contact.email = PersonalText()
            case "phone": contact.phones = [PersonalText("call me")]
            case "email": contact.email = PersonalText("petra at home")
            case "future": contact.inquiredAt = VaultHouse.start + .days(1)
            default: contact.address = PersonalText(key: 9, bytes: [0])
            }
        }
        let refusal = try #require(try await vault.house.refusal(of: command, as: annas))
        #expect(refusal.reason == (["future", "sealed"].contains(fault) ? .invalidValue : .invalidText))
        #expect(!refusal.found.contains("call me") && !refusal.found.contains("petra"))
    }

    @Test("F5 the key-encryption key is replaced while the vault runs, and everything still opens")
    func rotation() async throws {
        let vault = try await VaultHouse()
        let (_, annas) = try await vault.party("anna", .seller)
        #expect(try await vault.house.refusal(of: RotateKeys(), as: annas)?.reason == .forbidden)
        let before = try await vault.house.ask(GetKeyStatus(), as: vault.host)
        let rotated = try await vault.house.send(RotateKeys(), as: vault.host)
        #expect(rotated.version == before.version + 1)
        #expect(try await vault.house.ask(GetKeyStatus(), as: vault.host) == rotated)
        #expect(try await vault.house.ask(GetParty(), as: annas).name.plaintext == "Firma anna")
    }

    @Test("F5 a rotation that was set aside and is run again took place when it did, and is told so")
    func rotationSetAside() async throws {
        let vault = try await VaultHouse()
        let bench = try Bench(
            ContactVaultService.definition(environment: vault.environment), start: VaultHouse.start)
        let host = Bench.acting(1, .operator_)
        let request = try bench.begin(RotateKeys(), as: host, after: .days(2))
        let rotated = try bench.answer(to: request, of: RotateKeys.self, as: host)
        #expect(rotated.version == 2)
        #expect(rotated.rotatedAt == VaultHouse.start)
        #expect(try bench.ask(GetKeyStatus(), as: host) == rotated)
    }

    @Test("F4 no password, token or contact stands in the vault's files")
    func nothingInClear() async throws {
        let vault = try await VaultHouse(onDisk: true)
        let (anna, annas) = try await vault.party("anna", .seller)
        let contact = try await vault.seal(annas)
        #expect(try await vault.claim(contact, of: anna, listing: 11) == nil)
        var objects = ProspectObjects()
        objects.token = try vault.link(.objection, contact: contact)
        _ = try await vault.house.send(objects, as: nil)
        let secrets = [
            annas.password, vault.host.password, annas.email, "Firma anna", "Petra Prospect",
            "0170 1234567",
            "491701234567", "petra@home.example", objects.token, String(objects.token.suffix(64)),
        ]
        let files = Self.files(in: vault.folder)
        #expect(files.contains { $0.0.hasSuffix("contact-vault/store.sqlite-wal") })
        for (name, bytes) in files {
            for secret in secrets {
                #expect(!bytes.contains(Array(secret.utf8)), "\(secret) in \(name)")
            }
        }
    }

    private static func files(in folder: String) -> [(String, [UInt8])] {
        let names = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return names.compactMap { name in
            FileManager.default.contents(atPath: "\(folder)/\(name)").map { (name, Array($0)) }
        }
    }
}

@Suite("The vault's secrets")
struct VaultSecretsTests {
    @Test("F4 the vault's secrets are drawn once, for the owner only, and a damaged file is a fault")
    func secrets() throws {
        let parent = NSTemporaryDirectory() + "gavel-vault-\(SecureRandom.uint64())"
        defer { try? FileManager.default.removeItem(atPath: parent) }
        let folder = parent + "/data"
        let first = try VaultEnvironment.load(folder: folder, scryptCost: .development)
        let second = try VaultEnvironment.load(folder: folder, scryptCost: .development)
        #expect(first.tokenPublicKey == second.tokenPublicKey)
        var status = stat()
        #expect(stat(folder + "/vault.secrets", &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        #expect(truncate(folder + "/vault.secrets", 40) == 0)
        #expect(throws: CryptoError.invalidLength(expected: 96, found: 40)) {
            try VaultEnvironment.load(folder: folder, scryptCost: .development)
        }
    }
}
