import Kernel
import Messages
import Storage
import WalletRules

/// Statements of prepaid lines (E13): what each was computed from, beside its invoice.
enum LineStatements {
    static func profiles(of provider: PartyID, _ store: Store) throws -> Int64 {
        try store.first("SELECT count(*) FROM billing_profile WHERE provider = ?", provider) { $0.int(0) }
            ?? 0
    }

    /// What callers paid in through payment providers, and what was taken back, from `from` to before `to`.
    static func paidIn(
        _ provider: PartyID, _ marketplace: MarketplaceID, _ currency: Currency, from: Instant, to: Instant,
        _ store: Store
    ) throws -> (paidIn: Money, chargedBack: Money) {
        let sums = try store.first(
            """
            SELECT coalesce(sum(iif(e.kind = ?1, -l.amount, 0)), 0),
                coalesce(sum(iif(e.kind = ?2, l.amount, 0)), 0)
            FROM account a JOIN leg l ON l.account = a.id JOIN entry e ON e.id = l.entry
            WHERE a.party = ?3 AND a.marketplace = ?4 AND a.currency = ?5 AND a.class = ?6 AND l.at >= ?7
                AND l.at < ?8
            """, EntryKind.callerToppedUp.rawValue, EntryKind.topUpChargedBack.rawValue, provider,
            marketplace,
            currency, AccountClass.providerCash.rawValue, from, to
        ) { ($0.int(0), $0.int(1)) }
        return (Money(sums?.0 ?? 0, currency), Money(sums?.1 ?? 0, currency))
    }

    static func insert(_ statement: LineStatement, invoice: InvoiceID, _ store: Store) throws {
        try store.run(
            """
            INSERT INTO line_statement (invoice, period_from, period_to, profiles, paid_in, charged_back, monthly,
                share)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            """, invoice, statement.from, statement.to, statement.profiles, statement.paidIn.minor,
            statement.chargedBack.minor, statement.monthly.minor, statement.share.minor)
    }

    /// What an invoice was computed from; nothing for documents of other kinds.
    static func find(_ invoice: InvoiceID, _ currency: Currency, _ store: Store) throws -> LineItems? {
        try store.first(
            "SELECT profiles, paid_in, charged_back, monthly, share FROM line_statement WHERE invoice = ?",
            invoice
        ) { row in
            LineItems(
                profiles: row.int(0), base: Money(max(0, row.int(1) - row.int(2)), currency),
                monthly: Money(row.int(3), currency), share: Money(row.int(4), currency))
        }
    }
}
