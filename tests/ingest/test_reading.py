"""Whatever a reader raises costs one record or one file; what is cut off or damaged is read up to there and told."""

import codecs
import gzip
import json
import os
import random
import socket
import tempfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import zstandard

from pipelines.ingest.files import formats
from pipelines.ingest.files.formats import Limits, Record, Rejected, files_under, records_in
from pipelines.ingest.files.record import Intake
from pipelines.running.run import Source, Stop, look

STORY = "The harbour board voted on Tuesday night to lend the ferries money."


def read(path: Path, limits: Limits = Limits()) -> list[Record | Rejected]:  # noqa: B008
    return [found for file in files_under(path) for found in records_in(file, limits, set())]


def texts(found: list[Record | Rejected]) -> list[str]:
    return [one.text for one in found if isinstance(one, Record)]


def write(path: Path, contents: bytes) -> Path:
    path.write_bytes(contents)
    return path


@pytest.fixture
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parquet too, which is read aside: what is patched here is not patched there."""
    monkeypatch.setattr("pipelines.ingest.files.aside.read_aside", lambda read, intake: read(intake))


# --- one place for whatever is raised ----------------------------------------------------------------------------------

ERRORS = [AssertionError("unknown status keyword 'foo'"), RecursionError(), UnicodeError("undefined encoding"), OverflowError(), ZeroDivisionError("a\nb.")]  # fmt: skip


@pytest.mark.usefixtures("in_this_process")
@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.parquet", "a.warc"])
@pytest.mark.parametrize("error", ERRORS, ids=repr)
def test_whatever_is_raised_for_a_record_costs_that_record(
    error: Exception, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = Intake.record

    def sometimes(intake: Intake, fields: Any, *rest: Any, **more: Any) -> Record | Rejected:
        if "Two" in str(fields):
            raise error
        return make(intake, fields, *rest, **more)

    monkeypatch.setattr(Intake, "record", sometimes)
    one, two, three = read(write(tmp_path / name, CONTENTS[name](["One.", "Two.", "Three."])))
    assert texts([one, three]) == ["One.", "Three."]
    assert isinstance(two, Rejected)
    unit = {"a.parquet": "row 2", "a.warc": "record 2", "a.csv": "line 3"}.get(name, "line 2")
    assert two.reason.startswith(f"{name} {unit} could not be read ({type(error).__name__}")
    assert two.reason.endswith("), which is a fault of hearsay's: leave it out, and please report it.")
    assert "\n" not in two.reason


@pytest.mark.usefixtures("in_this_process")
@pytest.mark.parametrize("error", [MemoryError, KeyboardInterrupt])
@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.parquet", "a.warc", "a.txt"])
def test_a_full_memory_and_an_interruption_stop_the_run(
    error: type[BaseException], name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> Record:
        raise error

    monkeypatch.setattr(Intake, "record", fail)
    monkeypatch.setattr(Intake, "whole", fail)
    with pytest.raises(error):
        read(write(tmp_path / name, CONTENTS[name](["One."])))


def test_whatever_is_raised_outside_a_record_costs_the_rest_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = formats.READERS["jsonl"]

    def breaks(intake: Intake) -> Iterator[Record | Rejected]:
        yield from reader(intake)
        raise LookupError("no such thing")

    monkeypatch.setitem(formats.READERS, "jsonl", breaks)
    write(tmp_path / "a.jsonl", CONTENTS["a.jsonl"](["One.", "Two."]))
    write(tmp_path / "b.txt", b"Three.")
    found = read(tmp_path)
    assert texts(found) == ["One.", "Two.", "Three."]
    (rest,) = [one for one in found if isinstance(one, Rejected)]
    assert rest.source_id == "a.jsonl"
    assert rest.reason.startswith(
        "After 2 records, kept as read, a.jsonl could not be read (LookupError: no such thing)"
    )


def test_a_reader_that_finds_nothing_leaves_a_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(formats.READERS, "parquet", lambda intake: iter(()))
    (refused,) = read(write(tmp_path / "a.parquet", b"x"))
    assert isinstance(refused, Rejected)
    assert refused.reason == "a.parquet holds no records: fill it or take it out."


def _parquet(given: list[str]) -> bytes:
    import io

    import pyarrow as pa
    from pyarrow import parquet

    out = io.BytesIO()
    parquet.write_table(pa.table({"text": given}), out)
    return out.getvalue()


def _warc(given: list[str]) -> bytes:
    head = "WARC/1.0\r\nWARC-Type: conversion\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n{}\r\n\r\n"
    return "".join(head.format(len(text.encode()), text) for text in given).encode()


CONTENTS: dict[str, Callable[[list[str]], bytes]] = {
    "a.txt": lambda given: "\n".join(given).encode(),
    "a.jsonl": lambda given: "".join(json.dumps({"text": text}) + "\n" for text in given).encode(),
    "a.csv": lambda given: ("text\n" + "".join(f'"{text}"\n' for text in given)).encode(),
    "a.parquet": _parquet,
    "a.warc": _warc,
}


# --- cut off and damaged -----------------------------------------------------------------------------------------------


def stories(n: int) -> list[str]:
    """Texts that hardly compress, so that a cut or damage falls into each part of them."""
    letters = random.Random(7)
    return [f"{STORY} {number} " + "".join(letters.choices("abcdefghij ", k=400)) for number in range(n)]


PACK: dict[str, Callable[[bytes], bytes]] = {
    ".gz": gzip.compress,
    ".zst": zstandard.ZstdCompressor(write_checksum=True).compress,
}


def unpacked_before(data: bytes, packing: str) -> bytes:
    """What a plain reader makes of bytes that are cut off."""
    return (
        zlib.decompressobj(31).decompress(data)
        if packing == ".gz"
        else zstandard.ZstdDecompressor().decompressobj().decompress(data)
    )


@pytest.mark.parametrize("share", [0.02, 0.3, 0.5, 0.77, 0.999])
@pytest.mark.parametrize("packing", PACK)
@pytest.mark.parametrize("name", ["a.jsonl", "a.csv", "a.warc"])
def test_every_whole_record_before_a_cut_is_read_and_the_cut_is_told(
    name: str, packing: str, share: float, tmp_path: Path
) -> None:
    given = stories(900)  # more than one block of zstd
    data = PACK[packing](CONTENTS[name](given))
    data = data[: int(len(data) * share)]
    there = unpacked_before(data, packing)
    whole = [text for text in given if text.encode() in there]
    found = read(write(tmp_path / (name + packing), data))
    assert len(texts(found)) >= len(whole) - 1  # whose line is not known to have ended
    assert texts(found) == given[: len(found) - 1]
    last = found[-1]
    assert isinstance(last, Rejected)
    assert (
        f"is cut off (the {'gzip' if packing == '.gz' else 'zstd'} stream ends too early): fetch the file again."
        in last.reason
    )
    assert last.reason.startswith(f"After {len(found) - 1:,} record") or len(found) == 1


@pytest.mark.parametrize("packing", PACK)
@pytest.mark.parametrize("name", ["a.jsonl", "a.csv"])
def test_damage_is_told_of_every_record_it_may_have_touched(name: str, packing: str, tmp_path: Path) -> None:
    given = stories(900)
    data = bytearray(PACK[packing](CONTENTS[name](given)))
    middle = len(data) // 2
    data[middle : middle + 6] = b"\x00\xff\x55\xaa\x33\x77"
    found = read(write(tmp_path / (name + packing), bytes(data)))
    n_whole = len([1 for text, one in zip(given, texts(found), strict=False) if text == one])
    assert n_whole > 250
    assert all(
        one.notes == ("The compressed file is damaged, so this text may be wrong.",)
        for one in found
        if isinstance(one, Record)
    )
    assert isinstance(found[-1], Rejected)
    assert [type(one) for one in found].count(Rejected) == 1
    assert "damaged" in found[-1].reason or "no whole" in found[-1].reason


def test_lines_after_the_first_that_damage_spoilt_are_no_records(tmp_path: Path) -> None:
    lines = CONTENTS["a.jsonl"](stories(50))
    data = bytearray(gzip.compress(lines, 0))  # stored as it is, so that only the checksum knows
    at = data.index(b'{"text": "' + stories(21)[20].encode())
    data[at : at + 5] = b"storm"
    found = read(write(tmp_path / "a.jsonl.gz", bytes(data)))
    assert texts(found) == stories(20)
    assert isinstance(found[-1], Rejected)
    assert (
        found[-1].reason
        == "After 20 records, kept as read, a.jsonl.gz is damaged in its compressed bytes: fetch the file again."
    )


def test_a_checksum_that_does_not_fit_is_told_though_every_line_is_there(tmp_path: Path) -> None:
    data = bytearray(gzip.compress(CONTENTS["a.jsonl"](stories(50))))
    data[-6] ^= 0xFF
    found = read(write(tmp_path / "a.jsonl.gz", bytes(data)))
    assert texts(found) == stories(50)
    assert isinstance(found[-1], Rejected)
    assert (
        found[-1].reason
        == "After 50 records, kept as read, a.jsonl.gz is no whole gzip file (incorrect data check): fetch or compress it again."
    )


def test_a_bad_line_in_a_file_that_is_only_cut_off_ends_nothing(tmp_path: Path) -> None:
    data = gzip.compress(b'{"text": "One."}\nnot json\n{"text": "Two."}\n' + os.urandom(500).hex().encode())
    found = read(write(tmp_path / "a.jsonl.gz", data[:-100]))
    assert texts(found) == ["One.", "Two."]
    assert all(not one.notes for one in found if isinstance(one, Record))
    assert len(found) == 4


LINE = CONTENTS["a.jsonl"]([STORY])
SOUND = {
    "members": gzip.compress(LINE[:20]) + gzip.compress(b"") + gzip.compress(LINE[20:] + LINE),
    "zeros after the end": gzip.compress(LINE * 2) + bytes(100_000),
    "zeros between members": gzip.compress(LINE) + bytes(70_000) + gzip.compress(LINE),
    "packed twice": gzip.compress(gzip.compress(LINE * 2)),
    "packed three times": gzip.compress(zstandard.ZstdCompressor().compress(gzip.compress(LINE * 2))),
}


@pytest.mark.parametrize("suffix", [".jsonl.gz", ".jsonl"])
@pytest.mark.parametrize("name", SOUND)
def test_what_is_oddly_packed_and_sound_is_read_whatever_its_name_says(name: str, suffix: str, tmp_path: Path) -> None:
    found = read(write(tmp_path / f"a{suffix}", SOUND[name]))
    assert texts(found) == [STORY] * 2
    assert len(found) == 2


UNSOUND = {
    "packed four times": (gzip.compress(gzip.compress(gzip.compress(gzip.compress(LINE)))), "is compressed more than 3 times over: decompress it yourself."),
    "a bomb in a bomb": (gzip.compress(gzip.compress(bytes(60_000_000))), "grows more than 200 times when decompressed, as files do that are made to fill a disk: decompress it yourself if it is meant."),
    "other bytes after the end": (gzip.compress(LINE) + b"storm", "After 1 record, kept as read, a.jsonl.gz is no whole gzip file (incorrect header check): fetch or compress it again."),
    "nothing": (b"", "holds no records: fill it or take it out."),
}  # fmt: skip


@pytest.mark.parametrize("name", UNSOUND)
def test_what_is_packed_and_unsound_is_told(name: str, tmp_path: Path) -> None:
    data, telling = UNSOUND[name]
    *_, last = read(write(tmp_path / "a.jsonl.gz", data))
    assert isinstance(last, Rejected)
    assert last.reason.endswith(telling)


@pytest.mark.parametrize("packing", PACK)
@pytest.mark.parametrize("name", ["a.txt", "a.html"])
def test_a_text_that_is_cut_off_is_read_with_a_note_and_without_half_a_letter(
    name: str, packing: str, tmp_path: Path
) -> None:
    data = PACK[packing]("".join(f"<p>{text} Łódź.</p>\n" for text in stories(900)).encode())
    there = unpacked_before(data[: len(data) // 2], packing)
    (record,) = read(write(tmp_path / (name + packing), data[: len(data) // 2]))
    assert isinstance(record, Record)
    assert record.notes[0] == "The file is cut off: its compression ends too early, and what came before is read."
    assert record.text.count(STORY) > 250
    assert name == "a.html" or record.text == there.decode("utf-8", "ignore")


@pytest.mark.parametrize("letter", ["ł", "€", "𝄞"])
def test_half_a_letter_is_taken_off(letter: str) -> None:
    data = f"Port {letter}".encode()
    for n_cut in range(1, len(letter.encode())):
        assert formats._without_half_a_letter(data[:-n_cut]) == b"Port "
    assert formats._without_half_a_letter(data) == data
    assert formats._without_half_a_letter(b"caf\xe9 s") == b"caf\xe9 s"  # no UTF-8: what it is, is found later


def test_a_text_that_is_damaged_elsewhere_is_refused(tmp_path: Path) -> None:
    data = bytearray(gzip.compress("\n".join(stories(50)).encode()))
    data[-6] ^= 0xFF
    (refused,) = read(write(tmp_path / "a.txt.gz", bytes(data)))
    assert isinstance(refused, Rejected)
    assert "no whole gzip file" in refused.reason


def test_utf16_that_is_cut_off_keeps_its_lines(tmp_path: Path) -> None:
    lines = codecs.BOM_UTF16_LE + CONTENTS["a.jsonl"](stories(300)).decode().encode("utf-16-le")
    found = read(write(tmp_path / "a.jsonl.gz", gzip.compress(lines)[:-3000]))
    assert len(texts(found)) > 250
    assert "is cut off" in found[-1].reason if isinstance(found[-1], Rejected) else False


# --- what may not be looked into ---------------------------------------------------------------------------------------


def test_a_folder_that_may_be_listed_but_not_entered_is_one_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a" / "shut").mkdir(parents=True)
    for name in ("a/shut/x.txt", "a/shut/y.txt", "a/b.txt", "c.txt"):
        (tmp_path / name).write_text(STORY)
    lstat, full_stat = Path.lstat, Path.stat

    def refuse(look: Callable[[Path], os.stat_result]) -> Callable[..., os.stat_result]:
        def looked(path: Path, **more: Any) -> os.stat_result:
            if path.parent.name == "shut":
                raise PermissionError(13, "Permission denied")
            return look(path, **more)

        return looked

    monkeypatch.setattr(Path, "lstat", refuse(lstat))
    monkeypatch.setattr(Path, "stat", refuse(full_stat))
    found = {one.source_id: one for one in read(tmp_path)}
    assert sorted(found) == ["a/b.txt", "a/shut", "c.txt"]
    shut = found["a/shut"]
    assert isinstance(shut, Rejected)
    assert shut.reason == "The folder a/shut may be listed but not entered: change its permissions (it lacks x)."


def test_a_folder_that_may_not_be_listed_is_one_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shut").mkdir()
    (tmp_path / "c.txt").write_text(STORY)
    listed = Path.iterdir

    def list_(path: Path) -> Iterator[Path]:
        if path.name == "shut":
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(Path, "iterdir", list_)
    first, second = read(tmp_path)
    assert texts([first]) == [STORY]
    assert isinstance(second, Rejected)
    assert second.reason == "The folder shut could not be listed (Permission denied): change its permissions."


def test_a_file_that_goes_while_the_folder_is_walked_costs_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "c.txt").write_text(STORY)
    listed = Path.iterdir
    monkeypatch.setattr(Path, "iterdir", lambda path: iter([*listed(path), path / "gone.txt"]))
    first, second = read(tmp_path)
    assert texts([first]) == [STORY]
    assert isinstance(second, Rejected)
    assert second.reason == "gone.txt was gone when it was read: it was moved or deleted meanwhile."


def test_a_file_that_decompresses_to_more_than_a_file_may_is_told(tmp_path: Path) -> None:
    limits = Limits(max_record_bytes=1_000, max_file_bytes=100_000)
    found = read(write(tmp_path / "a.jsonl.gz", gzip.compress(CONTENTS["a.jsonl"](stories(900)))), limits)
    assert len(found) > 100
    assert isinstance(found[-1], Rejected)
    assert "decompresses to more than 100,000 bytes: split it into parts." in found[-1].reason


def test_a_link_to_what_may_not_be_seen_costs_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "b.txt").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    (tmp_path / "c.txt").write_text(STORY)
    full_stat = Path.stat

    def looked(path: Path, **more: Any) -> os.stat_result:
        if path.name == "b.txt" and more.get("follow_symlinks", True):
            raise PermissionError(13, "Permission denied")
        return full_stat(path, **more)

    monkeypatch.setattr(Path, "stat", looked)
    found = read(tmp_path)
    assert [one.source_id for one in found] == ["b.txt", "c.txt", "loop"]
    assert texts(found) == [STORY]


@pytest.mark.parametrize("kind", ["pipe", "socket", "device"])
def test_a_source_that_is_no_file_is_refused_and_not_waited_for(kind: str) -> None:
    with tempfile.TemporaryDirectory() as folder:  # the path of a socket must be short
        path = Path(folder) / "a.txt"
        if kind == "pipe":
            os.mkfifo(path)
        elif kind == "socket":
            with socket.socket(socket.AF_UNIX) as server:
                server.bind(str(path))
        else:
            path = Path(os.devnull)
        with pytest.raises(
            Stop, match=r"is no regular file \(a pipe, socket or device\): save what it gives as a file"
        ):
            look([Source(path)])
