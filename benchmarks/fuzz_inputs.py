"""One fuzzed input by (seed, number): a file of a format that hearsay reads, its words, structure, encoding or bytes spoiled.

``made`` is a function of its arguments (and of the versions of the libraries that pack bytes): any input can be had again alone.
"""

import csv
import gzip
import io
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cache
from random import Random

import pyarrow as pa
import zstandard
from pyarrow import parquet

from benchmarks.fuzz_pages import other_value, page
from benchmarks.fuzz_texts import DATES, NAMES, passage, shard, spoiled


@dataclass(frozen=True, slots=True)
class Input:
    """A file to be read: its name (the suffix says the format), its bytes, and the texts that it must give.

    ``texts`` is null where damage may change or drop them; else every record's text is one of them.
    """

    number: int
    name: str
    data: bytes
    texts: frozenset[str] | None = None


SHARES = {"txt": 34, "md": 4, "html": 12, "jsonl": 20, "csv": 12, "parquet": 8, "warc": 10}
"""How many of a hundred inputs are of each format: HTML (and the pages in archives) costs several times what the others do."""

DEEP_SHARES = {"txt": 60, "md": 6, "html": 8, "jsonl": 12, "csv": 6, "parquet": 4, "warc": 4}
"""The same for inputs that go through everything: there the words matter."""


def made(seed: int, number: int, deep: bool = False) -> Input:
    """Input ``number`` of the campaign ``seed``; ``deep`` ones are another series, with more plain text."""
    rng = Random(f"{seed}:{'deep:' if deep else ''}{number}")
    shares = DEEP_SHARES if deep else SHARES
    form = rng.choices(list(shares), list(shares.values()))[0]
    spoil = rng.random() > 0.04  # the others must be read as they are
    if not deep and rng.random() < 0.0004:
        suffix, data = rng.choice(swollen())
        return Input(number, "news" + suffix, data)
    data, suffix, texts = MAKERS[form](rng, spoil, 1400 if deep else 2600)
    if spoil and rng.random() < (0.15 if deep else 0.35):
        data, texts = _bytes_changed(data, rng), None
    packing = rng.random()
    if packing < 0.08:
        data, texts, suffix = *_packed(data, texts, rng, spoil), suffix + ".gz"
    elif packing < 0.13:
        data = zstandard.ZstdCompressor(level=1).compress(data)
        if spoil and rng.random() < 0.4:
            data, texts = _bytes_changed(data, rng), None
        suffix += ".zst"
    stem = rng.choice(ODD_STEMS) if rng.random() < 0.01 else "news"
    return Input(number, stem + suffix, data, texts)


ODD_STEMS = (
    "ne ws",
    "né",
    "news.tar",
    "новости",
    "a#2",
    "a~2",
    "a#id=x",
    "%s",
    "'",
    '"',
    "a\nb",
    "\u202eb",
    "-",
    "x" * 100,
    "a;b,c",
    "{0}",
)

Made = tuple[bytes, str, frozenset[str] | None]
Maker = Callable[[Random, bool, int], Made]
"""Makes a file of one format: whether it is to be spoiled, and about how many characters its texts have at most."""


@cache
def swollen() -> tuple[tuple[str, bytes], ...]:
    """Small files that unpack to many times what one text may be, by suffix."""
    size = 20 << 20
    letters, lines = b"a" * size, b"Ruta Vold said so. \n" * (size // 20)
    one_text = b'{"text": "' + letters + b'"}\n'
    frame = zstandard.ZstdCompressor(level=1).compress
    head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: gzip\r\n\r\n"
    answer = head.encode() + gzip.compress(lines, 1, mtime=0)
    table = {"text": pa.array(["a" * size] * 2)}
    return (
        (".txt.gz", gzip.compress(lines, 1, mtime=0)),
        (".txt.gz", gzip.compress(gzip.compress(letters, 1, mtime=0), 1, mtime=0)),
        (".html.zst", frame(b"<div>" * (size // 5))),
        (".jsonl.gz", gzip.compress(one_text, 1, mtime=0)),
        (".csv.zst", frame(b'text\n"' + lines)),
        (".warc", _warc("response", answer, BLOCK_KINDS[0], Random(0), False)),
        (".warc.gz", gzip.compress(_warc("conversion", letters, "text/plain", Random(0), False), 1, mtime=0)),
        (".parquet", _parquet_file(table, {"compression": "zstd", "use_dictionary": False})),
        (".parquet", _parquet_file(table, {"compression": "gzip", "use_dictionary": True})),
    )


# ---------------------------------------------------------------- encodings

LEGACY = (
    "cp1252",
    "cp1251",
    "cp1250",
    "koi8-r",
    "iso8859_7",
    "gb18030",
    "big5",
    "shift_jis",
    "euc_jp",
    "euc_kr",
    "cp1256",
    "cp866",
    "mac_roman",
    "cp437",
)
WIDE = ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig", "utf-7")


def _encoded(text: str, rng: Random, spoil: bool) -> tuple[bytes, str]:
    """The text's bytes and their encoding: UTF-8 mostly."""
    roll = rng.random()
    encoding = "utf-8"
    if roll < 0.05:
        encoding = rng.choice(LEGACY)
    elif roll < 0.12:
        encoding = rng.choice(WIDE)
    data = text.encode(
        encoding, "ignore" if encoding in LEGACY else "surrogatepass" if encoding != "utf-7" else "ignore"
    )
    if spoil and rng.random() < 0.03:
        data += text[:300].encode(rng.choice(("cp1252", "utf-16-le", "cp1251")), "ignore")
    if spoil and rng.random() < 0.02:
        data = data.decode("cp1252", "ignore").encode()  # mojibake
    return data, encoding


# ---------------------------------------------------------------- formats


def _text(rng: Random, spoil: bool, most: int) -> str:
    text = passage(rng, most)
    return spoiled(text, rng, 5) if spoil and rng.random() < 0.9 else text


def _plain(suffix: str) -> "Maker":
    def maker(rng: Random, spoil: bool, most: int) -> Made:
        text = _text(rng, spoil, most)
        data, encoding = _encoded(text, rng, False)
        exact = encoding == "utf-8" and data == text.encode() and not text.startswith("\ufeff")
        return data, suffix, frozenset([text]) if exact else None

    return maker


def _page(rng: Random, spoil: bool, most: int) -> Made:
    encoding = "utf-8" if rng.random() < 0.9 else rng.choice(LEGACY[:8])
    body = page(rng, encoding, spoil, most // 2 + 200).encode(encoding, "xmlcharrefreplace")
    if spoil and rng.random() < 0.04:
        body = _encoded(body.decode(encoding, "ignore"), rng, True)[0]
    return body, rng.choice((".html", ".htm")), None


FIELDS = ("id", "published_on", "title", "publisher", "author", "url", "language", "genre")


def _fields(rng: Random, spoil: bool, at: int, most: int) -> dict[str, object]:
    """One record: its text and what is known about it, some of it of another type than anybody expects."""
    values: dict[str, object] = {
        "id": f"sund-{at}",
        "published_on": f"2023-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
        "title": "Harbour board lends ferries money",
        "publisher": "The Keltis Courier",
        "author": "Ines Aldana",
        "url": "https://keltis.example/2023/03/ferries",
        "language": "en",
        "genre": rng.choice(("news", "wire", "op_ed", "press_review", "forum_post", "other")),
    }
    fields = {name: values[name] for name in FIELDS if rng.random() < 0.6}
    fields["text"] = _text(rng, spoil, most)
    if spoil:
        for _ in range(rng.choice((0, 0, 1, 2, 4))):
            name = rng.choice((*FIELDS, "text", "extra")) if rng.random() < 0.6 else rng.choice(FIELDS)
            roll = rng.random()
            if roll < 0.5:
                fields[name] = other_value(rng)
            elif roll < 0.7:
                fields[name] = rng.choice((*DATES, *NAMES, shard(rng)))
            elif roll < 0.8:
                fields["id"] = rng.choice(
                    (
                        "news.jsonl#2",
                        "news.jsonl",
                        "news.jsonl#2~2",
                        "news.csv#3",
                        "~2",
                        "#1",
                        "a b",
                        "x" * 500,
                        7,
                        "sund-0",
                    )
                )
            elif roll < 0.9:
                fields[rng.choice((name.upper(), f" {name} ", name + "\ufeff", name.title()))] = fields.pop(name, "")
            else:
                fields.pop(name, None)
    return fields


def _json_lines(rng: Random, spoil: bool, most: int) -> Made:
    n = rng.choice((1, 1, 1, 2, 3))
    records = [_fields(rng, spoil, at, most // n) for at in range(n)]
    texts = frozenset(str(record.get("text")) for record in records)
    lines = [json.dumps(record, ensure_ascii=rng.random() < 0.5) for record in records]
    exact = not any(key not in (*FIELDS, "text") for record in records for key in record)
    exact = exact and not any("\ud800" in str(value) for record in records for value in record.values())
    if spoil and rng.random() < 0.3:
        at = rng.randrange(n)
        lines[at] = _line_changed(lines[at], rng)
        exact = False
    end = rng.choice(("\n", "\n", "\n", "\r\n", "\n\n", "\r"))
    text = end.join(lines) + rng.choice((end, ""))
    data, encoding = _encoded(text, rng, spoil)
    return (
        data,
        rng.choice((".jsonl", ".ndjson")),
        texts if exact and encoding == "utf-8" and data == text.encode("utf-8", "surrogatepass") else None,
    )


DEEP_NEST = 1500


def _line_changed(line: str, rng: Random) -> str:
    at = rng.randrange(len(line) + 1)
    kinds: tuple[Callable[[], str], ...] = (
        lambda: line[:at],
        lambda: line[at:],
        lambda: line + line,
        lambda: "[" + line + "]",
        lambda: json.dumps(line),
        lambda: (
            line[:at]
            + rng.choice(("\x00", "\x01", "\\u0000", "\\ud800", "\\", "\t", "\n", "\ufeff", '"', "}", "/*x*/", "\\x41"))
            + line[at:]
        ),
        lambda: line[:-1] + f', "published_on": {"[" * DEEP_NEST}{"]" * DEEP_NEST}}}',
        lambda: (
            line[:-1]
            + f', "author": {rng.choice(("NaN", "1e999", "-Infinity", "9" * 400, "01", "1.", "+1", "undefined", "None"))}}}'
        ),
        lambda: line[:-1] + ', "text": ""}',
        lambda: line[:-1] + ', "text": "short and late, said Ruta Vold on 3 May 2023."}',
        lambda: line.replace('"', "'"),
        lambda: line[:-1] + ",}",
        lambda: json.dumps(json.loads(line), indent=1),
        lambda: str(other_value(rng)),
        lambda: "\ufeff" + line,
        lambda: line.replace("a", "\\u0061"),
        lambda: '{"text": ' * 400 + '"x"' + "}" * 400,
    )
    return rng.choice(kinds)()


def _table(rng: Random, spoil: bool, most: int) -> Made:
    n = rng.choice((1, 1, 2, 3))
    records = [_fields(rng, spoil, at, most // n) for at in range(n)]
    names = list(dict.fromkeys(name for record in records for name in record))
    rng.shuffle(names)
    if spoil and rng.random() < 0.1:
        names = rng.choice(
            (
                [*names, "text"],
                [name.upper() for name in names],
                [f" {name}" for name in names],
                [*names, "", ""],
                names[1:],
                ["\ufeff" + names[0], *names[1:]],
            )
        )
    out = io.StringIO(newline="")
    dialect = rng.choice((csv.excel, csv.unix_dialect))  # quoted where needed, quoted all
    writer = csv.writer(
        out, delimiter=rng.choice(",,;\t|"), dialect=dialect, lineterminator=rng.choice(("\r\n", "\n", "\n", "\r"))
    )
    writer.writerow(names)
    for record in records:
        row: list[object] = [record.get(name, "") for name in names]
        if spoil and rng.random() < 0.1:
            row = rng.choice([[*row, "extra"], row[:-1], row[:0], [""] * len(row)])
        writer.writerow([str(cell).encode("utf-8", "replace").decode() for cell in row])
    text = out.getvalue()
    if spoil and rng.random() < 0.3:
        text = _quoting_changed(text, rng)
    return _encoded(text, rng, spoil)[0], ".csv", None


def _quoting_changed(text: str, rng: Random) -> str:
    for _ in range(rng.randint(1, 4)):
        marks = [at for at, c in enumerate(text) if c in '",;\n']
        at = rng.choice(marks) if marks else 0
        piece = rng.choice(('"', '""', '"""', "'", "\x00", "\\", "\r", "\n", ",", ";", '"\n', '",', '"x'))
        text = text[:at] + piece + text[at + rng.randint(0, 1) :]
    return text


def _parquet(rng: Random, spoil: bool, most: int) -> Made:
    n = rng.choice((1, 2, 3))
    records = [_fields(rng, spoil, at, most // n) for at in range(n)]
    columns: dict[str, pa.Array] = {}
    exact = True
    for name in dict.fromkeys(name for record in records for name in record):
        values = [None if record.get(name) is None else _utf8(record[name]) for record in records]
        columns[name] = pa.array(
            values, rng.choice((pa.string(), pa.string(), pa.large_string(), pa.binary())) if spoil else pa.string()
        )
        exact = exact and not pa.types.is_binary(columns[name].type)
    if spoil:
        for _ in range(rng.choice((0, 1, 2))):
            name = rng.choice((*FIELDS, "text", "Text", "extra"))
            columns[name] = _column(rng, n)
            exact = False
    texts = frozenset(_utf8(record["text"]) for record in records if record.get("text") is not None)
    settings: dict[str, object] = {
        "compression": rng.choice(("none", "snappy", "gzip", "zstd", "lz4")),
        "use_dictionary": rng.random() < 0.5,
        "row_group_size": rng.choice((1, 100)),
        "data_page_version": rng.choice(("1.0", "2.0")),
        "write_page_checksum": rng.random() < 0.3,
    }
    try:
        data = _parquet_file(columns, settings)
    except pa.ArrowException:  # a type that Arrow has and Parquet has not
        data = _parquet_file(
            {name: column for name, column in columns.items() if pa.types.is_string(column.type)}, settings
        )
    return data, ".parquet", texts if exact and set(columns) <= {*FIELDS, "text"} else None


def _parquet_file(columns: dict[str, pa.Array], settings: dict[str, object]) -> bytes:
    out = io.BytesIO()
    parquet.write_table(pa.table(columns), out, **settings)
    return out.getvalue()


def _utf8(value: object) -> str:
    return str(value).encode("utf-8", "replace").decode()


def _column(rng: Random, n: int) -> pa.Array:
    """A column of a type that has nothing to do with its name."""
    kinds: tuple[Callable[[], pa.Array], ...] = (
        lambda: pa.nulls(n),
        lambda: pa.array(
            [rng.randint(-(2**63), 2**63 - 1)] * n,
            rng.choice((pa.int64(), pa.timestamp("s"), pa.timestamp("ns"), pa.date64(), pa.duration("us"))),
        ),
        lambda: pa.array([rng.randint(-(2**31), 2**31 - 1)] * n, rng.choice((pa.int32(), pa.date32(), pa.time32("s")))),
        lambda: pa.array(
            [1678838400] * n, pa.timestamp("s", rng.choice(("UTC", "Mars/Olympus", "+99:99", "", "Europe/Oslo")))
        ),
        lambda: pa.array([b"\xff\xfe\x00 text"] * n, pa.binary()),
        lambda: pa.Array.from_buffers(
            pa.string(), 1, [None, pa.py_buffer(b"\x00\x00\x00\x00\x04\x00\x00\x00"), pa.py_buffer(b"\xff\xfeab")]
        ).take(pa.array([0] * n)),
        lambda: pa.array([["a", "b"]] * n),
        lambda: pa.array([{"a": 1, "b": ["x"]}] * n),
        lambda: pa.array([[("k", 1)]] * n, pa.map_(pa.string(), pa.int64())),
        lambda: pa.array([Decimal("12345678901234567890.123")] * n),
        lambda: pa.array([float("nan")] * n),
        lambda: pa.array([True] * n),
        lambda: pa.array([date(9999, 12, 31)] * n),
        lambda: pa.array([datetime(2023, 3, 3, tzinfo=UTC) + timedelta(days=1)] * n),
        lambda: pa.array(["9999-12-31"] * n).dictionary_encode(),
        lambda: pa.array([2**64 - 1] * n, pa.uint64()),
        lambda: pa.array([b"0123456789abcdef"] * n, pa.binary(16)),
        lambda: pa.array([1.0] * n, pa.float32()),
    )
    return rng.choice(kinds)()


# ---------------------------------------------------------------- web archives

BLOCK_KINDS = (
    "application/http; msgtype=response",
    "text/plain",
    "text/html",
    "application/warc-fields",
    "",
    "text/html; charset=undefined",
    "x",
    "TEXT/PLAIN; charset=utf-7",
)


def _archive(rng: Random, spoil: bool, most: int) -> Made:
    n = rng.choice((1, 1, 2))
    records = (
        [_warc("warcinfo", b"software: sundcrawl 1.0\r\n", "application/warc-fields", rng, False)]
        if rng.random() < 0.5
        else []
    )
    for _ in range(n):
        if rng.random() < 0.3:
            records.append(
                _warc(
                    "request",
                    b"GET /ferries HTTP/1.1\r\nHost: keltis.example\r\n\r\n",
                    "application/http; msgtype=request",
                    rng,
                    spoil,
                )
            )
        records.append(_warc_page(rng, spoil, most // 2 + 500))
    data, suffix = b"".join(records), ".warc"
    if rng.random() < 0.1:  # as crawlers do: every record a gzip member of its own
        data, suffix = b"".join(gzip.compress(record, 1, mtime=0) for record in records), ".warc.gz"
        if spoil and rng.random() < 0.3:
            data = _bytes_changed(data, rng)
    return data, suffix, None


def _warc_page(rng: Random, spoil: bool, most: int) -> bytes:
    charset = "utf-8" if rng.random() < 0.9 else rng.choice(LEGACY[:6])
    is_page = rng.random() < 0.6
    body = (page(rng, charset, spoil, most) if is_page else _text(rng, spoil, most)).encode(charset, "ignore")
    kind = "text/html" if is_page else "text/plain"
    if rng.random() < 0.3:
        return _warc(rng.choice(("conversion", "resource")), body, kind, rng, spoil)
    head = {"Content-Type": f"{kind}; charset={charset}", "Server": "sund"}
    packing = rng.choice(PACKINGS) if rng.random() < 0.4 else ""
    if packing:
        head["Content-Encoding"] = packing
        body = _body_packed(body, packing)
    if rng.random() < 0.15:
        head["Transfer-Encoding"] = "chunked"
        if rng.random() < 0.8:
            cut = rng.randrange(len(body) + 1)
            body = (
                b"".join(f"{len(part):x}\r\n".encode() + part + b"\r\n" for part in (body[:cut], body[cut:]) if part)
                + b"0\r\n\r\n"
            )
    status = "200 OK"
    if spoil:
        roll = rng.random()
        if roll < 0.1:
            status = rng.choice(
                (
                    "404 Not Found",
                    "301 Moved",
                    "abc",
                    "",
                    "2",
                    "200",
                    "206 Partial",
                    "-200",
                    "2\x00 0",
                    "20000000000000000000",
                )
            )
        elif roll < 0.2:
            head["Content-Type"] = rng.choice(
                (
                    *BLOCK_KINDS,
                    "application/json",
                    "application/pdf",
                    "text/html; charset=\u00e9",
                    "text/html;charset='utf-16'",
                    "text/html; charset=zlib",
                )
            )
        elif roll < 0.25:
            head["Content-Encoding"] = rng.choice((*PACKINGS, "gzip, br", "gzip, gzip", "x", "identity", "GZIP", " "))
        elif roll < 0.35 and body:
            body = _bytes_changed(body, rng)
        elif roll < 0.4:
            head[rng.choice(("Content-Type", "X", "", "Transfer-Encoding"))] = shard(rng)
    end = rng.choice(("\r\n", "\r\n", "\r\n", "\n"))
    lines = [
        f"HTTP/{rng.choice(('1.1', '1.0', '2'))} {status}",
        *(f"{name}: {value}" for name, value in head.items()),
        "",
        "",
    ]
    return _warc("response", end.join(lines).encode("utf-8", "replace") + body, BLOCK_KINDS[0], rng, spoil)


PACKINGS = ("gzip", "gzip", "deflate", "br", "zstd", "x-gzip")


def _body_packed(body: bytes, packing: str) -> bytes:
    if packing == "deflate":
        return zlib.compress(body, 1)
    if packing == "zstd":
        return zstandard.ZstdCompressor(level=1).compress(body)
    return brotli_stored(body) if packing == "br" else gzip.compress(body, 1, mtime=0)


def brotli_stored(data: bytes) -> bytes:
    """The bytes as a brotli stream that holds them uncompressed (RFC 7932, section 9.2): no library is needed to write it."""
    out = bytearray()
    bits = n_bits = 0

    def put(value: int, width: int) -> None:
        nonlocal bits, n_bits
        bits |= value << n_bits
        n_bits += width
        while n_bits >= 8:
            out.append(bits & 255)
            bits >>= 8
            n_bits -= 8

    put(0, 1)  # a window of 16 bits
    for at in range(0, len(data), 1 << 16):
        piece = data[at : at + (1 << 16)]
        put(0, 1)  # not the last block
        put(0, 2)  # its length has four nibbles
        put(len(piece) - 1, 16)
        put(1, 1)  # uncompressed
        put(0, -n_bits % 8)
        out += piece
    put(3, 2)  # the last block, empty
    put(0, -n_bits % 8)
    return bytes(out)


def _warc(kind: str, block: bytes, content_type: str, rng: Random, spoil: bool) -> bytes:
    version, length, end = "WARC/1.0", str(len(block)), "\r\n"
    head = {
        "WARC-Type": kind,
        "WARC-Record-ID": "<urn:uuid:00000000-0000-4000-8000-000000000001>",
        "WARC-Date": "2023-03-03T08:15:00Z",
        "WARC-Target-URI": "https://keltis.example/2023/03/ferries",
        "Content-Type": content_type,
        "Content-Length": length,
    }
    if spoil and rng.random() < 0.25:
        what = rng.randrange(8)
        if what == 0:
            head["Content-Length"] = rng.choice(
                ("", "-1", "0", "x", str(len(block) - 7), str(len(block) + 7), str(10**12), "1e3", "9" * 5000, "０")
            )
        elif what == 1:
            head.pop(rng.choice(list(head)))
        elif what == 2:
            version = rng.choice(
                (
                    "WARC/1.1",
                    "WARC/0.18",
                    "WARC/9",
                    "",
                    "HTTP/1.1 200 OK",
                    "filedesc://x 0.0.0.0 20230303 text/plain 10",
                    "WARC/1.0 ",
                )
            )
        elif what == 3:
            end = rng.choice(("\n", "\r", "\r\n ", "\n\n"))
        elif what == 4:
            head["WARC-Type"] = rng.choice(
                ("revisit", "metadata", "continuation", "response ", "Response", "", "\x00", "conversion")
            )
        elif what == 5:
            head[rng.choice(list(head))] = shard(rng)
        elif what == 6:
            head["Content-Type"] = rng.choice(BLOCK_KINDS)
        else:
            head["WARC-Target-URI"] = rng.choice(
                ("", "<http://x>", "dns:x", "x" * 3000, "http://x/\u202e", "not a url")
            )
    lines = [version, *(f"{name}: {value}" for name, value in head.items()), "", ""]
    return end.join(lines).encode("utf-8", "replace") + block + rng.choice((b"\r\n\r\n",) * 9 + (b"",))


MAKERS: dict[str, Maker] = {
    "txt": _plain(".txt"),
    "md": _plain(".md"),
    "html": _page,
    "jsonl": _json_lines,
    "csv": _table,
    "parquet": _parquet,
    "warc": _archive,
}


# ---------------------------------------------------------------- bytes

NASTY_BYTES = (
    b"\x00", b"\xff", b"\xfe\xff", b"\xff\xfe", b"\xef\xbb\xbf", b"\x80", b"\xc0\x80", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xe2\x80", b"\x1f\x8b", b"\x1a",
    b"\x93", b"\x94\x85", b"\xa0", b"\xe9", b"\x0d", b"\x0a", b"\x0b", b"\x1b$B", b"\x28\xb5\x2f\xfd", b"PAR1", b"%PDF-", b"\x89PNG", b"PK\x03\x04", b"\x7f", b"\x81\x8d\x9d",
)  # fmt: skip


def _bytes_changed(data: bytes, rng: Random) -> bytes:
    """The bytes after 1 to 4 mishaps: flips, cuts, splices, pieces twice or gone."""
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 4))):
        at = rng.randrange(len(out) + 1)
        n = rng.choice((1, 2, 8, 60, 400))
        what = rng.randrange(9)
        if what <= 1 and out:
            for _ in range(rng.choice((1, 1, 2, 8))):
                where = rng.randrange(len(out))
                out[where] ^= 1 << rng.randrange(8)
        elif what == 2:
            out[at:at] = rng.choice(NASTY_BYTES) * rng.choice((1, 1, 1, 5, 40))
        elif what == 3:
            del out[at : at + n]
        elif what == 4:
            out[at:at] = out[at : at + n] * rng.choice((1, 1, 3))
        elif what == 5:
            del out[at:]
        elif what == 6:
            other = rng.randrange(len(out) + 1)
            out[at : at + n] = out[other : other + n]
        elif what == 7:
            out[at : at + n] = rng.randbytes(n)
        else:
            out[at:] = passage(rng)[: rng.randint(1, 1500)].encode(
                rng.choice(("utf-8", "utf-16-le", "cp1251", "cp1252")), "ignore"
            )
    return bytes(out)


def _packed(data: bytes, texts: frozenset[str] | None, rng: Random, spoil: bool) -> tuple[bytes, frozenset[str] | None]:
    """The bytes in gzip: one member or several, twice, cut, with other bytes behind."""
    if not spoil or rng.random() < 0.5:
        return gzip.compress(data, 1, mtime=0), texts
    cut = rng.randrange(len(data) + 1)
    kinds: tuple[Callable[[], bytes], ...] = (
        lambda: gzip.compress(data[:cut], 1, mtime=0) + gzip.compress(data[cut:], 1, mtime=0),
        lambda: gzip.compress(gzip.compress(data, 1, mtime=0), 1, mtime=0),
        lambda: gzip.compress(data, 1, mtime=0)[: rng.randint(0, 600)],
        lambda: gzip.compress(data, 1, mtime=0)[: -rng.randint(1, 12)],
        lambda: gzip.compress(data, 1, mtime=0) + rng.choice((b"\x00" * 50, b"tail", b"\x1f\x8b", b"\n")),
        lambda: _bytes_changed(gzip.compress(data, 1, mtime=0), rng),
        lambda: data,
        lambda: zstandard.ZstdCompressor(level=1).compress(data),
    )
    return rng.choice(kinds)(), None
