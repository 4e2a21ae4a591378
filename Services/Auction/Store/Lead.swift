import Kernel
import Messages
import Storage
import Wire

/// The public details of a lead.
struct Lead {
    var title: String
    var description: String
    var answers: [SetupAnswer]
    var budgetBasis: BudgetBasis
    var timeFrame: String
    var region: String
    var temperature: Temperature
    var inquiredAt: Instant
    var duration: Duration64
    var basis: BasisKind
    var projectType: ProjectType
    var budget: Money
}

/// A list of answers as it lies in a column.
struct AnswerList: Wire.Record {
    var answers: [SetupAnswer] = []
    mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("answers", &answers, .limit(32))
    }
}

extension Store {
    func lead(_ listing: ListingID) throws -> Lead? {
        try first(
            """
            SELECT d.title, d.description, d.answers, d.budget_basis, d.time_frame, d.region, d.temperature,
                d.inquired_at, d.duration, d.basis_kind, l.project_type, l.budget, l.currency
            FROM lead d JOIN listing l ON l.id = d.listing WHERE d.listing = ?
            """, listing
        ) { row in
            Lead(
                title: row.text(0), description: row.text(1),
                answers: try row.record(2, AnswerList.self).answers,
                budgetBasis: try row.enumeration(3), timeFrame: row.text(4), region: row.text(5),
                temperature: try row.enumeration(6), inquiredAt: row.instant(7), duration: row.duration(8),
                basis: try row.enumeration(9), projectType: try row.enumeration(10), budget: row.money(11, 12)
            )
        }
    }

    func title(of listing: ListingID) throws -> String {
        try first("SELECT title FROM lead WHERE listing = ?", listing) { row in row.text(0) } ?? ""
    }
}
