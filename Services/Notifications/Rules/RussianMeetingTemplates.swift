import Messages

/// Appointments that are auctioned, in Russian, with "Вы" (C).
extension RussianTemplates {
    static func meeting(_ event: NotificationEvent) -> Template {
        switch event {
        case .contractConcluded:
            Template(
                "Договор купли-продажи: {lead}",
                [
                    "Аукцион {lead} завершился договором.", "Плата за встречу: {price}.",
                    "Оплачено покупателем: {total}.", "Пожалуйста, согласуйте встречу до {deadline}.",
                ],
                mail: [
                    """
                    Это письмо — ваш договор купли-продажи, оно отправляется один раз. В кабинете вы можете в любое время \
                    прочитать и распечатать договор (заказ {order}).
                    """
                ])
        case .appointmentProposed:
            Template(
                "Предложена встреча: {lead}",
                [
                    "Другая сторона предлагает встречу по {lead}.", "Время: {meeting}.",
                    "Пожалуйста, примите предложение или предложите другое время.",
                ])
        case .appointmentAgreed:
            Template(
                "Встреча согласована: {lead}",
                ["Встреча по {lead} согласована.", "Она пройдёт с {meeting} до {meetingEnd}."])
        case .appointmentReminder:
            Template(
                "Пожалуйста, согласуйте встречу: {lead}",
                [
                    "Встреча по {lead} ещё не согласована.", "Это следовало сделать до {deadline}.",
                    "Договор остаётся в силе. Пожалуйста, предложите время.",
                ])
        case .meetingDue:
            Template(
                "Встреча состоялась? {lead}",
                [
                    "Ваша встреча по {lead} назначена на сейчас. Пожалуйста, сообщите затем, что она состоялась."
                ])
        default: reports(event)
        }
    }

    private static func reports(_ event: NotificationEvent) -> Template {
        switch event {
        case .meetingReported:
            Template(
                "Пожалуйста, подтвердите встречу: {lead}",
                [
                    "Другая сторона сообщила, что встреча по {lead} состоялась.", "Время: {meeting}.",
                    "Пожалуйста, подтвердите это до {deadline}; иначе вопросом займётся поддержка.",
                ])
        case .reportReminder:
            Template(
                "Напоминание: подтвердите встречу: {lead}",
                [
                    "Вы ещё не сообщили, что встреча по {lead} состоялась.",
                    "Пожалуйста, сделайте это до {deadline}; иначе вопросом займётся поддержка.",
                ])
        case .supportAsked:
            Template(
                "Вопросом занимается поддержка: {lead}",
                [
                    """
                    Только одна сторона сообщила, что встреча по {lead} состоялась. Поддержка решит, что будет с платой за \
                    встречу, и может попросить у вас подтверждения.
                    """
                ])
        default:
            Template(
                "Нет ставок на встречу: {lead}",
                [
                    """
                    Аукцион {lead} завершился без ставок. Вы можете выставить его снова в любое время, с изменениями или \
                    без них.
                    """,
                    "Мы предлагаем стартовую цену {price}.",
                ])
        }
    }
}
