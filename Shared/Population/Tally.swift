import Messages

/// What a population has sent, and how it was answered: by message, by refusal, and by the habit that did it.
public struct Tally: Sendable {
    /// Times sent, by message code; a repeat counts again.
    public private(set) var sent: [UInt16: Int] = [:]
    public private(set) var answered: [UInt16: Int] = [:]
    public private(set) var refused: [RefusalCode: Int] = [:]
    /// Calls whose link broke or that had no answer in time.
    public private(set) var unknown: [UInt16: Int] = [:]
    /// Commands sent: what changes something.
    public private(set) var commands = 0
    public private(set) var queries = 0
    public private(set) var pushes = 0
    private var messagesByHabit: [Habit: Set<UInt16>] = [:]
    private var refusalsByHabit: [Habit: Set<RefusalCode>] = [:]
    /// Refusals by message, for reports.
    public private(set) var refusalsByMessage: [UInt16: [RefusalCode: Int]] = [:]

    public func messages(by habit: Habit) -> Set<UInt16> { messagesByHabit[habit] ?? [] }
    public func refusals(by habit: Habit) -> Set<RefusalCode> { refusalsByHabit[habit] ?? [] }

    mutating func begins(_ code: UInt16, isCommand: Bool, by habit: Habit) {
        sent[code, default: 0] += 1
        if isCommand { commands += 1 } else { queries += 1 }
        messagesByHabit[habit, default: []].insert(code)
    }

    mutating func ends<Answer>(_ code: UInt16, _ outcome: CallOutcome<Answer>, by habit: Habit) {
        switch outcome {
        case .answered: answered[code, default: 0] += 1
        case .unknown: unknown[code, default: 0] += 1
        case .refused(let refusal):
            refused[refusal.reason, default: 0] += 1
            refusalsByHabit[habit, default: []].insert(refusal.reason)
            refusalsByMessage[code, default: [:]][refusal.reason, default: 0] += 1
        }
    }

    mutating func hears() { pushes += 1 }
}
