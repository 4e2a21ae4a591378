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

    public init(
        name: ServiceName, migrations: [Migration], digestTables: [String], handlers: HandlerTable
    ) {
        self.name = name
        self.migrations = migrations
        self.digestTables = digestTables
        self.handlers = handlers
    }
}
