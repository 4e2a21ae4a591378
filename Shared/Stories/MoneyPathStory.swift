import Kernel
import Messages

/// The way of the money, once through: two leads are listed, bid for, outbid, won, paid and revealed; one is paid
/// out, the other disputed and refunded; a contact is erased.
///
/// Short, so that it can be told again for each operation of the disks, and patient: it asks for no time of day, so
/// that a house that comes back from a crash may finish what it had begun.
public enum MoneyPathStory {
    /// - Parameter pause: called at places where an installation might be stopped in good order and started again.
    /// - Throws: ``Unmet``, or a refusal, where the house does not keep its word.
    public static func tell(
        on house: any House, pause: (String) async throws -> Void = { _ in }
    ) async throws {
        let cast = try await Cast.openMarketplace(house)
        let (anna, bert) = (cast.buyers[0], cast.buyers[1])
        try await pause("the marketplace is open")
        let kept = try await sellAfterBidding(cast, outbid: anna, winner: bert)
        _ = try await cast.readContact(kept.order, as: bert)
        let papers = try await cast.invoices(of: kept.order, as: bert)
        try expect("papers of a sale", papers.map(\.kind), [.invoice])
        try await pause("the first lead is sold")
        let disputed = try await cast.sellLead(to: anna)
        let opened = try await cast.object(to: disputed)
        try expect("an order in dispute", try await cast.order(disputed.order).stage, .frozen)
        try await cast.state(in: opened.case)
        try await cast.decide(opened.case, .refundFull)
        try expect("an upheld objection", try await cast.order(disputed.order).stage, .refunded)
        try expect("the buyer has the whole again", try await cast.available(anna), 100_000)
        try await pause("the second lead is refunded")
        let due = try present("the payout's time", try await cast.order(kept.order).payoutAt)
        // A payment that a disk's error kept back is tried again after a pause.
        try await house.advance(to: due + .hours(6))
        try await house.settle()
        try expect("a payout", try await cast.order(kept.order).stage, .paidOut)
        let payments = try await house.ask(ListPayments(), as: cast.seller.guest).payments
        let payouts = payments.filter { $0.order == kept.order && $0.kind == .payout }
        try expect("one payout, less 15 %", payouts.map(\.amount), [cast.money(5_950)])
        var erase = EraseContact()
        erase.contact = kept.contact
        try await cast.act(erase, as: cast.operator)
        try await pause("the contact is erased")
        var read = ReadContact()
        read.order = kept.order
        try await house.refuses(.erased, read, as: bert.guest)
        try expect("what the winner has left", try await cast.available(bert), 100_000 - 8_330)
        try await cast.proveLedger()
    }

    /// Two bid, the second wins, and the first has its money back.
    private static func sellAfterBidding(_ cast: Cast, outbid: Player, winner: Player) async throws -> Sale {
        let (published, contact, prospect) = try await cast.publishLead()
        try await cast.bid(outbid, on: published.listing, 5_000)
        try expect("50.00 and 19 % VAT are held", try await cast.available(outbid), 100_000 - 5_950)
        try await cast.bid(winner, on: published.listing, 7_000)
        try expect("who is outbid is free", try await cast.available(outbid), 100_000)
        try await cast.house.advance(to: published.endsAt)
        let order = try await cast.order(of: published.listing)
        try expect("the highest bid wins", order.buyer, winner.party)
        return Sale(
            listing: published.listing, order: order.order, contact: contact, prospect: prospect,
            buyer: winner, price: cast.money(7_000))
    }
}
