import Kernel
import Messages
import NotificationsRules
import Runtime
import Wire

/// Who sends the house's e-mails.
public struct MailSender: Sendable {
    public var address: String
    public init(address: String) { self.address = address }

    /// For an installation that has not been given an address of its own.
    public static let local = MailSender(address: "no-reply@gavel.localhost")
}

/// Sends one e-mail: fetches from the vault what no other store holds, renders, hands over.
struct EmailPerformer: Sendable {
    let sender: MailSender
    let mailer: Mailer

    func perform(_ email: SendEmail, _ world: any EffectWorld) -> EmailAttempted {
        var outcome = EmailAttempted()
        outcome.item = email.item
        outcome.party = email.notice.party
        do {
            let name = Self.name(email.item, attemptedAt: world.now)
            let content = try render(email, as: name, world)
            try mailer(OutgoingMail(name: name + ".eml", content: content), world.folder)
            outcome.delivered = true
        } catch let refusal as Refusal {
            outcome.final = !refusal.reason.retryable
            outcome.failure = "contact-vault refused: \(refusal.reason)"
        } catch let fault as MailFault {
            outcome.failure = fault.reason
        } catch is NoRecipient {
            outcome.final = true
            outcome.failure = "the party has no usable e-mail address"
        } catch {
            outcome.failure = "contact-vault could not be reached"
        }
        return outcome
    }

    /// The item's number in 16 hexadecimal digits, so that names sort in order of telling; the same however often the
    /// e-mail is sent.
    static func name(_ item: InboxItemID, attemptedAt now: Instant) -> String {
        let attempt = Planted.isOn(.emailUnderNewName) ? UInt64(bitPattern: now.microseconds) : 0
        let digits = String(item.raw ^ attempt, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// Nobody can get this e-mail.
    private struct NoRecipient: Error {}

    private func render(_ email: SendEmail, as id: String, _ world: any EffectWorld) throws -> [UInt8] {
        var query = FetchAddress()
        query.party = email.notice.party
        let recipient = try world.ask(query, of: .contactVault)
        let name = recipient.name.plaintext ?? ""
        let contact = try contact(email, world)
        let telling = Telling(
            email.notice, marketplaceName: email.marketplaceName,
            zone: LocalZone(minutes: email.zoneMinutes, summerTime: email.summerTime))
        let language = recipient.language
        let attendee = CalendarPerson(name: name, address: recipient.email.plaintext ?? "")
        let meeting = MeetingEntry(
            notice: email.notice, summary: telling.title(in: language),
            organizer: CalendarPerson(name: email.marketplaceName, address: sender.address))
        let mail = MailText(
            id: id, fromName: email.marketplaceName, fromAddress: sender.address,
            toName: name,
            toAddress: attendee.address, subject: telling.title(in: language),
            body: telling.mail(
                in: language, to: name, enclosing: try enclosed(email, contact, language, world)),
            language: language, date: email.toldAt,
            invitation: meeting.entry(for: attendee, contact: contact, language)
                .flatMap { try? $0.object().get() })
        guard recipient.state != .closed, let content = mail.encoded() else { throw NoRecipient() }
        return content
    }

    /// The lines that only the vault can give: the contact that was bought, the link to confirm.
    private func enclosed(
        _ email: SendEmail, _ contact: ContactView?, _ language: Language, _ world: any EffectWorld
    ) throws -> [String] {
        if email.notice.event == .confirmEmail {
            var query = FetchLink()
            query.purpose = .confirmEmail
            query.party = email.notice.party
            return EnclosedLines.link(try world.ask(query, of: .contactVault).token)
        }
        return contact.map { EnclosedLines.contact($0, language) } ?? []
    }

    /// The contact that the e-mail carries; nothing where it carries none.
    private func contact(_ email: SendEmail, _ world: any EffectWorld) throws -> ContactView? {
        guard !email.notice.grant.isNone else { return nil }
        var command = OpenForDelivery()
        command.grant = email.notice.grant
        command.purpose = Self.purpose(email.notice.event)
        let key = IdempotencyKey(
            high: UInt64(bitPattern: email.toldAt.microseconds), low: email.item.raw)
        do {
            return try world.command(command, key: key, of: .contactVault)
        } catch let refusal as Refusal where !refusal.reason.retryable {
            // Erased or objected to meanwhile (F5, F10): the e-mail goes without the contact.
            return nil
        }
    }

    /// The rule and the reason, for the data subject's report.
    private static func purpose(_ event: NotificationEvent) -> String {
        switch event {
        case .applicationAccepted: "B2: e-mail to the applicant"
        case .applicationRevealed: "B5: e-mail to the applicant"
        case .contractConcluded: "C1: e-mail with the contract"
        default: "A12: e-mail to the buyer"
        }
    }
}

// MARK: Prospects

extension EmailPerformer {
    func perform(_ email: SendProspectEmail, _ world: any EffectWorld) -> ProspectEmailAttempted {
        var outcome = ProspectEmailAttempted()
        outcome.item = email.item
        do {
            let name = Self.name(email.item, attemptedAt: world.now)
            let content = try render(email, as: name, world)
            try mailer(OutgoingMail(name: name + ".eml", content: content), world.folder)
            outcome.delivered = true
        } catch let refusal as Refusal {
            outcome.final = !refusal.reason.retryable
            outcome.failure = "contact-vault refused: \(refusal.reason)"
        } catch let fault as MailFault {
            outcome.failure = fault.reason
        } catch is NoRecipient {
            outcome.final = true
            outcome.failure = "the prospect has no usable e-mail address"
        } catch {
            outcome.failure = "contact-vault could not be reached"
        }
        return outcome
    }

    private func render(
        _ email: SendProspectEmail, as id: String, _ world: any EffectWorld
    ) throws -> [UInt8] {
        var query = FetchProspect()
        query.contact = email.notice.contact
        let prospect = try world.ask(query, of: .contactVault)
        let links = try email.notice.event.prospectLinks.map { purpose in
            var query = FetchLink()
            query.purpose = purpose
            query.contact = email.notice.contact
            query.order = email.notice.order
            return try world.ask(query, of: .contactVault)
        }
        let name = prospect.name.plaintext ?? ""
        let telling = Telling(
            email.notice.asNotice, marketplaceName: email.marketplaceName,
            zone: LocalZone(minutes: email.zoneMinutes, summerTime: email.summerTime))
        let mail = MailText(
            id: id, fromName: email.marketplaceName, fromAddress: sender.address, toName: name,
            toAddress: prospect.email.plaintext ?? "", subject: telling.title(in: email.language),
            body: telling.mail(
                in: email.language, to: name, enclosing: EnclosedLines.links(links, email.language)),
            language: email.language, date: email.toldAt)
        guard let content = mail.encoded() else { throw NoRecipient() }
        return content
    }
}

extension NotifyProspect {
    /// The same as words are made of it.
    fileprivate var asNotice: Notify {
        var notice = Notify()
        notice.event = event
        notice.marketplace = marketplace
        notice.listing = listing
        notice.order = order
        notice.happenedAt = happenedAt
        notice.values = values
        return notice
    }
}
