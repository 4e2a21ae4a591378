import Crypto
import Kernel
import Messages
import Storage
import Wire

/// Contacts and who may see them, as the rulebook has it: told by the vault's journal alone.
final class VaultModel {
    struct Contact {
        var seller: UInt64
        var marketplace: UInt32
        var state = ContactState.free
        var listing: UInt64 = 0
        var soldAt = Instant.none
        var inquiredAt: Instant
        var hasProof: Bool
        /// The data keys that seal it.
        var keys: [UInt64]
        /// By what the person is recognised.
        var hashes: [[UInt8]]
        /// A party's own, for its trading partners (C2).
        var isCard = false
        var hasPhone = true

        var isErased: Bool { state == .erased || state == .objected }
    }

    /// What an order revealed to a party.
    struct GrantName: Hashable {
        var order: UInt64
        var party: UInt64
    }

    struct Contract {
        var buyer: UInt64
        var seller: UInt64
    }

    struct Grant {
        var id: UInt64
        var order: UInt64
        var contact: UInt64
        var party: UInt64
    }

    /// A line of the reveal log, as it must be.
    struct Line: Equatable {
        var at: Instant
        var kind: RevealKind
        var contact: UInt64
        var party: UInt64
        var grant: UInt64
        var order: UInt64
        var purpose: String
    }

    let findings: Findings
    let rules: RuleCounter
    var contacts: [UInt64: Contact] = [:]
    var contactsOf: [UInt64: [UInt64]] = [:]
    var withHash: [[UInt8]: [UInt64]] = [:]
    var objections: [[UInt8]: Instant] = [:]
    var grants: [UInt64: Grant] = [:]
    var grantOf: [GrantName: UInt64] = [:]
    /// Orders of which something was revealed to their buyers.
    var revealed: Set<UInt64> = []
    var contracts: [UInt64: Contract] = [:]
    /// The parties to whom each contact was revealed.
    var grantees: [UInt64: [UInt64]] = [:]
    var delivered: Set<String> = []
    var closed: Set<UInt64> = []
    var callers = CallerModel()
    /// The keys that seal what is known of each party.
    var partyKeys:
        [UInt64: (identity: [UInt64], credential: UInt64, billing: [UInt64], marketplace: UInt32)] = [:]
    /// Keys that must be gone, in order of erasure, and when.
    var erased: [(key: UInt64, of: String, at: Instant)] = []
    /// Contacts that were erased while on offer or after they were sold, in order.
    private(set) var stopped: [UInt64] = []
    /// When the key-encryption key was replaced last.
    private(set) var rotatedAt = Instant.none
    /// How often each party was to be suspended because its payments lapsed.
    private(set) var suspendedForLapses: [UInt64: Int] = [:]
    private(set) var suspendedForFishing: [UInt64: Int] = [:]
    /// The contact of each activation whose proxy number is attached (D1), and the permissions of switches.
    private var routes: [UInt64: UInt64] = [:]
    private(set) var routed: Set<UInt64> = []
    var policies: [UInt32: Policy] = [:]
    /// Lines that the rows read since the last comparison must have written.
    var expectedLines: [Line] = []
    var touchedContacts: Set<UInt64> = []
    var touchedGrants: [UInt64] = []
    var deadlines = Deadlines([BillingRetentionOver.code, ContinueObjection.code, ContinueClosing.code])
    var lastReveal: UInt64 = 0
    var chain: [UInt8] = []
    var checkedKeys = 0

    init(_ findings: Findings, _ rules: RuleCounter) {
        self.findings = findings
        self.rules = rules
    }

    func apply(_ row: JournalRow) throws {
        switch row.code {
        case SealContact.code: seal(try row.decoded(SealContact.self), row)
        case ClaimContact.code: claim(try row.decoded(ClaimContact.self), row)
        case ReleaseContact.code: release(try row.decoded(ReleaseContact.self), row)
        case GrantReveal.code: grant(try row.decoded(GrantReveal.self), row)
        case ReadContact.code: read(try row.decoded(ReadContact.self), row)
        case RecordContract.code: record(try row.decoded(RecordContract.self), row)
        case ReadContract.code: readContract(try row.decoded(ReadContract.self).order.raw, row)
        case OpenForDelivery.code: deliver(try row.decoded(OpenForDelivery.self), row)
        case EraseContact.code: erase(try row.decoded(EraseContact.self).contact.raw, as: .erased, row)
        case ProspectErases.code: erase(try row.decoded(ProspectErases.self).contact.raw, as: .erased, row)
        case ProspectObjects.code: object(try row.decoded(ProspectObjects.self).contact.raw, row)
        case ObjectForProspect.code: object(try row.decoded(ObjectForProspect.self).contact.raw, row)
        case ContinueObjection.code:
            let contact = try row.decoded(ContinueObjection.self).contact.raw
            deadlines.fired(row, contact, "contact-vault", findings)
            eraseSamePerson(contact, row)
        case OpenRoute.code:
            let message = try row.decoded(OpenRoute.self)
            routes[message.activation.raw] = message.contact.raw
        case CloseRoute.code: routes[try row.decoded(CloseRoute.self).activation.raw] = nil
        case RouteCall.code: route(try row.decoded(RouteCall.self), row)
        default: try applyToParties(row)
        }
    }

    private func applyToParties(_ row: JournalRow) throws {
        switch row.code {
        case RotateKeys.code: rotatedAt = max(rotatedAt, try row.decoded(RotateKeys.self).rotatedAt)
        case SuspendForCause.code:
            let message = try row.decoded(SuspendForCause.self)
            if message.reason == KnownReason.paymentsLapsed.rawValue {
                suspendedForLapses[message.party.raw, default: 0] += 1
            } else if message.reason == KnownReason.fishedForContacts.rawValue {
                suspendedForFishing[message.party.raw, default: 0] += 1
            }
        case PublishMarketplace.code:
            let command = try row.decoded(PublishMarketplace.self)
            policies[command.marketplace.raw] = command.policy
        case RegisterParty.code:
            let command = try row.decoded(RegisterParty.self)
            register(row, [command.email, command.name], command.credential, command.marketplace.raw)
        case RegisterSwitch.code:
            let command = try row.decoded(RegisterSwitch.self)
            register(row, [command.email, command.name], command.credential, command.marketplace.raw)
            callers.registered(row.made(), of: row.party)
        case AdmitCaller.code:
            let command = try row.decoded(AdmitCaller.self)
            if closed.contains(command.provider.raw) { break }
            if let unneeded = callers.admit(command, row) { gone([unneeded], "a number known before", row) }
        case EraseCaller.code:
            let caller = try row.decoded(EraseCaller.self).caller.raw
            if let key = callers.erase(caller) { gone([key], "caller \(caller)", row) }
        case AppointOperator.code:
            let command = try row.decoded(AppointOperator.self)
            register(row, [command.email, command.name], command.credential, 0)
        case BootstrapOperator.code:
            let command = try row.decoded(BootstrapOperator.self)
            register(row, [command.email, command.name], command.credential, 0)
        case ChangePassword.code:
            let new = try row.decoded(ChangePassword.self).credential.key
            guard let known = partyKeys[row.party] else { return }
            partyKeys[row.party]?.credential = new
            if known.credential != new, !known.identity.contains(known.credential) {
                gone([known.credential], "party \(row.party)", row)
            }
        case SetBillingIdentity.code:
            let command = try row.decoded(SetBillingIdentity.self)
            let texts = [command.name, command.street, command.postalCode, command.city, command.taxNumber]
            partyKeys[row.party]?.billing += VaultModel.keys(texts)
        case CloseParty.code:
            let named = try row.decoded(CloseParty.self).party.raw
            close(named == 0 ? row.party : named, row)
        case ContinueClosing.code:
            let party = try row.decoded(ContinueClosing.self).party.raw
            deadlines.fired(row, party, "contact-vault", findings)
            eraseFree(of: party, row)
            eraseCallers(of: party, row)
        case BillingRetentionOver.code:
            let party = try row.decoded(BillingRetentionOver.self).party.raw
            deadlines.fired(row, party, "contact-vault", findings)
            gone(partyKeys[party]?.billing ?? [], "billing identities of party \(party)", row)
        default: break
        }
    }

    static func keys(_ texts: [PersonalText]) -> [UInt64] {
        var keys: [UInt64] = []
        for text in texts where text.isSealed && !keys.contains(text.key) { keys.append(text.key) }
        return keys
    }

    private func register(
        _ row: JournalRow, _ texts: [PersonalText], _ credential: PersonalText, _ marketplace: UInt32
    ) {
        partyKeys[row.made()] = (VaultModel.keys(texts), credential.key, [], marketplace)
    }

    private func gone(_ keys: [UInt64], _ what: String, _ row: JournalRow) {
        for key in keys where key != 0 { erased.append((key, what, row.at)) }
    }

    /// A provider takes its switches and its callers' numbers along.
    private func close(_ party: UInt64, _ row: JournalRow) {
        closeAlone(party, row)
        for phone in callers.retire(with: party) { closeAlone(phone, row) }
        eraseCallers(of: party, row)
    }

    private func eraseCallers(of provider: UInt64, _ row: JournalRow) {
        let oldest = callers.oldest(of: provider, VaultModel.mostAtOnce)
        for id in oldest {
            if let key = callers.erase(id) { gone([key], "caller \(id)", row) }
        }
        if oldest.count == VaultModel.mostAtOnce {
            deadlines.set(ContinueClosing.code, provider, at: row.at)
        }
    }

    private func closeAlone(_ party: UInt64, _ row: JournalRow) {
        closed.insert(party)
        guard let known = partyKeys[party] else { return }
        gone(known.identity + [known.credential], "party \(party)", row)
        let retention = (policies[known.marketplace] ?? Policy()).invoiceRetention
        deadlines.set(BillingRetentionOver.code, party, at: row.at + retention)
        eraseFree(of: party, row)
    }

    /// One command erases at most this many contacts; a timer goes on.
    private static let mostAtOnce = 100

    private func eraseFree(of party: UInt64, _ row: JournalRow) {
        let free = (contactsOf[party] ?? []).filter { contacts[$0]?.state == .free }.prefix(
            VaultModel.mostAtOnce)
        for contact in free { erase(contact, as: .erased, row) }
        if free.count == VaultModel.mostAtOnce { deadlines.set(ContinueClosing.code, party, at: row.at) }
    }

    // MARK: Contacts

    private func seal(_ command: SealContact, _ row: JournalRow) {
        let texts =
            [command.name] + command.phones
            + [
                command.email, command.address, command.profileLink, command.externalReference,
                command.inquiryProof,
            ]
        let hashes = (command.blindPhones + [command.blindEmail]).map(\.bytes).filter { !$0.isEmpty }
        let id = row.made()
        contacts[id] = Contact(
            seller: row.party, marketplace: row.marketplace, inquiredAt: command.inquiredAt,
            hasProof: command.hasInquiryProof, keys: VaultModel.keys(texts), hashes: hashes,
            isCard: command.own, hasPhone: !command.phones.isEmpty)
        contactsOf[row.party, default: []].append(id)
        for hash in Set(hashes) { withHash[hash, default: []].append(id) }
        touchedContacts.insert(id)
    }

    /// Whether the rules let a listing offer the contact (F10 and the policy's window for duplicates).
    private func mayOffer(_ contact: Contact, _ id: UInt64, _ message: ClaimContact, _ row: JournalRow)
        -> Bool
    {
        guard contact.seller == message.seller.raw, contact.marketplace == message.marketplace.raw,
            !contact.isErased, !contact.isCard, contact.hasPhone || !message.needsPhone
        else { return false }
        func isRecent(_ at: Instant) -> Bool { at != .none && row.at < at + message.duplicateWindow }
        let objectedAt = contact.hashes.compactMap { objections[$0] }.max() ?? .none
        if objectedAt != .none, !(contact.hasProof && contact.inquiredAt > objectedAt) { return false }
        if contact.state == .onOffer, contact.listing != message.listing.raw { return false }
        for hash in contact.hashes {
            for other in withHash[hash] ?? [] where other != id {
                guard let same = contacts[other], same.marketplace == contact.marketplace else { continue }
                if same.state == .onOffer || isRecent(same.soldAt) { return false }
            }
        }
        return contact.listing == message.listing.raw || !isRecent(contact.soldAt)
    }

    private func claim(_ message: ClaimContact, _ row: JournalRow) {
        let id = message.contact.raw
        guard let contact = contacts[id], mayOffer(contact, id, message, row) else { return }
        contacts[id]?.state = .onOffer
        contacts[id]?.listing = message.listing.raw
        touchedContacts.insert(id)
    }

    private func release(_ message: ReleaseContact, _ row: JournalRow) {
        let id = message.contact.raw
        guard let contact = contacts[id], contact.state == .onOffer, contact.listing == message.listing.raw
        else { return }
        contacts[id]?.state = .free
        touchedContacts.insert(id)
        if closed.contains(contact.seller) { erase(id, as: .erased, row) }
    }

    func erase(_ id: UInt64, as state: ContactState, keepingHashes: Bool = false, _ row: JournalRow) {
        guard let contact = contacts[id], !contact.isErased else { return }
        contacts[id]?.state = state
        touchedContacts.insert(id)
        if contact.state != .free { stopped.append(id) }
        if !keepingHashes { forget(id) }
        gone(contact.keys, "contact \(id)", row)
        rules.note(.model("erasure"))
    }

    private func forget(_ id: UInt64) {
        for hash in Set(contacts[id]?.hashes ?? []) { withHash[hash]?.removeAll { $0 == id } }
        contacts[id]?.hashes = []
    }

    private func object(_ id: UInt64, _ row: JournalRow) {
        guard let contact = contacts[id], !contact.isErased else { return }
        rules.note(.model("objection"))
        for hash in contact.hashes { objections[hash] = row.at }
        erase(id, as: .objected, keepingHashes: true, row)
        eraseSamePerson(id, row)
    }

    private func eraseSamePerson(_ id: UInt64, _ row: JournalRow) {
        var others: Set<UInt64> = []
        for hash in contacts[id]?.hashes ?? [] { others.formUnion(withHash[hash] ?? []) }
        others.remove(id)
        let now = others.sorted().prefix(VaultModel.mostAtOnce)
        for other in now { erase(other, as: .objected, row) }
        if now.count == VaultModel.mostAtOnce {
            deadlines.set(ContinueObjection.code, id, at: row.at)
        } else {
            forget(id)
        }
    }

    // MARK: Reveals

    private func grant(_ message: GrantReveal, _ row: JournalRow) {
        let order = message.order.raw
        let name = GrantName(order: order, party: message.party.raw)
        guard grantOf[name] == nil, let contact = contacts[message.contact.raw], !contact.isErased
        else { return }
        let grant = Grant(
            id: row.made(), order: order, contact: message.contact.raw, party: message.party.raw)
        add(grant)
        revealed.insert(order)
        contacts[grant.contact]?.state = .sold
        contacts[grant.contact]?.listing = message.listing.raw
        contacts[grant.contact]?.soldAt = row.at
        touchedContacts.insert(grant.contact)
        note(.granted, grant, message.purpose, row)
        purposes[grant.id] = message.purpose
    }

    private func add(_ grant: Grant) {
        grants[grant.id] = grant
        grantOf[GrantName(order: grant.order, party: grant.party)] = grant.id
        grantees[grant.contact, default: []].append(grant.party)
        touchedGrants.append(grant.id)
    }

    /// A contract lets the seller read the buyer's card, if that is there, once the buyer has what it bought (C1, C2).
    private func record(_ message: RecordContract, _ row: JournalRow) {
        let order = message.terms.order.raw
        guard contracts[order] == nil,
            grantOf[GrantName(order: order, party: message.buyer.raw)] != nil
        else { return }
        contracts[order] = Contract(buyer: message.buyer.raw, seller: message.seller.raw)
        guard let card = contacts[message.card.raw], card.isCard, !card.isErased else { return }
        let grant = Grant(
            id: row.made(), order: order, contact: message.card.raw, party: message.seller.raw)
        add(grant)
        purposes[grant.id] = "C2: a contract with the buyer"
        note(.granted, grant, "C2: a contract with the buyer", row)
    }

    /// Only buyer and seller read a contract, and whose data it shows is logged (C1, F4).
    private func readContract(_ order: UInt64, _ row: JournalRow) {
        guard let contract = contracts[order], contract.buyer == row.party || contract.seller == row.party
        else {
            return findings.report(
                .contactStaysSealed,
                "order \(order): expected a contract of party \(row.party), found it read without one",
                ["order \(order)", "party \(row.party)"])
        }
        guard let id = grantOf[GrantName(order: order, party: row.party)], let grant = grants[id],
            contacts[grant.contact]?.isErased == false
        else { return }
        note(.read, grant, "C1: the contract is read", row)
    }

    var purposes: [UInt64: String] = [:]

    private func note(_ kind: RevealKind, _ grant: Grant, _ purpose: String, _ row: JournalRow) {
        rules.note(.model("reveal"))
        expectedLines.append(
            Line(
                at: row.at, kind: kind, contact: grant.contact, party: grant.party, grant: grant.id,
                order: grant.order, purpose: purpose))
    }

    /// A switch gets the number of a prospect while an activation lasts: one permission, and a line each time (D1, F4).
    private func route(_ command: RouteCall, _ row: JournalRow) {
        let order = command.activation.raw
        guard let contact = routes[order] else {
            return findings.report(
                .contactStaysSealed,
                "activation \(order): expected it under way where a call is routed, found it over",
                ["order \(order)", "party \(row.party)"])
        }
        let name = GrantName(order: order, party: row.party)
        if grantOf[name] == nil {
            let grant = Grant(id: row.made(), order: order, contact: contact, party: row.party)
            add(grant)
            routed.insert(grant.id)
            note(.granted, grant, "D1: preliminary calls are put through", row)
        }
        guard let id = grantOf[name], let grant = grants[id] else { return }
        opened(grant, row)
        rules.note(.model("routed"))
        note(.read, grant, "D1: call \(command.call) is put through", row)
    }

    private func read(_ command: ReadContact, _ row: JournalRow) {
        guard let id = grantOf[GrantName(order: command.order.raw, party: row.party)],
            let grant = grants[id]
        else {
            return findings.report(
                .contactStaysSealed,
                "order \(command.order): expected a grant of party \(row.party), found it read without one",
                ["order \(command.order)", "party \(row.party)"])
        }
        opened(grant, row)
        note(.read, grant, purposes[id] ?? "", row)
    }

    private func deliver(_ command: OpenForDelivery, _ row: JournalRow) {
        guard let grant = grants[command.grant.raw] else {
            return findings.report(
                .contactStaysSealed, "grant \(command.grant): expected one, found it opened without",
                ["grant \(command.grant)"])
        }
        opened(grant, row)
        guard delivered.insert("\(grant.id) \(command.purpose)").inserted else { return }
        note(.delivered, grant, command.purpose, row)
    }

    /// What is erased can be opened by nobody (F5).
    private func opened(_ grant: Grant, _ row: JournalRow) {
        guard contacts[grant.contact]?.isErased == true else { return }
        findings.report(
            .erasedIsUnreadable,
            "contact \(grant.contact): expected it erased, found it opened in row \(row.sequence)",
            ["contact \(grant.contact)", "order \(grant.order)"])
    }
}
