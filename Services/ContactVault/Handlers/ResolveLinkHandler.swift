import Kernel
import Messages
import Runtime

/// Tells another service what a link stands for (B7): only the vault can tell one derived here from a forged one.
enum ResolveLinkHandler {
    static func handle(
        _ query: ResolveLink, _: Reading, _ environment: VaultEnvironment
    ) throws -> Outcome<LinkResolved> {
        guard query.purpose == .review || query.purpose == .chat else {
            return .refused(.invalidValue, expected: "a purpose of applications", found: "\(query.purpose)")
        }
        switch LinkEdge.verify(query.token, query.purpose, environment) {
        case .failure(let refusal): return .refused(refusal)
        case .success(let token):
            var resolved = LinkResolved()
            resolved.order = OrderID(token.subject)
            resolved.expires = token.expires
            return .answer(resolved)
        }
    }
}
