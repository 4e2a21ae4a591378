import Kernel
import Messages
import Runtime

/// Publishes the next version of a marketplace; what began under an older version keeps it.
enum PublishMarketplaceHandler {
    static func handle(_ command: PublishMarketplace, _ turn: Turn) throws -> Outcome<MarketplaceView> {
        let known = try Marketplaces.find(turn.store, command.marketplace)
        if let refusal = refusal(command, known) { return .refused(refusal) }
        var view = MarketplaceView()
        view.marketplace = command.marketplace
        view.version = (known?.version ?? 0) + 1
        view.name = command.name
        view.policy = command.policy
        view.publishedAt = turn.now
        try Marketplaces.insert(turn.store, view)

        var fact = MarketplacePublished()
        fact.marketplace = view.marketplace
        fact.version = view.version
        fact.name = view.name
        fact.policy = view.policy
        for listener in Announcements.listeners { turn.send(fact, to: listener) }
        return .answer(view)
    }

    private static func refusal(_ command: PublishMarketplace, _ known: MarketplaceView?) -> Refusal? {
        if command.marketplace == .none {
            return Refusal(.invalidValue, expected: "marketplace: at least 1", found: "0")
        }
        if command.name.allSatisfy(\.isWhitespace) {
            return Refusal(.invalidText, expected: "name: not empty", found: "empty")
        }
        if let fault = command.policy.fault {
            return Refusal(.invalidValue, expected: "a policy in range", found: fault)
        }
        if let known, known.policy.currency != command.policy.currency {
            return Refusal(
                .wrongCurrency, expected: "\(known.policy.currency), which the ledger is kept in",
                found: "\(command.policy.currency)")
        }
        return nil
    }
}
