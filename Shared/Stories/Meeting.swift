import Kernel
import Messages
import Wire

/// An appointment that was sold, with its contract, and all that a scenario needs of it.
public struct Appointment: Hashable, Sendable {
    public let order: OrderID
    public let listing: ListingID
    public let contact: ContactID
    /// Who sells the appointment: its own contact was listed.
    public let consumer: Prospect
    public let buyer: Player
    /// What the buyer's trading partners get.
    public let card: Prospect
    public let cardContact: ContactID
    public let awardedAt: Instant
}

extension Cast {
    /// Hands in what a party's trading partners get (C2).
    @discardableResult
    public func fileCard(_ player: Player) async throws -> (card: Prospect, contact: ContactID) {
        let word = player.guest.email.split(separator: "@").first ?? ""
        let card = Prospect(
            name: player.name, phone: "+49 341 \(5_000_000 + player.party.raw % 4_000_000)",
            email: "office.\(word)@kontor.example", address: "Kontorhaus \(player.party), 04103 Leipzig")
        return (card, try await act(Self.seal(card), as: player.guest).contact)
    }

    public static func seal(_ card: Prospect) -> SealContact {
        var seal = SealContact()
        seal.own = true
        seal.name = PersonalText(card.name)
        seal.phones = card.phone.isEmpty ? [] : [PersonalText(card.phone)]
        seal.email = PersonalText(card.email)
        seal.address = PersonalText(card.address)
        return seal
    }

    /// How orders of a player are paid; empty: from the balance.
    public func choose(_ method: String, for player: Player) async throws {
        var choose = ChoosePaymentMethod()
        choose.method = method
        try await act(choose, as: player.guest)
    }

    /// Puts an appointment of a new consumer on offer.
    public func publishAppointment(
        _ change: (inout PublishListing) -> Void = { _ in }
    ) async throws -> (listing: ListingPublished, contact: ContactID, prospect: Prospect) {
        try await publishLead { lead in
            lead.title = "Advice on insuring a young family"
            lead.acceptsContract = true
            change(&lead)
        }
    }

    /// Sells an appointment of a new consumer to `buyer`, the first one by default, at this price.
    public func sellAppointment(to player: Player? = nil, at minor: Int64 = 6_000) async throws -> Appointment
    {
        let buyer = player ?? buyers[0]
        let (card, cardContact) = try await fileCard(buyer)
        let (published, contact, consumer) = try await publishAppointment()
        try await bid(buyer, on: published.listing, minor)
        try await house.advance(to: published.endsAt)
        return Appointment(
            order: try await order(of: published.listing).order, listing: published.listing, contact: contact,
            consumer: consumer, buyer: buyer, card: card, cardContact: cardContact,
            awardedAt: published.endsAt)
    }

    public func meeting(_ appointment: Appointment, as player: Player? = nil) async throws -> MeetingView {
        var query = GetMeeting()
        query.order = appointment.order
        return try await house.ask(query, as: player?.guest ?? `operator`)
    }

    public static func propose(_ appointment: Appointment, at: Instant) -> ProposeAppointment {
        var propose = ProposeAppointment()
        propose.order = appointment.order
        propose.at = at
        return propose
    }

    public static func accept(_ appointment: Appointment, at: Instant) -> AcceptAppointment {
        var accept = AcceptAppointment()
        accept.order = appointment.order
        accept.at = at
        return accept
    }

    public static func report(_ appointment: Appointment, heldAt: Instant? = nil) -> ReportMeeting {
        var report = ReportMeeting()
        report.order = appointment.order
        report.heldAt = heldAt
        return report
    }

    /// The buyer proposes, the seller accepts.
    public func agree(_ appointment: Appointment, at: Instant) async throws {
        try await act(Self.propose(appointment, at: at), as: appointment.buyer.guest)
        try await act(Self.accept(appointment, at: at), as: seller.guest)
    }

    /// Both say that the meeting took place.
    public func reportBoth(_ appointment: Appointment, heldAt: Instant? = nil) async throws {
        for player in [appointment.buyer, seller] {
            try await act(Self.report(appointment, heldAt: heldAt), as: player.guest)
        }
    }

    /// Asks to undo a sale, after the advice (C7).
    public static func cancel(
        _ appointment: Appointment, _ reason: CancellationReason = .poorRatings, _ words: String = ""
    ) -> RequestCancellation {
        var ask = RequestCancellation()
        ask.order = appointment.order
        ask.reason = reason
        ask.words = PersonalText(words)
        ask.advised = true
        return ask
    }

    public static func answer(_ appointment: Appointment, agrees: Bool) -> AnswerCancellation {
        var answer = AnswerCancellation()
        answer.order = appointment.order
        answer.agrees = agrees
        return answer
    }

    /// A contract as a party reads it.
    public func contract(
        _ appointment: Appointment, as player: Player, _ format: ContractFormat = .text
    ) async throws -> ContractDocument {
        var read = ReadContract()
        read.order = appointment.order
        read.format = format
        return try await house.send(read, as: player.guest)
    }

    /// The words of a contract as a party reads it.
    public func contractText(
        _ appointment: Appointment, as player: Player, _ format: ContractFormat = .text
    ) async throws -> String {
        try await contract(appointment, as: player, format).content.plaintext ?? ""
    }
}
