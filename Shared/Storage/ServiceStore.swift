import CSQLiteSetup
import Crypto
import GRDB
import GRDBSQLite
import Kernel
import Synchronization

/// A named, append-only change of a store's schema.
public struct Migration: Sendable {
    public let name: String
    public let sql: String
    public init(_ name: StaticString, _ sql: String) {
        self.name = "\(name)"
        self.sql = sql
    }
}

/// A service's SQLite store: one connection that writes, several that read snapshots.
public final class ServiceStore: @unchecked Sendable {
    private let connections: any DatabaseWriter
    /// The writing connection; used by the writer alone.
    private var writing: Store?
    private let reading = Mutex<[ObjectIdentifier: Store]>([:])
    /// Where the store lies; nothing for a store in memory.
    public let path: String?
    /// Frames in the write-ahead log from which on a commit moves it.
    private let checkpointAfter: Int
    /// Frames in the write-ahead log after the last commit, told by SQLite.
    private let logFrames = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
    /// Moves the log where somebody lends a thread for it.
    private var mover: LogMover?
    /// Runs what it is given soon, on another thread: the move of a long log, for which those who wait for a commit need
    /// not wait. Without it the writer moves the log.
    public var lendForLog: ((_ move: @escaping @Sendable () -> Void) -> Void)?
    /// Called within each transaction before its commit; what it throws rolls back. Simulations stop a process here.
    public var beforeCommit: (() throws -> Void)?

    /// SQLite's settings for the whole process, made before its first store; later it would refuse them.
    private static let isSetUp = gavel_sqlite_setup() == SQLITE_OK

    /// Frames in the write-ahead log at which it is moved, 16 MiB of them: whoever is answered after that commit waits for the
    /// move too.
    public static let longestLog = 4_000

    /// Opens, or makes, the store in the file `path`; nothing keeps it in memory.
    ///
    /// - Parameters:
    ///   - checkpointAfter: frames in the write-ahead log from which on a commit moves them into the store.
    ///   - movesLogAside: whether ``lendForLog`` will be set.
    public init(
        path: String?, migrations: [Migration], readers: Int = 2,
        checkpointAfter: Int = ServiceStore.longestLog, movesLogAside: Bool = false
    ) throws {
        self.path = path
        self.checkpointAfter = checkpointAfter
        logFrames.initialize(to: 0)
        _ = ServiceStore.isSetUp
        var configuration = Configuration()
        configuration.maximumReaderCount = readers
        configuration.busyMode = .timeout(5)
        configuration.prepareDatabase { database in
            // What is deleted is overwritten where that costs no writing more: some builds of SQLite write each page that
            // falls free once again, and personal data lies here as ciphertext, whose key an erasure destroys (rule F5).
            try database.execute(
                sql: """
                    PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 0;
                    PRAGMA secure_delete = FAST
                    """)
            let code = gavel_sqlite_own_log(database.sqliteConnection)
            guard code == SQLITE_OK else { throw StoreFault.unusable("the log cannot be kept: \(code)") }
        }
        if let path {
            connections = try DatabasePool(path: path, configuration: configuration)
        } else {
            connections = try DatabaseQueue(configuration: configuration)
        }
        try connections.writeWithoutTransaction { database in
            // GRDB chooses NORMAL for WAL; an acknowledged command must survive a power cut (rule F3).
            try database.execute(
                sql: """
                    PRAGMA synchronous = \(Planted.isOn(.replyBeforeDurable) ? "OFF" : "FULL");
                    PRAGMA journal_size_limit = 67108864
                    """)
            let synced = try Int.fetchOne(database, sql: "PRAGMA synchronous")
            guard synced == 2 || Planted.isOn(.replyBeforeDurable) else {
                throw StoreFault.unusable("expected synchronous=FULL")
            }
            // SQLite stays with its old journal where a disk's error keeps it from the new one, and FULL is not enough
            // for that: a commit ends with a deleted file, whose folder it does not sync.
            let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode") ?? ""
            guard path == nil || mode == "wal" else {
                throw StoreFault.unusable("expected journal_mode=wal, found \(mode)")
            }
            sqlite3_wal_hook(
                database.sqliteConnection,
                { into, _, _, frames in
                    into?.assumingMemoryBound(to: Int32.self).pointee = frames
                    return SQLITE_OK
                }, logFrames)
        }
        var migrator = DatabaseMigrator()
        for migration in RuntimeSchema.migrations + migrations {
            migrator.registerMigration(migration.name) { try $0.execute(sql: migration.sql) }
        }
        try migrator.migrate(connections)
        if let path, movesLogAside { mover = try LogMover(path: path) }
    }

    // Nobody commits any more.
    deinit { logFrames.deallocate() }

    /// Gives the writing connection to `body`. Only the writer's thread may call.
    public func write<R>(_ body: (Store) throws -> R) throws -> R {
        try connections.writeWithoutTransaction { database in
            if let writing { return try body(writing) }
            let made = Store(database, isWriting: true)
            writing = made
            return try body(made)
        }
    }

    /// Runs `body` in one transaction, rolled back if it throws. Only the writer's thread may call.
    ///
    /// - Parameter writesLate: whether rows changed by ``Store/change(_:_:_:)`` are written at the end.
    /// - Throws: ``LateWriteFault`` where one of those cannot be written, for a reason that is not the disk's.
    public func transaction<R>(writesLate: Bool = true, _ body: (Store) throws -> R) throws -> R {
        try write { store in
            try store.run("BEGIN IMMEDIATE")
            store.writesLate = writesLate
            defer { store.writesLate = false }
            do {
                let result = try body(store)
                do {
                    try store.writeLate()
                } catch {
                    if let fault = error as? StoreFault, fault.isOfTheDisk { throw fault }
                    throw LateWriteFault(cause: error)
                }
                try beforeCommit?()
                try store.run("COMMIT")
                if logFrames.pointee >= checkpointAfter { try moveLongLog(store) }
                return result
            } catch {
                // After some faults SQLite has rolled back by itself, and says so by refusing.
                try? store.run("ROLLBACK")
                store.forgetKept()
                throw error
            }
        }
    }

    /// Gives a snapshot of the last commit to `body`; any thread.
    public func read<R>(_ body: (Store) throws -> R) throws -> R {
        // GRDB's own guard around a read compiles the statements of its transaction anew each time.
        try connections.unsafeRead { database in
            let store = reading.withLock { stores in
                if let known = stores[ObjectIdentifier(database)] { return known }
                let made = Store(database)
                stores[ObjectIdentifier(database)] = made
                return made
            }
            // In memory, reading comes between whole transactions on the one connection.
            if path == nil { return try body(store) }
            try store.run("BEGIN DEFERRED")
            defer { try? store.run("COMMIT") }
            return try body(store)
        }
    }

    /// Makes sure that the disk has what the write-ahead log shows, before anything is built upon it (rule F3).
    ///
    /// A sync that fails leaves pages that every reader sees and the disk does not have; the next sync succeeds without
    /// them. Whoever serves the store in the file `path` calls this before opening it: nobody may have it open.
    public static func renewLog(of path: String) throws {
        try Disk.renew(path + "-wal")
    }

    /// Moves what no reader needs any more of the write-ahead log into the store's file.
    ///
    /// SQLite would do so by itself, but says nothing of a sync that fails, and goes on as if pages that an earlier,
    /// unfinished move wrote were on the disk. Whoever writes must stop instead: what the next process makes of the
    /// log, by ``renewLog(of:)``, is whole (rule F3).
    static func moveLog(_ connection: SQLiteConnection?) throws {
        let code = sqlite3_wal_checkpoint_v2(connection, "main", SQLITE_CHECKPOINT_PASSIVE, nil, nil)
        // Another move is under way.
        if code & 0xff == SQLITE_BUSY { return }
        guard code == SQLITE_OK else {
            throw StoreFault.sqlite(
                code: code, message: String(cString: sqlite3_errmsg(connection)), sql: "a checkpoint")
        }
    }

    private func moveLongLog(_ store: Store) throws {
        guard let mover, let lendForLog else {
            return try ServiceStore.moveLog(store.database.sqliteConnection)
        }
        switch try mover.turn() {
        case .ask: lendForLog { mover.move() }
        case .wait: break
        case .finish: try ServiceStore.moveLog(store.database.sqliteConnection)
        }
    }

    /// Moves the write-ahead log into the store's file and empties it.
    ///
    /// - Throws: whoever has the store open then ends without another word to it, as after a commit that failed.
    public func checkpoint() throws {
        try mover?.end()
        try connections.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
    }

    /// Copies the store, as of now, into a new file.
    public func backup(to path: String) throws {
        try Self.copying {
            let target = try DatabaseQueue(path: path)
            try connections.backup(to: target)
            try target.close()
        }
    }

    /// Copies the store, as of now, into another one, whose content is replaced.
    /// - Throws: ``StoreFault``, of the disk where that is what failed.
    public func copy(to other: ServiceStore) throws {
        other.writing?.forgetKept()
        try Self.copying { try connections.backup(to: other.connections) }
    }

    private static func copying(_ body: () throws -> Void) throws {
        do {
            try body()
        } catch let error as DatabaseError {
            throw StoreFault.sqlite(
                code: error.extendedResultCode.rawValue, message: error.message ?? "",
                sql: "a copy of the store")
        }
    }

    /// Closes every connection.
    public func close() throws {
        writing = nil
        try mover?.close()
        mover = nil
        reading.withLock { $0.removeAll() }
        try connections.close()
    }
}
