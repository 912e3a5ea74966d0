"""Web pages to main text and metadata."""

import logging
from datetime import date

import pytest

from pipelines.ingest.record import Unusable
from pipelines.ingest.web import page_of

PAGE = """<!doctype html><html lang="en"><head><title>Storm shuts the port | The Coast Post</title>
<meta property="og:title" content="Storm shuts the port"><meta property="og:site_name" content="The Coast Post">
<meta name="author" content="Ana Lund"><meta property="article:published_time" content="2021-11-04T10:15:00+00:00">
<link rel="canonical" href="https://coast.example/storm"></head><body>
<nav><a href="/">Home</a> <a href="/economy">Economy</a></nav>
<article><h1>Storm shuts the port</h1>
<p>The port is shut for the third day, and the mayor said that it would stay so until the wind has turned.</p>
<p>Prices for fish rose at once. Nobody was hurt, but two boats were lost in the bay.</p></article>
<footer>Subscribe to our newsletter. Cookie settings.</footer></body></html>"""


def test_main_text_and_metadata() -> None:
    page = page_of(PAGE.encode(), "storm.html")
    assert "third day" in page.text
    assert "two boats" in page.text
    assert "Subscribe" not in page.text
    assert "Economy" not in page.text
    about = page.metadata
    assert (about["title"], about["author"], about["publisher"]) == (
        "Storm shuts the port",
        "Ana Lund",
        "The Coast Post",
    )
    assert (about["published_on"], about["url"]) == (date(2021, 11, 4), "https://coast.example/storm")
    assert page.notes == []


def test_a_page_without_main_text_gives_what_it_shows() -> None:
    page = page_of(b"<html><body><div>Shut.</div></body></html>", "storm.html")
    assert page.text == "Shut."


@pytest.mark.parametrize(
    "contents",
    [
        b"The port is shut.",
        b"<div>" * 5000 + b"The port is shut." + b"</div>" * 5000,
        b"<b>The port is shut.",
        b"<p>The port is shut.</p><script>" * 2,
    ],
)
def test_a_fragment_and_tags_without_end_give_their_text(contents: bytes) -> None:
    assert "The port is shut." in page_of(contents, "storm.html").text


@pytest.mark.parametrize("contents", [b"<html></html>", b"<!-- storm -->", b"<script>storm()</script>", b"<"])
def test_a_page_that_shows_nothing_says_so(contents: bytes) -> None:
    with pytest.raises(Unusable, match=r"^storm\.html"):
        page_of(contents, "storm.html")


def test_the_library_is_quiet(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING), pytest.raises(Unusable):
        page_of(b"<!-- storm -->", "storm.html")
    assert caplog.records == []
