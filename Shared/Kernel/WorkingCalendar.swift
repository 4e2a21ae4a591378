import Wire

/// Which days count where a rule says "working days" (C3, C4): the marketplace's week, holidays and clock.
///
/// A record, so that a policy can hold it: what began under a version of the policy keeps its calendar.
public struct WorkingCalendar: Record, Hashable {
    public var week = Weekdays.mondayToSaturday
    public var region = HolidayRegion.none
    /// Minutes east of UTC in winter.
    public var zoneMinutes: Int32 = 60
    /// Whether European summer time applies.
    public var summerTime = true

    public init() {}
    public init(week: Weekdays, region: HolidayRegion, zone: LocalZone) {
        self.week = week
        self.region = region
        zoneMinutes = zone.minutes
        summerTime = zone.summerTime
    }
    public mutating func fields(_ visit: inout some FieldVisitor) throws(WireError) {
        try visit.field("week", &week)
        try visit.field("region", &region)
        try visit.field("zoneMinutes", &zoneMinutes)
        try visit.field("summerTime", &summerTime)
    }

    /// The clock on the marketplace's wall.
    public var zone: LocalZone { LocalZone(minutes: zoneMinutes, summerTime: summerTime) }

    /// Nothing if the calendar can be counted with; else what is wrong.
    public var fault: String? {
        if week.isEmpty { return "week: at least one day" }
        return abs(Int64(zoneMinutes)) > 14 * 60 ? "zoneMinutes: within 14 hours" : nil
    }

    /// Whether the day belongs to the working week and is no public holiday.
    public func isWorkingDay(_ date: CivilDate) -> Bool {
        week.contains(weekday: date.weekday) && !region.isHoliday(date)
    }

    /// The end of a term of so many working days that an event begins, such as "within 7 working days".
    ///
    /// The day of the event does not count, whatever its hour and whether or not it is a working day; the term
    /// ends with the end of its last working day (§§ 187 (1), 188 (1) BGB). The instant that is returned is the
    /// first one after that day, midnight on the marketplace's wall: what happens before it is in time, and a
    /// timer set to it finds the term over. Around the change to or from summer time the term is an hour shorter
    /// or longer in hours, never in days. Zero working days end with the day of the event.
    ///
    /// ``Instant/distantFuture``, or the event if that is later, where the calendar has no working day (``fault``)
    /// or the event itself is further away than any deadline, in the future or the past.
    public func adding(workingDays count: UInt8, to event: Instant) -> Instant {
        guard event.microseconds.magnitude < Instant.distantFuture.microseconds.magnitude,
            let last = day(count, workingDaysAfter: zone.wall(event).date)
        else { return max(event, .distantFuture) }
        return zone.start(of: CivilDate(daysSinceEpoch: last.daysSinceEpoch + 1))
    }

    /// The day that is so many working days after `date`, which itself does not count; `date` for zero.
    ///
    /// Nothing if the calendar has no working day.
    public func day(_ count: UInt8, workingDaysAfter date: CivilDate) -> CivilDate? {
        var day = date
        for _ in 0..<count {
            guard let next = nextWorkingDay(after: day) else { return nil }
            day = next
        }
        return day
    }

    /// The first working day after `date`; nothing if there is none within ``longestPause``.
    public func nextWorkingDay(after date: CivilDate) -> CivilDate? {
        for offset in 1...Self.longestPause {
            let day = CivilDate(daysSinceEpoch: date.daysSinceEpoch + offset)
            if isWorkingDay(day) { return day }
        }
        return nil
    }

    /// Days within which every week that is not empty has a working day.
    ///
    /// The worst is a week of one day that Christmas and New Year take twice in a row: 21 days.
    public static let longestPause = 28
}
