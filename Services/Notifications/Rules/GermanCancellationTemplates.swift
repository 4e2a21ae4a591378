import Messages

/// Sales that are undone, and meetings of which nobody speaks, in German, with "Sie" (C7, C4).
extension GermanTemplates {
    static func cancellation(_ event: NotificationEvent) -> Template {
        switch event {
        case .cancellationAsked:
            Template(
                "Bitte bestätigen Sie die Stornierung: {lead}",
                [
                    "Die andere Seite bittet Sie, den Verkauf von {lead} rückgängig zu machen.",
                    "Grund: {reason}.",
                    """
                    Bitte stimmen Sie bis {deadline} in Ihrem Konto zu, oder lehnen Sie ab; sonst entscheidet \
                    unser Support.
                    """,
                    """
                    Stimmen Sie zu, erhält der Käufer sein Geld zurück, und beide Bewertungen werden \
                    entfernt.
                    """,
                ])
        case .cancellationRefused:
            Template(
                "Der Vertrag bleibt bestehen: {lead}",
                [
                    """
                    Der Verkauf von {lead} wird nicht storniert. Der Vertrag bleibt bestehen: Bitte nehmen Sie den \
                    Termin wahr.
                    """
                ])
        case .cancellationUnanswered:
            Template(
                "Unser Support prüft die Stornierung: {lead}",
                [
                    """
                    Die Bitte, den Verkauf von {lead} zu stornieren, blieb ohne Antwort. Unser Support entscheidet \
                    und fragt Sie vielleicht nach Belegen.
                    """
                ])
        case .saleCancelled:
            Template(
                "Verkauf storniert: {lead}",
                [
                    "Der Verkauf von {lead} ist storniert. Beide Bewertungen sind entfernt.",
                    "Der Termin von {meeting} bis {meetingEnd} findet nicht statt.",
                    "Die Auktionsgebühr trägt, wer die Stornierung beantragt hat; eine Rechnung folgt.",
                ])
        default:
            Template(
                "Hat der Termin stattgefunden? Unser Support fragt: {lead}",
                [
                    """
                    Keine Seite hat zu {lead} einen Termin gemeldet. Unser Support entscheidet über das Termingeld \
                    und fragt Sie vielleicht nach Belegen.
                    """
                ])
        }
    }
}
