#!/usr/bin/env python3
"""Seeds for the fuzz targets, made from the golden vectors in Tests/Vectors.

    seeds.py FOLDER               writes FOLDER/TARGET/NAME for every target
    seeds.py --new SEEDS FROM TO  copies to TO what is in FROM and not in SEEDS, smallest first, 60 kB at most
"""
import hashlib
import json
import pathlib
import struct
import sys

VECTORS = pathlib.Path(__file__).resolve().parent.parent / "Vectors"
LONGEST = 4096
MOST_KEPT = 60_000
CSV = "auction,item,days,opening_bid,bidder,bid,at_days,final_price\n"


def vectors():
    """(name, code, JSON, body) of every golden vector."""
    for path in sorted(VECTORS.glob("*.hex")):
        lines = path.read_text().splitlines()
        words = lines[0].split()
        code = int(words[1], 16) if len(words) > 1 else None
        for head, digits in zip(lines[1::2], lines[2::2]):
            body = b"" if digits == "(empty)" else bytes.fromhex(digits)
            yield words[0], code, head.split(" ", 1)[1], body


def frame(code, body, flags=0, parts=b"", correlation=7):
    header = struct.pack("<BBHQI", 1, flags, code, correlation, 5_000) + parts
    return struct.pack("<I", len(header) + len(body)) + header + body


def texts():
    """Texts of the targets `tokens` and `texts`."""
    yield "texts", [b"\x00" + t for t in (b"12.50EUR", b"-3.5 USD", b"100 RUB", b"0.05EUR")]
    yield "texts", [b"\x01" + t for t in (b"7d", b"48h", b"30m", b"20s", b"5ms")]
    yield "texts", [b"\x02" + t for t in (b"2026-03-02T09:00:00Z", b"2024-02-29T23:59:59.123456Z")]
    yield "texts", [b"\x03" + t for t in (b"+49 170 1234567", b"0170/12 34-567", b"00498912345678")]
    yield "texts", [b"\x09+7 912 345-67-89", b"\x098 (912) 345-67-89", b"\x0f(415) 555-2671"]
    yield "texts", [b"\x04" + t for t in (b" Max.Muster@Beispiel.de ", "ä@bücher.example".encode())]
    yield "texts", [
        b"\x05" + t.encode()
        for t in (
            "Dach 120 qm, 35-45 Grad, Baujahr 1987, Budget 12.000 EUR",
            "max (at) beispiel punkt de", "null eins sieben null zwölf dreißig 45 67",
            "восемь девятьсот двенадцать 345 67 89", "www.beispiel.de/kontakt", "t.me/beispiel @beispiel",
            "call oh one seven 0 1 2 3 4 5 6 7", "Termin am 12.03.2026 um 14:30",
        )
    ]
    now = struct.pack("<q", 1_700_000_000_000_000)
    access = struct.pack("<QIBQq", 300, 2, 3, 9, 2_000_000_000_000_000).hex().encode()
    yield "tokens", [b"\x00" + now + access + b"." + b"ab" * 64, b"\x00" + now + access[:-2] + b".00"]
    for purpose in range(1, 6):
        content = struct.pack("<BQIq", purpose, 300, 1, 2_000_000_000_000_000)
        hashed = 0
        for byte in b"gavel link token 1" + content:
            hashed ^= byte
        kind = bytes([(purpose - 1) << 1 | 1])
        yield "tokens", [kind + now + content.hex().encode() + b"." + b"%02x" % hashed]


SCRIPTS = (
    "call 49900{n} from +4930123456 mobile # rings\nannounced\nanswered\ntalk 3m\nhangup\nexpect record.charge.minor 597\n",
    "call 1 from withheld 23 other\nvoicemail\nprogress\nextend\nwait 90s\nagain\nrefused wrongState\nfail\n",
)


def seeds():
    """(target, input) in a fixed order."""
    stream = b""
    for name, code, text, body in vectors():
        if name == "Frame":
            yield "frames", b"\x00\x01" + body
            yield "frames", b"\x02\x05" + body
            continue
        yield "bodies", struct.pack("<H", code) + body
        yield "json", struct.pack("<H", code) + text.encode()
        if code % 16 == 0:
            yield "frames", b"\x00\x02" + frame(code, body)
            stream += frame(code, body, correlation=len(stream))
            yield "frames", b"\x00\x03" + stream[-2_000:]
    yield "frames", b"\x00\x04" + frame(0x103, b"abc", 0x0F, bytes(range(69)))
    yield "frames", b"\x03\x04" + frame(0x103, struct.pack("<I", 32) + b"\x1fa\x01\x00\x0caaaaa", 0x10)
    for declared, block in ((5, b"\x50hello"), (32, b"\x1fa\x01\x00\x0caaaaa"), (0, b"\x00"), (1 << 20, b"\x1fa")):
        yield "compression", b"\x00" + struct.pack("<I", declared) + block
    for repeats in (0, 7, 63):
        yield "compression", bytes([1, 0, repeats, 0, 0]) + b"Dachsanierung in Berlin, 120 qm"
        yield "compression", bytes([3, 0x40, repeats, 9, 0]) + json.dumps({"a": list(range(40))}).encode()
    rows = "1638893549,Cartier wristwatch,7,99.00,carloss8055,100.00,0.1025,177.50\n"
    yield "csv", b"\x01" + rows.encode()
    yield "csv", b"\x00" + (CSV + rows + rows.replace("0.1025", "6.999988")).encode()
    yield "csv", b"\x00" + (CSV + rows).replace("\n", "\r\n").encode()
    for target, inputs in texts():
        for one in inputs:
            yield target, one
    yield "forms", b"\x01number=%2B49+30+123456&amount=1000&method=sandbox&key=0a1b&name=J%C3%BCrgen"
    yield "forms", b"\x0enumber\x00+49 30 123456\x00amount\x001000"
    for script in SCRIPTS:
        yield "scripts", b"\x07" + script.encode()
    for text in ('{"a":[1,-2.5e+3,"\\u00e4\\ud83d\\ude00\\n",true,false,null,{}]}', "[[[[]]]]", '"x"', "0"):
        yield "json", b"\x03\x01" + text.encode()


def write(folder):
    for target, content in seeds():
        if len(content) <= LONGEST:
            place = folder / target
            place.mkdir(parents=True, exist_ok=True)
            (place / hashlib.sha1(content).hexdigest()).write_bytes(content)


def keep_new(known, source, destination):
    old = {hashlib.sha1(path.read_bytes()).hexdigest() for path in known.iterdir()}
    total = 0
    for path in sorted(source.iterdir(), key=lambda path: (path.stat().st_size, path.name)):
        content = path.read_bytes()
        name = hashlib.sha1(content).hexdigest()
        if name not in old and total + len(content) <= MOST_KEPT:
            total += len(content)
            (destination / name).write_bytes(content)


if __name__ == "__main__":
    if sys.argv[1] == "--new":
        keep_new(*map(pathlib.Path, sys.argv[2:5]))
    else:
        write(pathlib.Path(sys.argv[1]))
