import Kernel
import Messages
import Runtime
import Storage
import WalletRules

/// A billing profile as its provider sees it.
enum ProfileAnswer {
    static func view(_ id: BillingProfileID, _ store: Store) throws -> BillingProfileView {
        guard let profile = try Profiles.find(id, store) else {
            throw WalletFault.rowMissing("a profile just saved")
        }
        var view = BillingProfileView()
        view.profile = try self.profile(profile, store)
        return view
    }

    static func profile(_ profile: Profile, _ store: Store) throws -> BillingProfile {
        var view = BillingProfile()
        view.profile = profile.id
        view.provider = profile.provider
        view.name = profile.settings.name
        view.country = profile.country
        view.callerList = profile.list
        view.topUps = profile.settings.topUps
        view.lines = profile.settings.lines
        view.tariffVersion = profile.tariffVersion
        view.terms = try Profiles.terms(profile.id, version: profile.tariffVersion, store)
        return view
    }
}

/// A provider's billing profiles.
enum ListBillingProfilesHandler {
    static func handle(_ query: ListBillingProfiles, _ reading: Reading) throws -> Outcome<BillingProfilePage>
    {
        guard let subject = try Subject.of(query.provider, reading) else {
            return .refused(Subject.unknown(query.provider))
        }
        let found = try Profiles.page(of: subject.party, after: query.after, limit: 21, reading.store)
        var page = BillingProfilePage()
        page.profiles = try found.prefix(20).map { try ProfileAnswer.profile($0, reading.store) }
        page.more = found.count > 20
        return .answer(page)
    }
}

/// A caller as its provider sees it.
enum CallerAnswer {
    static func view(_ caller: CallerID, _ account: CallerAccount, _ store: Store) throws -> CallerView {
        var view = CallerView()
        view.profile = account.profile
        view.caller = caller
        view.funds = account.balance.funds
        view.topUps = account.topUps
        view.lastTopUpAt = account.lastTopUpAt == .none ? nil : account.lastTopUpAt
        view.callsInProgress = UInt32(truncatingIfNeeded: try Calls.inProgress(on: account.id, store).count)
        return view
    }

    /// A profile that the acting party may look into; others' do not exist for it (F9).
    static func profile(
        _ id: BillingProfileID, _ reading: Reading
    ) throws -> (profile: Profile, currency: Currency)? {
        guard let profile = try Profiles.find(id, reading.store),
            profile.provider == reading.acting.party || reading.acting.isOperator,
            let marketplace = try Copies.marketplace(profile.marketplace, reading.store)
        else { return nil }
        return (profile, marketplace.policy.currency)
    }
}

enum GetCallerHandler {
    static func handle(_ query: GetCaller, _ reading: Reading) throws -> Outcome<CallerView> {
        guard let (profile, currency) = try CallerAnswer.profile(query.profile, reading) else {
            return .refused(Profiles.unknown(query.profile))
        }
        let found = try CallerAccounts.of(query.caller, profile, currency, reading.store)
        guard let account = found else {
            return .refused(.notFound, expected: "a caller", found: "\(query.caller)")
        }
        return .answer(try CallerAnswer.view(query.caller, account, reading.store))
    }
}

/// A caller's movements (E9).
enum ListCallerTransactionsHandler {
    static func handle(
        _ query: ListCallerTransactions, _ reading: Reading
    ) throws -> Outcome<CallerTransactionPage> {
        if let refusal = Subject.pageRefusal(query.limit) { return .refused(refusal) }
        guard let (profile, currency) = try CallerAnswer.profile(query.profile, reading) else {
            return .refused(Profiles.unknown(query.profile))
        }
        let found = try CallerAccounts.of(query.caller, profile, currency, reading.store)
        guard let account = found else {
            return .refused(.notFound, expected: "a caller", found: "\(query.caller)")
        }
        guard query.from < query.to else {
            return .refused(.invalidValue, expected: "from before to", found: "\(query.from.iso8601)")
        }
        let lines = try lines(account.id, query, currency, reading.store)
        var page = CallerTransactionPage()
        page.transactions = Array(lines.prefix(Int(query.limit)))
        page.more = lines.count > page.transactions.count
        return .answer(page)
    }

    private static func lines(
        _ account: UInt64, _ query: ListCallerTransactions, _ currency: Currency, _ store: Store
    ) throws -> [CallerTransaction] {
        let seen = try store.first("SELECT at FROM entry WHERE id = ?", query.after) { $0.instant(0) }
        return try store.all(
            """
            SELECT e.id, e.at, e.kind, sum(iif(a.class = 10, l.amount, 0)), sum(iif(a.class = 11, l.amount, 0)),
                sum(iif(a.class = 12, l.amount, 0)), e.payment, coalesce(c.id, 0), e.text
            FROM account a JOIN leg l ON l.account = a.id JOIN entry e ON e.id = l.entry
            LEFT JOIN call c ON c.entry = e.id AND c.entry > 0
            WHERE a.party IN (SELECT id FROM caller_account WHERE id = ? OR merged_into = ?)
                AND a.class BETWEEN 10 AND 12 AND l.at >= ? AND l.at < ? AND l.entry > ?
            GROUP BY e.id ORDER BY e.id LIMIT ?
            """, account, account, max(query.from, seen ?? query.from), query.to, query.after,
            Int(query.limit) + 1
        ) { row in
            var line = CallerTransaction()
            line.entry = row.id(0)
            line.at = row.instant(1)
            line.kind = try row.enumeration(2)
            line.paid = Money(row.int(3), currency)
            line.bonus = Money(row.int(4), currency)
            line.owed = Money(row.int(5), currency)
            line.payment = row.id(6)
            line.call = row.id(7)
            line.text = row.text(8)
            return line
        }
    }
}

/// The calls of a profile or of one caller (E9).
enum ListCallsHandler {
    static func handle(_ query: ListCalls, _ reading: Reading) throws -> Outcome<CallPage> {
        if let refusal = Subject.pageRefusal(query.limit) { return .refused(refusal) }
        guard let (profile, currency) = try CallerAnswer.profile(query.profile, reading) else {
            return .refused(Profiles.unknown(query.profile))
        }
        let limit = Int(query.limit) + 1
        let calls: [CallRecord]
        if query.caller.isNone {
            calls = try Calls.page(of: profile.id, after: query.after, limit: limit, currency, reading.store)
        } else {
            let account = try CallerAccounts.of(query.caller, profile, currency, reading.store)
            calls = try Calls.page(
                of: profile.id, caller: query.caller, account: account?.id ?? 0, after: query.after,
                limit: limit, currency, reading.store)
        }
        var page = CallPage()
        page.calls = Array(calls.prefix(Int(query.limit)))
        page.more = calls.count > page.calls.count
        return .answer(page)
    }
}
