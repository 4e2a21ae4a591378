import AuctionRules
import Kernel
import Messages
import Runtime

/// A buyer applies (B1): it is filed once the wallet has taken the fee.
enum ApplyHandler {
    static func handle(_ command: Apply, _ turn: Turn) throws -> Outcome<ApplicationFiled> {
        if let refusal = try turn.refusalOfActing(needed: .buyer) { return .refused(refusal) }
        let applicant = turn.acting.party
        guard let listing = try turn.store.listing(command.listing), listing.stage != .claiming,
            listing.marketplace == turn.acting.marketplace
        else { return .refused(.notFound) }
        let policy = try turn.store.policy(listing.marketplace, listing.policyVersion)
        let offered = ListingOnApplication(
            seller: listing.seller, stage: listing.stage, endsAt: listing.endsAt,
            hasApplied: try turn.store.hasApplied(applicant, for: listing.id))
        let refusal = ApplicationRules.refusal(
            of: command, by: applicant, for: offered, policy: policy, now: turn.now)
        if let refusal { return .refused(refusal) }
        let application = Application(
            id: turn.newID(), listing: listing.id, marketplace: listing.marketplace,
            policyVersion: listing.policyVersion, applicant: applicant, seller: listing.seller,
            contact: listing.contact, fee: Money(policy.applicationFee, policy.currency),
            introduction: command.introduction,
            state: ApplicationState(appliedAt: .none, meetingAt: command.meetingAt),
            ticket: turn.ticket.rawValue)
        try turn.store.insert(application)
        turn.send(try charge(application, turn.store.title(of: listing.id)), to: .wallet)
        return .waiting
    }

    /// The fee is an order's price: the same ledger, invoice, refund and payout serve it.
    private static func charge(_ application: Application, _ title: String) -> CollectOrder {
        var collect = CollectOrder()
        collect.order = application.id
        collect.marketplace = application.marketplace
        collect.policyVersion = application.policyVersion
        collect.listing = application.listing
        collect.title = title
        collect.buyer = application.applicant
        collect.seller = application.seller
        collect.price = application.fee
        return collect
    }
}

/// What the wallet says of an application's fee; false where the order is no application.
enum ApplicationFee {
    /// Charged: the application's clocks begin, the chat opens, the prospect is asked (B1).
    static func charged(_ message: OrderPaidFor, _ turn: Turn) throws -> Bool {
        guard var application = try turn.store.application(message.order) else { return false }
        guard application.state.fee == .charging else { return true }
        let ticket = Ticket(rawValue: application.ticket)
        application.ticket = 0
        application.invoiceNumber = message.invoiceNumber
        application.state.fee = .held
        guard !application.state.isStopped else {
            try refund(&application, .applicationStopped, turn)
            try turn.store.save(application)
            try turn.refuse(ticket, Refusal(.listingClosed, expected: "open", found: "stopped"))
            return true
        }
        application.state.appliedAt = turn.now
        try turn.store.save(application)
        let policy = try turn.store.policy(application.marketplace, application.policyVersion)
        try Applications.begin(application, policy, total: message.total, turn)
        var filed = ApplicationFiled()
        filed.order = application.id
        filed.listing = application.listing
        filed.total = message.total
        filed.invoiceNumber = message.invoiceNumber
        filed.appliedAt = turn.now
        filed.decisionUntil = ApplicationRules.decisionUntil(appliedAt: turn.now, by: policy)
        try turn.answer(ticket, filed)
        return true
    }

    /// Not charged: the application never was.
    static func refused(_ message: PaymentRefused, _ turn: Turn) throws -> Bool {
        guard let application = try turn.store.application(message.order) else { return false }
        guard application.state.fee == .charging else { return true }
        try turn.store.remove(application: application.id)
        try turn.destroyKeys([application.introduction.key])
        try turn.refuse(
            Ticket(rawValue: application.ticket),
            Refusal(message.reason, expected: message.expected, found: message.found))
        try Applications.releaseIfOver(application.listing, turn)
        return true
    }

    static func refunded(_ message: OrderRefunded, _ turn: Turn) throws -> Bool {
        guard var application = try turn.store.application(message.order) else { return false }
        guard application.state.fee == .refunding else { return true }
        application.state.fee = .refunded
        application.creditNoteNumber = message.creditNoteNumber
        try turn.store.save(application)
        let policy = try turn.store.policy(application.marketplace, application.policyVersion)
        let total = policy.cost(of: message.refunded)?.total ?? message.refunded
        let listing = try turn.store.knownListing(application.listing)
        try turn.tell(
            .applicationFeeRefunded, to: application.applicant, about: listing, order: application.id,
            subject: application.id.raw, [.init(.refund, total), .init(.number, message.creditNoteNumber)])
        return true
    }

    /// The fee is divided, whatever became of the seller's share on its way.
    static func settled(_ order: OrderID, _ turn: Turn) throws -> Bool {
        guard var application = try turn.store.application(order) else { return false }
        guard application.state.fee == .earned else { return true }
        application.state.fee = .settled
        try turn.store.save(application)
        return true
    }

    /// Gives the fee back (B3); the caller saves.
    static func refund(_ application: inout Application, _ reason: KnownReason, _ turn: Turn) throws {
        application.state.fee = .refunding
        try turn.cancel(ApplicationFeeFallsDue.self, subject: application.id.raw)
        var refund = RefundOrder()
        refund.order = application.id
        refund.refund = application.fee
        refund.reason = reason.rawValue
        turn.send(refund, to: .wallet)
    }

    /// No rejection gives the fee back any more: the wallet divides it between house and seller. The caller saves.
    static func earn(_ application: inout Application, _ turn: Turn) throws {
        application.state.fee = .earned
        try turn.cancel(ApplicationFeeFallsDue.self, subject: application.id.raw)
        var payOut = PayOutOrder()
        payOut.order = application.id
        turn.send(payOut, to: .wallet)
    }
}
