import Kernel
import Messages

/// What a gateway does with each message code, drawn once from the catalogue.
struct RouteTable {
    /// Who answers.
    enum Destination: Equatable {
        case service(ServiceName)
        case gateway
    }

    struct Route {
        var destination: Destination
        var audience: Audience
        var isCommand: Bool

        /// Taken before sign-in and changing something: what a stranger tries out.
        var isEntry: Bool { audience == .anyone && isCommand }
    }

    /// Codes of requests are 00 to 3f within each home, homes are 0 to 6.
    private var routes: [Route?]

    init(_ catalogue: [any Message.Type] = Catalogue.all) {
        routes = [Route?](repeating: nil, count: 7 * 64)
        for message in catalogue {
            guard let index = Self.index(message.code), Self.isForClients(message.audience) else { continue }
            let isCommand = message is any Command.Type
            guard isCommand || message is any Query.Type else { continue }
            routes[index] = Route(
                destination: Self.destination(message), audience: message.audience, isCommand: isCommand)
        }
    }

    subscript(_ code: UInt16) -> Route? {
        Self.index(code).flatMap { routes[$0] }
    }

    private static func index(_ code: UInt16) -> Int? {
        let home = Int(code >> 8)
        let number = Int(code & 0xff)
        return home < 7 && number < 64 ? home * 64 + number : nil
    }

    private static func isForClients(_ audience: Audience) -> Bool {
        switch audience {
        case .anyone, .parties, .operators: true
        case .services, .itself, .answer: false
        }
    }

    private static func destination(_ message: any Message.Type) -> Destination {
        if message.code == Subscribe.code { return .service(.notifications) }
        guard let home = message.home, home != .gateway else { return .gateway }
        return .service(home)
    }
}
