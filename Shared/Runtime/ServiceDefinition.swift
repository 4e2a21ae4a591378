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
    /// How many edges run at once: few where they compute, as for passwords, many where they wait for another
    /// service's answer.
    public let edgesAtOnce: Int

    public init(
        name: ServiceName, migrations: [Migration], digestTables: [String], handlers: HandlerTable,
        edgesAtOnce: Int = 2
    ) {
        self.name = name
        self.migrations = migrations
        self.digestTables = digestTables
        self.handlers = handlers
        self.edgesAtOnce = edgesAtOnce
    }
}
