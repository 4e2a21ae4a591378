import Messages

/// Counts messages and refusals by name; each name stands in it from the start, but for what is ``Unreachable``.
final class MessageTally {
    private var byCode = [Int](repeating: 0, count: 4_096)
    private var byReason = [Int](repeating: 0, count: 256)

    func note(_ code: UInt16) {
        if Int(code) < byCode.count { byCode[Int(code)] += 1 }
    }

    func note(_ reason: RefusalCode) { byReason[Int(reason.rawValue)] += 1 }

    var messages: [String: Int] {
        var messages: [String: Int] = [:]
        for message in Catalogue.all {
            let count = byCode[Int(message.code)]
            if count > 0 || Unreachable.messages[message.code] == nil { messages[message.title] = count }
        }
        return messages
    }

    var refusals: [String: Int] {
        var refusals: [String: Int] = [:]
        for reason in RefusalCode.allCases {
            let count = byReason[Int(reason.rawValue)]
            if count > 0 || Unreachable.refusals[reason] == nil { refusals["\(reason)"] = count }
        }
        return refusals
    }
}

/// What a sound house never says, whatever happens to it: it is counted only where it was said after all.
enum Unreachable {
    static let messages: [UInt16: String] = [
        DisownHold.code:
            "of a hold that the auction never asked for; it asks for each in the name of a bid that it keeps"
    ]

    static let refusals: [RefusalCode: String] = [
        .holdEnded: "by the wallet to the auction alone, which names each hold while it lives",
        .orderNotFrozen:
            "of an order that is refunded: its case is closed, or nothing was revealed, and either is said first",
    ]
}
