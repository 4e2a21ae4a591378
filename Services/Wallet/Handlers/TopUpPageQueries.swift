import Kernel
import Messages
import Runtime

/// What a page shows on which callers pay in (E14).
enum GetTopUpOfferHandler {
    static func handle(
        _ query: GetTopUpOffer, _ reading: Reading, methods: [String]
    ) throws -> Outcome<CallerTopUpOffer> {
        guard let profile = try Profiles.find(query.profile, reading.store),
            let marketplace = try Copies.marketplace(profile.marketplace, reading.store)
        else { return .refused(Profiles.unknown(query.profile)) }
        var offer = CallerTopUpOffer()
        offer.profile = profile.id
        offer.name = profile.settings.name
        offer.language = marketplace.policy.language
        offer.currency = marketplace.policy.currency
        offer.country = profile.country
        offer.topUps = profile.settings.topUps
        offer.methods = methods
        return .answer(offer)
    }
}

/// How far a caller's top-up is, for whoever has its receipt (E14).
enum GetCallerTopUpHandler {
    static func handle(_ query: GetCallerTopUp, _ reading: Reading) throws -> Outcome<CallerTopUpView> {
        guard let topUp = try CallerTopUps.find(receipt: query.receipt, reading.store) else {
            return .refused(.notFound, expected: "the receipt of a top-up")
        }
        var view = CallerTopUpView()
        view.payment = topUp.payment
        view.profile = topUp.profile
        view.amount = topUp.amount
        view.bonus = topUp.bonus
        view.state = topUp.state
        return .answer(view)
    }
}
