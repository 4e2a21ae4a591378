import Messages

/// Applications in Russian, with «Вы» (B).
extension RussianTemplates {
    static func application(_ event: NotificationEvent) -> Template {
        switch event {
        case .applicationFiled:
            Template(
                "Ваша заявка принята: {lead}",
                [
                    "Клиент рассматривает Вашу заявку: {lead}.", "Сбор: {total}.",
                    "Предложенная встреча: {meeting} – {meetingEnd}.",
                    """
                    Если клиент не ответит до {deadline}, мы сами покажем Вам его контакты. Если он откажется \
                    до встречи, сбор вернётся.
                    """,
                ],
                mail: ["Чат с клиентом открыт. Встреча в Вашем календаре предварительная."])
        case .applicationAccepted:
            Template(
                "Ваша заявка одобрена: {lead}",
                [
                    "Клиент одобрил Вашу заявку: {lead}.", "Встреча: {meeting} – {meetingEnd}.",
                    "Имя, телефон, почта и профиль уже в Вашем кабинете.",
                ])
        case .applicationRevealed:
            Template(
                "Контакты открыты: {lead}",
                [
                    """
                    Клиент не ответил вовремя на Вашу заявку: {lead}. Теперь Вы можете связаться с ним сами.
                    """,
                    "Предложенная встреча: {meeting} – {meetingEnd}.",
                ])
        case .applicationRejected:
            Template(
                "Ваша заявка отклонена: {lead}",
                [
                    "Клиент отклонил Вашу заявку: {lead}.", "Встреча {meeting} – {meetingEnd} отменена.",
                    "Вам автоматически вернётся {refund}.",
                ])
        case .applicationStopped:
            Template(
                "Ваша заявка закрыта: {lead}",
                [
                    "Ваша заявка закрыта до решения клиента: {lead}.", "Причина: {reason}.",
                    "Встреча {meeting} – {meetingEnd} отменена.", "Вам вернётся {refund}.",
                ])
        default: applicationNotice(event)
        }
    }

    private static func applicationNotice(_ event: NotificationEvent) -> Template {
        switch event {
        case .applicationFeeRefunded:
            Template(
                "Сбор возвращён: {lead}",
                [
                    "Сбор за заявку снова на Вашем балансе: {lead}.", "Сумма: {refund}.",
                    "Корректировочный счёт: {number}.",
                ])
        case .applicationFeeKept:
            Template(
                "Сбор не возвращается: {lead}",
                [
                    "После этого отказа сбор за заявку не возвращается: {lead}.", "Сумма: {amount}.",
                    "Причина: {reason}.",
                ])
        case .prospectReminded:
            Template(
                "Клиенту отправлено напоминание: {lead}",
                [
                    "Мы попросили клиента рассмотреть Вашу заявку: {lead}.",
                    "Контакты откроются не позднее {deadline}.",
                ])
        case .waysToReach:
            Template(
                "Как связаться с клиентом: {lead}",
                [
                    "Способы связи с клиентом: {lead}.", "Сейчас доступно: {ways}.",
                    "Следующий способ откроется не позднее {deadline}.",
                ])
        case .opportunityPublished:
            Template(
                "Приём заявок открыт: {lead}",
                ["Компании могут подать заявку: {lead}.", "Сбор: {price}.", "До: {endsAt}."])
        case .applicationReceived:
            Template("Новая заявка: {lead}", ["Компания подала заявку: {lead}."])
        case .opportunityOver:
            Template(
                "Приём заявок закрыт: {lead}",
                ["Время подачи заявок истекло: {lead}. Поданные заявки рассматриваются дальше."])
        default: toProspect(event)
        }
    }

    private static func toProspect(_ event: NotificationEvent) -> Template {
        switch event {
        case .reviewRequested:
            Template(
                "Пожалуйста, рассмотрите заявку: {lead}",
                [
                    "Компания откликнулась на Ваш запрос и представляется: {lead}.",
                    "Предложенная встреча: {meeting} – {meetingEnd}.",
                    """
                    До {deadline} Вы можете согласиться или отказаться; при отказе компания не узнает, кто Вы. \
                    Без ответа мы передадим ей Ваши контакты.
                    """,
                ],
                mail: ["Каждая ссылка служит одной цели, регистрация не нужна."])
        case .reviewReminder:
            Template(
                "Напоминание: заявка ждёт Вашего решения: {lead}",
                [
                    "Вы ещё не решили по заявке на Ваш запрос: {lead}.",
                    "Предложенная встреча: {meeting} – {meetingEnd}.",
                    "Пожалуйста, подтвердите или откажитесь до {deadline}.",
                ])
        default:
            Template(
                "Компания написала Вам: {lead}",
                ["У Вас новое сообщение по запросу: {lead}. Ссылка ведёт в чат."])
        }
    }
}
