"""Files to records: every format, encoding and compression, and every kind of bad input."""

import codecs
import csv
import gzip
import io
import json
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.ingest.files.formats import (
    FORMATS,
    Limits,
    Record,
    Rejected,
    SourceFile,
    files_under,
    format_of,
    records_in,
)

RUSSIAN = "Порт закрыт третий день, сообщил мэр. Рыбаки остались дома, цены выросли вдвое."
UKRAINIAN = "Порт закритий третій день, повідомив мер. Її слова підтвердили й інші рибалки."
GERMAN = "Der Bürgermeister sagte, der Hafen müsse länger geschlossen bleiben. „Größere Schäden“ gebe es nicht."
ENGLISH = "The mayor’s office said the café would stay open – “for now”."
POLISH = "Port jest zamknięty od środy, powiedział burmistrz. Łodzie zostały w zatoce."
MORE = "Стена упала в воскресенье утром, и никто не был ранен, передает Нордпресс."
LITTLE = Limits(max_record_bytes=1000, max_file_bytes=100_000, max_expansion=50)


def read(path: Path, limits: Limits = Limits()) -> list[Record | Rejected]:  # noqa: B008
    taken: set[str] = set()
    return [found for file in files_under(path) for found in records_in(file, limits, taken)]


def one(path: Path, limits: Limits = Limits()) -> Record:  # noqa: B008
    found = read(path, limits)
    assert len(found) == 1
    assert isinstance(found[0], Record), found[0]
    return found[0]


def refusal(path: Path, limits: Limits = Limits()) -> str:  # noqa: B008
    found = read(path, limits)
    assert len(found) == 1
    assert isinstance(found[0], Rejected), found[0]
    assert found[0].reason.endswith(".")
    assert "\n" not in found[0].reason
    assert path.name in found[0].reason
    return found[0].reason


def csv_of(*rows: dict[str, str], delimiter: str = ",") -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def parquet_of(**columns: object) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.table(columns), out)
    return out.getvalue()


COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".zst": zstandard.ZstdCompressor().compress,
}
TEXT = "Storm over the bay\r\n\r\nThe port is shut, «for now”, says Łucja."
PAGE = f"<html><head><title>Storm</title></head><body><article><p>{RUSSIAN}</p><p>{GERMAN}</p></article></body></html>"
FILES: dict[str, bytes] = {
    ".txt": TEXT.encode(),
    ".md": TEXT.encode(),
    ".html": PAGE.encode(),
    ".htm": PAGE.encode(),
    ".jsonl": json.dumps({"text": TEXT}).encode(),
    ".ndjson": json.dumps({"text": TEXT}, ensure_ascii=False).encode() + b"\r\n",
    ".csv": csv_of({"text": TEXT}).encode(),
    ".parquet": parquet_of(text=[TEXT]),
    ".warc": (
        f"WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\nContent-Length: {len(TEXT.encode())}\r\n\r\n{TEXT}\r\n\r\n"
    ).encode(),
}


@pytest.mark.parametrize("compression", COMPRESS)
@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_in_every_compression(suffix: str, compression: str, tmp_path: Path) -> None:
    path = tmp_path / f"page{suffix}{compression}"
    path.write_bytes(COMPRESS[compression](FILES[suffix]))
    record = one(path)
    assert record.text == (f"{RUSSIAN}\n{GERMAN}" if "htm" in suffix else TEXT)
    assert record.format == FORMATS[suffix] == format_of(path.name)
    assert record.source_id == (
        path.name if record.format in ("txt", "md", "html") else f"{path.name}#{2 if suffix == '.csv' else 1}"
    )
    assert (record.path, len(record.bytes_sha256)) == (path.name, 64)


ENCODED = [
    *[(text, encoding) for text in (RUSSIAN, UKRAINIAN, GERMAN, ENGLISH, POLISH) for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")],
    *[(RUSSIAN, encoding) for encoding in ("cp1251", "koi8_r", "cp866", "utf-32")],
    *[(UKRAINIAN, encoding) for encoding in ("cp1251", "koi8_u")],
    *[(text, "cp1252") for text in (GERMAN, ENGLISH)],
    *[(POLISH, encoding) for encoding in ("cp1250", "iso8859_2")],
    ("Привет, мир", "cp1251"),
    ("Привет, мир", "koi8_r"),
    ("It’s shut.", "cp1252"),
    ("Grüße", "cp1252"),
    ("МИНСК. ПОРТ ЗАКРЫТ", "cp1251"),
    ("МИНСК. ПОРТ ЗАКРЫТ", "koi8_r"),
    ("El año pasado, ¿quién lo dijo?", "cp1252"),
    ("Le maire a déclaré que la tempête était passée.", "cp1252"),
    ("Přístav je zavřený a lodě nejsou v zátoce.", "cp1250"),
    ("Liman üç gündür kapalı, dedi başkan.", "cp1254"),
    ("Το λιμάνι είναι κλειστό για τρίτη ημέρα.", "cp1253"),
    ("港は三日間閉鎖されています。漁師たちは家にいる。値段は二倍になった。", "shift_jis"),
    ("港口已经关闭三天了，市长说。渔民们待在家里，价格翻了一番。", "gb18030"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "encoding"), ENCODED)
def test_encodings_of_a_text(text: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "storm.txt"
    path.write_bytes(text.encode(encoding))
    assert one(path).text == text


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1251", "koi8_r"])
@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".html"])
def test_encodings_of_files_of_records(suffix: str, encoding: str, tmp_path: Path) -> None:
    texts = [RUSSIAN, "Да.", RUSSIAN[:30]]
    contents = {
        ".jsonl": "\n".join(json.dumps({"text": text}, ensure_ascii=False) for text in texts),
        ".csv": csv_of(*[{"text": text} for text in texts]),
        ".html": f'<html><head><meta charset="{encoding}"></head><body><article><p>{RUSSIAN}</p><p>{MORE}</p></article></body></html>',
    }
    path = tmp_path / f"storm{suffix}"
    path.write_bytes(contents[suffix].encode(encoding))
    found = [record.text for record in read(path) if isinstance(record, Record)]
    assert found == ([f"{RUSSIAN}\n{MORE}"] if suffix == ".html" else texts)


def test_metadata_of_a_record_is_taken_as_given(tmp_path: Path) -> None:
    fields = {
        "id": "storm-7", "text": TEXT, "published_on": "2021-11-04T09:30:00Z", "title": " Storm ", "publisher": "The Coast Post",
        "author": "Ana Lund", "url": "https://coast.example/7", "language": "en", "genre": "Op-Ed",
    }  # fmt: skip
    (tmp_path / "a.jsonl").write_text(json.dumps(fields))
    (tmp_path / "b.csv").write_text(
        csv_of({name.upper(): value for name, value in (fields | {"id": "b"}).items()}, delimiter=";")
    )
    (tmp_path / "c.parquet").write_bytes(
        parquet_of(
            **{name: [value] for name, value in (fields | {"id": "c", "published_on": date(2021, 11, 4)}).items()}
        )
    )
    for record, name in zip(read(tmp_path), ("storm-7", "b", "c"), strict=True):
        assert isinstance(record, Record)
        assert (record.source_id, record.id, record.published_on, record.title) == (
            name,
            name,
            date(2021, 11, 4),
            "Storm",
        )
        assert (record.publisher, record.author, record.language, record.genre) == (
            "The Coast Post",
            "Ana Lund",
            "en",
            "op_ed",
        )
        assert record.notes == ()


def test_a_date_that_is_no_date_costs_the_date_and_not_the_text(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    given = ["2021-13-04", "04.11.2021", "soon", 202111, "0000-00-00", True, ["2021-11-04"]]
    path.write_text("\n".join(json.dumps({"text": "Storm.", "published_on": value}) for value in given))
    for record in read(path):
        assert isinstance(record, Record)
        assert record.published_on is None
        assert "no date" in record.notes[0]


def test_unusable_metadata_is_left_out_with_a_note(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        '{"text": "Storm.", "genre": "sonnet", "title": "\\ud800", "author": {"name": "Ana"}, "url": "", "id": 7}'
    )
    record = one(path)
    assert (record.genre, record.title, record.author, record.url, record.source_id) == (None, None, None, None, "7")
    assert len(record.notes) == 3


def test_an_id_is_given_once(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        '{"id": "x", "text": "One."}\n{"id": "x", "text": "Two."}\n{"id": "a.jsonl#4", "text": "Three."}\n{"text": "Four."}'
    )
    (tmp_path / "b.jsonl").write_text('{"id": "x", "text": "Five."}')
    (tmp_path / "c.jsonl").write_text('{"id": "c2.txt", "text": "Six."}')
    (tmp_path / "c2.txt").write_text("Seven.")
    assert [found.source_id for found in read(tmp_path)] == [
        "x",
        "a.jsonl#2",
        "a.jsonl#4",
        "a.jsonl#4~2",
        "b.jsonl#1",
        "c2.txt",
        "c2.txt~2",
    ]


def test_the_same_bytes_give_the_same_digest_and_other_metadata_another(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "One."}\n{"text": "One."}\n{"text": "One.", "title": "T"}')
    (tmp_path / "b.parquet").write_bytes(parquet_of(text=["One.", "One.", "One."], title=["", "", "T"]))
    digests = [found.bytes_sha256 for found in read(tmp_path)]
    assert digests[0] == digests[1] != digests[2]
    assert digests[3] == digests[4] != digests[5]


# --- bad input -------------------------------------------------------------------------------------------------------


def write(path: Path, contents: bytes | str) -> Path:
    path.write_bytes(contents.encode() if isinstance(contents, str) else contents)
    return path


def test_one_bad_line_costs_no_other(tmp_path: Path) -> None:
    lines = [
        b'{"text": "One."}', b"", b"not json", b'{"text": "Two', b'{"title": "no text"}', b'{"text": ""}', b'{"text": 7}', b'["text"]', b"null",
        b'{"text": "a\\u0000b"}', b'{"text": "a\\ud83db"}', b'{"text": "\xff\xfe\xfd\x81\x8d"}', b"\x00\x01\x02\x03", b'{"text": "Last."}',
    ]  # fmt: skip
    path = write(tmp_path / "a.jsonl", b"\n".join(lines))
    found = read(path)
    assert [r.text for r in found if isinstance(r, Record)][:1] == ["One."]
    assert [r.text for r in found if isinstance(r, Record)][-1:] == ["Last."]
    refused = [r for r in found if isinstance(r, Rejected)]
    assert [r.source_id for r in refused][:3] == ["a.jsonl#3", "a.jsonl#4", "a.jsonl#5"]
    assert len(refused) >= 10
    for r in refused:
        number = r.source_id.removeprefix("a.jsonl#")
        assert f"line {number} " in r.reason
        assert r.n_bytes == len(lines[int(number) - 1])


@pytest.mark.parametrize("suffix", [".jsonl", ".csv"])
def test_a_long_line_is_refused_in_bounded_memory(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    wrap = '{"text": "%s"}\n' if suffix == ".jsonl" else '"%s"\n'
    with path.open("w") as file:
        file.write("" if suffix == ".jsonl" else "text\n")
        file.write(wrap % "One.")
        file.write(wrap % ("a" * 5000))
        file.write(wrap % "Two.")
    first, long, last = read(path, LITTLE)
    assert isinstance(first, Record)
    assert isinstance(last, Record)
    assert isinstance(long, Rejected)
    assert "longer" in long.reason
    assert long.n_bytes == 5002 + (0 if suffix == ".csv" else 10)


def test_one_bad_row_of_csv_costs_no_other(tmp_path: Path) -> None:
    rows = 'id,text,title\n1,"One,\ntwo.",t\n2,"never closed,t\n3,Three.,"t ""u"""\n4,Four.,t,too,many\n5,,t\n6,"Six" and,t\n\n7,Seven.\n'
    found = read(write(tmp_path / "a.csv", rows))
    assert {r.source_id: r.text for r in found if isinstance(r, Record)} == {
        "1": "One,\ntwo.",
        "3": "Three.",
        "6": "Six and",
        "7": "Seven.",
    }
    assert {r.source_id for r in found if isinstance(r, Rejected)} == {"a.csv#4", "a.csv#6", "5"}


def test_csv_with_other_columns_names_them(tmp_path: Path) -> None:
    assert "'headline', 'body'" in refusal(write(tmp_path / "a.csv", "headline,body\na,b\n"))
    assert "'body'" in refusal(write(tmp_path / "a.parquet", parquet_of(body=["x"])))


BOMB = gzip.compress(b"a" * 1_000_000)
BAD_FILES: dict[str, tuple[str, bytes, str]] = {
    "empty": ("a.txt", b"", "empty"),
    "empty jsonl": ("a.jsonl", b"\n\n", "no records"),
    "empty csv": ("a.csv", b"", "empty"),
    "csv with a header alone": ("a.csv", b"text\n", "no rows"),
    "parquet without rows": ("a.parquet", parquet_of(text=pa.array([], pa.string())), "no rows"),
    "nothing but white space": ("a.txt", b" \n\t ", "empty"),
    "binary": ("a.txt", bytes(range(256)) * 3, "binary"),
    "picture": ("a.txt", b"\x89PNG\r\n\x1a\n" + bytes(100), "binary"),
    "pdf by another name": ("a.md", b"%PDF-1.7\n" + b"1 0 obj << >> endobj\n" * 9, "binary"),
    "NUL bytes": ("a.txt", b"The port is shut for three days. " * 25 + b"\x00" + b"Nobody complained.", "NUL"),
    "unknown encoding": ("a.txt", b"The p\xb2ort \x81i\x8ds\x8f s\x90h\x9dut", "encoding"),
    "utf-16 by its mark alone": ("a.txt", codecs.BOM_UTF16_LE + b"\x00\xd8" * 40, "UTF-16"),
    "truncated gzip": ("a.txt.gz", gzip.compress(os.urandom(900))[:500], "binary"),
    "no gzip": ("a.txt.gz", b"The port is shut.", "no whole gzip"),
    "broken gzip": ("a.txt.gz", gzip.compress(b"storm " * 2000)[:30] + b"\xff" * 30, "gzip"),
    "truncated zstd": ("a.txt.zst", zstandard.ZstdCompressor().compress(os.urandom(900))[:500], "binary"),
    "no zstd": ("a.txt.zst", b"The port is shut.", "no whole zstd"),
    "gzip bomb": ("a.txt.gz", BOMB, "grows more than 50 times"),
    "zstd bomb": ("a.jsonl.zst", zstandard.ZstdCompressor().compress(b"a" * 1_000_000), "grows more than 50 times"),
    "too long": ("a.txt", b"storm " * 500, "longer"),
    "too long when decompressed": ("a.txt.gz", gzip.compress(os.urandom(600).hex().encode()), "longer"),
    "no parquet": ("a.parquet", b"PAR1 not at all PAR1", "no whole Parquet"),
    "truncated parquet": ("a.parquet", FILES[".parquet"][:-20], "no whole Parquet"),
    "page without text": ("a.html", b"<html><body><script>run()</script></body></html>", "shows no text"),
    "unknown suffix": ("a.docx", b"PK", ".docx"),
    "no suffix": ("README", b"storm", "no suffix"),
    "unknown suffix, compressed": ("a.tar.gz", b"storm", ".tar.gz"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_file(name: str, tmp_path: Path) -> None:
    path, contents, telling = BAD_FILES[name]
    assert telling in refusal(write(tmp_path / path, contents), LITTLE)


def test_a_bomb_in_a_file_of_records_keeps_what_came_before(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl.gz", gzip.compress(b'{"text": "One."}\n' + b"a" * 9_000_000))
    first, rest = read(path, Limits(max_record_bytes=200_000, max_expansion=50))
    assert isinstance(first, Record)
    assert isinstance(rest, Rejected)
    assert (first.source_id, rest.source_id) == ("a.jsonl.gz#1", "a.jsonl.gz")


def test_pieces_of_a_windows_page_in_utf8_are_read_as_such(tmp_path: Path) -> None:
    path = tmp_path / "storm.txt"
    path.write_bytes("Caf\xe9 shut, \x93for now\x94".encode("latin-1") + " says Łódź, naïve as ever".encode() + b"\n")
    record = one(path)
    assert record.text == "Café shut, “for now” says Łódź, naïve as ever\n"
    assert "Windows-1252" in record.notes[0]


@pytest.mark.parametrize("contents", ['[\n {"text": "Storm."}\n]', '{\n "text": "Storm."\n}\n'])
def test_json_over_many_lines_is_refused_once(contents: str, tmp_path: Path) -> None:
    path = tmp_path / "storm.jsonl"
    path.write_text(contents)
    assert "one JSON value over many lines" in refusal(path)


def test_a_few_broken_bytes_cost_only_themselves(tmp_path: Path) -> None:
    record = one(write(tmp_path / "a.txt", RUSSIAN.encode()[:-1] + b"\xff" + RUSSIAN.encode()))
    assert record.text.count("\ufffd") == 1
    assert "1 broken" in record.notes[0]


def test_nothing_there() -> None:
    with pytest.raises(FileNotFoundError, match="There is no file or folder nowhere/at/all"):
        next(files_under(Path("nowhere/at/all")))


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_no_permission(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "storm")
    path.chmod(0)
    assert "may not be read" in refusal(path)


def test_refused_by_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.txt", "storm")
    for error, telling in (
        (PermissionError(13, "Permission denied"), "may not be read"),
        (OSError(5, "Input/output error"), "Input/output error"),
    ):

        def refuse(*_: object, error: OSError = error, **__: object) -> None:
            raise error

        monkeypatch.setattr(Path, "open", refuse)
        assert telling in refusal(path)


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl.gz", "a.parquet"])
def test_a_file_that_is_gone_when_it_is_read(name: str, tmp_path: Path) -> None:
    (found,) = records_in(SourceFile(tmp_path / name, name))
    assert isinstance(found, Rejected)
    assert "gone" in found.reason
    assert (found.n_bytes, found.bytes_sha256) == (0, None)


def test_folders_are_walked_in_order_and_links_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "b" / "deep").mkdir(parents=True)
    (tmp_path / ".hidden").mkdir()
    for name in ("b/deep/z.txt", "b/a.txt", "b.txt", ".secret.txt", ".hidden/x.txt", "c\u0301.txt"):
        write(tmp_path / name, "storm")
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b" / "loop").symlink_to(tmp_path)
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nowhere")
    os.mkfifo(tmp_path / "pipe.txt")
    names = [file.name for file in files_under(tmp_path)]
    assert names == sorted(names) == ["b.txt", "b/a.txt", "b/deep/z.txt", "c\u0301.txt", "gone.txt", "pipe.txt"]
    refused = {found.source_id: found.reason for found in read(tmp_path) if isinstance(found, Rejected)}
    assert set(refused) == {"gone.txt", "pipe.txt"}


def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    try:
        Path(os.fsdecode(bytes(tmp_path) + b"/a\xff.txt")).write_text("storm")
    except OSError:
        pytest.skip("this file system takes only UTF-8 names")
    assert one(tmp_path).source_id == "a\\xff.txt"


NAMES = st.sampled_from([f"a{suffix}{compression}" for suffix in FORMATS for compression in COMPRESS])
BYTES = st.one_of(
    st.binary(max_size=200),
    st.sampled_from([data for _, data, _ in BAD_FILES.values()]),
    st.tuples(st.sampled_from(list(FILES.values())), st.integers(0, 100), st.binary(max_size=5)).map(
        lambda t: t[0][: t[1]] + t[2] + t[0][t[1] :]
    ),
)


@given(name=NAMES, data=BYTES, is_compressed=st.booleans())
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_file_holds_something_comes_out(name: str, data: bytes, is_compressed: bool, tmp_path: Path) -> None:
    path = write(
        tmp_path / name, COMPRESS[Path(name).suffix](data) if is_compressed and Path(name).suffix in COMPRESS else data
    )
    found = list(records_in(SourceFile(path, name), LITTLE))
    assert found
    assert len({r.source_id for r in found}) == len(found)
    for r in found:
        r.source_id.encode()
        assert "\x00" not in r.text if isinstance(r, Record) else r.reason.endswith(".")
        if isinstance(r, Record):
            r.text.encode()


def test_a_name_of_more_than_one_line_is_told_in_one(tmp_path: Path) -> None:
    (tmp_path / "a\nb\tc\u2028d.txt").write_text("A text.", "utf-8")
    (tmp_path / "ordinary é 漢.txt").write_text("A text.", "utf-8")
    assert [file.name for file in files_under(tmp_path)] == ["a\\nb\\tc\\u2028d.txt", "ordinary é 漢.txt"]
