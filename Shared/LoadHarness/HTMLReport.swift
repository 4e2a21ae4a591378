/// One page without anything from elsewhere: plots as SVG, tables, the command line, the machine.
public enum HTMLReport {
    public static func page(_ report: LoadReport) -> String {
        let total = report.tally.total
        let verdict =
            report.succeeded
            ? "<p class=\"ok\">The run counts, and everything holds.</p>"
            : "<ul class=\"bad\">\((report.voidReasons.map { "void: \($0)" } + report.breaches + (report.auditHolds ? [] : ["the audit found what must not be"])).map { "<li>\(escaped($0))</li>" }.joined())</ul>"
        return """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8"><title>\(escaped(report.scenario)) · gavel load</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <style>\(style)</style></head><body>
            <h1>\(escaped(report.scenario))</h1>
            <p class="command"><code>\(escaped(report.commandLine.joined(separator: " ")))</code></p>
            \(verdict)
            <section class="figures">
            \(figure("\(Int(report.rate))", "completed a second"))
            \(figure(Plot.time(Double(total.corrected.at(50))), "p50 corrected"))
            \(figure(Plot.time(Double(total.corrected.at(99))), "p99 corrected"))
            \(figure(Plot.time(Double(total.corrected.greatest)), "slowest"))
            \(figure("\(total.errors)", "errors"))
            \(figure("\(report.tally.skipped)", "skipped"))
            </section>
            <h2>Rate over time</h2>
            \(ratePlot(report.tally))
            <h2>Latency over time, corrected</h2>
            \(latencyPlot(report.tally))
            <h2>Latency by percentile</h2>
            \(percentilePlot(total))
            <h2>How latencies are spread</h2>
            \(histogramPlot(total.corrected))
            <h2>Operations</h2>
            \(operations(report.tally))
            <h2>Services</h2>
            \(services(report.samples))
            <h2>Refused and failed</h2>
            \(reasons(total))
            <h2>Machine</h2>
            <table>
            <tr><th>Processors</th><td>\(report.environment.processors) × \(escaped(report.environment.model))</td></tr>
            <tr><th>Memory</th><td>\(report.environment.memoryMiB) MiB</td></tr>
            <tr><th>Kernel</th><td>\(escaped(report.environment.kernel))</td></tr>
            <tr><th>Generator’s own lag</th><td>p99 \(Plot.time(Double(report.tally.lag.at(99)))), \
            greatest \(Plot.time(Double(report.tally.lag.greatest)))</td></tr>
            <tr><th>At rest after the end</th><td>\(report.quietMilliseconds.map { "\($0) ms" } ?? "no")</td></tr>
            \(report.warmUp.map { "<tr><th>Before</th><td>\(escaped("\($0)"))</td></tr>" } ?? "")
            \(report.faults.isEmpty ? "" : "<tr><th>Faults</th><td>\(report.faults.map(escaped).joined(separator: "<br>"))</td></tr>")
            </table>
            <p class="note">Corrected latencies count from the moment at which a request was to begin, raw ones from \
            the moment at which it was sent. A run is void when its generator was late or skipped arrivals, or when \
            the services were still working a second after its end.</p>
            </body></html>

            """
    }

    static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
    }

    private static func figure(_ value: String, _ title: String) -> String {
        "<div><strong>\(escaped(value))</strong><span>\(escaped(title))</span></div>"
    }

    // MARK: Plots

    private static func ratePlot(_ tally: LoadTally) -> String {
        func line(_ name: String, _ color: Int, _ value: (SecondTally) -> UInt64) -> Plot.Line {
            Plot.Line(
                name: name, color: color,
                points: tally.seconds.enumerated().map { (Double($0.offset), Double(value($0.element))) })
        }
        var lines = [line("arrivals", 0) { $0.offered }, line("completed", 1) { $0.completed }]
        if tally.seconds.contains(where: { $0.refused > 0 }) {
            lines.append(line("refused", 2) { $0.refused })
        }
        if tally.seconds.contains(where: { $0.failed > 0 }) { lines.append(line("failed", 3) { $0.failed }) }
        return Plot(x: .linear("s"), y: .linear("/s"), lines: lines).svg
    }

    private static func latencyPlot(_ tally: LoadTally) -> String {
        let lines = [("p50", 50.0, 1), ("p99", 99, 2), ("max", 100, 3)].map { name, percentile, color in
            Plot.Line(
                name: name, color: color,
                points: tally.seconds.enumerated().filter { $0.element.corrected.count > 0 }.map {
                    (Double($0.offset), Double($0.element.corrected.at(percentile)))
                })
        }
        return Plot(x: .linear("s"), y: .logarithmic, lines: lines).svg
    }

    private static func percentilePlot(_ total: OperationTally) -> String {
        func line(_ name: String, _ color: Int, _ latencies: Latencies) -> Plot.Line {
            // One minus the share, falling tenfold from tick to tick: 90 %, 99 %, 99.9 %.
            let points = (0...50).map { step -> (Double, Double) in
                let nines = Double(step) / 10
                return (nines, Double(latencies.at(100 * (1 - Plot.tenth(nines)))))
            }
            return Plot.Line(name: name, color: color, points: latencies.count == 0 ? [] : points)
        }
        return Plot(
            x: .nines, y: .logarithmic,
            lines: [line("corrected", 2, total.corrected), line("raw", 0, total.raw)]
        ).svg
    }

    private static func histogramPlot(_ latencies: Latencies) -> String {
        // Twenty bars for each tenfold.
        var bars: [Int: UInt64] = [:]
        for bucket in latencies.buckets {
            bars[Int(Plot.decimalLogarithm(Double(max(1, bucket.microseconds))) * 20), default: 0] +=
                bucket.count
        }
        let places = bars.keys.sorted()
        guard let first = places.first, let last = places.last else { return "<p>Nothing was measured.</p>" }
        let points = (first...last + 1).flatMap { place -> [(Double, Double)] in
            let count = Double(bars[place] ?? 0)
            return [(Plot.power(Double(place) / 20), count), (Plot.power(Double(place + 1) / 20), count)]
        }
        return Plot(
            x: .logarithmicTime, y: .linear(""),
            lines: [Plot.Line(name: "requests", color: 1, points: points)]
        ).svg
    }

    // MARK: Tables

    private static func operations(_ tally: LoadTally) -> String {
        let rows = tally.operations.sorted { $0.key < $1.key }.map { name, one in
            """
            <tr><th>\(escaped(name))</th><td>\(one.completed)</td><td>\(one.refused.values.reduce(0, +))</td>\
            <td>\(one.errors)</td>\
            \([50.0, 90, 99, 99.9].map { "<td>\(Plot.time(Double(one.corrected.at($0))))</td>" }.joined())\
            <td>\(Plot.time(Double(one.corrected.greatest)))</td><td>\(Plot.time(Double(one.raw.at(99))))</td></tr>
            """
        }
        return """
            <table><tr><th></th><th>completed</th><th>refused</th><th>errors</th><th>p50</th><th>p90</th><th>p99</th>\
            <th>p99.9</th><th>max</th><th>p99 raw</th></tr>\(rows.joined())</table>
            """
    }

    private static func services(_ samples: [ServiceSample]) -> String {
        let names = samples.map(\.service).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        let rows = names.map { name -> String in
            let own = samples.filter { $0.service == name }
            let commands = own.reduce(0) { $0 + $1.commands }
            let batches = own.reduce(0) { $0 + $1.batches }
            let size = batches == 0 ? 0 : Int((Double(commands) / Double(batches)).rounded())
            let processor = own.isEmpty ? 0 : own.reduce(0) { $0 + $1.processor } / own.count
            return """
                <tr><th>\(escaped(name))</th><td>\(commands)</td><td>\(size)</td>\
                <td>\(own.map(\.queued).max() ?? 0)</td><td>\(own.map(\.outbox).max() ?? 0)</td>\
                <td>\(processor / 10) %</td><td>\((own.map(\.resident).max() ?? 0) / 1_024) MiB</td></tr>
                """
        }
        return """
            <table><tr><th></th><th>carried out</th><th>in a batch</th><th>longest queue</th><th>longest outbox</th>\
            <th>of one core</th><th>memory</th></tr>\(rows.joined())</table>
            """
    }

    private static func reasons(_ total: OperationTally) -> String {
        let all =
            total.refused.sorted { $0.key < $1.key }.map { ("refused", $0.key, $0.value) }
            + total.failed.sorted { $0.key < $1.key }.map { ("failed", $0.key, $0.value) }
        guard !all.isEmpty else { return "<p>None.</p>" }
        let rows = all.map {
            "<tr><th>\($0.0)</th><td class=\"text\">\(escaped($0.1))</td><td>\($0.2)</td></tr>"
        }
        return "<table>\(rows.joined())</table>"
    }

    private static let style = """
        :root{--ink:#1d2430;--soft:#5d6878;--line:#d9dee6;--back:#fff;--c0:#8893a5;--c1:#1f6feb;--c2:#c2410c;--c3:#b91c1c}
        @media(prefers-color-scheme:dark){:root{--ink:#e6e9ef;--soft:#9aa5b5;--line:#333c4a;--back:#12161d;--c0:#7d8799;\
        --c1:#6aa5ff;--c2:#fb923c;--c3:#f87171}}
        body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--back);max-width:60rem;margin:2rem auto;padding:0 1rem}
        h1{font-size:1.6rem;margin:0}h2{font-size:1.05rem;margin:2rem 0 .5rem}
        .command{margin:.2rem 0 1rem;color:var(--soft);overflow-x:auto}.ok{color:#15803d}.bad{color:var(--c3)}
        .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(8rem,1fr));gap:.75rem}
        .figures div{border:1px solid var(--line);border-radius:.5rem;padding:.6rem .8rem}
        .figures strong{display:block;font-size:1.3rem;font-variant-numeric:tabular-nums}.figures span{color:var(--soft);font-size:.85rem}
        table{border-collapse:collapse;width:100%;font-size:.9rem;display:block;overflow-x:auto}
        th,td{padding:.3rem .6rem;border-bottom:1px solid var(--line);text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        th:first-child,td.text{text-align:left}svg{width:100%;height:auto}svg text{fill:var(--soft);font:12px system-ui,sans-serif}
        .grid{stroke:var(--line)}.l0{stroke:var(--c0)}.l1{stroke:var(--c1)}.l2{stroke:var(--c2)}.l3{stroke:var(--c3)}
        .line{fill:none;stroke-width:1.8;stroke-linejoin:round}.k0{fill:var(--c0)}.k1{fill:var(--c1)}.k2{fill:var(--c2)}.k3{fill:var(--c3)}
        .note{color:var(--soft);font-size:.85rem;margin-top:2rem}
        """
}
