import Kernel
import Messages
import Runtime

/// What collects top-ups, pays out, and knows payout accounts. Installed once per house.
///
/// Each call may be repeated with the same id, which is the provider's idempotency key: a repeat must not move
/// money again, and answers how the first one stands. Calls block and run off the writer.
public struct PaymentProvider: Sendable {
    /// A provider's answer, and why it declined.
    public struct Answer: Sendable {
        public let report: ProviderReport
        public let reason: String
        public init(_ report: ProviderReport, reason: String = "") {
            self.report = report
            // The journal's field takes 200 bytes; a cut within a character may add two.
            self.reason = String(decoding: reason.utf8.prefix(196), as: UTF8.self)
        }
    }

    /// The methods of paying in that the provider offers.
    public var methods: [String]
    public var charge: @Sendable (ChargePayment, any EffectWorld) -> Answer
    public var payOut: @Sendable (SendPayout, any EffectWorld) -> Answer
    public var verify: @Sendable (VerifyPayoutAccount, any EffectWorld) -> Answer

    public init(
        methods: [String], charge: @escaping @Sendable (ChargePayment, any EffectWorld) -> Answer,
        payOut: @escaping @Sendable (SendPayout, any EffectWorld) -> Answer,
        verify: @escaping @Sendable (VerifyPayoutAccount, any EffectWorld) -> Answer
    ) {
        self.methods = methods
        self.charge = charge
        self.payOut = payOut
        self.verify = verify
    }
}
