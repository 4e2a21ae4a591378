import Kernel
import Messages
import Runtime
import WalletRules

/// The auction attached a proxy number to an activation (D1).
enum OpenProxyLineHandler {
    static func handle(_ message: OpenProxyLine, _ turn: Turn) throws {
        try ProxyLines.open(message, turn.store)
    }
}

/// The number is detached: live calls end (D4-D7).
enum CloseProxyLineHandler {
    static func handle(_ message: CloseProxyLine, _ turn: Turn) throws {
        let line = try ProxyLines.find(message.activation, turn.store)
        try ProxyLines.close(message.activation, turn.store)
        guard let line, !line.isClosed else { return }
        for id in try LeadCalls.inProgress(of: line.activation, turn.store) {
            guard let stored = try LeadCalls.find(id, turn.store) else { continue }
            try LeadCallSettling.end(stored, message.reason, turn)
        }
        if message.creditCalls { try LeadCallSettling.credit(line, turn) }
    }
}

/// A call ends, and its number stays attached (D6).
enum EndLeadCallHandler {
    static func handle(_ message: EndLeadCall, _ turn: Turn) throws {
        guard let stored = try LeadCalls.find(message.call, turn.store) else { return }
        try LeadCallSettling.end(stored, message.reason, turn)
    }
}

enum ListLeadCallsHandler {
    static func handle(_ query: ListLeadCalls, _ reading: Reading) throws -> Outcome<CallPage> {
        let buyer =
            try LeadCalls.buyer(of: query.activation, reading.store)
            ?? ProxyLines.find(query.activation, reading.store)?.buyer
        guard !query.activation.isNone, let buyer,
            buyer == reading.acting.party || reading.acting.isOperator
        else { return .refused(.notFound, expected: "an activation", found: "\(query.activation)") }
        let size = max(1, min(100, Int(query.limit)))
        let found = try LeadCalls.page(
            of: query.activation, after: query.after, limit: size + 1, reading.store)
        var page = CallPage()
        page.calls = Array(found.prefix(size))
        page.more = found.count > size
        return .answer(page)
    }
}

enum FindLeadCallHandler {
    static func handle(_ query: FindLeadCall, _ reading: Reading) throws -> Outcome<LeadCallFound> {
        guard let stored = try LeadCalls.find(query.call, reading.store),
            stored.telephoneSwitch == query.telephoneSwitch, stored.stage != .turnedAway
        else { return .refused(.notFound, expected: "a preliminary call of the switch's") }
        var answer = LeadCallFound()
        answer.activation = stored.activation
        return .answer(answer)
    }
}
