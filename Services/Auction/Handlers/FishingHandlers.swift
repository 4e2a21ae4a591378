import AuctionRules
import Kernel
import Messages
import Runtime

/// A buyer asked for contact data (D6): recorded with its evidence, and followed by what the policy names.
enum ReportFishingHandler {
    static func handle(_ command: ReportFishing, _ turn: Turn) throws -> Outcome<FishingRecorded> {
        guard var activation = try turn.store.activation(command.activation),
            activation.marketplace == turn.acting.marketplace
        else { return .refused(.notFound, expected: "a preliminary call of the switch's") }
        let policy = try turn.store.policy(activation.marketplace, activation.policyVersion)
        if let known = try turn.store.strike(in: command.call) {
            try turn.destroyKeys([command.words.key])
            return .answer(try answer(known, policy, turn))
        }
        guard command.at > .none, command.at < .distantFuture else {
            return .refused(.invalidValue, expected: "a time after 1970", found: "another")
        }
        let strike = Strike(
            id: turn.newID(), activation: activation.id, listing: activation.listing,
            marketplace: activation.marketplace, party: activation.buyer, call: command.call,
            source: command.source, consequence: policy.preliminary.fishing, saidAt: command.at,
            recordedAt: turn.now, words: command.words)
        try turn.store.insert(strike)
        let answer = try answer(strike, policy, turn)
        try follow(strike, &activation, suspends: answer.suspended, turn)
        return .answer(answer)
    }

    private static func answer(_ strike: Strike, _ policy: Policy, _ turn: Turn) throws -> FishingRecorded {
        var answer = FishingRecorded()
        answer.strike = strike.id
        answer.consequence = strike.consequence
        answer.strikes = try turn.store.strikes(of: strike.party)
        answer.suspended = PreliminaryRules.suspends(strikes: answer.strikes, by: policy)
        return answer
    }

    private static func follow(
        _ strike: Strike, _ activation: inout Activation, suspends: Bool, _ turn: Turn
    ) throws {
        let listing = try turn.store.knownListing(strike.listing)
        try turn.tell(
            .fishingFound, to: strike.party, about: listing, order: strike.activation,
            subject: strike.id.raw,
            [
                .init(.consequence, "\(strike.consequence)"),
                .init(.reason, KnownReason.fishedForContacts.rawValue),
            ])
        switch strike.consequence {
        case .warning: break
        case .callEnded:
            var end = EndLeadCall()
            end.call = strike.call
            end.reason = .fishing
            turn.send(end, to: .wallet)
        case .activationEnded where activation.stage == .active:
            try Activations.end(&activation, as: .forfeited, turn)
            try FixedPrice.settle(activation.listing, turn)
        case .activationEnded: break
        }
        guard suspends else { return }
        var suspend = SuspendForCause()
        suspend.party = strike.party
        suspend.reason = KnownReason.fishedForContacts.rawValue
        turn.send(suspend, to: .contactVault)
    }
}

/// A buyer disputes a strike, also when it is suspended for it (D6).
enum ContestStrikeHandler {
    static func handle(_ command: ContestStrike, _ turn: Turn) throws -> Outcome<Done> {
        guard var strike = try turn.store.strike(command.strike), strike.party == turn.acting.party else {
            return .refused(.notFound)
        }
        guard !command.reason.isEmpty else {
            return .refused(.invalidText, expected: "a reason", found: "nothing")
        }
        guard strike.state == .stands else {
            return .refused(.wrongState, expected: "\(StrikeState.stands)", found: "\(strike.state)")
        }
        strike.state = .contested
        strike.contest = command.reason
        try turn.store.save(strike)
        let listing = try turn.store.knownListing(strike.listing)
        for party in try turn.store.operators() {
            try turn.tell(
                .strikeContested, to: party.party, about: listing, order: strike.activation,
                subject: strike.id.raw)
        }
        return .answer(Done())
    }
}

/// An operator decides (D6).
enum DecideStrikeHandler {
    static func handle(_ command: DecideStrike, _ turn: Turn) throws -> Outcome<Done> {
        guard turn.acting.isOperator else { return .refused(.forbidden) }
        guard var strike = try turn.store.strike(command.strike) else { return .refused(.notFound) }
        guard strike.state == .contested else {
            return .refused(.wrongState, expected: "\(StrikeState.contested)", found: "\(strike.state)")
        }
        strike.state = command.stands ? .upheld : .withdrawn
        strike.decidedAt = turn.now
        try turn.store.save(strike)
        try turn.tell(
            .strikeDecided, to: strike.party, about: try turn.store.knownListing(strike.listing),
            order: strike.activation, subject: strike.id.raw, [.init(.verdict, "\(strike.state)")])
        return .answer(Done())
    }
}

enum ListStrikesHandler {
    static func handle(_ query: ListStrikes, _ reading: Reading) throws -> Outcome<StrikePage> {
        let size = pageSize(query.limit)
        let isOperator = reading.acting.isOperator
        let found = try reading.store.strikes(
            of: isOperator ? .none : reading.acting.party, before: query.after, limit: size + 1)
        var page = StrikePage()
        page.more = found.count > size
        page.strikes = found.prefix(size).map { strike in
            var entry = StrikeEntry()
            entry.strike = strike.id
            entry.activation = strike.activation
            entry.listing = strike.listing
            entry.buyer = strike.party
            entry.call = strike.call
            entry.source = strike.source
            entry.consequence = strike.consequence
            entry.state = strike.state
            entry.saidAt = strike.saidAt
            entry.recordedAt = strike.recordedAt
            // What was said may hold the contact that the buyer was not to get.
            entry.words = isOperator ? strike.words : PersonalText()
            entry.contest = strike.contest
            entry.decidedAt = strike.decidedAt.ifAny
            return entry
        }
        return .answer(page)
    }
}
