import Kernel
import Messages
import Storage

/// One buyer's preliminary call for a listing; its number is an order's, and its hold bears the same (D1).
struct Activation {
    var id: OrderID
    var listing: ListingID
    var marketplace: MarketplaceID
    var policyVersion: UInt32
    var buyer: PartyID
    var contact: ContactID
    /// From where the buyer calls, by its name in the vault.
    var caller: CallerID
    /// The proxy number; another activation may have it once this one has ended.
    var number: String
    /// The listing's price when it was activated.
    var price: Money
    /// What the hold covers: the price with fee and VAT.
    var frozen: Money
    var stage = ActivationStage.opening
    /// The command that waits.
    var ticket: UInt64 = 0
    var until: Instant
    var activatedAt = Instant.none
    var endedAt = Instant.none
    var order = OrderID.none

    var hold: HoldID { HoldID(id.raw) }
    var isLive: Bool { stage == .opening || stage == .active || stage == .buying }
}

extension Store {
    func insert(_ activation: Activation) throws {
        try run(
            """
            INSERT INTO activation (id, listing, marketplace, policy_version, buyer, contact, caller, number, price,
                frozen, currency, stage, ticket, until, activated_at, ended_at, order_id)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0)
            """, activation.id, activation.listing, activation.marketplace, activation.policyVersion,
            activation.buyer, activation.contact, activation.caller, activation.number,
            activation.price.minor, activation.frozen.minor, activation.price.currency,
            activation.stage.rawValue, activation.ticket, activation.until)
    }

    func save(_ activation: Activation) throws {
        try run(
            "UPDATE activation SET stage = ?, ticket = ?, activated_at = ?, ended_at = ?, order_id = ? WHERE id = ?",
            activation.stage.rawValue, activation.ticket, activation.activatedAt, activation.endedAt,
            activation.order, activation.id)
    }

    /// Takes back an activation that never came to be.
    func remove(activation: OrderID) throws {
        try run("DELETE FROM activation WHERE id = ?", activation)
    }

    func activation(_ id: OrderID) throws -> Activation? {
        try first(
            """
            SELECT id, listing, marketplace, policy_version, buyer, contact, caller, number, price, frozen, currency,
                stage, ticket, until, activated_at, ended_at, order_id
            FROM activation WHERE id = ?
            """, id, read: Self.readActivation)
    }

    /// A buyer's activation for a listing that has not ended.
    func liveActivation(for listing: ListingID, of buyer: PartyID) throws -> Activation? {
        try first(
            """
            SELECT id, listing, marketplace, policy_version, buyer, contact, caller, number, price, frozen, currency,
                stage, ticket, until, activated_at, ended_at, order_id
            FROM activation WHERE listing = ? AND buyer = ? AND stage IN (1, 2, 3)
            """, listing, buyer, read: Self.readActivation)
    }

    /// All that have not ended, in order of arrival.
    func liveActivations(for listing: ListingID) throws -> [OrderID] {
        try all(
            "SELECT id FROM activation WHERE listing = ? AND stage IN (1, 2, 3) ORDER BY id", listing
        ) { row in row.id(0) }
    }

    func liveActivations(of buyer: PartyID) throws -> [OrderID] {
        try all(
            "SELECT id FROM activation WHERE buyer = ? AND stage IN (1, 2, 3) ORDER BY id", buyer
        ) { row in row.id(0) }
    }

    func hasLiveActivation(for listing: ListingID) throws -> Bool {
        try first("SELECT 1 FROM activation WHERE listing = ? AND stage IN (1, 2, 3) LIMIT 1", listing) { _ in
            true
        } ?? false
    }

    func hasActivated(_ buyer: PartyID, for listing: ListingID) throws -> Bool {
        try first("SELECT 1 FROM activation WHERE buyer = ? AND listing = ? LIMIT 1", buyer, listing) { _ in
            true
        } ?? false
    }

    /// A buyer's activations, newest first.
    func activations(of buyer: PartyID, before: OrderID, limit: Int) throws -> [Activation] {
        try all(
            """
            SELECT id, listing, marketplace, policy_version, buyer, contact, caller, number, price, frozen, currency,
                stage, ticket, until, activated_at, ended_at, order_id
            FROM activation WHERE buyer = ? AND id < ? ORDER BY id DESC LIMIT ?
            """, buyer, before.isNone ? OrderID(UInt64(Int64.max)) : before, limit,
            read: Self.readActivation)
    }

    private static func readActivation(_ row: Row) throws -> Activation {
        Activation(
            id: row.id(0), listing: row.id(1), marketplace: row.marketplace(2),
            policyVersion: UInt32(row.int(3)), buyer: row.id(4), contact: row.id(5), caller: row.id(6),
            number: row.text(7), price: row.money(8, 10), frozen: row.money(9, 10),
            stage: try row.enumeration(11), ticket: UInt64(bitPattern: row.int(12)),
            until: row.instant(13), activatedAt: row.instant(14), endedAt: row.instant(15), order: row.id(16))
    }
}
