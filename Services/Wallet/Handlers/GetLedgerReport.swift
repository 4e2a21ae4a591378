import Kernel
import Messages
import Runtime

/// The sums of the ledger and its standing proofs, for operators (F1).
enum GetLedgerReportHandler {
    static func handle(_: GetLedgerReport, _ reading: Reading) throws -> Outcome<LedgerReport> {
        guard reading.acting.isOperator else { return .refused(.forbidden, expected: "an operator") }
        var report = LedgerReport()
        report.at = reading.now
        report.lines = try Proofs.lines(limit: 1_000, reading.store)
        report.totals = try Proofs.totals(reading.store)
        report.unbalancedEntries = try Proofs.unbalancedEntries(reading.store)
        report.accountsAstray = try Proofs.accountsAstray(reading.store)
        report.holdsAstray = try Proofs.holdsAstray(reading.store)
        report.numberGaps = try Proofs.numberGaps(reading.store)
        report.refundsAstray = try Proofs.refundsAstray(reading.store)
        report.sound =
            report.totals.allSatisfy { $0.minor == 0 } && report.unbalancedEntries == 0
            && report.accountsAstray == 0
            && report.holdsAstray == 0 && report.numberGaps == 0 && report.refundsAstray == 0
        return .answer(report)
    }
}
