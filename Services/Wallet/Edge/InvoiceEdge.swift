import Kernel
import Messages
import Runtime
import WalletRules

/// Writes names and addresses into a document that its reader is allowed to see (A15).
///
/// They lie in the vault alone: the wallet's rows name a version of the billing identity, and the words are
/// fetched for each reading. Once the retention has ended, the numbers stay.
enum InvoiceEdge {
    static func addAddresses(_ document: inout InvoiceDocument, _ context: any EdgeContext) throws {
        let recipient = try address(document.recipientIdentity, context)
        let seller = try address(document.sellerIdentity, context)
        guard recipient != nil || seller != nil else { return }
        let invoice = document.summary.invoice
        guard var content = try context.read({ try GetInvoiceHandler.content(invoice, $0) }) else { return }
        content.recipientAddress = recipient ?? BillingAddress()
        content.sellerAddress = seller ?? BillingAddress()
        GetInvoiceHandler.render(content, &document)
    }

    /// Nothing where the party stated none, or the vault has erased it; a vault that cannot be reached refuses the
    /// whole reading, so that a document never looks different from one day to the next.
    private static func address(
        _ identity: BillingIdentityID, _ context: any EdgeContext
    ) throws -> BillingAddress? {
        guard !identity.isNone else { return nil }
        var query = FetchBillingIdentity()
        query.identity = identity
        let found: BillingIdentityView
        do {
            found = try context.ask(query, of: .contactVault)
        } catch let refusal as Refusal where !refusal.reason.retryable {
            return nil
        }
        var address = BillingAddress()
        address.name = found.name.plaintext ?? ""
        address.street = found.street.plaintext ?? ""
        address.postalCode = found.postalCode.plaintext ?? ""
        address.city = found.city.plaintext ?? ""
        address.country = found.country
        address.taxNumber = found.taxNumber.plaintext ?? ""
        return address
    }
}
