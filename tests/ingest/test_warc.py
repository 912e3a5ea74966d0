"""Web archives: which records are texts, how their bytes are unpacked, and what is said of broken ones."""

import gzip
import zlib
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.ingest.formats import Limits, Record, Rejected, files_under, records_in

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


def test_pages_and_texts_are_records_and_the_rest_is_not(tmp_path: Path) -> None:
    archive = b"".join(
        [
            warc("warcinfo", b"software: crawler", "application/warc-fields"),
            warc("request", b"GET /ferries HTTP/1.1\r\n\r\n", "application/http; msgtype=request"),
            warc("response", answer(PAGE.encode())),
            warc("response", answer(b"\x89PNG\x00", content_type="image/png")),
            warc("response", answer(b"gone", status="404 Not Found")),
            warc("conversion", STORY.encode(), "text/plain"),
        ]
    )
    for name in ("crawl.warc", "crawl.warc.gz"):
        found = read(tmp_path / name, archive)
        assert [(type(one), one.source_id, one.format) for one in found] == [
            (Record, f"{name}#3", "warc"),
            (Record, f"{name}#6", "warc"),
        ]
        page, text = found
        assert isinstance(page, Record)
        assert isinstance(text, Record)
        assert (page.title, page.url) == ("Ferries", URL)
        assert STORY in page.text
        assert (text.text, text.url) == (STORY, URL)


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
        answer(PAGE.replace("quay", "café").encode("cp1252"), content_type="text/html; charset=windows-1252"),
    ]
    found = read(tmp_path / "crawl.warc", b"".join(warc("response", body) for body in bodies))
    assert len(found) == len(bodies)
    assert all(isinstance(one, Record) and "harbour board voted" in one.text for one in found), found
    assert isinstance(found[-1], Record)
    assert "café" in found[-1].text


def test_what_is_broken_is_told_and_costs_no_other(tmp_path: Path) -> None:
    good = warc("response", answer(PAGE.encode()))
    packed = warc("response", answer(b"zzz", Content_Encoding="br"))
    found = read(
        tmp_path / "crawl.warc", packed + good + b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 900\r\n\r\nshort"
    )
    assert [type(one) for one in found] == [Rejected, Record, Rejected]
    assert [one.reason for one in found if isinstance(one, Rejected)] == [
        "crawl.warc record 1 is packed in a way that we do not read (br): fetch the page without it.",
        "crawl.warc record 3 breaks off 895 bytes before its end: fetch the archive again.",
    ]
    (only,) = read(tmp_path / "no.warc", b"Once upon a time\r\n")
    assert isinstance(only, Rejected)
    assert only.reason == "no.warc record 1 does not begin as a WARC record does: write the archive again."
    (only,) = read(tmp_path / "none.warc", warc("warcinfo", b"software: crawler", "application/warc-fields"))
    assert isinstance(only, Rejected)
    assert only.reason == "none.warc holds no page and no text: take it out, or fetch the pages again."


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
