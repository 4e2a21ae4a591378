import Kernel
import Messages

/// Texts and first figures that the set-up offers to a seller.
public enum SetupTexts {
    /// A clause for the seller's terms or privacy notice (A4).
    public static func clause(in language: Language) -> String {
        switch language {
        case .german:
            """
            Wenn wir Ihre Anfrage nicht selbst bearbeiten können, geben wir sie im Rahmen Ihres Anliegens an einen \
            geeigneten Dienstleister weiter, der sich bei Ihnen meldet (berechtigtes Interesse, Art. 6 Abs. 1 lit. f \
            DSGVO). Ihre Angaben werden allein für dieses Anliegen verwendet. Sie können der Weitergabe jederzeit \
            widersprechen.
            """
        case .english:
            """
            If we cannot deal with your inquiry ourselves, we pass it on, for this concern only, to a suitable \
            service provider who will contact you (legitimate interest, Art. 6(1)(f) GDPR). Your details are used for \
            this concern alone. You may object to being passed on at any time.
            """
        case .russian:
            """
            Если мы не можем выполнить ваш запрос сами, мы передаём его в рамках вашего обращения подходящему \
            исполнителю, который свяжется с вами (законный интерес, ст. 6 п. 1 лит. f GDPR). Ваши данные используются \
            только для этого обращения. Вы можете в любое время возразить против передачи.
            """
        }
    }

    /// What a seller of an appointment is told before publishing (C8).
    public static func contractNotice(in language: Language) -> String {
        switch language {
        case .german:
            """
            Mit dem Ende einer erfolgreichen Auktion kommt ein rechtsgültiger Kaufvertrag zwischen Ihnen und dem Käufer \
            zustande: Sie schulden ihm den Termin. Bieten Sie Ihren Beratungsbedarf nur an, wenn Sie den Termin \
            ernsthaft wahrnehmen wollen. Nach dem Zuschlag erhalten beide Seiten die Daten der anderen.
            """
        case .english:
            """
            When an auction ends with an award, it is a binding contract of purchase between you and the buyer: you owe \
            the appointment. Offer your need for advice only if you seriously want that appointment. After the award \
            each side gets the other's data.
            """
        case .russian:
            """
            Когда аукцион завершается победой, между вами и покупателем заключается договор купли-продажи, имеющий \
            юридическую силу: вы обязаны провести встречу. Выставляйте свой запрос, только если действительно хотите \
            этой встречи. После победы каждая сторона получает данные другой.
            """
        }
    }

    /// A table to begin with, in minor units, for currencies of the euro's size; the operator sets its own.
    public static func firstTable(for projectType: ProjectType, in currency: Currency) -> PriceRanges? {
        guard currency == .eur || currency == .usd else { return nil }
        switch projectType {
        case .website: return PriceRanges(budget: 200_000...1_200_000, start: 3_000...12_000)
        case .software: return PriceRanges(budget: 1_000_000...8_000_000, start: 8_000...30_000)
        case .marketing: return PriceRanges(budget: 100_000...600_000, start: 2_500...10_000)
        case .design: return PriceRanges(budget: 80_000...500_000, start: 2_000...8_000)
        case .photoAndVideo: return PriceRanges(budget: 60_000...400_000, start: 1_500...6_000)
        case .photovoltaics: return PriceRanges(budget: 1_200_000...3_000_000, start: 4_000...15_000)
        case .heating: return PriceRanges(budget: 1_000_000...3_500_000, start: 4_000...15_000)
        case .roofAndFacade: return PriceRanges(budget: 800_000...4_000_000, start: 4_000...15_000)
        case .windowsAndDoors: return PriceRanges(budget: 400_000...2_000_000, start: 3_000...10_000)
        case .bathroom: return PriceRanges(budget: 800_000...2_500_000, start: 3_500...12_000)
        case .kitchen: return PriceRanges(budget: 600_000...2_500_000, start: 3_000...10_000)
        case .interior: return PriceRanges(budget: 200_000...1_500_000, start: 2_000...8_000)
        case .garden: return PriceRanges(budget: 150_000...1_500_000, start: 2_000...8_000)
        case .moving: return PriceRanges(budget: 80_000...400_000, start: 1_000...4_000)
        case .consulting: return PriceRanges(budget: 200_000...2_000_000, start: 4_000...15_000)
        case .other: return PriceRanges(budget: 100_000...1_000_000, start: 2_000...10_000)
        }
    }
}

/// Ranges for one project type, in minor units.
public struct PriceRanges: Hashable, Sendable {
    public var budget: ClosedRange<Int64>
    public var start: ClosedRange<Int64>
    public init(budget: ClosedRange<Int64>, start: ClosedRange<Int64>) {
        self.budget = budget
        self.start = start
    }
}
