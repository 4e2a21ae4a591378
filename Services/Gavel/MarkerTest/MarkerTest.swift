import Client
import ContactVault
import Crypto
import Foundation
import Kernel
import Messages
import Operation
import Runtime
import Storage
import Stories
import Wire

/// Follows one contact and one caller's number through the house: nothing but the mail spool may hold the contact in
/// clear, nothing at all the number, and after their erasure nothing opens them any more (rules F4, F5).
struct MarkerTest {
    let folder: String
    let options: Installation.Options
    let progress: @Sendable (String) -> Void

    private static let marker = "Quitzow-Zmarkerfeld"
    private static let phone = "+4915799887766"
    private static let street = "Markerstieg 4711"
    private static let caller = "+4915233445511"

    func run() async throws -> [Check] {
        var checks: [Check] = []
        var installation = try await Installation.start(options)
        var house = LiveHouse(installation)
        let cast = try await Cast.openMarketplace(house)
        let sale = try await sell(cast)
        let line = try await talk(on: house)
        progress("the marker is listed, sold, revealed and mailed; the number has paid in and called")
        checks.append(try await revealed(cast, sale))
        checks.append(try mailed(installation))
        await house.close()
        await installation.stop()

        checks.append(try scan("no file but the mail spool holds the marker"))
        let backup = "\(folder)-backup"
        defer { try? FileManager.default.removeItem(atPath: backup) }
        try FileManager.default.createDirectory(atPath: backup, withIntermediateDirectories: true)
        try backUp(to: "\(backup)/store.sqlite")
        checks.append(try opensBefore(backup))

        progress("erasing")
        installation = try await Installation.start(options)
        house = LiveHouse(installation)
        await house.act(asOperator: Cast.firstOperator)
        checks.append(try await erased(house, cast, sale))
        checks.append(try await forgotten(house, line))
        await house.close()
        await installation.stop()

        checks.append(try scan("after the erasure no file but the mail spool holds the marker"))
        checks.append(try nothingOpens("\(backup)/store.sqlite"))
        checks.append(contentsOf: try chains(installation))
        return checks
    }

    private func sell(_ cast: Cast) async throws -> (order: OrderID, contact: ContactID) {
        var seal = SealContact()
        seal.name = PersonalText(MarkerTest.marker)
        seal.phones = [PersonalText(MarkerTest.phone)]
        seal.email = PersonalText("\(MarkerTest.marker.lowercased())@example.com")
        seal.address = PersonalText(MarkerTest.street)
        var lead = try await cast.lead()
        seal.inquiredAt = lead.inquiredAt
        lead.contact = try await cast.act(seal, as: cast.seller.guest).contact
        let published = try await cast.act(lead, as: cast.seller.guest)
        try await cast.bid(cast.buyers[0], on: published.listing, 6_000)
        try await cast.house.advance(to: published.endsAt)
        try await cast.house.settle()
        return (try await cast.order(of: published.listing).order, lead.contact)
    }

    /// A caller pays in, calls, withholds its number and calls again.
    private func talk(on house: LiveHouse) async throws -> Line {
        let cast = try await Cast.openMarketplace(house, policy: .prepaidLine, buyers: 0)
        let line = try await cast.openLine()
        try await cast.topUp(line, MarkerTest.caller, 1_000)
        try await cast.talk(line, from: MarkerTest.caller, for: .seconds(30))
        var arrived = try await cast.arrival(at: line, from: MarkerTest.caller)
        arrived.networkProvided = arrived.presented
        arrived.presented = PersonalText()
        let routed = try await cast.act(arrived, as: line.telephoneSwitch.guest)
        try await cast.hangUp(line, routed.call, putThrough: false)
        return line
    }

    private func forgotten(_ house: LiveHouse, _ line: Line) async throws -> Check {
        var check = Check(name: "after the erasure the caller's number is known to nobody", examined: 1)
        var find = FindCaller()
        find.number = PersonalText(MarkerTest.caller)
        var erase = EraseCaller()
        erase.caller = try await house.ask(find, as: line.provider.guest).caller
        _ = try await house.send(erase, as: line.provider.guest, key: nil)
        try await house.settle()
        let refusal = try await house.refusal(of: find, as: line.provider.guest)
        if refusal?.reason != .notFound { check.violations.append("the number is still found") }
        return check
    }

    private func revealed(_ cast: Cast, _ sale: (order: OrderID, contact: ContactID)) async throws -> Check {
        var check = Check(name: "the buyer reads the contact", examined: 1)
        let view = try await cast.readContact(sale.order, as: cast.buyers[0])
        if view.name.plaintext != MarkerTest.marker { check.violations.append("the name is not the marker") }
        return check
    }

    private func mailed(_ installation: Installation) throws -> Check {
        var check = Check(name: "the buyer's e-mail carries the contact")
        let mail = try MailSpool.read("\(installation.data.folder(of: .notifications))/spool")
        check.examined = mail.count
        let scan = FileScan(MarkerTest.marker)
        if !mail.contains(where: { !scan.forms(in: Data($0.text.utf8)).isEmpty }) {
            check.violations.append("no e-mail holds the marker")
        }
        return check
    }

    private func scan(_ name: String) throws -> Check {
        var check = Check(name: name)
        let markers = [
            MarkerTest.marker, MarkerTest.marker.lowercased(), MarkerTest.phone,
            String(MarkerTest.phone.dropFirst()),
            MarkerTest.street, MarkerTest.caller, String(MarkerTest.caller.dropFirst()),
        ]
        for marker in markers {
            let (files, findings) = try FileScan(marker).run(folder)
            check.examined += files
            check.violations +=
                findings
                .filter { !$0.file.hasPrefix("\(ServiceName.notifications.title)/spool/") }
                .map { "\($0.file) holds it (\($0.form))" }
        }
        return check
    }

    // MARK: Before and after

    private var vault: String { "\(folder)/\(ServiceName.contactVault.title)" }

    private func backUp(to path: String) throws {
        let store = try ServiceStore(path: "\(vault)/store.sqlite", migrations: [])
        try store.backup(to: path)
        try store.close()
    }

    /// The sealed texts of every contact and caller that a store's journal ever took in.
    private func sealedTexts(_ path: String) throws -> [PersonalText] {
        let store = try ServiceStore(path: path, migrations: [])
        defer { try? store.close() }
        var texts: [PersonalText] = []
        try store.read { store in
            try Journal.forEach(store) { entry in
                switch entry.code {
                case AdmitCaller.code: texts.append(try AdmitCaller(decoding: entry.body).number)
                case SealContact.code:
                    let seal = try SealContact(decoding: entry.body)
                    texts += ([seal.name, seal.email, seal.address] + seal.phones).filter { !$0.isEmpty }
                default: break
                }
            }
        }
        return texts
    }

    private func keyStore(_ path: String) throws -> KeyStore {
        try KeyStore(
            file: "\(path)/keys/store.keys", keyEncryptionKeys: KeyEncryptionKeys(folder: "\(path)/keys/kek"))
    }

    /// Without this the later check could not fail: with the keys of before, the backup does open.
    private func opensBefore(_ backup: String) throws -> Check {
        var check = Check(name: "before the erasure the keys open the backup")
        let texts = try sealedTexts("\(backup)/store.sqlite")
        let keys = try keyStore(vault)
        for text in texts {
            check.examined += 1
            if try Personal.open(text, keys) == nil { check.violations.append("a sealed text does not open") }
        }
        if texts.isEmpty { check.violations.append("the backup holds no sealed text") }
        return check
    }

    private func erased(
        _ house: LiveHouse, _ cast: Cast, _ sale: (order: OrderID, contact: ContactID)
    ) async throws -> Check {
        var check = Check(name: "after the erasure the reveal is refused", examined: 1)
        var erase = EraseContact()
        erase.contact = sale.contact
        _ = try await house.send(erase, as: Cast.firstOperator, key: nil)
        try await house.settle()
        var read = ReadContact()
        read.order = sale.order
        let refusal = try await house.refusal(of: read, as: cast.buyers[0].guest)
        if refusal?.reason != .erased {
            check.violations.append(
                "expected erased, found \(refusal.map { "\($0.reason)" } ?? "the contact")")
        }
        return check
    }

    private func nothingOpens(_ backup: String) throws -> Check {
        var check = Check(name: "no remaining key opens the backup")
        let keys = try keyStore(vault)
        var remaining: [UInt64] = []
        try keys.sweep { id in
            remaining.append(id)
            return true
        }
        for text in try sealedTexts(backup) {
            check.examined += 1 + remaining.count
            if try Personal.open(text, keys) != nil {
                check.violations.append("a sealed text opens by its own key")
            }
            for id in remaining {
                if (try? AESGCM.open(text.bytes, key: keys.key(id), associated: [])) != nil {
                    check.violations.append("a sealed text opens by key \(id)")
                }
            }
        }
        if remaining.isEmpty { check.violations.append("no key is left to try") }
        return check
    }

    private func chains(_ installation: Installation) throws -> [Check] {
        let definitions = try ServiceName.stores.map { try Definitions.of($0, installation.data) }
        let report = try Verifier(folder: folder, definitions: definitions).run(acknowledged: nil)
        let wanted = ["chain", "replay", "parked", "ledger"]
        return report.checks.filter { check in wanted.contains { check.name.contains($0) } }
    }
}
