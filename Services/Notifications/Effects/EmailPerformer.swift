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
        let telling = Telling(
            email.notice, marketplaceName: email.marketplaceName,
            zone: LocalZone(minutes: email.zoneMinutes, summerTime: email.summerTime))
        let mail = MailText(
            id: id, fromName: email.marketplaceName, fromAddress: sender.address,
            toName: name,
            toAddress: recipient.email.plaintext ?? "", subject: telling.title(in: recipient.language),
            body: telling.mail(
                in: recipient.language, to: name,
                enclosing: try enclosed(email, recipient.language, world)),
            language: recipient.language, date: email.toldAt)
        guard recipient.state != .closed, let content = mail.encoded() else { throw NoRecipient() }
        return content
    }

    /// The lines that only the vault can give: the contact that was bought, the link to confirm.
    private func enclosed(
        _ email: SendEmail, _ language: Language, _ world: any EffectWorld
    ) throws -> [String] {
        if email.notice.event == .confirmEmail {
            var query = FetchLink()
            query.purpose = .confirmEmail
            query.party = email.notice.party
            return EnclosedLines.link(try world.ask(query, of: .contactVault).token)
        }
        guard !email.notice.grant.isNone else { return [] }
        var command = OpenForDelivery()
        command.grant = email.notice.grant
        command.purpose = "A12: e-mail to the buyer"
        let key = IdempotencyKey(
            high: UInt64(bitPattern: email.toldAt.microseconds), low: email.item.raw)
        do {
            let contact = try world.command(command, key: key, of: .contactVault)
            return EnclosedLines.contact(contact, language)
        } catch let refusal as Refusal where !refusal.reason.retryable {
            // Erased or objected to meanwhile (F5, F10): the e-mail goes without the contact.
            return []
        }
    }
}
