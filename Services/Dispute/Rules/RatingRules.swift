import Kernel
import Messages

/// Who may rate whom, and until when (C5).
public enum RatingRules {
    /// The last instant for a rating: both sides have the same time, so that nobody answers what is shown.
    public static func until(openedAt: Instant, by policy: Policy) -> Instant {
        openedAt + policy.meeting.ratingWindow
    }

    /// Why nobody can rate an order any more.
    public static func refusal(until: Instant, hasRated: Bool, now: Instant) -> Refusal? {
        guard !hasRated else {
            return Refusal(.wrongState, expected: "no rating yet", found: "one")
        }
        guard now <= until else {
            return Refusal(
                .windowClosed, expected: "at the latest \(until.iso8601)", found: now.iso8601)
        }
        return nil
    }

    /// What is kept of the answers: a buyer is asked one question only.
    public static func kept(_ answers: AdviceAnswers, byConsumer: Bool) -> AdviceAnswers {
        guard !byConsumer else { return answers }
        var kept = AdviceAnswers()
        kept.wouldRecommend = answers.wouldRecommend
        return kept
    }
}

extension AdviceAnswers {
    /// One bit a question, in their order, the lowest first.
    public var bits: UInt8 {
        let all = [
            intermediaryStatus, needsAssessed, solutionsFit, understandable, documented, wouldRecommend,
        ]
        var bits: UInt8 = 0
        for (place, isYes) in all.enumerated() where isYes { bits |= 1 << UInt8(place) }
        return bits
    }

    public init(bits: UInt8) {
        self.init()
        intermediaryStatus = bits & 1 != 0
        needsAssessed = bits & 2 != 0
        solutionsFit = bits & 4 != 0
        understandable = bits & 8 != 0
        documented = bits & 16 != 0
        wouldRecommend = bits & 32 != 0
    }
}
