import Kernel
import Messages
import Wire

// Sales that one side wants undone (C7).
extension Person {
    /// Thinks better of it: reads the advice as a rule, asks, and perhaps asks again.
    func regret(_ order: OrderID, after span: Duration64) {
        world.later(span) { [self] in
            var query = GetMeeting()
            query.order = order
            look(query, as: .cancelling) { [self] view in
                // Whoever is asked already answers, or asks in vain.
                guard view.cancellation?.endedAt != nil || view.cancellation == nil || dice.oneIn(2) else {
                    return answerCancellation(order)
                }
                askToCancel(order)
            }
        }
    }

    private func askToCancel(_ order: OrderID) {
        var ask = RequestCancellation()
        ask.order = order
        ask.reason = dice.pick(CancellationReason.allCases) ?? .other
        if ask.reason == .other || dice.oneIn(3) {
            ask.words = PersonalText("We spoke about it this morning.")
        }
        if ask.reason == .other, dice.oneIn(4) { ask.words = PersonalText() }
        ask.advised = !dice.oneIn(4)
        send(ask, as: .cancelling) { [self] _ in
            guard dice.oneIn(2) else { return }
            ask.advised = true
            ask.reason = .noAppointment
            send(ask, as: .cancelling) { [self] _ in
                // Nobody agrees with itself.
                if dice.oneIn(3) { answerCancellation(order) }
            }
        }
    }

    private func answerCancellation(_ order: OrderID) {
        var answer = AnswerCancellation()
        answer.order = order
        answer.agrees = dice.percent(60)
        send(answer, as: .cancelling) { [self] _ in
            guard dice.oneIn(4) else { return }
            answer.agrees.toggle()
            send(answer, as: .cancelling)
        }
    }

    /// The other side wants the sale undone: many answer, some too late or never.
    func askedToCancel(_ order: OrderID) {
        let terms = policy.meeting.cancellationDeadline
        let spans: [Duration64] = [
            dice.span(.minutes(2), .hours(5)), dice.span(.minutes(2), .hours(5)),
            terms - .minutes(3) + dice.span(.zero, .minutes(6)),
        ]
        guard dice.percent(70) else { return }
        world.later(dice.pick(spans) ?? .hours(1)) { [self] in answerCancellation(order) }
    }

    /// The contract stands, or is no more: some do not believe it.
    func toldOfCancellation(_ order: OrderID) {
        if dice.oneIn(2) { askToCancel(order) }
        guard dice.oneIn(3) else { return }
        var rate = RateMeeting()
        rate.order = order
        send(rate, as: .cancelling)
    }
}
