import Kernel

/// The world outside the house: mail boxes, and how reliable mail servers and payment providers are.
public final class Outside: @unchecked Sendable {
    /// How a call to the outside fares.
    public enum Fate: Sendable, Equatable {
        case works
        /// Nothing happened, and the caller knows that it failed.
        case fails
        /// It happened, and the caller does not know.
        case timesOut
        /// It happens twice, as where an answer was lost below the caller.
        case twice
    }

    private let faults: Faults
    private var boxes: [String: [(name: String, text: String)]] = [:]
    private var lateness: Duration64?
    private(set) var deliveries = 0
    /// Told of each e-mail that is delivered.
    var seen: ([UInt8], String) -> Void = { _, _ in }
    /// What the payment provider has ended, by the provider's idempotency key: its answer never changes.
    private var ended: [String: UInt8] = [:]

    init(faults: Faults) { self.faults = faults }

    /// How the next e-mail fares.
    public func fateOfMail() -> Fate {
        if faults.strikes(.mailFailure) { return .fails }
        if faults.strikes(.mailLate) { lateness = .seconds(Int64(faults.draw(.mailLate, below: 7_200))) }
        if faults.strikes(.mailTimeout) { return .timesOut }
        return faults.strikes(.mailTwice) ? .twice : .works
    }

    /// How the next call to the payment provider fares.
    public func fateOfPayment() -> Fate {
        if faults.strikes(.paymentFailure) { return .fails }
        if faults.strikes(.paymentLate) {
            lateness = .seconds(Int64(faults.draw(.paymentLate, below: 86_400)))
        }
        if faults.strikes(.paymentTimeout) { return .timesOut }
        return faults.strikes(.paymentTwice) ? .twice : .works
    }

    /// How late the outcome of the effect that was just performed comes.
    func takeLateness() -> Duration64? {
        defer { lateness = nil }
        return lateness
    }

    /// Puts an e-mail into its recipient's box; one of the same name is replaced.
    public func deliver(name: String, content: [UInt8]) {
        deliveries += 1
        let text = String(decoding: content, as: UTF8.self)
        let recipient = Outside.recipient(text)
        seen(content, recipient)
        if let known = boxes[recipient]?.lastIndex(where: { $0.name == name }) {
            boxes[recipient]?[known].text = text
        } else {
            boxes[recipient, default: []].append((name, text))
        }
    }

    func mail(to address: String) -> [String] { (boxes[address] ?? []).map(\.text) }

    /// What the provider said about a payment when it ended it; nothing before.
    public func answer(for payment: String) -> UInt8? { ended[payment] }
    public func end(_ payment: String, as answer: UInt8) { ended[payment] = ended[payment] ?? answer }

    private static func recipient(_ text: String) -> String {
        let header = text.utf8
        guard let start = text.range(of: "\r\nTo: ")?.upperBound else { return "" }
        let line = header[start...]
        guard let open = line.firstIndex(of: UInt8(ascii: "<")),
            let close = line[open...].firstIndex(of: UInt8(ascii: ">"))
        else { return "" }
        return String(decoding: line[line.index(after: open)..<close], as: UTF8.self)
    }
}
