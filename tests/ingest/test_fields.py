"""Whatever a record's fields hold, it has one outcome, and what is dropped or changed is said."""

import contextlib
import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.ingest.documents import document_of
from pipelines.ingest.files.decoding import decoded
from pipelines.ingest.files.formats import Record, Rejected, SourceFile, records_in
from pipelines.ingest.files.record import FIELDS, Unusable, metadata_of, named

SAME_FOLDER = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def read(path: Path) -> list[Record | Rejected]:
    return list(records_in(SourceFile(path, path.name), taken=set()))


def one(path: Path, contents: bytes | str) -> Record:
    path.write_bytes(contents.encode() if isinstance(contents, str) else contents)
    (found,) = read(path)
    assert isinstance(found, Record), found
    return found


def nested(depth: int) -> str:
    return "[" * depth + "]" * depth


ODD = {
    "a thousand lists": nested(1000),
    "a hundred thousand lists": nested(100_000),
    "objects in lists": '[{"a":' * 500 + "1" + "}]" * 500,
    "a long list": json.dumps(list(range(100_000))),
    "a long number": "9" * 5000,
    "NaN in a list": "[NaN]",
    "infinity": "-Infinity",
    "a boolean": "true",
    "an object": '{"$date": "2024-05-16T00:00:00Z"}',
    "an empty list": "[]",
    "half a pair": '"\\ud800"',
    "NUL": '"a\\u0000b"',
    "a long string": json.dumps("a" * 100_000),
}


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("odd", ODD)
def test_an_odd_value_costs_itself_alone_and_gives_one_note(odd: str, name: str, tmp_path: Path) -> None:
    record = one(tmp_path / "a.jsonl", f'{{"{name}": {ODD[odd]}, "text": "Storm."}}')
    assert (record.text, getattr(record, name)) == ("Storm.", None)
    assert len(record.notes) == 1
    assert record.notes[0].startswith(f"{name} ")
    assert len(record.notes[0]) < 300
    record.notes[0].encode()


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_text_is_refused_in_a_sentence_or_read_with_a_note(odd: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f'{{"id": "x", "text": {ODD[odd]}}}\n{{"text": "Storm."}}')
    first, second = read(path)
    assert isinstance(second, Record)
    if isinstance(first, Rejected):
        assert first.source_id == "x"
        assert "line 1" in first.reason
        assert first.reason.endswith(".")
    else:
        assert odd in ("half a pair", "a long string")
        assert bool(first.notes) == (odd == "half a pair")


def test_empty_values_are_no_values_and_need_no_note(tmp_path: Path) -> None:
    record = one(
        tmp_path / "a.jsonl", '{"text": "Storm.", "title": " ", "published_on": null, "id": NaN, "author": ""}'
    )
    assert (record.notes, record.title, record.id) == ((), None, None)


def test_json_that_is_nested_without_end_is_refused_and_the_next_line_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f'{{"title": {"[" * 100_000}\n{nested(100_000)}\n{{"a": {nested(90)}, "text": "[{{"}}')
    first, second, third = read(path)
    assert isinstance(first, Rejected)
    assert "no valid JSON" in first.reason
    assert isinstance(second, Rejected)
    assert "JSON array" in second.reason
    assert isinstance(third, Record)
    assert third.text == "[{"


def parquet(path: Path, names: list[str], *columns: Any) -> Path:
    pq.write_table(
        pa.Table.from_arrays(
            [pa.array(column) if isinstance(column, list) else column for column in columns], names=names
        ),
        path,
    )
    return path


@pytest.mark.parametrize("second", ["text", "Text", " TEXT "])
@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet"])
def test_of_two_texts_the_first_is_read_and_a_note_says_so(suffix: str, second: str, tmp_path: Path) -> None:
    path = tmp_path / f"a{suffix}"
    if suffix == ".parquet":
        parquet(path, ["text", "title", second], ["One.", "", "One."], ["T", "T", "T"], ["Two.", "Two.", None])
    elif suffix == ".csv":
        path.write_text(f"text,title,{second}\nOne.,T,Two.\n,T,Two.\nOne.,T,\n")
    else:
        path.write_text(
            "\n".join(
                f'{{"text": "{a}", "title": "T", "{second}": "{b}"}}'
                for a, b in (("One.", "Two."), ("", "Two."), ("One.", ""))
            )
        )
    found = read(path)
    assert [record.text for record in found if isinstance(record, Record)] == ["One.", "Two.", "One."]
    for record in found:
        assert isinstance(record, Record)
        assert record.title == "T"
        assert record.notes == (
            "There are 2 fields named text: the first that is not empty is read (if there is one, of those written exactly so).",
        )


def test_other_fields_may_come_twice_and_names_without_meaning_as_often_as_they_like() -> None:
    found, notes = named([("x", 1), ("x", 2), ("Title", "A"), ("title", "B"), ("url", None), ("URL", None)])
    assert found == {"title": "B", "url": None}
    assert [note.split(":")[0] for note in notes] == ["There are 2 fields named title", "There are 2 fields named url"]


def test_bytes_that_are_no_utf8_are_told_as_such_and_where(tmp_path: Path) -> None:
    broken = pa.Array.from_buffers(
        pa.string(), 2, [None, pa.py_buffer(bytes(4) + b"\x03\0\0\0\x09\0\0\0"), pa.py_buffer(b"a\xffbStorm.")]
    )
    first, second = read(parquet(tmp_path / "a.parquet", ["text", "id"], broken, ["x", "y"]))
    assert isinstance(first, Rejected)
    assert first.source_id == "x"
    assert "row 1 has a text that cannot be read: its bytes are no UTF-8 (first at byte 1 of 3)" in first.reason
    assert isinstance(second, Record)
    assert second.text == "Storm."


def test_columns_of_bytes_are_read_as_utf8(tmp_path: Path) -> None:
    values = [
        pa.array(column, pa.binary())
        for column in (["Größe".encode(), b"Two."], [b"T\xff", b"T"], [b"2024-05-16", b"\xff\xfe"])
    ]
    first, second = read(parquet(tmp_path / "a.parquet", ["text", "title", "published_on"], *values))
    assert isinstance(first, Record)
    assert isinstance(second, Record)
    assert (first.text, first.title, first.published_on) == ("Größe", None, date(2024, 5, 16))
    assert first.notes == ("title is left out: its bytes are no UTF-8 (first at byte 1 of 2).",)
    assert (second.title, len(second.notes)) == ("T", 1)


@pytest.mark.parametrize(
    "days",
    [
        pa.array([2**30, 19_000], pa.int32()).cast(pa.date32()),
        pa.array([2**58 // 1000, 1_641_600_000_000], pa.int64()).cast(pa.timestamp("ms")),
        pa.array([-(2**57), 1_641_600_000_000_000], pa.int64()).cast(pa.timestamp("us", tz="UTC")),
        pa.array([1_641_600_000_000_000, 1_641_600_000_000_000], pa.int64()).cast(pa.timestamp("us", tz="Mars/Olympus")),
    ],
    ids=["date", "ms", "us", "zone"],
)  # fmt: skip
def test_a_day_that_python_cannot_hold_is_noted(days: pa.Array, tmp_path: Path) -> None:
    first, second = read(parquet(tmp_path / "a.parquet", ["text", "published_on"], ["One.", "Two."], days))
    assert isinstance(first, Record)
    assert len(first.notes) == 1
    assert isinstance(second, Record)
    if "Mars" in str(days.type):
        assert first.notes == ("The time zone Mars/Olympus is not known, so that published_on is the day in UTC.",)
        return
    assert first.published_on is None
    assert first.notes[0].startswith("published_on is left out: ")
    assert second.published_on is not None
    assert second.notes == ()


def test_metadata_that_was_decoded_wrongly_is_repaired_with_a_note_and_an_id_is_not(tmp_path: Path) -> None:
    fields = {
        "text": "Storm.",
        "title": "SÃ£o JoÃ£o",
        "author": "JosÃ© â€œZÃ©â€ PeÃ±a",
        "publisher": "Łódź Dziś",
        "id": "cafÃ©",
    }
    record = one(tmp_path / "a.jsonl", json.dumps(fields))
    assert (record.title, record.author, record.publisher, record.id) == (
        "São João",
        "José “Zé” Peña",
        "Łódź Dziś",
        "cafÃ©",
    )
    assert len(record.notes) == 2


def test_a_text_that_was_decoded_wrongly_is_repaired_with_a_note(tmp_path: Path) -> None:
    for name in ("a.txt", "a.csv", "a.jsonl"):
        text = "â€œNÃ£o,â€ disse Ana. â€œSim.â€"
        wrapped = {"a.txt": text, "a.csv": f"text\n{text}\n".replace(",", ";"), "a.jsonl": json.dumps({"text": text})}[
            name
        ]
        record = one(tmp_path / name, wrapped)
        assert record.text.replace(";", ",") == "“Não,” disse Ana. “Sim.”"
        assert record.notes[0].startswith("2 word(s) had been decoded wrongly")


def test_cells_beyond_the_header_are_refused_unless_they_are_empty(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text,title\nOne.,T,,\nStorm over, the bay,T\nTwo.\n")
    first, second, third = read(path)
    assert isinstance(first, Record)
    assert (first.text, first.notes) == ("One.", ())
    assert isinstance(second, Rejected)
    assert "3 values where the header has 2" in second.reason
    assert isinstance(third, Record)


def test_a_month_of_publication_bounds_the_document() -> None:
    found, _ = metadata_of({"published_on": "2024-05"})
    document, _ = document_of("d", "s", "Storm over the bay. Published 3 June 2019.", found)
    assert (document.published_on, document.published_basis) == (None, "metadata")
    assert (document.published_earliest_on, document.published_latest_on) == (date(2024, 5, 1), date(2024, 5, 31))


# --- encodings -------------------------------------------------------------------------------------------------------

TEXTS = [
    "The port is shut for the third day.",
    "Порт закрыт третий день, сообщил мэр.",
    "Το λιμάνι είναι κλειστό για τρίτη ημέρα.",
    "港は三日間閉鎖されています。漁師たちは家にいる。",
    "عادت المكتبة العائمة إلى النيل بعد عشرين عاما.",
    "Łodzie zostały w zatoce – „na razie”.",
    "😀 Grüße, 𝔘𝔫𝔦𝔠𝔬𝔡𝔢!",
]
WIDE = ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]


def as_csv(texts: list[str]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([["id", "text"], *[[f"n{at}", text] for at, text in enumerate(texts)]])
    return out.getvalue()


def as_json_lines(texts: list[str]) -> str:
    return "".join(
        json.dumps({"id": f"n{at}", "text": text}, ensure_ascii=False) + "\n" for at, text in enumerate(texts)
    )


def texts_of(found: list[Record | Rejected]) -> list[str]:
    return [record.text if isinstance(record, Record) else record.reason for record in found]


@pytest.mark.parametrize("encoding", WIDE)
@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
@pytest.mark.parametrize(
    "texts", [*([text] for text in TEXTS), TEXTS * 300], ids=[*(text[:9] for text in TEXTS), "all"]
)
def test_wide_encodings_without_a_mark_are_read_with_a_note(
    suffix: str, encoding: str, texts: list[str], tmp_path: Path
) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes((as_csv if suffix == ".csv" else as_json_lines)(texts).encode(encoding))
    found = read(path)
    assert texts_of(found) == texts
    for record in found:
        assert isinstance(record, Record)
        assert record.notes == (f"It is no UTF-8, names no encoding, and is read as {encoding}.",)


def test_a_header_in_another_script_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("日付;text;題名\n1;Storm.;嵐\n".encode("utf-16-le"))
    assert texts_of(read(tmp_path / "a.csv")) == ["Storm."]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_file_in_utf16_without_a_mark_is_read(text: str, tmp_path: Path) -> None:
    record = one(tmp_path / "a.txt", f"{text}\n{text} 2024\n".encode("utf-16-be"))
    assert record.text == f"{text}\n{text} 2024\n"


def test_a_row_in_another_encoding_than_the_rest_says_so(tmp_path: Path) -> None:
    rows = ["text,title", "Größe zählt.,a", "Größe fehlt – sagt er.,b", "Storm.,c"]
    (tmp_path / "a.csv").write_bytes(
        b"\n".join(row.encode("cp1252" if at == 2 else "utf-8") for at, row in enumerate(rows))
    )
    found = read(tmp_path / "a.csv")
    assert texts_of(found) == ["Größe zählt.", "Größe fehlt – sagt er.", "Storm."]
    assert [len(record.notes) for record in found if isinstance(record, Record)] == [0, 1, 0]


def test_what_was_lost_in_decoding_is_said(tmp_path: Path) -> None:
    for name, data in {
        "a.jsonl": json.dumps({"text": "Größe zählt, sagte er, überall und für jeden. " * 9}, ensure_ascii=False)
        .encode()
        .replace(b"jeden", b"j\xc3den", 1),
        "b.jsonl": '{"text": "a\ufffdb"}'.encode(),
        "c.jsonl": b'{"text": "a\\ud800b"}',
        "d.txt": "lost \ufffd here".encode(),
    }.items():
        record = one(tmp_path / name, data)
        assert len(record.notes) == 1, name


def test_pairs_of_halves_are_characters_and_halves_are_not(tmp_path: Path) -> None:
    record = one(tmp_path / "a.jsonl", '{"text": "\\ud83d\\ude00 a\\ud800b", "title": "\\ud83d\\ude00"}')
    assert (record.text, record.title) == ("😀 a\ufffdb", "😀")
    assert record.notes == ("1 half(s) of surrogate pairs, which are no characters, stand as \ufffd.",)


# --- anything --------------------------------------------------------------------------------------------------------

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)
NAMES = st.sampled_from([*FIELDS, "text", "Text", "ID", "x"])


@given(objects=st.lists(st.dictionaries(NAMES, ANY_JSON), min_size=1, max_size=5))
@SAME_FOLDER
def test_every_json_object_has_one_outcome(objects: list[dict[str, Any]], tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, objects)))
    found = read(tmp_path / "a.jsonl")
    assert len(found) == len(objects)
    assert len({item.source_id for item in found}) == len(found)
    for item, fields in zip(found, objects, strict=True):
        if isinstance(item, Record):
            item.text.encode()
            given = {
                str(name).lower()
                for name, value in fields.items()
                if not (value is None or value != value or (isinstance(value, str) and not value.strip()))
            }
            for name in given & set(FIELDS):
                kept = getattr(item, name) is not None
                assert kept or any(note.startswith(name) or f"named {name}:" in note for note in item.notes), name
        else:
            assert item.reason.endswith(".")


@given(st.one_of(ANY_JSON, st.binary(), st.integers(10**4000, 10**4400), st.decimals(), st.datetimes(), st.dates()))
@SAME_FOLDER
def test_no_value_of_any_field_raises(value: Any) -> None:
    for name in FIELDS:
        found, notes = metadata_of({name: value})
        assert len(notes) <= 1
        assert all(len(note) < 400 and note.endswith(".") for note in notes)
        assert set(found) <= {*FIELDS, "published_earliest_on", "published_latest_on"}


@given(
    st.one_of(
        st.binary(max_size=300), st.text(max_size=300).map(lambda text: text.encode("utf-16-le", "surrogatepass"))
    )
)
@SAME_FOLDER
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    with contextlib.suppress(Unusable):
        assert isinstance(decoded(data, "a.txt").text, str)


CELLS = st.text(alphabet=st.sampled_from('abé“,;"\n\r \t|\x00Ñ嵐'), max_size=12)


@given(
    rows=st.lists(st.lists(CELLS, max_size=4).map(",".join), max_size=6),
    encoding=st.sampled_from(["utf-8", "utf-16-le", "utf-16", "gb18030"]),
    junk=st.binary(max_size=4),
)
@SAME_FOLDER
def test_any_bytes_of_csv_have_an_outcome(rows: list[str], encoding: str, junk: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("\n".join(["text,title,id", *rows]).encode(encoding) + junk)
    found = read(tmp_path / "a.csv")
    assert found
    assert len({item.source_id for item in found}) == len(found)


PLAIN = st.text(
    alphabet=st.characters(
        codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co"), exclude_characters="\u2028\u2029\ufeff\ufffd"
    ),
    min_size=1,
    max_size=60,
).filter(str.strip)


@given(
    texts=st.lists(PLAIN, min_size=1, max_size=5), encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"])
)
@SAME_FOLDER
def test_texts_come_back_as_they_were_written(texts: list[str], encoding: str, tmp_path: Path) -> None:
    from pipelines.damage import decoded_anew

    texts = [text for text in texts if decoded_anew(text).text == text] or ["a"]
    (tmp_path / "a.jsonl").write_bytes(as_json_lines(texts).encode(encoding))
    (tmp_path / "a.csv").write_bytes(as_csv(texts).encode(encoding))
    assert texts_of(read(tmp_path / "a.jsonl")) == texts
    assert texts_of(read(tmp_path / "a.csv")) == texts


PAGES = {
    "cp1252": "Der Bürgermeister sagte: „Größere Schäden“ gebe es nicht.",
    "cp1251": "Порт закрыт третий день, сообщил мэр. Рыбаки остались дома.",
    "cp1250": "Přístav je zavřený a lodě nejsou v zátoce, řekl starosta.",
    "cp1253": "Το λιμάνι είναι κλειστό για τρίτη ημέρα, είπε ο δήμαρχος.",
    "cp1254": "Liman üç gündür kapalı, dedi başkan, gemiler bağlı.",
}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("suffix", [".csv", ".jsonl"])
def test_texts_of_a_windows_page_come_back_and_a_note_names_the_page(page: str, suffix: str, tmp_path: Path) -> None:
    texts = [PAGES[page], PAGES[page][:30], "Storm."]
    (tmp_path / f"a{suffix}").write_bytes((as_csv if suffix == ".csv" else as_json_lines)(texts).encode(page))
    found = read(tmp_path / f"a{suffix}")
    assert texts_of(found) == texts
    assert all(isinstance(record, Record) and record.notes[0].endswith(f"is read as {page}.") for record in found)


def test_of_names_that_differ_in_letter_case_the_exact_one_is_read_unless_it_is_empty() -> None:
    assert named({"TEXT": "other", "text": "Storm.", "Title": "a"})[0] == {"text": "Storm.", "title": "a"}
    assert named({"TEXT": "Storm.", "text": " "})[0] == {"text": "Storm."}
    assert named([("Text", "Storm."), ("TEXT", "other")])[0] == {"text": "Storm."}
