import Kernel
import Messages
import Runtime
import WalletRules

/// Puts the number that was seen on a call beside the nearest ones with a balance on its profile (E11). They are the
/// vault's, and fetched for each reading.
enum DiagnosisEdge {
    /// The most that a reader can compare.
    static let most = 16

    static func compare(_ diagnosis: inout CallDiagnosis, _ context: any EdgeContext) throws {
        var query = FindSimilarCallers()
        query.provider = diagnosis.provider
        query.caller = diagnosis.record.caller
        let found: SimilarCallers
        do {
            found = try context.ask(query, of: .contactVault)
        } catch let refusal as Refusal where refusal.reason == .notFound {
            return
        }
        let record = diagnosis.record
        func shown(_ number: PersonalText) -> PersonalText {
            record.withheld ? PersonalText(NumberMask.masked(number.plaintext ?? "")) : number
        }
        diagnosis.number = shown(found.number)
        diagnosis.nearest = try context.read { store in
            guard let profile = try Profiles.find(record.profile, store),
                let policy = try Copies.marketplace(profile.marketplace, store)?.policy
            else { return [] }
            return try found.similar.sorted { $0.caller.raw < $1.caller.raw }.compactMap { similar in
                let account = try CallerAccounts.of(similar.caller, profile, policy.currency, store)
                guard let account else { return nil }
                var near = NearCaller()
                near.caller = similar.caller
                near.number = shown(similar.number)
                near.funds = account.balance.funds
                near.topUps = account.topUps
                near.lastTopUpAt = account.lastTopUpAt == .none ? nil : account.lastTopUpAt
                return near
            }
        }
        diagnosis.nearest = Array(diagnosis.nearest.prefix(most))
    }
}
