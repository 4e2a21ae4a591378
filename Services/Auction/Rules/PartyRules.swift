import Kernel
import Messages

/// Who may act in the trade: registered and verified parties, in their role (A5, A16).
public enum PartyRules {
    /// Why the party may not act; nothing if it may.
    public static func refusal(state: PartyState?, roles: Roles, needed: Roles) -> Refusal? {
        switch state {
        case .verified: break
        case .suspended: return Refusal(.suspended, expected: "a verified party", found: "suspended")
        case let other:
            let found = other.map { "\($0)" } ?? "unknown"
            return Refusal(.notVerified, expected: "a verified party", found: found)
        }
        guard !roles.isDisjoint(with: needed) else {
            return Refusal(.forbidden, expected: title(needed), found: title(roles))
        }
        return nil
    }

    private static func title(_ roles: Roles) -> String {
        var names: [String] = []
        if roles.contains(.seller) { names.append("seller") }
        if roles.contains(.buyer) { names.append("buyer") }
        if roles.contains(.operator_) { names.append("operator") }
        return names.isEmpty ? "no role" : names.joined(separator: ", ")
    }
}
