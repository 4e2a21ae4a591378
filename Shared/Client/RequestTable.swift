/// The requests of one connection that wait for their answers, in slots that are used again.
///
/// A correlation is a slot's index and how often it was used, so that a late answer to a request that was
/// given up finds nothing.
struct RequestTable {
    typealias Completion = @Sendable (Result<Reply, ClientFault>) -> Void

    private struct Slot {
        var use: UInt32 = 0
        var giveUpAt: UInt64 = 0
        var completion: Completion?
    }

    private var slots: [Slot] = []
    private var free: [Int] = []

    var waiting: Int { slots.count - free.count }

    /// - Parameter giveUpAt: monotonic nanoseconds.
    /// - Returns: the correlation.
    mutating func add(giveUpAt: UInt64, _ completion: @escaping Completion) -> UInt64 {
        let index: Int
        if let reused = free.popLast() {
            index = reused
        } else {
            index = slots.count
            slots.append(Slot())
        }
        slots[index].use &+= 1
        slots[index].giveUpAt = giveUpAt
        slots[index].completion = completion
        return UInt64(slots[index].use) << 32 | UInt64(index)
    }

    mutating func take(_ correlation: UInt64) -> Completion? {
        let index = Int(correlation & 0xffff_ffff)
        guard index < slots.count, UInt64(slots[index].use) == correlation >> 32,
            let completion = slots[index].completion
        else { return nil }
        slots[index].completion = nil
        free.append(index)
        return completion
    }

    mutating func takeAll() -> [Completion] {
        let all = slots.compactMap(\.completion)
        slots = []
        free = []
        return all
    }

    mutating func takeOverdue(now: UInt64) -> [Completion] {
        var overdue: [Completion] = []
        for index in slots.indices where slots[index].giveUpAt <= now {
            guard let completion = slots[index].completion else { continue }
            overdue.append(completion)
            slots[index].completion = nil
            free.append(index)
        }
        return overdue
    }
}
