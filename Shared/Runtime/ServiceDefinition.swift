import Kernel
import Messages
import Storage

/// Everything that makes a service: its name, its schema, its handlers.
public struct ServiceDefinition: Sendable {
    public let name: ServiceName
    public let migrations: [Migration]
    /// The tables whose content is the service's state, each with a primary key.
    public let digestTables: [String]
    public let handlers: HandlerTable
    /// Whether nobody waits for what comes of peers' messages and of effects: in a busy house they may lie a moment until a
    /// batch is worth its sync. False: each is carried out at once.
    public let isPatient: Bool

    public init(
        name: ServiceName, migrations: [Migration], digestTables: [String], handlers: HandlerTable,
        isPatient: Bool = false
    ) {
        self.name = name
        self.migrations = migrations
        self.digestTables = digestTables
        self.handlers = handlers
        self.isPatient = isPatient
    }
}
