import CSQLiteSetup
import GRDB
import GRDBSQLite
import Synchronization

/// Moves most of a store's write-ahead log on a connection of its own, on a thread of its own, while the writer writes.
///
/// The writer's own move comes after it and finds little left. Until that one has found nothing left to move, SQLite
/// begins no log anew, so that nothing here is ever the last word on a page.
final class LogMover: Sendable {
    private enum Stage {
        case idle
        case moving
        case moved
        case failed(any Error)
        case ended
    }

    private let stage = Mutex(Stage.idle)
    private let connection: DatabaseQueue
    /// What is written while the first pass moves is left to the second: it is short.
    private static let passes = 2

    init(path: String) throws {
        var configuration = Configuration()
        configuration.prepareDatabase { database in
            try database.execute(sql: "PRAGMA wal_autocheckpoint = 0; PRAGMA synchronous = FULL")
            let code = gavel_sqlite_own_log(database.sqliteConnection)
            guard code == SQLITE_OK else { throw StoreFault.unusable("the log cannot be kept: \(code)") }
        }
        connection = try DatabaseQueue(path: path, configuration: configuration)
    }

    /// What the writer does about a log that is long.
    enum Turn {
        /// Have it moved: ``move()`` is to be called on another thread.
        case ask
        /// Nothing; it is being moved.
        case wait
        /// Move what is left.
        case finish
    }

    /// - Throws: what made the last move fail. Whoever writes must stop, as after its own.
    func turn() throws -> Turn {
        try stage.withLock { stage in
            switch stage {
            case .idle:
                stage = .moving
                return .ask
            case .moving: return .wait
            case .moved:
                stage = .idle
                return .finish
            case .ended: return .finish
            case .failed(let error): throw error
            }
        }
    }

    /// Moves what no reader needs.
    func move() {
        connection.writeWithoutTransaction { database in
            guard case .moving = stage.withLock({ $0 }) else { return }
            do {
                for _ in 0..<LogMover.passes { try ServiceStore.moveLog(database.sqliteConnection) }
                stage.withLock { $0 = .moved }
            } catch {
                stage.withLock { $0 = .failed(error) }
            }
        }
    }

    /// Waits for the move that is under way; none begins afterwards.
    /// - Throws: what made the last move fail. Whoever would move and empty the log must not: pages may be lost.
    func end() throws {
        try connection.writeWithoutTransaction { _ in
            try stage.withLock { stage in
                if case .failed(let error) = stage { throw error }
                stage = .ended
            }
        }
    }

    func close() throws { try connection.close() }
}
