import AuctionRules
import Kernel
import Messages
import Testing

let publicationTime = Instant(iso8601: "2026-03-02T09:00:00Z") ?? .none

/// A lead that may be listed.
func soundListing() -> PublishListing {
    var listing = PublishListing()
    listing.contact = ContactID(1)
    listing.projectType = .website
    listing.title = "Website für eine Schreinerei"
    listing.description = "Neue Website mit Galerie und Anfrageformular."
    listing.timeFrame = "bis Juni"
    listing.region = "Berlin"
    for question in GuideQuestion.asked(about: .website) where question.isRequired {
        var answer = SetupAnswer()
        answer.question = question.rawValue
        answer.answer = "etwa 10"
        listing.answers.append(answer)
    }
    listing.budget = Money(500_000, .eur)
    listing.startPrice = Money(5_000, .eur)
    listing.inquiredAt = publicationTime + .days(-3)
    listing.duration = .days(2)
    return listing
}

@Suite("Publication") struct PublicationTests {
    private func refusal(
        account: Bool = true, policy: Policy = Policy(), _ change: (inout PublishListing) -> Void = { _ in }
    ) -> RefusalCode? {
        var listing = soundListing()
        change(&listing)
        return Publication.refusal(
            of: listing, by: policy, now: publicationTime, payoutAccountVerified: account)?
            .reason
    }

    @Test("A1 a concrete, current lead may be listed, cold or prequalified") func sound() {
        for temperature in Temperature.allCases { #expect(refusal { $0.temperature = temperature } == nil) }
    }

    @Test("A1 the inquiry may be exactly 30 days old, and not a microsecond older") func age() {
        let limit = publicationTime + .days(-30)
        #expect(refusal { $0.inquiredAt = limit } == nil)
        #expect(refusal { $0.inquiredAt = limit + Duration64(microseconds: -1) } == .inquiryTooOld)
        #expect(refusal { $0.inquiredAt = publicationTime } == nil)
        #expect(refusal { $0.inquiredAt = publicationTime + Duration64(microseconds: 1) } == .invalidValue)
        #expect(refusal { $0.inquiredAt = .none } == .invalidValue)
    }

    @Test("A1 A2 every required question has its answer, once, and no other is answered") func answers() {
        #expect(refusal { $0.answers.removeLast() } == .answerMissing)
        #expect(refusal { $0.answers[0].answer = "  " } == .answerMissing)
        #expect(refusal { $0.answers[0].question = "shoeSize" } == .invalidValue)
        #expect(refusal { $0.answers.append($0.answers[0]) } == .invalidValue)
        #expect(refusal { $0.projectType = .photovoltaics } == .invalidValue)
    }

    @Test("A1 no text of a listing holds contact data") func contactData() {
        #expect(refusal { $0.title = "Ruf 0171 1234567" } == .contactDataInText)
        #expect(refusal { $0.description += " max ät gmx punkt net" } == .contactDataInText)
        #expect(refusal { $0.answers[0].answer = "siehe firma.de" } == .contactDataInText)
        #expect(refusal { $0.region = "Berlin, t.me/max" } == .contactDataInText)
        #expect(refusal { $0.basis.text = "max@firma.de" } == .contactDataInText)
    }

    @Test("A3 without a verified payout account nothing is listed, before anything else") func account() {
        #expect(refusal(account: false) { $0.title = "" } == .payoutAccountMissing)
    }

    @Test("A4 the basis: legitimate interest, or consent with words and date; no refusal known") func basis()
    {
        #expect(refusal { $0.refusalKnown = true } == .refusalKnown)
        #expect(refusal { $0.basis.kind = .consent } == .basisMissing)
        #expect(
            refusal {
                $0.basis.kind = .consent
                $0.basis.text = "Ich bin einverstanden."
            } == .basisMissing)
        #expect(
            refusal {
                $0.basis.kind = .consent
                $0.basis.text = "Ich bin einverstanden."
                $0.basis.at = publicationTime
            } == nil)
    }

    @Test("A6 two or three days, or what the policy offers") func durations() {
        #expect(refusal { $0.duration = .days(3) } == nil)
        #expect(refusal { $0.duration = .days(4) } == .durationNotOffered)
        #expect(refusal { $0.duration = .days(2) + Duration64(microseconds: 1) } == .durationNotOffered)
        var policy = Policy()
        policy.durations = [.hours(1)]
        #expect(refusal(policy: policy) { $0.duration = .hours(1) } == nil)
    }

    @Test("F1 amounts are positive, in range, and in the marketplace's currency") func amounts() {
        #expect(refusal { $0.startPrice = Money(99, .eur) } == .amountOutOfRange)
        #expect(refusal { $0.startPrice = Money(100, .eur) } == nil)
        #expect(refusal { $0.startPrice = Money(100_000_001, .eur) } == .amountOutOfRange)
        #expect(refusal { $0.startPrice = Money(5_000, .usd) } == .wrongCurrency)
        #expect(refusal { $0.budget = Money(0, .eur) } == .amountOutOfRange)
        #expect(refusal { $0.budget = Money(5_000, .rub) } == .wrongCurrency)
    }
}

extension Duration64 {
    static func + (left: Duration64, right: Duration64) -> Duration64 {
        Duration64(microseconds: left.microseconds + right.microseconds)
    }
}
