import Messages

/// Appointments that are auctioned, in English (C).
extension EnglishTemplates {
    static func meeting(_ event: NotificationEvent) -> Template {
        switch event {
        case .contractConcluded:
            Template(
                "Contract of purchase: {lead}",
                [
                    "The auction of {lead} ended in a contract.", "Price: {price}.",
                    "Paid by the buyer: {total}.",
                    "Please agree on an appointment by {deadline}.",
                ],
                mail: [
                    """
                    This e-mail is your contract of purchase and is sent once. In your account you can read and print \
                    the contract at any time (order {order}).
                    """
                ])
        case .appointmentProposed:
            Template(
                "Appointment proposed: {lead}",
                [
                    "The other side proposes an appointment for {lead}.", "Time: {meeting}.",
                    "Please accept it, or propose another time.",
                ])
        case .appointmentAgreed:
            Template(
                "Appointment agreed: {lead}",
                ["The appointment for {lead} is agreed.", "It is from {meeting} to {meetingEnd}."])
        case .appointmentReminder:
            Template(
                "Please agree on an appointment: {lead}",
                [
                    "There is no appointment for {lead} yet.", "It should have been agreed by {deadline}.",
                    "The contract stands. Please propose a time.",
                ])
        case .meetingDue:
            Template(
                "Did the meeting take place? {lead}",
                ["Your appointment for {lead} is now. Please report afterwards that the meeting took place."])
        default: reports(event)
        }
    }

    private static func reports(_ event: NotificationEvent) -> Template {
        switch event {
        case .meetingReported:
            Template(
                "Please confirm the meeting: {lead}",
                [
                    "The other side has reported that the meeting for {lead} took place.", "Time: {meeting}.",
                    "Please confirm it by {deadline}; otherwise our support looks into it.",
                ])
        case .reportReminder:
            Template(
                "Reminder: please confirm the meeting: {lead}",
                [
                    "You have not reported yet that the meeting for {lead} took place.",
                    "Please do so by {deadline}; otherwise our support looks into it.",
                ])
        case .supportAsked:
            Template(
                "Our support looks into it: {lead}",
                [
                    """
                    Only one side has reported that the meeting for {lead} took place. Our support decides what becomes \
                    of the price, and may ask you for evidence.
                    """
                ])
        case .ratingDue:
            Template(
                "Please rate the meeting: {lead}",
                ["The meeting for {lead} took place. How was it?", "You can rate it until {deadline}."],
                mail: ["Both ratings are shown once both are in, or when the time is over."])
        case .ratingShown:
            Template(
                "A rating of you: {lead}",
                ["The other side's rating of the meeting for {lead} is shown in your account now."])
        default:
            Template(
                "No bid for your appointment: {lead}",
                [
                    "The auction of {lead} ended without a bid. You may list it again at any time, changed or not.",
                    "We suggest a start price of {price}.",
                ])
        }
    }
}
