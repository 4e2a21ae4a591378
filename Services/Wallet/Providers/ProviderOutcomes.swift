import Messages
import Runtime

/// What a provider's answer becomes in the journal.
extension PaymentProvider {
    func outcome(of effect: ChargePayment, _ world: any EffectWorld) -> ChargeReported {
        let answer = charge(effect, world)
        var outcome = ChargeReported()
        outcome.payment = effect.payment
        outcome.attempt = effect.attempt
        outcome.report = answer.report
        outcome.reason = answer.reason
        return outcome
    }

    func outcome(of effect: SendPayout, _ world: any EffectWorld) -> PayoutReported {
        let answer = payOut(effect, world)
        var outcome = PayoutReported()
        outcome.payment = effect.payment
        outcome.attempt = effect.attempt
        outcome.report = answer.report
        outcome.reason = answer.reason
        return outcome
    }

    func outcome(of effect: VerifyPayoutAccount, _ world: any EffectWorld) -> PayoutAccountReported {
        let answer = verify(effect, world)
        var outcome = PayoutAccountReported()
        outcome.link = effect.link
        outcome.attempt = effect.attempt
        outcome.report = answer.report
        outcome.reason = answer.reason
        return outcome
    }
}
