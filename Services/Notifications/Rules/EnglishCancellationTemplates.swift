import Messages

/// Sales that are undone, and meetings of which nobody speaks, in English (C7, C4).
extension EnglishTemplates {
    static func cancellation(_ event: NotificationEvent) -> Template {
        switch event {
        case .cancellationAsked:
            Template(
                "Please confirm the cancellation: {lead}",
                [
                    "The other side asks you to undo the sale of {lead}.",
                    "Reason: {reason}.",
                    """
                    Please agree or decline in your account by {deadline}; otherwise our support \
                    decides.
                    """,
                    "If you agree, the buyer gets the money back, and both ratings are removed.",
                ])
        case .cancellationRefused:
            Template(
                "The contract stands: {lead}",
                [
                    "The sale of {lead} is not undone. The contract stands: please keep the appointment."
                ])
        case .cancellationUnanswered:
            Template(
                "Our support looks into the cancellation: {lead}",
                [
                    """
                    The request to undo the sale of {lead} was not answered in time. Our support decides, and may \
                    ask you for evidence.
                    """
                ])
        case .saleCancelled:
            Template(
                "Sale undone: {lead}",
                [
                    "The sale of {lead} is undone. Both ratings are removed.",
                    "The appointment from {meeting} to {meetingEnd} does not take place.",
                    "The auction fee is borne by whoever asked for the cancellation; an invoice follows.",
                ])
        default:
            Template(
                "Did the meeting take place? Our support asks: {lead}",
                [
                    """
                    Neither side has reported a meeting for {lead}. Our support decides what becomes of the price, \
                    and may ask you for evidence.
                    """
                ])
        }
    }
}
