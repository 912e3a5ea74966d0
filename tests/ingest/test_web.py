"""Web pages to main text and metadata."""

import logging
from datetime import date

import pytest
import trafilatura

from pipelines.ingest.files.record import Unusable
from pipelines.ingest.files.web import bare_text, known_encoding, page_of

STORY = (
    "The harbour board voted on Tuesday night to lend the ferries money. Nobody on the quay was told before the vote."
)

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


RAISES_IN_A_PARSER = [
    b"<![foo[ x ]]> hello",
    b"<![if !IE]> hello <![endif]>",
    b"<!-- storm --!> <![CDATA[ storm ]]> hello",
    b"<!DOCTYPE x [<!ENTITY a 'storm'> hello",
    b"<?php storm(); ?> hello",
    b"hello &#99999999999; &#xD800; &#0;",
    b"hello &#" + b"9" * 5000 + b";",
    b"hello <a href='http://[::1'>",
    b"hello <" + b"a" * 5000,
    b"<script>storm<script>storm</script> hello",
    b"<head><title>Storm</title></head>hello",
]


@pytest.mark.parametrize("contents", RAISES_IN_A_PARSER)
def test_what_parsers_fail_on_gives_the_text_that_it_shows(contents: bytes) -> None:
    text = page_of(contents, "storm.html").text
    assert "hello" in text
    assert "storm(" not in text


SHOWN = [
    ("a < b and <3, c > d", "a < b and <3, c > d"),
    ("<p>One<br>two</P>", "One\ntwo"),
    ("<style>p {}</style><template><p>x</p></template>One", "One"),
    ("One<script>x", "One"),
    ("One<!-- x", "One"),
    ("<header>One</header>", "One"),
    ("caf&eacute; &amp; bar &lt;p&gt;", "café & bar <p>"),
    ("<b> . </b>", ""),
]


@pytest.mark.parametrize(("page", "text"), SHOWN)
def test_all_that_a_page_shows(page: str, text: str) -> None:
    assert bare_text(page) == text


TEXT_ENCODINGS = [
    "utf-8",
    "windows-1251",
    "KOI8-R",
    "Shift_JIS",
    "iso-8859-2",
    "gb2312",
    "euc-kr",
    "macintosh",
    "latin1",
]
NO_TEXT_ENCODINGS = [
    "undefined", "idna", "punycode", "rot13", "zip", "bz2", "hex", "base64", "quopri", "uu", "unicode_escape", "raw_unicode_escape",
    "utf-7", "utf-16", "utf-32", "mbcs", "oem", "x-klingon-8", "", None, "a" * 40, "..", "cp037",
]  # fmt: skip


@pytest.mark.parametrize("label", TEXT_ENCODINGS)
def test_an_encoding_that_pages_are_written_in_is_known(label: str) -> None:
    assert known_encoding(label)


@pytest.mark.parametrize("label", NO_TEXT_ENCODINGS)
def test_a_name_of_something_else_is_not_believed(label: str | None) -> None:
    assert known_encoding(label) is None
    page = f'<html><head><meta charset="{label}"></head><body><article><p>{STORY}</p><p>Größere Schäden – sagte er.</p></article></body></html>'
    for data in (page.encode(), page.encode("cp1252")):
        for charset in (None, label):
            found = page_of(data, "storm.html", charset)
            assert "Größere Schäden – sagte er." in found.text


def test_an_unknown_encoding_is_noted_and_a_known_one_is_not() -> None:
    page = f"<html><body><article><p>{STORY}</p></article></body></html>".encode()
    note = "rot13 is no encoding that we know, so the encoding was found from the text."
    assert page_of(page, "storm.html", "rot13").notes == [note]
    assert page_of(page, "storm.html", "utf-16").notes == []
    assert page_of(page, "storm.html", "koi8-r").notes == []


def test_a_page_that_the_library_fails_on_gives_all_its_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(trafilatura, "bare_extraction", fail)
    page = page_of(PAGE.encode(), "storm.html")
    assert "two boats" in page.text
    assert page.notes == [
        "The main text could not be picked out (ZeroDivisionError), so all text of the page is taken."
    ]

    def full(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(trafilatura, "bare_extraction", full)
    with pytest.raises(MemoryError):
        page_of(PAGE.encode(), "storm.html")


@pytest.mark.parametrize("contents", ["<p>a" * 150_000, "storm " * 1_500_000])
def test_a_page_that_is_too_large_for_a_tree_gives_all_its_text(contents: str) -> None:
    page = page_of(contents.encode(), "storm.html")
    assert page.text
    assert page.notes == ["The page is too large for its main text to be picked out, so all text of the page is taken."]


def test_a_day_is_not_guessed_from_the_words_of_a_page() -> None:
    page = f"<html><body><article><p>{STORY} It was built in 1995.</p><time datetime='2024-13-45'>today</time></article></body></html>"
    assert "published_on" not in page_of(page.encode(), "storm.html").metadata


DEEP = {
    "divs": "<p>Alpha</p>" + "<div>" * 260 + "<p>Bravo</p>" + "</div>" * 260 + "<p>Charlie</p>",
    "many divs": "<p>Alpha</p>" + "<div>" * 3000 + "<p>Bravo</p>" + "</div>" * 3000 + "<p>Charlie</p>",
    "open spans": "<p>Alpha</p>" + "<span>" * 260 + "<p>Bravo</p><p>Charlie</p>",
    "open tables": "<p>Alpha</p>" + "<table><tr><td>" * 200 + "<p>Bravo</p><p>Charlie</p>",
    "few divs": "<p>Alpha</p>" + "<div>" * 200 + "<p>Bravo</p>" + "</div>" * 200 + "<p>Charlie</p>",
}


@pytest.mark.parametrize("name", DEEP)
def test_however_deep_tags_stand_in_one_another_all_text_is_read(name: str) -> None:
    text = page_of(f"<html><body>{DEEP[name]}</body></html>".encode(), "storm.html").text
    assert all(word in text for word in ("Alpha", "Bravo", "Charlie")), text


@pytest.mark.parametrize("attribute", [' a{}="<1 2>"', " a{}", "/a{}", "a{}='x'"])
def test_a_tag_with_very_many_attributes_costs_no_text_and_one_note(attribute: str) -> None:
    tag = "<p " + "".join(attribute.format(number) for number in range(50_000)) + ">"
    page = page_of(f"<html><body>{tag}Shut.</p></body></html>".encode(), "storm.html")
    assert "Shut." in page.text
    assert page.notes[0].startswith("A tag of the page has too many attributes")


@pytest.mark.parametrize(
    "tag",
    ["<p " + " ".join(f"a{n}" for n in range(1500)) + ">", '<p title="' + "a b " * 9000 + '">', "<p title=don't>"],
)
def test_a_tag_with_many_attributes_or_a_long_one_is_read_as_any(tag: str) -> None:
    page = page_of(f"<html><body>{tag}{STORY}</p><p>{'It rained. ' * 3000}</p></body></html>".encode(), "storm.html")
    assert STORY in page.text
    assert page.notes == []


@pytest.mark.parametrize("subset", ["<!ENTITY a 'storm'>", '<!ENTITY a "x > y ] z"> <!-- ]> -->\n<!ELEMENT p ANY>', ""])
def test_what_a_doctype_declares_costs_neither_text_nor_metadata(subset: str) -> None:
    declared = PAGE.replace("<!doctype html>", f"<!DOCTYPE html [ {subset} ]>")
    assert page_of(declared.encode(), "storm.html") == page_of(PAGE.encode(), "storm.html")


def test_nul_bytes_of_a_page_are_left_out_and_told() -> None:
    plain = page_of(PAGE.encode(), "storm.html")
    page = page_of(PAGE.replace("third day", "thi\0rd\0 day").encode(), "storm.html")
    assert page.text == plain.text
    assert page.notes == ["2 NUL byte(s), which are no characters, are left out."]
    for wide in ("utf-16", "utf-16-le"):
        assert page_of(PAGE.encode(wide), "storm.html").text == plain.text
    with pytest.raises(Unusable, match="binary"):
        page_of(bytes(range(32)) * 40, "storm.html")
