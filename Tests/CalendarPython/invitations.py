"""Reads the e-mails that the Swift tests hold the house to, as a calendar program would.

The packages `email` and `icalendar` know nothing of the house; the expected values stand here once more, by hand.
"""

import datetime
import email
import email.policy
import pathlib

import icalendar

HERE = pathlib.Path(__file__).parent
UTC = datetime.timezone.utc
DESCRIPTION = (
    "Erstgespräch, mit „Ada“; C:\\Pfad\nТелефон: +49 30 1234567 🤝\n\n" + "Встреча по проекту — 100 %; " * 12
)
LOCATION = "https://meet.example.org/a;b,c?d=1"
EXPECTED = {
    "proposed": ("REQUEST", "TENTATIVE", 0, datetime.datetime(2026, 3, 2, 9, tzinfo=UTC), None, None),
    "accepted": ("REQUEST", "CONFIRMED", 1, datetime.datetime(2026, 3, 3, 5, tzinfo=UTC), DESCRIPTION, LOCATION),
    "cancelled": ("CANCEL", "CANCELLED", 2, datetime.datetime(2026, 3, 3, 15, tzinfo=UTC), DESCRIPTION, LOCATION),
}


def same(found, expected, what):
    if found != expected:
        raise SystemExit(f"{what}: expected {expected!r}, found {found!r}")


def check(name):
    method, status, sequence, stamp, description, location = EXPECTED[name]
    content = (HERE / f"{name}.eml").read_bytes()
    same(max(map(len, content.split(b"\r\n"))) <= 78, True, f"{name}: line length")
    message = email.message_from_bytes(content, policy=email.policy.default)
    same(len(message.defects), 0, f"{name}: {message.defects}")
    same(message.get_content_type(), "multipart/mixed", f"{name}: type")
    alternative, file = message.iter_parts()
    same(alternative.get_content_type(), "multipart/alternative", f"{name}: first part")
    text, calendar = alternative.iter_parts()
    same(text.get_content(), "Hallo Ada,\r\n\r\nanbei der Termin.\r\n--=_gavel.mixed--\r\n", f"{name}: text")
    same(calendar.get_content_type(), "text/calendar", f"{name}: calendar")
    same(dict(calendar["content-type"].params), {"charset": "utf-8", "method": method, "component": "VEVENT"}, name)
    same(file.get_content_type(), "application/ics", f"{name}: file")
    same((file.get_content_disposition(), file.get_filename()), ("attachment", "invite.ics"), f"{name}: file")
    data = calendar.get_payload(decode=True)
    same(file.get_payload(decode=True), data, f"{name}: the file's content")
    for line in data.split(b"\r\n"):
        line.decode("utf-8")
        same(len(line) <= 75 and b"\n" not in line and b"\r" not in line, True, f"{name}: {line!r}")

    calendars = icalendar.Calendar.from_ical(data, multiple=True)
    same(len(calendars), 1, f"{name}: calendars")
    same(list(calendars[0].errors), [], f"{name}: errors")
    same(
        {key: str(value) for key, value in calendars[0].items()},
        {"PRODID": "-//Gavel//Marketplace//EN", "VERSION": "2.0", "CALSCALE": "GREGORIAN", "METHOD": method},
        f"{name}: calendar",
    )
    (event,) = calendars[0].subcomponents
    same((event.name, list(event.errors)), ("VEVENT", []), f"{name}: component")
    same(str(event["UID"]), "application.257@gavel.localhost", f"{name}: UID")
    same((int(event["SEQUENCE"]), str(event["STATUS"])), (sequence, status), f"{name}: version")
    same(event["DTSTAMP"].dt, stamp, f"{name}: DTSTAMP")
    same(event["DTSTART"].dt, datetime.datetime(2026, 3, 4, 13, tzinfo=UTC), f"{name}: DTSTART")
    same(event["DTEND"].dt, datetime.datetime(2026, 3, 4, 13, 30, tzinfo=UTC), f"{name}: DTEND")
    same(str(event["SUMMARY"]), "Vorgespräch: Solaranlage, 12 kWp; Köln", f"{name}: SUMMARY")
    same(event.get("DESCRIPTION"), description, f"{name}: DESCRIPTION")
    same(event.get("LOCATION"), location, f"{name}: LOCATION")
    same(str(event["ORGANIZER"]), "mailto:no-reply@gavel.localhost", f"{name}: ORGANIZER")
    same(event["ORGANIZER"].params["CN"], 'Capa "C" & Co; Ltd: A, B ^', f"{name}: ORGANIZER")
    ada, grace = event["ATTENDEE"]
    common = {"CUTYPE": "INDIVIDUAL"}
    same(str(ada), "mailto:ada+x@example.org", f"{name}: ATTENDEE")
    same(
        dict(ada.params),
        common | {"ROLE": "REQ-PARTICIPANT", "PARTSTAT": "ACCEPTED", "RSVP": "FALSE", "CN": 'Löwe, "Ada" ^'},
        f"{name}: ATTENDEE",
    )
    same(str(grace), "mailto:grace@example.org", f"{name}: ATTENDEE")
    same(
        dict(grace.params),
        common | {"ROLE": "OPT-PARTICIPANT", "PARTSTAT": "NEEDS-ACTION", "RSVP": "TRUE"},
        f"{name}: ATTENDEE",
    )
    same(len(event), 11 if description else 9, f"{name}: properties {sorted(event)}")


for name in EXPECTED:
    check(name)
print(f"{len(EXPECTED)} e-mails with calendar objects read as they were meant")
