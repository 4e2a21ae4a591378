import Crypto
import Kernel
import Messages
import Runtime
import Wire

/// The logic of a gateway, confined to one event loop and without I/O of its own.
///
/// It greets clients, binds their connections to the party that signed in, passes requests to the service that
/// a message's code names without reading their bodies, and answers the few calls that concern several
/// services. It owns no business data: any number of gateways work side by side.
public final class GatewayLogic: @unchecked Sendable {
    /// What a request to a service is for.
    fileprivate enum Errand {
        case forwarded(client: LinkID, correlation: UInt64, code: UInt16)
        case part(of: UInt64, index: Int)
        case tokenKey
        case revocations
        case status
        case resubscription(PartyID)
        /// Inbox items after the one that listeners have seen.
        case catchingUp([LinkID], ActingPart, after: InboxItemID)
    }

    private struct Pending {
        let service: ServiceName
        let errand: Errand
        let giveUpAt: UInt64
    }

    private unowned let shell: any FrontShell
    private let limits: GatewayLimits
    private let clockIsSettable: Bool
    private let machineNow: @Sendable () -> Instant
    private let routes = RouteTable()

    private var clients: [LinkID: ClientLink] = [:]
    private var upstreams = ServiceName.stores.map { Upstream($0) }
    private var pending: [UInt64: Pending] = [:]
    private var fanOuts: [UInt64: FanOut] = [:]
    private var lastNumber: UInt64 = 0
    private var subscribers: [PartyID: [LinkID]] = [:]
    /// The newest inbox item that was pushed to a party, so that a new connection goes on after it.
    private var pushedUpTo: [PartyID: InboxItemID] = [:]

    private var addressLimiter: RateLimiter<String>
    private var partyLimiter: RateLimiter<PartyID>
    private var entryLimiter: RateLimiter<String>

    private var tokenKey: Ed25519PublicKey?
    private var revocations = Revocations()
    /// What the services would not, or could not, tell; asked again by and by.
    private var lacksTokenKey = false
    private var lacksRevocations = false
    private var unheard: Set<PartyID> = []
    private var houseTime = Instant.none
    private var bundle = FrameBundle()
    private var now: UInt64 = 0
    private var forwarded: UInt64 = 0
    private var isDraining = false

    private static let sweepMilliseconds = 100
    private static let sweepsPerUpkeep: UInt64 = 100
    private static let sweepsPerRepeat: UInt64 = 10
    private static let ownRequestMilliseconds: UInt32 = 5_000
    private static let retryWhenUnavailable: UInt32 = 500

    /// - Parameter machineNow: the machine's time, by which tokens expire.
    public init(
        shell: any FrontShell, limits: GatewayLimits, clockIsSettable: Bool,
        machineNow: @escaping @Sendable () -> Instant
    ) {
        self.shell = shell
        self.limits = limits
        self.clockIsSettable = clockIsSettable
        self.machineNow = machineNow
        addressLimiter = RateLimiter(perMinute: limits.addressRequestsPerMinute, burst: limits.addressBurst)
        partyLimiter = RateLimiter(perMinute: limits.partyRequestsPerMinute, burst: limits.partyBurst)
        entryLimiter = RateLimiter(perMinute: limits.entriesPerMinute, burst: limits.entryBurst)
    }

    /// Begins to connect to the services.
    public func start() {
        for index in upstreams.indices { connect(index) }
        scheduleSweep(1)
    }

    /// Takes no more requests; those on their way are still answered.
    public func drain() { isDraining = true }

    public var isDrained: Bool { !pending.values.contains { $0.errand.isForClient } }

    /// Whether all services are connected and sign-ins can be checked against all that ended until now.
    public var isReady: Bool {
        upstreams.allSatisfy { $0.openLink != nil } && tokenKey != nil && revocations.hearsAll
    }

    // MARK: Links

    public func linkOpened(_ link: LinkID, peer: String?, address: String) {
        enter()
        defer { leave() }
        guard let index = upstreamIndex(of: link) else {
            clients[link] = ClientLink(address: address)
            return
        }
        let service = upstreams[index].service
        guard peer == service.title else {
            shell.log("expected \(service.title), found \(peer ?? "nobody") at \(address)")
            return shell.close(link, afterFlush: false)
        }
        upstreams[index].greeting(link)
        var hello = Hello()
        hello.agent = "gavel gateway"
        bundle.append(FrameHeader(code: Hello.code), hello.encoded(), on: link)
    }

    public func linkReceived(_ link: LinkID, frames: [InboundFrame]) {
        enter()
        defer { leave() }
        if let index = upstreamIndex(of: link) {
            for frame in frames { upstreamSaid(index, link, frame) }
            return
        }
        for frame in frames {
            guard clients[link] != nil else { return }
            clientSaid(link, frame)
        }
    }

    public func linkMalformed(_ link: LinkID, error: WireError, correlation: UInt64) {
        enter()
        defer { leave() }
        if let index = upstreamIndex(of: link) {
            shell.log("\(upstreams[index].service.title) broke the encoding: \(error)")
            return shell.close(link, afterFlush: false)
        }
        if case .tooLong(let limit, let found) = error {
            giveUp(
                link,
                Refusal(.tooLarge, expected: "a frame of at most \(limit) bytes", found: "\(found) bytes"),
                correlation)
        } else {
            giveUp(
                link, Refusal(.malformed, expected: "a valid frame", found: error.description), correlation)
        }
    }

    public func linkClosed(_ link: LinkID) {
        enter()
        defer { leave() }
        if let index = upstreamIndex(of: link) { return upstreamClosed(index) }
        guard let client = clients.removeValue(forKey: link) else { return }
        unsubscribe(link, client)
    }

    /// Every event begins with the time and ends with one write a link.
    private func enter() { now = shell.monotonicNanoseconds }

    private func leave() {
        guard !bundle.isEmpty else { return }
        shell.send(bundle.batch)
        bundle = FrameBundle()
    }

    // MARK: What clients say

    private func clientSaid(_ link: LinkID, _ frame: InboundFrame) {
        let header = frame.header
        guard header.flags.isDisjoint(with: [.acting, .stream, .answer]) else {
            let refusal = Refusal(
                .malformed, expected: "a client's flags", found: "flags \(header.flags.rawValue)")
            return giveUp(link, refusal, header.correlation)
        }
        if header.code == Hello.code { return greeted(link, frame) }
        guard let client = clients[link], client.stage != .greeting else {
            return giveUp(
                link, Refusal(.malformed, expected: "Hello", found: "message \(header.code)"),
                header.correlation)
        }
        if header.code == Ping.code {
            if let wait = addressLimiter.take(client.addressGroup, now: now) {
                return refuse(link, Refusal(.rateLimited, retryAfterMilliseconds: wait), header.correlation)
            }
            return answer(link, header.correlation, Pong.code, frame.body)
        }
        if let refusal = take(link, client, frame) { refuse(link, refusal, header.correlation) }
    }

    /// The order of these checks is the order of precedence of their refusals.
    private func take(_ link: LinkID, _ client: ClientLink, _ frame: InboundFrame) -> Refusal? {
        let header = frame.header
        guard let route = routes[header.code] else {
            return Refusal(
                .unknownMessage, expected: "a message for clients", found: "message \(header.code)")
        }
        if isDraining { return Refusal(.stopping, retryAfterMilliseconds: Self.retryWhenUnavailable) }
        if let refusal = limited(client, route) { return refusal }
        let binding: Binding?
        switch client.admit(route.audience, now: machineNow()) {
        case .success(let admitted): binding = admitted
        case .failure(let refusal): return refusal
        }
        if let binding, let wait = partyLimiter.take(binding.party, now: now) {
            return Refusal(
                .rateLimited, expected: "at most \(limits.partyRequestsPerMinute) requests a minute",
                retryAfterMilliseconds: wait)
        }
        if route.isCommand, header.key == nil {
            return Refusal(.keyMissing, expected: "an idempotency key")
        }
        switch route.destination {
        case .service(let service): return forward(link, binding, frame, to: service)
        case .gateway: return takeOwn(link, binding, frame)
        }
    }

    private func limited(_ client: ClientLink, _ route: RouteTable.Route) -> Refusal? {
        if client.inFlight >= limits.inFlightPerLink {
            return Refusal(
                .rateLimited, expected: "at most \(limits.inFlightPerLink) waiting requests",
                found: "\(client.inFlight)", retryAfterMilliseconds: 50)
        }
        if let wait = addressLimiter.take(client.addressGroup, now: now) {
            return Refusal(
                .rateLimited, expected: "at most \(limits.addressRequestsPerMinute) requests a minute",
                retryAfterMilliseconds: wait)
        }
        if route.isEntry, let wait = entryLimiter.take(client.addressGroup, now: now) {
            return Refusal(
                .rateLimited, expected: "at most \(limits.entriesPerMinute) attempts a minute",
                retryAfterMilliseconds: wait)
        }
        return nil
    }

    private func greeted(_ link: LinkID, _ frame: InboundFrame) {
        guard let hello = try? Hello(decoding: frame.body), hello.stream == nil,
            hello.oldest <= ProtocolVersion.current, hello.newest >= ProtocolVersion.oldest
        else {
            return giveUp(
                link,
                Refusal(
                    .malformed,
                    expected: "Hello with version \(ProtocolVersion.oldest) to \(ProtocolVersion.current)"),
                frame.header.correlation)
        }
        if clients[link]?.stage == .greeting {
            clients[link]?.stage = .anonymous
            clients[link]?.offersCompression = hello.compression && limits.compression
        }
        var welcome = Welcome()
        welcome.version = min(hello.newest, ProtocolVersion.current)
        welcome.compression = clients[link]?.offersCompression ?? false
        welcome.now = houseNow
        welcome.longestFrame = limits.longestFrame
        welcome.inFlight = limits.inFlightPerLink
        welcome.keyRetention = ServiceCore.keyRetention
        answer(link, frame.header.correlation, Welcome.code, welcome.encoded())
    }

    private func giveUp(_ link: LinkID, _ refusal: Refusal, _ correlation: UInt64) {
        refuse(link, refusal, correlation)
        leave()
        shell.close(link, afterFlush: true)
        guard let client = clients.removeValue(forKey: link) else { return }
        unsubscribe(link, client)
    }

    private func answer(_ link: LinkID, _ correlation: UInt64, _ code: UInt16, _ body: [UInt8]) {
        bundle.append(FrameHeader(code: code, correlation: correlation, flags: .answer), body, on: link)
    }

    private func refuse(_ link: LinkID, _ refusal: Refusal, _ correlation: UInt64) {
        answer(link, correlation, Refusal.code, refusal.encoded())
    }

    // MARK: Passing on

    private func forward(
        _ link: LinkID, _ binding: Binding?, _ frame: InboundFrame, to service: ServiceName
    ) -> Refusal? {
        let header = frame.header
        let asked =
            header.timeLeftMilliseconds == 0 ? limits.requestMilliseconds : header.timeLeftMilliseconds
        let timeLeft = min(asked, limits.longestRequestMilliseconds)
        let request = FrameHeader(
            code: header.code, timeLeftMilliseconds: timeLeft, key: header.key, trace: header.trace,
            acting: binding?.acting, version: header.version)
        let errand = Errand.forwarded(client: link, correlation: header.correlation, code: header.code)
        guard send(request, frame.body, to: service, errand) else { return Self.unavailable(service) }
        clients[link]?.inFlight += 1
        forwarded += 1
        if header.code == Subscribe.code, let binding { subscribe(link, binding, frame.body) }
        return nil
    }

    private static func unavailable(_ service: ServiceName) -> Refusal {
        Refusal(
            .unavailable, expected: service.title, found: "no connection",
            retryAfterMilliseconds: retryWhenUnavailable)
    }

    /// False if the service is not connected.
    private func send(
        _ header: FrameHeader, _ body: [UInt8], to service: ServiceName, _ errand: Errand
    ) -> Bool {
        guard let link = upstreams.first(where: { $0.service == service })?.openLink else { return false }
        lastNumber += 1
        var header = header
        header.correlation = lastNumber
        pending[lastNumber] = Pending(
            service: service, errand: errand, giveUpAt: now + UInt64(header.timeLeftMilliseconds) * 1_000_000)
        bundle.append(header, body, on: link)
        return true
    }

    /// False if the service is not connected.
    @discardableResult
    private func ask(
        _ service: ServiceName, _ query: some Query, _ errand: Errand, acting: ActingPart? = nil
    ) -> Bool {
        let header = FrameHeader(
            code: type(of: query).code, timeLeftMilliseconds: Self.ownRequestMilliseconds, acting: acting)
        return send(header, query.encoded(), to: service, errand)
    }

    // MARK: What the gateway answers itself

    private func takeOwn(_ link: LinkID, _ binding: Binding?, _ frame: InboundFrame) -> Refusal? {
        do {
            switch frame.header.code {
            case Authenticate.code:
                return authenticate(link, try Authenticate(decoding: frame.body), frame.header.correlation)
            case GetDashboard.code:
                _ = try GetDashboard(decoding: frame.body)
                fanOut(
                    link, binding, frame.header, DashboardCall.requests, compose: DashboardCall.compose)
            case GetOrderDetails.code:
                let query = try GetOrderDetails(decoding: frame.body)
                fanOut(
                    link, binding, frame.header, OrderDetailsCall.requests(query.order),
                    compose: OrderDetailsCall.compose)
            case GetStatus.code:
                _ = try GetStatus(decoding: frame.body)
                reportStatus(link, frame.header, StatusCall.requests(GetStatus()))
            case SetClock.code:
                return setClock(link, frame.header, try SetClock(decoding: frame.body))
            default:
                return Refusal(.unknownMessage, found: "message \(frame.header.code)")
            }
            return nil
        } catch {
            return Refusal(
                .malformed, expected: Catalogue.message(frame.header.code)?.title ?? "",
                found: error.description)
        }
    }

    private func fanOut(
        _ link: LinkID, _ binding: Binding?, _ header: FrameHeader, _ requests: [FanOut.Request],
        compose: @escaping FanOut.Composition
    ) {
        lastNumber += 1
        let number = lastNumber
        fanOuts[number] = FanOut(
            client: link, correlation: header.correlation, services: requests.map(\.service), compose: compose
        )
        clients[link]?.inFlight += 1
        let asked =
            header.timeLeftMilliseconds == 0 ? limits.requestMilliseconds : header.timeLeftMilliseconds
        // A part that is late must leave time for the others to be told.
        let timeLeft = min(asked - asked / 8, limits.requestMilliseconds / 2)
        for (index, request) in requests.enumerated() {
            let header = FrameHeader(
                code: request.code, timeLeftMilliseconds: timeLeft, acting: binding?.acting)
            let errand = Errand.part(of: number, index: index)
            if !send(header, request.body, to: request.service, errand) {
                takePart(.missing, of: number, at: index)
            }
        }
    }

    private func takePart(_ part: FanOut.Part, of number: UInt64, at index: Int) {
        guard fanOuts[number]?.take(part, at: index) == true, let done = fanOuts.removeValue(forKey: number)
        else { return }
        guard clients[done.client] != nil else { return }
        clients[done.client]?.inFlight -= 1
        switch done.composed() {
        case .success(let (code, body)): answer(done.client, done.correlation, code, body)
        case .failure(let refusal): refuse(done.client, refusal, done.correlation)
        }
    }

    private func reportStatus(_ link: LinkID, _ header: FrameHeader, _ requests: [FanOut.Request]) {
        fanOut(link, nil, header, requests) { [unowned self] parts in
            StatusCall.services(parts).map { services in
                learnTime(services)
                var report = StatusReport()
                report.services = services + [status]
                return (StatusReport.code, report.encoded())
            }
        }
    }

    private func setClock(_ link: LinkID, _ header: FrameHeader, _ command: SetClock) -> Refusal? {
        guard clockIsSettable else { return Refusal(.clockNotSettable) }
        // All clocks move, or none does.
        if let absent = upstreams.first(where: { $0.openLink == nil }) {
            return Self.unavailable(absent.service)
        }
        reportStatus(link, header, StatusCall.requests(command))
        return nil
    }

    /// How this gateway is; what it carries for status calls themselves is not counted.
    private var status: ServiceStatus {
        var status = ServiceStatus()
        status.service = .gateway
        status.ready = isReady && !isDraining
        status.now = houseNow
        status.waiting = UInt32(
            pending.values.count { if case .forwarded = $0.errand { true } else { false } })
        status.commands = forwarded
        return status
    }

    private var houseNow: Instant { clockIsSettable ? houseTime : machineNow() }

    private func learnTime(_ services: [ServiceStatus]) {
        houseTime = max(houseTime, services.map(\.now).max() ?? .none)
    }

    // MARK: Sign-in

    private func authenticate(_ link: LinkID, _ query: Authenticate, _ correlation: UInt64) -> Refusal? {
        guard let client = clients[link] else { return nil }
        if let wait = entryLimiter.take(client.addressGroup, now: now) {
            return Refusal(
                .rateLimited, expected: "at most \(limits.entriesPerMinute) attempts a minute",
                retryAfterMilliseconds: wait)
        }
        guard let tokenKey, revocations.isComplete else { return Self.unavailable(.contactVault) }
        let verified = AccessToken.verify(query.accessToken, now: machineNow()) { message, signature in
            tokenKey.verify(signature, of: message)
        }
        switch verified {
        case .failure(let refusal): return refusal
        case .success(let token):
            guard !revocations.hasEnded(token.session, of: token.party) else {
                return Refusal(.tokenInvalid, expected: "a sign-in in force", found: "one that was ended")
            }
            bind(link, Binding(token))
            var authenticated = Authenticated()
            authenticated.party = token.party
            authenticated.marketplace = token.marketplace
            authenticated.roles = token.roles
            authenticated.expires = token.expires
            answer(link, correlation, Authenticated.code, authenticated.encoded())
            return nil
        }
    }

    private func bind(_ link: LinkID, _ binding: Binding) {
        guard let client = clients[link] else { return }
        if let before = client.binding, before.party != binding.party { unsubscribe(link, client) }
        clients[link]?.stage = .signedIn(binding)
        shell.setLongestFrame(link, Int(limits.longestFrame))
        if client.offersCompression { shell.allowCompression(link) }
    }

    /// The one answer that the gateway reads: for whom the connection acts from now on.
    private func signedIn(_ link: LinkID, _ body: [UInt8]) {
        guard let signedIn = try? SignedIn(decoding: body), !signedIn.accessToken.isEmpty,
            !revocations.hasEnded(signedIn.session, of: signedIn.party)
        else { return }
        bind(link, Binding(signedIn))
    }

    /// Ends what a revocation, known by now, has ended here.
    private func revoke(_ revocation: Revocation) {
        for (link, client) in clients {
            guard let binding = client.binding, binding.party == revocation.party,
                revocations.hasEnded(binding.session, of: binding.party)
            else { continue }
            unsubscribe(link, client)
            clients[link]?.stage = .revoked
        }
    }

    private func learnRevocations(_ body: [UInt8]) {
        guard let page = try? RevocationsPage(decoding: body) else { return lacksRevocations = true }
        for revocation in page.revocations {
            revocations.listed(revocation)
            revoke(revocation)
        }
        if page.revocations.isEmpty { revocations.completed() } else { askForRevocations() }
    }

    private func askForRevocations() {
        var query = ListRevocations()
        query.after = revocations.knownUpTo
        lacksRevocations = !ask(.contactVault, query, .revocations)
    }

    // MARK: Live push

    /// What came after the item that the client has seen is read after the subscription is on its way, on the
    /// same link: nothing falls between the two, though an item may be pushed twice.
    private func subscribe(_ link: LinkID, _ binding: Binding, _ body: [UInt8]) {
        clients[link]?.isSubscribed = true
        let party = binding.party
        if !subscribers[party, default: []].contains(link) { subscribers[party, default: []].append(link) }
        guard let query = try? Subscribe(decoding: body) else { return }
        catchUp([link], binding.acting, after: query.after)
    }

    private func catchUp(_ links: [LinkID], _ acting: ActingPart, after: InboxItemID) {
        guard !after.isNone else { return }
        var query = ReadInbox()
        query.after = after
        query.limit = 100
        guard ask(.notifications, query, .catchingUp(links, acting, after: after), acting: acting) else {
            return missed(links, after: after)
        }
    }

    private func caughtUp(
        _ links: [LinkID], _ acting: ActingPart, after: InboxItemID, _ frame: InboundFrame
    ) {
        guard frame.header.code == InboxPage.code, let page = try? InboxPage(decoding: frame.body) else {
            return missed(links, after: after)
        }
        let listening = (subscribers[PartyID(acting.party)] ?? []).filter { links.contains($0) }
        guard !listening.isEmpty else { return }
        for item in page.items {
            var pushed = InboxPushed()
            pushed.item = item
            let body = pushed.encoded()
            for link in listening { answer(link, 0, InboxPushed.code, body) }
        }
        if page.more, let last = page.items.last { catchUp(listening, acting, after: last.item) }
    }

    private func missed(_ links: [LinkID], after: InboxItemID) {
        for link in links where clients[link]?.isSubscribed == true {
            let earlier = clients[link]?.missedAfter ?? after
            clients[link]?.missedAfter = min(earlier, after)
        }
    }

    private func unsubscribe(_ link: LinkID, _ client: ClientLink) {
        guard client.isSubscribed, let party = client.binding?.party else { return }
        clients[link]?.isSubscribed = false
        clients[link]?.missedAfter = nil
        subscribers[party]?.removeAll { $0 == link }
        if subscribers[party]?.isEmpty == true {
            subscribers[party] = nil
            pushedUpTo[party] = nil
        }
    }

    private func pushed(_ party: PartyID, _ frame: InboundFrame) {
        if frame.header.code == InboxPushed.code, let pushed = try? InboxPushed(decoding: frame.body) {
            pushedUpTo[party] = max(pushedUpTo[party] ?? .none, pushed.item.item)
        }
        let instant = machineNow()
        for link in subscribers[party] ?? [] {
            guard let binding = clients[link]?.binding, instant < binding.expires else { continue }
            bundle.append(
                FrameHeader(code: frame.header.code, flags: .answer, version: frame.header.version),
                frame.body, on: link)
        }
    }

    /// A service that was away does not know any more who listens.
    private func subscribeAgain() {
        unheard.removeAll()
        for party in subscribers.keys.sorted() { subscribeAgain(party) }
    }

    private func subscribeAgain(_ party: PartyID) {
        let links = subscribers[party] ?? []
        guard let binding = links.lazy.compactMap({ self.clients[$0]?.binding }).first else { return }
        var query = Subscribe()
        query.after = pushedUpTo[party] ?? .none
        ask(.notifications, query, .resubscription(party), acting: binding.acting)
        catchUp(links, binding.acting, after: query.after)
    }

    /// Asks again for what nobody can sign in without; a vault that has just started serves a moment later.
    private func askVaultAgain() {
        if lacksTokenKey { lacksTokenKey = !ask(.contactVault, GetTokenKey(), .tokenKey) }
        if lacksRevocations { askForRevocations() }
    }

    /// Asks again for what clients have not heard.
    private func askAgain() {
        guard upstreams.contains(where: { $0.service == .notifications && $0.openLink != nil }) else {
            return
        }
        let parties = unheard.sorted()
        unheard.removeAll()
        for party in parties { subscribeAgain(party) }
        let behind = clients.compactMap { link, client in client.missedAfter.map { (link, $0) } }
        for (link, after) in behind.sorted(by: { $0.0.raw < $1.0.raw }) {
            guard let binding = clients[link]?.binding else { continue }
            clients[link]?.missedAfter = nil
            catchUp([link], binding.acting, after: after)
        }
    }

    // MARK: What services say

    private func upstreamSaid(_ index: Int, _ link: LinkID, _ frame: InboundFrame) {
        let header = frame.header
        if header.code == Welcome.code { return welcomed(index, link, frame) }
        if header.correlation == 0 { return told(index, link, frame) }
        guard let waiting = pending.removeValue(forKey: header.correlation) else { return }
        switch waiting.errand {
        case .forwarded(let client, let correlation, let code):
            guard clients[client] != nil else { return }
            clients[client]?.inFlight -= 1
            heed(client, asked: code, frame)
            bundle.append(
                FrameHeader(
                    code: header.code, correlation: correlation, flags: .answer, version: header.version),
                frame.body, on: client)
        case .part(let number, let part):
            let refusal = header.code == Refusal.code ? try? Refusal(decoding: frame.body) : nil
            takePart(
                refusal.map { .refused($0) } ?? .answer(code: header.code, body: frame.body), of: number,
                at: part)
        case .tokenKey:
            guard header.code == TokenKey.code, let key = try? TokenKey(decoding: frame.body),
                let known = try? Ed25519PublicKey(rawBytes: key.publicKey.bytes)
            else { return lacksTokenKey = true }
            tokenKey = known
        case .revocations:
            guard header.code == RevocationsPage.code else { return lacksRevocations = true }
            learnRevocations(frame.body)
        case .status:
            if let report = try? StatusReport(decoding: frame.body) { learnTime(report.services) }
        case .catchingUp(let links, let acting, let after): caughtUp(links, acting, after: after, frame)
        case .resubscription(let party): if header.code != Subscribed.code { unheard.insert(party) }
        }
    }

    /// What an answer that passes by changes for the connection that asked.
    private func heed(_ client: LinkID, asked code: UInt16, _ frame: InboundFrame) {
        switch (code, frame.header.code) {
        case (SignIn.code, SignedIn.code), (RefreshSignIn.code, SignedIn.code): signedIn(client, frame.body)
        case (SignIn.code, Refusal.code):
            guard let refusal = try? Refusal(decoding: frame.body), refusal.reason == .credentialsWrong,
                let group = clients[client]?.addressGroup
            else { return }
            entryLimiter.charge(group, requests: limits.wrongCredentialsCost, now: now)
        case (Subscribe.code, Refusal.code):
            if let state = clients[client] { unsubscribe(client, state) }
        default: break
        }
    }

    private func told(_ index: Int, _ link: LinkID, _ frame: InboundFrame) {
        if let acting = frame.header.acting, acting.party != 0 {
            return pushed(PartyID(acting.party), frame)
        }
        switch frame.header.code {
        case SessionsRevoked.code where upstreams[index].service == .contactVault:
            if let told = try? SessionsRevoked(decoding: frame.body) {
                revocations.pushed(told.revocation)
                revoke(told.revocation)
            }
        case Refusal.code:
            let refusal = try? Refusal(decoding: frame.body)
            shell.log("\(upstreams[index].service.title) refuses this gateway: \(refusal?.found ?? "")")
            shell.close(link, afterFlush: false)
        default: break
        }
    }

    // MARK: Links to the services

    private func upstreamIndex(of link: LinkID) -> Int? {
        upstreams.firstIndex { $0.currentLink == link }
    }

    private func connect(_ index: Int) {
        guard upstreams[index].state == .idle else { return }
        upstreams[index].connecting(shell.connect(to: upstreams[index].service))
    }

    private func welcomed(_ index: Int, _ link: LinkID, _ frame: InboundFrame) {
        guard let welcome = try? Welcome(decoding: frame.body) else {
            return shell.close(link, afterFlush: false)
        }
        houseTime = max(houseTime, welcome.now)
        upstreams[index].opened(link)
        switch upstreams[index].service {
        case .contactVault:
            lacksTokenKey = !ask(.contactVault, GetTokenKey(), .tokenKey)
            askForRevocations()
        case .notifications: subscribeAgain()
        default: break
        }
    }

    private func upstreamClosed(_ index: Int) {
        let service = upstreams[index].service
        if service == .contactVault { revocations.linkLost() }
        let pause = upstreams[index].closed(chance: shell.chance())
        for number in pending.filter({ $0.value.service == service }).map(\.key).sorted() {
            lose(number, why: "the connection broke")
        }
        shell.after(milliseconds: pause) { [weak self] in self?.connect(index) }
    }

    /// No answer will come. Whether a command was carried out is unknown; its key makes a repeat safe.
    private func lose(_ number: UInt64, why: String) {
        guard let lost = pending.removeValue(forKey: number) else { return }
        switch lost.errand {
        case .forwarded(let client, let correlation, _):
            guard clients[client] != nil else { return }
            clients[client]?.inFlight -= 1
            let refusal = Refusal(
                .unavailable, expected: "an answer of \(lost.service.title)", found: why,
                retryAfterMilliseconds: Self.retryWhenUnavailable)
            refuse(client, refusal, correlation)
        case .part(let number, let index): takePart(.missing, of: number, at: index)
        case .tokenKey: lacksTokenKey = true
        case .revocations: lacksRevocations = true
        case .resubscription(let party): unheard.insert(party)
        case .catchingUp(let links, _, let after): missed(links, after: after)
        case .status: break
        }
    }

    private func scheduleSweep(_ count: UInt64) {
        shell.after(milliseconds: Self.sweepMilliseconds) { [weak self] in
            guard let self else { return }
            sweep(count)
            scheduleSweep(count + 1)
        }
    }

    private func sweep(_ count: UInt64) {
        enter()
        defer { leave() }
        for number in pending.filter({ $0.value.giveUpAt <= now }).map(\.key).sorted() {
            lose(number, why: "none in time")
        }
        askVaultAgain()
        if count % Self.sweepsPerRepeat == 0 { askAgain() }
        guard count % Self.sweepsPerUpkeep == 0 else { return }
        addressLimiter.prune(now: now)
        partyLimiter.prune(now: now)
        entryLimiter.prune(now: now)
        // Keeps the links alive, and tells the time where another gateway moved the clocks.
        for service in ServiceName.stores { ask(service, GetStatus(), .status) }
    }
}

extension GatewayLogic.Errand {
    fileprivate var isForClient: Bool {
        switch self {
        case .forwarded, .part: true
        case .tokenKey, .revocations, .status, .resubscription, .catchingUp: false
        }
    }
}
