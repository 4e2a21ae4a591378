import Wire

/// One thing that must hold, and whether it does.
struct Check: Sendable {
    let name: String
    /// How many rows, pairs or files were looked at: a check that saw nothing proves nothing.
    var examined = 0
    /// What contradicts it; empty if it holds.
    var violations: [String] = []

    var json: JSON {
        .object([
            .init("name", .string(name)), .init("ok", .bool(violations.isEmpty)),
            .init("examined", .int(examined)),
            .init("violations", .array(violations.prefix(10).map { .string($0) })),
        ])
    }
}

/// What `gavel verify` found.
struct VerificationReport: Sendable {
    var checks: [Check] = []

    var ok: Bool { checks.allSatisfy(\.violations.isEmpty) }

    var members: [JSON.Member] {
        [.init("ok", .bool(ok)), .init("checks", .array(checks.map(\.json)))]
    }

    /// For people: one line a check.
    var lines: [String] {
        checks.flatMap { check in
            ["\(check.violations.isEmpty ? "ok  " : "FAIL")  \(check.name)  (\(check.examined) examined)"]
                + check.violations.prefix(10).map { "      \($0)" }
        }
    }
}
