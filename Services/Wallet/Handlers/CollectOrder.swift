import Kernel
import Messages
import Runtime
import Storage
import WalletRules

/// Takes an order's money, from its hold, by the buyer's method or from the free balance, and writes the invoice (A12,
/// A15, C4).
enum CollectOrderHandler {
    static func handle(_ message: CollectOrder, _ turn: Turn) throws {
        if let known = try Sales.find(message.order, turn.store) { return try answerAgain(known, turn) }
        if case .success(let cost) = try cost(message, turn.store),
            try ChargedOrders.begin(message, cost, turn)
        {
            return
        }
        try collect(message, turn)
    }

    /// Takes the money from the hold or the free balance.
    static func collect(_ message: CollectOrder, _ turn: Turn) throws {
        switch try decide(message, turn) {
        case .failure(let refusal): refuse(message.order, refusal, turn)
        case .success(let collection): try collect(collection, turn)
        }
    }

    private struct Collection {
        let sale: Sale
        let marketplace: Marketplace
        let hold: Hold?
        let entry: DecidedEntry
    }

    private static func decide(_ message: CollectOrder, _ turn: Turn) throws -> Result<Collection, Refusal> {
        let cost: OrderCost
        switch try Self.cost(message, turn.store) {
        case .failure(let refusal): return .failure(refusal)
        case .success(let known): cost = known
        }
        let hold: Hold?
        switch try cover(message, turn.store) {
        case .failure(let refusal): return .failure(refusal)
        case .success(let found): hold = found
        }
        guard let marketplace = try marketplace(message, turn.store) else {
            return .failure(Refusal(.notFound, expected: "a known policy"))
        }
        let sale = Sale(
            order: message.order, marketplace: message.marketplace, policyVersion: message.policyVersion,
            listing: message.listing, title: message.title, buyer: message.buyer, seller: message.seller,
            cost: cost,
            invoice: turn.newID(), refunded: Money(0, marketplace.policy.currency))
        return try Ledger.decide(sale.collect(), freeing: hold, turn.store).map {
            Collection(sale: sale, marketplace: marketplace, hold: hold, entry: $0)
        }
    }

    private static func marketplace(_ message: CollectOrder, _ store: Store) throws -> Marketplace? {
        try Copies.marketplace(message.marketplace, version: message.policyVersion, store)
    }

    /// What the order costs its buyer under its policy.
    private static func cost(_ message: CollectOrder, _ store: Store) throws -> Result<OrderCost, Refusal> {
        guard let policy = try marketplace(message, store)?.policy else {
            let found = "marketplace \(message.marketplace), version \(message.policyVersion)"
            return .failure(Refusal(.notFound, expected: "a known policy", found: found))
        }
        guard message.price.currency == policy.currency else {
            return .failure(.currency(message.price, expected: policy.currency))
        }
        guard message.price.minor > 0, let cost = policy.cost(of: message.price) else {
            return .failure(
                Refusal(
                    .amountOutOfRange, expected: "a price above zero that fits", found: "\(message.price)"))
        }
        guard !message.buyer.isNone, !message.seller.isNone, message.buyer != message.seller else {
            return .failure(Refusal(.invalidValue, expected: "a buyer and another as seller"))
        }
        return .success(cost)
    }

    /// The live hold that the order names; nothing if it names none.
    private static func cover(_ message: CollectOrder, _ store: Store) throws -> Result<Hold?, Refusal> {
        if message.hold.isNone { return .success(nil) }
        guard let hold = try Holds.find(message.hold, store)?.hold else {
            return .failure(Refusal(.notFound, expected: "a hold", found: "\(message.hold)"))
        }
        guard hold.state == .held else { return .failure(hold.ended) }
        guard hold.party == message.buyer, hold.marketplace == message.marketplace,
            hold.amount.currency == message.price.currency
        else {
            return .failure(
                Refusal(
                    .wrongState, expected: "the buyer's hold", found: "hold \(hold.id) of party \(hold.party)"
                ))
        }
        return .success(hold)
    }

    private static func collect(_ collection: Collection, _ turn: Turn) throws {
        let sale = collection.sale
        if let hold = collection.hold {
            try Holds.end(
                hold.ending(.captured, captured: min(hold.amount.minor, sale.cost.total.minor)), turn)
        }
        try Sales.insert(sale, turn.store)
        let number = try Invoices.issue(
            InvoiceDraft(
                .invoice, sale.invoice, for: sale, over: sale.cost, in: collection.marketplace), turn)
        try Ledger.write(
            collection.entry, EntryNote(order: sale.order, invoice: sale.invoice, text: sale.title), turn)
        answer(sale, number.text, turn)
        Telling.send(
            .invoiceIssued, to: sale.buyer, in: sale.marketplace, about: sale, subject: sale.invoice.raw,
            [
                NotificationValue(.number, number.text), NotificationValue(.total, sale.cost.total),
                NotificationValue(.title, sale.title),
            ], turn)
    }

    private static func answerAgain(_ sale: Sale, _ turn: Turn) throws {
        guard let invoice = try Invoices.find(sale.invoice, turn.store) else {
            throw WalletFault.rowMissing("invoice of order \(sale.order)")
        }
        answer(sale, invoice.summary.number, turn)
    }

    private static func answer(_ sale: Sale, _ number: String, _ turn: Turn) {
        var answer = OrderPaidFor()
        answer.order = sale.order
        answer.invoice = sale.invoice
        answer.invoiceNumber = number
        answer.total = sale.cost.total
        turn.send(answer, to: .auction)
    }

    static func refuse(_ order: OrderID, _ refusal: Refusal, _ turn: Turn) {
        var answer = PaymentRefused()
        answer.order = order
        answer.reason = refusal.reason
        answer.expected = refusal.expected
        answer.found = refusal.found
        turn.send(answer, to: .auction)
    }
}
