import ContactVaultRules
import Kernel
import Messages
import Wire

/// Keyed hashes by which an address or number is recognised without being stored (F10).
extension VaultEnvironment {
    /// The hash of a party's address; another in each marketplace, since these share nothing.
    func hash(partyEmail email: String, in marketplace: MarketplaceID) -> [UInt8] {
        blindIndex(Array("party e-mail \(marketplace) \(email)".utf8))
    }

    /// The hash of a prospect's address; the same in every marketplace, since an objection holds in all.
    func hash(prospectEmail email: String) -> [UInt8] {
        blindIndex(Array("prospect e-mail \(email)".utf8))
    }

    /// The hash of a prospect's number, given as ``PhoneNumber/normalised(_:country:)`` writes it.
    func hash(prospectPhone digits: String) -> [UInt8] {
        blindIndex(Array("prospect phone \(digits)".utf8))
    }

    /// The hash of a number that calls this provider; providers cannot compare their callers.
    func hash(callerOf provider: PartyID, _ digits: String) -> [UInt8] {
        blindIndex(Array("caller of \(provider) \(digits)".utf8))
    }
}

/// Plaintext as a client sent it, checked before it is sealed.
enum PlainFields {
    /// The trimmed text; a refusal if it is empty, or sealed by somebody else.
    static func required(_ text: PersonalText, _ field: String) throws(Refusal) -> String {
        let text = try optional(text, field)
        guard !text.isEmpty else {
            throw Refusal(.invalidText, expected: "\(field): not empty", found: "empty")
        }
        return text
    }

    /// The trimmed text, which may be empty; a refusal if it is sealed by somebody else.
    static func optional(_ text: PersonalText, _ field: String) throws(Refusal) -> String {
        guard let plain = text.plaintext else {
            throw Refusal(.invalidValue, expected: "\(field): plaintext", found: "sealed text")
        }
        return Blanks.trimmed(plain)
    }

    /// The normalised e-mail address.
    static func email(_ text: PersonalText, _ field: String = "email") throws(Refusal) -> String {
        guard let address = EmailAddress.normalised(try required(text, field)) else {
            throw Refusal(.invalidText, expected: "\(field): an e-mail address", found: "none")
        }
        return address
    }
}
