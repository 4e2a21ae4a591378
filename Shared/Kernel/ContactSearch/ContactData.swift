/// Contact data in free text (A1, A5, B1): what would let two parties reach each other around the house.
///
/// The search reads words as people hide them: digits written out in German, English and Russian, "at" and
/// "dot" spelled, spaces and signs strewn in. It errs towards refusing; a price, a date, a range or a
/// measure is no telephone number.
public enum ContactData: Hashable, Sendable {
    case email
    case link
    case phone
    case handle

    public static func found(in text: String) -> ContactData? {
        let tokens = TextToken.read(text)
        if hasEmail(tokens) { return .email }
        if hasLink(tokens) { return .link }
        if PhoneSearch.found(in: tokens) { return .phone }
        if hasHandle(tokens) { return .handle }
        return nil
    }

    /// What was found, without what it says.
    public var title: String {
        switch self {
        case .email: "an e-mail address"
        case .link: "a link"
        case .phone: "a telephone number"
        case .handle: "a messenger or profile name"
        }
    }

    // MARK: E-mail addresses

    private static func hasEmail(_ tokens: [TextToken]) -> Bool {
        for index in tokens.indices {
            if tokens[index] == .sign("@") {
                if isAddressSign(tokens, index) { return true }
            } else if let next = spelledAt(tokens, index) {
                if next.bracketed || leadsToDomain(tokens, next.after) { return true }
            }
        }
        return false
    }

    /// `@` with a name after it; not a price (`5 @ 20 EUR`).
    private static func isAddressSign(_ tokens: [TextToken], _ index: Int) -> Bool {
        let after = index + 1
        guard after < tokens.count else { return false }
        if tokens[after].isWord { return true }
        if tokens[after].isNumber { return index > 0 && tokens[index - 1].isWord }
        return leadsToDomain(tokens, after)
    }

    private static let atWords: Set<String> = [
        "at", "ät", "äät", "et", "klammeraffe", "affenschwanz", "собака", "собачка", "эт",
    ]
    private static let dotWords: Set<String> = ["punkt", "dot", "точка", "тчк"]
    private static let mailHouses: Set<String> = [
        "gmail", "googlemail", "gmx", "outlook", "hotmail", "yahoo", "icloud", "protonmail", "yandex",
        "яндекс",
        "rambler", "рамблер", "freenet", "posteo", "mailru", "джимейл",
    ]

    /// A word that stands for `@` after a name, and where the rest begins.
    private static func spelledAt(_ tokens: [TextToken], _ index: Int) -> (after: Int, bracketed: Bool)? {
        guard case .word(let word) = tokens[index], atWords.contains(word), index > 0 else { return nil }
        let opened = index >= 1 && tokens[index - 1].isBracket
        let closed = index + 1 < tokens.count && tokens[index + 1].isBracket
        let named = tokens[..<index].contains { $0.isWord || $0.isNumber }
        guard named else { return nil }
        let bracketed = opened && closed && tokens[(index + 2)...].first { $0 != .space }?.isWord == true
        return (index + 1, bracketed)
    }

    /// Whether a mail house, or a name with a dot and a top-level domain, follows within a few words.
    private static func leadsToDomain(_ tokens: [TextToken], _ start: Int) -> Bool {
        var words = 0
        var index = start
        while index < tokens.count, words < 6 {
            if case .word(let word) = tokens[index] {
                if words == 0, mailHouses.contains(word) { return true }
                words += 1
            }
            if words > 0, domainEnd(tokens, index, spacedDot: true) { return true }
            index += 1
        }
        return false
    }

    // MARK: Links

    private static func hasLink(_ tokens: [TextToken]) -> Bool {
        for index in tokens.indices {
            if case .word(let word) = tokens[index] {
                if word == "www" { return true }
                let scheme = word == "http" || word == "https"
                if scheme, index + 1 < tokens.count, tokens[index + 1] == .sign(":") { return true }
            }
            if index > 0, domainEnd(tokens, index, spacedDot: false) { return true }
        }
        return false
    }

    private static let topLevels: Set<String> = [
        "de", "com", "net", "org", "eu", "info", "biz", "ru", "at", "ch", "io", "shop", "online", "site",
        "app",
        "dev", "berlin", "hamburg", "koeln", "bayern", "su", "рф", "ру", "ком", "нет", "fr", "pl", "uk", "co",
        "nl",
        "lu", "cz", "ua", "kz", "store", "xyz",
    ]
    /// Frameworks that end like a domain.
    private static let technologies: Set<String> = ["asp", "vb", "ado", "ml", "node", "socket"]
    /// Hosts too short to be anything else.
    private static let shortHosts: Set<String> = ["t", "wa", "m", "vk", "ok"]

    /// Whether a dot at `index`, signed or spelled, stands between a name and a top-level domain.
    private static func domainEnd(_ tokens: [TextToken], _ index: Int, spacedDot: Bool) -> Bool {
        if tokens[index] == .sign(".") {
            if let before = tokens[..<index].last, before.isWord || before.isNumber,
                case .word(let top)? = tokens[(index + 1)...].first, isTopLevel(top, after: before)
            {
                return true
            }
            return spacedDot && spelledTop(tokens, index)
        }
        guard case .word(let word) = tokens[index], dotWords.contains(word) else { return false }
        return spelledTop(tokens, index)
    }

    private static func isTopLevel(_ top: String, after before: TextToken) -> Bool {
        if case .word(let name) = before {
            if technologies.contains(name) { return false }
            if shortHosts.contains(name), top == "me" || top == "com" || top == "ru" { return true }
        }
        return topLevels.contains(top)
    }

    /// A name before and a top-level domain after, with nothing but spaces and brackets between.
    private static func spelledTop(_ tokens: [TextToken], _ index: Int) -> Bool {
        guard let before = tokens[..<index].last(where: { !$0.isFiller }), before.isWord || before.isNumber,
            case .word(let top)? = tokens[(index + 1)...].first(where: { !$0.isFiller })
        else { return false }
        return topLevels.contains(top)
    }

    // MARK: Messengers

    private static let messengers: Set<String> = [
        "telegram", "whatsapp", "viber", "skype", "signal", "threema", "insta", "instagram", "телеграм",
        "телеграмм",
        "ватсап", "вотсап", "вайбер", "скайп", "тг",
    ]

    /// A messenger's name with something after it that looks like a user name.
    private static func hasHandle(_ tokens: [TextToken]) -> Bool {
        for index in tokens.indices {
            guard case .word(let word) = tokens[index], messengers.contains(word) else { continue }
            var next = index + 1
            while next < tokens.count, tokens[next].isFiller || tokens[next] == .sign(":") { next += 1 }
            guard next + 1 < tokens.count else { continue }
            let joined = tokens[next + 1]
            guard tokens[next].isWord else { continue }
            if joined.isNumber || joined == .sign("_") { return true }
            // A name with a point in it, not the end of a sentence.
            if joined == .sign("."), next + 2 < tokens.count, tokens[next + 2].isWord { return true }
        }
        return false
    }
}
