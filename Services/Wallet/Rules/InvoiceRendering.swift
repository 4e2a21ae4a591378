import Kernel
import Messages

extension InvoiceLayout {
    /// Plain text: labels to the left, amounts flush right within 72 columns.
    public var text: String {
        var rows = [issuer, "", heading, ""]
        rows += facts.map { "\($0.label): \($0.value)" }
        rows.append("")
        rows += items.map(Self.row)
        rows.append(String(repeating: "-", count: Self.width))
        rows.append(Self.row(total))
        rows += ["", closing, ""]
        return rows.joined(separator: "\n")
    }

    /// One page of HTML that stands alone, without scripts and references.
    public func html(_ language: Language) -> String {
        var page = """
            <!DOCTYPE html>
            <html lang="\(Self.tag(language))"><head><meta charset="utf-8"><title>\
            \(HTMLText.escaped("\(heading) \(facts[0].value)"))</title>
            <style>body{font:16px/1.5 sans-serif;max-width:46em;margin:2em auto}th{text-align:left;\
            font-weight:normal}td:last-child{text-align:right}.total{border-top:1px solid}</style></head><body>
            <p>\(HTMLText.escaped(issuer))</p>
            <h1>\(HTMLText.escaped(heading))</h1>
            <dl>

            """
        for fact in facts {
            page += "<dt>\(HTMLText.escaped(fact.label))</dt><dd>\(HTMLText.escaped(fact.value))</dd>\n"
        }
        page += "</dl>\n<table>\n"
        for item in items { page += Self.tableRow(item, "") }
        page += Self.tableRow(total, " class=\"total\"")
        return page + "</table>\n<p>\(HTMLText.escaped(closing))</p>\n</body></html>\n"
    }

    private static let width = 72

    private static func row(_ line: Line) -> String {
        let room = width - line.label.count - line.value.count
        return line.label + String(repeating: " ", count: max(1, room)) + line.value
    }

    private static func tableRow(_ line: Line, _ attribute: String) -> String {
        "<tr\(attribute)><th>\(HTMLText.escaped(line.label))</th><td>\(HTMLText.escaped(line.value))</td></tr>\n"
    }

    private static func tag(_ language: Language) -> String {
        switch language {
        case .german: "de"
        case .english: "en"
        case .russian: "ru"
        }
    }
}
