import Messages

/// Preliminary calls in English (D).
extension EnglishTemplates {
    static func preliminaryCall(_ event: NotificationEvent) -> Template {
        switch event {
        case .callActivated:
            Template(
                "Preliminary call activated",
                [
                    "Your preliminary call for {lead} is activated.",
                    "You reach the prospect at {number} until {deadline}.", "The price of {price} is frozen.",
                    "Please do not ask for contact data during the call: you get it with the purchase.",
                ])
        case .activationExpired:
            Template(
                "Preliminary call expired",
                ["The time of your preliminary call for {lead} is over.", "{refund} is free again."])
        case .activationLost:
            Template(
                "Lead sold to another buyer",
                [
                    "Another buyer has bought {lead}.",
                    "Your proxy number is detached, and {refund} is free again.",
                ])
        case .activationStopped:
            Template(
                "Preliminary call ended",
                [
                    "Your preliminary call for {lead} has ended.", "Reason: {reason}.",
                    "{refund} is free again.",
                ])
        case .fishingFound:
            Template(
                "Contact data asked for in a call",
                [
                    "In your preliminary call for {lead} contact data was asked for, which is not allowed.",
                    "Consequence: {consequence}.", "You may dispute this in your account.",
                ])
        case .strikeDecided:
            Template(
                "Decision on your dispute",
                [
                    "Our support has decided on what was recorded about your call for {lead}.",
                    "Decision: {verdict}.",
                ])
        case .strikeContested:
            Template(
                "A strike is disputed",
                ["A buyer disputes what was recorded about a preliminary call for {lead}."])
        case .leadCallCharged:
            Template(
                "Preliminary call charged",
                ["Your preliminary call was charged.", "Minutes: {minutes}, amount: {amount}."])
        default:
            Template(
                "A call must end", ["A call is to be ended now.", "Call {number}.", "Reason: {reason}."])
        }
    }
}
