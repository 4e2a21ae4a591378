import Kernel
import Messages
import Runtime
import WalletRules

/// One call, for a provider who wonders why the caller's balance was not found (E11); the edge adds the numbers.
enum DiagnoseCallHandler {
    static func handle(_ query: DiagnoseCall, _ reading: Reading) throws -> Outcome<CallDiagnosis> {
        let unknown = Refusal(.notFound, expected: "a call", found: "\(query.call)")
        guard let owner = try Calls.profile(of: query.call, reading.store),
            let (profile, currency) = try CallerAnswer.profile(owner, reading)
        else { return .refused(unknown) }
        var answer = CallDiagnosis()
        answer.record = try Calls.record(query.call, currency, reading.store)
        answer.provider = profile.provider
        let account = try CallerAccounts.of(answer.record.caller, profile, currency, reading.store)
        answer.hasBalance = account != nil
        return .answer(answer)
    }
}
