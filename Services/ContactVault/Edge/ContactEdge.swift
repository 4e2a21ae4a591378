import ContactVaultRules
import Kernel
import Messages
import Runtime
import Wire

/// Checks what is about to be sealed, and adds the keyed hashes by which the person is recognised.
enum ContactEdge {
    static func prepare(_ command: inout SealContact, _ environment: VaultEnvironment) throws -> Refusal? {
        command.name = PersonalText(try PlainFields.required(command.name, "name"))
        command.blindPhones = try phones(&command, environment)
        command.blindEmail = try email(&command, environment)
        for (field, text) in [
            ("address", command.address), ("profileLink", command.profileLink),
            ("externalReference", command.externalReference),
        ] {
            _ = try PlainFields.optional(text, field)
        }
        command.hasInquiryProof = !(try PlainFields.optional(command.inquiryProof, "inquiryProof")).isEmpty
        if command.own { return refusalOfCard(&command) }
        guard !command.blindPhones.isEmpty || !command.blindEmail.bytes.isEmpty else {
            return Refusal(.invalidText, expected: "a phone number or an e-mail address", found: "neither")
        }
        return nil
    }

    /// Trading partners get a phone number, an e-mail address and an address (C2). A card is never listed, so that
    /// nobody need be recognised by it.
    private static func refusalOfCard(_ command: inout SealContact) -> Refusal? {
        guard !command.blindPhones.isEmpty, !command.blindEmail.bytes.isEmpty, !command.address.isEmpty else {
            return Refusal(
                .invalidText, expected: "a phone number, an e-mail address and an address", found: "less")
        }
        command.blindPhones = []
        command.blindEmail = Bytes()
        return nil
    }

    private static func phones(
        _ command: inout SealContact, _ environment: VaultEnvironment
    ) throws -> [Bytes] {
        var hashes: [Bytes] = []
        for phone in command.phones {
            let written = try PlainFields.required(phone, "phones")
            guard let digits = PhoneNumber.normalised(written, country: command.country) else {
                throw Refusal(
                    .invalidText, expected: "phones: numbers of 7 to 15 digits, or with a known country",
                    found: "\(written.utf8.count) bytes that are none")
            }
            let hash = Bytes(environment.hash(prospectPhone: digits))
            if !hashes.contains(hash) { hashes.append(hash) }
        }
        return hashes
    }

    private static func email(_ command: inout SealContact, _ environment: VaultEnvironment) throws -> Bytes {
        guard !(try PlainFields.optional(command.email, "email")).isEmpty else {
            command.email = PersonalText()
            return Bytes()
        }
        return Bytes(environment.hash(prospectEmail: try PlainFields.email(command.email)))
    }

    /// Checks a billing identity before it is sealed.
    static func prepare(_ command: inout SetBillingIdentity) throws -> Refusal? {
        _ = try PlainFields.required(command.name, "name")
        _ = try PlainFields.required(command.street, "street")
        _ = try PlainFields.required(command.postalCode, "postalCode")
        _ = try PlainFields.required(command.city, "city")
        command.hasTaxNumber = !(try PlainFields.optional(command.taxNumber, "taxNumber")).isEmpty
        if !command.hasTaxNumber { command.taxNumber = PersonalText() }
        return nil
    }
}
