import AuctionRules
import Kernel
import Messages
import Storage

/// The appointment of an order in a meeting auction.
struct Meeting {
    var order: OrderID
    var state: MeetingState
    /// The seller's permission to read the buyer's card (C2).
    var sellerGrant = GrantID.none
}

extension Store {
    func meeting(_ order: OrderID) throws -> Meeting? {
        try first(
            """
            SELECT m.order_id, o.buyer, o.seller, m.began_at, m.proposed_by, m.proposed_at, m.meeting_at,
                m.agreements, m.buyer_reported_at, m.seller_reported_at, m.held_at, m.reminders, m.support_at,
                m.seller_grant
            FROM meeting m JOIN orders o ON o.id = m.order_id WHERE m.order_id = ?
            """, order
        ) { row in
            var state = MeetingState(buyer: row.id(1), seller: row.id(2), beganAt: row.instant(3))
            state.proposedBy = row.id(4)
            state.proposedAt = row.instant(5)
            state.meetingAt = row.instant(6)
            state.agreements = UInt32(row.int(7))
            state.buyerReportedAt = row.instant(8)
            state.sellerReportedAt = row.instant(9)
            state.heldAt = row.instant(10)
            state.reminders = UInt8(row.int(11))
            state.supportAt = row.instant(12)
            return Meeting(order: row.id(0), state: state, sellerGrant: row.id(13))
        }
    }

    func insert(_ meeting: Meeting) throws {
        try run(
            """
            INSERT INTO meeting (order_id, began_at, proposed_by, proposed_at, meeting_at, agreements,
                buyer_reported_at, seller_reported_at, held_at, reminders, support_at, seller_grant)
            VALUES (?, ?, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
            """, meeting.order, meeting.state.beganAt)
    }

    func save(_ meeting: Meeting) throws {
        let state = meeting.state
        try run(
            """
            UPDATE meeting SET proposed_by = ?, proposed_at = ?, meeting_at = ?, agreements = ?,
                buyer_reported_at = ?, seller_reported_at = ?, held_at = ?, reminders = ?, support_at = ?,
                seller_grant = ?
            WHERE order_id = ?
            """, state.proposedBy, state.proposedAt, state.meetingAt, state.agreements, state.buyerReportedAt,
            state.sellerReportedAt, state.heldAt, state.reminders, state.supportAt, meeting.sellerGrant,
            meeting.order)
    }

    /// How a party was rated as an expert (C9); no ratings where none is shown.
    func rating(of party: PartyID) throws -> RatingSummary {
        try first("SELECT summary FROM party_rating WHERE party = ?", party) { row in try row.record(0) }
            ?? RatingSummary()
    }

    func save(_ summary: RatingSummary, of party: PartyID) throws {
        try run(
            """
            INSERT INTO party_rating (party, summary) VALUES (?, ?)
            ON CONFLICT (party) DO UPDATE SET summary = excluded.summary
            """, party, summary.encoded())
    }

    /// When the seller accepted to be bound by an award (C8); none: it never had to.
    func contractAcceptedAt(_ listing: ListingID) throws -> Instant {
        try first("SELECT contract_accepted_at FROM lead WHERE listing = ?", listing) { row in
            row.instant(0)
        } ?? .none
    }

    /// What the seller changed, and that it accepted to be bound, before it lists again (C6, C8). Words are searched
    /// for in open listings alone, and this one is not open.
    func revise(
        _ listing: ListingID, _ revision: ListingRevision?, duration: Duration64?, acceptedAt: Instant
    ) throws {
        try run(
            "UPDATE lead SET duration = coalesce(?, duration), contract_accepted_at = ? WHERE listing = ?",
            duration, acceptedAt, listing)
        guard let revision else { return }
        var answers = AnswerList()
        answers.answers = revision.answers
        try run(
            """
            UPDATE lead SET title = ?, description = ?, answers = ?, budget_basis = ?, time_frame = ?, region = ?,
                temperature = ?
            WHERE listing = ?
            """, revision.title, revision.description, answers.encoded(), revision.budgetBasis.rawValue,
            revision.timeFrame, revision.region, revision.temperature.rawValue, listing)
        try run(
            "UPDATE listing SET region = ?, budget = ? WHERE id = ?", regionKey(revision.region),
            revision.budget.minor, listing)
    }
}
