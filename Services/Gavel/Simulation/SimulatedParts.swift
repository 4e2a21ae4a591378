import Auction
import ContactVault
import Crypto
import Dispute
import Gateway
import Kernel
import Messages
import Notifications
import Runtime
import Simulator
import Wallet

extension GatewayLogic: HostedGateway {}

/// This build's services and gateway, for the simulator: the live ones, with the simulated world outside them.
enum SimulatedParts {
    static var house: HouseParts {
        HouseParts(
            services: services,
            allowance: (Int(limits.partyBurst), Int(limits.partyRequestsPerMinute)),
            gateway: { shell, clockIsSettable, machineNow in
                GatewayLogic(
                    shell: shell, limits: limits, clockIsSettable: clockIsSettable, machineNow: machineNow)
            })
    }

    /// Whoever floods the house meets these limits; others do not come near.
    private static var limits: GatewayLimits {
        var limits = GatewayLimits.development
        limits.partyBurst = 400
        limits.partyRequestsPerMinute = 300
        return limits
    }

    private static func services(_ outside: Outside, _ seed: UInt64) throws -> [ServiceDefinition] {
        var chance = Chance(seed: seed ^ 0x7a017)
        func secret() -> [UInt8] { (0..<32).map { _ in UInt8(truncatingIfNeeded: chance.next() >> 16) } }
        // Guessing passwords may be cheap here.
        let environment = try VaultEnvironment(
            blindIndexKey: secret(), linkTokenKey: secret(), tokenSigningSeed: secret(),
            scryptCost: ScryptCost(iterations: 2, blockSize: 1, parallelism: 1))
        return [
            ContactVaultService.definition(environment: environment),
            WalletService.definition(provider: provider(outside)),
            NotificationsService.definition { mail, _ throws(MailFault) in try deliver(mail, outside) },
            AuctionService.definition(),
            DisputeService.definition(),
        ]
    }

    private static func deliver(_ mail: OutgoingMail, _ outside: Outside) throws(MailFault) {
        let fate = outside.fateOfMail()
        guard fate != .fails else { throw MailFault(reason: "the mail server refuses") }
        outside.deliver(name: mail.name, content: mail.content)
        if fate == .twice { outside.deliver(name: mail.name, content: mail.content) }
        if fate == .timesOut { throw MailFault(reason: "the mail server does not answer") }
    }

    /// The sandbox behind an unreliable line. What it has ended it answers the same again.
    private static func provider(_ outside: Outside) -> PaymentProvider {
        let lost = PaymentProvider.Answer(.unreachable, reason: "no answer")
        var provider = PaymentProvider.sandbox { movement, _ in
            let fate = outside.fateOfPayment()
            guard fate != .fails else { return lost }
            let name = "\(movement.kind) \(movement.payment)"
            if let known = outside.answer(for: name), let report = ProviderReport(rawValue: known) {
                return fate == .timesOut ? lost : PaymentProvider.Answer(report, reason: "as before")
            }
            if movement.report == .settled || movement.report == .declined {
                outside.end(name, as: movement.report.rawValue)
            }
            return fate == .timesOut ? lost : nil
        }
        let verify = provider.verify
        provider.verify = { effect, world in
            let fate = outside.fateOfPayment()
            guard fate != .fails, fate != .timesOut else { return lost }
            return verify(effect, world)
        }
        return provider
    }
}
