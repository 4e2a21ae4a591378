import Kernel
import Messages
import Wire

/// A house that notes what is said to it and what it answers.
final class RecordingHouse: House {
    private let house: any House
    private var notes: [String] = []

    init(_ house: any House) { self.house = house }

    /// What was noted since the last call, each line once.
    func takeNotes() -> [String] {
        defer { notes = [] }
        return notes
    }

    func note(_ line: String) {
        if !notes.contains(line) { notes.append(line) }
    }

    func send<C: Command>(_ command: C, as guest: Guest?, key: IdempotencyKey?) async throws -> C.Answer {
        try await noted(C.self, C.Answer.self) { try await house.send(command, as: guest, key: key) }
    }

    func ask<Q: Query>(_ query: Q, as guest: Guest?) async throws -> Q.Answer {
        try await noted(Q.self, Q.Answer.self) { try await house.ask(query, as: guest) }
    }

    func now() async throws -> Instant { try await house.now() }
    func settle() async throws { try await house.settle() }
    func mail() async throws -> [SpooledMail] { try await house.mail() }

    func bootstrap(email: String, password: String) async throws {
        try await house.bootstrap(email: email, password: password)
    }

    func advance(to instant: Instant) async throws {
        try await house.advance(to: instant)
        note("the clock → \(instant.iso8601)")
    }

    private func noted<Sent: Message, Answer: Message>(
        _ sent: Sent.Type, _ answer: Answer.Type, _ body: () async throws -> Answer
    ) async throws -> Answer {
        let heading = "\(sent.title) \(hex(sent.code)) →"
        do {
            let answer = try await body()
            note("\(heading) \(Answer.title) \(hex(Answer.code))")
            return answer
        } catch let refusal as Refusal {
            note("\(heading) Refusal \(hex(Refusal.code)) \(refusal.reason)")
            throw refusal
        }
    }

    private func hex(_ code: UInt16) -> String {
        let digits = String(code, radix: 16)
        return "0x" + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
