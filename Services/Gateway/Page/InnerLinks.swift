import Kernel
import Messages
import Transport
import Wire

/// What a request from within the gateway's process came to: the house's time, and what answered.
struct InnerAnswer: Sendable {
    var now: Instant
    var code: UInt16
    var version: UInt8
    var body: [UInt8]

    /// The answer of the type that belongs to the request, or why there is none.
    func decoded<A: Message>(_: A.Type) -> Result<A, Refusal> {
        do throws(WireError) {
            if code == Refusal.code { return .failure(try Refusal(decoding: body, version: version)) }
            guard code == A.code else { return .failure(Refusal(.internalError)) }
            return .success(try A(decoding: body, version: version))
        } catch {
            return .failure(Refusal(.internalError))
        }
    }
}

/// Requests that come from within the gateway's process, each on a link of its own that never leaves it: the limits of
/// an address, and all else, hold for it as for a client's. Belongs to the gateway's event loop.
final class InnerLinks {
    private struct Exchange {
        let header: FrameHeader
        let body: [UInt8]
        var now = Instant.none
        let then: @Sendable (InnerAnswer) -> Void
    }

    private let logic: GatewayLogic
    private var exchanges: [LinkID: Exchange] = [:]
    private var last: UInt64 = 0

    private static let mark: UInt64 = 1 << 63
    private static let greeting: UInt64 = 1
    private static let asking: UInt64 = 2
    /// Requests under way; more are refused.
    private static let most = 1_000

    init(_ logic: GatewayLogic) { self.logic = logic }

    /// Whether what is sent there stays in this process.
    static func owns(_ link: LinkID) -> Bool { link.raw & mark != 0 }

    /// Greets and asks in the name of whoever is at `address`. `then` is called once.
    func ask(
        code: UInt16, body: [UInt8], key: IdempotencyKey?, from address: String,
        then: @escaping @Sendable (InnerAnswer) -> Void
    ) {
        guard exchanges.count < Self.most else {
            let refusal = Refusal(.overloaded, retryAfterMilliseconds: 1_000)
            return then(InnerAnswer(now: .none, code: Refusal.code, version: 1, body: refusal.encoded()))
        }
        last += 1
        let link = LinkID(raw: Self.mark | last)
        let header = FrameHeader(code: code, correlation: Self.asking, key: key)
        exchanges[link] = Exchange(header: header, body: body, then: then)
        logic.linkOpened(link, peer: nil, address: address)
        var hello = Hello()
        hello.agent = "gavel page"
        let greeting = FrameHeader(code: Hello.code, correlation: Self.greeting)
        logic.linkReceived(link, frames: [InboundFrame(header: greeting, body: hello.encoded())])
    }

    /// The gateway said something; `later` calls on its event loop once it has finished with this.
    func received(_ bytes: [UInt8], on link: LinkID, later: (@escaping @Sendable () -> Void) -> Void) {
        var frames: [InboundFrame] = []
        _ = bytes.withUnsafeBytes {
            FrameDecoder(longestFrame: FrameLimits.longest).decode($0, into: &frames)
        }
        for frame in frames {
            guard var exchange = exchanges[link] else { return }
            let header = frame.header
            if header.correlation == Self.greeting, header.code == Welcome.code,
                let welcome = try? Welcome(decoding: frame.body, version: header.version)
            {
                exchange.now = welcome.now
                exchanges[link] = exchange
                let request = InboundFrame(header: exchange.header, body: exchange.body)
                later { [logic] in logic.linkReceived(link, frames: [request]) }
            } else {
                exchanges[link] = nil
                later { [logic] in logic.linkClosed(link) }
                exchange.then(
                    InnerAnswer(
                        now: exchange.now, code: header.code, version: header.version, body: frame.body))
            }
        }
    }

    /// The gateway let go of the link.
    func closed(_ link: LinkID, later: (@escaping @Sendable () -> Void) -> Void) {
        guard let exchange = exchanges.removeValue(forKey: link) else { return }
        later { [logic] in logic.linkClosed(link) }
        let refusal = Refusal(.unavailable)
        exchange.then(InnerAnswer(now: .none, code: Refusal.code, version: 1, body: refusal.encoded()))
    }
}
