import Kernel
import Messages
import Wire

/// A check that failed: what was expected, and what was found instead.
public struct Unmet: Error, CustomStringConvertible, Sendable {
    public let what: String
    public let expected: String
    public let found: String
    public let place: String

    public init(
        _ what: String, expected: String, found: String, file: StaticString = #fileID, line: UInt = #line
    ) {
        self.what = what
        self.expected = expected
        self.found = found
        place = "\(file):\(line)"
    }

    public var description: String { "\(what): expected \(expected), found \(found) (\(place))" }
}

/// Throws ``Unmet`` unless `found` is `expected`.
public func expect<V: Equatable>(
    _ what: String, _ found: V, _ expected: V, file: StaticString = #fileID, line: UInt = #line
) throws {
    guard found == expected else {
        throw Unmet(what, expected: "\(expected)", found: "\(found)", file: file, line: line)
    }
}

/// Throws ``Unmet`` unless `holds`.
public func expect(
    _ what: String, _ holds: Bool, file: StaticString = #fileID, line: UInt = #line
) throws {
    guard holds else { throw Unmet(what, expected: "true", found: "false", file: file, line: line) }
}

/// The value, or ``Unmet`` where there is none.
public func present<V>(
    _ what: String, _ value: V?, file: StaticString = #fileID, line: UInt = #line
) throws -> V {
    guard let value else { throw Unmet(what, expected: "one", found: "none", file: file, line: line) }
    return value
}

extension House {
    /// Sends a command that must be refused for this reason, and gives the refusal.
    @discardableResult
    public func refuses<C: Command>(
        _ reason: RefusalCode, _ command: C, as guest: Guest?, file: StaticString = #fileID,
        line: UInt = #line
    ) async throws -> Refusal {
        try await refuses(reason, command, as: guest, key: nil, file: file, line: line)
    }

    /// The same under a key of the caller's choice (rule F2).
    @discardableResult
    public func refuses<C: Command>(
        _ reason: RefusalCode, _ command: C, as guest: Guest?, key: IdempotencyKey?,
        file: StaticString = #fileID, line: UInt = #line
    ) async throws -> Refusal {
        do {
            _ = try await send(command, as: guest, key: key)
        } catch let refusal as Refusal {
            return try check(refusal, reason, C.title, file, line)
        }
        throw Unmet(C.title, expected: "refusal \(reason)", found: "accepted", file: file, line: line)
    }

    /// Asks what must be refused for this reason, and gives the refusal.
    @discardableResult
    public func refuses<Q: Query>(
        _ reason: RefusalCode, _ query: Q, as guest: Guest?, file: StaticString = #fileID, line: UInt = #line
    ) async throws -> Refusal {
        do {
            _ = try await ask(query, as: guest)
        } catch let refusal as Refusal {
            return try check(refusal, reason, Q.title, file, line)
        }
        throw Unmet(Q.title, expected: "refusal \(reason)", found: "an answer", file: file, line: line)
    }

    private func check(
        _ refusal: Refusal, _ reason: RefusalCode, _ title: String, _ file: StaticString, _ line: UInt
    ) throws -> Refusal {
        guard refusal.reason == reason else {
            throw Unmet(title, expected: "refusal \(reason)", found: "\(refusal)", file: file, line: line)
        }
        return refusal
    }
}
