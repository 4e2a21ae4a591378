/// Where a marketplace's clocks stand: a fixed offset, and whether European summer time is added to it.
///
/// Computed from the rule itself (directive 2000/84/EC), because a zone database that changes under a running
/// installation would change what a replay decides.
public struct LocalZone: Hashable, Sendable {
    /// Minutes east of UTC in winter.
    public var minutes: Int32
    /// One hour more from the last Sunday of March to the last Sunday of October, both at 01:00 UTC.
    public var summerTime: Bool

    public init(minutes: Int32, summerTime: Bool) {
        self.minutes = minutes
        self.summerTime = summerTime
    }

    /// What is to be added to UTC at `instant`.
    public func offset(at instant: Instant) -> Duration64 {
        .minutes(Int64(minutes) + (isSummer(instant) ? 60 : 0))
    }

    /// The day and the microseconds since midnight that a clock on the wall shows at `instant`.
    public func wall(_ instant: Instant) -> (date: CivilDate, microseconds: Int64) {
        (instant + offset(at: instant)).utcDay
    }

    /// The instant at which a wall clock shows midnight at the beginning of `date`.
    public func start(of date: CivilDate) -> Instant {
        let midnight = Instant(startOf: date)
        let inWinter = midnight - .minutes(Int64(minutes))
        let inSummer = inWinter - .minutes(60)
        return isSummer(inSummer) ? inSummer : inWinter
    }

    private func isSummer(_ instant: Instant) -> Bool {
        guard summerTime else { return false }
        let year = instant.utcDay.date.year
        return instant >= Self.change(year, month: 3) && instant < Self.change(year, month: 10)
    }

    /// 01:00 UTC on the last Sunday of a month that has 31 days.
    private static func change(_ year: Int, month: Int) -> Instant {
        let last = CivilDate(year: year, month: month, day: 31)
        let sunday = CivilDate(daysSinceEpoch: last.daysSinceEpoch - last.weekday % 7)
        return Instant(startOf: sunday) + .hours(1)
    }
}
