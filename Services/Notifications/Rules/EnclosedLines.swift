import Kernel
import Messages

/// What an e-mail encloses from the vault, line by line.
public enum EnclosedLines {
    /// A contact that was bought (A12): whatever of it there is.
    public static func contact(_ contact: ContactView, _ language: Language) -> [String] {
        let labels = Labels(language)
        var lines: [String] = []
        func add(_ label: String, _ value: PersonalText) {
            let text = oneLine(value.plaintext ?? "")
            if !text.isEmpty { lines.append("\(label): \(text)") }
        }
        add(labels.name, contact.name)
        for phone in contact.phones { add(labels.phone, phone) }
        add(labels.email, contact.email)
        add(labels.address, contact.address)
        add(labels.profile, contact.profileLink)
        if !lines.isEmpty { lines.append("\(labels.preferred): \(labels.channel(contact.preferredChannel))") }
        return lines
    }

    /// A link's token, on a line of its own, so that it can be copied whole.
    public static func link(_ token: String) -> [String] { [token] }

    /// Links for a prospect: each token on a line of its own, after a line that says what it is for (B7).
    public static func links(_ links: [LinkIssued], _ language: Language) -> [String] {
        let labels = Labels(language)
        return links.flatMap { [labels.purpose($0.purpose) + ":", $0.token] }
    }

    private static func oneLine(_ text: String) -> String {
        text.split(separator: "\n").joined(separator: ", ")
    }

    private struct Labels {
        let language: Language
        init(_ language: Language) { self.language = language }

        var name: String { choose("Name", "Name", "Имя") }
        var phone: String { choose("Telefon", "Phone", "Телефон") }
        var email: String { choose("E-Mail", "E-mail", "Эл. почта") }
        var address: String { choose("Adresse", "Address", "Адрес") }
        var profile: String { choose("Profil", "Profile", "Профиль") }
        var preferred: String { choose("Bevorzugter Kanal", "Preferred channel", "Предпочтительный канал") }

        func channel(_ channel: ContactChannel) -> String {
            switch channel {
            case .phone: phone
            case .email: email
            case .post: choose("Post", "Post", "Почта")
            case .profile: profile
            }
        }

        func purpose(_ purpose: LinkPurpose) -> String {
            switch purpose {
            case .review: choose("Bewerbung prüfen", "Review the application", "Рассмотреть заявку")
            case .chat: choose("Zum Chat", "To the chat", "Перейти в чат")
            case .objection:
                choose(
                    "Der Weitergabe widersprechen", "Object to being passed on", "Возразить против передачи")
            case .confirmEmail, .report, .erasure, .refresh: choose("Link", "Link", "Ссылка")
            }
        }

        private func choose(_ german: String, _ english: String, _ russian: String) -> String {
            switch language {
            case .german: german
            case .english: english
            case .russian: russian
            }
        }
    }
}
