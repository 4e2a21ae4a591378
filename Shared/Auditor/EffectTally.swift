import Kernel

/// How often each effect was performed, as its outcomes in the journals tell: tried again at times, but not for ever.
struct EffectTally {
    private struct Name: Hashable {
        var service: ServiceName
        var code: UInt64
        var subject: UInt64
    }

    private var outcomes: [Name: Int] = [:]
    /// More than the longest row of tries that pauses between them leave room for.
    static let most = 1_000

    mutating func take(_ row: JournalRow, _ service: ServiceName, _ findings: Findings) {
        guard row.source == 0, !row.isTimer else { return }
        let name = Name(service: service, code: row.key.high, subject: row.key.low)
        outcomes[name, default: 0] += 1
        guard outcomes[name] == EffectTally.most else { return }
        findings.report(
            .effectEnds,
            "\(service.title) effect \(name.code) of \(name.subject): expected an end of it, found \(EffectTally.most) outcomes",
            ["\(service.title) effect \(name.subject)"])
    }
}
