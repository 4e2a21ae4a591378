import Kernel
import Messages
import Runtime

/// Tells an operator who saw a prospect's data, for an answer to the prospect (F4).
enum ReportOnContactHandler {
    static func handle(_ query: ReportOnContact, _ reading: Reading) throws -> Outcome<DataSubjectReport> {
        try ReadReportHandler.report(
            query.contact, after: query.after, limit: pageSize(query.limit), reading.store)
    }
}
