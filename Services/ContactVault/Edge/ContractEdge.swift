import ContactVaultRules
import Kernel
import Messages
import Runtime

/// Writes the contract that a reader is about to get, in its language and the marketplace's time (C1, F8).
enum ContractEdge {
    static func write(_ document: inout ContractDocument, _ context: any EdgeContext) throws {
        let terms = document.terms
        let marketplace = try context.read {
            try Marketplaces.find($0, terms.marketplace, version: terms.policyVersion)
        }
        let layout = ContractLayout(
            document, marketplaceName: marketplace?.name ?? "",
            zone: marketplace?.policy.zone ?? LocalZone(minutes: 0, summerTime: false))
        document.content = PersonalText(document.format == .html ? layout.html : layout.text)
    }
}
