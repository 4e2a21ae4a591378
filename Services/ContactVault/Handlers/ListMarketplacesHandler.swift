import Kernel
import Messages
import Runtime

enum ListMarketplacesHandler {
    static func handle(_ query: ListMarketplaces, _ reading: Reading) throws -> Outcome<MarketplacesPage> {
        var page = MarketplacesPage()
        page.marketplaces = try Marketplaces.page(
            reading.store, after: query.after, limit: pageSize(query.limit))
        return .answer(page)
    }
}
