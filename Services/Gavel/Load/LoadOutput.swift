import ArgumentParser
import LoadHarness

/// Where the report of a load goes, besides the lines for people.
struct LoadOutput: ParsableArguments {
    @Option(help: "Write the report as JSON to this file; - for standard output.") var json: String?
    @Option(help: "Write one page with plots to this file.") var html: String?
    @Option(help: "Write one line a second to this file.") var csv: String?

    func write(_ report: LoadReport) throws {
        if let html { try writePublicText(HTMLReport.page(report), to: html) }
        if let csv { try writePublicText(report.csv, to: csv) }
        if let json, json != "-" { try writePublicText(report.json.pretty() + "\n", to: json) }
        if json == "-" {
            Terminal.say(report.json.text)
        } else {
            for line in report.lines { Terminal.say(line) }
        }
    }
}
