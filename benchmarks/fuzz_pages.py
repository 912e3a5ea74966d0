"""Web pages for the fuzzer: templates with the furniture of real sites, and what a page's tags can suffer."""

import html
import json
import re
from random import Random

from benchmarks.fuzz_texts import DATES, NAMES, PHRASES, passage, shard, spoiled

NEWS = """<!DOCTYPE html>
<html lang="{lang}"><head><meta charset="{charset}"><title>{title} | The Keltis Courier</title>
<meta property="og:title" content="{title}"><meta property="og:site_name" content="The Keltis Courier">
<meta name="author" content="{author}"><meta property="article:published_time" content="{date}">
<link rel="canonical" href="{url}"><style>body {{ font: 1em serif }}</style><script>window.dataLayer = [];</script></head>
<body><header><nav><ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li><li><a href="/sport">Sport</a></li></ul></nav></header>
<main><article><h1>{title}</h1><p class="byline">By <a rel="author" href="/a/1">{author}</a> <time datetime="{date}">{date}</time></p>
<figure><img src="data:image/png;base64,iVBORw0KGgo=" alt="harbour"><figcaption>The harbour. Photo: I. Aldana</figcaption></figure>
{paragraphs}
<div class="related"><h3>Read more</h3><ul><li><a href="/2">Bridge shut for a week</a></li><li><a href="/3">Boats delayed</a></li></ul></div>
</article></main><aside class="sidebar"><p>Most read</p><ol><li>Pier opens</li><li>Fog</li></ol></aside>
<div id="cookie-banner">We use cookies. <button>Accept</button></div>
<footer><p>&copy; 2024 The Keltis Courier. All rights reserved.</p></footer></body></html>"""

BLOG = """<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}"><title>{title} &raquo; Notes from the pier</title>
<meta name="generator" content="WordPress 6.1"></head><body class="single"><div id="page"><div id="content">
<div class="post hentry"><h2 class="entry-title">{title}</h2><div class="entry-meta">Posted on <span class="date">{date}</span> by {author}</div>
<div class="entry-content">{paragraphs}<blockquote><p>{quote}</p></blockquote></div>
<div class="sharedaddy"><ul><li>Tweet</li><li>Share</li></ul></div></div>
<ol class="commentlist"><li class="comment"><cite>pier_rat</cite> says: <p>{quote}</p></li></ol></div>
<div id="sidebar"><h3>Archives</h3><ul><li>March 2023</li><li>February 2023</li></ul></div></div></body></html>"""

FORUM = """<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"><head><meta charset={charset}><title>{title} - Sund Forum</title></head><body>
<div class="breadcrumb"><a href="#">Forum</a> &gt; <a href="#">Boats</a></div><table class="post"><tr><td class="user">{author}<br/>Senior Member<br/>Messages: 512</td>
<td><div class="date">{date}, 21:07</div><div class="message"><div class="quote">Quote: <b>pier_rat</b><p>{quote}</p></div>{paragraphs}</div><div class="sig">--<br/>sail or sink</div></td></tr>
<tr><td class="user">pier_rat</td><td><div class="message"><p>{quote}</p></div></td></tr></table><p>Page 1 of 12 <a href="?p=2">Next</a></p></body></html>"""

REVIEW = """<!doctype html><html lang={lang}><head><title>{title}</title><meta charset='{charset}'><meta property="article:modified_time" content="{date}"></head><body>
<div role="navigation">Menu <a href=/de>Deutsch</a> <a href=/fr>Français</a></div><div class="debate"><h1>{title}</h1><p><strong>{quote}</strong></p>
<a href="#">Open/close all quotes</a><section><h2>Le Quai (FR) /</h2><h3>A bill for our children</h3>{paragraphs}</section>
<section><h2>Daily Strait (GB) /</h2><h3>Back the boats</h3><p>Daily Strait disagrees:</p><blockquote>“{quote}”</blockquote></section></div></body></html>"""

TABLES = """<HTML><HEAD><TITLE>{title}</TITLE><META HTTP-EQUIV="content-type" CONTENT="text/html; charset={charset}"></HEAD><BODY BGCOLOR=#FFFFFF>
<TABLE WIDTH=760 BORDER=0><TR><TD COLSPAN=2><IMG SRC=logo.gif><FONT SIZE=+2>{title}</FONT></TD></TR><TR><TD WIDTH=140 VALIGN=top><A HREF=1.htm>Home</A><BR><A HREF=2.htm>Archive</A><BR>
<A HREF=3.htm>Contact</A></TD><TD><FONT FACE=Arial>{date}<P>{author}<P>{paragraphs}<P><CENTER>{quote}</CENTER><HR></FONT></TD></TR></TABLE><CENTER><FONT SIZE=1>Copyright 1999</FONT></CENTER></BODY></HTML>"""

LINKED = """<!DOCTYPE html><html lang="{lang}"><head><meta charset="{charset}"><title>{title}</title><script type="application/ld+json">{ld}</script>
<script type="application/ld+json">{{"@context":"https://schema.org","@type":"BreadcrumbList","itemListElement":[]}}</script></head>
<body><div id="root"><article itemscope itemtype="https://schema.org/NewsArticle"><h1 itemprop="headline">{title}</h1><div itemprop="articleBody">{paragraphs}</div></article></div><noscript>Please turn on scripts.</noscript></body></html>"""

XHTML = """<?xml version="1.0" encoding="{charset}"?>
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="{lang}"><head><title>{title}</title></head><body><div id="main"><h1>{title}</h1><p>{author}, {date}</p>{paragraphs}<![CDATA[ {quote} ]]></div></body></html>"""

BARE = """<h1>{title}</h1>
{paragraphs}
<p><i>{author}</i> {date}"""

TEMPLATES = (NEWS, NEWS, BLOG, FORUM, REVIEW, TABLES, LINKED, XHTML, BARE)

CHARSETS = (
    "utf-8", "UTF-8", "utf8", "windows-1252", "windows-1251", "iso-8859-1", "iso-8859-2", "koi8-r", "gbk", "big5", "shift_jis", "euc-kr",
    "utf-16", "utf-7", "undefined", "idna", "punycode", "rot13", "hex", "base64", "zlib", "unicode_escape", "raw_unicode_escape", "mbcs",
    "utf_8_sig", "cp65001", "x-user-defined", "none", "", "utf-8;", "utf-8 ", "\u0443tf", "charset", "ascii", "cp037", "utf-32", "bz2",
)  # fmt: skip

ODD = (
    "<![foo[ x ]]>", "<![CDATA[", "]]>", "<!--", "-->", "<!-- > -- >", "<!DOCTYPE", "<!ELEMENT x>", "<?php echo 1 ?>", "<?xml version='1.1'?>",
    "<", "</", "</>", "<>", "<a <b>", "<p", "<p class='", "&", "&#", "&#x;", "&#0;", "&#xD800;", "&#x110000;", "&nosuch;", "&#99999999999;",
    "<script>", "</script>", "<style>", "<noscript>", "<template>", "<textarea>", "<title>", "<plaintext>", "<xmp>", "<svg><title>", "<math>",
    "<iframe srcdoc='<p>x'>", "<base href='http://[::1'>", "<meta charset=undefined>", "<frameset>", "<table><p>", "<ruby>漢<rt>kan</ruby>",
    "<br>" * 40, "<div>" * 60, "</div>" * 30, "<b><i>" * 20, "<p hidden>", "<p style='display:none'>", "<a href='javascript:alert(1)'>", "\x00",
    "<time datetime='99999-99-99'>", "<time datetime='2023-02-31T25:61:61+99:99'>", "<abbr title=9999-12-31>", "<meta name=date content='0000-00-00'>",
    "<o:p></o:p>", "<x-y-z:0 a:b='c'>", "<p xmlns:a='b' a:c=d>", "<input value='<p>'>", "<select><option>1<option>2</select>", "<li>" * 30,
)  # fmt: skip
TAG = re.compile(r"<[^<>]{1,200}>")
VALUE = re.compile(r"=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]+)")
URLS = (
    "https://keltis.example/2023/03/ferries",
    "http://[::1",
    "//x",
    "javascript:0",
    "",
    "https://keltis.example/" + "a/" * 60,
    "http://ex ample/ü?=%zz#",
)


def page(rng: Random, charset: str, spoil: bool, most: int = 1500) -> str:
    """An HTML page; where it is to be spoiled, text, tags, attributes or declarations are."""
    text = passage(rng, most)
    if spoil and rng.random() < 0.5:
        text = spoiled(text, rng)
    blocks = [block for block in re.split(r"\n\s*\n", text) if block.strip()]
    escape = html.escape if rng.random() < 0.9 else str
    title = escape((blocks[0] if blocks else "Ferries")[:80].replace("\n", " "))
    odd = spoil and rng.random() < 0.3
    date = (
        rng.choice(DATES)
        if odd
        else f"20{rng.randint(10, 24)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}T08:15:00+01:00"
    )
    author = rng.choice(NAMES) if odd else "Ines Aldana"
    url = rng.choice(URLS) if odd else URLS[0]
    quote = escape(rng.choice(PHRASES) if odd else blocks[-1][:200] if blocks else "")
    values = {
        "lang": rng.choice(("en", "ru", "de", "zh", "x", "en-US-x-y")) if odd else "en",
        "charset": rng.choice(CHARSETS) if spoil and rng.random() < 0.15 else charset,
        "title": title,
        "author": escape(author),
        "date": escape(date),
        "url": escape(url),
        "quote": quote,
        "paragraphs": "\n".join(f"<p>{escape(block)}</p>" for block in blocks),
        "ld": _linked(title, author, date, url, text, rng, spoil),
    }
    made = rng.choice(TEMPLATES).format(**values)
    return _tags_changed(made, rng) if spoil and rng.random() < 0.75 else made


def _linked(title: str, author: str, date: str, url: str, text: str, rng: Random, spoil: bool) -> str:
    about: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": title,
        "datePublished": date,
        "author": [{"@type": "Person", "name": author}],
        "publisher": {"@type": "Organization", "name": "The Keltis Courier"},
        "url": url,
        "articleBody": text[:400],
    }
    if spoil:
        for _ in range(rng.randint(0, 3)):
            about[rng.choice(list(about))] = other_value(rng)
    made = json.dumps(about, ensure_ascii=rng.random() < 0.5)
    if spoil and rng.random() < 0.2:
        at = rng.randrange(len(made))
        made = (
            made[:at] + rng.choice(("{", "}", "[", '"', "\\", "</script>", "\\u12", "\\ud800", "NaN", ",,")) + made[at:]
        )
    return made


def other_value(rng: Random) -> object:
    """A JSON value of a type that nobody expects there."""
    values: tuple[object, ...] = (
        None, True, False, 0, -1, 1.5, 10**30, 1e308, float("nan"), float("inf"), "", " ", [], {}, [[]], [None], ["a", 1, {}], {"name": {"name": []}},
        {"@value": None}, [{"@type": ["Person", 5]}], "\ud800", "\x00", "a\nb", 1678838400, 1678838400000, "16 May 2024", "2024-05", "9999-12-31",
        "0000-00-00", "2023-03-03T99:99", "x" * 300, [["x"] * 3] * 3, {"": ""}, shard(rng), list(range(20)), "<b>bold</b>", "\u202etxt",
    )  # fmt: skip
    return rng.choice(values)


def _filled(tag: str, value: str) -> str:
    """The tag with this value for all its attributes (which no pattern is to read: it may hold a backslash)."""
    return VALUE.sub(lambda _: value, tag)


def _tags_changed(made: str, rng: Random) -> str:
    for _ in range(rng.randint(1, 5)):
        tags = list(TAG.finditer(made))
        what = rng.randrange(9)
        if not tags or what == 0:
            at = rng.randrange(len(made) + 1)
            made = made[:at] + rng.choice(ODD) + made[at:]
            continue
        m, other = rng.choice(tags), rng.choice(tags)
        if what == 1:
            made = made[: m.start()] + made[m.end() :]
        elif what == 2:
            made = made[: m.start()] + m[0] * rng.choice((2, 3, 30)) + made[m.end() :]
        elif what == 3:
            made = made[: m.start()] + other[0] + made[m.end() :]
        elif what == 4:
            value = "=" + rng.choice(("''", '"', "x", f"'{shard(rng)}'", '"9999-12-31"'))
            made = made[: m.start()] + _filled(m[0], value) + made[m.end() :]
        elif what == 5:
            made = made[: m.end()] + rng.choice(ODD) + made[m.end() :]
        elif what == 6:
            made = (
                made[: m.start()]
                + re.sub(
                    r"[A-Za-z]+",
                    rng.choice(("p", "div", "script", "td", "blockquote", "li", "title", "x", "pre")),
                    m[0],
                    count=1,
                )
                + made[m.end() :]
            )
        elif what == 7:
            first, last = sorted((m.start(), other.start()))
            made = made[:first] + made[last:]
        else:
            first, last = sorted((m.start(), other.start()))
            made = made[:last] + made[first : min(last, first + 800)] + made[last:]
    return made
