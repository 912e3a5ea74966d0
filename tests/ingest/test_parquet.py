"""Parquet: odd values cost themselves, a damaged part costs itself, and small files that unpack to much are bounded."""

import gzip
import io
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.ingest.files import parquet
from pipelines.ingest.files.formats import Limits, Record, Rejected, files_under, records_in

STORY = "The harbour board voted on Tuesday night to lend the ferries money."


def read(path: Path, limits: Limits = Limits()) -> list[Record | Rejected]:  # noqa: B008
    return [found for file in files_under(path) for found in records_in(file, limits, set())]


def written(path: Path, table: pa.Table, **options: Any) -> Path:
    pq.write_table(table, path, **options)
    return path


def zoned(name: str) -> pa.Array:
    return pa.array([1_657_324_800_000_000], pa.int64()).cast(pa.timestamp("us", tz=name))


ODD = [
    ("published_on", zoned("Mars/Olympus"), date(2022, 7, 9), "The time zone Mars/Olympus is not known, so that published_on is the day in UTC."),
    ("published_on", zoned("Europe/Oslo"), date(2022, 7, 9), None),
    ("published_on", pa.array([3_000_000], pa.date32()), None, "published_on is left out: it lies outside the years 1 to 9999."),
    ("published_on", pa.array([b"\xff\xfe"]), None, "published_on is left out: its bytes are no UTF-8 (first at byte 0 of 2)."),
    ("published_on", pa.array([b"2022-07-09"]), date(2022, 7, 9), None),
    ("title", pa.array([["a", "b"]]), None, "title is left out: it is no plain text."),
    ("author", pa.array([{"name": "Ana"}]), None, "author is left out: it is no plain text."),
    ("title", pa.array(["Ferries"]).dictionary_encode(), "Ferries", None),
    ("unread", pa.array([["a"]]), None, None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "values", "expected", "note"), ODD)
def test_a_value_that_is_odd_costs_itself(
    name: str, values: pa.Array, expected: object, note: str, tmp_path: Path
) -> None:
    (record,) = read(written(tmp_path / "a.parquet", pa.table({"text": [STORY], name: values})))
    assert isinstance(record, Record), record
    assert (record.text, getattr(record, name, None)) == (STORY, expected)
    assert record.notes == ((note,) if note else ())


def test_a_text_in_bytes_is_read_in_its_encoding(tmp_path: Path) -> None:
    russian = "Порт закрыт третий день, сообщил мэр. Рыбаки остались дома."
    texts = [STORY.encode(), russian.encode("cp1251"), bytes(range(256))]
    first, second, third = read(written(tmp_path / "a.parquet", pa.table({"text": pa.array(texts, pa.binary())})))
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert isinstance(third, Rejected)
    assert (first.text, second.text) == (STORY, russian)
    assert "row 3 is no text but binary" in third.reason


def test_a_text_in_a_column_of_strings_is_utf8_or_damaged(tmp_path: Path) -> None:
    texts = pa.array([STORY.encode(), "Порт закрыт третий день.".encode("cp1251")], pa.binary())
    column = pa.Array.from_buffers(pa.string(), 2, texts.buffers())
    first, second = read(written(tmp_path / "a.parquet", pa.table({"text": column})))
    assert isinstance(first, Record)
    assert isinstance(second, Rejected)
    assert "row 2 has a text that cannot be read: its bytes are no UTF-8 (first at byte 0 of 24)" in second.reason


@pytest.mark.parametrize("names", [["text", "text"], ["text", "TEXT"]])
def test_of_two_columns_named_text_one_is_read_and_a_note_says_so(names: list[str], tmp_path: Path) -> None:
    columns = [pa.array([text]) for text in (STORY, "No.")]
    (record,) = read(written(tmp_path / "a.parquet", pa.Table.from_arrays(columns, names)))
    assert isinstance(record, Record)
    assert record.text == STORY
    assert record.notes == (
        "There are 2 fields named text: the first that is not empty is read (if there is one, of those written exactly so).",
    )


def test_texts_that_are_lists_are_refused_with_what_to_do(tmp_path: Path) -> None:
    (refused,) = read(written(tmp_path / "a.parquet", pa.table({"text": [["One.", "Two."]]})))
    assert isinstance(refused, Rejected)
    assert refused.reason.endswith("has lists or structures in its column named text: write each text as one string.")


def test_a_damaged_row_group_costs_itself_and_the_end_says_so(tmp_path: Path) -> None:
    texts = [f"{STORY} {number}" for number in range(40)]
    path = written(
        tmp_path / "a.parquet", pa.table({"text": texts}), row_group_size=10, use_dictionary=False, compression="zstd"
    )
    chunk = pq.ParquetFile(path).metadata.row_group(1).column(0)
    data = bytearray(path.read_bytes())
    middle = chunk.data_page_offset + chunk.total_compressed_size // 2
    data[middle : middle + 40] = b"\xff" * 40
    path.write_bytes(data)
    found = read(path)
    assert [one.text for one in found if isinstance(one, Record)] == texts[:10] + texts[20:]
    (refused,) = [one for one in found if isinstance(one, Rejected)]
    assert refused.reason.startswith(
        "After 30 records, kept as read, a.parquet from row 11 to row 20 is no whole Parquet file ("
    )
    assert refused.source_id == "a.parquet"


def test_a_name_of_a_column_that_is_no_utf8_is_told(tmp_path: Path) -> None:
    path = written(tmp_path / "a.parquet", pa.table({"text": [STORY], "heading": ["x"]}), store_schema=False)
    path.write_bytes(path.read_bytes().replace(b"heading", b"head\xbdng"))
    (refused,) = read(path)
    assert isinstance(refused, Rejected)
    assert refused.reason.startswith("a.parquet is no whole Parquet file ('utf-8' codec can't decode")


def test_a_library_that_runs_out_of_memory_is_not_taken_for_a_bad_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path / "a.parquet", pa.table({"text": [STORY]}))

    def full(*_: object, **__: object) -> None:
        raise pa.ArrowMemoryError("malloc of size 9 failed")

    monkeypatch.setattr("pipelines.ingest.files.aside.read_aside", lambda read, intake: read(intake))
    monkeypatch.setattr(parquet.parquet, "ParquetFile", full)
    with pytest.raises(MemoryError):
        read(path)


# --- small files that unpack to much -----------------------------------------------------------------------------------

LITTLE = Limits(max_record_bytes=100_000, max_expansion=50)
LARGE = {
    "rows that repeat": (pa.table({"text": ["The port is shut."] * 500_000}), {}, "claims 500,000 rows and grows more than 50 times"),
    "rows without text": (pa.table({"text": pa.nulls(500_000, pa.string())}), {}, "claims 500,000 rows and grows more than 50 times"),
    "long rows that repeat": (pa.table({"text": ["storm " * 10_000] * 500}), {}, "grows more than 50 times when unpacked"),
    "one text that is too long": (pa.table({"text": ["storm " * 100_000]}), {"use_dictionary": False}, "row 1 is longer"),
    "one giant text": (pa.table({"text": ["storm " * 2_000_000]}), {"use_dictionary": False}, "has pages of 11 MB"),
    "a giant dictionary": (pa.table({"text": ["storm " * 2_000_000] * 3}), {"dictionary_pagesize_limit": 1 << 25}, "has pages of 11 MB"),
}  # fmt: skip


@pytest.mark.parametrize("packing", ["", ".gz"])
@pytest.mark.parametrize("name", LARGE)
def test_what_unpacks_to_much_is_refused(name: str, packing: str, tmp_path: Path) -> None:
    table, options, telling = LARGE[name]
    path = written(tmp_path / "a.parquet", table, compression="zstd", **options)
    if packing:
        data = path.read_bytes()
        path.unlink()
        path = tmp_path / "a.parquet.gz"
        path.write_bytes(gzip.compress(data))
    found = read(path, LITTLE)
    assert isinstance(found[-1], Rejected)
    assert telling in found[-1].reason
    texts = sum(len(one.text) for one in found if isinstance(one, Record))
    assert texts <= LITTLE.max_record_bytes + 60_000


def test_the_footer_is_not_believed_about_the_size_of_a_page(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.parquet", pa.table({"text": ["storm " * 20]}), use_dictionary=False, compression="zstd"
    )
    chunk = pq.ParquetFile(path).metadata.row_group(0).column(0)
    at = chunk.data_page_offset
    data = bytearray(path.read_bytes())
    header = parquet._Header(bytes(data[at:]))
    size = header.struct()[2]
    assert data[at : at + 3] == b"\x15\x00\x15"  # the kind of page, then its size, written in two bytes
    assert 64 < size < 8191
    with path.open("rb") as stream:
        assert list(parquet._page_sizes(stream, chunk)) == [size]
    data[at + 3 : at + 5] = b"\xfe\x7f"
    (tmp_path / "lie").write_bytes(data)
    with (tmp_path / "lie").open("rb") as stream:
        assert next(parquet._page_sizes(stream, chunk)) == 8191


@pytest.mark.parametrize("version", ["1.0", "2.0"])
@pytest.mark.parametrize("compression", ["none", "snappy", "zstd", "gzip"])
@pytest.mark.parametrize("encoding", [None, "PLAIN", "DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY"])
def test_every_page_of_every_writer_is_found(encoding: str | None, compression: str, version: str) -> None:
    texts = [f"{STORY} {number}" for number in range(3000)]
    out = io.BytesIO()
    options: dict[str, Any] = {"use_dictionary": encoding is None}
    if encoding:
        options["column_encoding"] = {"text": encoding}
    pq.write_table(
        pa.table({"text": texts}), out, compression=compression, data_page_version=version, data_page_size=4096,
        write_page_checksum=True, **options,
    )  # fmt: skip
    chunk = pq.ParquetFile(out).metadata.row_group(0).column(0)
    sizes = list(parquet._page_sizes(out, chunk))
    assert sizes
    headers = chunk.total_uncompressed_size - sum(sizes)
    assert 0 < headers < 200 * len(sizes)  # all that is not in a page is a head of one


NO_STRUCTURES = [
    b"",
    b"\x15",
    b"\x15\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\x01",
    b"\x19\x0c",
    b"\x1c" * 40,
    b"\x18\xff\xff\xff\xff\x0f",
]


@pytest.mark.parametrize("data", NO_STRUCTURES)
def test_bytes_that_are_no_head_of_a_page_say_so(data: bytes) -> None:
    with pytest.raises((IndexError, ValueError)):
        parquet._Header(data).struct()


MEMORY = """
import resource, sys
from pathlib import Path
from pipelines.ingest.files.formats import SourceFile, records_in
path = Path(sys.argv[1])
n = sum(1 for _ in records_in(SourceFile(path, path.name)))
print(n, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def test_a_few_hundred_bytes_that_stand_for_gigabytes_cost_less_than_one(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.parquet",
        pa.table({"text": ["y" * 900_000] * 60}),
        dictionary_pagesize_limit=1 << 24,
        compression="zstd",
    )
    small = path.stat().st_size
    with pq.ParquetWriter(path, pa.schema([("text", pa.string())]), compression="zstd") as writer:
        for _ in range(40):  # 2 GB
            writer.write_table(pa.table({"text": ["y" * 900_000] * 60}), row_group_size=60)
    assert small < 1000
    assert path.stat().st_size < 20_000
    run = subprocess.run([sys.executable, "-c", MEMORY, str(path)], capture_output=True, text=True, check=True)
    n_found, peak_mb = map(int, run.stdout.split())
    assert n_found < 60  # refused once past one text's limit
    assert peak_mb < 1000


def test_a_file_that_ends_the_program_that_reads_it_is_rejected_and_the_next_one_read(tmp_path: Path) -> None:
    """One flipped bit in a footer: the library ends its process, which no exception tells."""
    seeds = Path(__file__).resolve().parent.parent / "cases" / "fuzz_seeds"
    for name in ("a.parquet", "c.parquet"):
        (tmp_path / name).write_bytes((seeds / "aborts_small.parquet").read_bytes())
    for name in ("b.parquet", "d.parquet"):
        pq.write_table(pa.table({"text": ["One text.", "Another."]}), tmp_path / name)
    found = [item for file in files_under(tmp_path) for item in records_in(file)]
    assert [type(item).__name__ for item in found] == ["Rejected", "Record", "Record", "Rejected", "Record", "Record"]
    assert found[0].reason == (
        "a.parquet ends the program that reads it, by damage or for want of memory: fetch or write it again."
    )


def test_the_column_that_is_named_text_exactly_is_read_before_another(tmp_path: Path) -> None:
    columns = [pa.array([text]) for text in ("No.", STORY)]
    (record,) = read(written(tmp_path / "a.parquet", pa.Table.from_arrays(columns, ["Text", "text"])))
    assert isinstance(record, Record)
    assert record.text == STORY
