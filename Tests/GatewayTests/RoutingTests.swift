import Kernel
import Messages
import Testing
import Wire

@testable import Gateway

@Suite("Routing of the gateway") struct RoutingTests {
    @Test("A service that is away is said to be so at once, with a time to try again")
    func away() throws {
        let bench = try GatewayBench()
        bench.bringUp([.contactVault])
        let link = try bench.signedIn()
        bench.request(link, PlaceBid())
        let refusal = try #require(bench.received(link, Refusal.self))
        #expect(refusal.reason == .unavailable)
        #expect(refusal.retryAfterMilliseconds > 0)
    }

    @Test("A service that breaks off, or takes longer than the time left, leaves nobody waiting")
    func lost() throws {
        let bench = try GatewayBench()
        bench.bringUp()
        let link = try bench.signedIn()
        bench.request(link, PlaceBid(), correlation: 1)
        bench.takeDown(.auction)
        #expect(bench.refusal(link) == .unavailable)
        bench.pass(milliseconds: 200)
        bench.bringUp([.auction])
        bench.request(link, PlaceBid(), correlation: 2, timeLeft: 700)
        #expect(bench.heard(.auction, PlaceBid.code)?.header.timeLeftMilliseconds == 700)
        bench.pass(milliseconds: 600)
        #expect(bench.received(link) == nil)
        bench.pass(milliseconds: 300)
        #expect(bench.refusal(link) == .unavailable)
    }

    @Test("An answer to a client that has gone is dropped")
    func clientGone() throws {
        let bench = try GatewayBench()
        bench.bringUp()
        let link = try bench.signedIn()
        bench.request(link, PlaceBid())
        bench.gateway.linkClosed(link)
        #expect(bench.answer(.auction, PlaceBid.code, BidPlaced()))
        #expect(bench.received(link) == nil)
    }

    @Test("Every request of clients in the catalogue has a home, every other message none")
    func routes() {
        let routes = RouteTable()
        for message in Catalogue.all {
            let forClients =
                switch message.audience {
                case .anyone, .parties, .operators: message is any Command.Type || message is any Query.Type
                case .services, .itself, .answer: false
                }
            #expect((routes[message.code] != nil) == forClients, "\(message)")
        }
    }

    @Test("The dashboard asks four services at once and names the one that is away")
    func dashboard() throws {
        let bench = try GatewayBench()
        bench.bringUp([.contactVault, .auction, .wallet, .dispute])
        let link = try bench.signedIn()
        bench.request(link, GetDashboard(), correlation: 21)
        var trades = TradeSummary()
        trades.won = 4
        trades.running = 2
        #expect(bench.answer(.auction, GetTradeSummary.code, trades))
        var balance = BalanceDetails()
        balance.posted = Money(5_000, .eur)
        balance.available = Money(4_000, .eur)
        #expect(bench.answer(.wallet, GetBalance.code, balance))
        #expect(bench.received(link) == nil)
        var disputes = OpenDisputeCount()
        disputes.open = 1
        #expect(bench.answer(.dispute, GetOpenDisputeCount.code, disputes))
        let frame = try #require(bench.received(link))
        #expect(frame.header.correlation == 21)
        let dashboard = try Dashboard(decoding: frame.body)
        #expect(dashboard.won == 4)
        #expect(dashboard.running == 2)
        #expect(dashboard.balance == [Money(5_000, .eur)])
        #expect(dashboard.available == [Money(4_000, .eur)])
        #expect(dashboard.openDisputes == 1)
        #expect(dashboard.missing == [.notifications])
    }

    @Test("A part that comes too late is named as missing; the others are told in time")
    func latePart() throws {
        let bench = try GatewayBench()
        bench.bringUp()
        let link = try bench.signedIn()
        bench.request(link, GetDashboard(), timeLeft: 2_000)
        #expect(bench.answer(.auction, GetTradeSummary.code, TradeSummary()))
        #expect(bench.answer(.notifications, GetUnreadCount.code, UnreadCount()))
        #expect(bench.answer(.dispute, GetOpenDisputeCount.code, OpenDisputeCount()))
        bench.pass(milliseconds: 1_900)
        #expect(bench.received(link, Dashboard.self)?.missing == [.wallet])
    }

    @Test("F9 an order that the party has no part in is not found, whatever the other services say")
    func foreignOrder() throws {
        let bench = try GatewayBench()
        bench.bringUp()
        let link = try bench.signedIn()
        bench.request(link, GetOrderDetails())
        #expect(bench.answer(.wallet, ListInvoices.code, InvoicePage()))
        #expect(bench.answer(.notifications, ReadConversation.code, Refusal(.notFound)))
        #expect(bench.answer(.dispute, ListCases.code, CasePage()))
        #expect(bench.answer(.auction, GetOrder.code, Refusal(.notFound)))
        #expect(bench.refusal(link) == .notFound)
    }

    @Test("Pushes reach those who subscribed, without the party's number, and again after a service was away")
    func pushes() throws {
        let bench = try GatewayBench()
        bench.bringUp()
        let listening = try bench.signedIn()
        let silent = try bench.signedIn()
        bench.request(listening, Subscribe(), correlation: 31)
        #expect(bench.answer(.notifications, Subscribe.code, Subscribed()))
        #expect(bench.received(listening, Subscribed.self) != nil)
        var pushed = InboxPushed()
        pushed.item.item = InboxItemID(512)
        bench.say(
            .notifications, InboxPushed.code, pushed.encoded(), correlation: 0, acting: GatewayBench.buyer)
        let frame = try #require(bench.received(listening))
        #expect(frame.header.correlation == 0)
        #expect(frame.header.acting == nil)
        #expect(bench.received(silent) == nil)

        bench.takeDown(.notifications)
        bench.pass(milliseconds: 200)
        bench.bringUp([.notifications])
        let again = try #require(bench.heard(.notifications, Subscribe.code))
        #expect(try Subscribe(decoding: again.body).after == InboxItemID(512))
        #expect(again.header.acting?.party == GatewayBench.buyer.raw)
        #expect(bench.heard(.notifications, ReadInbox.code) != nil)
    }

    @Test("Who was away is pushed what it missed, page by page, and nobody else is")
    func catchingUp() throws {
        let bench = try GatewayBench()
        bench.bringUp()
        let returning = try bench.signedIn()
        let fresh = try bench.signedIn()
        bench.request(fresh, Subscribe())
        #expect(bench.heard(.notifications, ReadInbox.code) == nil)
        var subscribe = Subscribe()
        subscribe.after = InboxItemID(256)
        bench.request(returning, subscribe)
        for (after, items, more) in [(256, [512, 768], true), (768, [1_024], false)]
            as [(UInt64, [UInt64], Bool)]
        {
            let asked = try #require(bench.heard(.notifications, ReadInbox.code))
            #expect(try ReadInbox(decoding: asked.body).after == InboxItemID(after))
            #expect(asked.header.acting?.party == GatewayBench.buyer.raw)
            var page = InboxPage()
            page.more = more
            for number in items {
                var item = InboxItem()
                item.item = InboxItemID(number)
                page.items.append(item)
            }
            bench.say(
                .notifications, InboxPage.code, page.encoded(), correlation: asked.header.correlation)
            for number in items {
                #expect(bench.received(returning, InboxPushed.self)?.item.item == InboxItemID(number))
            }
        }
        #expect(bench.received(returning) == nil)
        #expect(bench.received(fresh) == nil)
    }

    @Test("Who listens, and what was missed, is asked again of a service that was too busy to say")
    func busyNotifications() throws {
        let bench = try GatewayBench()
        bench.bringUp()
        let link = try bench.signedIn()
        var subscribe = Subscribe()
        subscribe.after = InboxItemID(256)
        bench.request(link, subscribe)
        #expect(bench.answer(.notifications, Subscribe.code, Subscribed()))
        #expect(bench.received(link, Subscribed.self) != nil)
        #expect(bench.answer(.notifications, ReadInbox.code, Refusal(.overloaded)))
        var pushed = InboxPushed()
        pushed.item.item = InboxItemID(1_024)
        bench.say(
            .notifications, InboxPushed.code, pushed.encoded(), correlation: 0, acting: GatewayBench.buyer)
        #expect(bench.received(link, InboxPushed.self) != nil)
        bench.pass(milliseconds: 1_500)
        let asked = try #require(bench.heard(.notifications, ReadInbox.code))
        #expect(try ReadInbox(decoding: asked.body).after == InboxItemID(256))
        bench.say(
            .notifications, InboxPage.code, InboxPage().encoded(), correlation: asked.header.correlation)

        bench.takeDown(.notifications)
        bench.pass(milliseconds: 200)
        bench.bringUp([.notifications])
        #expect(bench.answer(.notifications, Subscribe.code, Refusal(.overloaded)))
        #expect(bench.answer(.notifications, ReadInbox.code, InboxPage()))
        bench.pass(milliseconds: 1_500)
        #expect(bench.answer(.notifications, Subscribe.code, Subscribed()))
        #expect(bench.answer(.notifications, ReadInbox.code, InboxPage()))
        bench.pass(milliseconds: 20_000)
        #expect(bench.heard(.notifications, Subscribe.code) == nil)
        #expect(bench.heard(.notifications, ReadInbox.code) == nil)
    }

    @Test("All clocks move, or none does")
    func clocks() throws {
        let bench = try GatewayBench()
        bench.bringUp()
        let link = try bench.signedIn(PartyID(1), roles: .operator_)
        var move = SetClock()
        move.now = bench.machineNow + .days(1)
        bench.takeDown(.dispute)
        bench.request(link, move)
        #expect(bench.refusal(link) == .unavailable)
        #expect(bench.heard(.auction, SetClock.code) == nil)
        bench.pass(milliseconds: 200)
        bench.bringUp([.dispute])
        bench.request(link, move)
        for service in ServiceName.stores {
            var report = StatusReport()
            report.services = [ServiceStatus()]
            report.services[0].service = service
            report.services[0].now = move.now
            #expect(bench.answer(service, SetClock.code, report))
        }
        let report = try #require(bench.received(link, StatusReport.self))
        #expect(report.services.count == 6)
        #expect(report.services.last?.service == .gateway)
        #expect(report.services.last?.now == move.now)
    }

    @Test("A service that shows another's certificate is not spoken to")
    func wrongPeer() throws {
        let bench = try GatewayBench()
        let link = try #require(bench.link(of: .wallet))
        bench.gateway.linkOpened(link, peer: "auction", address: "127.0.0.1")
        #expect(bench.closed.contains(link))
        #expect(bench.heard(.wallet, Hello.code) == nil)
    }
}
