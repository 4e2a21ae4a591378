import Messages

/// Applications in German, with "Sie" (B).
extension GermanTemplates {
    static func application(_ event: NotificationEvent) -> Template {
        switch event {
        case .applicationFiled:
            Template(
                "Ihre Bewerbung für {lead} ist eingegangen",
                [
                    "Der Interessent prüft Ihre Bewerbung für {lead}.", "Gebühr: {total}.",
                    "Vorgeschlagener Termin: {meeting} bis {meetingEnd}.",
                    """
                    Antwortet er nicht bis {deadline}, zeigen wir Ihnen seine Kontaktdaten von selbst. Lehnt er \
                    vor dem Termin ab, erhalten Sie die Gebühr zurück.
                    """,
                ],
                mail: [
                    "Der Chat mit dem Interessenten ist offen. Der Termin in Ihrem Kalender ist vorläufig."
                ])
        case .applicationAccepted:
            Template(
                "Ihre Bewerbung für {lead} ist angenommen",
                [
                    "Der Interessent hat Ihre Bewerbung für {lead} angenommen.",
                    "Termin: {meeting} bis {meetingEnd}.",
                    "Name, Telefon, E-Mail und Profil finden Sie jetzt in Ihrem Account.",
                ])
        case .applicationRevealed:
            Template(
                "Kontaktdaten zu {lead} sind freigegeben",
                [
                    """
                    Der Interessent hat auf Ihre Bewerbung für {lead} nicht rechtzeitig geantwortet. Sie können \
                    ihn jetzt selbst erreichen.
                    """,
                    "Vorgeschlagener Termin: {meeting} bis {meetingEnd}.",
                ])
        case .applicationRejected:
            Template(
                "Ihre Bewerbung für {lead} ist abgelehnt",
                [
                    "Der Interessent hat Ihre Bewerbung für {lead} abgelehnt.",
                    "Der Termin von {meeting} bis {meetingEnd} entfällt.",
                    "Sie erhalten {refund} von selbst zurück.",
                ])
        case .applicationStopped:
            Template(
                "Ihre Bewerbung für {lead} ist beendet",
                [
                    "Ihre Bewerbung für {lead} ist beendet, bevor der Interessent entschieden hat.",
                    "Grund: {reason}.",
                    "Der Termin von {meeting} bis {meetingEnd} entfällt.", "Sie erhalten {refund} zurück.",
                ])
        default: applicationNotice(event)
        }
    }

    private static func applicationNotice(_ event: NotificationEvent) -> Template {
        switch event {
        case .applicationFeeRefunded:
            Template(
                "Gebühr für {lead} erstattet",
                [
                    "Ihre Bewerbungsgebühr für {lead} ist wieder in Ihrem Guthaben.", "Betrag: {refund}.",
                    "Rechnungskorrektur: {number}.",
                ])
        case .applicationFeeKept:
            Template(
                "Keine Erstattung für {lead}",
                [
                    "Die Bewerbungsgebühr für {lead} wird nach dieser Ablehnung nicht erstattet.",
                    "Betrag: {amount}.",
                    "Grund: {reason}.",
                ])
        case .prospectReminded:
            Template(
                "Der Interessent von {lead} ist erinnert",
                [
                    "Wir haben den Interessenten gebeten, Ihre Bewerbung für {lead} zu prüfen.",
                    "Seine Kontaktdaten sehen Sie spätestens am {deadline}.",
                ])
        case .waysToReach:
            Template(
                "So erreichen Sie den Interessenten von {lead}",
                [
                    "Wege zum Interessenten von {lead}:", "Jetzt offen: {ways}.",
                    "Der nächste öffnet spätestens am {deadline}.",
                ])
        case .opportunityPublished:
            Template(
                "{lead} nimmt Bewerbungen an",
                ["Anbieter können sich für {lead} bewerben.", "Gebühr: {price}.", "Bis: {endsAt}."])
        case .applicationReceived:
            Template("Bewerbung für {lead}", ["Ein Anbieter hat sich für {lead} beworben."])
        case .opportunityOver:
            Template(
                "{lead} nimmt keine Bewerbungen mehr an",
                ["Die Zeit für Bewerbungen auf {lead} ist um. Laufende Bewerbungen gehen weiter."])
        default: toProspect(event)
        }
    }

    private static func toProspect(_ event: NotificationEvent) -> Template {
        switch event {
        case .reviewRequested:
            Template(
                "Bitte prüfen Sie eine Bewerbung: {lead}",
                [
                    "Ein Anbieter bewirbt sich für Ihre Anfrage {lead} und stellt sich vor.",
                    "Vorgeschlagener Termin: {meeting} bis {meetingEnd}.",
                    """
                    Bis {deadline} können Sie annehmen oder ablehnen; lehnen Sie bis dahin ab, erfährt der \
                    Anbieter nicht, wer Sie sind. Ohne Antwort geben wir ihm Ihre Kontaktdaten.
                    """,
                ],
                mail: ["Jeder Link gilt für genau einen Zweck, ein Konto brauchen Sie nicht."])
        case .reviewReminder:
            Template(
                "Erinnerung: eine Bewerbung wartet auf Sie: {lead}",
                [
                    "Sie haben über die Bewerbung für Ihre Anfrage {lead} noch nicht entschieden.",
                    "Vorgeschlagener Termin: {meeting} bis {meetingEnd}.",
                    "Bitte bestätigen Sie oder lehnen Sie ab, bis {deadline}.",
                ])
        default:
            Template(
                "Ein Anbieter hat Ihnen geschrieben: {lead}",
                ["Sie haben eine neue Nachricht zu Ihrer Anfrage {lead}. Der Link führt zum Chat."])
        }
    }
}
