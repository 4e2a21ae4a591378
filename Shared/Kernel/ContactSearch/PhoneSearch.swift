/// Telephone numbers in free text, as digits or written out.
enum PhoneSearch {
    static func found(in tokens: [TextToken]) -> Bool {
        runs(tokens).contains { isPhone($0) }
    }

    /// Digits, and what stands around them.
    struct Piece {
        var digits: String
        /// Whether they were written as a word.
        var spelled: Bool
        /// What stands between the piece before and this one; nothing at the start of a run.
        var gap: String
        /// The word or sign right before and after, spaces skipped.
        var before: String
        var after: String

        var number: Int64 { Int64(digits) ?? .max }
        var leadsWithZero: Bool { digits.first == "0" }
    }

    /// The fewest digits of a number that can be dialled, and where signs such as commas are between.
    private static let fewest = 7
    private static let fewestSpelled = 6
    private static let fewestLoose = 9

    private static func isPhone(_ run: [Piece]) -> Bool {
        var masked = Mask(run).hidden
        masked.append(true)
        var digits = 0
        var spelled = 0
        var loose = false
        for index in masked.indices {
            if masked[index] {
                if spelled >= 3, digits >= fewestSpelled { return true }
                if digits >= (loose ? fewestLoose : fewest) { return true }
                (digits, spelled, loose) = (0, 0, false)
                continue
            }
            let piece = run[index]
            if digits > 0, piece.gap.contains(where: { looseSigns.contains($0) }) { loose = true }
            digits += piece.digits.count
            if piece.spelled { spelled += 1 }
        }
        return false
    }

    private static let tightSigns: Set<Character> = [" ", "-", "/", ".", "(", ")", "+"]
    private static let looseSigns: Set<Character> = [
        ",", ":", ";", "*", "_", "|", "\n", "'", "#", "[", "]", "\"", "~", "=",
    ]

    /// Pieces that belong together: nothing but separators between them, and those that separate short pieces only.
    private static func runs(_ tokens: [TextToken]) -> [[Piece]] {
        var runs: [[Piece]] = []
        var run: [Piece] = []
        var gap = ""
        for index in tokens.indices {
            if let (digits, spelled) = digits(tokens[index]) {
                var piece = Piece(digits: digits, spelled: spelled, gap: "", before: "", after: "")
                piece.before = neighbour(tokens[..<index].reversed())
                piece.after = neighbour(tokens[(index + 1)...])
                if let last = run.last, joins(last, gap, piece) {
                    piece.gap = gap
                } else if !run.isEmpty {
                    runs.append(run)
                    run = []
                }
                run.append(piece)
                gap = ""
                continue
            }
            switch tokens[index] {
            case .space: gap.append(" ")
            case .newline: gap.append("\n")
            case .sign(let sign): gap.append(sign)
            case .word, .number: gap.append("w")
            }
        }
        if !run.isEmpty { runs.append(run) }
        return runs
    }

    private static func digits(_ token: TextToken) -> (digits: String, spelled: Bool)? {
        switch token {
        case .number(let digits): (digits, false)
        case .word(let word): NumberWords.digits(of: word).map { ($0, true) }
        default: nil
        }
    }

    private static func joins(_ last: Piece, _ gap: String, _ next: Piece) -> Bool {
        guard gap.count <= 5 else { return false }
        let short = last.digits.count <= 2 && next.digits.count <= 2
        return gap.allSatisfy { tightSigns.contains($0) || (short && looseSigns.contains($0)) }
    }

    private static func neighbour(_ tokens: some Sequence<TextToken>) -> String {
        for token in tokens {
            switch token {
            case .space: continue
            case .newline: return ""
            case .word(let word): return word
            case .sign(let sign): return String(sign)
            case .number: return ""
            }
        }
        return ""
    }
}

/// The pieces of a run that are something else than a telephone number.
private struct Mask {
    private let run: [PhoneSearch.Piece]
    private(set) var hidden: [Bool]

    init(_ run: [PhoneSearch.Piece]) {
        self.run = run
        hidden = run.map { _ in false }
        var index = 0
        while index < run.count {
            guard begins(index) else {
                index += 1
                continue
            }
            let length =
                [dateLength(index), groupedLength(index), timeLength(index), decimalLength(index)]
                .first { $0 > 0 } ?? 0
            for hiddenIndex in index..<(index + length) { hidden[hiddenIndex] = true }
            index += max(1, length)
        }
        hideRanges()
        hideSingles()
    }

    /// Nothing that is read as something else may be the rest of a number that began before it.
    private func begins(_ index: Int) -> Bool { index == 0 || hidden[index - 1] }

    private func piece(_ index: Int) -> PhoneSearch.Piece? { index < run.count ? run[index] : nil }

    /// `15.03.2026`, `15/3/26`, `2026-03-15`.
    private func dateLength(_ index: Int) -> Int {
        guard let first = piece(index), let second = piece(index + 1), let third = piece(index + 2),
            !first.spelled, second.gap.trimmed == third.gap.trimmed
        else { return 0 }
        let sign = second.gap.trimmed
        let years: ClosedRange<Int64> = 1_900...2_100
        if sign == "." || sign == "/", first.digits.count <= 2, second.digits.count <= 2,
            (1...31).contains(first.number), (1...12).contains(second.number),
            third.digits.count == 2 || (third.digits.count == 4 && years.contains(third.number))
        {
            // Pairs that go on after it are no date.
            if third.digits.count == 2, let next = piece(index + 3), next.gap.trimmed == sign { return 0 }
            return 3
        }
        let isISO =
            sign == "-" && first.digits.count == 4 && years.contains(first.number) && second.digits.count == 2
            && (1...12).contains(second.number) && third.digits.count == 2 && (1...31).contains(third.number)
        return isISO ? 3 : 0
    }

    /// `25.000`, `1.250.000,00`, `25 000`.
    private func groupedLength(_ index: Int) -> Int {
        guard let first = piece(index), !first.spelled, first.digits.count <= 3, !first.leadsWithZero,
            let sign = piece(index + 1)?.gap, sign == "." || sign == " " || sign == "'" || sign == ","
        else { return 0 }
        var length = 1
        var digits = first.digits.count
        while let next = piece(index + length), next.gap == sign, next.digits.count == 3, !next.spelled {
            length += 1
            digits += 3
        }
        guard length > 1 else { return 0 }
        if let next = piece(index + length), next.gap == sign, sign != "," { return 0 }
        let last = run[index + length - 1]
        let named = isMeasure(last.after) || isMeasure(first.before)
        let most = named ? 12 : (sign == " " ? 6 : 8)
        return digits <= most ? length : 0
    }

    /// `8:30`.
    private func timeLength(_ index: Int) -> Int {
        guard let hour = piece(index), let minute = piece(index + 1), minute.gap == ":", hour.number <= 24,
            hour.digits.count <= 2, minute.digits.count == 2, minute.number <= 59
        else { return 0 }
        return 2
    }

    /// `9.50`, `5,5`.
    private func decimalLength(_ index: Int) -> Int {
        guard let whole = piece(index), let part = piece(index + 1), part.gap == "." || part.gap == ",",
            part.digits.count <= 2, !whole.spelled, whole.digits.count <= 7,
            !whole.leadsWithZero || whole.digits.count == 1
        else { return 0 }
        if let next = piece(index + 2), next.gap == part.gap { return 0 }
        return 2
    }

    /// `5000-10000`, `2026/2027`, postal codes in a row.
    private mutating func hideRanges() {
        for index in run.indices.dropFirst() where !hidden[index] && !hidden[index - 1] {
            let (low, high) = (run[index - 1], run[index])
            guard !low.spelled, !high.spelled, !low.leadsWithZero, !high.leadsWithZero else { continue }
            let sign = high.gap.trimmed
            let aloneBefore = index < 2 || hidden[index - 2]
            let aloneAfter = index + 1 >= run.count || hidden[index + 1]
            guard sign == "-" || sign == "/", aloneBefore, aloneAfter, low.number <= high.number else {
                continue
            }
            let plausible = high.digits.count <= 6 || isMeasure(high.after)
            if plausible, high.number <= low.number.multipliedReportingOverflow(by: 100).partialValue {
                hidden[index - 1] = true
                hidden[index] = true
            }
        }
        let open = run.indices.filter { !hidden[$0] }
        if open.count > 1, open.allSatisfy({ run[$0].digits.count == 5 && !run[$0].spelled }) {
            for index in open { hidden[index] = true }
        }
    }

    /// A price or measure, a round number, a year.
    private mutating func hideSingles() {
        for index in run.indices where !hidden[index] {
            let piece = run[index]
            guard !piece.spelled, !piece.leadsWithZero, piece.digits.count <= 9 else { continue }
            let ends = index + 1 == run.count || hidden[index + 1]
            // A short measure may follow another number, such as a postal code: `10115 120 qm`.
            let short = piece.digits.count <= 4 && !run[0].leadsWithZero && isMeasure(piece.after)
            guard begins(index) || short, ends else { continue }
            if isMeasure(piece.after) || isMeasure(piece.before) || piece.digits.hasSuffix("000") {
                hidden[index] = true
            }
        }
    }

    private static let measures: Set<String> = [
        "€", "$", "₽", "%", "eur", "euro", "usd", "chf", "rub", "dollar", "руб", "рублей", "рубля", "р",
        "евро", "тыс",
        "qm", "m", "m²", "м", "кв", "kwh", "kwp", "kw", "km", "cm", "mm", "km²", "liter", "stück", "prozent",
        "percent",
        "nutzer", "users", "mitarbeiter", "tsd", "mio", "k", "besucher", "seiten", "artikel", "produkte",
    ]
    private func isMeasure(_ word: String) -> Bool { Self.measures.contains(word) }
}

extension String {
    fileprivate var trimmed: String { filter { $0 != " " } }
}
