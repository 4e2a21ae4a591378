import AuctionRules
import Kernel
import Messages
import Storage

/// An application for a listing; its number is an order's, by which wallet, vault and conversation know it.
struct Application {
    var id: OrderID
    var listing: ListingID
    var marketplace: MarketplaceID
    var policyVersion: UInt32
    var applicant: PartyID
    var seller: PartyID
    var contact: ContactID
    var fee: Money
    var introduction: PersonalText
    var state: ApplicationState
    var remindedAt = Instant.none
    var decidedAt = Instant.none
    /// The command that waits for the wallet's answer.
    var ticket: UInt64 = 0
    var invoiceNumber = ""
    var grant = GrantID.none
    var creditNoteNumber = ""
}

extension Store {
    func insert(_ application: Application) throws {
        try run(
            """
            INSERT INTO application (id, listing, marketplace, policy_version, applicant, seller, contact, fee,
                currency, introduction_key, introduction, meeting_at, applied_at, opened_at, decision,
                contact_stage, fee_stage, reports, stopped, reminded_at, decided_at, ticket, invoice_number,
                contact_grant, revealed_at, credit_note_number)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 1, 1, 0, 0, 0, 0, ?, '', 0, 0, '')
            """, application.id, application.listing, application.marketplace, application.policyVersion,
            application.applicant, application.seller, application.contact, application.fee.minor,
            application.fee.currency, application.introduction.key, application.introduction.bytes,
            application.state.meetingAt, application.ticket)
    }

    func save(_ application: Application) throws {
        let state = application.state
        try run(
            """
            UPDATE application SET applied_at = ?, opened_at = ?, decision = ?, contact_stage = ?, fee_stage = ?,
                reports = ?, stopped = ?, reminded_at = ?, decided_at = ?, ticket = ?, invoice_number = ?,
                contact_grant = ?, revealed_at = ?, credit_note_number = ?
            WHERE id = ?
            """, state.appliedAt, state.openedAt, state.decision.rawValue, state.contact.rawValue,
            state.fee.rawValue, state.reports.rawValue, state.isStopped, application.remindedAt,
            application.decidedAt, application.ticket, application.invoiceNumber, application.grant,
            state.revealedAt, application.creditNoteNumber, application.id)
    }

    /// Takes back an application whose fee the wallet refused: it never was.
    func remove(application: OrderID) throws {
        try run("DELETE FROM application WHERE id = ?", application)
    }

    func application(_ id: OrderID) throws -> Application? {
        try first(
            """
            SELECT id, listing, marketplace, policy_version, applicant, seller, contact, fee, currency,
                introduction_key, introduction, meeting_at, applied_at, opened_at, decision, contact_stage,
                fee_stage, reports, stopped, reminded_at, decided_at, ticket, invoice_number, contact_grant,
                revealed_at, credit_note_number
            FROM application WHERE id = ?
            """, id, read: Self.readApplication)
    }

    func hasApplied(_ party: PartyID, for listing: ListingID) throws -> Bool {
        try first(
            "SELECT 1 FROM application WHERE listing = ? AND applicant = ? AND stopped = 0", listing, party
        ) { _ in true } ?? false
    }

    /// All applications for a listing, in order of arrival.
    func applications(for listing: ListingID) throws -> [Application] {
        try all(
            """
            SELECT id, listing, marketplace, policy_version, applicant, seller, contact, fee, currency,
                introduction_key, introduction, meeting_at, applied_at, opened_at, decision, contact_stage,
                fee_stage, reports, stopped, reminded_at, decided_at, ticket, invoice_number, contact_grant,
                revealed_at, credit_note_number
            FROM application WHERE listing = ? ORDER BY id
            """, listing, read: Self.readApplication)
    }

    /// A party's applications, newest first.
    func applications(of party: PartyID, before: OrderID, limit: Int) throws -> [Application] {
        try all(
            """
            SELECT id, listing, marketplace, policy_version, applicant, seller, contact, fee, currency,
                introduction_key, introduction, meeting_at, applied_at, opened_at, decision, contact_stage,
                fee_stage, reports, stopped, reminded_at, decided_at, ticket, invoice_number, contact_grant,
                revealed_at, credit_note_number
            FROM application WHERE applicant = ? AND id < ? ORDER BY id DESC LIMIT ?
            """, party, before.isNone ? OrderID(UInt64(Int64.max)) : before, limit,
            read: Self.readApplication)
    }

    /// A party's applications that are charged for or under review, in order of arrival.
    func hiddenApplications(of party: PartyID) throws -> [OrderID] {
        try all(
            """
            SELECT id FROM application
            WHERE applicant = ? AND contact_stage = 1 AND decision = 0 AND stopped = 0 ORDER BY id
            """, party
        ) { row in row.id(0) }
    }

    /// The keys of the introductions that a party wrote.
    func introductionKeys(of party: PartyID) throws -> [UInt64] {
        try all("SELECT introduction_key FROM application WHERE applicant = ? ORDER BY id", party) { row in
            UInt64(bitPattern: row.int(0))
        }
    }

    private static func readApplication(_ row: Row) throws -> Application {
        var state = ApplicationState(appliedAt: row.instant(12), meetingAt: row.instant(11))
        state.openedAt = row.instant(13)
        guard let decision = ProspectDecision(rawValue: UInt8(row.int(14))),
            let contact = ContactStage(rawValue: UInt8(row.int(15)))
        else { throw StoreFault.corruptRow("application \(row.int(0))") }
        state.decision = decision
        state.contact = contact
        state.fee = try row.enumeration(16)
        state.reports = MeetingReports(rawValue: UInt8(row.int(17)))
        state.isStopped = row.bool(18)
        state.revealedAt = row.instant(24)
        return Application(
            id: row.id(0), listing: row.id(1), marketplace: row.marketplace(2),
            policyVersion: UInt32(row.int(3)), applicant: row.id(4), seller: row.id(5), contact: row.id(6),
            fee: row.money(7, 8), introduction: row.personal(9, 10), state: state,
            remindedAt: row.instant(19), decidedAt: row.instant(20), ticket: UInt64(bitPattern: row.int(21)),
            invoiceNumber: row.text(22), grant: row.id(23), creditNoteNumber: row.text(25))
    }
}
