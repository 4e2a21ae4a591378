import Kernel
import Messages
import Wire

/// Somebody with a client program: an account, a connection while it is needed, and what is remembered of trades.
final class Person {
    /// How far somebody has come with its account.
    enum Stage {
        case outside
        /// Registered; the e-mail or the operator's verification is waited for.
        case joining
        case active
        /// Closed for good.
        case gone
    }

    unowned let world: Population
    let name: String
    let marketplace: MarketplaceID
    let policy: Policy
    let roles: Roles
    let email: String
    let traits: [Habit]
    var password: String
    var language: Language
    var stage = Stage.outside
    var party = PartyID.none
    var isVisiting = false

    /// Listings for whose last seconds it has plans.
    var sniped = Memory<ListingID>(24)
    /// Orders that it means to pay, or not to.
    var billed = Memory<OrderID>(12)
    /// When it means to look into its inbox next.
    var nextLook = Instant.none
    var lastItem = InboxItemID.none
    var bids = Memory<(listing: ListingID, bid: BidID)>(16)
    var ownListings = Memory<ListingID>(12)
    var contacts = Memory<(contact: ContactID, prospect: Prospect)>(12)
    var orders = Memory<OrderID>(12)
    var cases = Memory<CaseID>(6)
    /// How many cards for its trading partners it has handed in.
    var cards = 0
    /// A contact of its own that was erased.
    var erasedContact: ContactID?

    /// A provider's own, once it is open.
    var line: PrepaidLine? {
        didSet { if let line { world.lines.add(line) } }
    }
    var tokens: SignedIn?
    /// A token that was good some time ago.
    var oldToken = ""
    private(set) var link: (any ClientConnection)?
    private var isBound = false
    /// Why the last sign-in was refused.
    private(set) var entryRefusal: Refusal?
    private var entering: [(Bool) -> Void] = []

    init(
        _ world: Population, _ name: String, in marketplace: MarketplaceID, _ policy: Policy, _ roles: Roles,
        traits: [Habit] = [], email: String? = nil, password: String? = nil
    ) {
        self.world = world
        self.name = name
        self.marketplace = marketplace
        self.policy = policy
        self.roles = roles
        self.traits = traits
        let word = name.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
        self.email = email ?? "\(word)@people.example"
        self.password = password ?? "pass of \(word)"
        language = policy.language
    }

    var dice: Dice { world.dice }
    var port: any ClientPort { world.port }
    var sells: Bool { roles.contains(.seller) }
    var buys: Bool { roles.contains(.buyer) }

    func money(_ minor: Int64) -> Money { Money(minor, policy.currency) }

    // MARK: Calls

    /// One request with all that is needed to send it again.
    private struct Call<Answer> {
        var code: UInt16
        var isCommand: Bool
        var habit: Habit
        /// Whether it is sent without a sign-in.
        var isOpen: Bool
        var perform: (any ClientConnection, @escaping (CallOutcome<Answer>) -> Void) -> Void
        var finish: (CallOutcome<Answer>) -> Void
    }

    static let patience = 6

    /// Sends a command, again with the same key while nobody knows what became of it, and tells how it ended.
    func send<C: Command>(
        _ command: C, as habit: Habit, key: IdempotencyKey? = nil, patience: Int = Person.patience,
        then: @escaping (CallOutcome<C.Answer>) -> Void = { _ in }
    ) {
        let key = key ?? port.newKey()
        let call = Call<C.Answer>(
            code: C.code, isCommand: true, habit: habit, isOpen: C.audience == .anyone,
            perform: { [unowned self] link, done in
                link.send(command, key: key, then: done)
                repeatOutOfImpatience(command, key, link)
            }, finish: then)
        world.opens()
        attempt(call, left: patience)
    }

    func ask<Q: Query>(
        _ query: Q, as habit: Habit, patience: Int = 3,
        then: @escaping (CallOutcome<Q.Answer>) -> Void = { _ in }
    ) {
        let call = Call<Q.Answer>(
            code: Q.code, isCommand: false, habit: habit, isOpen: Q.audience == .anyone,
            perform: { link, done in link.ask(query, then: done) }, finish: then)
        world.opens()
        attempt(call, left: patience)
    }

    /// Sends what no honest client sends; it is not repeated.
    func sendRaw(
        code: UInt16, body: [UInt8], key: IdempotencyKey?, as habit: Habit, signedIn: Bool = true,
        then: @escaping (CallOutcome<(code: UInt16, body: [UInt8])>) -> Void = { _ in }
    ) {
        let call = Call<(code: UInt16, body: [UInt8])>(
            code: code, isCommand: key != nil, habit: habit, isOpen: !signedIn,
            perform: { link, done in
                link.sendRaw(code: code, body: body, key: key) { outcome in
                    // Raw answers may be refusals that the connection did not read.
                    if case .answered(let answer) = outcome, answer.code == Refusal.code,
                        let refusal = try? Refusal(decoding: answer.body)
                    {
                        return done(.refused(refusal))
                    }
                    done(outcome)
                }
            }, finish: then)
        world.opens()
        attempt(call, left: 0)
    }

    private func attempt<Answer>(_ call: Call<Answer>, left: Int) {
        if call.isOpen { return perform(call, left: left) }
        enter { [self] entered in
            if entered { return perform(call, left: left) }
            if let entryRefusal { return end(call, .refused(entryRefusal)) }
            retry(call, left: left, .unknown, after: 0)
        }
    }

    private func perform<Answer>(_ call: Call<Answer>, left: Int) {
        let link = openLink()
        world.speaks(self)
        world.tally.begins(call.code, isCommand: call.isCommand, by: call.habit)
        call.perform(link) { [self] outcome in
            world.tally.ends(call.code, outcome, by: call.habit)
            switch outcome {
            case .answered: end(call, outcome)
            case .unknown: retry(call, left: left, outcome, after: 0)
            case .refused(let refusal):
                if !call.isOpen, Self.asksForSignIn(refusal.reason) {
                    if link === self.link { isBound = false }
                    return left > 0 ? attempt(call, left: left - 1) : end(call, outcome)
                }
                guard refusal.reason.retryable else { return end(call, outcome) }
                retry(call, left: left, outcome, after: refusal.retryAfterMilliseconds)
            }
        }
    }

    private static func asksForSignIn(_ reason: RefusalCode) -> Bool {
        reason == .notSignedIn || reason == .tokenExpired || reason == .tokenInvalid
    }

    /// Waits longer each time, up to half a minute.
    private func retry<Answer>(
        _ call: Call<Answer>, left: Int, _ outcome: CallOutcome<Answer>, after milliseconds: UInt32
    ) {
        guard left > 0 else { return end(call, outcome) }
        let longest = Duration64.seconds(min(30, Int64(2) << Int64(max(0, Person.patience - left))))
        let pause = max(.milliseconds(Int64(milliseconds)), dice.span(.milliseconds(200), longest))
        port.after(pause) { [self] in attempt(call, left: left - 1) }
    }

    private func end<Answer>(_ call: Call<Answer>, _ outcome: CallOutcome<Answer>) {
        call.finish(outcome)
        world.closes()
    }

    /// Impatient people send the same once more, under the same key, and sometimes hang up before the answer.
    private func repeatOutOfImpatience<C: Command>(
        _ command: C, _ key: IdempotencyKey, _ link: any ClientConnection
    ) {
        guard traits.contains(.repeating) else { return }
        if dice.oneIn(4) {
            world.opens()
            world.tally.begins(C.code, isCommand: true, by: .repeating)
            link.send(command, key: key) { [world] outcome in
                world.tally.ends(C.code, outcome, by: .repeating)
                world.closes()
            }
        }
        if dice.oneIn(12) { hangUp() }
    }

    // MARK: The connection

    /// The open connection, or a new one.
    @discardableResult
    func openLink() -> any ClientConnection {
        if let link, link.isOpen { return link }
        isBound = false
        world.speaks(self)
        let opened = port.connect()
        opened.onPush = { [weak self] pushed in self?.hear(pushed.item) }
        link = opened
        return opened
    }

    /// Closes the connection, as when a phone is put away.
    func hangUp() {
        let closing = link
        link = nil
        isBound = false
        closing?.close()
    }

    /// Signs in if need be: with the token at hand, else by refreshing it, else with the password.
    func enter(_ then: @escaping (Bool) -> Void) {
        let link = openLink()
        let isStale = tokens.map { $0.accessExpires <= port.now } ?? false
        // Most clients look at the time; others are told.
        if isBound, !isStale || dice.oneIn(10) { return then(true) }
        entering.append(then)
        guard entering.count == 1 else { return }
        entryRefusal = nil
        guard let tokens, !tokens.accessToken.isEmpty else { return signIn(link) }
        if isStale, !dice.oneIn(10) {
            oldToken = tokens.accessToken
            return refresh(tokens, link)
        }
        showToken(tokens, link)
    }

    private func entered(_ success: Bool, _ link: any ClientConnection) {
        isBound = success && link === self.link
        let waiting = entering
        entering = []
        for continuation in waiting { continuation(isBound) }
    }

    private func count<Answer>(
        _ code: UInt16, isCommand: Bool, _ then: @escaping (CallOutcome<Answer>) -> Void
    )
        -> (CallOutcome<Answer>) -> Void
    {
        world.speaks(self)
        world.opens()
        world.tally.begins(code, isCommand: isCommand, by: .signingIn)
        return { [world] outcome in
            world.tally.ends(code, outcome, by: .signingIn)
            then(outcome)
            world.closes()
        }
    }

    private func showToken(_ tokens: SignedIn, _ link: any ClientConnection) {
        var authenticate = Authenticate()
        authenticate.accessToken = tokens.accessToken
        link.ask(
            authenticate,
            then: count(Authenticate.code, isCommand: false) { [self] outcome in
                switch outcome {
                case .answered: entered(true, link)
                case .unknown: entered(false, link)
                case .refused(let refusal):
                    oldToken = tokens.accessToken
                    self.tokens?.accessToken = ""
                    if refusal.reason == .tokenExpired, !tokens.refreshToken.isEmpty {
                        return refresh(tokens, link)
                    }
                    signIn(link)
                }
            })
    }

    private func refresh(_ tokens: SignedIn, _ link: any ClientConnection) {
        var refresh = RefreshSignIn()
        refresh.refreshToken = tokens.refreshToken
        // A refresh token is good once: whatever comes of it, it is not shown again.
        self.tokens = nil
        link.send(
            refresh, key: port.newKey(),
            then: count(RefreshSignIn.code, isCommand: true) { [self] outcome in
                switch outcome {
                case .answered(let signedIn): welcomed(signedIn, link)
                case .unknown: entered(false, link)
                case .refused: signIn(link)
                }
            })
    }

    private func signIn(_ link: any ClientConnection) {
        var command = SignIn()
        command.marketplace = marketplace
        command.email = email
        command.password = password
        link.send(
            command, key: port.newKey(),
            then: count(SignIn.code, isCommand: true) { [self] outcome in
                switch outcome {
                case .answered(let signedIn): welcomed(signedIn, link)
                case .unknown: entered(false, link)
                case .refused(let refusal):
                    if !refusal.reason.retryable { entryRefusal = refusal }
                    entered(false, link)
                }
            })
    }

    private func welcomed(_ signedIn: SignedIn, _ link: any ClientConnection) {
        // Without a token the session has ended meanwhile.
        guard !signedIn.accessToken.isEmpty else { return entered(false, link) }
        tokens = signedIn
        party = signedIn.party
        entered(true, link)
    }
}
