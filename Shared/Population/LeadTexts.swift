import Kernel
import Messages

/// A person who asked for an offer.
struct Prospect: Hashable {
    var name: String
    var phone: String
    var email: String
    var address: String
}

/// What sellers write, in the languages of their marketplaces.
enum LeadTexts {
    static let regions = ["Leipzig", "Hamburg", "Wien", "München", "Köln"]

    static func title(in language: Language) -> String {
        switch language {
        case .german: "Angebot für ein Vorhaben gesucht"
        case .english: "A family looks for an offer"
        case .russian: "Нужен исполнитель для проекта"
        }
    }

    static func description(in language: Language) -> String {
        switch language {
        case .german: "Eine Familie bittet um ein offer vor Ort und möchte im Herbst beginnen."
        case .english: "A family asks for an offer on site, and wants to begin in autumn."
        case .russian: "Семья просит offer на месте и хочет начать осенью."
        }
    }

    static func answer(in language: Language) -> String {
        switch language {
        case .german: "Wie besprochen, in gutem Zustand"
        case .english: "As discussed, in good order"
        case .russian: "Как обсуждали, в хорошем состоянии"
        }
    }

    /// Ways to hide contact data in a text.
    static let introduction = "We are a company of nine and have done forty projects of this kind nearby."

    static let hiddenContacts = [
        "Call me on 0171 5551234 in the evening.", "Write to petra (at) gmail dot com, please.",
        "Null eins sieben eins, fünf fünf fünf eins zwei drei vier.", "Find me at www.petra-sommer.de today.",
        "My Telegram: petra_sommer, any time.",
    ]
}

/// Finds the token of a link in an e-mail: a line of its own, hexadecimal with a point.
enum MailToken {
    static func found(in mail: String) -> String? { all(in: mail).last }

    /// The tokens of all links, in order.
    static func all(in mail: String) -> [String] {
        var lines: [String] = []
        var line = ""
        // Quoted-printable: a line that ends with an equals sign goes on.
        for scalar in mail.unicodeScalars where scalar != "\r" {
            if scalar != "\n" {
                line.unicodeScalars.append(scalar)
            } else if line.hasSuffix("=") {
                line.removeLast()
            } else {
                lines.append(line)
                line = ""
            }
        }
        lines.append(line)
        return lines.filter { isToken($0) }
    }

    private static func isToken(_ line: String) -> Bool {
        line.utf8.count >= 64 && line.utf8.contains(UInt8(ascii: "."))
            && line.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) || $0 == 0x2e }
    }
}
