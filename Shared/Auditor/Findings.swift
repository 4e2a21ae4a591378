/// Gathers violations: each once, and no more than anybody reads.
final class Findings {
    private(set) var violations: [Violation] = []
    private var known: Set<String> = []
    /// The most that are kept: one broken sum would otherwise be told of at every checkpoint for ever.
    static let most = 200

    func report(_ invariant: Invariant, _ text: String, _ entities: [String] = []) {
        guard violations.count < Findings.most, known.insert("\(invariant.rawValue) \(text)").inserted else {
            return
        }
        violations.append(Violation(invariant: invariant.rawValue, text: text, entities: entities))
    }

    /// Reports unless `expected` is what was found.
    func expect<Value: Equatable>(
        _ invariant: Invariant, _ what: @autoclosure () -> String, expected: Value, found: Value,
        _ entities: @autoclosure () -> [String] = []
    ) {
        guard expected != found else { return }
        report(invariant, "\(what()): expected \(expected), found \(found)", entities())
    }
}
