import Kernel
import Messages
import Runtime

enum ListPartiesHandler {
    static func handle(_ query: ListParties, _ reading: Reading) throws -> Outcome<PartiesPage> {
        var page = PartiesPage()
        page.parties = try Parties.page(reading.store, query, limit: pageSize(query.limit))
        return .answer(page)
    }
}
