import Kernel
import Messages
import Runtime

enum ListRevocationsHandler {
    static func handle(_ query: ListRevocations, _ reading: Reading) throws -> Outcome<RevocationsPage> {
        var page = RevocationsPage()
        page.revocations = try Sessions.revocations(
            reading.store, after: query.after, limit: pageSize(query.limit))
        return .answer(page)
    }
}
