/// Numbers from 0 to 99 written out in German, English and Russian.
enum NumberWords {
    /// The digits that a word stands for; also of several words written as one (`nulleinssieben`).
    static func digits(of word: String) -> String? {
        if let known = single[word] { return known }
        guard word.count >= 9, word.count <= 200 else { return nil }
        return segments(Substring(word), parts: 0)
    }

    /// Among them `einundzwanzig` to `neunundneunzig`, with every unit before every ten.
    private static let single: [String: String] = {
        var table: [String: String] = [:]
        for (index, words) in tens.enumerated() {
            for ten in words {
                table["einund" + ten] = "\(index + 2)1"
                for (number, units) in units.prefix(10).enumerated() {
                    for unit in units { table["\(unit)und\(ten)"] = "\(index + 2)\(number)" }
                }
            }
        }
        for (number, words) in units.enumerated() { for word in words { table[word] = String(number) } }
        for (index, words) in tens.enumerated() {
            for word in words { table[word] = String((index + 2) * 10) }
        }
        return table
    }()

    /// 0 to 19.
    private static let units: [[String]] = [
        ["null", "zero", "ноль", "нуль"], ["eins", "one", "один", "одна"],
        ["zwei", "zwo", "two", "два", "две"],
        ["drei", "three", "три"], ["vier", "four", "четыре"], ["fünf", "fuenf", "five", "пять"],
        ["sechs", "six", "шесть"], ["sieben", "seven", "семь"], ["acht", "eight", "восемь"],
        ["neun", "nine", "девять"], ["zehn", "ten", "десять"], ["elf", "eleven", "одиннадцать"],
        ["zwölf", "zwoelf", "twelve", "двенадцать"], ["dreizehn", "thirteen", "тринадцать"],
        ["vierzehn", "fourteen", "четырнадцать"], ["fünfzehn", "fuenfzehn", "fifteen", "пятнадцать"],
        ["sechzehn", "sixteen", "шестнадцать"], ["siebzehn", "seventeen", "семнадцать"],
        ["achtzehn", "eighteen", "восемнадцать"], ["neunzehn", "nineteen", "девятнадцать"],
    ]

    /// 20 to 90.
    private static let tens: [[String]] = [
        ["zwanzig", "twenty", "двадцать"], ["dreißig", "dreissig", "thirty", "тридцать"],
        ["vierzig", "forty", "сорок"], ["fünfzig", "fuenfzig", "fifty", "пятьдесят"],
        ["sechzig", "sixty", "шестьдесят"], ["siebzig", "seventy", "семьдесят"],
        ["achtzig", "eighty", "восемьдесят"], ["neunzig", "ninety", "девяносто"],
    ]

    /// Digit words in a row without spaces, at least three; tries shorter readings where a longer one fails.
    private static func segments(_ rest: Substring, parts: Int) -> String? {
        if rest.isEmpty { return parts >= 3 ? "" : nil }
        for (number, words) in units.prefix(10).enumerated() {
            for word in words where rest.hasPrefix(word) {
                if let digits = segments(rest.dropFirst(word.count), parts: parts + 1) {
                    return String(number) + digits
                }
            }
        }
        return nil
    }
}
