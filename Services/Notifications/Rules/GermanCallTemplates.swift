import Messages

/// Prepaid-Leitungen auf Deutsch (E).
extension GermanTemplates {
    static func call(_ event: NotificationEvent) -> Template {
        switch event {
        case .callLengthened:
            Template(
                "Mehr Guthaben während eines Gesprächs",
                [
                    "Das Guthaben des Anrufers wurde während eines Gesprächs erhöht.",
                    "Gespräch {number}: freies Guthaben {balance}, bis {deadline}.",
                ])
        default:
            Template(
                "Noch zwei Minuten in einem Gespräch",
                ["Das Guthaben eines Anrufers ist bald aufgebraucht.", "Gespräch {number}: bis {deadline}."])
        }
    }
}
