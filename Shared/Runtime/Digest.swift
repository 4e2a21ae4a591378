import Crypto
import Storage

/// A hash over a service's state: its declared tables, row by row in key order.
public enum StateDigest {
    /// One digest per table, in the order of `tables`.
    public static func perTable(_ tables: [String], _ store: Store) throws -> [(
        table: String, digest: [UInt8]
    )] {
        var digests: [(String, [UInt8])] = []
        for table in tables { digests.append((table, try digest(of: table, store))) }
        return digests
    }

    private static func digest(of table: String, _ store: Store) throws -> [UInt8] {
        let columns = try store.allDynamic(
            "SELECT name, pk FROM pragma_table_info('\(table)') ORDER BY cid", []
        ) {
            ($0.text(0), $0.int(1))
        }
        guard columns.contains(where: { $0.1 > 0 }) else {
            throw StoreFault.unusable("table \(table): expected a primary key, found none")
        }
        let keys = columns.filter { $0.1 > 0 }.sorted { $0.1 < $1.1 }.map { "\"\($0.0)\"" }
        let names = columns.map { "quote(\"\($0.0)\")" }
        let sql = """
            SELECT \(names.joined(separator: " || ',' || ")) FROM "\(table)" ORDER BY \(keys.joined(separator: ", "))
            """
        let hasher = SHA256Hasher()
        hasher.reset()
        _ = try store.allDynamic(sql, []) { row in
            hasher.update(row.blob(0))
            hasher.update(UInt64(10))
        }
        return hasher.finish()
    }
}
