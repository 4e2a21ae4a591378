import Glibc

/// A plot of lines as SVG.
struct Plot {
    /// How a direction is divided.
    enum Axis {
        /// From 0, with a unit.
        case linear(String)
        /// Microseconds, each tick tenfold.
        case logarithmic
        /// The same for the horizontal direction.
        case logarithmicTime
        /// 0 is the median of nothing: 1 is 90 %, 2 is 99 %, and so on.
        case nines
    }

    struct Line {
        let name: String
        /// 0 to 3: grey, blue, orange, red.
        let color: Int
        let points: [(x: Double, y: Double)]
    }

    let x: Axis
    let y: Axis
    let lines: [Line]

    private static let width = 900.0
    private static let height = 280.0
    private static let left = 64.0
    private static let right = 32.0
    private static let bottom = 28.0
    private static let top = 26.0

    static func tenth(_ power: Double) -> Double { pow(10, -power) }
    static func power(_ exponent: Double) -> Double { pow(10, exponent) }
    static func decimalLogarithm(_ value: Double) -> Double { log10(value) }

    /// Microseconds in the unit that fits.
    static func time(_ microseconds: Double) -> String {
        switch microseconds {
        case ..<1_000: "\(Int(microseconds.rounded())) µs"
        case ..<100_000: short(microseconds / 1_000) + " ms"
        case ..<1_000_000: "\(Int((microseconds / 1_000).rounded())) ms"
        default: short(microseconds / 1_000_000) + " s"
        }
    }

    /// With one digit after the point unless that is 0.
    private static func short(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }

    /// 1, 2 or 5 times a power of ten, so that about five ticks reach `greatest`.
    private static func step(_ greatest: Double) -> Double {
        let rough = max(greatest, 1e-9) / 5
        let ten = pow(10, floor(log10(rough)))
        return ([1, 2, 5, 10].first { $0 * ten >= rough } ?? 10) * ten
    }

    /// Where the ticks are, what they say, and the range.
    private static func ticks(_ axis: Axis, _ values: [Double]) -> (
        ticks: [(Double, String)], from: Double, to: Double
    ) {
        let greatest = values.max() ?? 1
        switch axis {
        case .linear(let unit):
            let step = step(greatest)
            let count = max(1, Int((greatest / step).rounded(.up)))
            let ticks = (0...count).map { (Double($0) * step, number(Double($0) * step) + unit) }
            return (ticks, 0, Double(count) * step)
        case .logarithmic, .logarithmicTime:
            let least = values.filter { $0 > 0 }.min() ?? 1
            let from = floor(log10(max(1, least)))
            let to = max(from + 1, ceil(log10(max(1, greatest))))
            return ((Int(from)...Int(to)).map { (Double($0), time(pow(10, Double($0)))) }, from, to)
        case .nines:
            let names = ["0 %", "90 %", "99 %", "99.9 %", "99.99 %", "99.999 %"]
            return (names.enumerated().map { (Double($0.offset), $0.element) }, 0, 5)
        }
    }

    private static func number(_ value: Double) -> String {
        if value >= 1_000_000 { return short(value / 1_000_000) + "M" }
        if value >= 10_000 { return short(value / 1_000) + "k" }
        return value < 10 ? short(value) : "\(Int(value.rounded()))"
    }

    private static func place(_ value: Double, on axis: Axis) -> Double {
        switch axis {
        case .linear, .nines: value
        case .logarithmic, .logarithmicTime: log10(max(1, value))
        }
    }

    var svg: String {
        let all = lines.flatMap(\.points)
        guard !all.isEmpty else { return "<p>Nothing was measured.</p>" }
        let across = Plot.ticks(x, all.map(\.x))
        let up = Plot.ticks(y, all.map(\.y))
        func px(_ value: Double) -> Double {
            Plot.left + (value - across.from) / (across.to - across.from)
                * (Plot.width - Plot.left - Plot.right)
        }
        func py(_ value: Double) -> Double {
            Plot.height - Plot.bottom - (value - up.from) / (up.to - up.from)
                * (Plot.height - Plot.bottom - Plot.top)
        }
        func digits(_ value: Double) -> String { "\(Double(Int(value * 10)) / 10)" }
        var body = ""
        for (value, text) in up.ticks {
            let at = digits(py(value))
            body +=
                "<line class=\"grid\" x1=\"\(Plot.left)\" x2=\"\(Plot.width - Plot.right)\" y1=\"\(at)\" y2=\"\(at)\"/>"
            body +=
                "<text x=\"\(Plot.left - 8)\" y=\"\(digits(py(value) + 4))\" text-anchor=\"end\">\(text)</text>"
        }
        for (value, text) in across.ticks {
            body +=
                "<text x=\"\(digits(px(value)))\" y=\"\(Plot.height - 8)\" text-anchor=\"middle\">\(text)</text>"
        }
        var key = Plot.left
        for line in lines where !line.points.isEmpty {
            let points = line.points.map {
                "\(digits(px(Plot.place($0.x, on: x)))),\(digits(py(Plot.place($0.y, on: y))))"
            }
            body += "<polyline class=\"line l\(line.color)\" points=\"\(points.joined(separator: " "))\"/>"
            body += "<circle class=\"k\(line.color)\" cx=\"\(key + 4)\" cy=\"10\" r=\"4\"/>"
            body += "<text x=\"\(key + 12)\" y=\"14\">\(line.name)</text>"
            key += 34 + Double(line.name.count) * 7
        }
        return "<svg viewBox=\"0 0 \(Plot.width) \(Plot.height)\" role=\"img\">\(body)</svg>"
    }
}
