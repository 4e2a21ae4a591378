import Kernel
import Messages

/// Whether a lead may be put on offer (A1-A6).
public enum Publication {
    /// The first reason against it, in this order: the payout account, the texts, the amounts, the inquiry's
    /// age, the answers, the basis, the duration, the seller's word that an award binds it (C8). Nothing if it may.
    public static func refusal(
        of listing: PublishListing, by policy: Policy, now: Instant, payoutAccountVerified: Bool
    ) -> Refusal? {
        guard payoutAccountVerified else {
            return Refusal(.payoutAccountMissing, expected: "a verified payout account", found: "none")
        }
        return refusalOfTexts(listing) ?? refusalOfAmounts(listing, policy)
            ?? refusalOfAge(listing.inquiredAt, policy, now) ?? refusalOfAnswers(listing)
            ?? refusalOfBasis(listing, now) ?? refusalOfDuration(listing.duration, policy)
            ?? refusalOfContract(accepted: listing.acceptsContract, policy)
    }

    /// Why an appointment cannot be listed again like this (C6, C8): what is changed must be as good as new.
    public static func refusal(
        of command: RelistListing, _ projectType: ProjectType, by policy: Policy
    ) -> Refusal? {
        if let duration = command.duration, let refusal = refusalOfDuration(duration, policy) {
            return refusal
        }
        if let revision = command.revision {
            var listing = PublishListing()
            listing.projectType = projectType
            listing.title = revision.title
            listing.description = revision.description
            listing.answers = revision.answers
            listing.budget = revision.budget
            listing.timeFrame = revision.timeFrame
            listing.region = revision.region
            listing.startPrice = Money(policy.leastPrice, policy.currency)
            let refusal =
                refusalOfTexts(listing) ?? refusalOfAmounts(listing, policy) ?? refusalOfAnswers(listing)
            if let refusal { return refusal }
        }
        return refusalOfContract(accepted: command.acceptsContract, policy)
    }

    private static func refusalOfContract(accepted: Bool, _ policy: Policy) -> Refusal? {
        guard policy.mode == .meetingAuction, !accepted else { return nil }
        return Refusal(
            .contractNotAccepted, expected: "the contract notice accepted", found: "not accepted")
    }

    private static func refusalOfTexts(_ listing: PublishListing) -> Refusal? {
        for (name, text) in [
            ("title", listing.title), ("description", listing.description), ("time frame", listing.timeFrame),
            ("region", listing.region),
        ] where isBlank(text) {
            return Refusal(.invalidText, expected: "a text in \(name)", found: "nothing")
        }
        for (name, text) in freeTexts(listing) {
            guard let kind = ContactData.found(in: text) else { continue }
            return Refusal(
                .contactDataInText, expected: "no contact data in \(name)", found: "\(kind.title)")
        }
        return nil
    }

    private static func freeTexts(_ listing: PublishListing) -> [(name: String, text: String)] {
        var texts = [
            ("title", listing.title), ("description", listing.description), ("time frame", listing.timeFrame),
            ("region", listing.region), ("basis", listing.basis.text),
        ]
        for answer in listing.answers { texts.append(("the answer to \(answer.question)", answer.answer)) }
        return texts
    }

    private static func refusalOfAmounts(_ listing: PublishListing, _ policy: Policy) -> Refusal? {
        if let refusal = refusalOfStartPrice(listing.startPrice, policy) { return refusal }
        guard listing.budget.currency == policy.currency else {
            return Refusal(
                .wrongCurrency, expected: policy.currency.code, found: listing.budget.currency.code)
        }
        guard listing.budget.minor > 0, listing.budget.minor <= 1_000_000_000_000_000 else {
            return Refusal(.amountOutOfRange, expected: "a budget above zero", found: "\(listing.budget)")
        }
        return nil
    }

    /// Why this cannot be the start price; nothing if it can.
    public static func refusalOfStartPrice(_ price: Money, _ policy: Policy) -> Refusal? {
        guard price.currency == policy.currency else {
            return Refusal(.wrongCurrency, expected: policy.currency.code, found: price.currency.code)
        }
        guard price.minor >= policy.leastPrice, price.minor <= policy.greatestPrice else {
            let least = Money(policy.leastPrice, policy.currency)
            let most = Money(policy.greatestPrice, policy.currency)
            return Refusal(.amountOutOfRange, expected: "\(least) to \(most)", found: "\(price)")
        }
        return nil
    }

    /// An inquiry that is exactly as old as the policy allows may still be listed (A1).
    private static func refusalOfAge(_ inquiredAt: Instant, _ policy: Policy, _ now: Instant) -> Refusal? {
        guard inquiredAt > .none, inquiredAt <= now else {
            return Refusal(.invalidValue, expected: "an inquiry before now", found: inquiredAt.iso8601)
        }
        guard inquiredAt + policy.inquiryAge >= now else {
            let days = policy.inquiryAge.microseconds / Duration64.days(1).microseconds
            return Refusal(.inquiryTooOld, expected: "at most \(days) days old", found: inquiredAt.iso8601)
        }
        return nil
    }

    private static func refusalOfAnswers(_ listing: PublishListing) -> Refusal? {
        let questions = GuideQuestion.asked(about: listing.projectType)
        for (index, answer) in listing.answers.enumerated() {
            guard questions.contains(where: { $0.rawValue == answer.question }) else {
                return Refusal(.invalidValue, expected: "a question of the set-up", found: answer.question)
            }
            guard !listing.answers[..<index].contains(where: { $0.question == answer.question }) else {
                return Refusal(.invalidValue, expected: "one answer a question", found: answer.question)
            }
        }
        for question in questions where question.isRequired {
            let given = listing.answers.first { $0.question == question.rawValue }
            guard let given, !isBlank(given.answer) else {
                return Refusal(
                    .answerMissing, expected: "an answer to \(question.rawValue)", found: "nothing")
            }
        }
        return nil
    }

    private static func refusalOfBasis(_ listing: PublishListing, _ now: Instant) -> Refusal? {
        if listing.refusalKnown {
            return Refusal(.refusalKnown, expected: "no refusal by the prospect", found: "a refusal")
        }
        guard listing.basis.kind == .consent else { return nil }
        guard !isBlank(listing.basis.text) else {
            return Refusal(.basisMissing, expected: "the words of the consent", found: "nothing")
        }
        guard listing.basis.at > .none, listing.basis.at <= now else {
            return Refusal(
                .basisMissing, expected: "the date of the consent", found: listing.basis.at.iso8601)
        }
        return nil
    }

    private static func refusalOfDuration(_ duration: Duration64, _ policy: Policy) -> Refusal? {
        guard !policy.durations.contains(duration) else { return nil }
        let offered = policy.durations.map { hours($0) }.joined(separator: ", ")
        return Refusal(.durationNotOffered, expected: offered, found: hours(duration))
    }

    private static func hours(_ duration: Duration64) -> String {
        let hour = Duration64.hours(1).microseconds
        let whole = duration.microseconds / hour
        return duration.microseconds % hour == 0 ? "\(whole) h" : "\(duration.microseconds) microseconds"
    }

    private static func isBlank(_ text: String) -> Bool { text.allSatisfy { $0.isWhitespace } }
}
