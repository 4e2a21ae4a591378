import Kernel
import Messages
import Wire

/// The people of a simulated house: state machines that call, wait and go on, over a ``ClientPort``.
///
/// Deterministic: all chance comes from the port, and nothing depends on the order of a Dictionary or Set.
public final class Population {
    let port: any ClientPort
    let plan: PopulationPlan
    let dice: Dice
    /// What was sent and how it was answered.
    public internal(set) var tally = Tally()
    /// The first operator, and whom it appointed.
    var operators: [Person] = []
    var people: [Person] = []
    var marketplaces: [MarketplaceID] = []
    var lastPerson = 0
    var lastProspect = 0
    /// People who objected, as sellers meet them again.
    var objected = Memory<(prospect: Prospect, at: Instant)>(8)
    var links = Memory<KeptLink>(12)
    /// Whose leads are applied for, and the links on which prospects have acted.
    var opportunities = Memory<(listing: ListingID, prospect: Prospect)>(60)
    var reviewed: Set<String> = []
    /// Prepaid lines that are open.
    var lines = Memory<PrepaidLine>(8)
    /// The house's switches, one a marketplace of preliminary calls.
    var desks: [CallDesk] = []
    var slips = Deck(Slip.allCases)
    var scenes = Deck(Scene.allCases)
    private var unanswered = 0
    private var isQuiescing = false
    private var openedAt = Instant.none

    public init(port: any ClientPort, plan: PopulationPlan) {
        self.port = port
        self.plan = plan
        dice = Dice(port: port)
    }

    /// Opens the house: the operator comes, publishes the marketplaces, and people join.
    public func start() {
        openedAt = port.now
        open()
        later(.minutes(30)) { [self] in pace() }
        later(.hours(2)) { [self] in inviteAgain() }
    }

    /// Begins nothing new; what is under way goes to its end.
    public func quiesce() { isQuiescing = true }

    /// Whether no call is without an outcome.
    public var isQuiet: Bool { unanswered == 0 }

    // MARK: Bookkeeping of calls

    func opens() { unanswered += 1 }
    func closes() { unanswered -= 1 }
    func speaks(_ person: Person) { port.acting = person.name }

    /// Does something new later, unless the population has come to rest by then.
    func later(_ span: Duration64, _ body: @escaping () -> Void) {
        guard !isQuiescing, port.now + span < end else { return }
        port.after(span) { [self] in
            if !isQuiescing { body() }
        }
    }

    func later(at instant: Instant, _ body: @escaping () -> Void) {
        let span = instant - port.now
        later(span > .zero ? span : .zero, body)
    }

    private var end: Instant { openedAt + plan.span }

    // MARK: Pace

    private static let year = Duration64.days(365)
    /// What one visit or scene sends at the mean, with what follows from it.
    private static let commandsPerVisit: Int64 = 8

    /// Whoever could not join yet tries again.
    private func inviteAgain() {
        for person in people where person.stage == .outside { person.join() }
        later(.hours(6)) { [self] in inviteAgain() }
    }

    /// Begins one thing, then waits until the plan has room for more: what came of earlier things counts too.
    private func pace() {
        begin()
        let perCommand = Self.year.microseconds / Int64(plan.commandsPerYear)
        let elapsed = (port.now - openedAt).microseconds
        let ahead = Int64(tally.commands - enrolment) - elapsed / perCommand
        let wait = max(10_000_000, min((ahead + Self.commandsPerVisit) * perCommand, 86_400_000_000))
        later(dice.span(.zero, Duration64(microseconds: 2 * wait))) { [self] in pace() }
    }

    /// What joining takes is not counted against the pace of the market.
    private var enrolment: Int { people.count * 6 }

    /// Most of what happens is a visit to the marketplace; operators make their rounds; some things are rare.
    private func begin() {
        switch dice.below(20) {
        case 0...1: dice.pick(operators)?.makeRounds()
        case 2...3:
            if let scene = scenes.deal(dice) { scene.play(self) }
        case 4...8: choose(.seller)?.visit()
        default: choose(.buyer)?.visit()
        }
    }

    // MARK: Who is there

    /// Somebody in this role who acts, in any marketplace or in this one.
    func choose(
        _ role: Roles, in marketplace: MarketplaceID? = nil, _ condition: (Person) -> Bool = { _ in true }
    ) -> Person? {
        dice.pick(
            people.filter {
                $0.stage == .active && $0.roles.contains(role) && condition($0)
                    && (marketplace == nil || $0.marketplace == marketplace)
            })
    }

    var boss: Person? { operators.first }

    func marketplace(_ index: Int) -> MarketplaceID { MarketplaceID(UInt32(index + 1)) }
}
