import Messages

/// German, with "du" as in a lead auction.
enum GermanTemplates {
    static func template(_ event: NotificationEvent) -> Template {
        switch event {
        case .confirmEmail, .partyVerified, .partySuspended, .payoutAccountVerified, .topUpCredited,
            .topUpFailed,
            .receivableDue, .messageReceived:
            account(event)
        case .listingPublished, .listingDeleted, .listingSuspended, .listingExpired, .reviewDue,
            .prospectObjected,
            .bidLeading, .bidOutbid, .bidWithdrawn:
            auction(event)
        case .auctionWon, .auctionLost, .leadSold, .paymentDue, .paymentLapsed, .runnerUpOffer, .offerLapsed:
            award(event)
        case .contactRevealed, .paymentReceived, .handoverTips, .orderRefunded, .payoutStarted,
            .invoiceIssued,
            .creditNoteIssued, .payoutMade, .payoutFailed:
            order(event)
        case .objectionOpened, .statementDue, .statementReceived, .caseDecided, .caseRejected,
            .attemptReported:
            dispute(event)
        case .applicationFiled, .applicationAccepted, .applicationRevealed, .applicationRejected,
            .applicationStopped, .applicationFeeRefunded, .applicationFeeKept, .prospectReminded,
            .waysToReach, .opportunityPublished, .applicationReceived, .opportunityOver, .reviewRequested,
            .reviewReminder, .prospectMessage:
            application(event)
        case .contractConcluded, .appointmentProposed, .appointmentAgreed, .appointmentReminder, .meetingDue,
            .meetingReported, .reportReminder, .supportAsked, .appointmentUnsold, .ratingDue, .ratingShown:
            meeting(event)
        case .cancellationAsked, .cancellationRefused, .cancellationUnanswered, .saleCancelled,
            .meetingUnreported:
            cancellation(event)
        case .callMinutesShort, .callLengthened: call(event)
        case .callActivated, .activationExpired, .activationLost, .activationStopped, .fishingFound,
            .strikeDecided, .strikeContested, .leadCallCharged, .callMustEnd:
            preliminaryCall(event)
        }
    }

    private static func account(_ event: NotificationEvent) -> Template {
        switch event {
        case .confirmEmail:
            Template(
                "Bitte bestätige deine E-Mail-Adresse",
                [
                    """
                    Willkommen bei {marketplace}! Bitte bestätige deine E-Mail-Adresse über den Link in \
                    unserer E-Mail.
                    """,
                    "Der Link gilt bis {deadline}.",
                ],
                mail: ["Hast du dich nicht registriert? Dann ignoriere diese E-Mail einfach."])
        case .partyVerified:
            Template(
                "Dein Konto ist freigeschaltet", ["Wir haben dein Konto geprüft. Du kannst jetzt handeln."])
        case .partySuspended:
            Template(
                "Dein Konto ist gesperrt",
                ["Dein Konto bei {marketplace} ist gesperrt.", "Grund: {reason}."],
                mail: ["Wenn du das für einen Irrtum hältst, wende dich bitte an unseren Support."])
        case .payoutAccountVerified:
            Template(
                "Dein Auszahlungskonto ist verknüpft",
                ["Dein Auszahlungskonto ist bestätigt. Du kannst jetzt Leads einstellen."])
        case .topUpCredited:
            Template(
                "Aufladung gutgeschrieben",
                ["Deine Aufladung ist gutgeschrieben.", "Betrag: {amount}.", "Freies Guthaben: {balance}."])
        case .topUpFailed:
            Template(
                "Aufladung fehlgeschlagen",
                [
                    "Deine Aufladung hat nicht geklappt, es wurde nichts abgebucht.", "Betrag: {amount}.",
                    "Grund: {reason}.",
                ])
        case .receivableDue:
            Template(
                "Offene Forderung zu {lead}",
                [
                    """
                    Zu {lead} wurde nach der Auszahlung erstattet. Wir verrechnen den Betrag mit deinem \
                    Guthaben.
                    """,
                    "Betrag: {amount}.", "Grund: {reason}.",
                ])
        default:
            Template(
                "Neue Nachricht zu Auftrag {order}",
                ["Du hast eine neue Nachricht zu {lead}. Lies und beantworte sie in deinem Account."])
        }
    }

    private static func auction(_ event: NotificationEvent) -> Template {
        switch event {
        case .listingPublished:
            Template(
                "{lead} ist veröffentlicht",
                ["Die Auktion für {lead} läuft.", "Startpreis: {price}.", "Sie endet am {endsAt}."])
        case .listingDeleted:
            Template(
                "{lead} wurde gelöscht",
                [
                    """
                    Die Auktion für {lead} wurde vom Verkäufer gelöscht. Dein reservierter Betrag ist \
                    wieder frei.
                    """
                ])
        case .listingSuspended:
            Template(
                "{lead} wurde gesperrt",
                [
                    "Die Auktion für {lead} wurde gesperrt. Für Gebote reservierte Beträge sind wieder frei.",
                    "Grund: {reason}.",
                ])
        case .listingExpired:
            Template(
                "Kein Gebot auf {lead}",
                [
                    """
                    Die Auktion für {lead} ist ohne Gebot zu Ende gegangen. Du kannst den Lead einmalig \
                    für eine zweite Runde einstellen und dabei den Startpreis anpassen.
                    """
                ])
        case .reviewDue:
            Template(
                "Regelmäßige Prüfung",
                ["Wir prüfen Anbieter und Leads regelmäßig. Jetzt steht die Prüfung von {lead} an."])
        case .prospectObjected:
            Template(
                "Widerspruch des Interessenten zu {lead}",
                [
                    """
                    Der Interessent hat der Weitergabe widersprochen. {lead} wird nicht mehr angeboten, \
                    und seine Kontaktdaten sind gelöscht. Reservierte Beträge sind wieder frei.
                    """
                ])
        case .bidLeading:
            Template(
                "Du bist Höchstbietender bei {lead}",
                [
                    "Dein Gebot auf {lead} führt. Es ist verbindlich, solange du nicht überboten wirst.",
                    "Dein Gebot: {amount}.", "Aktueller Preis: {price}.", "Ende: {endsAt}.",
                ])
        case .bidOutbid:
            Template(
                "Du wurdest überboten: {lead}",
                [
                    "Du wurdest bei {lead} überboten. Dein reservierter Betrag ist wieder frei.",
                    "Dein Gebot: {amount}.", "Aktueller Preis: {price}.", "Die Auktion endet am {endsAt}.",
                ],
                mail: ["Du kannst erneut bieten oder dein Gebot zurückziehen."])
        default:
            Template(
                "Gebot zurückgezogen: {lead}",
                ["Das Gebot auf {lead} wurde zurückgezogen.", "Betrag: {amount}."])
        }
    }

    private static func award(_ event: NotificationEvent) -> Template {
        switch event {
        case .auctionWon:
            Template(
                "Zuschlag: {lead} gehört dir",
                [
                    "Glückwunsch, du hast den Zuschlag für {lead} erhalten.", "Preis: {price}.",
                    "Bitte bezahle bis {deadline}.",
                ],
                mail: ["Nach Zahlungseingang erhältst du die Kontaktdaten per E-Mail und in deinem Account."])
        case .auctionLost:
            Template(
                "Kein Zuschlag: {lead}",
                [
                    "Die Auktion für {lead} ist beendet, den Zuschlag hat ein anderes Gebot erhalten.",
                    "Endpreis: {price}.",
                ])
        case .leadSold:
            Template(
                "Verkauft: {lead}",
                ["Dein Lead {lead} hat einen Käufer gefunden.", "Preis: {price}."],
                mail: [
                    "Sobald der Käufer bezahlt hat, bekommst du eine Info per E-Mail und im Dashboard."
                ])
        case .paymentDue:
            Template(
                "Zahlung offen: {lead}",
                ["Bitte bezahle {lead}.", "Preis: {price}.", "Die Frist endet am {deadline}."],
                mail: ["Läuft die Frist ab, geht das Angebot an den nächsten Bieter."])
        case .paymentLapsed:
            Template(
                "Zahlungsfrist abgelaufen: {lead}",
                [
                    "Für {lead} wurde nicht rechtzeitig bezahlt. Der Zuschlag ist verfallen.",
                    "Preis: {price}.",
                ])
        case .runnerUpOffer:
            Template(
                "Angebot für dich: {lead}",
                [
                    """
                    Der Höchstbietende hat nicht bezahlt. Du kannst {lead} zu deinem eigenen Gebot \
                    kaufen; du musst es nicht.
                    """,
                    "Preis: {price}.", "Das Angebot gilt bis {deadline}.",
                ])
        default:
            Template("Angebot abgelaufen: {lead}", ["Das Angebot für {lead} ist abgelaufen."])
        }
    }

    private static func order(_ event: NotificationEvent) -> Template {
        switch event {
        case .contactRevealed:
            Template(
                "Kontaktdaten zu {lead}",
                [
                    "Deine Zahlung ist eingegangen. Die Kontaktdaten zu {lead} findest du in deinem Account.",
                    "Preis: {price}.", "Einspruch ist möglich bis {deadline}.",
                ],
                mail: [
                    """
                    Kontaktiere den Interessenten am besten sofort. Bei Fragen schreibe dem Verkäufer \
                    und unserem Support im Auftrag {order}.
                    """
                ])
        case .paymentReceived:
            Template(
                "Zahlung eingegangen: {lead}",
                [
                    """
                    Der Käufer hat {lead} bezahlt. Bitte kontaktiere den Interessenten am besten sofort \
                    und übergib ihn.
                    """,
                    "Preis: {price}.",
                ],
                mail: [
                    "Den Betrag abzüglich der Provision zahlen wir nach der Haltefrist automatisch aus."
                ])
        case .handoverTips:
            Template(
                "Tipps für die Übergabe von {lead}",
                [
                    """
                    So gelingt die Übergabe von {lead}: Melde dich sofort, nenne den Käufer beim Namen \
                    und sage, warum er der Richtige ist.
                    """
                ],
                mail: [
                    """
                    Vorlage für die E-Mail:\n„Vielen Dank für deine Anfrage. Wir selbst sind dafür \
                    nicht die Richtigen, empfehlen dir aber einen passenden Anbieter. Er meldet sich in \
                    Kürze bei dir.“
                    """,
                    """
                    Leitfaden für den Anruf:\n1. Bezug auf die Anfrage nehmen.\n2. Erklären, warum du \
                    weitervermittelst.\n3. Den Anbieter vorstellen.\n4. Fragen, wann er am besten \
                    anruft.
                    """,
                ])
        case .orderRefunded:
            Template(
                "Erstattung zu {lead}",
                [
                    "Zum Kauf von {lead} gibt es eine Erstattung.", "Betrag: {refund}.", "Grund: {reason}.",
                    "Rechnungskorrektur: {number}.",
                ])
        case .payoutStarted:
            Template(
                "Auszahlung unterwegs: {lead}",
                [
                    "Die Haltefrist für {lead} ist vorbei, deine Auszahlung ist unterwegs.",
                    "Betrag: {amount}.",
                ])
        case .invoiceIssued:
            Template(
                "Deine Rechnung",
                [
                    "Deine Rechnung liegt in deinem Account bereit.", "Nummer: {number}.", "Betrag: {total}.",
                    "Lead: {title}.",
                ])
        case .creditNoteIssued:
            Template(
                "Deine Rechnungskorrektur",
                [
                    "Deine Rechnungskorrektur liegt in deinem Account bereit.", "Nummer: {number}.",
                    "Sie korrigiert die Rechnung {invoice}.", "Betrag: {total}.",
                ])
        case .payoutMade:
            Template(
                "Ausgezahlt: {lead}",
                [
                    "Der Erlös für {lead} abzüglich der Provision ist auf dein Auszahlungskonto überwiesen.",
                    "Betrag: {amount}.",
                ])
        default:
            Template(
                "Auszahlung fehlgeschlagen: {lead}",
                [
                    """
                    Die Auszahlung für {lead} hat nicht geklappt. Der Betrag bleibt in deinem Guthaben. \
                    Bitte prüfe dein Auszahlungskonto.
                    """,
                    "Betrag: {amount}.", "Grund: {reason}.",
                ])
        }
    }

    private static func dispute(_ event: NotificationEvent) -> Template {
        switch event {
        case .objectionOpened:
            Template(
                "Einspruch zu {lead}",
                [
                    """
                    Zum Kauf von {lead} ist ein Einspruch eröffnet. Die Auszahlung ruht, bis er \
                    entschieden ist.
                    """,
                    "Grund: {ground}.",
                ])
        case .statementDue:
            Template(
                "Bitte nimm Stellung: Einspruch zu {lead}",
                [
                    "Der Käufer von {lead} hat Einspruch eingelegt. Bitte nimm in deinem Account Stellung.",
                    "Grund: {ground}.", "Frist: {deadline}.", "Antwortest du nicht rechtzeitig, {silence}.",
                ])
        case .statementReceived:
            Template(
                "Stellungnahme zu {lead}",
                [
                    """
                    Zum Einspruch über {lead} liegt eine Stellungnahme vor. Unser Support entscheidet \
                    als Nächstes.
                    """
                ])
        case .caseDecided:
            Template(
                "Einspruch entschieden: {lead}",
                [
                    "Der Fall zu {lead} ist entschieden, der Käufer erhält eine Erstattung.",
                    "Betrag: {refund}.",
                ])
        case .caseRejected:
            Template(
                "Einspruch zurückgewiesen: {lead}",
                [
                    """
                    Der Einspruch zu {lead} ist zurückgewiesen. Es bleibt beim Kauf, und die Auszahlung \
                    läuft weiter.
                    """
                ])
        default:
            Template(
                "Kontaktversuch gemeldet: {lead}",
                [
                    "Zu {lead} wurde ein Kontaktversuch gemeldet.", "Ergebnis: {outcome}.",
                    "Gezählte Versuche: {attempts}.",
                    """
                    Hast du den Interessenten erreicht? Dann melde es bis {deadline}; sonst wird der \
                    Kaufpreis erstattet.
                    """,
                ])
        }
    }
}
