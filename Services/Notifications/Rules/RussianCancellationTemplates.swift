import Messages

/// Sales that are undone, and meetings of which nobody speaks, in Russian, with "Вы" (C7, C4).
extension RussianTemplates {
    static func cancellation(_ event: NotificationEvent) -> Template {
        switch event {
        case .cancellationAsked:
            Template(
                "Пожалуйста, подтвердите отмену: {lead}",
                [
                    "Другая сторона просит вас отменить продажу {lead}.",
                    "Причина: {reason}.",
                    """
                    Пожалуйста, согласитесь или откажитесь в кабинете до {deadline}; иначе решит \
                    поддержка.
                    """,
                    "Если вы согласны, покупатель получит деньги обратно, а обе оценки будут удалены.",
                ])
        case .cancellationRefused:
            Template(
                "Договор остаётся в силе: {lead}",
                [
                    """
                    Продажа {lead} не отменяется. Договор остаётся в силе: пожалуйста, проведите \
                    встречу.
                    """
                ])
        case .cancellationUnanswered:
            Template(
                "Отменой занимается поддержка: {lead}",
                [
                    """
                    Просьба отменить продажу {lead} осталась без ответа. Решит поддержка; она может попросить у \
                    вас подтверждения.
                    """
                ])
        case .saleCancelled:
            Template(
                "Продажа отменена: {lead}",
                [
                    "Продажа {lead} отменена. Обе оценки удалены.",
                    "Встреча с {meeting} до {meetingEnd} не состоится.",
                    "Аукционный сбор несёт тот, кто попросил об отмене; счёт последует.",
                ])
        default:
            Template(
                "Встреча состоялась? Вопрос поддержки: {lead}",
                [
                    """
                    Ни одна сторона не сообщила о встрече по {lead}. Поддержка решит, что будет с платой за \
                    встречу, и может попросить у вас подтверждения.
                    """
                ])
        }
    }
}
