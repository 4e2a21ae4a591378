/// A proof of one rule: it throws ``Unmet`` or a refusal if the house breaks it.
///
/// The same code runs on every ``House``, in process or over live TLS, each time in a marketplace of its own.
public struct Scenario: Sendable, CustomStringConvertible {
    /// Begins with the rule's id.
    public let title: String
    public let run: @Sendable (any House) async throws -> Void

    public init(_ title: String, _ run: @escaping @Sendable (any House) async throws -> Void) {
        self.title = title
        self.run = run
    }

    /// The id of the rule that it proves.
    public var rule: String { String(title.prefix { $0 != " " }) }

    public var description: String { title }

    public static let all: [Scenario] =
        publication + listings + bidding + orders + payouts + objections + attempts + supervision
        + paymentAfterAward + everywhere + contacts + applying + reviewing + reaching
        + contracts + appointments + meetingReports + appointmentSales + ratings + cancellations
        + prepaidMoney + prepaidCallers + callerErasure + lineServices + topUpPages
        + activations + preliminaryCalls

    /// The scenarios of one rule.
    public static func of(_ rule: String) -> [Scenario] { all.filter { $0.rule == rule } }
}
