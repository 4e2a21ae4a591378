import Messages

/// Russian, with «Вы».
enum RussianTemplates {
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
                "Подтвердите адрес электронной почты",
                [
                    """
                    Добро пожаловать на {marketplace}! Подтвердите адрес электронной почты по ссылке из \
                    нашего письма.
                    """,
                    "Ссылка действует до {deadline}.",
                ],
                mail: ["Вы не регистрировались? Тогда просто не обращайте внимания на это письмо."])
        case .partyVerified:
            Template("Ваш аккаунт открыт", ["Мы проверили Ваш аккаунт. Теперь Вы можете торговать."])
        case .partySuspended:
            Template(
                "Ваш аккаунт заблокирован",
                ["Ваш аккаунт на {marketplace} заблокирован.", "Причина: {reason}."],
                mail: ["Если Вы считаете это ошибкой, обратитесь в нашу поддержку."])
        case .payoutAccountVerified:
            Template(
                "Счёт для выплат привязан",
                ["Ваш счёт для выплат подтверждён. Теперь Вы можете выставлять лиды."])
        case .topUpCredited:
            Template(
                "Баланс пополнен",
                ["Пополнение зачислено.", "Сумма: {amount}.", "Свободный баланс: {balance}."])
        case .topUpFailed:
            Template(
                "Пополнение не прошло",
                ["Пополнение не прошло, деньги не списаны.", "Сумма: {amount}.", "Причина: {reason}."])
        case .receivableDue:
            Template(
                "Задолженность: {lead}",
                [
                    """
                    После выплаты за {lead} покупателю вернули деньги. Мы зачтём эту сумму из Вашего \
                    баланса.
                    """,
                    "Сумма: {amount}.", "Причина: {reason}.",
                ])
        default:
            Template(
                "Новое сообщение по заказу {order}",
                ["У Вас новое сообщение: {lead}. Прочитайте его и ответьте в своём аккаунте."])
        }
    }

    private static func auction(_ event: NotificationEvent) -> Template {
        switch event {
        case .listingPublished:
            Template(
                "Опубликовано: {lead}",
                ["Аукцион начался: {lead}.", "Стартовая цена: {price}.", "Окончание: {endsAt}."])
        case .listingDeleted:
            Template(
                "Удалено: {lead}",
                ["Продавец удалил аукцион: {lead}. Заморозка на Вашем балансе снята."])
        case .listingSuspended:
            Template(
                "Приостановлено: {lead}",
                ["Аукцион приостановлен: {lead}. Заморозка по ставкам снята.", "Причина: {reason}."])
        case .listingExpired:
            Template(
                "Нет ставок: {lead}",
                [
                    """
                    Аукцион завершился без ставок: {lead}. Вы можете один раз выставить лид повторно и \
                    при желании изменить стартовую цену.
                    """
                ])
        case .reviewDue:
            Template(
                "Плановая проверка",
                ["Мы регулярно проверяем продавцов и лиды. Сейчас подошла проверка: {lead}."])
        case .prospectObjected:
            Template(
                "Возражение клиента: {lead}",
                [
                    """
                    Клиент возразил против передачи его данных. Предложение снято: {lead}. Контактные \
                    данные удалены, заморозка снята.
                    """
                ])
        case .bidLeading:
            Template(
                "Вы лидер торгов: {lead}",
                [
                    "Ваша ставка лидирует: {lead}. Она обязательна, пока её не перебьют.",
                    "Ваша ставка: {amount}.", "Текущая цена: {price}.", "Окончание: {endsAt}.",
                ])
        case .bidOutbid:
            Template(
                "Ваша ставка перебита: {lead}",
                [
                    "Ваша ставка перебита: {lead}. Заморозка на Вашем балансе снята.",
                    "Ваша ставка: {amount}.",
                    "Текущая цена: {price}.", "Окончание аукциона: {endsAt}.",
                ],
                mail: ["Вы можете сделать новую ставку или отозвать прежнюю."])
        default:
            Template("Ставка отозвана: {lead}", ["Ставка отозвана: {lead}.", "Сумма: {amount}."])
        }
    }

    private static func award(_ event: NotificationEvent) -> Template {
        switch event {
        case .auctionWon:
            Template(
                "Победа в аукционе: {lead}",
                [
                    "Поздравляем, Вы победили в аукционе: {lead}.", "Цена: {price}.",
                    "Оплатите до {deadline}.",
                ],
                mail: ["После оплаты Вы получите контактные данные по электронной почте и в своём аккаунте."])
        case .auctionLost:
            Template(
                "Аукцион завершён: {lead}",
                ["Аукцион завершён, победила другая ставка: {lead}.", "Итоговая цена: {price}."])
        case .leadSold:
            Template(
                "Продано: {lead}", ["Найден покупатель: {lead}.", "Цена: {price}."],
                mail: [
                    "Как только покупатель оплатит, мы сообщим Вам по электронной почте и в личном кабинете."
                ])
        case .paymentDue:
            Template(
                "Ожидается оплата: {lead}",
                ["Пожалуйста, оплатите покупку: {lead}.", "Цена: {price}.", "Срок оплаты: {deadline}."],
                mail: ["По истечении срока предложение перейдёт к следующему участнику."])
        case .paymentLapsed:
            Template(
                "Срок оплаты истёк: {lead}",
                ["Покупка не оплачена в срок: {lead}. Победа в аукционе аннулирована.", "Цена: {price}."])
        case .runnerUpOffer:
            Template(
                "Предложение для Вас: {lead}",
                [
                    """
                    Лидер торгов не оплатил покупку. Вы можете выкупить лид по Вашей собственной \
                    ставке, но не обязаны: {lead}.
                    """,
                    "Цена: {price}.", "Предложение действует до {deadline}.",
                ])
        default:
            Template("Предложение истекло: {lead}", ["Срок предложения истёк: {lead}."])
        }
    }

    private static func order(_ event: NotificationEvent) -> Template {
        switch event {
        case .contactRevealed:
            Template(
                "Контактные данные: {lead}",
                [
                    "Оплата получена. Контактные данные доступны в Вашем аккаунте: {lead}.",
                    "Цена: {price}.", "Претензию можно подать до {deadline}.",
                ],
                mail: [
                    """
                    Свяжитесь с клиентом как можно скорее. С вопросами пишите продавцу и нашей \
                    поддержке в заказе {order}.
                    """
                ])
        case .paymentReceived:
            Template(
                "Оплата получена: {lead}",
                [
                    """
                    Покупатель оплатил: {lead}. Свяжитесь с клиентом как можно скорее и передайте его \
                    покупателю.
                    """,
                    "Цена: {price}.",
                ],
                mail: ["После срока удержания мы автоматически выплатим цену за вычетом комиссии."])
        case .handoverTips:
            Template(
                "Советы по передаче: {lead}",
                [
                    """
                    Как успешно передать клиента ({lead}): позвоните сразу, назовите покупателя и \
                    объясните, почему он подходит.
                    """
                ],
                mail: [
                    """
                    Шаблон письма:\n«Спасибо за Ваш запрос. Сами мы с такими задачами не работаем, но \
                    рекомендуем подходящего исполнителя. Он скоро свяжется с Вами.»
                    """,
                    """
                    План звонка:\n1. Напомните о запросе.\n2. Объясните, почему передаёте его.\n3. \
                    Представьте исполнителя.\n4. Спросите, когда удобно позвонить.
                    """,
                ])
        case .orderRefunded:
            Template(
                "Возврат: {lead}",
                [
                    "По покупке оформлен возврат: {lead}.", "Сумма: {refund}.", "Причина: {reason}.",
                    "Корректировочный счёт: {number}.",
                ])
        case .payoutStarted:
            Template(
                "Выплата в пути: {lead}",
                ["Срок удержания закончился, выплата в пути: {lead}.", "Сумма: {amount}."])
        case .invoiceIssued:
            Template(
                "Ваш счёт",
                ["Счёт доступен в Вашем аккаунте.", "Номер: {number}.", "Сумма: {total}.", "Лид: {title}."])
        case .creditNoteIssued:
            Template(
                "Ваш корректировочный счёт",
                [
                    "Корректировочный счёт доступен в Вашем аккаунте.", "Номер: {number}.",
                    "Он исправляет счёт {invoice}.", "Сумма: {total}.",
                ])
        case .payoutMade:
            Template(
                "Выплачено: {lead}",
                ["Цена за вычетом комиссии переведена на Ваш счёт для выплат: {lead}.", "Сумма: {amount}."])
        default:
            Template(
                "Выплата не прошла: {lead}",
                [
                    "Выплата не прошла: {lead}. Сумма остаётся на Вашем балансе. Проверьте счёт для выплат.",
                    "Сумма: {amount}.", "Причина: {reason}.",
                ])
        }
    }

    private static func dispute(_ event: NotificationEvent) -> Template {
        switch event {
        case .objectionOpened:
            Template(
                "Претензия: {lead}",
                [
                    "По покупке открыта претензия: {lead}. Выплата приостановлена до решения.",
                    "Основание: {ground}.",
                ])
        case .statementDue:
            Template(
                "Ответьте на претензию: {lead}",
                [
                    "Покупатель подал претензию: {lead}. Ответьте на неё в своём аккаунте.",
                    "Основание: {ground}.", "Срок: {deadline}.", "Если Вы не ответите вовремя, {silence}.",
                ])
        case .statementReceived:
            Template(
                "Ответ на претензию: {lead}",
                ["На претензию получен ответ: {lead}. Следующее решение за нашей поддержкой."])
        case .caseDecided:
            Template(
                "Решение по претензии: {lead}",
                ["Решение принято, покупатель получает возврат: {lead}.", "Сумма: {refund}."])
        case .caseRejected:
            Template(
                "Претензия отклонена: {lead}",
                ["Претензия отклонена: {lead}. Покупка остаётся в силе, выплата продолжается."])
        default:
            Template(
                "Сообщение о попытке связи: {lead}",
                [
                    "Сообщили о попытке связаться с клиентом: {lead}.", "Результат: {outcome}.",
                    "Засчитано попыток: {attempts}.",
                    "Вы связались с клиентом? Сообщите об этом до {deadline}; иначе цена будет возвращена.",
                ])
        }
    }
}
