"""Web archives: which records are texts, how their bytes are unpacked, and what is said of broken ones."""

import base64
import gzip
import hashlib
import os
import zlib
from pathlib import Path

import brotli
import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.ingest.files.formats import Limits, Record, Rejected, files_under, records_in

STORY = (
    "The harbour board voted on Tuesday night to lend the ferries money. Nobody on the quay was told before the vote."
)
PAGE = f"<html><head><title>Ferries</title></head><body><article><h1>Ferries</h1><p>{STORY}</p><p>{STORY}</p></article></body></html>"
URL = "https://coast.example/ferries"


def warc(kind: str, block: bytes, content_type: str = "application/http; msgtype=response", **fields: str) -> bytes:
    head = {"WARC-Type": kind, "WARC-Target-URI": URL, "Content-Type": content_type, "Content-Length": str(len(block))}
    lines = [f"{name}: {value}" for name, value in (head | fields).items()]
    return "\r\n".join(["WARC/1.0", *lines, "", ""]).encode() + block + b"\r\n\r\n"


def answer(body: bytes, status: str = "200 OK", content_type: str = "text/html", **fields: str) -> bytes:
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {content_type}",
        *(f"{k.replace('_', '-')}: {v}" for k, v in fields.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode() + body


def read(path: Path, data: bytes, limits: Limits = Limits()) -> list[Record | Rejected]:  # noqa: B008
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return [found for file in files_under(path) for found in records_in(file, limits, set())]


def test_every_answer_has_a_row_and_what_is_no_answer_has_none(tmp_path: Path) -> None:
    http = "application/http; msgtype=response"
    archive = b"".join(
        [
            warc("warcinfo", b"software: crawler", "application/warc-fields"),
            warc("request", b"GET /ferries HTTP/1.1\r\n\r\n", "application/http; msgtype=request"),
            warc("response", answer(PAGE.encode())),
            warc("response", answer(b"\x89PNG\x00", content_type="image/png")),
            warc("metadata", b"via: https://coast.example", "application/warc-fields"),
            warc("revisit", b"HTTP/1.1 200 OK\r\n\r\n", http),
            warc("response", answer(b"gone", status="404 Not Found")),
            warc(
                "response", b"20240101 coast.example 10.0.0.1", "text/dns", **{"WARC-Target-URI": "dns:coast.example"}
            ),
            warc("conversion", STORY.encode(), "text/plain"),
        ]
    )
    for name in ("crawl.warc", "crawl.warc.gz"):
        found = read(tmp_path / name, archive)
        assert [(type(one), one.source_id, one.format) for one in found] == [
            (Record, f"{name}#3", "warc"),
            (Rejected, f"{name}#4", "warc"),
            (Rejected, f"{name}#7", "warc"),
            (Record, f"{name}#9", "warc"),
        ]
        page, text = (one for one in found if isinstance(one, Record))
        assert (page.title, page.url) == ("Ferries", URL)
        assert STORY in page.text
        assert (text.text, text.url) == (STORY, URL)


NO_PAGES = [
    (answer(b"x", status="404 Not Found"), "is an answer that the page was not found (404): leave it out, or fetch it from where it is now."),
    (answer(b"x", status="410 Gone"), "is an answer that the page was not found (410): leave it out, or fetch it from where it is now."),
    (answer(b"x", status="302 Found", Location="https://coast.example/8"), "is a redirect (302) to https://coast.example/8 and no page: leave it out, or fetch the page that it leads to."),
    (answer(b"", status="304 Not Modified"), "is an answer that nothing had changed (304): leave it out."),
    (answer(b"", status="204 No Content"), "is an answer without a body (204): leave it out."),
    (answer(b"x", status="403 Forbidden"), "is an answer that the page may not be read (403): leave it out."),
    (answer(b"x", status="429 Too Many Requests"), "is an answer that there were too many requests (429): fetch the page again."),
    (answer(b"x", status="400 Bad Request"), "is an answer that the request was wrong (400): leave it out, or fetch the page again."),
    (answer(b"x", status="503 Service Unavailable"), "is an answer that the server failed (503): leave it out, or fetch the page again."),
    (answer(b"x", status="soon"), "is an answer without the page (no status): leave it out, or fetch the page again."),
    (answer(b"{}", content_type="application/json"), "is of the type application/json and no page or plain text: leave it out, or give the text that is in it."),
    (answer(b"Storm.", content_type=""), "does not say of which type it is (Content-Type) and no page or plain text: leave it out, or give the text that is in it."),
    (answer(b"%PDF-1.7 " + b"x" * 99), "is no text but binary: take it out, or give the text that is in it."),
    (answer(b" \r\n"), "has an empty body: leave it out, or fetch the page again."),
    (b"Storm over the bay.", "is no answer of a web server (no HTTP head): leave it out."),
    (answer(PAGE.encode(), Content_Encoding="sdch, lzw"), "is packed in a way that we do not read (sdch, lzw): fetch the page without it."),
    (answer(b"zzz", Content_Encoding="br"), "has a damaged body (brotli): fetch the page again."),
    (answer(brotli.compress(os.urandom(90_000))[:80_000] + b"zzz" * 9000, Content_Encoding="br"), "has a damaged body (brotli): fetch the page again."),
    (answer(b"\xff\xff\xff", Content_Encoding="deflate"), "has a damaged body (deflate): fetch the page again."),
]  # fmt: skip


@pytest.mark.parametrize(("block", "reason"), NO_PAGES)
def test_an_answer_without_a_page_says_why(block: bytes, reason: str, tmp_path: Path) -> None:
    refused, after = read(tmp_path / "crawl.warc", warc("response", block) + warc("response", answer(PAGE.encode())))
    assert isinstance(refused, Rejected)
    assert refused.reason == f"crawl.warc record 1 ({URL}) {reason}"
    assert isinstance(after, Record)


def test_a_page_without_a_type_is_known_by_how_it_begins(tmp_path: Path) -> None:
    (page,) = read(
        tmp_path / "crawl.warc", warc("response", answer(b"<!DOCTYPE html>" + PAGE.encode(), content_type=""))
    )
    assert isinstance(page, Record)
    assert STORY in page.text


def test_what_is_known_to_be_wrong_with_a_page_is_noted(tmp_path: Path) -> None:
    block = answer(PAGE.encode())
    right = "sha1:" + base64.b32encode(hashlib.sha1(block).digest()).decode()
    archive = [
        warc("response", block, **{"WARC-Block-Digest": right}),
        warc("response", block, **{"WARC-Block-Digest": "sha256:" + hashlib.sha256(block).hexdigest()}),
        warc("response", block, **{"WARC-Block-Digest": "blake9:soon"}),
        warc("response", block.replace(b"quay", b"quoy"), **{"WARC-Block-Digest": right}),
        warc("response", block, **{"WARC-Truncated": "length"}),
        warc("response", answer(PAGE.encode(), status="206 Partial Content")),
        warc(
            "response",
            answer(gzip.compress(PAGE.encode() * 9 + os.urandom(900).hex().encode())[:-600], Content_Encoding="gzip"),
        ),
        warc("response", answer(PAGE.encode(), content_type="text/html; charset=x-klingon-8")),
        warc("response", answer(PAGE.encode(), content_type="text/html; charset=utf-8")),
    ]
    found = read(tmp_path / "crawl.warc", b"".join(archive))
    assert [one.notes for one in found if isinstance(one, Record)] == [
        (),
        (),
        (),
        ("Its bytes are not those whose checksum the archive gives (WARC-Block-Digest): it may be wrong.",),
        ("The crawler cut it off (length).",),
        ("It is a part of the page only (206).",),
        ("It is cut off: its compressed body ends too early.",),
        ("x-klingon-8 is no encoding that we know, so the encoding was found from the text.",),
        (),
    ]


def test_bodies_are_unpacked(tmp_path: Path) -> None:
    page = PAGE.encode()
    chunked = b"".join(f"{len(part):x}\r\n".encode() + part + b"\r\n" for part in (page[:40], page[40:])) + b"0\r\n\r\n"
    raw = zlib.compressobj(wbits=-15)
    bodies = [
        answer(chunked, Transfer_Encoding="chunked"),
        answer(page, Transfer_Encoding="chunked"),  # a crawler that took the chunks out and left the field
        answer(gzip.compress(page), Content_Encoding="gzip"),
        answer(page, Content_Encoding="gzip"),
        answer(zlib.compress(page), Content_Encoding="deflate"),
        answer(raw.compress(page) + raw.flush(), Content_Encoding="deflate"),
        answer(brotli.compress(page), Content_Encoding="br"),
        answer(page, Content_Encoding="br"),
        answer(zstandard.ZstdCompressor().compress(page), Content_Encoding="zstd"),
        answer(page, Content_Encoding="zstd"),
        answer(page, Content_Encoding="deflate"),
        answer(gzip.compress(gzip.compress(page)), Content_Encoding="gzip"),
        answer(brotli.compress(gzip.compress(page)), Content_Encoding="gzip, BR"),
        answer(gzip.compress(page), Content_Encoding="identity"),
        answer(page, Content_Encoding="UTF-8"),  # where a server names the charset in the wrong field
        answer(PAGE.replace("quay", "café").encode("cp1252"), content_type="text/html; charset=windows-1252"),
    ]
    found = read(tmp_path / "crawl.warc", b"".join(warc("response", body) for body in bodies))
    assert len(found) == len(bodies)
    assert all(isinstance(one, Record) and "harbour board voted" in one.text for one in found), found
    assert isinstance(found[-1], Record)
    assert "café" in found[-1].text


def test_what_is_broken_is_told_and_costs_no_other(tmp_path: Path) -> None:
    good = warc("response", answer(PAGE.encode()))
    found = read(tmp_path / "crawl.warc", good + b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 900\r\n\r\nshort")
    assert [type(one) for one in found] == [Record, Rejected]
    assert isinstance(found[1], Rejected)
    assert found[1].reason == "crawl.warc record 2 breaks off 895 bytes before its end: fetch the archive again."
    (only,) = read(tmp_path / "no.warc", b"Once upon a time\r\n")
    assert isinstance(only, Rejected)
    assert only.reason == "no.warc record 1 does not begin as a WARC record does: write the archive again."
    (only,) = read(tmp_path / "none.warc", warc("warcinfo", b"software: crawler", "application/warc-fields"))
    assert isinstance(only, Rejected)
    assert only.reason == "none.warc holds no page and no text: take it out, or fetch the pages again."


GOOD = warc("conversion", STORY.encode(), "text/plain")
LENGTH = f"Content-Length: {len(STORY)}".encode()
DAMAGED = {
    "a length that is too great": (GOOD.replace(LENGTH, b"Content-Length: 99999"), "another record begins before its end"),
    "a length that is a little too great": (GOOD.replace(LENGTH, b"Content-Length: %d" % (len(STORY) + 60)), "another record begins before its end"),
    "a length that is too small": (GOOD.replace(LENGTH, b"Content-Length: 50"), "goes on after its end (Content-Length)"),
    "no length": (GOOD.replace(LENGTH, b"X-Other: 1"), "does not say how long it is (Content-Length)"),
    "a length that is no number": (GOOD.replace(LENGTH, b"Content-Length: -1"), "does not say how long it is (Content-Length)"),
    "a head that breaks off": (GOOD[: GOOD.index(b"Content-Type")], "does not say how long it is (Content-Length)"),
    "a text that breaks off": (GOOD[:-30] + b"\r\n", "another record begins before its end"),
    "other bytes between records": (b"<p>storm</p>\r\n" + os.urandom(500).hex().encode() + b"\r\n\r\n", "does not begin as a WARC record does"),
    "a head without end": (b"WARC/1.0\r\n" + b"a: b\r\n" * 200_000 + b"\r\n", "does not say how long it is (Content-Length)"),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_record_costs_itself(name: str, tmp_path: Path) -> None:
    damaged, telling = DAMAGED[name]
    first, bad, *rest = read(tmp_path / "crawl.warc", GOOD + damaged + GOOD + GOOD)
    assert isinstance(bad, Rejected), bad
    assert telling in bad.reason
    assert bad.source_id == "crawl.warc#2"
    assert [one.text for one in (first, *rest) if isinstance(one, Record)] == [STORY] * 3
    assert len(rest) == 2


SOUND = {
    "no empty lines between records": GOOD.rstrip() + GOOD.rstrip() + b"\r\n" + GOOD,
    "many empty lines between records": GOOD + b"\r\n" * 50 + GOOD + GOOD,
    "lines that end as in Unix": GOOD.replace(b"\r\n", b"\n") * 3,
    "a field over two lines": GOOD.replace(b"WARC-Target-URI: ", b"WARC-Target-URI:\r\n  ") * 3,
    "names in other letters": GOOD.replace(b"Content-Length", b"CONTENT-LENGTH").replace(b"WARC-Type", b"warc-type")
    * 3,
    "a line of spaces that are none in ASCII": GOOD.replace(b"Content-Length", b"\xc2\xa0\x1c\r\nContent-Length") * 3,
    "an address in brackets": GOOD.replace(URL.encode(), f"<{URL}>".encode()) * 3,
}


@pytest.mark.parametrize("name", SOUND)
def test_what_is_odd_and_sound_is_read(name: str, tmp_path: Path) -> None:
    found = read(tmp_path / "crawl.warc", SOUND[name])
    assert [(one.text, one.url) for one in found if isinstance(one, Record)] == [(STORY, URL)] * 3
    assert len(found) == 3


def test_a_text_about_archives_is_one_text(tmp_path: Path) -> None:
    text = f"{STORY}\r\n\r\nWARC/1.0\r\nWARC-Type: response\r\n\r\n{STORY}"
    first, second = read(tmp_path / "crawl.warc", warc("conversion", text.encode(), "text/plain") + GOOD)
    assert isinstance(first, Record)
    assert first.text == text
    assert isinstance(second, Record)


def test_what_another_record_claimed_is_read_to_the_last_byte(tmp_path: Path) -> None:
    texts = [f"{STORY}\r\n\r\n\r\nSecond.\n\n\nThird. {number}\r\n" for number in range(40)]
    records = [warc("conversion", text.encode(), "text/plain") for text in texts]
    for claim in (len(records[0]) + 250, 700, 5000, 10**9):  # among records, at the limit, beyond it, beyond the end
        bad = GOOD.replace(LENGTH, b"Content-Length: %d" % claim)
        found = read(tmp_path / "crawl.warc", bad + b"".join(records), Limits(max_record_bytes=2000))
        assert [one.text for one in found if isinstance(one, Record)] == texts
        assert [type(one) for one in found].count(Rejected) == 1


def test_an_archive_full_of_damage_is_given_up(tmp_path: Path) -> None:
    found = read(tmp_path / "crawl.warc", GOOD.replace(LENGTH, b"Content-Length: 99999999") * 150)
    assert len(found) == 101
    assert isinstance(found[-1], Rejected)
    assert "has more than 100 damaged records" in found[-1].reason


def test_of_an_archive_packed_record_by_record_what_follows_damage_is_read(tmp_path: Path) -> None:
    story = [
        warc("conversion", f"{STORY} {number} {os.urandom(300).hex()}".encode(), "text/plain") for number in range(6)
    ]
    members = [bytearray(gzip.compress(one)) for one in story]
    members[2][200:230] = bytes(30)
    path = tmp_path / "crawl.warc.gz"
    path.write_bytes(b"".join(members)[:-40])
    found = [one for file in files_under(path) for one in records_in(file, Limits(), set())]
    assert [one.text[len(STORY) + 1] for one in found if isinstance(one, Record)] == ["0", "1", "3", "4"]
    damaged, cut = (one for one in found if isinstance(one, Rejected))
    assert damaged.source_id == "crawl.warc.gz#3"
    assert cut.reason.startswith(
        "After 5 records, kept as read, crawl.warc.gz is cut off (the gzip stream ends too early)"
    )


STORIES = [warc("conversion", f"{STORY} {n} {os.urandom(300).hex()}".encode(), "text/plain") for n in range(6)]
PARTS = {"gz": gzip.compress, "zst": zstandard.ZstdCompressor(write_checksum=True).compress}


def read_parts(path: Path, parts: list[bytes]) -> list[Record | Rejected]:
    path.write_bytes(b"".join(parts))
    return [one for file in files_under(path) for one in records_in(file, Limits(), set())]


@pytest.mark.parametrize("packing", PARTS)
@pytest.mark.parametrize("which", range(6))
@pytest.mark.parametrize("at", [0, 5, 15, 60, 200, -6])
def test_a_damaged_part_of_a_packed_archive_has_one_rejection_in_its_place(
    packing: str, which: int, at: int, tmp_path: Path
) -> None:
    parts = [PARTS[packing](one) for one in STORIES]
    at %= len(parts[which])
    parts[which] = parts[which][:at] + bytes(byte ^ 0x5A for byte in parts[which][at : at + 5]) + parts[which][at + 5 :]
    if packing == "gz" and 4 <= at < 10:  # the time and the system in the head, which nothing checks and nobody reads
        return
    name = f"crawl.warc.{packing}"
    found = read_parts(tmp_path / name, parts)
    assert [one.text[len(STORY) + 1] for one in found if isinstance(one, Record)] == [
        str(n) for n in range(6) if n != which
    ]
    (damaged,) = (one for one in found if isinstance(one, Rejected))
    if found.index(damaged) == which and damaged.source_id != name:
        assert [one.source_id for one in found] == [f"{name}#{n}" for n in range(1, 7)]
        assert (
            damaged.reason == f"{name} record {which + 1} is damaged in its compressed bytes: fetch the archive again."
        )
    else:
        assert which == 5  # where nothing follows, it may be that more than one record is lost
        assert damaged.reason.startswith("After 5 records, kept as read")


def test_two_damaged_parts_side_by_side_are_two_rejections(tmp_path: Path) -> None:
    parts = [bytearray(gzip.compress(one)) for one in STORIES]
    for which in (2, 3):
        parts[which][-6] ^= 0x5A
    found = read_parts(tmp_path / "crawl.warc.gz", [bytes(part) for part in parts])
    assert [type(one) for one in found] == [Record, Record, Rejected, Rejected, Record, Record]


@pytest.mark.parametrize("packing", PARTS)
def test_whole_parts_are_read_however_records_lie_in_them(packing: str, tmp_path: Path) -> None:
    pack, inner = PARTS[packing], warc("response", answer(gzip.compress(PAGE.encode()), Content_Encoding="gzip"))
    for parts in (
        [pack(b"".join(STORIES))],
        [pack(b"".join(STORIES[:4])), pack(b"".join(STORIES[4:]))],
        [pack(STORIES[0][:100]), pack(STORIES[0][100:] + STORIES[1]), *map(pack, STORIES[2:])],
        [pack(one) for one in [*STORIES[:5], inner]],
        [pack(b""), *map(pack, STORIES)],
    ):
        found = read_parts(tmp_path / f"crawl.warc.{packing}", parts)
        assert [type(one) for one in found] == [Record] * 6


def test_of_one_damaged_part_with_many_records_those_before_the_damage_are_kept(tmp_path: Path) -> None:
    part = bytearray(gzip.compress(b"".join(STORIES)))
    part[-6] ^= 0x5A
    found = read_parts(tmp_path / "crawl.warc.gz", [bytes(part)])
    assert [type(one) for one in found] == [Record] * 5 + [Rejected]
    found = read_parts(tmp_path / "crawl.warc.gz", [bytes(part), gzip.compress(STORIES[0])])
    assert [type(one) for one in found] == [Record] * 6 + [Rejected, Record]


def chunks(*parts: bytes) -> list[bytes]:
    return [piece for part in parts for piece in (b"%x\r\n" % len(part), part + b"\r\n")] + [b"0\r\n", b"\r\n"]


THIRDS = [PAGE.encode()[at : at + 90] for at in range(0, len(PAGE), 90)]


@pytest.mark.parametrize("wrong", [b"zz\r\n", b"\r\n", b"10\r\n", b"fff\r\n", b"-5a\r\n", b"ffffffffffff\r\n"])
@pytest.mark.parametrize("which", [0, 1, len(THIRDS) - 1])
def test_a_chunk_of_a_wrong_size_leaves_no_framing_in_the_text_and_is_told(
    wrong: bytes, which: int, tmp_path: Path
) -> None:
    pieces = chunks(*THIRDS)
    pieces[2 * which] = wrong
    (page,) = read(tmp_path / "crawl.warc", warc("response", answer(b"".join(pieces), Transfer_Encoding="chunked")))
    assert isinstance(page, Record)
    (whole,) = read(tmp_path / "whole.warc", warc("response", answer(PAGE.encode())))
    assert isinstance(whole, Record)
    assert page.text == whole.text
    assert page.notes == ("Its body is damaged (a chunk is not as long as it says): it may be wrong there.",)


def test_chunks_of_which_no_end_can_be_found_are_refused(tmp_path: Path) -> None:
    pieces = [*chunks(THIRDS[0])[:2], b"zz\r\n", b"".join(THIRDS[1:])]
    (page,) = read(tmp_path / "crawl.warc", warc("response", answer(b"".join(pieces), Transfer_Encoding="chunked")))
    assert isinstance(page, Rejected)
    assert "has a damaged body (its chunks are not as long as they say)" in page.reason


def test_chunks_that_end_early_are_read_and_told(tmp_path: Path) -> None:
    body = b"".join(chunks(*THIRDS)[:-4])[:-40]
    (page,) = read(tmp_path / "crawl.warc", warc("response", answer(body, Transfer_Encoding="chunked")))
    assert isinstance(page, Record)
    assert page.notes == ("It is cut off: its last chunk ends too early.",)


def test_a_rejection_names_the_page_in_at_most_a_hundred_characters(tmp_path: Path) -> None:
    gone = answer(b"x", status="404 Not Found")
    long = "https://coast.example/" + "a" * 500
    found = read(
        tmp_path / "crawl.warc",
        warc("response", gone)
        + warc("response", gone, **{"WARC-Target-URI": long})
        + warc("response", b"", **{"WARC-Target-URI": ""}),
    )
    shown = [one.reason.split(" is ")[0].split(" has ")[0] for one in found if isinstance(one, Rejected)]
    assert shown == [f"crawl.warc record 1 ({URL})", f"crawl.warc record 2 ({long[:100]})", "crawl.warc record 3"]


BOMBS = {
    "gzip": gzip.compress(bytes(9_000_000)),
    "gzip, gzip": gzip.compress(gzip.compress(bytes(9_000_000))),
    "deflate": zlib.compress(bytes(9_000_000)),
    "br": brotli.compress(bytes(9_000_000)),
    "zstd": zstandard.ZstdCompressor().compress(bytes(9_000_000)),
}


@pytest.mark.parametrize("coding", BOMBS)
def test_a_body_that_unpacks_to_much_is_refused(coding: str, tmp_path: Path) -> None:
    archive = warc("response", answer(BOMBS[coding], Content_Encoding=coding)) + GOOD
    refused, good = read(tmp_path / "crawl.warc", archive, Limits(max_record_bytes=100_000))
    assert isinstance(refused, Rejected)
    assert (
        refused.reason
        == f"crawl.warc record 1 ({URL}) is longer unpacked than one text may be (100,000 bytes): leave it out."
    )
    assert isinstance(good, Record)


def test_a_page_over_the_limit_is_refused_and_the_next_is_read(tmp_path: Path) -> None:
    long = warc("conversion", STORY.encode() * 50, "text/plain")
    found = read(
        tmp_path / "crawl.warc", long + warc("conversion", STORY.encode(), "text/plain"), Limits(max_record_bytes=1000)
    )
    assert [type(one) for one in found] == [Rejected, Record]


@given(st.binary(max_size=400), st.booleans())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_bytes_raise(tmp_path: Path, data: bytes, begins: bool) -> None:
    assert read(tmp_path / "any.warc", (b"WARC/1.0\r\n" if begins else b"") + data)
