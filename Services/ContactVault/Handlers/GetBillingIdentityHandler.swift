import Kernel
import Messages
import Runtime

/// Shows a billing identity to its owner and to operators.
enum GetBillingIdentityHandler {
    static func handle(_ query: GetBillingIdentity, _ reading: Reading) throws -> Outcome<BillingIdentityView>
    {
        let acting = reading.acting
        let found =
            query.identity.isNone
            ? try BillingIdentities.newest(reading.store, of: acting.party)
            : try BillingIdentities.find(reading.store, query.identity)
        guard let found, found.party == acting.party || acting.isOperator else { return .refused(.notFound) }
        return .answer(found)
    }
}
