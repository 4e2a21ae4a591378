import Kernel
import Messages

/// Replaces a link's token by what it stands for, so that no token is journaled.
enum LinkEdge {
    static func check(_ command: inout ConfirmEmail, _ environment: VaultEnvironment) -> Refusal? {
        switch verify(command.token, .confirmEmail, environment) {
        case .failure(let refusal): return refusal
        case .success(let token):
            command.token = ""
            command.party = PartyID(token.subject)
            command.generation = token.generation
            command.expires = token.expires
            return nil
        }
    }

    static func check(_ command: inout ProspectObjects, _ environment: VaultEnvironment) -> Refusal? {
        switch verify(command.token, .objection, environment) {
        case .failure(let refusal): return refusal
        case .success(let token):
            command.token = ""
            command.contact = ContactID(token.subject)
            command.expires = token.expires
            return nil
        }
    }

    static func check(_ command: inout ProspectErases, _ environment: VaultEnvironment) -> Refusal? {
        switch verify(command.token, .erasure, environment) {
        case .failure(let refusal): return refusal
        case .success(let token):
            command.token = ""
            command.contact = ContactID(token.subject)
            command.expires = token.expires
            return nil
        }
    }

    static func verify(
        _ token: String, _ purpose: LinkPurpose, _ environment: VaultEnvironment
    ) -> Result<LinkToken, Refusal> {
        LinkToken.verify(token, purpose: purpose) { environment.links($0) }
    }

    /// The link for the answer of a query; derived, so that nothing is stored.
    static func issue(_ token: LinkToken, _ environment: VaultEnvironment) -> LinkIssued {
        var issued = LinkIssued()
        issued.purpose = token.purpose
        issued.token = token.text { environment.links($0) }
        issued.expires = token.expires
        return issued
    }
}
