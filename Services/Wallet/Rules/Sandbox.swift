import Messages

/// What the built-in providers answer: the same to the same request, so that stories and tests can be told
/// twice. They move no money.
public enum Sandbox {
    /// The methods of paying in that the sandbox offers.
    public static let methods = ["sandbox", "sandboxSlow", "sandboxDeclined", "sandboxUnreachable"]

    /// How a top-up by this method fares at this attempt, counted from 1.
    public static func charge(method: String, attempt: UInt32) -> ProviderReport {
        switch method {
        case "sandbox": .settled
        case "sandboxSlow": attempt < 2 ? .pending : .settled
        case "sandboxUnreachable": attempt < 3 ? .unreachable : .settled
        default: .declined
        }
    }

    /// Whether an account with this reference is verified: `declined…` is not, `slow…` at the second enquiry,
    /// and nothing at all is no account.
    public static func verify(reference: String?, attempt: UInt32) -> ProviderReport {
        guard let reference, !reference.isEmpty, !reference.hasPrefix("declined") else { return .declined }
        return reference.hasPrefix("slow") && attempt < 2 ? .pending : .settled
    }

    /// How a payout to this account fares: to `refusing…` it is declined, to `slow…` settled at the second
    /// enquiry.
    public static func payOut(reference: String?, attempt: UInt32) -> ProviderReport {
        guard let reference, !reference.isEmpty, !reference.hasPrefix("refusing") else { return .declined }
        return reference.hasPrefix("slow") && attempt < 2 ? .pending : .settled
    }
}
