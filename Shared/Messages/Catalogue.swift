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
}
