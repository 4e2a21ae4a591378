import Messages

/// Prepaid lines in English (E).
extension EnglishTemplates {
    static func call(_ event: NotificationEvent) -> Template {
        switch event {
        case .callLengthened:
            Template(
                "More balance during a call",
                [
                    "The caller's balance was raised during a call.",
                    "Call {number}: free balance {balance}, until {deadline}.",
                ])
        default:
            Template(
                "Two minutes left in a call",
                ["A caller's balance is about to end.", "Call {number}: until {deadline}."])
        }
    }
}
