import Kernel
import Messages
import Testing

@testable import NotificationsRules

@Suite("Templates") struct TemplateTests {
    static let always: Set<String> = ["lead", "order", "happenedAt", "marketplace"]
    static let zone = LocalZone(minutes: 60, summerTime: true)

    /// An event with a value in each of its places.
    static func full(_ event: NotificationEvent) -> Notify {
        var notice = Notify()
        notice.event = event
        notice.listing = ListingID(17)
        notice.order = OrderID(18)
        notice.happenedAt = Instant(iso8601: "2026-07-01T10:00:00Z") ?? .none
        notice.values = event.places.map { place in
            switch place.kind {
            case .text: NotificationValue(place, place == .silence ? "upholds" : "Dach \(place)")
            case .money: NotificationValue(place, Money(123_456, .eur))
            case .instant: NotificationValue(place, Instant(iso8601: "2026-07-03T12:30:00Z") ?? .none)
            }
        }
        return notice
    }

    @Test("F8 each template uses only values that exist, in all three languages")
    func places() {
        for event in NotificationEvent.allCases {
            let known = Self.always.union(event.places.map(\.rawValue))
            for language in Language.allCases {
                let template = Template(event, in: language)
                for text in [template.subject] + template.text + template.mail {
                    let unknown = Template.places(in: text).filter { !known.contains($0) }
                    #expect(unknown.isEmpty, "\(event) \(language): \(unknown)")
                }
                #expect(Template.places(in: template.subject).allSatisfy(Self.always.contains))
                let first = template.text.first ?? "{nothing}"
                #expect(
                    Template.places(in: first).allSatisfy(Self.always.contains), "\(event) \(language)")
            }
        }
    }

    @Test("F8 every place that a sender fills is said in every language")
    func everyPlaceUsed() {
        for event in NotificationEvent.allCases {
            for language in Language.allCases {
                let template = Template(event, in: language)
                let text = ([template.subject] + template.text + template.mail).joined()
                var used = Set(Template.places(in: text))
                if used.contains("lead") { used.insert("title") }
                for place in event.places {
                    #expect(used.contains(place.rawValue), "\(event) \(language) says nothing of \(place)")
                }
            }
        }
    }

    @Test("F8 every event has a text of its own in every language")
    func distinct() {
        for language in Language.allCases {
            let subjects = NotificationEvent.allCases.map { Template($0, in: language).subject }
            #expect(Set(subjects).count == subjects.count, "\(language)")
        }
        for event in NotificationEvent.allCases {
            let subjects = Language.allCases.map { Template(event, in: $0).subject }
            #expect(Set(subjects).count == 3, "\(event)")
        }
    }

    @Test("F8 with and without values, no place stays open")
    func filled() {
        for event in NotificationEvent.allCases {
            var empty = Notify()
            empty.event = event
            empty.order = OrderID(18)
            for notice in [Self.full(event), empty] {
                let telling = Telling(notice, marketplaceName: "Capa", zone: Self.zone)
                for language in Language.allCases {
                    let texts = [
                        telling.title(in: language), telling.text(in: language),
                        telling.mail(in: language, to: "Ada", enclosing: []),
                    ]
                    for text in texts {
                        #expect(
                            !text.isEmpty && !text.contains("{") && !text.contains("}"), "\(event): \(text)")
                    }
                }
            }
        }
    }

    @Test("A10 F8 money, dates and the lead are in the party's language and the marketplace's time")
    func outbid() {
        var notice = Self.full(.bidOutbid)
        notice.values = [
            NotificationValue(.title, "Dach in Bonn"), NotificationValue(.price, Money(123_456, .eur)),
            NotificationValue(.endsAt, Instant(iso8601: "2026-07-03T12:30:00Z") ?? .none),
        ]
        let telling = Telling(notice, marketplaceName: "Capa", zone: Self.zone)
        func plain(_ text: String) -> String { String(text.map { $0 == "\u{a0}" ? " " : $0 }) }
        #expect(
            plain(telling.text(in: .german))
                == "Du wurdest bei „Dach in Bonn“ überboten. Dein reservierter Betrag ist wieder frei. "
                + "Aktueller Preis: 1.234,56 €. Die Auktion endet am 03.07.2026, 14:30 Uhr.")
        #expect(
            plain(telling.text(in: .english))
                == "You have been outbid on “Dach in Bonn”. The hold on your balance is released. "
                + "Current price: €1,234.56. The auction ends on 3 July 2026, 14:30.")
        #expect(
            plain(telling.text(in: .russian))
                == "Ваша ставка перебита: «Dach in Bonn». Заморозка на Вашем балансе снята. "
                + "Текущая цена: 1 234,56 €. Окончание аукциона: 03.07.2026, 14:30.")
    }

    @Test("A10 A11 A12 A15 what the rulebook says by e-mail goes by e-mail")
    func channels() {
        let byEmail: [NotificationEvent] = [
            .bidOutbid, .auctionWon, .leadSold, .contactRevealed, .paymentReceived, .invoiceIssued,
            .creditNoteIssued, .confirmEmail, .statementDue, .caseDecided, .caseRejected,
        ]
        for event in byEmail { #expect(event.hasEmail, "\(event)") }
        for kind in InboxKind.allCases {
            #expect(NotificationEvent.allCases.contains { $0.kind == kind }, "\(kind) is used")
        }
    }
}
