import Wire

/// The services of the house; the raw value is the number in allow-lists and streams.
public enum ServiceName: UInt8, WireEnum {
    case auction = 1
    case wallet = 2
    case contactVault = 3
    case notifications = 4
    case dispute = 5
    case gateway = 6
    /// The command-line program, as an operator's tool on the machine.
    case program = 7

    /// The five that own a store, in the order in which they are started.
    public static let stores: [ServiceName] = [.contactVault, .wallet, .notifications, .auction, .dispute]

    /// The name in certificates, folders and on the command line.
    public var title: String {
        switch self {
        case .auction: "auction"
        case .wallet: "wallet"
        case .contactVault: "contact-vault"
        case .notifications: "notifications"
        case .dispute: "dispute"
        case .gateway: "gateway"
        case .program: "program"
        }
    }

    /// The service with this ``title``.
    public init?(title: String) {
        guard let name = Self.allCases.first(where: { $0.title == title }) else { return nil }
        self = name
    }
}

/// The languages of the house (rule F8).
public enum Language: UInt8, WireEnum {
    case german = 1
    case english = 2
    case russian = 3
}

/// What a party may do; several at once.
public struct Roles: OptionSet, Hashable, Sendable, FieldValue {
    public let rawValue: UInt8
    @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
    public static let seller = Roles(rawValue: 1)
    public static let buyer = Roles(rawValue: 2)
    // 'operator' is a word of the language.
    // swift-format-ignore: AlwaysUseLowerCamelCase
    public static let operator_ = Roles(rawValue: 4)
    /// A provider's telephone switch (E1): it reports calls and can do nothing else.
    public static let telephoneSwitch = Roles(rawValue: 8)

    public static var initial: Roles { [] }
    public static var wireName: String { "roles" }
    @inlinable public static func read(_ reader: inout Reader, _ traits: FieldTraits) throws(WireError)
        -> Roles
    {
        let raw: UInt8 = try reader.integer()
        guard raw < 16 else { throw .invalidCase(type: "roles", found: UInt64(raw)) }
        return Roles(rawValue: raw)
    }
    @inlinable public func write(_ writer: inout Writer, _ traits: FieldTraits) { writer.integer(rawValue) }
    public func json(_ traits: FieldTraits) -> JSON {
        var names: [JSON] = []
        if contains(.seller) { names.append(.string("seller")) }
        if contains(.buyer) { names.append(.string("buyer")) }
        if contains(.operator_) { names.append(.string("operator")) }
        if contains(.telephoneSwitch) { names.append(.string("switch")) }
        return .array(names)
    }
    public static func fromJSON(_ json: JSON, _ traits: FieldTraits) throws(JSONError) -> Roles {
        var roles: Roles = []
        for name in try [String].fromJSON(json, traits) {
            switch name {
            case "seller": roles.insert(.seller)
            case "buyer": roles.insert(.buyer)
            case "operator": roles.insert(.operator_)
            case "switch": roles.insert(.telephoneSwitch)
            default: throw .expected("seller, buyer, operator or switch", found: "'\(name)'")
            }
        }
        return roles
    }
    public static func random(_ chance: inout WireChance, _ traits: FieldTraits) -> Roles {
        Roles(rawValue: UInt8(chance.below(16)))
    }
}

/// How a lead is sold.
public enum SalesMode: UInt8, WireEnum {
    case leadAuction = 1
    case application = 2
    case meetingAuction = 3
    case preliminaryCall = 4
    case prepaidLine = 5
}
