import Kernel
import Messages
import Runtime
import WalletRules

/// A party names its payout account; the one in force stays so until the new one is verified (A3).
enum LinkPayoutAccountHandler {
    static func handle(_ command: LinkPayoutAccount, _ turn: Turn) throws -> Outcome<PayoutAccountDetails> {
        guard !command.providerReference.isEmpty else {
            return .refused(
                .invalidText, expected: "what the payout provider calls the account", found: "nothing")
        }
        switch try Copies.party(turn.acting.party, turn.store)?.state {
        case .suspended, .closed: return .refused(.suspended, expected: "a party that may act")
        default: break
        }
        let link = PayoutLink(
            id: turn.newID(PaymentID.self).raw, party: turn.acting.party,
            marketplace: turn.acting.marketplace,
            reference: command.providerReference, state: .pending, since: turn.now)
        try PayoutLinks.insert(link, turn.store)
        try PayoutAccounts.verify(link, attempt: 1, at: turn.now, turn)
        return .answer(PayoutAccounts.details(link, link.party))
    }
}

/// What verification and its telling have in common.
enum PayoutAccounts {
    static func verify(_ link: PayoutLink, attempt: UInt32, at: Instant, _ turn: Turn) throws {
        var effect = VerifyPayoutAccount()
        effect.link = link.id
        effect.providerReference = link.reference
        effect.attempt = attempt
        try turn.start(effect, id: link.id, at: at)
    }

    static func tell(_ party: PartyID, verified: Bool, _ turn: Turn) {
        var fact = PayoutAccountChanged()
        fact.party = party
        fact.verified = verified
        turn.send(fact, to: .auction)
    }

    static func details(_ link: PayoutLink?, _ party: PartyID) -> PayoutAccountDetails {
        var details = PayoutAccountDetails()
        details.party = party
        details.state = link?.state ?? .missing
        details.since = link?.since ?? .none
        return details
    }
}

/// The payout provider knows the account, or does not.
enum PayoutAccountReportedHandler {
    static func handle(_ message: PayoutAccountReported, _ turn: Turn) throws {
        guard let link = try PayoutLinks.find(message.link, turn.store), link.state == .pending else {
            return
        }
        switch PaymentStep.after(message.report, in: .pending, attempt: message.attempt) {
        case .ignore: break
        case .settle: try verified(link, turn)
        case .decline:
            try PayoutLinks.update(link.id, .declined, at: turn.now, turn.store)
            try turn.destroyKeys([link.reference.key])
        case .askAgain(let delay, _):
            try PayoutAccounts.verify(link, attempt: message.attempt &+ 1, at: turn.now + delay, turn)
        }
    }

    private static func verified(_ link: PayoutLink, _ turn: Turn) throws {
        if let former = try PayoutLinks.verified(of: link.party, turn.store) {
            try PayoutLinks.update(former.id, .replaced, at: turn.now, turn.store)
        }
        try PayoutLinks.update(link.id, .verified, at: turn.now, turn.store)
        PayoutAccounts.tell(link.party, verified: true, turn)
        Telling.send(
            .payoutAccountVerified, to: link.party, in: link.marketplace, subject: link.id, [], turn)
    }
}
