import Kernel
import Messages
import Testing
import Wire

@testable import Gateway

@Suite("Limits of the gateway") struct LimitTests {
    @Test("A party gets its burst, then so many a minute, on all its connections together")
    func party() throws {
        var limits = GatewayLimits()
        limits.partyBurst = 3
        limits.partyRequestsPerMinute = 60
        let bench = try GatewayBench(limits: limits)
        bench.bringUp()
        let first = try bench.signedIn()
        let second = try bench.signedIn(address: "192.0.2.2")
        for link in [first, second, first] { bench.request(link, PlaceBid()) }
        bench.request(second, PlaceBid())
        let refusal = try #require(bench.received(second, Refusal.self))
        #expect(refusal.reason == .rateLimited)
        #expect((900...1_001).contains(refusal.retryAfterMilliseconds))
        bench.pass(milliseconds: 1_001)
        bench.request(second, PlaceBid())
        #expect(bench.received(second) == nil)
    }

    @Test(
        "Wrong passwords use up an address's attempts faster than right ones, and other addresses not at all")
    func attempts() throws {
        var limits = GatewayLimits()
        limits.entryBurst = 12
        limits.entriesPerMinute = 6
        let bench = try GatewayBench(limits: limits)
        bench.bringUp()
        let link = bench.client()
        var tried = 0
        while tried < 20 {
            bench.request(link, SignIn(), correlation: UInt64(tried + 10))
            guard bench.answer(.contactVault, SignIn.code, Refusal(.credentialsWrong)) else { break }
            #expect(bench.refusal(link) == .credentialsWrong)
            tried += 1
        }
        #expect(bench.refusal(link) == .rateLimited)
        #expect(tried == 3)
        let neighbour = bench.client(address: "192.0.2.200")
        bench.request(neighbour, SignIn())
        #expect(bench.heard(.contactVault, SignIn.code) != nil)
    }

    @Test(
        "One host's IPv6 addresses count as one",
        arguments: [
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2"), ("2001:db8:1:2::9", "2001:db8:1:2"),
            ("2001:db8::1", "2001:db8:0:0"), ("::1", "0:0:0:0"), ("192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
        ])
    func addresses(_ row: (address: String, group: String)) {
        #expect(addressGroup(row.address) == row.group)
    }

    @Test("Requests in flight are bounded per connection, and answers make room")
    func inFlight() throws {
        var limits = GatewayLimits()
        limits.inFlightPerLink = 2
        let bench = try GatewayBench(limits: limits)
        bench.bringUp()
        let link = try bench.signedIn()
        for number in 1...3 { bench.request(link, PlaceBid(), correlation: UInt64(number)) }
        let refused = try #require(bench.received(link))
        #expect(refused.header.correlation == 3)
        #expect(try Refusal(decoding: refused.body).reason == .rateLimited)
        #expect(bench.answer(.auction, PlaceBid.code, BidPlaced()))
        #expect(bench.received(link, BidPlaced.self) != nil)
        bench.request(link, PlaceBid(), correlation: 4)
        #expect(bench.received(link) == nil)
    }

    @Test("A command without a key is refused (F2)")
    func keyMissing() throws {
        let bench = try GatewayBench()
        bench.bringUp()
        let link = try bench.signedIn()
        let frame = InboundFrame(
            header: FrameHeader(code: PlaceBid.code, correlation: 3), body: PlaceBid().encoded())
        bench.gateway.linkReceived(link, frames: [frame])
        #expect(bench.refusal(link) == .keyMissing)
    }
}
