import Foundation
import Kernel
import Messages
import Notifications
import Runtime
import TestBench
import Testing
import Wire

@Suite("The notifications service") struct ServiceTests {
    static let start = Instant(iso8601: "2026-03-02T09:00:00Z") ?? .none
    let bench: Bench
    let ada = Bench.acting(7, .buyer)
    let bob = Bench.acting(8, .seller)
    let support = Bench.acting(1, .operator_)
    var world: VaultWorld { VaultWorld(folder: bench.folder) }

    init() throws {
        bench = try Bench(NotificationsService.definition(), start: Self.start)
        var marketplace = MarketplacePublished()
        marketplace.marketplace = MarketplaceID(1)
        marketplace.version = 1
        marketplace.name = "Capa"
        try bench.peer(marketplace, from: .contactVault)
        for (party, language) in [(UInt64(7), Language.german), (8, .english)] {
            var known = PartyPublished()
            known.party = PartyID(party)
            known.marketplace = MarketplaceID(1)
            known.state = .verified
            known.language = language
            try bench.peer(known, from: .contactVault)
        }
    }

    func notify(_ event: NotificationEvent, to party: UInt64 = 7, replaces: UInt64 = 0, grant: UInt64 = 0)
        throws
    {
        var notice = Notify()
        notice.event = event
        notice.party = PartyID(party)
        notice.marketplace = MarketplaceID(1)
        notice.listing = ListingID(17)
        notice.order = OrderID(18)
        notice.happenedAt = bench.now
        notice.values = [NotificationValue(.title, "Dach"), NotificationValue(.price, Money(5_000, .eur))]
        notice.replaces = replaces
        notice.grant = GrantID(grant)
        try bench.peer(notice, from: .auction)
    }

    func inbox(_ acting: Acting) throws -> InboxPage { try bench.ask(ReadInbox(), as: acting) }

    func spooled() throws -> [String] {
        let folder = bench.folder + "/spool/new"
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else { return [] }
        return try names.sorted().map { try String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8) }
    }

    @Test("F6 an event is in the inbox once, pushed live, and e-mailed once")
    func told() throws {
        try notify(.bidOutbid)
        let item = try #require(try inbox(ada).items.first)
        #expect(item.title == "Du wurdest überboten: „Dach“")
        #expect(item.kind == .banner)
        #expect(item.email == .queued)
        #expect(try InboxPushed(decoding: try #require(bench.pushes.first).body()).item == item)
        try bench.performEffect(in: world)
        #expect(try inbox(ada).items.map(\.email) == [.sent])
        #expect(try spooled().count == 1)
        #expect(bench.effects.isEmpty)
    }

    @Test("F9 nobody reads, counts or marks another party's items")
    func foreign() throws {
        try notify(.bidOutbid)
        let item = try #require(try inbox(ada).items.first).item
        #expect(try inbox(bob).items.isEmpty)
        var mark = MarkRead()
        mark.items = [item]
        #expect(try refusal { try bench.command(mark, as: bob) } == .notFound)
        #expect(try bench.ask(GetUnreadCount(), as: ada).unread == 1)
        #expect(try bench.ask(GetUnreadCount(), as: bob).unread == 0)
    }

    @Test("A10 what was read is counted once, and pages follow in both directions")
    func pages() throws {
        for _ in 0..<5 { try notify(.bidLeading) }
        let items = try inbox(ada).items.map(\.item)
        var mark = MarkRead()
        mark.items = [items[0], items[0], items[2]]
        try bench.command(mark, as: ada)
        try bench.command(mark, as: ada)
        #expect(try bench.ask(GetUnreadCount(), as: ada).unread == 3)
        #expect(try bench.ask(Subscribe(), as: ada).latest == items[4])
        var query = ReadInbox()
        query.limit = 2
        query.unreadOnly = true
        var page = try bench.ask(query, as: ada)
        #expect(page.items.map(\.item) == [items[1], items[3]])
        #expect(page.more)
        query.after = items[3]
        page = try bench.ask(query, as: ada)
        #expect(page.items.map(\.item) == [items[4]])
        #expect(!page.more)
        query = ReadInbox()
        query.newestFirst = true
        query.limit = 3
        #expect(try bench.ask(query, as: ada).items.map(\.item) == [items[4], items[3], items[2]])
        query.after = items[2]
        #expect(try bench.ask(query, as: ada).items.map(\.item) == [items[1], items[0]])
        query.limit = 101
        #expect(try refusal { try bench.ask(query, as: ada) } == .invalidValue)
    }

    @Test("F6 an e-mail not sent yet gives way to the newer one; the inbox keeps both")
    func replaced() throws {
        try notify(.bidOutbid, replaces: 17)
        let first = bench.effects
        try notify(.bidOutbid, replaces: 17)
        try notify(.bidOutbid, to: 8, replaces: 17)
        #expect(try inbox(ada).items.map(\.email) == [.replaced, .queued])
        #expect(first.count == 1)
        // The first was handed out before the second came: it leaves and says so, and the second rests.
        while !bench.effects.isEmpty { try bench.performEffect(in: world) }
        #expect(try inbox(ada).items.map(\.email) == [.sent, .queued])
        #expect(try spooled().count == 2)
        try bench.advance(by: Duration64(microseconds: 29_999_999))
        #expect(bench.effects.isEmpty)
        try bench.advance(by: Duration64(microseconds: 1))
        while !bench.effects.isEmpty { try bench.performEffect(in: world) }
        #expect(try inbox(ada).items.map(\.email) == [.sent, .sent])
        #expect(try spooled().count == 3)
        // After one that was sent the next rests half a minute, and the newest goes for all that came meanwhile.
        try notify(.bidOutbid, replaces: 17)
        try notify(.bidOutbid, replaces: 17)
        try bench.advance(by: Duration64(microseconds: 29_999_999))
        #expect(bench.effects.isEmpty)
        try bench.advance(by: Duration64(microseconds: 1))
        while !bench.effects.isEmpty { try bench.performEffect(in: world) }
        #expect(try spooled().count == 4)
        #expect(try inbox(ada).items.map(\.email) == [.sent, .sent, .replaced, .sent])
    }

    @Test("F6 an e-mail that waits for its next attempt is replaced without ever leaving")
    func replacedWhileWaiting() throws {
        var down = world
        down.refusal = Refusal(.unavailable)
        try notify(.bidOutbid, replaces: 17)
        try bench.performEffect(in: down)
        try notify(.bidOutbid, replaces: 17)
        while !bench.effects.isEmpty { try bench.performEffect(in: world) }
        try bench.advance(by: .days(1))
        #expect(bench.effects.isEmpty)
        #expect(try inbox(ada).items.map(\.email) == [.replaced, .sent])
        #expect(try spooled().count == 1)
    }

    @Test("F6 a failing e-mail is tried again with back-off, then shown as failed")
    func failing() throws {
        var down = world
        down.refusal = Refusal(.unavailable)
        try notify(.auctionWon)
        var attempts = 0
        while !bench.effects.isEmpty || bench.core.nextEffectDue < .distantFuture {
            if bench.effects.isEmpty { try bench.advance(to: bench.core.nextEffectDue) }
            try bench.performEffect(in: down)
            attempts += 1
        }
        #expect(attempts == 12)
        let item = try #require(try inbox(ada).items.first)
        #expect(item.email == .failed)
        #expect(item.failure == "contact-vault refused: unavailable")
        #expect(try refusal { try bench.ask(DeliveryStatus(), as: ada) } == .forbidden)
        let failed = try bench.ask(DeliveryStatus(), as: support).deliveries
        #expect(failed.map(\.item) == [item.item])
        #expect(failed.map(\.attempts) == [12])
    }

    @Test("F6 an e-mail to a prospect that failed for good is shown beside those to parties, in order")
    func failingForProspects() throws {
        var down = world
        down.refusal = Refusal(.unavailable)
        for order in [UInt64(4), 5] {
            try notify(.auctionWon)
            var notice = NotifyProspect()
            notice.event = .reviewRequested
            notice.contact = ContactID(3)
            notice.marketplace = MarketplaceID(1)
            notice.order = OrderID(order)
            notice.happenedAt = bench.now
            try bench.peer(notice, from: .auction)
        }
        while !bench.effects.isEmpty || bench.core.nextEffectDue < .distantFuture {
            if bench.effects.isEmpty { try bench.advance(to: bench.core.nextEffectDue) }
            try bench.performEffect(in: down)
        }
        var query = DeliveryStatus()
        let whole = try bench.ask(query, as: support).deliveries
        #expect(whole.map(\.party.raw) == [7, 0, 7, 0])
        #expect(whole.map(\.order.raw) == [18, 4, 18, 5])
        #expect(whole.map(\.state) == [.failed, .failed, .failed, .failed])
        #expect(whole.allSatisfy { $0.attempts == 12 && !$0.failure.isEmpty })
        query.limit = 3
        let first = try bench.ask(query, as: support)
        #expect(first.deliveries.map(\.item) == whole.prefix(3).map(\.item) && first.more)
        query.after = first.deliveries[2].item
        let rest = try bench.ask(query, as: support)
        #expect(rest.deliveries.map(\.item) == [whole[3].item] && !rest.more)
    }

    @Test("F5 nobody is written to whose account is closed")
    func closed() throws {
        var gone = world
        gone.state = .closed
        try notify(.auctionWon)
        try bench.performEffect(in: gone)
        #expect(try inbox(ada).items.map(\.email) == [.failed])
        #expect(try spooled().isEmpty)
    }

    @Test("A12 the buyer's e-mail carries the contact; erased meanwhile, it goes without")
    func contact() throws {
        try notify(.contactRevealed, grant: 5)
        try bench.performEffect(in: world)
        #expect(try #require(try spooled().first).contains("Name: Paul Prospekt\r\nTelefon: +49 228 1234567"))
        var erased = world
        erased.contactRefusal = Refusal(.erased)
        try notify(.contactRevealed, grant: 6)
        try bench.performEffect(in: erased)
        #expect(try #require(try spooled().last).contains("Paul") == false)
        #expect(try inbox(ada).items.map(\.email) == [.sent, .sent])
    }

    @Test("the e-mail that confirms an address carries the link alone on its line")
    func link() throws {
        try notify(.confirmEmail)
        try bench.performEffect(in: world)
        #expect(try #require(try spooled().first).contains("\r\n\r\n0a1b2c.3d4e5f\r\n\r\n"))
    }

    @Test("A18 the members of an order's conversation and support talk; nobody else knows of it")
    func conversation() throws {
        var open = OpenConversation()
        open.order = OrderID(18)
        open.marketplace = MarketplaceID(1)
        open.members = [PartyID(7), PartyID(8)]
        open.title = "Dach"
        try bench.peer(open, from: .auction)
        var post = PostMessage()
        post.order = OrderID(18)
        post.text = PersonalText("Wann passt ein Anruf?")
        try bench.command(post, as: ada)
        post.text = PersonalText("We are watching.")
        try bench.command(post, as: support)
        #expect(try inbox(bob).items.map(\.event) == [.messageReceived, .messageReceived])
        #expect(try inbox(bob).items.map(\.email) == [.replaced, .queued])
        #expect(try inbox(ada).items.count == 1)
        #expect(try inbox(bob).items.first?.text.contains("“Dach”") == true)
        var read = ReadConversation()
        read.order = OrderID(18)
        let messages = try bench.ask(read, as: bob).messages
        #expect(messages.map(\.text.plaintext) == ["Wann passt ein Anruf?", "We are watching."])
        #expect(messages.map(\.author) == [.member, .support])
        read.newestFirst = true
        read.limit = 1
        let newest = try bench.ask(read, as: bob)
        #expect(newest.messages.map(\.author) == [.support] && newest.more)
        read.after = newest.messages[0].message
        let oldest = try bench.ask(read, as: bob)
        #expect(oldest.messages.map(\.author) == [.member] && !oldest.more)
        read = ReadConversation()
        read.order = OrderID(18)
        let stranger = Bench.acting(9, .buyer)
        #expect(try refusal { try bench.ask(read, as: stranger) } == .notFound)
        #expect(try refusal { try bench.command(post, as: stranger) } == .notFound)
        post.text = PersonalText("")
        #expect(try refusal { try bench.command(post, as: ada) } == .invalidText)
    }

    @Test("F5 what a party wrote cannot be read once its account is closed")
    func erased() throws {
        try conversation()
        var gone = PartyPublished()
        gone.party = PartyID(7)
        gone.marketplace = MarketplaceID(1)
        gone.state = .closed
        try bench.peer(gone, from: .contactVault)
        var read = ReadConversation()
        read.order = OrderID(18)
        #expect(try bench.ask(read, as: bob).messages.map(\.text.plaintext) == ["", "We are watching."])
    }
}
