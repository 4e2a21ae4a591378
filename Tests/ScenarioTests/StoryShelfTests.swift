import Foundation
import Messages
import Stories
import Testing

/// `gavel demo all` tells every story, and owes every rule of their modes.
@Suite("The shelf of stories")
struct StoryShelfTests {
    @Test("all stories are told one after the other in one house, and no rule of their modes is missing")
    func all() async throws {
        let whole = try WholeHouse()
        defer { WholeHouse.remove(whole.folder) }
        let report = await StoryShelf.tellAll(on: whole.house)
        #expect(report.failures.map { "\($0.story) \($0.rule): \($0.text)" } == [])
        #expect(report.missing == [])
        #expect(report.stories.map(\.story) == StoryShelf.stories.map { $0.name })
        #expect(report.isWhole)
    }

    @Test("a rule that no story tells of is missing")
    func missing() {
        var report = StoryReport()
        report.story = "lead-auction"
        report.rules = (2...19).map { number in
            var rule = StoryReport.Rule()
            rule.id = "A\(number)"
            rule.observed = ["something"]
            return rule
        }
        let missing = StoryShelf.missing(in: [report])
        #expect(missing.first == "A1")
        #expect(!missing.contains("A2"))
        #expect(
            missing.contains("B1") && missing.contains("C7") && missing.contains("D7")
                && missing.contains("E1"))
    }

    @Test("the shelf owes just the rules of the rulebook's sections that have a story")
    func rulebook() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../docs/rulebook.md").standardizedFileURL
        let text = try String(contentsOf: path, encoding: .utf8)
        for (letter, rules) in StoryShelf.sections {
            let rows = text.split(separator: "\n").filter {
                $0.wholeMatch(of: try! Regex("\\| \(letter)[0-9]+ \\|.*")) != nil
            }
            #expect(rows.count == rules, "section \(letter)")
        }
        let told = StoryShelf.stories.flatMap { $0.rules }
        #expect(Set(told).count == told.count, "a rule is told of by one story")
        #expect(StoryShelf.missing(in: []).filter { !told.contains($0) } == [])
    }
}
