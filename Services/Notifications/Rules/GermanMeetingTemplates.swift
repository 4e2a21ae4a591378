import Messages

/// Appointments that are auctioned, in German, with "Sie" (C).
extension GermanTemplates {
    static func meeting(_ event: NotificationEvent) -> Template {
        switch event {
        case .contractConcluded:
            Template(
                "Kaufvertrag: {lead}",
                [
                    "Die Auktion {lead} hat zu einem Vertrag geführt.", "Termingeld: {price}.",
                    "Vom Käufer bezahlt: {total}.", "Bitte vereinbaren Sie bis {deadline} einen Termin.",
                ],
                mail: [
                    """
                    Diese E-Mail ist Ihr Kaufvertrag und wird nur einmal versandt. In Ihrem Konto können Sie den Vertrag \
                    jederzeit lesen und drucken (Auftrag {order}).
                    """
                ])
        case .appointmentProposed:
            Template(
                "Terminvorschlag: {lead}",
                [
                    "Die andere Seite schlägt einen Termin zu {lead} vor.", "Zeitpunkt: {meeting}.",
                    "Bitte nehmen Sie ihn an, oder schlagen Sie einen anderen vor.",
                ])
        case .appointmentAgreed:
            Template(
                "Termin vereinbart: {lead}",
                ["Der Termin zu {lead} ist vereinbart.", "Er dauert von {meeting} bis {meetingEnd}."])
        case .appointmentReminder:
            Template(
                "Bitte vereinbaren Sie einen Termin: {lead}",
                [
                    "Zu {lead} ist noch kein Termin vereinbart.", "Das sollte bis {deadline} geschehen.",
                    "Der Vertrag besteht weiter. Bitte schlagen Sie einen Termin vor.",
                ])
        case .meetingDue:
            Template(
                "Hat der Termin stattgefunden? {lead}",
                [
                    "Ihr Termin zu {lead} ist jetzt. Bitte melden Sie danach, dass der Beratungstermin stattgefunden hat."
                ])
        default: reports(event)
        }
    }

    private static func reports(_ event: NotificationEvent) -> Template {
        switch event {
        case .meetingReported:
            Template(
                "Bitte bestätigen Sie den Termin: {lead}",
                [
                    "Die andere Seite hat gemeldet, dass der Termin zu {lead} stattgefunden hat.",
                    "Zeitpunkt: {meeting}.",
                    "Bitte bestätigen Sie das bis {deadline}; sonst prüft unser Support den Vorgang.",
                ])
        case .reportReminder:
            Template(
                "Erinnerung: Bitte bestätigen Sie den Termin: {lead}",
                [
                    "Sie haben noch nicht gemeldet, dass der Termin zu {lead} stattgefunden hat.",
                    "Bitte tun Sie das bis {deadline}; sonst prüft unser Support den Vorgang.",
                ])
        case .supportAsked:
            Template(
                "Unser Support prüft: {lead}",
                [
                    """
                    Nur eine Seite hat gemeldet, dass der Termin zu {lead} stattgefunden hat. Unser Support entscheidet \
                    über das Termingeld und fragt Sie vielleicht nach Belegen.
                    """
                ])
        case .ratingDue:
            Template(
                "Bitte bewerten Sie den Termin: {lead}",
                [
                    "Der Termin zu {lead} hat stattgefunden. Wie war er?",
                    "Sie können ihn bis {deadline} bewerten.",
                ],
                mail: ["Beide Bewertungen werden gezeigt, sobald beide da sind oder die Zeit vorbei ist."])
        case .ratingShown:
            Template(
                "Eine Bewertung über Sie: {lead}",
                ["Die Bewertung der anderen Seite zum Termin {lead} steht jetzt in Ihrem Konto."])
        default:
            Template(
                "Kein Gebot auf Ihren Termin: {lead}",
                [
                    """
                    Die Auktion {lead} ist ohne Gebot abgelaufen. Sie können sie jederzeit neu einstellen, unverändert \
                    oder überarbeitet.
                    """,
                    "Wir schlagen einen Startpreis von {price} vor.",
                ])
        }
    }
}
