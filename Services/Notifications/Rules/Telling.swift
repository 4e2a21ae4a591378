import Kernel
import Messages

/// One event as one party is told of it: facts in, words out (F8).
public struct Telling: Sendable {
    let notice: Notify
    let marketplaceName: String
    let zone: LocalZone

    public init(_ notice: Notify, marketplaceName: String, zone: LocalZone) {
        self.notice = notice
        self.marketplaceName = marketplaceName
        self.zone = zone
    }

    /// One line: the inbox item's title, the e-mail's subject.
    public func title(in language: Language) -> String {
        Template.filled(Template(notice.event, in: language).subject) { value($0, language) } ?? ""
    }

    /// The inbox item's text.
    public func text(in language: Language) -> String {
        Template(notice.event, in: language).text.compactMap { sentence in
            Template.filled(sentence) { value($0, language) }
        }.joined(separator: " ")
    }

    /// The e-mail's text: greeting, what happened, what the vault gave for it, the further paragraphs, sign-off.
    public func mail(in language: Language, to name: String, enclosing lines: [String]) -> String {
        var paragraphs = [Words.greeting(name, language), text(in: language)]
        if !lines.isEmpty { paragraphs.append(lines.joined(separator: "\n")) }
        paragraphs += Template(notice.event, in: language).mail.compactMap { paragraph in
            Template.filled(paragraph) { value($0, language) }
        }
        paragraphs.append(Words.signOff(marketplaceName, language, formal: notice.event.isFormal))
        return paragraphs.joined(separator: "\n\n") + "\n"
    }

    /// What stands in a place; nothing if the sender gave no value for it.
    private func value(_ name: String, _ language: Language) -> String? {
        switch name {
        case "lead": return lead(language)
        case "order": return notice.order.isNone ? nil : "\(notice.order)"
        case "happenedAt": return language.text(notice.happenedAt, in: zone)
        case "marketplace": return marketplaceName
        default: break
        }
        guard let place = NotificationPlace(rawValue: name),
            let given = notice.values.first(where: { $0.name == name })
        else { return nil }
        switch place.kind {
        case .money: return given.money.map(language.text)
        case .instant: return given.instant.flatMap { $0 == .none ? nil : language.text($0, in: zone) }
        case .text: return given.text.isEmpty ? nil : Words.translated(given.text, for: place, language)
        }
    }

    /// The lead by its title, or else by the best number there is.
    private func lead(_ language: Language) -> String {
        let title = notice.values.first { $0.name == NotificationPlace.title.rawValue }?.text ?? ""
        if !title.isEmpty { return Words.quoted(title, language) }
        let number = notice.listing.isNone ? notice.order.raw : notice.listing.raw
        return Words.lead(number, language)
    }
}
