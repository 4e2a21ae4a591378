import Messages

/// Applications in English (B).
extension EnglishTemplates {
    static func application(_ event: NotificationEvent) -> Template {
        switch event {
        case .applicationFiled:
            Template(
                "Your application for {lead} is in",
                [
                    "The prospect reviews your application for {lead}.", "Fee: {total}.",
                    "Proposed meeting: {meeting} to {meetingEnd}.",
                    """
                    Without an answer by {deadline} we show you the contact by ourselves. If the prospect declines \
                    before the meeting, you get the fee back.
                    """,
                ],
                mail: ["The chat with the prospect is open. The meeting in your calendar is tentative."])
        case .applicationAccepted:
            Template(
                "Your application for {lead} is accepted",
                [
                    "The prospect accepted your application for {lead}.",
                    "Meeting: {meeting} to {meetingEnd}.",
                    "Name, telephone, e-mail and profile are in your account now.",
                ])
        case .applicationRevealed:
            Template(
                "The contact of {lead} is revealed",
                [
                    """
                    The prospect did not answer your application for {lead} in time. You can reach the prospect \
                    yourself now.
                    """,
                    "Proposed meeting: {meeting} to {meetingEnd}.",
                ])
        case .applicationRejected:
            Template(
                "Your application for {lead} is rejected",
                [
                    "The prospect rejected your application for {lead}.",
                    "The meeting from {meeting} to {meetingEnd} is cancelled.",
                    "You get {refund} back by itself.",
                ])
        case .applicationStopped:
            Template(
                "Your application for {lead} has ended",
                [
                    "Your application for {lead} ended before the prospect decided.", "Reason: {reason}.",
                    "The meeting from {meeting} to {meetingEnd} is cancelled.", "You get {refund} back.",
                ])
        default: applicationNotice(event)
        }
    }

    private static func applicationNotice(_ event: NotificationEvent) -> Template {
        switch event {
        case .applicationFeeRefunded:
            Template(
                "Fee refunded: {lead}",
                [
                    "Your application fee for {lead} is back in your balance.", "Amount: {refund}.",
                    "Credit note: {number}.",
                ])
        case .applicationFeeKept:
            Template(
                "No refund: {lead}",
                [
                    "The application fee for {lead} is not refunded after this rejection.",
                    "Amount: {amount}.",
                    "Reason: {reason}.",
                ])
        case .prospectReminded:
            Template(
                "The prospect was reminded: {lead}",
                [
                    "We asked the prospect to review your application for {lead}.",
                    "You see the contact by {deadline} at the latest.",
                ])
        case .waysToReach:
            Template(
                "How to reach the prospect: {lead}",
                [
                    "Ways to the prospect of {lead}:", "Open now: {ways}.",
                    "The next one opens by {deadline} at the latest.",
                ])
        case .opportunityPublished:
            Template(
                "Open for applications: {lead}",
                ["Companies can apply for {lead}.", "Fee: {price}.", "Until: {endsAt}."])
        case .applicationReceived:
            Template("Application for {lead}", ["A company applied for {lead}."])
        case .opportunityOver:
            Template(
                "No more applications: {lead}",
                ["The time for applications for {lead} is over. Those under review go on."])
        default: toProspect(event)
        }
    }

    private static func toProspect(_ event: NotificationEvent) -> Template {
        switch event {
        case .reviewRequested:
            Template(
                "Please review an application: {lead}",
                [
                    "A company applies for your request {lead} and introduces itself.",
                    "Proposed meeting: {meeting} to {meetingEnd}.",
                    """
                    You can accept or decline by {deadline}; if you decline by then, the company does not learn \
                    who you are. Without an answer we give it your contact data.
                    """,
                ],
                mail: ["Each link is good for one purpose, and you need no account."])
        case .reviewReminder:
            Template(
                "Reminder: an application waits for you: {lead}",
                [
                    "You have not decided yet about the application for your request {lead}.",
                    "Proposed meeting: {meeting} to {meetingEnd}.",
                    "Please confirm or decline by {deadline}.",
                ])
        default:
            Template(
                "A company wrote to you: {lead}",
                ["You have a new message about your request {lead}. The link leads to the chat."])
        }
    }
}
