import Kernel
import Messages
import Storage

/// The money as the rulebook has it: told by the wallet's journal alone, compared with ledger, holds and
/// documents.
final class WalletModel {
    /// An account: whose it is, in which marketplace, currency and class.
    struct Key: Hashable, Comparable, CustomStringConvertible {
        var marketplace: UInt32
        var party: UInt64
        var currency: UInt32
        var kind: AccountClass
        private var order: (UInt32, UInt64, UInt32, UInt8) { (marketplace, party, currency, kind.rawValue) }
        static func < (left: Self, right: Self) -> Bool { left.order < right.order }
        var description: String {
            let whose = party == 0 ? "the house's" : "party \(party)'s"
            return "\(whose) \(kind) in marketplace \(marketplace)"
        }
    }

    struct Account {
        var posted: Int64 = 0
        var held: Int64 = 0
        /// What a reader could see: the row that made it so, posted and held.
        var history: [(sequence: UInt64, posted: Int64, held: Int64)] = []
    }

    /// One entry that a command must have written: amounts by account, none of them zero.
    struct Entry: Equatable {
        var kind: EntryKind
        var order: UInt64
        var legs: [Key: Int64]
    }

    enum HoldState: Int64 { case held = 1, captured = 2, released = 3, disowned = 4 }

    struct Hold {
        var account: Key
        var listing: UInt64
        var amount: Int64
        var state = HoldState.held
        var captured: Int64 = 0
        var deadline: Instant
    }

    enum SaleState: Int64 { case escrowed = 1, payoutStarted = 2, paidOut = 3, returned = 4 }

    struct Sale {
        var marketplace: UInt32
        var policy: Policy
        var listing: UInt64
        var buyer: UInt64
        var seller: UInt64
        var cost: Cost
        var refunded: Int64 = 0
        var state = SaleState.escrowed
        /// Given to the seller, by payout or set off against what it owed.
        var shared: Int64 = 0
        var commission: Int64 = 0
        var left: Int64 { cost.price - refunded }
    }

    struct Payment {
        var kind: PaymentKind
        var marketplace: UInt32
        var party: UInt64
        var currency: UInt32
        var amount: Int64
        var order: UInt64 = 0
        var state = PaymentState.started
    }

    struct Document: Equatable {
        var kind: InvoiceKind
        var subject = InvoiceSubject.order
        /// 0: about none.
        var order: UInt64
        var recipient: UInt64
        var cost: Cost
        var year: Int64
        var marketplace: UInt32
    }

    let findings: Findings
    let rules: RuleCounter
    var policies = PolicyShelf()
    var parties: [UInt64: (marketplace: UInt32, state: PartyState)] = [:]
    var accounts: [Key: Account] = [:]
    var holds: [UInt64: Hold] = [:]
    var sales: [UInt64: Sale] = [:]
    /// The order by which each listing was paid for.
    private var saleOf: [UInt64: UInt64] = [:]
    var payments: [UInt64: Payment] = [:]
    /// How each party's orders are paid, and the orders that the provider is asked to bring the money for.
    var methods: [UInt64: String] = [:]
    var charged: [UInt64: CollectOrder] = [:]
    /// Payout accounts: whose, and how far.
    var links: [UInt64: (party: UInt64, state: PayoutAccountState)] = [:]
    var verifiedLink: [UInt64: UInt64] = [:]
    /// What the rows read since the last comparison must have written.
    var expectedEntries: [UInt64: [Entry]] = [:]
    var expectedDocuments: [UInt64: [Document]] = [:]
    /// Who bore the fee of a sale that was undone (C7).
    var feeBearers: [UInt64: UInt64] = [:]
    var touchedHolds: Set<UInt64> = []
    var touchedPayments: Set<UInt64> = []
    var touchedSales: Set<UInt64> = []
    var deadlines = Deadlines([CallFallsSilent.code, CallNearsItsEnd.code, LineFeesFallDue.code])
    private(set) lazy var prepaid = PrepaidModel(self)
    private(set) lazy var leads = LeadCallModel(self)
    // What was read of the tables.
    var keyOfAccount: [Int64: Key] = [:]
    var lastAccount: Int64 = 0
    var lastEntry: UInt64 = 0
    var lastLegAt = Instant.none
    var lastDocument: UInt64 = 0
    var ordinals: [UInt64: Int64] = [:]
    var documentSums: [UInt64: (invoiced: Int64, credited: Int64)] = [:]
    var currencySums: [UInt32: Int64] = [:]

    init(_ findings: Findings, _ rules: RuleCounter) {
        self.findings = findings
        self.rules = rules
    }

    func apply(_ row: JournalRow) throws {
        switch row.code {
        case MarketplacePublished.code: policies.take(try row.decoded(MarketplacePublished.self))
        case PartyPublished.code: partyPublished(try row.decoded(PartyPublished.self))
        case PlaceHold.code: placeHold(try row.decoded(PlaceHold.self), row)
        case RaiseHold.code: raiseHold(try row.decoded(RaiseHold.self), row)
        case ReleaseHold.code: endHold(try row.decoded(ReleaseHold.self).hold.raw, .released, row)
        case DisownHold.code: endHold(try row.decoded(DisownHold.self).hold.raw, .disowned, row)
        case ExtendHold.code:
            let message = try row.decoded(ExtendHold.self)
            guard holds[message.hold.raw]?.state == .held else { return }
            holds[message.hold.raw]?.deadline = message.deadline
        case HoldsDue.code: deadlines.fired(row, 0, "wallet", findings)
        case CollectOrder.code: collectOrCharge(try row.decoded(CollectOrder.self), row)
        case ChoosePaymentMethod.code: methods[row.party] = try row.decoded(ChoosePaymentMethod.self).method
        case RefundOrder.code: refund(try row.decoded(RefundOrder.self), row)
        case PayOutOrder.code: payOut(try row.decoded(PayOutOrder.self).order.raw, row)
        default: try applyPayments(row)
        }
    }

    private func partyPublished(_ message: PartyPublished) {
        let id = message.party.raw
        parties[id] = (message.marketplace.raw, message.state)
        guard message.state == .closed else { return }
        for link in links.keys.sorted() where links[link]?.party == id { links[link]?.state = .replaced }
        verifiedLink[id] = nil
    }

    // MARK: Holds

    func change(_ key: Key, _ row: JournalRow, _ body: (inout Account) -> Void) {
        var account = accounts[key] ?? Account()
        body(&account)
        if account.history.last?.sequence == row.sequence { account.history.removeLast() }
        account.history.append((row.sequence, account.posted, account.held))
        accounts[key] = account
    }

    func free(_ key: Key) -> Int64 {
        guard let account = accounts[key] else { return 0 }
        return account.posted - account.held
    }

    private func placeHold(_ message: PlaceHold, _ row: JournalRow) {
        guard holds[message.hold.raw] == nil, message.amount.minor > 0 else { return }
        let key = Key(
            marketplace: message.marketplace.raw, party: message.party.raw,
            currency: message.amount.currency.rawValue, kind: .wallet)
        guard accounts[key] != nil, free(key) >= message.amount.minor else { return }
        holds[message.hold.raw] = Hold(
            account: key, listing: message.listing.raw, amount: message.amount.minor,
            deadline: message.deadline)
        touchedHolds.insert(message.hold.raw)
        change(key, row) { $0.held += message.amount.minor }
    }

    private func raiseHold(_ message: RaiseHold, _ row: JournalRow) {
        guard var hold = holds[message.hold.raw], hold.state == .held,
            message.amount.currency.rawValue == hold.account.currency
        else { return }
        let more = message.amount.minor - hold.amount
        guard more >= 0, more == 0 || free(hold.account) >= more else { return }
        hold.amount = message.amount.minor
        hold.deadline = max(hold.deadline, message.deadline)
        holds[message.hold.raw] = hold
        touchedHolds.insert(message.hold.raw)
        change(hold.account, row) { $0.held += more }
    }

    private func endHold(_ id: UInt64, _ state: HoldState, captured: Int64 = 0, _ row: JournalRow) {
        guard let hold = holds[id], hold.state == .held else { return }
        holds[id]?.state = state
        holds[id]?.captured = captured
        touchedHolds.insert(id)
        change(hold.account, row) { $0.held -= hold.amount }
    }

    // MARK: The ledger

    /// Writes an entry; legs on one account are one, and those of nothing are none.
    func post(
        _ kind: EntryKind, order: UInt64 = 0, _ row: JournalRow, _ legs: [(Key, Int64)]
    ) {
        var sums: [Key: Int64] = [:]
        for (key, amount) in legs { sums[key, default: 0] += amount }
        sums = sums.filter { $0.value != 0 }
        guard !sums.isEmpty else { return }
        for key in sums.keys.sorted() {
            change(key, row) { $0.posted += sums[key] ?? 0 }
        }
        expectedEntries[row.sequence, default: []].append(Entry(kind: kind, order: order, legs: sums))
        rules.note(.model("entry"))
    }

    /// By the buyer's method, if it chose one and no hold covers the order (C4).
    private func collectOrCharge(_ message: CollectOrder, _ row: JournalRow) {
        let method = methods[message.buyer.raw] ?? ""
        guard message.byMethod, message.hold.isNone, !method.isEmpty, sales[message.order.raw] == nil,
            let policy = policies.policy(message.marketplace.raw, message.policyVersion),
            message.price.currency == policy.currency, message.price.minor > 0
        else { return collect(message, row) }
        guard !charged.values.contains(where: { $0.order == message.order }) else { return }
        payments[row.made()] = Payment(
            kind: .topUp, marketplace: message.marketplace.raw, party: message.buyer.raw,
            currency: policy.currency.rawValue, amount: Cost(of: message.price.minor, policy).total,
            order: message.order.raw)
        touchedPayments.insert(row.made())
        charged[row.made()] = message
    }

    func collect(_ message: CollectOrder, _ row: JournalRow) {
        guard sales[message.order.raw] == nil,
            let policy = policies.policy(message.marketplace.raw, message.policyVersion),
            message.price.currency == policy.currency, message.price.minor > 0,
            message.buyer != message.seller
        else { return }
        let marketplace = message.marketplace.raw
        let currency = policy.currency.rawValue
        func key(_ kind: AccountClass, _ party: UInt64 = 0) -> Key {
            Key(marketplace: marketplace, party: party, currency: currency, kind: kind)
        }
        let cost = Cost(of: message.price.minor, policy)
        let wallet = key(.wallet, message.buyer.raw)
        var freed: Int64 = 0
        if !message.hold.isNone {
            guard let hold = holds[message.hold.raw], hold.state == .held, hold.account == wallet else {
                return
            }
            freed = hold.amount
        }
        guard free(wallet) + freed >= cost.total else { return }
        if !message.hold.isNone {
            endHold(message.hold.raw, .captured, captured: min(freed, cost.total), row)
        }
        sales[message.order.raw] = Sale(
            marketplace: marketplace, policy: policy, listing: message.listing.raw, buyer: message.buyer.raw,
            seller: message.seller.raw, cost: cost)
        touchedSales.insert(message.order.raw)
        if policy.mode == .leadAuction || policy.mode == .preliminaryCall,
            let other = saleOf.updateValue(message.order.raw, forKey: message.listing.raw)
        {
            findings.report(
                .oneWinner,
                "listing \(message.listing): expected it paid for once, found orders \(other) and \(message.order)",
                ["listing \(message.listing)", "order \(message.order)"])
        }
        post(
            .orderPaid, order: message.order.raw, row,
            [
                (wallet, -cost.total), (key(.escrow), cost.price), (key(.feeRevenue), cost.fee),
                (key(.vatPayable), cost.vat),
            ])
        document(.invoice, message.order.raw, cost, row)
    }

    private func document(
        _ kind: InvoiceKind, _ order: UInt64, _ cost: Cost, _ row: JournalRow, bearer: UInt64? = nil
    ) {
        guard let sale = sales[order] else { return }
        let zone = LocalZone(minutes: sale.policy.zoneMinutes, summerTime: sale.policy.summerTime)
        expectedDocuments[row.sequence, default: []].append(
            Document(
                kind: kind, subject: bearer == nil ? .order : .cancellationFee, order: order,
                recipient: bearer ?? sale.buyer, cost: cost, year: Int64(zone.wall(row.at).date.year),
                marketplace: sale.marketplace))
    }

    /// The fee that a refund gave back is borne by whoever asked to undo the sale: from its free balance as far as that
    /// goes, the rest is owed (C7).
    private func bear(_ bearer: UInt64, _ fee: Int64, _ sale: Sale, _ order: UInt64, _ row: JournalRow) {
        guard bearer == sale.buyer || bearer == sale.seller else { return }
        feeBearers[order] = bearer
        guard fee > 0 else { return }
        let vat = Cost.share(fee, sale.policy.vat)
        let wallet = key(sale, .wallet, bearer)
        let taken = min(fee + vat, max(0, free(wallet)))
        post(
            .cancellationFee, order: order, row,
            [
                (wallet, -taken), (key(sale, .receivable, bearer), taken - fee - vat),
                (key(sale, .feeRevenue), fee), (key(sale, .vatPayable), vat),
            ])
        document(.invoice, order, Cost(price: 0, fee: fee, vat: vat), row, bearer: bearer)
        rules.note(.model("fee borne"))
    }

    private func key(_ sale: Sale, _ kind: AccountClass, _ party: UInt64 = 0) -> Key {
        Key(
            marketplace: sale.marketplace, party: party, currency: sale.policy.currency.rawValue, kind: kind)
    }

    /// After a refund all stand where an order over what is left would have put them (A14, A17).
    private func refund(_ message: RefundOrder, _ row: JournalRow) {
        guard var sale = sales[message.order.raw], message.refund.currency == sale.policy.currency else {
            return
        }
        let price = min(message.refund.minor, sale.left)
        guard price > 0 else { return }
        let rest = sale.left - price
        let given = Cost(of: sale.left, sale.policy) - Cost(of: rest, sale.policy)
        var legs = [
            (key(sale, .wallet, sale.buyer), given.total), (key(sale, .feeRevenue), -given.fee),
            (key(sale, .vatPayable), -given.vat),
        ]
        if sale.state == .escrowed {
            legs.append((key(sale, .escrow), -given.price))
        } else {
            let commission =
                Cost.share(sale.left, sale.policy.commission) - Cost.share(rest, sale.policy.commission)
            let wallet = key(sale, .wallet, sale.seller)
            let taken = min(price - commission, max(0, free(wallet)))
            legs += [
                (key(sale, .commissionRevenue), -commission), (wallet, -taken),
                (key(sale, .receivable, sale.seller), -(price - commission - taken)),
            ]
        }
        post(.orderRefunded, order: message.order.raw, row, legs)
        sale.refunded += price
        sales[message.order.raw] = sale
        touchedSales.insert(message.order.raw)
        document(.creditNote, message.order.raw, given, row)
        bear(message.feeBearer.raw, given.fee, sale, message.order.raw, row)
    }

    /// What is left of the price, less the commission, less what the seller owes (A13).
    private func payOut(_ order: UInt64, _ row: JournalRow) {
        guard var sale = sales[order], sale.state == .escrowed, sale.left > 0 else { return }
        let commission = Cost.share(sale.left, sale.policy.commission)
        let share = sale.left - commission
        let receivable = key(sale, .receivable, sale.seller)
        let netted = min(share, max(0, -(accounts[receivable]?.posted ?? 0)))
        let amount = share - netted
        sale.commission = commission
        sale.shared = share
        sale.state = amount > 0 ? .payoutStarted : .paidOut
        sales[order] = sale
        touchedSales.insert(order)
        post(
            .payoutStarted, order: order, row,
            [
                (key(sale, .escrow), -sale.left), (key(sale, .commissionRevenue), commission),
                (receivable, netted), (key(sale, .payoutClearing), amount),
            ])
        guard amount > 0 else { return }
        begin(
            Payment(
                kind: .payout, marketplace: sale.marketplace, party: sale.seller,
                currency: sale.policy.currency.rawValue, amount: amount, order: order), row)
    }
}
