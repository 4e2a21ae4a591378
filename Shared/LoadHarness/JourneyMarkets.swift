import Client
import Kernel
import Messages
import Operation
import Stories

/// The marketplaces that a mix of journeys needs: auctions always, the others if a journey of theirs has a weight.
public struct JourneyMarkets: Sendable {
    let auctions: LoadMarket
    let applications: ApplicationMarket?
    let calls: CallMarket?
    let lines: LineMarket?

    public static func open(
        _ installation: Installation, _ size: LoadMarket.Size, weights: [JourneyKind: Int],
        operator guest: Guest
    ) async throws -> JourneyMarkets {
        func isPlayed(_ kind: JourneyKind) -> Bool { weights[kind, default: 0] > 0 }
        let auctions = try await LoadMarket.open(installation, size, operator: guest)
        var applications: ApplicationMarket?
        var calls: CallMarket?
        return try await whole {
            if isPlayed(.apply) {
                applications = try await ApplicationMarket.open(
                    installation, buyers: size.buyers, operator: guest)
            }
            if isPlayed(.call) {
                calls = try await CallMarket.open(installation, buyers: size.buyers, operator: guest)
            }
            let lines =
                isPlayed(.prepaid) ? try await LineMarket.open(installation, operator: guest) : nil
            return JourneyMarkets(auctions: auctions, applications: applications, calls: calls, lines: lines)
        } orClose: {
            await JourneyMarkets(auctions: auctions, applications: applications, calls: calls, lines: nil)
                .close()
        }
    }

    func close() async {
        await auctions.close()
        await applications?.close()
        await calls?.close()
        await lines?.close()
    }
}

/// A seller of one marketplace, who seals contacts and publishes leads of the visitors of a load.
struct LeadDesk: Sendable {
    let seller: Visitor
    /// A lead as the marketplace's mode wants it, without a contact.
    let template: PublishListing
    let marketplace: MarketplaceID

    /// The address of the prospect of one journey, which no other journey of the installation has.
    func address(_ draw: JourneyDraw) -> String { "prospect\(draw.number)\(domain)" }

    /// How the addresses of all prospects end.
    var domain: String { LeadDesk.domain(marketplace) }

    static func domain(_ marketplace: MarketplaceID) -> String { ".m\(marketplace)@load.example.com" }

    func seal(_ draw: JourneyDraw) -> LoadStep {
        var seal = SealContact()
        seal.name = PersonalText("Prospect \(draw.number)")
        let digits = String(10_000_000 + draw.number % 10_000_000).dropFirst()
        seal.phones = [PersonalText("+49 171 \(digits)")]
        seal.email = PersonalText(address(draw))
        seal.inquiredAt = template.inquiredAt
        return .request(LoadRequest(.seal, seal, by: seller))
    }

    func publish(_ sealed: Reply?, _ draw: JourneyDraw) -> LoadStep {
        guard let sealed = ContactSealed(sealed) else { return .over }
        var lead = template
        lead.title = "Roof of visitor \(draw.number)"
        lead.contact = sealed.contact
        return .request(LoadRequest(.publish, lead, by: seller), after: draw.thinks[0])
    }
}
