import ContactVaultRules
import Kernel
import Messages
import Testing

@Suite("Claiming a contact")
struct ContactClaimTests {
    let now = Instant(microseconds: 0) + .days(1_000)
    let claim = ContactClaim(
        listing: ListingID(9), seller: PartyID(1), marketplace: MarketplaceID(1), duplicateWindow: .days(90))

    func contact(_ change: (inout ContactOnFile) -> Void = { _ in }) -> ContactOnFile {
        var contact = ContactOnFile()
        contact.contact = ContactID(5)
        contact.seller = PartyID(1)
        contact.marketplace = MarketplaceID(1)
        contact.inquiredAt = now - .days(10)
        change(&contact)
        return contact
    }

    func person(_ change: (inout SamePerson) -> Void = { _ in }) -> SamePerson {
        var person = SamePerson()
        change(&person)
        return person
    }

    func reason(_ contact: ContactOnFile?, _ person: SamePerson = SamePerson()) -> RefusalCode? {
        claim.refusal(contact, person, now: now)?.reason
    }

    @Test("F9 another seller's contact cannot be told apart from none")
    func foreignContact() {
        #expect(reason(nil) == .notFound)
        #expect(reason(contact { $0.seller = PartyID(2) }) == .notFound)
        #expect(reason(contact { $0.marketplace = MarketplaceID(2) }) == .notFound)
        #expect(reason(contact()) == nil)
    }

    @Test("F10 after an objection only proof of a newer inquiry lets the person be listed again")
    func objection() {
        let objected = person { $0.objectedAt = now - .days(20) }
        #expect(reason(contact(), objected) == .prospectObjected)
        #expect(reason(contact { $0.hasInquiryProof = true }, objected) == nil)
        #expect(
            reason(
                contact {
                    $0.hasInquiryProof = true
                    $0.inquiredAt = now - .days(20)
                }, objected) == .prospectObjected)
        #expect(reason(contact { $0.state = .objected }) == .prospectObjected)
        #expect(reason(contact { $0.state = .erased }) == .erased)
    }

    @Test("A1 the same person is not on offer twice, nor again soon after a sale")
    func duplicates() {
        #expect(reason(contact(), person { $0.isOnOffer = true }) == .duplicateLead)
        #expect(reason(contact(), person { $0.soldAt = now - .days(89) }) == .duplicateLead)
        #expect(reason(contact(), person { $0.soldAt = now - .days(90) }) == nil)
        #expect(
            reason(
                contact {
                    $0.state = .onOffer
                    $0.listing = ListingID(8)
                }) == .duplicateLead)
        #expect(
            reason(
                contact {
                    $0.state = .onOffer
                    $0.listing = ListingID(9)
                }) == nil)
        #expect(
            reason(
                contact {
                    $0.state = .sold
                    $0.listing = ListingID(8)
                    $0.soldAt = now - .days(1)
                }) == .duplicateLead)
    }
}
