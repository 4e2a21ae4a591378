import Kernel
import Messages
import Runtime

enum GetMarketplaceHandler {
    static func handle(_ query: GetMarketplace, _ reading: Reading) throws -> Outcome<MarketplaceView> {
        guard let view = try Marketplaces.find(reading.store, query.marketplace, version: query.version)
        else {
            return .refused(.notFound, expected: "a marketplace")
        }
        return .answer(view)
    }
}
