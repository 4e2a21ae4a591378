import Kernel
import Messages
import Runtime

/// The invoices of a closed party need its billing identities no longer (F5).
enum BillingRetentionOverHandler {
    static func handle(_ timer: BillingRetentionOver, _ turn: Turn) throws {
        try turn.destroyKeys(try BillingIdentities.erase(turn.store, of: timer.party))
    }
}
