import AuctionRules
import Kernel
import Messages
import Runtime
import Storage

/// An operator fills a marketplace's pool of proxy numbers (D1).
enum SetProxyNumbersHandler {
    static func handle(_ command: SetProxyNumbers, _ turn: Turn) throws -> Outcome<ProxyPool> {
        guard turn.acting.isOperator else { return .refused(.forbidden) }
        guard try turn.store.newestPolicy(of: command.marketplace) != nil else { return .refused(.notFound) }
        if let refusal = try refusal(of: command, turn.store) { return .refused(refusal) }
        for number in command.add { try turn.store.add(number: number, to: command.marketplace) }
        for number in command.retire { try turn.store.retire(number: number) }
        return .answer(
            try ProxyPools.page(command.marketplace, after: "", limit: 100, at: turn.now, turn.store))
    }

    private static func refusal(of command: SetProxyNumbers, _ store: Store) throws -> Refusal? {
        for (index, number) in command.add.enumerated() {
            guard PreliminaryRules.isProxyNumber(number) else {
                return Refusal(.invalidText, expected: "7 to 15 digits with country code", found: number)
            }
            let pool = try store.pool(of: number)
            let isOwnRetired = try pool == command.marketplace && store.isRetired(number: number)
            guard pool == nil || isOwnRetired, !command.add[..<index].contains(number) else {
                return Refusal(.wrongState, expected: "a number of no pool", found: number)
            }
        }
        for number in command.retire {
            guard try store.pool(of: number) == command.marketplace else {
                return Refusal(.notFound, expected: "a number of the pool", found: number)
            }
        }
        return nil
    }
}

enum GetProxyPoolHandler {
    static func handle(_ query: GetProxyPool, _ reading: Reading) throws -> Outcome<ProxyPool> {
        guard reading.acting.isOperator else { return .refused(.forbidden) }
        guard try reading.store.newestPolicy(of: query.marketplace) != nil else { return .refused(.notFound) }
        return .answer(
            try ProxyPools.page(
                query.marketplace, after: query.after, limit: pageSize(query.limit), at: reading.now,
                reading.store))
    }
}

private enum ProxyPools {
    static func page(
        _ marketplace: MarketplaceID, after: String, limit: Int, at now: Instant, _ store: Store
    ) throws -> ProxyPool {
        let numbers = try store.pool(marketplace, after: after, limit: limit + 1, at: now)
        var pool = ProxyPool()
        pool.more = numbers.count > limit
        pool.numbers = Array(numbers.prefix(limit))
        try store.countPool(marketplace, at: now, into: &pool)
        return pool
    }
}
