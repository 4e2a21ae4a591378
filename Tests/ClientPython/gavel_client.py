"""A client of Gavel, written from protocol.md alone, with nothing but the standard library.

The message tables are not typed again here: `Protocol` reads them out of protocol.md, so that a document that
leaves something out, or has something wrong, fails here.
"""

import os
import re
import socket
import ssl
import struct
import time

KEY, TRACE, ACTING, STREAM, COMPRESSED, ANSWER = 1, 2, 4, 8, 16, 32
HEADER = struct.Struct("<BBHQI")
PREFIX = struct.Struct("<I")
VERSION = 1


class ProtocolError(Exception):
    """Bytes that are not what protocol.md says."""


class Refused(Exception):
    """The house refused a request."""

    def __init__(self, refusal):
        super().__init__(
            f"{refusal['reason']}: expected {refusal['expected']!r}, found {refusal['found']!r}")
        self.reason = refusal["reason"]
        self.refusal = refusal


class Closed(Exception):
    """The house closed the connection."""


class Protocol:
    """The messages, records and enumerations that protocol.md describes, and their encoding."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            self.text = file.read()
        self.fields = {}  # name: [(field, type, limit)]
        self.codes = {}  # message name: code
        self.names = {}  # code: message name
        self.kinds = {}  # message name: command, query, answer, ...
        self.answers = {}  # request name: answer name
        self.enumerations = {}  # name: {number: case}
        self._read()

    def _read(self):
        parts = re.findall(r"<!-- generated:(.+?) -->\n(.*?)\n?<!-- /generated -->", self.text, re.S)
        for name, part in parts:
            if name == "enumerations":
                self._read_enumerations(part)
            elif name == "between services":
                for inner, body in re.findall(r"\*\*(\w+)\*\* (.*?)(?=\n\*\*|\Z)", part, re.S):
                    self._read_message(inner, body)
            elif name not in ("index", "limits", "errors"):
                self._read_message(name, part)

    def _read_enumerations(self, part):
        for name, cases in re.findall(r"^\| (\w+) \| (\d.*?) \|$", part, re.M):
            pairs = (case.split(" ", 1) for case in cases.split(", "))
            self.enumerations[name] = {int(number): case for number, case in pairs}

    def _read_message(self, name, part):
        head = re.match(r"`0x([0-9a-f]{4})` · ([a-z ]+)", part)
        if head:
            self.codes[name] = int(head.group(1), 16)
            self.names[self.codes[name]] = name
            self.kinds[name] = head.group(2).strip()
            answer = re.search(r"answered by \[(\w+)\]", part)
            if answer:
                self.answers[name] = answer.group(1)
        rows = re.findall(r"^\| `(\w+)` \| ([^|]+?) \| ([^|]*?) \| [^|]*\|$", part, re.M)
        self.fields[name] = [
            (field, type_, int(limit.split()[0]) if limit.strip() else 256) for field, type_, limit in rows]

    # Encoding

    def encode(self, name, values):
        """The bytes of a message or record. Fields that `values` leaves out are empty, zero or absent."""
        unknown = set(values) - {field for field, _, _ in self.fields[name]}
        if unknown:
            raise ProtocolError(f"{name} has no field {', '.join(sorted(unknown))}")
        return b"".join(
            self._write(type_, values.get(field, self.default(type_)))
            for field, type_, _ in self.fields[name])

    def default(self, type_):
        if type_.startswith("optional "):
            return None
        if type_.startswith("list of ") or type_ == "roles":
            return []
        if type_ in ("text", "personal text", "currency"):
            return ""
        if type_ == "bytes":
            return b""
        if type_ == "bool":
            return False
        if type_ == "money":
            return {"minor": 0, "currency": ""}
        if type_ in self.enumerations:
            return self.enumerations[type_][min(self.enumerations[type_])]
        if type_ in self.fields:
            return {}
        return 0

    def _write(self, type_, value):
        if type_.startswith("optional "):
            return b"\x00" if value is None else b"\x01" + self._write(type_[9:], value)
        if type_.startswith("list of "):
            return PREFIX.pack(len(value)) + b"".join(self._write(type_[8:], entry) for entry in value)
        if type_ == "text":
            encoded = value.encode()
            return PREFIX.pack(len(encoded)) + encoded
        if type_ == "bytes":
            return PREFIX.pack(len(value)) + value
        if type_ == "bool":
            return b"\x01" if value else b"\x00"
        if type_ == "personal text":
            if isinstance(value, dict):
                return struct.pack("<QI", value["key"], len(value["bytes"])) + value["bytes"]
            encoded = value.encode()
            return struct.pack("<QI", 0, len(encoded)) + encoded
        if type_ == "currency":
            return value.encode() if value else b"\x00\x00\x00"
        if type_ == "money":
            return struct.pack("<q", value["minor"]) + self._write("currency", value["currency"])
        if type_ == "roles":
            return bytes([sum(1 << ("seller", "buyer", "operator", "switch").index(role) for role in value)])
        if type_ in self.enumerations:
            for number, case in self.enumerations[type_].items():
                if case == value:
                    return bytes([number])
            raise ProtocolError(f"{type_} has no case {value}")
        if type_ in self.fields:
            return self.encode(type_, value)
        return struct.pack("<" + self._number(type_), value)

    @staticmethod
    def _number(type_):
        numbers = {
            "u8": "B", "u16": "H", "u32": "I", "u64": "Q", "i32": "i", "i64": "q",
            "instant": "q", "duration": "q", "basis points": "i", "MarketplaceID": "I"}
        if type_ in numbers:
            return numbers[type_]
        if type_.endswith("ID"):
            return "Q"
        raise ProtocolError(f"protocol.md does not say what '{type_}' is")

    # Decoding

    def decode(self, name, body):
        values, rest = self._read_record(name, body)
        if rest:
            raise ProtocolError(f"{name}: {len(rest)} bytes too many")
        return values

    def _read_record(self, name, body):
        values = {}
        for field, type_, limit in self.fields[name]:
            values[field], body = self._read_value(type_, limit, body)
        return values, body

    def _read_value(self, type_, limit, body):
        if type_.startswith("optional "):
            flag, body = self._read_value("bool", 0, body)
            return self._read_value(type_[9:], limit, body) if flag else (None, body)
        if type_.startswith("list of "):
            count, body = self._length(body, limit)
            entries = []
            for _ in range(count):
                entry, body = self._read_value(type_[8:], 256, body)
                entries.append(entry)
            return entries, body
        if type_ == "text":
            count, body = self._length(body, limit)
            encoded, body = take(body, count)
            return encoded.decode(), body
        if type_ == "bytes":
            count, body = self._length(body, limit)
            return take(body, count)
        if type_ == "bool":
            flag, body = take(body, 1)
            if flag[0] > 1:
                raise ProtocolError(f"a bool of {flag[0]}")
            return flag[0] == 1, body
        if type_ == "personal text":
            key, body = self._read_value("u64", 0, body)
            if key == 0:
                return self._read_value("text", limit, body)
            sealed, body = self._read_value("bytes", limit + 64, body)
            return {"key": key, "bytes": sealed}, body
        if type_ == "currency":
            letters, body = take(body, 3)
            return ("" if letters == b"\x00\x00\x00" else letters.decode("ascii")), body
        if type_ == "money":
            minor, body = self._read_value("i64", 0, body)
            currency, body = self._read_value("currency", 0, body)
            return {"minor": minor, "currency": currency}, body
        if type_ == "roles":
            bits, body = take(body, 1)
            if bits[0] > 15:
                raise ProtocolError(f"roles of {bits[0]}")
            roles = ("seller", "buyer", "operator", "switch")
            return [role for bit, role in enumerate(roles) if bits[0] >> bit & 1], body
        if type_ in self.enumerations:
            number, body = take(body, 1)
            if number[0] not in self.enumerations[type_]:
                raise ProtocolError(f"{type_} has no case {number[0]}")
            return self.enumerations[type_][number[0]], body
        if type_ in self.fields:
            return self._read_record(type_, body)
        code = struct.Struct("<" + self._number(type_))
        encoded, body = take(body, code.size)
        return code.unpack(encoded)[0], body

    @staticmethod
    def _length(body, limit):
        encoded, body = take(body, 4)
        count = PREFIX.unpack(encoded)[0]
        if count > limit:
            raise ProtocolError(f"a length of {count}, more than {limit}")
        return count, body


def take(body, count):
    if count > len(body):
        raise ProtocolError(f"expected {count} bytes, found {len(body)}")
    return body[:count], body[count:]


def frame(code, body=b"", correlation=0, flags=0, time_left=0, key=None, version=VERSION):
    """A whole frame; `key` is 16 bytes."""
    if key is not None:
        flags |= KEY
    content = HEADER.pack(version, flags, code, correlation, time_left) + (key or b"") + body
    return PREFIX.pack(len(content)) + content


def parse_frame(content):
    """What follows a length prefix, as (flags, code, correlation, body)."""
    fixed, rest = take(content, HEADER.size)
    version, flags, code, correlation, _ = HEADER.unpack(fixed)
    if version != VERSION:
        raise ProtocolError(f"version {version}")
    if flags & ~0x3F or flags & COMPRESSED:
        raise ProtocolError(f"flags {flags:#x}")
    for flag, size in ((KEY, 16), (TRACE, 24), (ACTING, 21), (STREAM, 8)):
        if flags & flag:
            _, rest = take(rest, size)
    return flags, code, correlation, rest


class Connection:
    """One TLS connection to a gateway. Requests may be pipelined; answers come in any order."""

    def __init__(self, protocol, host, port, authority, timeout=20):
        self.protocol = protocol
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.minimum_version = ssl.TLSVersion.TLSv1_3
        context.set_alpn_protocols(["gavel/1"])
        context.load_verify_locations(authority)
        plain = socket.create_connection((host, port), timeout)
        self.socket = context.wrap_socket(plain, server_hostname=host)
        if self.socket.selected_alpn_protocol() != "gavel/1":
            raise ProtocolError("the house does not speak gavel/1")
        self.received = b""
        self.correlation = 0
        self.answers = {}
        self.pushes = []
        self.house_time = 0
        self.told_at = 0.0

    def close(self):
        self.socket.close()

    # Frames

    def send(self, data):
        try:
            self.socket.sendall(data)
        except OSError as error:
            raise Closed(str(error)) from error

    def receive(self):
        """The next frame, as (flags, code, correlation, body)."""
        length = PREFIX.unpack(self._bytes(PREFIX.size))[0]
        return parse_frame(self._bytes(length))

    def _bytes(self, count):
        while len(self.received) < count:
            try:
                more = self.socket.recv(65536)
            except ssl.SSLEOFError as error:
                raise Closed("without a word") from error
            except ConnectionError as error:
                raise Closed(str(error)) from error
            if not more:
                raise Closed("closed by the house")
            self.received += more
        taken, self.received = self.received[:count], self.received[count:]
        return taken

    # Requests

    def hello(self, agent="gavel_client.py"):
        values = {"newest": VERSION, "oldest": VERSION, "compression": False, "agent": agent}
        welcome = self.call("Hello", values)
        self.house_time, self.told_at = welcome["now"], time.monotonic()
        return welcome

    def key(self):
        """A new idempotency key: the house's time, then chance."""
        now = self.house_time + int((time.monotonic() - self.told_at) * 1_000_000)
        return struct.pack(">Q", max(now, 0)) + os.urandom(8)

    def start(self, name, values=None, key=None, time_left=0):
        """Sends a request without waiting for its answer; returns its correlation."""
        self.correlation += 1
        if key is None and self.protocol.kinds[name] == "command":
            key = self.key()
        body = self.protocol.encode(name, values or {})
        self.send(frame(self.protocol.codes[name], body, self.correlation, time_left=time_left, key=key))
        return self.correlation

    def finish(self, correlation):
        """Waits for one answer; keeps others, and what is pushed."""
        while correlation not in self.answers:
            flags, code, found, body = self.receive()
            if not flags & ANSWER or code not in self.protocol.names:
                raise ProtocolError(f"flags {flags:#x}, message {code:#06x}")
            name = self.protocol.names[code]
            values = self.protocol.decode(name, body)
            if found == 0 and name != "Refusal":
                self.pushes.append((name, values))
            else:
                self.answers[found] = (name, values)
        name, values = self.answers.pop(correlation)
        if name == "Refusal":
            raise Refused(values)
        return name, values

    def call(self, name, values=None, key=None, time_left=0):
        answer, found = self.finish(self.start(name, values, key, time_left))
        if answer != self.protocol.answers.get(name, "Welcome"):
            raise ProtocolError(f"{name} was answered by {answer}")
        return found

    def next_push(self):
        """Waits for what the house says unasked."""
        while not self.pushes:
            flags, code, correlation, body = self.receive()
            name = self.protocol.names[code]
            values = self.protocol.decode(name, body)
            if correlation:
                self.answers[correlation] = (name, values)
            else:
                self.pushes.append((name, values))
        return self.pushes.pop(0)
