import Messages

/// Vorabgespräche auf Deutsch (D).
extension GermanTemplates {
    static func preliminaryCall(_ event: NotificationEvent) -> Template {
        switch event {
        case .callActivated:
            Template(
                "Vorabgespräch freigeschaltet",
                [
                    "Ihr Vorabgespräch zu {lead} ist freigeschaltet.",
                    "Sie erreichen den Interessenten bis {deadline} unter {number}.",
                    "Der Preis von {price} ist eingefroren.",
                    "Bitte fragen Sie im Gespräch nicht nach Kontaktdaten: Sie erhalten sie mit dem Kauf.",
                ])
        case .activationExpired:
            Template(
                "Vorabgespräch abgelaufen",
                ["Die Zeit für Ihr Vorabgespräch zu {lead} ist abgelaufen.", "{refund} sind wieder frei."])
        case .activationLost:
            Template(
                "Lead anderweitig verkauft",
                [
                    "Ein anderer Käufer hat {lead} gekauft.",
                    "Ihre Ersatznummer ist getrennt, {refund} sind wieder frei.",
                ])
        case .activationStopped:
            Template(
                "Vorabgespräch beendet",
                [
                    "Ihr Vorabgespräch zu {lead} ist beendet.", "Grund: {reason}.",
                    "{refund} sind wieder frei.",
                ])
        case .fishingFound:
            Template(
                "Frage nach Kontaktdaten",
                [
                    "In Ihrem Vorabgespräch zu {lead} wurde nach Kontaktdaten gefragt; das ist nicht erlaubt.",
                    "Folge: {consequence}.", "Sie können dem in Ihrem Konto widersprechen.",
                ])
        case .strikeDecided:
            Template(
                "Entscheidung über Ihren Widerspruch",
                [
                    "Unser Support hat über den Vermerk zu Ihrem Vorabgespräch zu {lead} entschieden.",
                    "Entscheidung: {verdict}.",
                ])
        case .strikeContested:
            Template(
                "Widerspruch gegen einen Vermerk",
                ["Ein Käufer widerspricht dem Vermerk zu einem Vorabgespräch zu {lead}."])
        case .leadCallCharged:
            Template(
                "Vorabgespräch abgerechnet",
                ["Ihr Vorabgespräch wurde abgerechnet.", "Minuten: {minutes}, Betrag: {amount}."])
        default:
            Template(
                "Ein Gespräch ist zu beenden",
                ["Ein Gespräch ist jetzt zu beenden.", "Gespräch {number}.", "Grund: {reason}."])
        }
    }
}
