import Kernel
import Messages

extension Cast {
    /// A rating that says yes to the first so many questions.
    public static func rating(_ appointment: Appointment, yes: Int, _ comment: String) -> RateMeeting {
        var rate = RateMeeting()
        rate.order = appointment.order
        rate.answers.intermediaryStatus = yes > 0
        rate.answers.needsAssessed = yes > 1
        rate.answers.solutionsFit = yes > 2
        rate.answers.understandable = yes > 3
        rate.answers.documented = yes > 4
        rate.answers.wouldRecommend = yes > 5
        rate.comment = PersonalText(comment)
        return rate
    }

    public func openRatings(of player: Player) async throws -> [OpenRating] {
        try await house.ask(ListOpenRatings(), as: player.guest).ratings
    }

    /// The ratings of one party as another sees them.
    public func ratings(of player: Player, as reader: Player) async throws -> RatingPage {
        var query = GetRatings()
        query.party = player.party
        return try await house.ask(query, as: reader.guest)
    }
}
