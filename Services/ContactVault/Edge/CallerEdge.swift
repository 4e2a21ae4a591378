import ContactVaultRules
import Kernel
import Messages
import Wire

/// Recognises a caller's number by its keyed hash (E10).
enum CallerEdge {
    static func prepare(_ command: inout AdmitCaller, _ environment: VaultEnvironment) throws -> Refusal? {
        let digits = try digits(command.number, country: command.country)
        command.number = PersonalText(digits)
        command.blindNumber = Bytes(environment.hash(callerOf: command.provider, digits))
        return nil
    }

    /// The number in the one form in which two ways to write it are equal.
    static func digits(_ number: PersonalText, country: String) throws(Refusal) -> String {
        let written = try PlainFields.required(number, "number")
        guard let digits = PhoneNumber.normalised(written, country: country) else {
            throw Refusal(
                .invalidText, expected: "number: 7 to 15 digits, or with a known country",
                found: "\(written.utf8.count) bytes that are none")
        }
        return digits
    }
}
