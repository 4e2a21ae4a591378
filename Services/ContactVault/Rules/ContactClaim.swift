import Kernel
import Messages

/// A contact as the vault has it on file.
public struct ContactOnFile: Hashable, Sendable {
    public var contact = ContactID.none
    public var seller = PartyID.none
    public var marketplace = MarketplaceID.none
    public var state = ContactState.free
    /// The listing that claimed it last.
    public var listing = ListingID.none
    /// When it was last revealed to a buyer.
    public var soldAt = Instant.none
    /// When the prospect made its inquiry to this seller.
    public var inquiredAt = Instant.none
    public var hasInquiryProof = false
    public init() {}
}

/// What the vault knows of the same person from other contacts, recognised by keyed hashes.
public struct SamePerson: Hashable, Sendable {
    /// The latest objection; ``Instant/none``: never.
    public var objectedAt = Instant.none
    /// Whether another contact of this person is on offer in the marketplace.
    public var isOnOffer = false
    /// When another contact of this person was last sold in the marketplace; ``Instant/none``: never.
    public var soldAt = Instant.none
    public init() {}
}

/// Whether a listing may offer a contact.
public struct ContactClaim: Hashable, Sendable {
    public var listing: ListingID
    public var seller: PartyID
    public var marketplace: MarketplaceID
    /// How long the same person counts as a duplicate after a sale.
    public var duplicateWindow: Duration64

    public init(
        listing: ListingID, seller: PartyID, marketplace: MarketplaceID, duplicateWindow: Duration64
    ) {
        self.listing = listing
        self.seller = seller
        self.marketplace = marketplace
        self.duplicateWindow = duplicateWindow
    }

    /// Nothing if the contact may be offered; else why not, the gravest reason first.
    public func refusal(_ contact: ContactOnFile?, _ samePerson: SamePerson, now: Instant) -> Refusal? {
        guard let contact, contact.seller == seller, contact.marketplace == marketplace else {
            return Refusal(.notFound, expected: "a contact of the seller")
        }
        if contact.state == .objected { return objected() }
        if contact.state == .erased { return Refusal(.erased) }
        if isBarred(contact, by: samePerson.objectedAt) { return objected() }
        if contact.state == .onOffer, contact.listing != listing {
            return Refusal(.duplicateLead, expected: "a contact not on offer", found: "on offer")
        }
        if samePerson.isOnOffer {
            return Refusal(.duplicateLead, expected: "a person not on offer", found: "on offer")
        }
        // The listing's own sale is no duplicate of itself: the runner-up may still get the contact.
        let soldHere = contact.listing == listing ? Instant.none : contact.soldAt
        if isRecent(soldHere, now) || isRecent(samePerson.soldAt, now) {
            return Refusal(
                .duplicateLead, expected: "a person not sold within the window", found: "sold within it")
        }
        return nil
    }

    /// F10: barred after an objection, unless with proof of a newer inquiry of the prospect's own.
    private func isBarred(_ contact: ContactOnFile, by objectedAt: Instant) -> Bool {
        guard objectedAt != .none else { return false }
        return !(contact.hasInquiryProof && contact.inquiredAt > objectedAt)
    }

    private func isRecent(_ soldAt: Instant, _ now: Instant) -> Bool {
        soldAt != .none && now < soldAt + duplicateWindow
    }

    private func objected() -> Refusal {
        Refusal(
            .prospectObjected, expected: "no objection, or proof of a newer inquiry", found: "an objection")
    }
}
