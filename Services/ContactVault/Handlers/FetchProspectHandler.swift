import Messages
import Runtime

/// Tells where an e-mail to a prospect goes: to the data subject itself, which is no reveal (B4, B7).
enum FetchProspectHandler {
    static func handle(_ query: FetchProspect, _ reading: Reading) throws -> Outcome<ProspectAddress> {
        guard let contact = try Contacts.find(reading.store, query.contact) else {
            return .refused(.notFound)
        }
        guard !contact.isErased else { return .refused(.erased) }
        var address = ProspectAddress()
        address.contact = query.contact
        address.email = contact.sealed.email
        address.name = contact.sealed.name
        return .answer(address)
    }
}
