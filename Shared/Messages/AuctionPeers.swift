import Kernel
import Wire

/// The vault holds the contact for this listing: it is the seller's, complete, no duplicate, not objected to.
public struct ContactClaimed: PeerMessage {
    public static let code: UInt16 = 0x0180
    public static let audience = Audience.services([.contactVault])
    public var listing = ListingID.none
    public var contact = ContactID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("listing", &listing)
        try visit.field("contact", &contact)
    }
}

/// The vault does not let this contact be listed.
public struct ContactRefused: PeerMessage {
    public static let code: UInt16 = 0x0181
    public static let audience = Audience.services([.contactVault])
    public var listing = ListingID.none
    public var contact = ContactID.none
    public var reason = RefusalCode.notFound
    public var found = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("listing", &listing)
        try visit.field("contact", &contact)
        try visit.field("reason", &reason)
        try visit.field("found", &found)
    }
}

/// The vault gave the order's buyer the permission to read the contact: the reveal of A12.
public struct RevealGranted: PeerMessage {
    public static let code: UInt16 = 0x0182
    public static let audience = Audience.services([.contactVault])
    public var order = OrderID.none
    public var grant = GrantID.none
    public var grantedAt = Instant.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("grant", &grant)
        try visit.field("grantedAt", &grantedAt)
    }
}

/// The vault cannot reveal: the contact was erased or objected to meanwhile.
public struct RevealRefused: PeerMessage {
    public static let code: UInt16 = 0x0183
    public static let audience = Audience.services([.contactVault])
    public var order = OrderID.none
    public var reason = RefusalCode.erased
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("reason", &reason)
    }
}

/// The wallet set the amount aside.
public struct HoldPlaced: PeerMessage {
    public static let code: UInt16 = 0x0184
    public static let audience = Audience.services([.wallet])
    public var hold = HoldID.none
    public var amount = Money.zero
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("hold", &hold)
        try visit.field("amount", &amount)
    }
}

/// The wallet did not set the amount aside; for a raise, the old amount stays held.
public struct HoldRefused: PeerMessage {
    public static let code: UInt16 = 0x0185
    public static let audience = Audience.services([.wallet])
    public var hold = HoldID.none
    public var reason = RefusalCode.insufficientFunds
    public var expected = ""
    public var found = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("hold", &hold)
        try visit.field("reason", &reason)
        try visit.field("expected", &expected)
        try visit.field("found", &found)
    }
}

/// A hold's deadline is here: answer with ``CollectOrder``, ``ExtendHold``, ``ReleaseHold`` or ``DisownHold``.
public struct HoldDue: PeerMessage {
    public static let code: UInt16 = 0x0186
    public static let audience = Audience.services([.wallet])
    public var hold = HoldID.none
    public var order = OrderID.none
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("hold", &hold)
        try visit.field("order", &order)
    }
}

/// The wallet took the money: the order is paid, the invoice numbered.
public struct OrderPaidFor: PeerMessage {
    public static let code: UInt16 = 0x0187
    public static let audience = Audience.services([.wallet])
    public var order = OrderID.none
    public var invoice = InvoiceID.none
    public var invoiceNumber = ""
    public var total = Money.zero
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("invoice", &invoice)
        try visit.field("invoiceNumber", &invoiceNumber)
        try visit.field("total", &total)
    }
}

/// The wallet could not take the money: the order stays unpaid (A19 takes over).
public struct PaymentRefused: PeerMessage {
    public static let code: UInt16 = 0x0188
    public static let audience = Audience.services([.wallet])
    public var order = OrderID.none
    public var reason = RefusalCode.insufficientFunds
    public var expected = ""
    public var found = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("reason", &reason)
        try visit.field("expected", &expected)
        try visit.field("found", &found)
    }
}

/// The seller's share left the house (A13).
public struct PayoutSettled: PeerMessage {
    public static let code: UInt16 = 0x0189
    public static let audience = Audience.services([.wallet])
    public var order = OrderID.none
    public var payment = PaymentID.none
    public var amount = Money.zero
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("payment", &payment)
        try visit.field("amount", &amount)
    }
}

/// The payout provider declined for good; the share stays in the seller's balance.
public struct PayoutDeclined: PeerMessage {
    public static let code: UInt16 = 0x018a
    public static let audience = Audience.services([.wallet])
    public var order = OrderID.none
    public var reason = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("reason", &reason)
    }
}

/// The buyer has the money back, and a credit note says so (A15).
public struct OrderRefunded: PeerMessage {
    public static let code: UInt16 = 0x018b
    public static let audience = Audience.services([.wallet])
    public var order = OrderID.none
    /// How much of the price; fee and VAT went back with it. Never more than was left of the price: 0 and no
    /// credit note where nothing was left.
    public var refunded = Money.zero
    public var creditNote = InvoiceID.none
    public var creditNoteNumber = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("refunded", &refunded)
        try visit.field("creditNote", &creditNote)
        try visit.field("creditNoteNumber", &creditNoteNumber)
    }
}

/// A seller's payout account was linked, verified, or lost (A3).
public struct PayoutAccountChanged: PeerMessage {
    public static let code: UInt16 = 0x018c
    public static let audience = Audience.services([.wallet])
    public var party = PartyID.none
    public var verified = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("party", &party)
        try visit.field("verified", &verified)
    }
}

/// A case wants the order's payout stopped. Answered by ``OrderFrozen`` or ``OrderFreezeRefused``.
public struct FreezeOrder: PeerMessage {
    public static let code: UInt16 = 0x018d
    public static let audience = Audience.services([.dispute])
    public var order = OrderID.none
    public var openedCase = CaseID.none
    /// When the objection reached the house: within the window or not (A14).
    public var objectedAt = Instant.none
    /// Who objects.
    public var party = PartyID.none
    /// A report of A17 may come after the window and after the payout.
    public var byRule = false
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("openedCase", &openedCase)
        try visit.field("objectedAt", &objectedAt)
        try visit.field("party", &party)
        try visit.field("byRule", &byRule)
    }
}

/// A case is decided: refund this much of the price (0: reject) and let the rest go on.
public struct SettleOrder: PeerMessage {
    public static let code: UInt16 = 0x018e
    public static let audience = Audience.services([.dispute])
    public var order = OrderID.none
    public var decidedCase = CaseID.none
    public var refund = Money.zero
    public var reason = ""
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("order", &order)
        try visit.field("decidedCase", &decidedCase)
        try visit.field("refund", &refund)
        try visit.field("reason", &reason)
    }
}
