import Foundation
import Storage
import Testing

/// What a connection keeps of rows that it has read.
@Suite("Rows that the writer keeps")
struct KeptRowsTests {
    private struct Undone: Error {}

    private static let kind = Kept<Int64, Int64>()

    private static let lateKind = Kept<Int64, Int64> { value, store in
        guard value < 1_000 else { throw Undone() }
        try store.run("INSERT INTO written (value) VALUES (?)", value)
    }

    private static func written(_ store: Store) throws -> [Int64] {
        try store.all("SELECT value FROM written ORDER BY rowid") { $0.int(0) }
    }

    private static func value(_ key: Int64, _ store: Store) throws -> Int64? {
        try store.keepAtWriter(kind, key) {
            try store.first("SELECT value FROM pair WHERE key = ?", key) { $0.int(0) }
        }
    }

    private static func set(_ key: Int64, _ value: Int64, _ store: Store) throws {
        try store.run("INSERT OR REPLACE INTO pair (key, value) VALUES (?, ?)", key, value)
    }

    private func withStore(_ body: (ServiceStore) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "gavel-kept-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try ServiceStore(
            path: folder.appending(path: "store").path,
            migrations: [
                Migration(
                    "pairs",
                    """
                    CREATE TABLE pair (key INTEGER PRIMARY KEY, value INTEGER NOT NULL) STRICT;
                    CREATE TABLE written (value INTEGER NOT NULL) STRICT
                    """)
            ])
        try body(store)
        try store.close()
    }

    @Test("the writer reads a row once, until it is replaced or forgotten")
    func once() throws {
        try withStore { store in
            try store.transaction { store in
                try Self.set(1, 10, store)
                #expect(try Self.value(1, store) == 10)
                try Self.set(1, 11, store)
                #expect(try Self.value(1, store) == 10, "not read again")
                store.replace(Self.kind, Int64(1), Int64(12))
                #expect(try Self.value(1, store) == 12)
                store.forget(Self.kind, Int64(1))
                #expect(try Self.value(1, store) == 11)
                try Self.set(1, 13, store)
                store.forgetAll(Self.kind)
                #expect(try Self.value(1, store) == 13)
            }
        }
    }

    @Test("that there is no row is not kept")
    func absence() throws {
        try withStore { store in
            try store.transaction { store in
                #expect(try Self.value(2, store) == nil)
                try Self.set(2, 20, store)
                #expect(try Self.value(2, store) == 20)
            }
        }
    }

    @Test("a transaction that is undone leaves nothing kept")
    func undone() throws {
        try withStore { store in
            try store.transaction { try Self.set(3, 30, $0) }
            #expect(throws: Undone.self) {
                try store.transaction { store in
                    try Self.set(3, 31, store)
                    #expect(try Self.value(3, store) == 31)
                    throw Undone()
                }
            }
            let left = try store.transaction { try Self.value(3, $0) }
            #expect(left == 30)
        }
    }

    @Test("a reader sees each commit, and keeps nothing that changes")
    func readers() throws {
        try withStore { store in
            for value in [Int64(40), 41] {
                try store.transaction { store in
                    try Self.set(4, value, store)
                    store.replace(Self.kind, Int64(4), value)
                }
                let seen = try store.read { try Self.value(4, $0) }
                #expect(seen == value)
            }
        }
    }

    @Test(
        "rows that are changed late are written once, in the order of their first change, before the commit")
    func late() throws {
        try withStore { store in
            try store.transaction { store in
                for (key, value) in [(9, 1), (2, 2), (9, 3), (5, 4), (2, 5)] as [(Int64, Int64)] {
                    try store.change(Self.lateKind, key, value)
                }
                #expect(store.keepAtWriter(Self.lateKind, 2) { nil } == 5)
                #expect(try Self.written(store) == [])
            }
            #expect(try store.read { try Self.written($0) } == [3, 5, 4])
            try store.transaction { try $0.change(Self.lateKind, Int64(2), Int64(6)) }
            #expect(try store.read { try Self.written($0) } == [3, 5, 4, 6])
        }
    }

    @Test("rows that wait are not written by whoever is undone, and never forgotten for being many")
    func lateAndMany() throws {
        try withStore { store in
            #expect(throws: Undone.self) {
                try store.transaction { store in
                    try store.change(Self.lateKind, Int64(1), Int64(1))
                    throw Undone()
                }
            }
            try store.transaction { _ in }
            #expect(try store.read { try Self.written($0) } == [])
            try store.transaction { store in
                for key in 0..<20_000 as Range<Int64> {
                    try store.change(Self.lateKind, key, key % 1_000)
                    _ = store.keepAtWriter(Self.lateKind, key + 50_000) { 1 }
                }
            }
            #expect(try store.read { try Self.written($0) }.count == 20_000)
        }
    }

    @Test(
        "a row that cannot be written late undoes the transaction, and faults where it is changed if asked to"
    )
    func lateFault() throws {
        try withStore { store in
            #expect(throws: LateWriteFault.self) {
                try store.transaction { store in
                    try Self.set(1, 1, store)
                    try store.change(Self.lateKind, Int64(1), Int64(1_000))
                }
            }
            try store.transaction(writesLate: false) { store in
                #expect(throws: Undone.self) { try store.change(Self.lateKind, Int64(1), Int64(1_000)) }
                try store.change(Self.lateKind, Int64(1), Int64(7))
                #expect(try Self.written(store) == [7])
            }
            #expect(try store.read { try Self.value(1, $0) } == nil)
        }
    }
}
