import DisputeRules
import Kernel
import Messages
import Runtime
import Storage

/// A buyer objects: the auction judges the window by when the objection arrived, and stops the payout (A14).
enum OpenObjectionHandler {
    static func handle(_ command: OpenObjection, _ turn: Turn) throws -> Outcome<ObjectionOpened> {
        let party = turn.acting.party
        guard let order = try Orders.find(command.order, turn.store),
            party == order.buyer || party == order.seller
        else { return .refused(.notFound, found: "order \(command.order)") }
        if let refusal = try refusal(command, of: order, by: party, turn.store) { return .refused(refusal) }
        var row = DisputeCase()
        row.id = turn.newID()
        row.order = order.order
        row.opener = party
        row.ground = command.ground
        row.ticket = turn.ticket.rawValue
        row.openedAt = turn.now
        row.objection = command.statement
        try Cases.add(row, buyer: order.buyer, seller: order.seller, turn.store)
        for evidence in command.evidence {
            try Proofs.add(
                evidence, number: turn.newID(CaseID.self).raw, to: row.id, by: party, at: turn.now, turn.store
            )
        }
        turn.send(FreezeOrder(row, byRule: false, at: turn.now), to: .auction)
        return .waiting
    }

    private static func refusal(
        _ command: OpenObjection, of order: DisputeOrder, by party: PartyID, _ store: Store
    ) throws -> Refusal? {
        guard party == order.buyer else { return Refusal(.forbidden, expected: "the order's buyer") }
        if command.statement.isEmpty {
            return Refusal(.invalidText, expected: "a statement", found: "an empty one")
        }
        if let refusal = CaseRules.contentRefusal(command.evidence) { return refusal }
        guard let latest = try Cases.latest(of: order.order, store) else { return nil }
        return Refusal(latest.stage == .closed ? .caseDecided : .caseOpen, found: "case \(latest.id)")
    }
}

extension FreezeOrder {
    init(_ row: DisputeCase, byRule: Bool, at now: Instant) {
        self.init()
        order = row.order
        openedCase = row.id
        objectedAt = now
        party = row.opener
        self.byRule = byRule
    }
}
