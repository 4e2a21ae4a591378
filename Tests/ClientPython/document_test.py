#!/usr/bin/env python3
"""Checks protocol.md against itself and against the golden bytes: usage document_test.py [REPOSITORY].

Every example among the values, every message in Tests/Vectors, and every frame of the annotated session is
read by the tables of protocol.md, and written again to the same bytes. Needs no server.
"""

import datetime
import json
import pathlib
import re
import sys

from checks import Checks
from gavel_client import PREFIX, Protocol, ProtocolError, frame, parse_frame

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


class View:
    """The JSON view of chapter 15, both ways."""

    def __init__(self, protocol):
        self.protocol = protocol

    def show(self, type_, value):
        if type_.startswith("optional "):
            return None if value is None else self.show(type_[9:], value)
        if type_.startswith("list of "):
            return [self.show(type_[8:], entry) for entry in value]
        if type_ == "bytes":
            return value.hex()
        if type_ == "instant":
            return self.instant(value)
        if type_ in self.protocol.fields:
            return {
                field: self.show(inner, value[field]) for field, inner, _ in self.protocol.fields[type_]}
        return value

    @staticmethod
    def instant(microseconds):
        try:
            moment = EPOCH + datetime.timedelta(microseconds=microseconds)
        except OverflowError:
            return microseconds
        return moment.replace(tzinfo=None).isoformat() + "Z"


def check_values(protocol, view, checks):
    """The examples of chapter 3."""
    chapter = protocol.text.split("## 3 Values")[1].split("## 4 ")[0]
    examples = re.findall(r"\| ((?:list of |optional )?[A-Za-z0-9 ]+) `([^`]+)` \| `([0-9a-f]+)` \|", chapter)
    checks.check("chapter 3 has examples", len(examples) > 20, len(examples))
    for type_, shown, digits in examples:
        name = f"{type_} {shown}"
        value, rest = protocol._read_value(type_, 256, bytes.fromhex(digits))
        checks.check(name, view.show(type_, value) == json.loads(shown) and not rest, value)
        checks.check(name + " written", protocol._write(type_, value).hex() == digits)


def check_messages(protocol, view, checks, folder):
    """The golden bytes of every message that protocol.md describes."""
    for name in sorted(protocol.codes):
        path = folder / f"{name}.hex"
        checks.check(f"{name} has golden bytes", path.exists())
        if not path.exists():
            continue
        title, *lines = path.read_text(encoding="utf-8").splitlines()
        checks.check(f"{name}'s code", title == f"{name} {protocol.codes[name]:#06x}", title)
        for head, digits in zip(lines[::2], lines[1::2]):
            check_message(protocol, view, checks, name, head, digits)


def check_message(protocol, view, checks, name, head, digits):
    shown = json.loads(head.split(" ", 1)[1])
    body = b"" if digits == "(empty)" else bytes.fromhex(digits)
    try:
        values = protocol.decode(name, body)
    except (ProtocolError, KeyError) as error:
        return checks.check(f"{name} read", False, repr(error))
    checks.check(f"{name} read", view.show(name, values) == shown, (view.show(name, values), shown))
    checks.check(f"{name} written", protocol.encode(name, values) == body)
    for end in range(len(body)):
        try:
            protocol.decode(name, body[:end])
            checks.check(f"{name} cut at {end} refused", False)
        except (ProtocolError, UnicodeDecodeError):
            pass


def check_session(protocol, checks):
    """The annotated session of chapter 13: whole frames, each byte accounted for."""
    chapter = protocol.text.split("## 13 ")[1].split("## 14 ")[0].split("\n\n", 1)[1]
    sections = re.findall(r"^`([<>])` (\w+).*?\n```\n(.*?)```", chapter, re.M | re.S)
    checks.check("chapter 13 has frames", len(sections) >= 8, len(sections))
    for direction, name, block in sections:
        digits = "".join(line.split("  ")[0] for line in block.splitlines())
        data = bytes.fromhex(digits)
        length = PREFIX.unpack(data[:4])[0]
        checks.check(f"the session's {name} has its length", length == len(data) - 4, length)
        flags, code, correlation, body = parse_frame(data[4:])
        checks.check(f"the session's {name} has its code", code == protocol.codes[name])
        checks.check(f"the session's {name} goes its way", bool(flags & 32) == (direction == "<"))
        checks.check(
            f"the session's {name} is read",
            protocol.encode(name, protocol.decode(name, body)) == body)


def check_codec(checks):
    """A frame is its length, its header, and its parts."""
    data = frame(0x0103, b"\xff", correlation=2, time_left=3, key=bytes(range(16)))
    checks.check(
        "a frame", data.hex() == "21000000" "01" "01" "0301" "0200000000000000" "03000000"
        "000102030405060708090a0b0c0d0e0f" "ff", data.hex())


def main():
    top = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parents[2])
    protocol = Protocol(top / "protocol.md")
    checks = Checks()
    view = View(protocol)
    check_codec(checks)
    check_values(protocol, view, checks)
    check_messages(protocol, view, checks, top / "Tests/Vectors")
    check_session(protocol, checks)
    return checks.finish()


if __name__ == "__main__":
    sys.exit(main())
