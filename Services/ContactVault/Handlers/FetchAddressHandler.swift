import Kernel
import Messages
import Runtime

/// Says where a party's e-mail goes, at the moment of sending.
enum FetchAddressHandler {
    static func handle(_ query: FetchAddress, _ reading: Reading) throws -> Outcome<PartyAddress> {
        guard let party = try Parties.find(reading.store, query.party) else { return .refused(.notFound) }
        guard party.life.state != .closed else { return .refused(.erased) }
        var address = PartyAddress()
        address.party = party.party
        address.marketplace = party.marketplace
        address.email = party.email
        address.name = party.name
        address.language = party.language
        address.state = party.life.state
        return .answer(address)
    }
}
