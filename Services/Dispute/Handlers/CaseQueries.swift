import Kernel
import Messages
import Runtime
import Storage

/// A case with its order, as far as somebody may see it: the two parties, and operators (F9).
struct VisibleCase {
    var row: DisputeCase
    let order: DisputeOrder

    static func find(_ id: CaseID, by acting: Acting, _ store: Store) throws -> VisibleCase? {
        guard let row = try Cases.find(id, store), row.stage != .freezing,
            let order = try Orders.find(row.order, store),
            acting.isOperator || acting.party == order.buyer || acting.party == order.seller
        else { return nil }
        return VisibleCase(row: row, order: order)
    }
}

enum GetCaseHandler {
    static func handle(_ query: GetCase, _ reading: Reading) throws -> Outcome<CaseDetails> {
        guard let found = try VisibleCase.find(query.case, by: reading.acting, reading.store) else {
            return .refused(.notFound, found: "case \(query.case)")
        }
        var details = CaseDetails()
        details.summary = CaseSummary(found.row, found.order)
        details.objection = found.row.objection
        details.statement = found.row.statement
        details.statedAt = found.row.statedAt
        details.reasoning = found.row.reasoning
        details.evidence = try Proofs.evidence(of: found.row.id, reading.store)
        details.attempts = try Proofs.attempts(on: found.order.order, reading.store)
        return .answer(details)
    }
}

enum ListCasesHandler {
    static let most: UInt16 = 100

    static func handle(_ query: ListCases, _ reading: Reading) throws -> Outcome<CasePage> {
        guard (1...most).contains(query.limit) else {
            return .refused(.invalidValue, expected: "limit 1 to \(most)", found: "\(query.limit)")
        }
        let limit = Int(query.limit)
        let rows =
            reading.acting.isOperator
            ? try Cases.page(
                order: query.order, after: query.after, openOnly: query.openOnly, limit: limit + 1,
                reading.store)
            : try Cases.page(
                of: reading.acting.party, order: query.order, after: query.after, openOnly: query.openOnly,
                limit: limit + 1, reading.store)
        var page = CasePage()
        page.more = rows.count > limit
        for row in rows.prefix(limit) {
            guard let order = try Orders.find(row.order, reading.store) else { continue }
            page.cases.append(CaseSummary(row, order))
        }
        return .answer(page)
    }
}

enum GetOpenDisputeCountHandler {
    static func handle(
        _ query: GetOpenDisputeCount, _ reading: Reading
    ) throws -> Outcome<OpenDisputeCount> {
        let count =
            reading.acting.isOperator
            ? try Cases.openCount(reading.store)
            : try Cases.openCount(of: reading.acting.party, reading.store)
        var answer = OpenDisputeCount()
        answer.open = UInt32(truncatingIfNeeded: count)
        return .answer(answer)
    }
}

extension CaseSummary {
    init(_ row: DisputeCase, _ order: DisputeOrder) {
        self.init()
        `case` = row.id
        self.order = order.order
        listing = order.listing
        buyer = order.buyer
        seller = order.seller
        price = order.price
        ground = row.ground
        support = row.support
        stage = row.stage
        openedAt = row.openedAt
        answerDue = row.answerDue
        verdict = row.verdict
        decidedBy = row.decidedBy
        refund = Money(row.refund, order.price.currency)
        decidedAt = row.decidedAt
        creditNoteNumber = row.creditNote
    }
}
