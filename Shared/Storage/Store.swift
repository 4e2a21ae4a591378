import CSQLiteSetup
import GRDB
import GRDBSQLite
import Synchronization

/// A kind of rows that a connection keeps by their keys: a constant beside the functions that read and write the rows.
public struct Kept<Key: Hashable & Sendable, Value>: Sendable {
    /// Each kind has its own.
    @usableFromInline let place: Int
    /// Writes a row of a kind that is written late.
    @usableFromInline let write: (@Sendable (Value, Store) throws -> Void)?

    public init() {
        place = keptKinds.add(1, ordering: .relaxed).oldValue
        write = nil
    }

    /// A kind whose rows are changed by ``Store/change(_:_:_:)``: many times in a batch, and written once.
    public init(writing write: @escaping @Sendable (Value, Store) throws -> Void) {
        place = keptKinds.add(1, ordering: .relaxed).oldValue
        self.write = write
    }
}

/// How many kinds there are in this process.
private let keptKinds = Atomic(0)

/// Rows of one kind that wait to be written.
@usableFromInline protocol LateRows: AnyObject {
    func writeWaiting(_ store: Store) throws
}

/// One connection of a service's store, with its statements kept compiled.
///
/// Used by one thread at a time: by the writer, or by a reader within its snapshot.
public final class Store: @unchecked Sendable {
    /// A statement kept compiled, and whether it is running now.
    @usableFromInline final class Compiled {
        @usableFromInline let statement: Statement
        @usableFromInline let handle: OpaquePointer
        @usableFromInline var busy = false
        init(_ statement: Statement) {
            self.statement = statement
            handle = statement.sqliteStatement
        }
    }

    unowned let database: Database
    private var compiled = CompiledTable()
    private var dynamic: [String: Compiled] = [:]
    /// What is kept, by the place of its kind.
    @usableFromInline var shelves: [AnyObject?] = []
    /// Whether this is the store's writing connection, which alone knows of every change.
    public let isWriting: Bool
    /// Whether changed rows may wait for the end of the transaction: it is under way, and will write them.
    @usableFromInline var writesLate = false
    /// The kinds of which rows wait.
    @usableFromInline var late: [any LateRows] = []

    public init(_ database: Database, isWriting: Bool = false) {
        self.database = database
        self.isWriting = isWriting
    }

    /// Rows changed by the last statement that ran.
    public var changes: Int { Int(sqlite3_changes(database.sqliteConnection)) }

    @usableFromInline func statement(_ sql: StaticString) throws -> Compiled {
        let known = compiled.find(sql.utf8Start)
        if let known, !known.busy { return known }
        let made = try compile("\(sql)")
        if known == nil { compiled.insert(made, sql.utf8Start) }
        return made
    }

    /// Compiling reads the schema, which may fail as any reading does.
    private func compile(_ sql: String) throws -> Compiled {
        do {
            return Compiled(try database.makeStatement(sql: sql))
        } catch let error as DatabaseError {
            throw StoreFault.sqlite(
                code: error.extendedResultCode.rawValue, message: error.message ?? "", sql: sql)
        }
    }

    /// Statements by the address of their text, which each of some twenty statements a bid looks up: open addressing
    /// without the hashing of a Dictionary, which withstands keys that somebody chose; these nobody does.
    private struct CompiledTable {
        private var slots = [(text: UnsafePointer<UInt8>, statement: Compiled)?](repeating: nil, count: 256)
        private var count = 0

        private func place(_ text: UnsafePointer<UInt8>) -> Int {
            let mixed = UInt64(UInt(bitPattern: text)) &* 0x9e37_79b9_7f4a_7c15
            return Int(truncatingIfNeeded: mixed >> 32) & (slots.count - 1)
        }

        func find(_ text: UnsafePointer<UInt8>) -> Compiled? {
            var at = place(text)
            while let slot = slots[at] {
                if slot.text == text { return slot.statement }
                at = (at + 1) & (slots.count - 1)
            }
            return nil
        }

        /// `text` is not in the table.
        mutating func insert(_ statement: Compiled, _ text: UnsafePointer<UInt8>) {
            if count * 2 >= slots.count {
                let old = slots
                slots = [(text: UnsafePointer<UInt8>, statement: Compiled)?](repeating: nil, count: count * 4)
                for case let slot? in old { put(slot.statement, slot.text) }
            }
            put(statement, text)
            count += 1
        }

        private mutating func put(_ statement: Compiled, _ text: UnsafePointer<UInt8>) {
            var at = place(text)
            while slots[at] != nil { at = (at + 1) & (slots.count - 1) }
            slots[at] = (text, statement)
        }
    }

    /// What `read` gives for `key`, read once: for rows that are hardly ever changed once they are written, and only
    /// by who then calls ``forget(_:_:)``. A reader's connection does not hear of that: it keeps what never changes.
    ///
    /// A transaction that rolls back forgets all.
    @inlinable public func keep<Key, Value>(
        _ kept: Kept<Key, Value>, _ key: Key, read: () throws -> Value
    ) rethrows -> Value {
        let shelf = shelf(kept)
        if let known = shelf.values[key] { return known.value }
        let value = try read()
        shelf.put(value, key)
        return value
    }

    /// The same for rows that do change: a reader's connection reads each time, and the writer's keeps what is there
    /// (never that nothing is) until ``forget(_:_:)``, or ``replace(_:_:_:)`` by who wrote the row.
    @inlinable public func keepAtWriter<Key, Value>(
        _ kept: Kept<Key, Value>, _ key: Key, read: () throws -> Value?
    ) rethrows -> Value? {
        guard isWriting else { return try read() }
        let shelf = shelf(kept)
        if let known = shelf.values[key] { return known.value }
        guard let value = try read() else { return nil }
        shelf.put(value, key)
        return value
    }

    /// What ``keepAtWriter(_:_:read:)`` gives from now on: the row was written so.
    @inlinable public func replace<Key, Value>(_ kept: Kept<Key, Value>, _ key: Key, _ value: Value) {
        guard isWriting else { return }
        shelf(kept).put(value, key)
    }

    /// The row is `value` from now on: ``keepAtWriter(_:_:read:)`` gives it, and the row is written once, before the
    /// transaction commits, however often it changes until then. A statement that reads the row by itself meanwhile
    /// finds what was there before.
    @inlinable public func change<Key, Value>(
        _ kept: Kept<Key, Value>, _ key: Key, _ value: Value
    ) throws {
        guard let write = kept.write else { throw StoreFault.unusable("rows of a kind without a writer") }
        guard writesLate else {
            try write(value, self)
            return replace(kept, key, value)
        }
        let shelf = shelf(kept)
        if shelf.waiting.isEmpty {
            shelf.write = write
            late.append(shelf)
        }
        shelf.putLate(value, key)
    }

    /// Writes the rows that wait, in the order in which they were first changed.
    func writeLate() throws {
        guard !late.isEmpty else { return }
        let kinds = late
        late.removeAll(keepingCapacity: true)
        for kind in kinds { try kind.writeWaiting(self) }
    }

    /// Forgets one of the values that were kept: its row was changed after all. Not for rows that are written late.
    @inlinable public func forget<Key, Value>(_ kept: Kept<Key, Value>, _ key: Key) {
        guard kept.place < shelves.count, shelves[kept.place] != nil else { return }
        shelf(kept).values[key] = nil
    }

    /// Forgets all of one kind. Not for rows that are written late.
    @inlinable public func forgetAll<Key, Value>(_ kept: Kept<Key, Value>) {
        if kept.place < shelves.count { shelves[kept.place] = nil }
    }

    /// Forgets everything that was kept, and what waits to be written.
    func forgetKept() {
        shelves.removeAll(keepingCapacity: true)
        late.removeAll()
    }

    @inlinable func shelf<Key, Value>(_ kept: Kept<Key, Value>) -> Shelf<Key, Value> {
        // No other kind has the place, and so no shelf of other types is there.
        if kept.place < shelves.count, let known = shelves[kept.place] {
            return unsafeDowncast(known, to: Shelf<Key, Value>.self)
        }
        let made = Shelf<Key, Value>()
        while shelves.count <= kept.place { shelves.append(nil) }
        shelves[kept.place] = made
        return made
    }

    @usableFromInline struct Held<Value> {
        @usableFromInline var value: Value
        /// Whether it was changed and the row was not written yet.
        @usableFromInline var isWaiting: Bool
        @inlinable init(_ value: Value, isWaiting: Bool) {
            self.value = value
            self.isWaiting = isWaiting
        }
    }

    @usableFromInline final class Shelf<Key: Hashable, Value>: LateRows {
        /// Beyond so many values a shelf is emptied, unless some wait to be written.
        @inlinable static var most: Int { 8_192 }
        @usableFromInline var values: [Key: Held<Value>] = [:]
        /// The keys of those that wait, in the order of their first change.
        @usableFromInline var waiting: [Key] = []
        @usableFromInline var write: (@Sendable (Value, Store) throws -> Void)?

        @inlinable init() {}

        @inlinable func put(_ value: Value, _ key: Key) {
            if values.count >= Self.most, waiting.isEmpty { values.removeAll(keepingCapacity: true) }
            values[key] = Held(value, isWaiting: false)
        }

        @inlinable func putLate(_ value: Value, _ key: Key) {
            if let index = values.index(forKey: key), values.values[index].isWaiting {
                values.values[index].value = value
                return
            }
            values[key] = Held(value, isWaiting: true)
            waiting.append(key)
        }

        @usableFromInline func writeWaiting(_ store: Store) throws {
            for key in waiting {
                guard let index = values.index(forKey: key) else { continue }
                try write?(values.values[index].value, store)
                values.values[index].isWaiting = false
            }
            waiting.removeAll(keepingCapacity: true)
        }
    }

    @usableFromInline func fault(_ code: Int32, _ handle: OpaquePointer) -> StoreFault {
        let sql = sqlite3_sql(handle).map { String(cString: $0) } ?? ""
        return .sqlite(
            code: code, message: String(cString: sqlite3_errmsg(database.sqliteConnection)), sql: sql)
    }

    @inlinable func bind<each P: SQLValue>(_ handle: OpaquePointer, _ values: repeat each P) throws {
        var index: Int32 = 1
        for value in repeat each values {
            let code = value.bind(handle, index)
            guard code == SQLITE_OK else { throw fault(code, handle) }
            index += 1
        }
    }

    /// Runs a statement that gives no rows.
    @inlinable public func run<each P: SQLValue>(_ sql: StaticString, _ values: repeat each P) throws {
        let compiled = try statement(sql)
        let handle = compiled.handle
        defer { sqlite3_reset(handle) }
        try bind(handle, repeat each values)
        let code = sqlite3_step(handle)
        guard code == SQLITE_DONE || code == SQLITE_ROW else { throw fault(code, handle) }
    }

    /// The first row, or nothing.
    @inlinable public func first<R, each P: SQLValue>(
        _ sql: StaticString, _ values: repeat each P, read: (Row) throws -> R
    ) throws -> R? {
        let compiled = try statement(sql)
        let handle = compiled.handle
        compiled.busy = true
        defer {
            sqlite3_reset(handle)
            compiled.busy = false
        }
        try bind(handle, repeat each values)
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return try read(Row(handle))
        case SQLITE_DONE: return nil
        case let code: throw fault(code, handle)
        }
    }

    /// Every row, in the statement's order.
    @inlinable public func all<R, each P: SQLValue>(
        _ sql: StaticString, _ values: repeat each P, read: (Row) throws -> R
    ) throws -> [R] {
        let compiled = try statement(sql)
        let handle = compiled.handle
        compiled.busy = true
        defer {
            sqlite3_reset(handle)
            compiled.busy = false
        }
        try bind(handle, repeat each values)
        return try collect(handle, read)
    }

    @usableFromInline func collect<R>(_ handle: OpaquePointer, _ read: (Row) throws -> R) throws -> [R] {
        var rows: [R] = []
        while true {
            switch sqlite3_step(handle) {
            case SQLITE_ROW: rows.append(try read(Row(handle)))
            case SQLITE_DONE: return rows
            case let code: throw fault(code, handle)
            }
        }
    }

    private func dynamicStatement(_ sql: String) throws -> Compiled {
        if let known = dynamic[sql], !known.busy { return known }
        let made = try compile(sql)
        // Built queries come in few shapes; a bound keeps a surprise from growing for ever.
        if dynamic.count < 256, dynamic[sql] == nil { dynamic[sql] = made }
        return made
    }

    /// Every row of a query whose text was put together; values are always bound, never part of the text.
    public func allDynamic<R>(_ sql: String, _ values: [any SQLValue], read: (Row) throws -> R) throws -> [R]
    {
        let compiled = try dynamicStatement(sql)
        let handle = compiled.handle
        compiled.busy = true
        defer {
            sqlite3_reset(handle)
            compiled.busy = false
        }
        for (index, value) in values.enumerated() {
            let code = value.bind(handle, Int32(index + 1))
            guard code == SQLITE_OK else { throw fault(code, handle) }
        }
        return try collect(handle, read)
    }

    /// Runs a statement whose text was put together.
    public func runDynamic(_ sql: String, _ values: [any SQLValue] = []) throws {
        _ = try allDynamic(sql, values) { _ in () }
    }
}
