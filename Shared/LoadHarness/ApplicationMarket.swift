import Kernel
import Messages
import Operation
import Stories

/// A marketplace of applications under load (B): providers pay a fee to apply for a lead, and its prospect, who has no
/// account, reviews the application by the link in an e-mail.
final class ApplicationMarket: Sendable {
    private let desk: LeadDesk
    private let applicants: [Visitor]
    private let prospect: Visitor
    private let crowd: Crowd
    private let letters: Letterbox

    /// Of this many prospects one declines.
    private static let declinesOneOf = 4
    /// What each applicant has at the beginning, in minor units.
    private static let funds: Int64 = 100_000_000_000

    private init(_ crowd: Crowd, _ cast: Cast, _ template: PublishListing, _ letters: Letterbox) {
        let count = cast.buyers.count
        applicants = Array(crowd.visitors.prefix(count))
        desk = LeadDesk(
            seller: crowd.visitors[count], template: template, marketplace: cast.marketplace)
        prospect = crowd.visitors[count + 1]
        self.crowd = crowd
        self.letters = letters
    }

    static func open(
        _ installation: Installation, buyers: Int, operator guest: Guest
    ) async throws -> ApplicationMarket {
        let house = LiveHouse(installation)
        await house.act(asOperator: guest)
        var policy = Policy.application
        policy.duplicateWindow = .zero
        return try await closing {
            let cast = try await Cast.openMarketplace(
                house, operator: guest, policy: policy, buyers: max(2, buyers), funds: funds)
            let template = try await cast.lead()
            let crowd = try await Crowd.gather(installation, cast.buyers + [cast.seller, nil], threads: 1)
            return try await whole {
                let letters = try Letterbox(
                    spool: "\(installation.data.folder(of: .notifications))/spool",
                    domain: LeadDesk.domain(cast.marketplace))
                return ApplicationMarket(crowd, cast, template, letters)
            } orClose: {
                await crowd.close()
            }
        } finally: {
            await house.close()
        }
    }

    /// A lead is put on offer, somebody applies for it, and its prospect reviews the application.
    func journey(_ draw: JourneyDraw) -> Script {
        let applicant = applicants[draw.person % applicants.count]
        let listing = Kept(ListingID.none)
        let order = Kept(OrderID.none)
        let token = Kept("")
        return Script([
            { _ in self.desk.seal(draw) },
            { self.desk.publish($0, draw) },
            { reply in
                guard let published = ListingPublished(reply) else { return .over }
                listing.value = published.listing
                var query = GetListing()
                query.listing = published.listing
                return .request(LoadRequest(.detail, query, by: applicant), after: draw.thinks[1])
            },
            { _ in
                var apply = Apply()
                apply.listing = listing.value
                apply.introduction = PersonalText("We have built solar roofs for eleven years.")
                apply.meetingAt = applicant.client.houseTime + .hours(96)
                return .request(LoadRequest(.apply, apply, by: applicant), after: draw.thinks[2])
            },
            { reply in
                guard let filed = ApplicationFiled(reply) else { return .over }
                order.value = filed.order
                return .action(JourneyPart.letter.rawValue) {
                    token.value = try await self.letters.reviewToken(to: self.desk.address(draw))
                }
            },
            { _ in self.review(token.value, .look, after: 0) },
            { _ in
                let declines = draw.number.isMultiple(of: Self.declinesOneOf)
                return self.review(token.value, declines ? .decline : .accept, after: draw.thinks[3])
            },
            { _ in
                var query = GetApplication()
                query.order = order.value
                return .request(LoadRequest(.application, query, by: applicant), after: draw.thinks[0])
            },
            { reply in
                guard let view = ApplicationView(reply), view.ways.contains(.contact) else { return .over }
                var read = ReadContact()
                read.order = order.value
                return .request(LoadRequest(.contact, read, by: applicant))
            },
        ])
    }

    private func review(_ token: String, _ step: ReviewStep, after milliseconds: Int) -> LoadStep {
        .request(
            LoadRequest(.review, Cast.step(step, token), by: prospect), after: milliseconds)
    }

    func close() async {
        letters.close()
        await crowd.close()
    }
}
