/// What a story has proved so far, rule by rule.
final class StoryBook {
    private let house: RecordingHouse
    private let say: (String) -> Void
    private var observed: [String: [String]] = [:]

    /// - Parameter say: told of each rule as soon as it is proved.
    init(_ house: RecordingHouse, say: @escaping (String) -> Void) {
        self.house = house
        self.say = say
    }

    /// Runs checks of a rule; what was said meanwhile counts as observed once all of them have passed.
    func prove(_ rule: String, _ sentence: String, _ checks: () async throws -> Void) async throws {
        _ = house.takeNotes()
        do {
            try await checks()
        } catch {
            throw StoryFailure(rule: rule, cause: error)
        }
        observed[rule, default: []] += house.takeNotes().filter {
            !(observed[rule] ?? []).contains($0)
        }
        say("\(rule)\(String(repeating: " ", count: 4 - rule.count))\(sentence)")
    }

    /// What was observed of each of these rules; a rule of which nothing was is a failure.
    func report(_ story: String, _ rules: [String]) throws -> StoryReport {
        var report = StoryReport()
        report.story = story
        for id in rules {
            var rule = StoryReport.Rule()
            rule.id = id
            rule.observed = observed[id] ?? []
            guard !rule.observed.isEmpty else {
                throw StoryFailure(rule: id, cause: Unmet("rule \(id)", expected: "observed", found: "not"))
            }
            report.rules.append(rule)
        }
        return report
    }
}
