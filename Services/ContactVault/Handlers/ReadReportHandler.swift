import Kernel
import Messages
import Runtime
import Storage

/// Tells a prospect by its link who saw its data, when and why (F4).
enum ReadReportHandler {
    static func handle(
        _ query: ReadReport, _ reading: Reading, _ environment: VaultEnvironment
    ) throws -> Outcome<DataSubjectReport> {
        switch LinkEdge.verify(query.token, .report, environment) {
        case .failure(let refusal): return .refused(refusal)
        case .success(let token):
            if let refusal = token.expired(at: reading.now) { return .refused(refusal) }
            return try report(
                ContactID(token.subject), after: query.after, limit: pageSize(query.limit), reading.store)
        }
    }

    static func report(
        _ id: ContactID, after: UInt64, limit: Int, _ store: Store
    ) throws -> Outcome<DataSubjectReport> {
        guard let contact = try Contacts.find(store, id) else { return .refused(.notFound) }
        var report = DataSubjectReport()
        report.contact = id
        report.state = contact.onFile.state
        report.seller = contact.onFile.seller
        report.sellerName = try Parties.find(store, contact.onFile.seller)?.name ?? PersonalText()
        report.sealedAt = contact.sealedAt
        report.inquiredAt = contact.onFile.inquiredAt
        report.entries = try RevealLog.entries(store, of: id, after: after, limit: limit)
        return .answer(report)
    }
}
