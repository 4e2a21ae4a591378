import AuctionRules
import Kernel
import Messages
import Runtime

/// What stands between an application's plaintext and tokens and the writer.
enum ApplicationEdge {
    /// An introduction is for the prospect's eyes, and must not let the parties go around the house (B1).
    static func check(_ command: inout Apply) -> Refusal? {
        let text = command.introduction.plaintext ?? ""
        if !command.introduction.isEmpty, text.allSatisfy(\.isWhitespace) {
            return Refusal(.invalidText, expected: "an introduction", found: "blanks")
        }
        guard let kind = ContactData.found(in: text) else { return nil }
        return Refusal(
            .contactDataInText, expected: "no contact data in the introduction", found: "\(kind.title)")
    }

    /// Replaces a link's token by the application that it stands for, so that no token is journaled (B7).
    static func resolve(_ command: inout ReviewApplication, _ context: any EdgeContext) throws -> Refusal? {
        var query = ResolveLink()
        query.purpose = .review
        query.token = command.token
        let resolved = try context.ask(query, of: .contactVault)
        command.order = resolved.order
        command.expires = resolved.expires
        command.token = ""
        return nil
    }
}
