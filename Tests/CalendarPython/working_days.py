"""Writes or checks what the Swift tests hold the working calendar against.

holidays.txt is what the package `holidays` says of each German state; deadlines.txt counts working days with it, on
the zone database's clock of Berlin. Neither has anything in common with the house's own computation.
"""

import datetime
import pathlib
import sys
import zoneinfo

import holidays

HERE = pathlib.Path(__file__).parent
STATES = ["BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH"]
YEARS = range(1995, 2061)
BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
DAY = datetime.timedelta(days=1)


def kept_by():
    """The days on which somebody keeps a holiday, each with the states that do."""
    days = {}
    for state in STATES:
        for day in holidays.Germany(subdiv=state, years=YEARS):
            days.setdefault(day, []).append(state)
    return days


def holiday_lines():
    for day, states in sorted(kept_by().items()):
        yield f"{day} {'all' if states == STATES else ' '.join(states)}"


def draws(seed):
    """Numbers that are the same with every version of Python (Lehmer, 1951; Park and Miller, 1988)."""
    while True:
        seed = seed * 48271 % 2147483647
        yield seed


def deadline_lines():
    """State, days of the week, working days, event, first instant after the term."""
    days = kept_by()
    nationwide = {day for day, states in days.items() if states == STATES}
    draw = draws(20260302)
    # From 1996 on summer time has ended in October.
    first, last = datetime.date(1996, 1, 1), datetime.date(2059, 12, 1)
    for _ in range(400):
        state = (STATES + ["all"])[next(draw) % 17]
        kept = nationwide if state == "all" else {day for day, states in days.items() if state in states}
        week = 5 + next(draw) % 2
        count = next(draw) % 26
        date = first + next(draw) % ((last - first).days) * DAY
        wall = datetime.datetime.combine(date, datetime.time(), BERLIN)
        event = datetime.datetime.fromtimestamp(wall.timestamp() + next(draw) % 82800, datetime.timezone.utc)
        day, left = event.astimezone(BERLIN).date(), count
        while left:
            day += DAY
            left -= day.weekday() < week and day not in kept
        end = datetime.datetime.combine(day + DAY, datetime.time(), BERLIN).astimezone(datetime.timezone.utc)
        yield f"{state} {week} {count} {event:%Y-%m-%dT%H:%M:%SZ} {end:%Y-%m-%dT%H:%M:%SZ}"


def main():
    stale = []
    for name, lines in [("holidays.txt", holiday_lines()), ("deadlines.txt", deadline_lines())]:
        text = "\n".join(lines) + "\n"
        if "--write" in sys.argv:
            (HERE / name).write_text(text)
        elif (HERE / name).read_text() != text:
            stale.append(name)
        print(f"{name}: {text.count(chr(10))} lines")
    if stale:
        sys.exit(f"stale: {', '.join(stale)}; Tests/CalendarPython/run --write writes them anew")


main()
