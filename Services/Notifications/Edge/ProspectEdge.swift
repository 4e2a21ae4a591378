import Messages
import Runtime

/// Replaces a prospect's link by the conversation that it stands for, so that no token is journaled (B7).
enum ProspectEdge {
    static func resolve(_ command: inout ProspectChats, _ context: any EdgeContext) throws -> Refusal? {
        var query = ResolveLink()
        query.purpose = .chat
        query.token = command.token
        let resolved = try context.ask(query, of: .contactVault)
        command.order = resolved.order
        command.expires = resolved.expires
        command.token = ""
        return nil
    }
}
