import Kernel
import Messages

/// Single words and set phrases of the templates, in each language.
enum Words {
    static func greeting(_ name: String, _ language: Language) -> String {
        switch (language, name.isEmpty) {
        case (.german, false): "Hallo \(name),"
        case (.german, true): "Hallo,"
        case (.english, false): "Hello \(name),"
        case (.english, true): "Hello,"
        case (.russian, false): "Здравствуйте, \(name)!"
        case (.russian, true): "Здравствуйте!"
        }
    }

    static func signOff(_ marketplace: String, _ language: Language, formal: Bool = false) -> String {
        switch language {
        case .german: "Viele Grüße\n\(formal ? "Ihr" : "Dein") Team von \(marketplace)"
        case .english: "Kind regards,\nYour \(marketplace) team"
        case .russian: "С уважением,\nВаша команда \(marketplace)"
        }
    }

    static func quoted(_ text: String, _ language: Language) -> String {
        switch language {
        case .german: "„\(text)“"
        case .english: "“\(text)”"
        case .russian: "«\(text)»"
        }
    }

    /// A lead without a title; 0: without a number.
    static func lead(_ number: UInt64, _ language: Language) -> String {
        let word =
            switch language {
            case .german: "Lead"
            case .english: "lead"
            case .russian: "лид"
            }
        return number == 0 ? word : "\(word)\u{a0}\(number)"
    }

    /// Values that are names of cases are said in words; everything else stands as it is.
    static func translated(_ text: String, for place: NotificationPlace, _ language: Language) -> String {
        if place == .reason { return KnownReason.text(text, in: language) }
        guard [.ground, .silence, .outcome, .ways, .consequence, .verdict].contains(place),
            let row = known.first(where: { $0.place == place && $0.name == text })
        else { return text }
        return switch language {
        case .german: row.german
        case .english: row.english
        case .russian: row.russian
        }
    }

    struct Known: Sendable {
        let place: NotificationPlace
        let name: String
        let german: String
        let english: String
        let russian: String

        init(
            _ place: NotificationPlace, _ name: String, _ german: String, _ english: String, _ russian: String
        ) {
            self.place = place
            self.name = name
            self.german = german
            self.english = english
            self.russian = russian
        }
    }

    static let known: [Known] = [
        Known(.ground, "falseData", "falsche Angaben", "false data", "неверные данные"),
        Known(.ground, "unreachable", "nicht erreichbar", "unreachable", "нет связи с клиентом"),
        Known(.ground, "declines", "Interessent lehnt ab", "prospect declines", "клиент отказывается"),
        Known(.ground, "other", "anderer Grund", "other ground", "иная причина"),
        Known(
            .silence, "upholds", "gilt der Einspruch als berechtigt, und der Kaufpreis wird erstattet",
            "the dispute counts as justified and the price is refunded",
            "претензия считается обоснованной, и цена возвращается покупателю"),
        Known(
            .silence, "rejects", "gilt der Einspruch als zurückgewiesen", "the dispute counts as rejected",
            "претензия считается отклонённой"),
        Known(
            .silence, "goesToOperator", "entscheidet unser Support ohne deine Stellungnahme",
            "our support decides without your statement", "решение принимает поддержка без Вашего ответа"),
        Known(.outcome, "unreachable", "nicht erreicht", "not reached", "не удалось связаться"),
        Known(.outcome, "declined", "ausdrücklich abgelehnt", "explicitly declined", "явный отказ"),
        Known(.ways, "none", "keiner", "none", "нет"),
        Known(.ways, "chat", "Chat", "chat", "чат"),
        Known(.ways, "contact", "Kontaktdaten", "contact data", "контактные данные"),
        Known(
            .ways, "chatAndContact", "Chat und Kontaktdaten", "chat and contact data",
            "чат и контактные данные"),
        Known(.consequence, "warning", "Verwarnung", "a warning", "предупреждение"),
        Known(.consequence, "callEnded", "Gespräch beendet", "the call was ended", "звонок завершён"),
        Known(
            .consequence, "activationEnded", "Vorabgespräch beendet, eingefrorener Betrag zurück",
            "the activation was ended, the frozen amount returned",
            "предварительный звонок отключён, замороженная сумма возвращена"),
        Known(
            .verdict, "upheld", "der Vermerk bleibt bestehen", "the record stands", "запись остаётся в силе"),
        Known(
            .verdict, "withdrawn", "der Vermerk ist zurückgenommen", "the record was withdrawn",
            "запись отменена"),
        Known(.outcome, "reached", "erreicht", "reached", "связь установлена"),
    ]
}
