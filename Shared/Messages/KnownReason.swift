import Kernel

/// Why a rule refunded or suspended, as one service tells another: a name in messages, words in every language
/// wherever a party reads it (F8).
public enum KnownReason: String, CaseIterable, Sendable {
    /// A17: the prospect could not be reached.
    case unreachable
    /// A17: the prospect declined.
    case declined
    /// A14: the verdict, or the seller's silence.
    case objectionUpheld
    case objectionPartlyUpheld
    case objectionRejected
    /// F10: the prospect objected before the reveal.
    case prospectObjected
    /// A12: the contact was erased before the reveal.
    case contactUnavailable
    /// A16: an operator's review found against the party or listing.
    case foundByReview
    /// A19: payment deadlines lapsed too often.
    case paymentsLapsed
    /// B3: the prospect rejected the application.
    case applicationRejected
    /// B1: the listing, or the applicant, was stopped before the prospect decided.
    case applicationStopped
    /// B3: a rejection gives nothing back after the planned meeting.
    case meetingTimePassed
    /// B3: a rejection gives nothing back where a meeting was reported.
    case meetingReported
    /// C4: an operator decided after only one report of a meeting.
    case supportDecided
    /// D6: the buyer asked for contact data in preliminary calls, too often or as the policy ends it for.
    case fishedForContacts
    /// D7: somebody else bought the lead.
    case leadSold
    /// D5: the activation's time was over.
    case activationExpired
    /// D4: the buyer bought the lead or left it.
    case activationEnded
    /// The listing, the prospect or the buyer was stopped while a preliminary call was under way.
    case listingStopped
    /// C7: the sale was undone by agreement.
    case saleCancelled
    /// C7: why a party asks to undo the sale.
    case poorRatings
    case noAppointment
    case noLongerWanted

    public func text(in language: Language) -> String {
        let words: (german: String, english: String, russian: String) =
            switch self {
            case .unreachable:
                ("Interessent nicht erreichbar", "prospect unreachable", "не удалось связаться с клиентом")
            case .declined: ("Interessent hat abgelehnt", "prospect declined", "клиент отказался")
            case .objectionUpheld: ("Einspruch berechtigt", "dispute upheld", "претензия удовлетворена")
            case .objectionPartlyUpheld:
                (
                    "Einspruch teilweise berechtigt", "dispute upheld in part",
                    "претензия удовлетворена частично"
                )
            case .objectionRejected: ("Einspruch zurückgewiesen", "dispute rejected", "претензия отклонена")
            case .prospectObjected:
                ("Widerspruch des Interessenten", "prospect's objection", "возражение клиента")
            case .contactUnavailable:
                ("Kontaktdaten nicht verfügbar", "contact not available", "контактные данные недоступны")
            case .foundByReview: ("Ergebnis einer Prüfung", "result of a review", "результат проверки")
            case .paymentsLapsed:
                ("Zahlungsfristen versäumt", "payment deadlines missed", "пропущены сроки оплаты")
            case .applicationRejected:
                ("Bewerbung abgelehnt", "application rejected", "заявка отклонена")
            case .applicationStopped:
                ("Bewerbung beendet", "application ended", "заявка закрыта")
            case .meetingTimePassed:
                ("nach dem geplanten Termin", "after the planned meeting", "после запланированной встречи")
            case .meetingReported:
                ("ein Termin wurde gemeldet", "a meeting was reported", "сообщено о встрече")
            case .supportDecided:
                ("Entscheidung des Supports", "decision of our support", "решение поддержки")
            case .fishedForContacts:
                (
                    "Frage nach Kontaktdaten im Vorabgespräch",
                    "asking for contact data in a preliminary call",
                    "попытка узнать контакты во время предварительного звонка"
                )
            case .leadSold: ("Lead verkauft", "lead sold", "лид продан")
            case .activationExpired:
                ("Zeit für das Vorabgespräch abgelaufen", "time for the call is over", "срок звонка истёк")
            case .activationEnded:
                ("Vorabgespräch beendet", "preliminary call ended", "предварительный звонок завершён")
            case .listingStopped: ("Angebot beendet", "listing stopped", "предложение закрыто")
            case .saleCancelled: ("Stornierung des Kaufs", "sale cancelled", "отмена продажи")
            case .poorRatings:
                ("schlechte Bewertungen des Experten", "poor ratings of the expert", "плохие оценки эксперта")
            case .noAppointment:
                ("kein passender Termin", "no time that suits both sides", "нет подходящего времени")
            case .noLongerWanted:
                ("kein Bedarf mehr", "no longer wanted", "больше не требуется")
            }
        return switch language {
        case .german: words.german
        case .english: words.english
        case .russian: words.russian
        }
    }

    /// `reason` in words if it is a name known here; else as it is: somebody wrote it.
    public static func text(_ reason: String, in language: Language) -> String {
        KnownReason(rawValue: reason)?.text(in: language) ?? reason
    }
}
