import Kernel
import Messages

/// What a population is and how long it lives.
public struct PopulationPlan: Sendable {
    /// How long the population begins new things.
    public var span: Duration64
    /// About how many commands it sends in a year of the house's time.
    public var commandsPerYear: Int

    public init(span: Duration64 = .days(365), commandsPerYear: Int = 50_000) {
        self.span = span
        self.commandsPerYear = commandsPerYear
    }
}

/// The people of a simulated marketplace: state machines that call, wait and go on, over a ``ClientPort``.
public final class Population {
    private let port: any ClientPort
    private let plan: PopulationPlan

    public init(port: any ClientPort, plan: PopulationPlan) {
        self.port = port
        self.plan = plan
    }

    public func start() {}

    /// Begins nothing new; what is under way goes to its end.
    public func quiesce() {}

    /// Whether no call is without an outcome.
    public var isQuiet: Bool { true }
}
