import Host
import Kernel
import Messages
import Wire

/// How an installation runs, as `settings.json` in its data folder says; every process of it reads the same.
public struct Settings: Record, Hashable {
    /// The address to listen on.
    public var host = "127.0.0.1"
    /// The gateway's port; 0: any free one, see `run/gateway.port`.
    public var gatewayPort: UInt16 = 7400
    /// The services' ports; 0: any free one.
    public var auctionPort: UInt16 = 0
    public var walletPort: UInt16 = 0
    public var contactVaultPort: UInt16 = 0
    public var notificationsPort: UInt16 = 0
    public var disputePort: UInt16 = 0
    /// A settable clock that begins here; absent: the machine's clock.
    public var clock: Instant?
    /// Password hashes that cost little, for development alone.
    public var cheapPasswords = true
    public init() {}
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("host", &host, .limit(255))
        try visit.field("gatewayPort", &gatewayPort)
        try visit.field("auctionPort", &auctionPort)
        try visit.field("walletPort", &walletPort)
        try visit.field("contactVaultPort", &contactVaultPort)
        try visit.field("notificationsPort", &notificationsPort)
        try visit.field("disputePort", &disputePort)
        try visit.field("clock", &clock)
        try visit.field("cheapPasswords", &cheapPasswords)
    }

    /// For an installation that others must not meet: any free port.
    public static var throwaway: Settings {
        var settings = Settings()
        settings.gatewayPort = 0
        return settings
    }

    public func port(of service: ServiceName) -> Int {
        switch service {
        case .auction: Int(auctionPort)
        case .wallet: Int(walletPort)
        case .contactVault: Int(contactVaultPort)
        case .notifications: Int(notificationsPort)
        case .dispute: Int(disputePort)
        case .gateway: Int(gatewayPort)
        case .program: 0
        }
    }
}

/// Reads and writes a record as a small JSON file.
public enum RecordFile {
    /// Nothing if there is no such file.
    public static func read<R: Record>(_ path: String, as _: R.Type = R.self) throws -> R? {
        let text: String
        do {
            text = try readText(path)
        } catch let fault as FileFault where fault.isAbsence {
            return nil
        }
        do throws(JSONError) {
            return try R.fromJSON(JSON(parsing: text), .plain)
        } catch {
            throw OperationFault.unreadable(path, error.description)
        }
    }

    /// Replaces the file; readable by its owner alone.
    public static func write(_ record: some Record, to path: String) throws {
        try writeText(record.json(.plain).pretty() + "\n", to: path)
    }
}
