import Kernel
import Messages
import Storage
import Wire

/// What clients asked and were told, judged against the models at the next checkpoint.
final class ClientModel {
    struct Call {
        var code: UInt16
        var body: [UInt8]
        var key: IdempotencyKey?
        var party: UInt64
        var marketplace: UInt32
        /// The journals' last rows when it was sent, as of the last checkpoint: what it reads is no older.
        var floors: [ServiceName: UInt64]
        /// Counts observations.
        var number: UInt64
        /// Whether a sign-in was on its way before it on the same connection: for whom it acts, the client cannot say.
        var followsEntry: Bool
    }

    /// An answer that can be judged once the journals are read.
    struct Claim {
        var call: Call
        var answer: UInt16
        var body: [UInt8]
        var refusal: RefusalCode?
    }

    let findings: Findings
    let rules: RuleCounter
    private let keys: KeyLedger
    private let tally: MessageTally
    private var calls: [UInt64: Call] = [:]
    private var claims: [Claim] = []
    private var number: UInt64 = 0
    private var scan = ContactScan()
    /// By which calls each sealed text was handed in.
    private var sealedBy: [Int: [KeyName]] = [:]
    private var sightings: [(text: Int, party: UInt64, what: String)] = []
    /// What was said in conversations with contact data that anybody can see.
    private var openlySaid: [KeyName] = []
    private var addresses: [String: [UInt64]] = [:]
    /// When the erasure of a contact was acknowledged, in the order of observations.
    private var erasedAt: [UInt64: UInt64] = [:]
    private let commands: Set<UInt16>
    /// Commands that need no sign-in: whose key it is depends on whether the connection's token still holds.
    private let forAnyone: Set<UInt16>
    /// Connections on which a sign-in was given up: its late answer binds them, and the client does not know.
    private var givenUp: Set<UInt64> = []
    /// Connections on which a sign-in is on its way, and how many.
    private var entering: [UInt64: Int] = [:]

    init(_ findings: Findings, _ rules: RuleCounter, _ keys: KeyLedger, _ tally: MessageTally) {
        self.findings = findings
        self.rules = rules
        self.keys = keys
        self.tally = tally
        let commands = Catalogue.all.filter { $0 is any Command.Type }
        self.commands = Set(commands.map { $0.code })
        forAnyone = Set(commands.filter { $0.audience == .anyone }.map { $0.code })
    }

    /// Calls that bind the connection to a party.
    private static let entries: Set<UInt16> = [SignIn.code, RefreshSignIn.code, Authenticate.code]

    /// Answers that are judged at the next checkpoint.
    private static let judged: Set<UInt16> = [
        PlaceBid.code, GetListing.code, SearchListings.code, BidHistory.code, GetOrder.code,
        GetOrderDetails.code, GetBalance.code, GetDashboard.code, GetCase.code, ReadConversation.code,
        GetInvoice.code, GetMeeting.code, ReadContract.code, RequestCancellation.code,
        AnswerCancellation.code,
    ]

    func observe(_ observation: Observation, floors: [ServiceName: UInt64]) {
        number += 1
        switch observation.kind {
        case .sent: sent(observation, floors)
        case .unknown:
            calls[observation.call] = nil
            noteEntry(observation, -1)
            if ClientModel.entries.contains(observation.code) { givenUp.insert(observation.connection) }
        case .pushed(let code, let body):
            tally.note(code)
            rules.note(.model("push"))
            look(in: body, for: observation.party.raw, "a push")
        case .answered(let code, let body):
            guard let call = calls.removeValue(forKey: observation.call) else { return }
            noteEntry(observation, -1)
            noteTurnedAway(observation, code, body)
            answered(call, observation, code, body)
        }
    }

    private func sent(_ observation: Observation, _ floors: [ServiceName: UInt64]) {
        tally.note(observation.code)
        calls[observation.call] = Call(
            code: observation.code, body: observation.body, key: observation.key,
            party: observation.party.raw, marketplace: observation.marketplace.raw, floors: floors,
            number: number, followsEntry: entering[observation.connection] != nil)
        noteEntry(observation, 1)
        if let name = name(observation) { keys.sent(name, observation.code, observation.body) }
        if observation.code == SealContact.code {
            learn(observation)
        } else {
            scan.overhear(observation.body)
        }
    }

    /// A sign-in that may be tried again may also have arrived twice: then the other one still binds the connection.
    private func noteTurnedAway(_ observation: Observation, _ code: UInt16, _ body: [UInt8]) {
        guard code == Refusal.code, ClientModel.entries.contains(observation.code),
            let refusal = try? Refusal(decoding: body), refusal.reason.retryable
        else { return }
        givenUp.insert(observation.connection)
    }

    private func noteEntry(_ observation: Observation, _ change: Int) {
        guard ClientModel.entries.contains(observation.code) else { return }
        let count = entering[observation.connection, default: 0] + change
        entering[observation.connection] = count > 0 ? count : nil
    }

    private func name(_ observation: Observation) -> KeyName? {
        guard commands.contains(observation.code), let key = observation.key,
            let service = ServiceName(rawValue: UInt8(observation.code >> 8))
        else { return nil }
        return KeyName(service: service, party: observation.party.raw, key: key)
    }

    private func answered(_ call: Call, _ observation: Observation, _ code: UInt16, _ body: [UInt8]) {
        tally.note(code)
        var refusal: RefusalCode?
        if code == Refusal.code {
            refusal = (try? Refusal(decoding: body))?.reason ?? .malformed
            if let refusal {
                tally.note(refusal)
                rules.note(.refused(refusal))
            }
        } else {
            rules.note(.answered(call.code))
            // A contract shows its reader the reader's own data too.
            let isContract = call.code == ReadContract.code
            look(in: body, for: call.party, "the answer to message \(call.code)", ownToo: isContract)
        }
        if let name = name(observation) {
            keys.answered(
                KeyName(service: name.service, party: call.party, key: name.key), call.code, call.body,
                at: observation.at, answer: code, body, refusal: refusal,
                mayBeAnothers: forAnyone.contains(call.code) && (call.party != 0 || call.followsEntry)
                    || givenUp.contains(observation.connection))
        }
        if refusal == nil {
            noteAnswer(call, body)
            if let name = name(observation), ClientModel.showsContact(call) {
                openlySaid.append(KeyName(service: name.service, party: call.party, key: name.key))
            }
        }
        if ClientModel.judged.contains(call.code) {
            claims.append(Claim(call: call, answer: code, body: body, refusal: refusal))
        }
    }

    private func noteAnswer(_ call: Call, _ body: [UInt8]) {
        switch call.code {
        case EraseContact.code:
            if let contact = (try? EraseContact(decoding: call.body))?.contact {
                erasedAt[contact.raw] = number
            }
        case ObjectForProspect.code:
            if let contact = (try? ObjectForProspect(decoding: call.body))?.contact {
                erasedAt[contact.raw] = number
            }
        case ReadContact.code: contactRead(call, body)
        case RegisterParty.code:
            if let email = (try? RegisterParty(decoding: call.body))?.email.plaintext,
                let party = (try? PartyRegistered(decoding: body))?.party
            {
                learn(email, of: party.raw)
            }
        case SignIn.code:
            if let email = (try? SignIn(decoding: call.body))?.email,
                let party = (try? SignedIn(decoding: body))?.party
            {
                learn(email, of: party.raw)
            }
        default: break
        }
    }

    /// Whether it says an address, a link or a telephone number without any disguise.
    private static func showsContact(_ call: Call) -> Bool {
        let text: String?
        switch call.code {
        case PostMessage.code: text = (try? PostMessage(decoding: call.body))?.text.plaintext
        case ProspectChats.code: text = (try? ProspectChats(decoding: call.body))?.text.plaintext
        default: return false
        }
        guard let text else { return false }
        var digits = 0
        for character in text {
            digits = character.isASCII && character.isNumber ? digits + 1 : 0
            if character == "@" || digits == 7 { return true }
        }
        return text.contains("www.")
    }

    private func learn(_ address: String, of party: UInt64) {
        if addresses[address]?.contains(party) != true { addresses[address, default: []].append(party) }
    }

    /// After an erasure that was acknowledged, nothing that is asked for later shows the contact (F5).
    private func contactRead(_ call: Call, _ body: [UInt8]) {
        guard let view = try? ContactView(decoding: body) else { return }
        let shows = !view.name.isEmpty || !view.phones.allSatisfy(\.isEmpty) || !view.email.isEmpty
        guard shows, let erased = erasedAt[view.contact.raw], erased < call.number else { return }
        findings.report(
            .erasedIsUnreadable,
            "contact \(view.contact): expected nothing after its erasure, found it shown",
            ["contact \(view.contact)", "party \(call.party)"])
    }

    // MARK: Sealed texts

    private func learn(_ observation: Observation) {
        guard let command = try? SealContact(decoding: observation.body), let name = name(observation) else {
            return
        }
        for text in command.phones + [command.email, command.address, command.profileLink] {
            if let number = scan.learn(text.bytes) { sealedBy[number, default: []].append(name) }
        }
    }

    private func look(in body: [UInt8], for party: UInt64, _ what: String, ownToo: Bool = false) {
        for text in scan.find(body) {
            if ownToo, (sealedBy[text] ?? []).contains(where: { $0.party == party }) { continue }
            sightings.append((text, party, what))
        }
    }

    func observe(mail: [UInt8], to address: String) {
        let parties = addresses[address] ?? []
        let own = Set(scan.find(Array(address.utf8)).flatMap { sealedBy[$0] ?? [] })
        for text in scan.find(mail) {
            // What goes to the prospect itself may show it what it is known by.
            if (sealedBy[text] ?? []).contains(where: own.contains) { continue }
            // Whoever of the address's parties has the grant may have got it.
            sightings.append((text, parties.last ?? 0, "an e-mail to \(parties.map { "party \($0)" })"))
            for party in parties.dropLast() { alternatives[sightings.count - 1, default: []].append(party) }
        }
    }

    private var alternatives: [Int: [UInt64]] = [:]

    private func settleSightings(_ vault: VaultModel) {
        for (index, sighting) in sightings.enumerated() {
            let contacts = (sealedBy[sighting.text] ?? []).compactMap { name in
                keys.journaled[name].map { $0 << 8 | 1 }
            }
            let parties = [sighting.party] + (alternatives[index] ?? [])
            let granted = vault.grantsOf(contacts).contains { parties.contains($0) }
            guard !granted else { continue }
            findings.report(
                .contactStaysSealed,
                "contacts \(contacts): expected none of it for party \(sighting.party), found it in \(sighting.what)",
                contacts.map { "contact \($0)" } + ["party \(sighting.party)"])
        }
        sightings = []
        alternatives = [:]
    }

    private func settleChats(_ notifications: NotificationModel) {
        for name in openlySaid {
            guard let row = keys.journaled[name], notifications.saidWhileSealed.contains(row << 8 | 1) else {
                continue
            }
            findings.report(
                .contactStaysSealed,
                "party \(name.party): expected no contact data in a chat before the reveal, found it said in row \(row)",
                ["party \(name.party)"])
        }
        openlySaid = []
    }

    // MARK: At a checkpoint

    func settle(
        auction: AuctionModel, wallet: WalletModel, vault: VaultModel, notifications: NotificationModel
    ) {
        settleSightings(vault)
        settleChats(notifications)
        for claim in claims {
            do {
                try judge(claim, auction, wallet)
            } catch {
                findings.report(
                    .readable,
                    "the answer to message \(claim.call.code): expected it readable, found \(error)")
            }
        }
        claims = []
    }

    private func judge(_ claim: Claim, _ auction: AuctionModel, _ wallet: WalletModel) throws {
        if let refusal = claim.refusal {
            if claim.call.code == PlaceBid.code, refusal == .bidTooLow { try judgeTooLow(claim, auction) }
            return
        }
        switch claim.call.code {
        case PlaceBid.code: try judgeBid(claim, auction)
        case GetListing.code: try judgeListing(claim, auction)
        case SearchListings.code: try judgeSearch(claim, auction)
        case BidHistory.code: try judgeHistory(claim, auction)
        case GetOrder.code: judgeOrder(try OrderView(decoding: claim.body), claim, auction)
        case GetOrderDetails.code:
            if let order = try OrderDetails(decoding: claim.body).order { judgeOrder(order, claim, auction) }
        case GetBalance.code: try judgeBalance(claim, auction, wallet)
        case GetDashboard.code: try judgeDashboard(claim, wallet)
        default: try judgeAbsence(claim, auction, wallet)
        }
    }
}

extension VaultModel {
    /// The parties to whom one of these contacts was revealed.
    func grantsOf(_ contacts: [UInt64]) -> [UInt64] {
        contacts.flatMap { grantees[$0] ?? [] }
    }
}
