import AuctionRules
import Kernel
import Messages
import Runtime

enum GetActivationHandler {
    static func handle(_ query: GetActivation, _ reading: Reading) throws -> Outcome<ActivationView> {
        guard let activation = try reading.store.activation(query.activation),
            activation.buyer == reading.acting.party || reading.acting.isOperator
        else { return .refused(.notFound) }
        var view = ActivationView()
        view.activation = activation.id
        view.listing = activation.listing
        view.title = try reading.store.title(of: activation.listing)
        view.buyer = activation.buyer
        view.stage = activation.stage
        view.proxyNumber = activation.stage == .active ? activation.number : ""
        view.price = activation.price
        view.frozen = activation.frozen
        view.activatedAt = activation.activatedAt.ifAny
        view.until = activation.until
        view.endedAt = activation.endedAt.ifAny
        view.order = activation.order
        return .answer(view)
    }
}

enum ListActivationsHandler {
    static func handle(_ query: ListActivations, _ reading: Reading) throws -> Outcome<ActivationPage> {
        let size = pageSize(query.limit)
        let found = try reading.store.activations(
            of: reading.acting.party, before: query.after, limit: size + 1)
        var page = ActivationPage()
        page.more = found.count > size
        for activation in found.prefix(size) {
            var entry = ActivationEntry()
            entry.activation = activation.id
            entry.listing = activation.listing
            entry.title = try reading.store.title(of: activation.listing)
            entry.stage = activation.stage
            entry.price = activation.price
            entry.until = activation.until
            page.activations.append(entry)
        }
        return .answer(page)
    }
}
