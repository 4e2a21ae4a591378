import Crypto
import Kernel
import Messages
import Storage
import Wire

/// What the front may not do itself but its service's process can: the writer's queue, snapshots, secrets.
public protocol FrontBackend: AnyObject {
    /// Puts items into the writer's queue, in order.
    func enqueue(_ items: [Incoming])
    /// Runs on a pool: seals and checks commands before they are queued, opens and completes answers.
    /// - Returns: what came of the first of the jobs, at least of one.
    func run(_ jobs: [EdgeJob]) -> [EdgeOutcome]
    /// Runs on a pool: answers queries, in their order, all from one snapshot.
    func answers(_ questions: [Question]) -> [(code: UInt16, body: [UInt8])]
    /// Development: whether the clock can be set.
    var clockIsSettable: Bool { get }
    /// The house's time, which may have gone on since the last batch.
    var now: Instant { get }
}

/// The logic of a service's connections, confined to one event loop and without I/O of its own.
///
/// It greets, checks who may send what, takes requests into bounded queues, keeps the streams between services
/// in order, and sends what committed batches set free.
public final class ServiceFront: @unchecked Sendable {
    public struct Limits: Sendable {
        /// Commands of clients that may wait for the writer, or for what another service that is there has to say first.
        public var queue = 8_192
        /// Messages of peers that may wait before their links are no longer read.
        public var peerQueue = 32_768
        /// Messages for one destination that may be unacknowledged before commands that need it are refused.
        public var outboxMark = 200_000
        public init() {}
    }

    private enum Greeting {
        case expected
        case done
    }

    private struct Inbound {
        var peer: ServiceName
        var greeting = Greeting.expected
        /// The next sequence of the peer's stream, once it has named one.
        var expected: UInt64?
        var paused = false
    }

    private struct Pending {
        let service: ServiceName
        /// Monotonic nanoseconds after which no answer is waited for.
        let until: UInt64
        let then: @Sendable (PeerAnswer) -> Void
    }

    private let name: ServiceName
    private let handlers: HandlerTable
    private unowned let shell: any FrontShell
    private unowned let backend: any FrontBackend
    private let limits: Limits
    private let hasher: KeyedHasher
    private let agent: String
    private let storeIdentity: UInt64

    private var inbound: [LinkID: Inbound] = [:]
    private var streams: [PeerStream] = []
    private var positions: [StreamPosition] = []
    private var pending: [UInt64: Pending] = [:]
    private var nextCorrelation: UInt64 = 1
    private var subscribers: [PartyID: [LinkID]] = [:]
    private var queued = 0
    private var peerQueued = 0
    private var offloaded = 0
    /// Queries that wait for a snapshot, and how many snapshots are being read.
    private var questions: [Question] = []
    private var snapshots = 0
    /// Jobs of edges: those that commands and answers to them wait for, and those that answers to queries wait for.
    /// They have pools of their own, so that nobody who reads waits for a password to be checked.
    private let edges = EdgeLane(pool: .edge)
    private let queryEdges = EdgeLane(pool: .query)
    private var awaitsAnswers = false
    private var effectsRunning = 0
    private var last = BatchOutput()
    private var commands: UInt64 = 0
    private var batches: UInt64 = 0
    private var draining = false
    /// Set when a peer's memory shows that this store lost what it had acknowledged.
    private var behind: String?
    /// Whether every peer has welcomed this process. Until then nothing is served, nothing of peers is taken and no
    /// timer fires: one of them may be the only one who knows that the store is old.
    private var hasMetAll = false

    public init(
        core: ServiceCore, shell: any FrontShell, backend: any FrontBackend, bodyKey: [UInt8],
        limits: Limits = Limits(), agent: String = "gavel"
    ) throws {
        name = core.definition.name
        handlers = core.definition.handlers
        storeIdentity = core.storeIdentity
        self.shell = shell
        self.backend = backend
        self.limits = limits
        self.agent = agent
        hasher = try KeyedHasher(key: bodyKey)
        positions = (0..<8).map { core.position(with: ServiceName(rawValue: UInt8($0)) ?? .program) }
        streams = ServiceName.stores.filter { $0 != core.definition.name }.map {
            PeerStream(service: $0, position: core.position(with: $0))
        }
        last.now = core.now
        last.nextDue = core.nextDue
        let counts = core.counts
        last.waiting = counts.waiting
        last.parked = counts.parked
        last.journal = counts.journal
    }

    /// Begins to connect to the other services, and keeps the links awake.
    public func start() {
        for index in streams.indices { connect(index) }
        keepAwake()
    }

    /// A link that hears nothing counts as dead on the other side; a ping a while shows that this side lives.
    private func keepAwake() {
        var ping: [UInt8] = []
        FrameHeader(code: Ping.code).appendFrame(body: Ping().encoded(), to: &ping)
        for stream in streams { if let link = stream.openLink { shell.send(ping, on: link) } }
        shell.after(milliseconds: ServiceFront.pingMilliseconds) { [weak self] in self?.keepAwake() }
    }

    private static let pingMilliseconds = 20_000
    private static let mostSnapshots = 2
    private static let mostQuestionsOfSnapshot = 64
    private static let answerMilliseconds = 5_000
    private static let answerCheckMilliseconds = 250

    /// Whether a peer's memory showed that this store lost what it had acknowledged; it serves nobody then.
    public var isBehind: Bool { behind != nil }

    /// Takes no more requests; what is queued is still answered.
    public func drain() { draining = true }

    /// Whether nothing of clients or peers waits in the process.
    public var isDrained: Bool { queued == 0 && peerQueued == 0 && offloaded == 0 }

    // MARK: Streams to the others

    private func connect(_ index: Int) {
        guard !draining, streams[index].state == .idle else { return }
        streams[index].connecting(shell.connect(to: streams[index].service))
    }

    private func streamIndex(of link: LinkID) -> Int? {
        streams.firstIndex { $0.currentLink == link }
    }

    private func position(with service: ServiceName) -> StreamPosition {
        var position = positions[Int(service.rawValue)]
        position.service = name
        position.store = storeIdentity
        if let stream = streams.first(where: { $0.service == service }) {
            position.sent = stream.highest
            position.acknowledged = stream.acknowledged
        }
        return position
    }

    private func greet(_ index: Int, _ link: LinkID) {
        streams[index].greeting(link)
        var hello = Hello()
        hello.agent = "\(agent) \(name.title)"
        hello.stream = position(with: streams[index].service)
        var bytes: [UInt8] = []
        FrameHeader(code: Hello.code).appendFrame(body: hello.encoded(), to: &bytes)
        shell.send(bytes, on: link)
    }

    private func streamReceived(_ index: Int, _ link: LinkID, _ frames: [InboundFrame]) {
        for frame in frames {
            switch frame.header.code {
            case Welcome.code: welcomed(index, link, frame)
            case Applied.code:
                if let applied = try? Applied(decoding: frame.body) { acknowledged(index, applied.sequence) }
            case Refusal.code where frame.header.correlation == 0:
                let refusal = (try? Refusal(decoding: frame.body)) ?? Refusal(.internalError)
                if refusal.reason == .storeBehind { fallBehind("told so by \(streams[index].service.title)") }
                shell.close(link, afterFlush: false)
            default:
                answered(frame)
            }
        }
        pump(index)
        startEdges()
    }

    private func welcomed(_ index: Int, _ link: LinkID, _ frame: InboundFrame) {
        guard let welcome = try? Welcome(decoding: frame.body), let theirs = welcome.stream else {
            return shell.close(link, afterFlush: false)
        }
        let service = streams[index].service
        if let fault = compare(theirs, of: service, in: .welcome) {
            if fault.oursIsBehind {
                fallBehind(fault.text)
            } else {
                shell.log("\(service.title) is behind: \(fault.text)")
            }
            return shell.close(link, afterFlush: false)
        }
        streams[index].opened(link, applied: theirs.applied)
        backend.enqueue([.acknowledged(by: service, sequence: theirs.applied)])
        remember(theirs, of: service)
        guard !hasMetAll, streams.allSatisfy(\.hasMet) else { return }
        hasMetAll = true
        backend.enqueue([.peersMet])
        resumeReading()
    }

    private func remember(_ theirs: StreamPosition, of service: ServiceName) {
        let slot = Int(service.rawValue)
        guard positions[slot].store != theirs.store else { return }
        positions[slot].store = theirs.store
        backend.enqueue([.peerStore(service, store: theirs.store)])
    }

    private func acknowledged(_ index: Int, _ sequence: UInt64) {
        streams[index].acknowledge(sequence)
        backend.enqueue([.acknowledged(by: streams[index].service, sequence: sequence)])
    }

    private func pump(_ index: Int) {
        while true {
            let (rows, fetchFrom) = streams[index].next()
            if let fetchFrom {
                backend.enqueue([.fetchOutbox(streams[index].service, from: fetchFrom, limit: 4_096)])
                return
            }
            guard !rows.isEmpty, let link = streams[index].openLink else { return }
            var bytes: [UInt8] = []
            for row in rows {
                FrameHeader(code: row.code, stream: row.sequence).appendFrame(body: row.body, to: &bytes)
            }
            shell.send(bytes, on: link)
        }
    }

    private enum Greetings { case hello, welcome }

    /// What is wrong between two memories of the same streams, and whose store lost something.
    ///
    /// A greeting shows the other side as it was when it wrote it. The stream of the other direction has a link of its
    /// own and goes on meanwhile: what has moved there since proves nothing. A side that lost some of that is told
    /// its own position by the other greeting of the two.
    private func compare(
        _ theirs: StreamPosition, of service: ServiceName, in greeting: Greetings
    ) -> (oursIsBehind: Bool, text: String)? {
        let ours = position(with: service)
        let known = positions[Int(service.rawValue)].store
        if known != 0, known != theirs.store {
            return (false, "expected store \(known) of \(service.title), found store \(theirs.store)")
        }
        if theirs.applied > ours.sent {
            return (true, "\(service.title) applied \(theirs.applied), this store sent \(ours.sent)")
        }
        if theirs.acknowledged > ours.applied {
            return (
                true,
                "\(service.title) has proof of \(theirs.acknowledged), this store applied \(ours.applied)"
            )
        }
        if greeting == .hello, theirs.sent < ours.applied {
            return (false, "\(service.title) sent \(theirs.sent), this store applied \(ours.applied)")
        }
        if greeting == .welcome, theirs.applied < ours.acknowledged {
            return (
                false,
                "\(service.title) applied \(theirs.applied), this store has proof of \(ours.acknowledged)"
            )
        }
        return nil
    }

    private func fallBehind(_ why: String) {
        guard behind == nil else { return }
        behind = why
        shell.log("this store was restored from an older backup and refuses to serve: \(why)")
    }

    // MARK: Requests to the others

    /// Asks another service over the open link.
    public func request(
        _ service: ServiceName, code: UInt16, body: [UInt8], key: IdempotencyKey?, timeoutMilliseconds: Int,
        then: @escaping @Sendable (PeerAnswer) -> Void
    ) {
        var bundle = FrameBundle()
        let request = PeerRequest(service: service, code: code, body: body, key: key)
        ask(request, UInt64(timeoutMilliseconds) * 1_000_000, &bundle, then)
        shell.send(bundle.batch)
    }

    private func ask(
        _ request: PeerRequest, _ patience: UInt64, _ bundle: inout FrameBundle,
        _ then: @escaping @Sendable (PeerAnswer) -> Void
    ) {
        let service = request.service
        guard let link = streams.first(where: { $0.service == service })?.openLink else {
            return then(.failure(Refusal(.unavailable, expected: service.title, found: "no connection")))
        }
        let correlation = nextCorrelation
        nextCorrelation += 1
        pending[correlation] = Pending(
            service: service, until: shell.monotonicNanoseconds + patience, then: then)
        let milliseconds = UInt32(clamping: patience / 1_000_000)
        bundle.append(
            FrameHeader(
                code: request.code, correlation: correlation, timeLeftMilliseconds: milliseconds,
                key: request.key),
            request.body, on: link)
        checkAnswers()
    }

    /// Looks now and then for requests whose answer did not come in time.
    private func checkAnswers() {
        guard !awaitsAnswers, !pending.isEmpty else { return }
        awaitsAnswers = true
        shell.after(milliseconds: Self.answerCheckMilliseconds) { [weak self] in
            guard let self else { return }
            awaitsAnswers = false
            let now = shell.monotonicNanoseconds
            for correlation in pending.filter({ $0.value.until <= now }).map(\.key).sorted() {
                guard let late = pending.removeValue(forKey: correlation) else { continue }
                late.then(
                    .failure(Refusal(.unavailable, expected: late.service.title, found: "no answer in time")))
            }
            startEdges()
            checkAnswers()
        }
    }

    private func answered(_ frame: InboundFrame) {
        guard let waiting = pending.removeValue(forKey: frame.header.correlation) else { return }
        if frame.header.code == Refusal.code {
            waiting.then(.failure((try? Refusal(decoding: frame.body)) ?? Refusal(.internalError)))
        } else {
            waiting.then(.success((frame.header.code, frame.body)))
        }
    }

    // MARK: Links

    public func linkOpened(_ link: LinkID, peer: String?, address: String) {
        if let index = streamIndex(of: link) {
            guard peer == streams[index].service.title else {
                shell.log("expected \(streams[index].service.title), found \(peer ?? "nobody") at \(address)")
                return shell.close(link, afterFlush: false)
            }
            return greet(index, link)
        }
        guard let peer, let service = ServiceName(title: peer) else {
            return shell.close(link, afterFlush: false)
        }
        inbound[link] = Inbound(peer: service)
    }

    public func linkClosed(_ link: LinkID) {
        if let index = streamIndex(of: link) {
            let pause = streams[index].closed(chance: shell.chance())
            failPending(of: streams[index].service)
            startEdges()
            shell.after(milliseconds: pause) { [weak self] in self?.connect(index) }
            return
        }
        inbound[link] = nil
    }

    private func failPending(of service: ServiceName) {
        let lost = pending.filter { $0.value.service == service }.map(\.key).sorted()
        for correlation in lost {
            pending.removeValue(forKey: correlation)?.then(
                .failure(Refusal(.unavailable, expected: service.title, found: "the connection broke")))
        }
    }

    public func linkMalformed(_ link: LinkID, error: WireError, correlation: UInt64) {
        refuse(Refusal(.malformed, expected: "a valid frame", found: error.description), link, correlation)
        shell.close(link, afterFlush: true)
    }

    public func linkReceived(_ link: LinkID, frames: [InboundFrame]) {
        if let index = streamIndex(of: link) { return streamReceived(index, link, frames) }
        guard var state = inbound[link] else { return }
        var items: [Incoming] = []
        var pongs: [UInt8] = []
        for frame in frames {
            if state.greeting == .expected {
                guard greeted(&state, link, frame) else { break }
                continue
            }
            if let sequence = frame.header.stream {
                guard takePeerMessage(sequence, frame, &state, &items) else {
                    shell.close(link, afterFlush: false)
                    break
                }
            } else if frame.header.code == Ping.code {
                FrameHeader(code: Pong.code, correlation: frame.header.correlation, flags: .answer)
                    .appendFrame(body: frame.body, to: &pongs)
            } else {
                takeRequest(frame, state.peer, link, &items)
            }
        }
        if !pongs.isEmpty { shell.send(pongs, on: link) }
        if !items.isEmpty { backend.enqueue(items) }
        askQuestions()
        startEdges()
        if !hasMetAll || peerQueued > limits.peerQueue, state.expected != nil, !state.paused {
            state.paused = true
            shell.setReading(link, false)
        }
        if inbound[link] != nil { inbound[link] = state }
    }

    /// Answers a peer's greeting; false if the link is to be given up.
    private func greeted(_ state: inout Inbound, _ link: LinkID, _ frame: InboundFrame) -> Bool {
        guard frame.header.code == Hello.code, let hello = try? Hello(decoding: frame.body),
            hello.oldest <= ProtocolVersion.current, hello.newest >= ProtocolVersion.oldest
        else {
            refuse(Refusal(.malformed, expected: "Hello", found: "message \(frame.header.code)"), link, 0)
            shell.close(link, afterFlush: true)
            return false
        }
        var welcome = Welcome()
        welcome.version = min(hello.newest, ProtocolVersion.current)
        welcome.now = max(last.now, backend.now)
        welcome.longestFrame = UInt32(FrameLimits.longest)
        welcome.inFlight = UInt32(limits.queue)
        welcome.keyRetention = ServiceCore.keyRetention
        if let theirs = hello.stream {
            guard theirs.service == state.peer else {
                shell.close(link, afterFlush: false)
                return false
            }
            if let fault = compare(theirs, of: state.peer, in: .hello) {
                if fault.oursIsBehind { fallBehind(fault.text) }
                let refusal = Refusal(
                    .storeBehind, expected: "a store that kept what it acknowledged", found: fault.text)
                if !fault.oursIsBehind { refuse(refusal, link, 0) }
                shell.close(link, afterFlush: true)
                return false
            }
            remember(theirs, of: state.peer)
            state.expected = positions[Int(state.peer.rawValue)].applied + 1
            welcome.stream = position(with: state.peer)
            // Whoever greets is there again: no need to wait out the pause before the next attempt.
            if let index = streams.firstIndex(where: { $0.service == state.peer }) { connect(index) }
        }
        state.greeting = .done
        shell.setLongestFrame(link, FrameLimits.longest)
        var bytes: [UInt8] = []
        FrameHeader(code: Welcome.code, correlation: frame.header.correlation, flags: .answer)
            .appendFrame(body: welcome.encoded(), to: &bytes)
        shell.send(bytes, on: link)
        return true
    }

    private func takePeerMessage(
        _ sequence: UInt64, _ frame: InboundFrame, _ state: inout Inbound, _ items: inout [Incoming]
    ) -> Bool {
        let isRepeated = Planted.isOn(.inboxUnchecked) && sequence + 1 == state.expected
        guard behind == nil, hasMetAll, let expected = state.expected, sequence == expected || isRepeated,
            let handler = handlers[frame.header.code], handler.kind == .peer,
            case .services(let senders) = handler.audience, senders.contains(state.peer)
        else {
            shell.log(
                "message \(frame.header.code) number \(sequence) of \(state.peer.title) is not allowed here")
            return false
        }
        state.expected = sequence + 1
        peerQueued += 1
        items.append(
            .peer(
                from: state.peer, sequence: sequence, code: frame.header.code, version: frame.header.version,
                body: frame.body))
        return true
    }

    // MARK: Requests of clients

    private func refuse(_ refusal: Refusal, _ link: LinkID, _ correlation: UInt64) {
        var bytes: [UInt8] = []
        FrameHeader(code: Refusal.code, correlation: correlation, flags: .answer)
            .appendFrame(body: refusal.encoded(), to: &bytes)
        shell.send(bytes, on: link)
    }

    private func takeRequest(
        _ frame: InboundFrame, _ peer: ServiceName, _ link: LinkID, _ items: inout [Incoming]
    ) {
        let header = frame.header
        let address = ReplyAddress(link: link, correlation: header.correlation)
        let acting =
            header.acting.map {
                Acting(
                    party: PartyID($0.party), marketplace: MarketplaceID($0.marketplace),
                    roles: Roles(rawValue: $0.roles), session: SessionID($0.session))
            } ?? .nobody
        if takeCommon(frame, acting, peer, address, &items) { return }
        guard let handler = handlers[header.code], handler.kind == .command || handler.kind == .query else {
            return refuse(Refusal(.unknownMessage, found: "message \(header.code)"), link, header.correlation)
        }
        if let refusal = allowed(handler.audience, acting, peer) {
            return refuse(refusal, link, header.correlation)
        }
        if let behind {
            return refuse(
                Refusal(.storeBehind, expected: "a store that kept what it acknowledged", found: behind),
                link,
                header.correlation)
        }
        if draining {
            return refuse(Refusal(.stopping, retryAfterMilliseconds: 500), link, header.correlation)
        }
        if let refusal = refusalBeforeGreetings { return refuse(refusal, link, header.correlation) }
        if handler.kind == .query {
            takeQuery(frame, acting, peer, address)
        } else {
            takeCommand(frame, handler, acting, peer, address, &items)
        }
    }

    /// Why nothing is served yet; nothing once every peer was met.
    private var refusalBeforeGreetings: Refusal? {
        guard !hasMetAll, let stranger = streams.first(where: { !$0.hasMet }) else { return nil }
        return Refusal(
            .unavailable, expected: "\(name.title) to have greeted \(stranger.service.title)",
            found: "no greeting since its start", retryAfterMilliseconds: 200)
    }

    private func allowed(_ audience: Audience, _ acting: Acting, _ peer: ServiceName) -> Refusal? {
        switch audience {
        case .anyone:
            return peer == .gateway ? nil : Refusal(.forbidden, expected: "a gateway", found: peer.title)
        case .parties(let roles):
            guard peer == .gateway, !acting.party.isNone else { return Refusal(.notSignedIn) }
            return acting.roles.isDisjoint(with: roles) ? Refusal(.forbidden) : nil
        case .operators:
            guard peer == .gateway, !acting.party.isNone else { return Refusal(.notSignedIn) }
            let mayAct = acting.isOperator || Planted.isOn(.anybodyOperates)
            return mayAct ? nil : Refusal(.forbidden, expected: "an operator")
        case .services(let senders):
            return senders.contains(peer) ? nil : Refusal(.unknownMessage)
        case .itself, .answer: return Refusal(.unknownMessage)
        }
    }

    private func takeCommon(
        _ frame: InboundFrame, _ acting: Acting, _ peer: ServiceName, _ address: ReplyAddress,
        _ items: inout [Incoming]
    ) -> Bool {
        switch frame.header.code {
        case GetStatus.code where peer == .gateway || peer == .program:
            sendStatus(to: address)
        case SetClock.code where peer == .gateway || peer == .program:
            takeSetClock(frame, address, &items)
        case RetryParked.code where peer == .gateway || peer == .program:
            if let refusal = refusalBeforeGreetings {
                refuse(refusal, address.link, address.correlation)
                return true
            }
            guard let retry = try? RetryParked(decoding: frame.body) else {
                refuse(Refusal(.malformed), address.link, address.correlation)
                return true
            }
            queued += 1
            items.append(.retryParked(retry.sequence, address))
        case ListParked.code where peer == .gateway || peer == .program:
            takeQuery(frame, acting, peer, address)
        case Subscribe.code where peer == .gateway && !acting.party.isNone:
            if !subscribers[acting.party, default: []].contains(address.link) {
                subscribers[acting.party, default: []].append(address.link)
            }
            takeQuery(frame, acting, peer, address)
        default:
            return false
        }
        return true
    }

    private func takeSetClock(_ frame: InboundFrame, _ address: ReplyAddress, _ items: inout [Incoming]) {
        guard let command = try? SetClock(decoding: frame.body) else {
            return refuse(Refusal(.malformed, expected: "SetClock"), address.link, address.correlation)
        }
        guard backend.clockIsSettable else {
            return refuse(Refusal(.clockNotSettable), address.link, address.correlation)
        }
        let stands = max(last.now, backend.now)
        guard command.now >= stands else {
            return refuse(
                Refusal(
                    .clockBackwards, expected: "a time from \(stands.iso8601) on",
                    found: command.now.iso8601),
                address.link, address.correlation)
        }
        items.append(.setClock(command.now, address))
    }

    private func takeQuery(
        _ frame: InboundFrame, _ acting: Acting, _ peer: ServiceName, _ address: ReplyAddress
    ) {
        guard offloaded < limits.queue else { return overloaded(address) }
        offloaded += 1
        questions.append(
            Question(
                address: address, code: frame.header.code, version: frame.header.version, body: frame.body,
                acting: acting, peer: peer))
    }

    /// Has queries answered that wait, many from one snapshot: the more wait, the less each of them costs.
    private func askQuestions() {
        while !questions.isEmpty, snapshots < Self.mostSnapshots {
            let asked = Array(questions.prefix(Self.mostQuestionsOfSnapshot))
            questions.removeFirst(asked.count)
            snapshots += 1
            let backend = Unchecked(self.backend)
            shell.offload(.query) {
                backend.value.answers(asked)
            } then: { [weak self] (answers: [(code: UInt16, body: [UInt8])]) in
                self?.answered(asked, answers)
            }
        }
    }

    private func answered(_ asked: [Question], _ answers: [(code: UInt16, body: [UInt8])]) {
        snapshots -= 1
        offloaded -= asked.count
        var bundle = FrameBundle()
        for (question, answer) in zip(asked, answers) {
            if answer.code != Refusal.code, handlers[question.code]?.after != nil {
                open(answer, question.code, question.acting, question.address, queryEdges)
                continue
            }
            bundle.append(
                FrameHeader(
                    code: answer.code, correlation: question.address.correlation, flags: .answer),
                answer.body, on: question.address.link)
        }
        shell.send(bundle.batch)
        askQuestions()
        startEdges()
    }

    // MARK: Edges

    private func open(
        _ answer: (code: UInt16, body: [UInt8]), _ request: UInt16, _ acting: Acting,
        _ address: ReplyAddress, _ lane: EdgeLane
    ) {
        offloaded += 1
        lane.append(
            EdgeWork(
                job: EdgeJob(code: request, stage: .after, body: answer.body, acting: acting),
                receiver: .client(address, code: answer.code), giveUpAt: 0))
    }

    private func startEdges() {
        startEdges(edges)
        startEdges(queryEdges)
    }

    private func startEdges(_ lane: EdgeLane) {
        while let batch = lane.next() {
            let backend = Unchecked(self.backend)
            let jobs = batch.map(\.job)
            shell.offload(lane.pool) {
                backend.value.run(jobs)
            } then: {
                [weak self, lane = Unchecked(lane), batch = Unchecked(batch)] (outcomes: [EdgeOutcome]) in
                self?.ran(batch.value, outcomes, lane.value)
            }
        }
    }

    private func ran(_ batch: [EdgeWork], _ outcomes: [EdgeOutcome], _ lane: EdgeLane) {
        lane.ended(batch.dropFirst(outcomes.count))
        var items: [Incoming] = []
        var bundle = FrameBundle()
        for (work, outcome) in zip(batch, outcomes) {
            switch (outcome, work.receiver) {
            case (.asks(let request), _): ask(request, work, lane, &bundle)
            case (.done(let body), .writer(let command)): items.append(.command(command.with(body: body)))
            case (.done(let body), .client(let address, let code)):
                offloaded -= 1
                bundle.append(
                    FrameHeader(code: code, correlation: address.correlation, flags: .answer), body,
                    on: address.link)
            case (.refused(let refusal), .writer(let command)):
                queued -= 1
                bundle.append(refusal, to: command.address)
            case (.refused(let refusal), .client(let address, _)):
                offloaded -= 1
                bundle.append(refusal, to: address)
            }
        }
        if !items.isEmpty { backend.enqueue(items) }
        if !bundle.isEmpty { shell.send(bundle.batch) }
        startEdges()
    }

    /// Asks another service what a job cannot go on without, as long as its client waits; then it is run again.
    private func ask(
        _ request: PeerRequest, _ work: EdgeWork, _ lane: EdgeLane, _ bundle: inout FrameBundle
    ) {
        var patience = UInt64(Self.answerMilliseconds) * 1_000_000
        let now = shell.monotonicNanoseconds
        if work.giveUpAt > 0 { patience = min(patience, work.giveUpAt - min(now, work.giveUpAt)) }
        let lane = Unchecked(lane)
        let waiting = Unchecked(work)
        ask(request, patience, &bundle) { answer in
            var work = waiting.value
            work.job.answers.append(answer)
            lane.value.append(work)
        }
    }

    private func reply(_ code: UInt16, _ body: [UInt8], _ address: ReplyAddress) {
        var bytes: [UInt8] = []
        FrameHeader(code: code, correlation: address.correlation, flags: .answer)
            .appendFrame(body: body, to: &bytes)
        shell.send(bytes, on: address.link)
    }

    private func overloaded(_ address: ReplyAddress) {
        refuse(
            Refusal(
                .overloaded, expected: "at most \(limits.queue) waiting requests",
                found: "\(queued + waitingForPeers + offloaded)",
                retryAfterMilliseconds: 100), address.link, address.correlation)
    }

    /// Commands that were carried out and wait for another service. While one is away they wait for its return, which
    /// must not keep those from being served that do not need it: then ``Limits/outboxMark`` bounds them.
    private var waitingForPeers: Int { streams.allSatisfy { $0.openLink != nil } ? last.waiting : 0 }

    private func takeCommand(
        _ frame: InboundFrame, _ handler: Handler, _ acting: Acting, _ peer: ServiceName,
        _ address: ReplyAddress,
        _ items: inout [Incoming]
    ) {
        guard let key = frame.header.key else {
            return refuse(
                Refusal(.keyMissing, expected: "an idempotency key", found: "none"), address.link,
                address.correlation)
        }
        guard queued + waitingForPeers < limits.queue || Planted.isOn(.queueWithoutBound) else {
            return overloaded(address)
        }
        if let stream = streams.first(where: { $0.backlog > limits.outboxMark }) {
            return refuse(
                Refusal(
                    .unavailable, expected: stream.service.title,
                    found: "\(stream.backlog) messages wait for it",
                    retryAfterMilliseconds: 1_000), address.link, address.correlation)
        }
        let hash = frame.body.withUnsafeBytes { hasher.hash128($0) }
        let patience = UInt64(frame.header.timeLeftMilliseconds)
        let giveUpAt = patience == 0 ? 0 : shell.monotonicNanoseconds + patience * 1_000_000
        let fromService = peer == .gateway ? nil : peer
        func command(_ body: [UInt8]) -> ClientCommand {
            ClientCommand(
                address: address, code: frame.header.code, version: frame.header.version, body: body,
                acting: acting, peer: fromService, key: key, bodyHash: (hash.0, hash.1), giveUpAt: giveUpAt)
        }
        queued += 1
        guard handler.before != nil else { return items.append(.command(command(frame.body))) }
        let job = EdgeJob(
            code: frame.header.code, stage: .before(version: frame.header.version), body: frame.body,
            acting: acting)
        edges.append(EdgeWork(job: job, receiver: .writer(command([])), giveUpAt: giveUpAt))
    }

    // MARK: After a commit

    /// A batch is durable: send what it set free.
    public func committed(_ output: BatchOutput) {
        queued -= output.taken
        peerQueued -= output.peerTaken
        effectsRunning += output.effects.count - output.effectsEnded
        if output.taken + output.peerTaken + output.effectsEnded > 0 { batches += 1 }
        commands += UInt64(output.taken)
        last = output
        for (peer, sequence) in output.applied { positions[Int(peer.rawValue)].applied = sequence }
        var bundle = FrameBundle()
        for reply in output.replies { bundleReply(reply, &bundle) }
        acknowledgeApplied(output.applied, &bundle)
        for push in output.pushes { bundlePush(push, &bundle) }
        if !bundle.isEmpty { shell.send(bundle.batch) }
        startEdges()
        passOn(output)
        for address in output.statusRequests { sendStatus(to: address) }
        resumeReading()
    }

    private func bundleReply(_ reply: Reply, _ bundle: inout FrameBundle) {
        guard reply.code != Refusal.code, handlers[reply.command]?.after != nil else {
            bundle.append(
                FrameHeader(code: reply.code, correlation: reply.address.correlation, flags: .answer),
                reply.body,
                on: reply.address.link)
            return
        }
        open((reply.code, reply.body), reply.command, reply.acting, reply.address, edges)
    }

    private func acknowledgeApplied(
        _ applied: [(peer: ServiceName, sequence: UInt64)], _ bundle: inout FrameBundle
    ) {
        for (peer, sequence) in applied {
            var message = Applied()
            message.sequence = Planted.isOn(.appliedToldAhead) ? sequence + 1 : sequence
            for link in links(of: peer) where inbound[link]?.expected != nil {
                bundle.append(FrameHeader(code: Applied.code, flags: .answer), message.encoded(), on: link)
            }
        }
    }

    private func links(of peer: ServiceName) -> [LinkID] {
        inbound.filter { $0.value.peer == peer }.map(\.key).sorted { $0.raw < $1.raw }
    }

    /// Pushes to a party go to the gateways that asked for it; those to nobody go to every gateway.
    private func bundlePush(_ push: Push, _ bundle: inout FrameBundle) {
        let acting = ActingPart(party: push.party.raw, marketplace: 0, roles: 0, session: 0)
        let header = FrameHeader(code: push.code, flags: .answer, acting: acting)
        if push.party.isNone {
            let body = push.body()
            for link in links(of: .gateway) { bundle.append(header, body, on: link) }
            return
        }
        guard let listeners = subscribers[push.party] else { return }
        let living = listeners.filter { inbound[$0] != nil }
        subscribers[push.party] = living.isEmpty ? nil : living
        guard !living.isEmpty else { return }
        let body = push.body()
        for link in living { bundle.append(header, body, on: link) }
    }

    private func passOn(_ output: BatchOutput) {
        for (peer, _, rows) in output.fetched {
            if let index = streams.firstIndex(where: { $0.service == peer }) { streams[index].fetched(rows) }
        }
        for row in output.outbox {
            if let index = streams.firstIndex(where: { $0.service == row.destination }) {
                streams[index].append(row)
            }
        }
        for index in streams.indices { pump(index) }
    }

    private func resumeReading() {
        guard hasMetAll, peerQueued < limits.peerQueue / 2 else { return }
        for link in inbound.filter({ $0.value.paused }).map(\.key).sorted(by: { $0.raw < $1.raw }) {
            inbound[link]?.paused = false
            shell.setReading(link, true)
        }
    }

    // MARK: Status

    private func sendStatus(to address: ReplyAddress) {
        var report = StatusReport()
        report.services = [status]
        reply(StatusReport.code, report.encoded(), address)
    }

    /// How the service is now.
    public var status: ServiceStatus {
        var status = ServiceStatus()
        status.service = name
        status.ready = behind == nil && !draining && streams.allSatisfy { $0.openLink != nil }
        status.now = max(last.now, backend.now)
        status.nextDue = last.nextDue == .distantFuture ? .none : last.nextDue
        status.queued = UInt32(max(0, queued + peerQueued + offloaded))
        status.waiting = UInt32(max(0, last.waiting))
        status.outbox = UInt32(streams.reduce(0) { $0 + $1.backlog })
        status.effectsRunning = UInt32(max(0, effectsRunning))
        status.effectsWaiting = UInt32(last.effectsStored)
        status.parked = UInt32(last.parked)
        status.journal = last.journal
        status.commands = commands
        status.batches = batches
        return status
    }
}

extension ClientCommand {
    /// The same command with the body that the edge made of it.
    func with(body: [UInt8]) -> ClientCommand {
        ClientCommand(
            address: address, code: code, version: version, body: body, acting: acting, peer: peer, key: key,
            bodyHash: bodyHash, giveUpAt: giveUpAt)
    }
}

/// Carries a reference to where it is used under its owner's own rules of confinement.
struct Unchecked<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}
