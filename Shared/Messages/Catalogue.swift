import Wire

/// Every message of the house, in order of code.
public enum Catalogue {
    /// Messages that every process knows.
    public static let common: [any Message.Type] = [
        Hello.self, Ping.self, GetStatus.self, SetClock.self, Subscribe.self, ListParked.self,
        RetryParked.self,
        Refusal.self, Welcome.self, Pong.self, Applied.self, Done.self, StatusReport.self, Subscribed.self,
        ParkedPage.self, MarketplacePublished.self, PartyPublished.self, ProspectObjected.self,
    ]

    /// All of them.
    public static let all: [any Message.Type] =
        (common + auction + wallet + contactVault + notifications + dispute + gateway)
        .sorted { $0.code < $1.code }

    /// Codes of messages with a secret field: compressed, their length would tell something of the secret.
    public static let neverCompressed = Set(all.filter(hasSecret).map { $0.code })

    /// The message with this code.
    public static func message(_ code: UInt16) -> (any Message.Type)? { byCode[code] }

    /// The message with this name.
    public static func message(named title: String) -> (any Message.Type)? { byTitle[title] }

    private static let byCode = Dictionary(all.map { ($0.code, $0) }, uniquingKeysWith: { first, _ in first })
    private static let byTitle = Dictionary(
        all.map { ($0.title, $0) }, uniquingKeysWith: { first, _ in first })

    private static func hasSecret(_ message: any Message.Type) -> Bool {
        var collector = RecordCollector()
        message.collectRecords(&collector)
        return collector.records.contains { $0.fields.contains { $0.traits.mark == .secret } }
    }
}
