import Foundation
import Kernel
import Messages
import Runtime
import WalletRules

extension PaymentProvider {
    /// The built-in provider: answers by ``Sandbox``'s rules and writes one file per payment under `provider/`, which
    /// a repeat replaces.
    public static let sandbox = PaymentProvider(
        methods: Sandbox.methods,
        charge: { effect, world in
            let report = Sandbox.charge(method: effect.method, attempt: effect.attempt)
            return answer(
                report, effect.payment, "charge", effect.amount, world, declined: "the card was declined")
        },
        payOut: { effect, world in
            let reference = world.open(effect.providerReference)
            let report = Sandbox.payOut(reference: reference, attempt: effect.attempt)
            return answer(
                report, effect.payment, "payout", effect.amount, world, declined: "the account refuses money")
        },
        verify: { effect, world in
            let reference = world.open(effect.providerReference)
            return Answer(Sandbox.verify(reference: reference, attempt: effect.attempt))
        })

    private static func answer(
        _ report: ProviderReport, _ payment: PaymentID, _ kind: String, _ amount: Money,
        _ world: any EffectWorld,
        declined: String
    ) -> Answer {
        do {
            let folder = URL(filePath: world.folder).appending(path: "provider")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let record = "payment \(payment)\nkind \(kind)\namount \(amount)\nreport \(report)\n"
            try Data(record.utf8).write(to: folder.appending(path: "\(payment).txt"), options: .atomic)
        } catch {
            return Answer(.unreachable, reason: "the sandbox cannot write its file")
        }
        return Answer(report, reason: report == .declined ? declined : "")
    }
}
