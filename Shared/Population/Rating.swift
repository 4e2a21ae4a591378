import Kernel
import Messages
import Wire

// What people say of each other once they have met (C5, C9).
extension Person {
    /// Looks at what may still be rated, and rates: at once, at the end of the time, too late, or twice.
    func rate(_ order: OrderID) {
        guard dice.percent(75) else { return }
        look(ListOpenRatings(), as: .meeting) { [self] page in
            guard let open = page.ratings.first(where: { $0.order == order }) else { return }
            var rate = RateMeeting()
            rate.order = order
            rate.answers.intermediaryStatus = dice.oneIn(2)
            rate.answers.needsAssessed = dice.percent(70)
            rate.answers.solutionsFit = dice.percent(60)
            rate.answers.understandable = dice.percent(80)
            rate.answers.documented = dice.oneIn(2)
            rate.answers.wouldRecommend = dice.percent(70)
            if dice.oneIn(2) { rate.comment = PersonalText("Well prepared, and on time.") }
            let end = open.until - port.now
            let spans: [Duration64] = [
                dice.span(.minutes(1), .hours(5)), dice.span(.minutes(1), .hours(5)),
                end - .milliseconds(2) + dice.span(.zero, .milliseconds(4)), end + .minutes(5),
            ]
            world.later(max(.seconds(1), dice.pick(spans) ?? .hours(1))) { [self] in
                send(rate, as: .meeting) { [self] _ in
                    if dice.oneIn(6) { send(rate, as: .meeting) }
                }
            }
        }
    }

    /// Somebody has rated: looks at what was said.
    func wasRated() {
        var query = GetRatings()
        query.limit = dice.oneIn(3) ? 1 : 25
        look(query, as: .meeting)
    }

    /// Looks at how whoever bought was rated.
    func lookAtPartner(in order: OrderID) {
        var query = GetOrder()
        query.order = order
        look(query, as: .trading) { [self] view in
            var ratings = GetRatings()
            ratings.party = view.buyer
            look(ratings, as: .meeting)
        }
    }
}
