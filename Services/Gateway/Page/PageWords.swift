import Kernel

/// What the page says, in the marketplace's language.
struct PageWords {
    let title: String
    let number: String
    let numberHint: String
    let amount: String
    let bonus: @Sendable (String) -> String
    let method: String
    let pay: String
    let started: String
    let settled: @Sendable (String) -> String
    let declined: String
    let again: String
    let badNumber: String
    let badAmount: String
    let tooOld: String
    let tooMany: String
    let unavailable: String
    let unknown: String

    /// As HTML names it (BCP 47).
    let tag: String

    static func of(_ language: Language) -> PageWords {
        switch language {
        case .german: german
        case .english: english
        case .russian: russian
        }
    }

    private static let german = PageWords(
        title: "Guthaben aufladen", number: "Ihre Rufnummer",
        numberHint: "Mit dieser Nummer rufen Sie an; das Guthaben gehört zu ihr.", amount: "Betrag",
        bonus: { "und \($0) Bonus" }, method: "Zahlungsart", pay: "Bezahlen",
        started: "Die Zahlung läuft. Diese Seite sagt gleich, wie sie ausging.",
        settled: { "Ihr Guthaben ist um \($0) gestiegen. Sie können sofort anrufen." },
        declined: "Die Zahlung kam nicht zustande. Es wurde nichts abgebucht.", again: "Noch einmal aufladen",
        badNumber: "Diese Rufnummer ist keine. Bitte mit Vorwahl angeben.",
        badAmount: "Bitte wählen Sie einen der Beträge.",
        tooOld: "Diese Seite war zu lange offen. Bitte senden Sie noch einmal.",
        tooMany: "Zu viele Versuche. Bitte warten Sie eine Minute.",
        unavailable: "Das geht gerade nicht. Bitte versuchen Sie es in einer Minute noch einmal.",
        unknown: "Diese Seite gibt es nicht.", tag: "de")

    private static let english = PageWords(
        title: "Top up your balance", number: "Your telephone number",
        numberHint: "You call from this number; the balance belongs to it.", amount: "Amount",
        bonus: { "plus \($0) bonus" }, method: "Method of paying", pay: "Pay",
        started: "The payment is on its way. This page will tell how it ended.",
        settled: { "Your balance has risen by \($0). You can call at once." },
        declined: "The payment was declined. Nothing was taken.", again: "Top up again",
        badNumber: "This is no telephone number. Please give it with its area code.",
        badAmount: "Please choose one of the amounts.",
        tooOld: "This page was open for too long. Please send it again.",
        tooMany: "Too many attempts. Please wait a minute.",
        unavailable: "This does not work right now. Please try again in a minute.",
        unknown: "There is no such page.", tag: "en")

    private static let russian = PageWords(
        title: "Пополнение баланса", number: "Ваш номер телефона",
        numberHint: "Вы звоните с этого номера; баланс принадлежит ему.", amount: "Сумма",
        bonus: { "и бонус \($0)" }, method: "Способ оплаты", pay: "Оплатить",
        started: "Платёж выполняется. Эта страница сообщит, чем он закончился.",
        settled: { "Ваш баланс пополнен на \($0). Можно звонить сразу." },
        declined: "Платёж отклонён. Ничего не списано.", again: "Пополнить ещё раз",
        badNumber: "Это не номер телефона. Укажите его с кодом города или оператора.",
        badAmount: "Выберите одну из сумм.",
        tooOld: "Страница была открыта слишком долго. Отправьте ещё раз.",
        tooMany: "Слишком много попыток. Подождите минуту.",
        unavailable: "Сейчас это невозможно. Попробуйте ещё раз через минуту.",
        unknown: "Такой страницы нет.", tag: "ru")
}
