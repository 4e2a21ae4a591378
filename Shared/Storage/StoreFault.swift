/// A fault of a store: the runtime rolls back, and retries or stops.
public enum StoreFault: Error, Sendable, CustomStringConvertible {
    /// SQLite answered with this result code.
    case sqlite(code: Int32, message: String, sql: String)
    /// A row holds what its type cannot be.
    case corruptRow(String)
    /// The store is not what it should be at the start.
    case unusable(String)
    /// The journal's hash chain breaks at this sequence.
    case chainBroken(sequence: UInt64)

    public var description: String {
        switch self {
        case .sqlite(let code, let message, let sql): "SQLite answered \(code) (\(message)) to: \(sql)"
        case .corruptRow(let what): "corrupt row: \(what)"
        case .unusable(let what): "unusable store: \(what)"
        case .chainBroken(let sequence): "the journal's hash chain breaks at sequence \(sequence)"
        }
    }

    /// Whether the disk or the file is to blame, and no command: an error of input or output, no room, a damaged
    /// page. Then the service stops; only a new start knows what is there.
    public var isOfTheDisk: Bool {
        guard case .sqlite(let code, _, _) = self else { return false }
        // NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, NOTADB.
        return [7, 8, 10, 11, 13, 14, 26].contains(code & 0xff)
    }
}

/// A row that was changed earlier in the transaction could not be written at its end. Written at once instead, it tells
/// who changed it so.
public struct LateWriteFault: Error {
    public let cause: any Error
}
