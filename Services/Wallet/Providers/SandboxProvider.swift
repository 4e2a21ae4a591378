import Foundation
import Kernel
import Messages
import Runtime
import WalletRules

extension PaymentProvider {
    /// One movement of money as the provider notes it.
    public struct Movement: Sendable {
        public var payment: PaymentID
        public var kind: String
        public var amount: Money
        public var report: ProviderReport
    }

    /// The built-in provider: answers by ``Sandbox``'s rules and writes one file per payment under `provider/`, which
    /// a repeat replaces.
    public static let sandbox = sandbox(noting: writeFile)

    /// The built-in provider, with another place for its notes; `note` may answer for it.
    public static func sandbox(
        noting note: @escaping @Sendable (Movement, any EffectWorld) -> Answer?
    ) -> PaymentProvider {
        PaymentProvider(
            methods: Sandbox.methods,
            charge: { effect, world in
                let report = Sandbox.charge(method: effect.method, attempt: effect.attempt)
                let movement = Movement(
                    payment: effect.payment, kind: "charge", amount: effect.amount, report: report)
                return note(movement, world)
                    ?? Answer(report, reason: report == .declined ? "the card was declined" : "")
            },
            payOut: { effect, world in
                let reference: String?
                do { reference = try world.open(effect.providerReference) } catch { return unreadable }
                let report = Sandbox.payOut(reference: reference, attempt: effect.attempt)
                let movement = Movement(
                    payment: effect.payment, kind: "payout", amount: effect.amount, report: report)
                return note(movement, world)
                    ?? Answer(report, reason: report == .declined ? "the account refuses money" : "")
            },
            verify: { effect, world in
                let reference: String?
                do { reference = try world.open(effect.providerReference) } catch { return unreadable }
                return Answer(Sandbox.verify(reference: reference, attempt: effect.attempt))
            })
    }

    /// A reference whose key cannot be read now says nothing about the account: it is tried again.
    private static let unreadable = Answer(.unreachable, reason: "the account's reference cannot be read")

    private static func writeFile(_ movement: Movement, _ world: any EffectWorld) -> Answer? {
        do {
            let folder = URL(filePath: world.folder).appending(path: "provider")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            let record = """
                payment \(movement.payment)
                kind \(movement.kind)
                amount \(movement.amount)
                report \(movement.report)

                """
            let file = folder.appending(path: "\(movement.payment).txt")
            try Data(record.utf8).write(to: file, options: .atomic)
            return nil
        } catch {
            return Answer(.unreachable, reason: "the sandbox cannot write its file")
        }
    }
}
