import Kernel
import Messages
import Storage

/// Numbers that call providers, and the providers' telephone switches (E10, F5): told by the vault's journal alone.
struct CallerModel {
    struct Caller {
        var provider: UInt64
        var hash: [UInt8]
        var key: UInt64
    }

    private(set) var callers: [UInt64: Caller] = [:]
    private var byHash: [[UInt8]: UInt64] = [:]
    private var byProvider: [UInt64: [UInt64]] = [:]
    private var touched: Set<UInt64> = []
    /// Whose switch a party is, until it is retired.
    private var providerOf: [UInt64: UInt64] = [:]

    /// The key that is not needed, where the number is known.
    mutating func admit(_ command: AdmitCaller, _ row: JournalRow) -> UInt64? {
        let hash = command.blindNumber.bytes
        guard byHash[hash] == nil else { return command.number.key }
        let (id, provider) = (row.made(), command.provider.raw)
        callers[id] = Caller(provider: provider, hash: hash, key: command.number.key)
        byHash[hash] = id
        byProvider[provider, default: []].append(id)
        touched.insert(id)
        return nil
    }

    /// The key that must be gone; nothing where there is no such caller.
    mutating func erase(_ id: UInt64) -> UInt64? {
        guard let caller = callers.removeValue(forKey: id) else { return nil }
        byHash[caller.hash] = nil
        byProvider[caller.provider]?.removeAll { $0 == id }
        touched.insert(id)
        return caller.key
    }

    /// The oldest callers of a provider, as many as go at once.
    func oldest(of provider: UInt64, _ most: Int) -> [UInt64] {
        Array((byProvider[provider] ?? []).prefix(most))
    }

    mutating func registered(_ party: UInt64, of provider: UInt64) { providerOf[party] = provider }

    /// The switches that go with a party; each of them is retired.
    mutating func retire(with party: UInt64) -> [UInt64] {
        providerOf[party] = nil
        let gone = providerOf.keys.filter { providerOf[$0] == party }.sorted()
        for phone in gone { providerOf[phone] = nil }
        return gone
    }

    mutating func compare(_ store: Store, all: Bool, _ findings: Findings) throws {
        for id in all ? callers.keys.sorted() : touched.sorted() {
            let found = try store.first("SELECT provider, number_key, hash FROM callers WHERE caller = ?", id)
            {
                row in (UInt64(bitPattern: row.int(0)), UInt64(bitPattern: row.int(1)), row.blob(2))
            }
            let known = callers[id]
            let same =
                known.map { caller in
                    found.map { $0 == (caller.provider, caller.key, caller.hash) } ?? false
                } ?? (found == nil)
            guard !same else { continue }
            findings.report(
                .callerByRule,
                "caller \(id): expected \(known == nil ? "it forgotten" : "its provider, seal and hash kept"), found \(found == nil ? "nothing" : "another row")",
                ["caller \(id)"])
        }
        touched = []
        guard all else { return }
        let counts = try store.first("SELECT (SELECT count(*) FROM callers), (SELECT count(*) FROM switches)")
        {
            [Int($0.int(0)), Int($0.int(1))]
        }
        findings.expect(
            .callerByRule, "all callers, all switches", expected: [callers.count, providerOf.count],
            found: counts ?? [])
    }
}
