import Kernel
import Messages
import Wire

/// A link that a prospect keeps.
struct KeptLink {
    var purpose: LinkPurpose
    var token: String
    var expires: Instant
    var prospect: Prospect

    init(purpose: LinkPurpose, token: String, expires: Instant, of prospect: Prospect) {
        self.purpose = purpose
        self.token = token
        self.expires = expires
        self.prospect = prospect
    }
}

/// Rare things, played one after the other from a shuffled deck.
enum Scene: CaseIterable {
    case unknownCode, brokenBody, frameTooLong, keyForgotten, sealedText
    case forgedTokens, oldTokens, foreignThings, overstep, beforeSignIn, oldKey
    case lieAboutBid, lieAboutTopUp, lieAboutMessage, sameKey, guess, flood
    case badRegistration, lateConfirmation, resendTooLate
    case duel, spendTwice, withdrawWhileLeading, bidForOwnListing, badBids, badMoney, tooMuchText, badPages
    case suspendParty, suspendListing, bidWhileSuspended
    case objectByLink, objectByOperator, eraseByOperator, eraseByLink, readReport, outdatedLink
    case changePolicy, badPolicy, setRanges, appoint, rotateKeys, credit, clock
    case leave, beClosed, hoard, revokeSessions, operatorReads, objectTwice, badVerdict, mistime, badBooks

    func play(_ world: Population) {
        switch self {
        case .unknownCode: world.sendUnknownCodes()
        case .brokenBody: world.sendBrokenBodies()
        case .frameTooLong: world.sendLongFrame()
        case .keyForgotten: world.forgetKey()
        case .sealedText: world.sendSealedText()
        case .forgedTokens: world.forgeTokens()
        case .oldTokens: world.showOldTokens()
        case .foreignThings: world.nameForeignThings()
        case .overstep: world.overstep()
        case .beforeSignIn: world.actBeforeSignIn()
        case .oldKey: world.useOldKey()
        case .lieAboutBid: world.lieAboutBid()
        case .lieAboutTopUp: world.lieAboutTopUp()
        case .lieAboutMessage: world.lieAboutMessage()
        case .sameKey: world.drawSameKey()
        case .guess: world.guessPasswords()
        case .flood: world.flood()
        case .badRegistration: world.registerBadly()
        case .lateConfirmation: world.confirmLate()
        case .resendTooLate: world.choose(.buyer)?.send(ResendConfirmation(), as: .mistiming)
        default: playOn(world)
        }
    }

    private func playOn(_ world: Population) {
        switch self {
        case .duel: world.duel()
        case .spendTwice: world.spendTwice()
        case .withdrawWhileLeading: world.withdrawWhileLeading()
        case .bidForOwnListing: world.bidForOwnListing()
        case .badBids: world.bidBadly()
        case .badMoney: world.miscount()
        case .tooMuchText: world.ramble()
        case .badPages: world.askForNoPages()
        case .suspendParty: world.suspendParty()
        case .suspendListing, .bidWhileSuspended: world.suspendListing()
        case .objectByLink: world.objectByLink()
        case .objectByOperator: world.objectByOperator()
        case .eraseByOperator: world.eraseByOperator()
        case .eraseByLink: world.eraseByLink()
        case .readReport: world.readReport()
        case .outdatedLink: world.useOutdatedLink()
        default: playToTheEnd(world)
        }
    }

    private func playToTheEnd(_ world: Population) {
        switch self {
        case .changePolicy: world.changePolicy()
        case .badPolicy: world.publishBadly()
        case .setRanges: world.setRanges()
        case .appoint: world.appoint()
        case .rotateKeys: world.boss?.send(RotateKeys(), as: .governing)
        case .credit: world.credit()
        case .clock: world.moveClockBack()
        case .leave: world.leave()
        case .beClosed: world.closeSomebody()
        case .hoard: world.hoard()
        case .revokeSessions: world.revokeSessions()
        case .operatorReads: world.readAsOperator()
        case .objectTwice: world.objectTwice()
        case .badVerdict: world.judgeBadly()
        case .mistime: world.mistime()
        case .badBooks: world.withdrawBadly()
        default: break
        }
    }
}

extension Population {
    /// Somebody without an account.
    func stranger(_ name: String) -> Person {
        lastPerson += 1
        let stranger = Person(self, "\(name) \(lastPerson)", in: marketplace(0), plan.policy(of: 0), [])
        stranger.stage = .gone
        return stranger
    }

    /// One bids twice in a moment, others in between: the second bid waits for the first one's cover, and theirs may be
    /// covered before it is.
    func duel() {
        guard let first = choose(.buyer, in: marketplace(0)) else { return }
        let rivals = people.filter {
            $0 !== first && $0.stage == .active && $0.buys && $0.marketplace == first.marketplace
        }
        findListing(for: first) { [self] detail in
            let step = max(1, first.usual / 4)
            func bid(_ person: Person, _ steps: Int64) {
                let amount = person.money(detail.minimumBid.minor + steps * step)
                person.bid(amount, on: detail.listing, as: .bidding, again: false)
            }
            guard detail.minimumBid.minor < first.usual * 4 else { return }
            let all = [first] + rivals.prefix(3)
            for person in all { person.enter { _ in } }
            later(.minutes(1)) {
                bid(first, 0)
                bid(first, 1)
                for (place, rival) in all.dropFirst().enumerated() { bid(rival, Int64(2 + place)) }
            }
        }
    }

    /// Bids more than half of what there is on several listings at once: only the first bid can be covered (A9).
    func spendTwice() {
        guard let buyer = choose(.buyer, in: marketplace(0)) else { return }
        buyer.look(GetBalance(), as: .bookkeeping) { balance in
            guard let available = balance.available?.minor else { return }
            let most = min(available / 10 * 6, buyer.policy.greatestPrice)
            buyer.look(SearchListings(), as: .browsing) { page in
                for entry in page.listings.prefix(3) where entry.price.minor < most {
                    buyer.bid(buyer.money(most), on: entry.listing, as: .overbidding, again: false)
                }
            }
        }
    }

    /// Finds a listing that this buyer may bid for.
    func findListing(for buyer: Person, _ then: @escaping (ListingDetail) -> Void) {
        buyer.look(SearchListings(), as: .browsing) { [dice] page in
            guard let entry = dice.pick(page.listings) else { return }
            var query = GetListing()
            query.listing = entry.listing
            buyer.look(query, as: .browsing) { if !$0.own { then($0) } }
        }
    }
}
