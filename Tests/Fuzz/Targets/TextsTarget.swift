@testable import ContactVaultRules
import Kernel
import Wire

/// Texts that people type: amounts, spans, times, telephone numbers, addresses, and free text that is searched
/// for contact data. All are refused or read; what has a written form is read the same from it.
enum TextsTarget {
    static func take(_ input: UnsafeRawBufferPointer) {
        guard let choice = input.first else { return }
        let typed = text(input.after(1))
        switch choice % 6 {
        case 0: money(typed)
        case 1: _ = Duration64(parsing: typed)
        case 2: instant(typed)
        case 3: phone(typed, country: ["DE", "RU", "US", "", "xx"][Int(choice) / 6 % 5])
        case 4: email(typed)
        default: _ = ContactData.found(in: typed)
        }
    }

    private static func money(_ typed: String) {
        guard let money = Money(parsing: typed) else { return }
        expect(Money(parsing: money.description) == money, "an amount is read as it was written")
    }

    private static func instant(_ typed: String) {
        guard let instant = Instant(iso8601: typed) else { return }
        expect(Instant(iso8601: instant.iso8601) == instant, "a time is read as it was written")
    }

    private static func phone(_ typed: String, country: String) {
        guard let number = PhoneNumber.normalised(typed, country: country) else { return }
        expect((7...15).contains(number.utf8.count), "a number has 7 to 15 digits")
        expect(number.utf8.allSatisfy { (0x30...0x39).contains($0) }, "a number has digits only")
        expect(
            PhoneNumber.normalised("+" + number, country: country) == number, "one number has one form")
    }

    private static func email(_ typed: String) {
        guard let address = EmailAddress.normalised(typed) else { return }
        expect(EmailAddress.normalised(address) == address, "one address has one form")
    }
}
