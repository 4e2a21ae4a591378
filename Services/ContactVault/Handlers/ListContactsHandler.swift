import Kernel
import Messages
import Runtime

/// Shows a seller where its contacts stand; what is sealed in them stays sealed, but for its own reference.
enum ListContactsHandler {
    static func handle(_ query: ListContacts, _ reading: Reading) throws -> Outcome<ContactsPage> {
        var page = ContactsPage()
        page.contacts = try Contacts.page(
            reading.store, of: reading.acting.party, before: query.before, limit: pageSize(query.limit))
        return .answer(page)
    }
}
