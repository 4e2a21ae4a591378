import Messages

/// Counts messages and refusals by name; each name stands in it from the start.
final class MessageTally {
    private var byCode = [Int](repeating: 0, count: 4_096)
    private var byReason = [Int](repeating: 0, count: 256)

    func note(_ code: UInt16) {
        if Int(code) < byCode.count { byCode[Int(code)] += 1 }
    }

    func note(_ reason: RefusalCode) { byReason[Int(reason.rawValue)] += 1 }

    var messages: [String: Int] {
        var messages: [String: Int] = [:]
        for message in Catalogue.all { messages[message.title] = byCode[Int(message.code)] }
        return messages
    }

    var refusals: [String: Int] {
        var refusals: [String: Int] = [:]
        for reason in RefusalCode.allCases { refusals["\(reason)"] = byReason[Int(reason.rawValue)] }
        return refusals
    }
}
