import Kernel
import Messages
import Runtime

/// A proxy number was attached to an activation: its calls go to this contact (D1).
enum OpenRouteHandler {
    static func handle(_ message: OpenRoute, _ turn: Turn) throws {
        try Routes.open(turn.store, message)
        var answer = RouteOpened()
        answer.activation = message.activation
        turn.send(answer, to: .auction)
    }
}

/// The number is detached.
enum CloseRouteHandler {
    static func handle(_ message: CloseRoute, _ turn: Turn) throws {
        try Routes.close(turn.store, message.activation)
    }
}

/// Tells a switch of the house the prospect's number, to put one call through: each time a line in the log (D1, F4).
enum RouteCallHandler {
    static func handle(_ command: RouteCall, _ turn: Turn) throws -> Outcome<CallRoute> {
        let acting = turn.acting.party
        guard let route = try Routes.find(turn.store, command.activation),
            route.marketplace == turn.acting.marketplace
        else { return .refused(.notFound, expected: "an activation under way") }
        guard let provider = try Switches.provider(turn.store, of: acting),
            try Parties.find(turn.store, provider)?.isOperator == true
        else { return .refused(.forbidden, expected: "a switch of the house") }
        guard let contact = try Contacts.find(turn.store, route.contact), !contact.isErased,
            let number = contact.sealed.phones.first
        else { return .refused(.erased) }
        let grant = try grant(route, to: acting, turn)
        try RevealLog.append(
            turn.store, .read, grant, fields: "phones", purpose: "D1: call \(command.call) is put through",
            at: turn.now)
        var answer = CallRoute()
        answer.call = command.call
        answer.number = number
        return .answer(answer)
    }

    /// A switch needs one permission an activation.
    private static func grant(_ route: Route, to telephoneSwitch: PartyID, _ turn: Turn) throws -> Grant {
        if let known = try Grants.find(turn.store, order: route.activation, of: telephoneSwitch) {
            return known
        }
        let grant = Grant(
            grant: turn.newID(), order: route.activation, listing: route.listing, contact: route.contact,
            party: telephoneSwitch, purpose: "D1: preliminary calls are put through", grantedAt: turn.now)
        try Grants.insert(turn.store, grant)
        try RevealLog.append(
            turn.store, .granted, grant, fields: "phones", purpose: grant.purpose, at: turn.now)
        return grant
    }
}
