import Foundation
import Kernel
import Messages
import Runtime
import Simulator
import Storage
import Stories
import Testing

/// What needs more than the words of a ``House``: stores that are closed and opened, and a spool that is broken.
@Suite("A house that closes, opens again, or cannot deliver")
struct HouseOpenedAgainTests {
    @Test("F3 what was acknowledged is there after the house is opened again, and goes on from there")
    func acknowledgedStays() async throws {
        let folder = WholeHouse.newFolder()
        defer { WholeHouse.remove(folder) }
        var guests: (buyer: Guest, seller: Guest, operator: Guest)?
        var listing = ListingID.none
        var endsAt = Instant.none
        var seen: [UInt8] = []
        do {
            let whole = try WholeHouse(onDisk: true, folder: folder)
            let cast = try await Cast.openMarketplace(whole.house)
            let published = try await cast.publishLead().listing
            (listing, endsAt) = (published.listing, published.endsAt)
            try await cast.bid(cast.buyers[0], on: listing, 6_000)
            guests = (cast.buyers[0].guest, cast.seller.guest, cast.operator)
            seen = try await cast.listing(listing).encoded()
        }
        let known = try #require(guests)
        let house = try WholeHouse(onDisk: true, folder: folder, at: WholeHouse.start + .seconds(1)).house
        var get = GetListing()
        get.listing = listing
        #expect(try await house.ask(get, as: known.operator).encoded() == seen)
        try await house.advance(to: endsAt)
        let won = try await house.ask(ListTrades(), as: known.buyer).trades
        #expect(won.map(\.orderStage) == [.revealed])
        var read = ReadContact()
        read.order = try #require(won.first).order
        let contact = try await house.send(read, as: known.buyer)
        #expect(contact.phones.first?.plaintext?.hasPrefix("+49 171") == true)
        try await Invariants.check(house)
    }

    @Test("F7 deadlines that fell due while the house was closed fire once when it opens")
    func deadlinesFireOnce() async throws {
        let folder = WholeHouse.newFolder()
        defer { WholeHouse.remove(folder) }
        var seller: Guest?
        var order = OrderID.none
        do {
            let whole = try WholeHouse(onDisk: true, folder: folder)
            let cast = try await Cast.openMarketplace(whole.house)
            order = try await cast.sellLead().order
            seller = cast.seller.guest
        }
        let later = WholeHouse.start + .days(40)
        for opening in 0..<2 {
            let opened = later + .hours(Int64(opening))
            let house = try WholeHouse(onDisk: true, folder: folder, at: opened).house
            try await house.settle()
            var get = GetOrder()
            get.order = order
            let view = try await house.ask(get, as: seller)
            #expect(view.stage == .paidOut)
            #expect(view.paidOutAt == later)
            let payments = try await house.ask(ListPayments(), as: seller).payments
            #expect(payments.filter { $0.kind == .payout }.map(\.state) == [.settled])
            try await Invariants.check(house)
        }
    }

    @Test("F5 after an erasure neither the stores nor what is left of the keys give the contact back")
    func erasedForGood() async throws {
        let folder = WholeHouse.newFolder()
        defer { WholeHouse.remove(folder) }
        var sale: Sale?
        do {
            let whole = try WholeHouse(onDisk: true, folder: folder)
            let cast = try await Cast.openMarketplace(whole.house)
            let sold = try await cast.sellLead()
            for file in try files(in: folder) where !file.path.contains("/spool/") {
                let bytes = try Data(contentsOf: file)
                for secret in [sold.prospect.phone, sold.prospect.email, sold.prospect.name] {
                    #expect(bytes.firstRange(of: Data(secret.utf8)) == nil, "\(secret) in \(file.path)")
                }
            }
            let keysBefore = try sealed(whole.house)
            #expect(keysBefore > 0)
            var erase = EraseContact()
            erase.contact = sold.contact
            try await cast.act(erase, as: cast.operator)
            #expect(try sealed(whole.house) < keysBefore)
            sale = sold
            try await Invariants.check(whole.house)
        }
        let sold = try #require(sale)
        let house = try WholeHouse(onDisk: true, folder: folder, at: WholeHouse.start + .days(3)).house
        var read = ReadContact()
        read.order = sold.order
        try await house.refuses(.erased, read, as: sold.buyer.guest)
    }

    @Test("F6 an e-mail that cannot be delivered is tried again with growing pauses, and then once")
    func emailIsRetried() async throws {
        let whole = try WholeHouse()
        defer { WholeHouse.remove(whole.folder) }
        let cast = try await Cast.openMarketplace(whole.house)
        let spool = "\(whole.folder)/notifications/spool"
        try FileManager.default.moveItem(atPath: spool, toPath: spool + ".away")
        try Data().write(to: URL(filePath: spool))
        let sale = try await cast.sellLead()
        let waiting = try await cast.told(sale.buyer, .contactRevealed, order: sale.order)
        #expect(waiting.email == .queued)
        try await whole.house.advance(by: .minutes(10))
        let status = try await deliveries(to: sale.buyer, whole.house, cast)
        let tried = try #require(status.first { $0.item == waiting.item })
        #expect(tried.state == .queued)
        #expect((4...6).contains(tried.attempts))
        #expect(!tried.failure.isEmpty)
        try FileManager.default.removeItem(atPath: spool)
        try FileManager.default.moveItem(atPath: spool + ".away", toPath: spool)
        try await whole.house.advance(by: .hours(3))
        try await cast.mailed(sale.buyer, .contactRevealed, order: sale.order)
        try await Invariants.check(whole.house)
    }

    @Test("F6 an e-mail that can never be delivered is shown as failed, and the inbox still has it")
    func emailFails() async throws {
        let whole = try WholeHouse()
        defer { WholeHouse.remove(whole.folder) }
        let cast = try await Cast.openMarketplace(whole.house)
        let spool = "\(whole.folder)/notifications/spool"
        try FileManager.default.removeItem(atPath: spool)
        try Data().write(to: URL(filePath: spool))
        let sale = try await cast.sellLead()
        try await whole.house.advance(by: .days(2))
        let item = try await cast.told(sale.buyer, .contactRevealed, order: sale.order)
        #expect(item.email == .failed)
        #expect(!item.failure.isEmpty)
        let status = try await deliveries(to: sale.buyer, whole.house, cast)
        #expect(status.first { $0.item == item.item }?.state == .failed)
    }

    @Test("the story of the lead auction proves A1 to A19")
    func story() async throws {
        let whole = try WholeHouse()
        defer { WholeHouse.remove(whole.folder) }
        let report = try await LeadAuctionStory.tell(on: whole.house)
        #expect(report.rules.map(\.id) == LeadAuctionStory.rules)
        #expect(report.rules.allSatisfy { !$0.observed.isEmpty })
        try await Invariants.check(whole.house)
    }

    @Test("the story of prepaid lines proves what is built of E1 to E14")
    func prepaidLines() async throws {
        let whole = try WholeHouse()
        defer { WholeHouse.remove(whole.folder) }
        let report = try await PrepaidLineStory.tell(on: whole.house)
        #expect(report.rules.map(\.id) == PrepaidLineStory.rules)
        #expect(report.rules.allSatisfy { !$0.observed.isEmpty })
        try await Invariants.check(whole.house)
    }

    @Test("the story of preliminary calls proves D1 to D7")
    func preliminaryCalls() async throws {
        let whole = try WholeHouse()
        defer { WholeHouse.remove(whole.folder) }
        let report = try await PreliminaryCallStory.tell(on: whole.house)
        #expect(report.rules.map(\.id) == PreliminaryCallStory.rules)
        #expect(report.rules.allSatisfy { !$0.observed.isEmpty })
        try await Invariants.check(whole.house)
    }

    @Test("the story of applications proves B1 to B7")
    func applications() async throws {
        let whole = try WholeHouse()
        defer { WholeHouse.remove(whole.folder) }
        let report = try await ApplicationStory.tell(on: whole.house)
        #expect(report.rules.map(\.id) == ApplicationStory.rules)
        #expect(report.rules.allSatisfy { !$0.observed.isEmpty })
        try await Invariants.check(whole.house)
    }

    @Test("the story of meeting auctions proves its rules of section C")
    func meetings() async throws {
        let whole = try WholeHouse()
        defer { WholeHouse.remove(whole.folder) }
        let report = try await MeetingAuctionStory.tell(on: whole.house)
        #expect(report.rules.map(\.id) == MeetingAuctionStory.rules)
        #expect(report.rules.allSatisfy { !$0.observed.isEmpty })
        try await Invariants.check(whole.house)
    }

    private func deliveries(to player: Player, _ house: InProcessHouse, _ cast: Cast) async throws
        -> [Delivery]
    {
        var query = DeliveryStatus()
        query.party = player.party
        query.limit = 100
        return try await house.ask(query, as: cast.operator).deliveries
    }

    private func sealed(_ house: InProcessHouse) throws -> Int { house.keys(.contactVault)?.count ?? 0 }

    private func files(in folder: String) throws -> [URL] {
        let all = FileManager.default.enumerator(at: URL(filePath: folder), includingPropertiesForKeys: nil)
        return (all?.compactMap { $0 as? URL } ?? []).filter { !$0.hasDirectoryPath }
    }
}
