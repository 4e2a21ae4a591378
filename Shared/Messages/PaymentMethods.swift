import Kernel
import Wire

/// A buyer chooses how what it wins is collected where no hold covers it (C4): by a method of the installed provider,
/// which is then asked for each order's total, or from the balance. Who pays by itself pays from the balance.
public struct ChoosePaymentMethod: Command {
    public typealias Answer = PaymentMethodDetails
    public static let code: UInt16 = 0x0230
    public static let audience = Audience.parties(.buyer)
    /// A method as in ``TopUp``; empty: from the balance, as for everybody who has not chosen.
    public var method = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("method", &method, .limit(32))
    }
}

/// Asks how what the party wins is collected.
public struct GetPaymentMethod: Query {
    public typealias Answer = PaymentMethodDetails
    public static let code: UInt16 = 0x0231
    public static let audience = Audience.parties(.buyer)
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {}
}

/// Answers ``ChoosePaymentMethod`` and ``GetPaymentMethod``.
public struct PaymentMethodDetails: AnswerMessage {
    public static let code: UInt16 = 0x0270
    /// Empty: from the balance.
    public var method = ""
    /// What can be chosen.
    public var methods: [String] = []
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("method", &method, .limit(32))
        try visit.field("methods", &methods, .limit(32))
    }
}

extension Catalogue {
    /// The wallet's messages about methods of paying.
    static let paymentMethods: [any Message.Type] = [
        ChoosePaymentMethod.self, GetPaymentMethod.self, PaymentMethodDetails.self,
    ]
}
