import Wire

/// Whose public holidays a marketplace keeps.
public enum HolidayRegion: UInt8, WireEnum {
    /// None at all: the working week alone decides.
    case none = 1
    /// What is a public holiday in all sixteen states of Germany.
    case germany = 2
    case badenWuerttemberg = 3
    case bavaria = 4
    case berlin = 5
    case brandenburg = 6
    case bremen = 7
    case hamburg = 8
    case hesse = 9
    case mecklenburgWesternPomerania = 10
    case lowerSaxony = 11
    case northRhineWestphalia = 12
    case rhinelandPalatinate = 13
    case saarland = 14
    case saxony = 15
    case saxonyAnhalt = 16
    case schleswigHolstein = 17
    case thuringia = 18

    /// The states that keep a holiday: all of Germany, and with it every state; or the states that are named.
    fileprivate enum Keepers {
        case nationwide
        case states([HolidayRegion])
    }

    fileprivate func isAmong(_ keepers: Keepers) -> Bool {
        switch keepers {
        case .nationwide: self != .none
        case .states(let states): states.contains(self)
        }
    }
}

/// A public holiday of a German state, or of them all.
public enum Holiday: UInt8, CaseIterable, Hashable, Sendable {
    case newYear, epiphany, womensDay, goodFriday, easterSunday, easterMonday, labourDay, liberationDay
    case ascension, whitSunday, whitMonday, corpusChristi, uprisingOf1953, assumption, childrensDay
    case germanUnity, reformation, allSaints, repentance, christmas, secondChristmas

    /// Its name (F8).
    public func name(in language: Language) -> String {
        let names = names
        return switch language {
        case .german: names.german
        case .english: names.english
        case .russian: names.russian
        }
    }

    private var names: (german: String, english: String, russian: String) {
        switch self {
        case .newYear: ("Neujahr", "New Year's Day", "Новый год")
        case .epiphany: ("Heilige Drei Könige", "Epiphany", "Богоявление")
        case .womensDay: ("Internationaler Frauentag", "International Women's Day", "Женский день")
        case .goodFriday: ("Karfreitag", "Good Friday", "Страстная пятница")
        case .easterSunday: ("Ostersonntag", "Easter Sunday", "Пасхальное воскресенье")
        case .easterMonday: ("Ostermontag", "Easter Monday", "Пасхальный понедельник")
        case .labourDay: ("Tag der Arbeit", "Labour Day", "День труда")
        case .liberationDay: ("Tag der Befreiung", "Liberation Day", "День освобождения")
        case .ascension: ("Christi Himmelfahrt", "Ascension Day", "Вознесение Господне")
        case .whitSunday: ("Pfingstsonntag", "Whit Sunday", "Троицыно воскресенье")
        case .whitMonday: ("Pfingstmontag", "Whit Monday", "Духов день")
        case .corpusChristi: ("Fronleichnam", "Corpus Christi", "Праздник Тела Христова")
        case .uprisingOf1953:
            (
                "Jahrestag des Aufstandes vom 17. Juni 1953", "Anniversary of the uprising of 17 June 1953",
                "Годовщина восстания 17 июня 1953 года"
            )
        case .assumption: ("Mariä Himmelfahrt", "Assumption Day", "Успение Богородицы")
        case .childrensDay: ("Weltkindertag", "World Children's Day", "Всемирный день ребёнка")
        case .germanUnity: ("Tag der Deutschen Einheit", "German Unity Day", "День германского единства")
        case .reformation: ("Reformationstag", "Reformation Day", "День Реформации")
        case .allSaints: ("Allerheiligen", "All Saints' Day", "День всех святых")
        case .repentance: ("Buß- und Bettag", "Day of Repentance and Prayer", "День покаяния и молитвы")
        case .christmas: ("Erster Weihnachtstag", "Christmas Day", "Первый день Рождества")
        case .secondChristmas: ("Zweiter Weihnachtstag", "Second Day of Christmas", "Второй день Рождества")
        }
    }
}

/// A public holiday in a year.
public struct HolidayDate: Hashable, Sendable {
    public let date: CivilDate
    public let holiday: Holiday
}

extension HolidayRegion {
    /// The first year whose holidays are known: since 1995 the Day of Repentance is kept in Saxony alone.
    public static let firstYear = 1995
    /// The last year that is computed; no deadline of a trade comes near it.
    public static let lastYear = 9_999

    /// The region's public holidays of a year, in order of date; none outside ``firstYear`` to ``lastYear``.
    ///
    /// Left out, because they are not the whole state's: the peace festival of Augsburg, Assumption Day in the
    /// mostly Catholic municipalities of Bavaria, Corpus Christi in single municipalities of Saxony and
    /// Thuringia. Left out too, because no working week but one with Sundays would notice: that Hesse
    /// counts every Sunday among its holidays.
    public func holidays(in year: Int) -> [HolidayDate] {
        guard (Self.firstYear...Self.lastYear).contains(year) else { return [] }
        let easter = CivilDate(easterSundayOf: year).daysSinceEpoch
        var found: [HolidayDate] = []
        for law in HolidayLaw.all where law.years.contains(year) && isAmong(law.keepers) {
            found.append(HolidayDate(date: law.day.date(in: year, easter: easter), holiday: law.holiday))
        }
        // Two may fall on one day, as Ascension Day and Labour Day did in 2008.
        return found.sorted { ($0.date, $0.holiday.rawValue) < ($1.date, $1.holiday.rawValue) }
    }

    /// The public holidays that fall on a day; more than one where two coincide.
    public func holidays(on date: CivilDate) -> [Holiday] {
        guard isHoliday(date) else { return [] }
        return holidays(in: date.year).filter { $0.date == date }.map(\.holiday)
    }

    /// Whether a public holiday falls on a day.
    public func isHoliday(_ date: CivilDate) -> Bool {
        guard self != .none, (Self.firstYear...Self.lastYear).contains(date.year) else { return false }
        let easter = CivilDate(easterSundayOf: date.year).daysSinceEpoch
        for law in HolidayLaw.all where law.years.contains(date.year) {
            if law.day.date(in: date.year, easter: easter) == date, isAmong(law.keepers) { return true }
        }
        return false
    }
}

/// Since when, until when, where and on which day a holiday is kept.
private struct HolidayLaw {
    let holiday: Holiday
    let day: Day
    let keepers: HolidayRegion.Keepers
    let years: ClosedRange<Int>

    enum Day {
        case fixed(month: Int, day: Int)
        /// So many days after Easter Sunday.
        case easter(Int)
        /// The Wednesday before 23 November: eleven days before the first Sunday of Advent.
        case repentance

        func date(in year: Int, easter: Int) -> CivilDate {
            switch self {
            case .fixed(let month, let day): return CivilDate(year: year, month: month, day: day)
            case .easter(let offset): return CivilDate(daysSinceEpoch: easter + offset)
            case .repentance:
                let latest = CivilDate(year: year, month: 11, day: 22)
                let wednesday = 3
                return CivilDate(
                    daysSinceEpoch: latest.daysSinceEpoch - (latest.weekday + 7 - wednesday) % 7)
            }
        }
    }

    init(
        _ holiday: Holiday, _ day: Day, _ keepers: HolidayRegion.Keepers = .nationwide,
        _ years: ClosedRange<Int> = HolidayRegion.firstYear...HolidayRegion.lastYear
    ) {
        self.holiday = holiday
        self.day = day
        self.keepers = keepers
        self.years = years
    }

    private static let corpusChristiStates: [HolidayRegion] = [
        .badenWuerttemberg, .bavaria, .hesse, .northRhineWestphalia, .rhinelandPalatinate, .saarland,
    ]
    private static let allSaintsStates: [HolidayRegion] = [
        .badenWuerttemberg, .bavaria, .northRhineWestphalia, .rhinelandPalatinate, .saarland,
    ]
    private static let reformationStates: [HolidayRegion] = [
        .brandenburg, .mecklenburgWesternPomerania, .saxony, .saxonyAnhalt, .thuringia,
    ]
    /// They joined after the anniversary of 2017 had been kept everywhere.
    private static let laterReformationStates: [HolidayRegion] = [
        .bremen, .hamburg, .lowerSaxony, .schleswigHolstein,
    ]

    /// The holiday acts of the sixteen states, as in force in 2026, with their changes since 1995.
    static let all: [HolidayLaw] = [
        HolidayLaw(.newYear, .fixed(month: 1, day: 1)),
        HolidayLaw(
            .epiphany, .fixed(month: 1, day: 6), .states([.badenWuerttemberg, .bavaria, .saxonyAnhalt])),
        HolidayLaw(.womensDay, .fixed(month: 3, day: 8), .states([.berlin]), 2019...HolidayRegion.lastYear),
        HolidayLaw(
            .womensDay, .fixed(month: 3, day: 8), .states([.mecklenburgWesternPomerania]),
            2023...HolidayRegion.lastYear),
        HolidayLaw(.goodFriday, .easter(-2)),
        HolidayLaw(.easterSunday, .easter(0), .states([.brandenburg])),
        HolidayLaw(.easterMonday, .easter(1)),
        HolidayLaw(.labourDay, .fixed(month: 5, day: 1)),
        HolidayLaw(.liberationDay, .fixed(month: 5, day: 8), .states([.berlin]), 2020...2020),
        HolidayLaw(.liberationDay, .fixed(month: 5, day: 8), .states([.berlin]), 2025...2025),
        HolidayLaw(.ascension, .easter(39)),
        HolidayLaw(.whitSunday, .easter(49), .states([.brandenburg])),
        HolidayLaw(.whitMonday, .easter(50)),
        HolidayLaw(.corpusChristi, .easter(60), .states(corpusChristiStates)),
        HolidayLaw(.uprisingOf1953, .fixed(month: 6, day: 17), .states([.berlin]), 2028...2028),
        HolidayLaw(.assumption, .fixed(month: 8, day: 15), .states([.saarland])),
        HolidayLaw(
            .childrensDay, .fixed(month: 9, day: 20), .states([.thuringia]), 2019...HolidayRegion.lastYear),
        HolidayLaw(.germanUnity, .fixed(month: 10, day: 3)),
        HolidayLaw(.reformation, .fixed(month: 10, day: 31), .nationwide, 2017...2017),
        HolidayLaw(
            .reformation, .fixed(month: 10, day: 31), .states(reformationStates),
            HolidayRegion.firstYear...2016),
        HolidayLaw(
            .reformation, .fixed(month: 10, day: 31), .states(reformationStates + laterReformationStates),
            2018...HolidayRegion.lastYear),
        HolidayLaw(.allSaints, .fixed(month: 11, day: 1), .states(allSaintsStates)),
        HolidayLaw(.repentance, .repentance, .states([.saxony])),
        HolidayLaw(.christmas, .fixed(month: 12, day: 25)),
        HolidayLaw(.secondChristmas, .fixed(month: 12, day: 26)),
    ]
}

extension CivilDate {
    /// Easter Sunday by the Gregorian computus (Meeus, "Astronomical Algorithms", ch. 8), for years from 1583 on.
    public init(easterSundayOf year: Int) {
        let lunarYear = year % 19
        let century = year / 100
        let yearOfCentury = year % 100
        let lunarCorrection = (century - (century + 8) / 25 + 1) / 3
        let epact = (19 * lunarYear + century - century / 4 - lunarCorrection + 15) % 30
        let weekdayShift = (32 + 2 * (century % 4) + 2 * (yearOfCentury / 4) - epact - yearOfCentury % 4) % 7
        let exception = (lunarYear + 11 * epact + 22 * weekdayShift) / 451
        let sum = epact + weekdayShift - 7 * exception + 114
        self.init(year: year, month: sum / 31, day: sum % 31 + 1)
    }
}
