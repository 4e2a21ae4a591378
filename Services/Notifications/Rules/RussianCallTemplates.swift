import Messages

/// Предоплаченные линии по-русски (E).
extension RussianTemplates {
    static func call(_ event: NotificationEvent) -> Template {
        switch event {
        case .callLengthened:
            Template(
                "Баланс пополнен во время разговора",
                [
                    "Баланс абонента пополнен во время разговора.",
                    "Разговор {number}: свободно {balance}, до {deadline}.",
                ])
        default:
            Template(
                "В разговоре осталось две минуты",
                ["Баланс абонента скоро закончится.", "Разговор {number}: до {deadline}."])
        }
    }
}
