import Kernel
import Messages
import Runtime

/// How a party's top-up or payout stands.
enum GetPaymentHandler {
    static func handle(_ query: GetPayment, _ reading: Reading) throws -> Outcome<PaymentDetails> {
        guard let stored = try Payments.find(query.payment, reading.store),
            stored.payment.party == reading.acting.party || reading.acting.isOperator
        else { return .refused(.notFound, expected: "a payment", found: "\(query.payment)") }
        var details = PaymentDetails()
        details.payment = stored.summary
        return .answer(details)
    }
}

/// A party's payments, newest first.
enum ListPaymentsHandler {
    static func handle(_ query: ListPayments, _ reading: Reading) throws -> Outcome<PaymentPage> {
        guard let subject = try Subject.of(query.party, reading) else {
            return .refused(Subject.unknown(query.party))
        }
        if let refusal = Subject.pageRefusal(query.limit) { return .refused(refusal) }
        let found = try Payments.page(
            of: subject.party, after: query.after, limit: Int(query.limit) + 1, reading.store)
        var page = PaymentPage()
        page.payments = found.prefix(Int(query.limit)).map(\.summary)
        page.more = found.count > page.payments.count
        return .answer(page)
    }
}

/// Whether a party's payout account is in force: the verified one, else the one named last.
enum GetPayoutAccountHandler {
    static func handle(_ query: GetPayoutAccount, _ reading: Reading) throws -> Outcome<PayoutAccountDetails>
    {
        guard let subject = try Subject.of(query.party, reading) else {
            return .refused(Subject.unknown(query.party))
        }
        let link =
            try PayoutLinks.verified(of: subject.party, reading.store)
            ?? PayoutLinks.latest(of: subject.party, reading.store)
        return .answer(PayoutAccounts.details(link, subject.party))
    }
}
