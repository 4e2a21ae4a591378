import Kernel
import Messages
import Runtime

/// Gives the wallet the version that an invoice names.
enum FetchBillingIdentityHandler {
    static func handle(_ query: FetchBillingIdentity, _ reading: Reading) throws -> Outcome<
        BillingIdentityView
    > {
        guard let found = try BillingIdentities.find(reading.store, query.identity) else {
            return .refused(.notFound)
        }
        return .answer(found)
    }
}
