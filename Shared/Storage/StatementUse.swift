import GRDBSQLite

/// How often a compiled statement ran, and how SQLite carries it out: for whoever looks for what is slow.
public struct StatementUse: Sendable {
    public let sql: String
    public let runs: Int
    /// The operations of its program, in order, as `EXPLAIN` names them.
    public let operations: [String]
}

extension Store {
    /// The statements that this connection keeps compiled, in the order of their texts.
    public func statementUses() throws -> [StatementUse] {
        var found: [(sql: String, runs: Int)] = []
        var next = sqlite3_next_stmt(database.sqliteConnection, nil)
        while let statement = next {
            let sql = sqlite3_sql(statement).map { String(cString: $0) } ?? ""
            let runs = sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_RUN, 0)
            if sqlite3_stmt_isexplain(statement) == 0, !sql.isEmpty { found.append((sql, Int(runs))) }
            next = sqlite3_next_stmt(database.sqliteConnection, statement)
        }
        return try found.sorted { $0.sql < $1.sql }.map { sql, runs in
            StatementUse(
                sql: sql, runs: runs, operations: try allDynamic("EXPLAIN " + sql, []) { $0.text(1) })
        }
    }
}
