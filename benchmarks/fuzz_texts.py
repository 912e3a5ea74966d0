"""The words that fuzzed inputs are made of: passages, names, shards that have broken readers before, and what a text can suffer.

All of it is our own wording. ``spoiled`` works on words and marks; bytes are spoiled in ``benchmarks.fuzz_bytes``.
"""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random

SAMPLES = Path(__file__).resolve().parent.parent / "seeds" / "texts"

OWN = (
    """Harbour board lends ferries 4.5 million euros

By Ines Aldana | 12 March 2024, 08:15

KELTIS, March 12 (Coastwire) - The harbour board voted on Tuesday night to lend the ferry company 4.5 million euros, or
about 30 percent of what it had asked for. "We will not let the islands go without a boat," chairwoman Ruta Vold said.

Unemployment on the outer islands fell from 11.2% to 9.8% in the first quarter of 2024, the statistics office reported
last week, and between 1,200 and 1,500 people commute by sea every day.

Opposition leader Tomas Brandt told Radio Keltis that the loan was "a gift wrapped as a bill". According to him, the
board had been warned twice since last autumn. The ministry of transport in Oslo declined to comment.

- 3 ferries are over 40 years old
- a ticket costs $7 (€6.40), up 12 cents on the year
- the next vote is on 2 May

Subscribe to our newsletter
© 2024 The Keltis Courier. All rights reserved.
""",
    """Стоимость проезда на пароме вырастет на 12 процентов

МИНСК, 3 марта 2023 г. Министерство транспорта сообщило в пятницу, что стоимость проезда на пароме вырастет с 1 апреля
на 12 процентов. «Мы долго откладывали это решение», — сказала заместитель министра Анна Ковалёва.

По данным ведомства, в 2022 году паромами воспользовались 1,4 млн человек, на 200 тыс. больше, чем годом ранее.
Глава союза пассажиров Пётр Гринько назвал повышение «неожиданным». Он напомнил, что последний раз тариф меняли в мае
2019 года. В понедельник союз намерен подать жалобу.

Читайте также: Новый причал откроют осенью
""",
    """Die Fähre soll teurer werden

Von Jörg Böttcher, 14.02.2023

Die Fahrt über den Sund kostet vom 1. März an 8,50 Euro statt 7,20 Euro. Das teilte die Reederei am Dienstag in Flensburg
mit. „Wir haben drei Jahre lang gewartet“, sagte Geschäftsführerin Käthe Groß. Der Landrat sprach von einem Fehler und
verwies auf die rund 12.000 Pendler, die „keine andere Wahl“ hätten.

Nach Angaben des Kreises ist die Zahl der Fahrgäste seit 2019 um 18 Prozent gesunken. Am 20. Februar will der Ausschuss
beraten. Mehr zum Thema: Brücke gesperrt.
""",
    """渡轮票价四月起上调百分之十二

交通部周五表示，自2023年4月1日起，渡轮票价将上调12%。“这个决定我们推迟了很久，”副部长安娜·科瓦廖娃说。
据该部统计，2022年共有140万人次乘坐渡轮，比上一年增加20万。乘客联合会主席彼得·格林科称此次上调“出人意料”。
联合会计划于星期一提出申诉，并要求公布过去五年的账目。渡口附近的商户说，冬季的客流量只有夏季的三分之一。

相关阅读：新码头将于秋季开放
""",
    """フェリー運賃、4月から12%値上げ

国土交通省は3日、フェリーの運賃を2023年4月1日から12%引き上げると発表した。「長く先送りしてきた決定だ」と山田花子副大臣は述べた。
同省によると、2022年の利用者は140万人で、前年より20万人増えた。利用者団体の佐藤健会長は「予想外だ」と話している。
""",
    """رفع أسعار العبّارات بنسبة 12 في المئة

قالت وزارة النقل يوم الجمعة 3 مارس 2023 إن سعر الرحلة سيرتفع بنسبة ١٢٪ ابتداءً من الأول من أبريل. وأضافت نائبة الوزير
آنا كوفاليوفا: «لقد أجّلنا هذا القرار طويلاً». وبحسب الوزارة استخدم العبّارات 1,4 مليون شخص في عام ٢٠٢٢.
""",
    """Ακριβότερα τα εισιτήρια των πλοίων

Η τιμή του εισιτηρίου θα αυξηθεί κατά 12% από την 1η Απριλίου 2023, ανακοίνωσε την Παρασκευή το υπουργείο. «Αναβάλαμε
την απόφαση για πολύ καιρό», είπε η υφυπουργός Άννα Κοβαλιόβα. Το 2022 ταξίδεψαν 1,4 εκατομμύρια επιβάτες.
""",
    """From: Piet Hoekstra <piet@sund.example>
Sent: Monday, 6 March 2023 09:12
To: board@sund.example
Subject: Re: the loan

Dear all,

I do not think that 4.5 million is enough. Ms Vold wrote on Friday that the engines alone cost 2.1m.

-----Original Message-----
From: Ruta Vold
Sent: Friday, 3 March 2023 18:40
Subject: the loan

The engines cost 2.1m, the hull another 900,000 - and nobody knows what the pier will cost.

> On 1 March Tomas Brandt wrote:
> We should wait until May. "Nobody drowns in paperwork", as they say.

--
Piet Hoekstra
Treasurer, Sund Ferries
+45 12 34 56 78
""",
    """Bridge or boat? What Europe's editors say

Der Sundbote (DE) /

Too late by a decade

For Der Sundbote the loan comes too late:

“Whoever waits ten years for a boat should not be surprised to swim. ... The board had 12 chances, and took none.”

Le Quai (FR) /

A bill for our children

Columnist Marthe Vidal writes on Le Quai that somebody will pay:

“Four and a half million today, nine in 2030. The islands deserve better than interest.”

Daily Strait (GB) /

Back the boats

Daily Strait disagrees:

“Every euro for the ferry saves two on the road, the ministry's own study from 2021 said. Then build it.”
""",
    """Sund_Sailor
Senior Member
- Joined
- May 4, 2012
- Messages
- 1,204
Quote:
Originally Posted by pier_rat
They said it would cost 3 million. It always "costs 3 million".

Well, on 28 Feb they said 4.5m, and Brandt says at least 6m (!!!). IMHO nobody has counted the pier, which is about 40 m
short for the new hull; at 1,100 euros a metre, go figure. Last edited by Sund_Sailor; 2 March 2023 at 21:07.

pier_rat
Member
- Joined
- Jan 9, 2020
- Messages
- 33
You forget that the minister told the Courier in 2021 that "not one cent" would come from Oslo. So who pays? We do.
#14
""",
    """---
title: What the pier cost
date: 2023-03-02
author: Ines Aldana
tags: [harbour, money]
---

# What the pier cost

| item | 2021 | 2022 |
|------|-----:|-----:|
| timber | 120,000 | 133,500 |
| labour | 88,000 | 97,250 |

1. The contract was signed on 4 June 2021.
2. Work began a year later, on the 7th.
3. It ended in the second half of 2022.

> "A pier is a promise", the mayor said at the opening, *twice*.

See [the minutes](https://keltis.example/minutes?id=12#p3) for more than 200 pages of detail.
""",
)
"""Texts of our own wording in eight scripts and languages: news, mail, a press review, a forum, Markdown."""

NAMES = (
    "Ruta Vold", "O'Brien-d'Août", "van der Berg", "Mr. J. K. St. John-Smythe III", "X Æ A-12", "李小龙", "Ó hÉigeartaigh",
    "ben Ali", "Dr. Dr. Prof. Weiß", "İpek Işık", "McAllister & Sons, Inc.", "U.S.", "the U.N.", "SCO (Shanghai", "АО «Газ»",
    "Ms.", "A.", "Al-Qa'ida", "Ǆemal ǅon", "ﬁnn ﬂynn", "NATO's", "Yahoo!", "7-Eleven", "Straße & Söhne GmbH", "Pope John XXIII",
    "Prime Minister", "Saint-Étienne-du-Rouvray", "🇺🇳 Office", "@sund_sailor", "Georgia", "Jordan", "May", "March", "Will Will",
)  # fmt: skip

NUMBERS = (
    "30~120", "0.0000E+000", "item0.0000E+000abc0", "about 30~120", "1,2,3,4.5.6", "½", "2²³", "٣٤", "१२", "１２３", "Ⅻ", "$-5", "%%%",
    "1⁄2", "−5", "+/-5", "±0", "1e999", "NaN", "-inf", "0x1F", "1_000", "1 000 000,00", "1\u202f000\u00a0000", "5-10-15-20", "3x4x5",
    "1:2:3:4", "1/2/3/4", "12%%", "%12", "€€5", "US$ $5", "5$€£", "Rs. 5 lakh crore", "four and a half dozen hundred", "zero point",
    "minus minus two", "10-20-fold", "1.5-2.5x", "000", "00012", "1,00,000", "12,34,5", "9" * 25, "9" * 400, "1" + "0" * 310, "1.",
    ".5", "..5", "5..", "5,", ",5", "1'000'000", "half a half", "twenty-twenty-one", "one-in-one", "1 in 0", "0 of 0", "5/0", "km/h",
    "5 km²/s³", "10^-9", "10⁻⁹", "1st2nd", "3rd-4th", "No. №5", "#1 #2", "٫٬٪", "5‰", "1 million billion trillion", "~~5", "<5>",
    "between 5 and", "from 5 to", "5 to 4 to 3", "up to up to 5", "more than less than 5", "(5", "5)", "[5]", "5m5k5bn", "5mn-bn",
)  # fmt: skip

DATES = (
    "9999-12-31", "0000-00-00", "0001-01-01", "31 February 2023", "29.02.2100", "25:61", "24:00", "the 99th of May", "Friday the 0th",
    "44 BC", "year 0", "Q5 2020", "20th-19th century", "next last week ago", "two days before after tomorrow", "in 99999 years",
    "10000 years ago", "-1 days ago", "May", "May May May", "May 2-May 1", "1-1-1", "12/13/14", "13/12/2014", "2020-2021-22",
    "the 1990s-2000s", "the '90s", "FY2021/22/23", "H3 2021", "Monday to Monday", "3 March 2023 - 1 March 2023", "since until 2020",
    "2023年13月45日", "３月３日", "令和5年", "1 Nisan 5784", "12th-century", "last 29 February", "the day after 31 December 9999",
    "1 January 0001", "a million weeks from now", "at 99 o'clock", "noon-midnight", "2023-W60-9", "2023-366", "20230399T256161Z",
    "+99999-01-01", "mid-late-early May", "the 31st of June to the 32nd", "Easter 9998", "Christmas Eve Eve", "spring of spring",
)  # fmt: skip

MARKS = (
    "“", "”", "„", "«", "»", "'", '"', "‘", "’", "''", "``", '"""', "‹", "›", "「", "」", "(((((", ")))))", "[[", "]]", "{}", "<", ">",
    "…", "...", ". . .", "—", "–", "--", "-", "•", "·", "|", "/", "\\", "*", "**", "_", "#", "###### ", "> ", ">>> ", "@", "~", "^",
    "“„«\"'", "”“”“", "” “”", '"\'"\'"', "( [ { < “", "?!?!?!", ".;:,", "|||", "/ / /", "----------", "=====", "* * *", "---",
)  # fmt: skip

STORMS = (
    "\u200b", "\u200d", "\u202e", "\u2066\u2069", "\ufeff", "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x1f",
    "\r", "\r\n", "\n", "\n\n", "\n\n\n\n", "\t", "\u00a0", "\u3000", "\u2003", "\u00ad", "\u0301", "\u0301" * 30, "a\u0308\u0323" * 8,
    "👩‍👩‍👧‍👦", "🇩🇪🇫🇷", "🏴\U000e0067\U000e0062\U000e007f", "İ", "ß", "ŉ", "ﬃ", "ǅ", "ΐ", "ẞ", "ſ", "K", "Å", "각", "각", "ﷺ", "𝟙𝟚𝟛",
    "𝐍𝐞𝐰𝐬", "①②", "㋿", "\U0010ffff", "\ufffe", "\uffff", "\ue000", "\u0000", "\x01", "\x1b[31m", "\x7f", "\u180e", "\u061c", "\u115f",
    "Ｎｅｗｓ", "ⅷ", "º", "ª", "\u0345", "ᾳ", "֑", "ก็็็็็็็็", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞", "\ud7ff", "â€œ", "Ã©", "ï»¿", "â€™", "ÐŸÑ€", "&amp;", "&#39;", "&nbsp;", "&#x110000;",
)  # fmt: skip

PHRASES = (
    "he said", "said said said", "according to", "told told told", "she said that he said that they said that", "By", "By By",
    "Posted by", "Open/close all quotes", "Le Quai (FR) /", "(FR) /", "X (ZZ) /", "-----Original Message-----", "From: a <b>",
    "Subject: ", "---\ntitle: x\n---", "1. 2. 3.", "• • •", "Quote:", "Originally Posted by", "Read more", "Share this",
    "http://", "https://x.y/z?a=1#10km", "www.", "a@b", "ftp://user:pw@[::1]:99999/%zz", "#a #a #a #a", "@a @a @a", "i.e. e.g. etc.",
    "who who who", "that that that", "of of of of", "and and, and, and", "not not not", "“I,” said, “he said,” she said, “no,”",
    "KELTIS, March 12 (Coastwire) -", "KELTIS (AP) — ", "(Reuters) - ", "© 2024", "Photo: Shutterstock", "2 hours ago",
    "I think I believe I doubt", "Q: A: Q: A:", "(see (see (see (see", "himself herself itself", "the former and the latter",
    "Shanghai Cooperation Organisation (SCO)", "(SCO) (SCO) (SCO)", "respectively", "from 5 to 10 and from 10 to 20, respectively,",
    "<script>alert(1)</script>", "=cmd|' /C calc'!A0", "'; DROP TABLE documents; --", "%s%n%d", "{0}{1}{x}", "\\u0041\\n", "$(id)",
)  # fmt: skip

BASE64 = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
WORD = re.compile(r"[^\W\d_]+|\d+|[^\w\s]|\s+|_")


@cache
def passages() -> tuple[str, ...]:
    """Whole texts: the project's samples and our own."""
    return (*(path.read_text("utf-8") for path in sorted(SAMPLES.glob("*.txt"))), *OWN)


def passage(rng: Random, most: int = 2600) -> str:
    """A text of about 1 to ``most`` characters: one whole, some paragraphs of one, or two crossed over."""
    text = rng.choice(passages())
    roll = rng.random()
    if roll < 0.25:
        text = _crossed(text, rng.choice(passages()), rng)
    elif roll < 0.6:
        paragraphs = text.split("\n\n")
        first = rng.randrange(len(paragraphs))
        text = "\n\n".join(paragraphs[first : first + rng.randint(1, 8)])
    while len(text) < 900 and rng.random() < 0.8:
        text += rng.choice(("\n\n", "\n", " ")) + rng.choice(passages())[: rng.randint(300, 1200)]
    return text[:most]


def _crossed(one: str, other: str, rng: Random) -> str:
    return one[: rng.randrange(len(one))] + other[rng.randrange(len(other)) :]


def shard(rng: Random) -> str:
    """A piece of text that has broken, or might break, a reader: mostly short."""
    roll = rng.random()
    if roll < 0.94:
        return rng.choice(rng.choice((NUMBERS, NUMBERS, DATES, DATES, MARKS, STORMS, PHRASES, NAMES)))
    if roll < 0.97:
        return rng.choice((*MARKS, *STORMS, *PHRASES)) * rng.randint(2, 60)
    if roll < 0.985:
        return rng.choice(("a", "A", "1", "。", "漢", "((((", "a1", BASE64)) * rng.randint(10, 120)
    return "".join(chr(_code_point(rng)) for _ in range(rng.randint(5, 200)))


def _code_point(rng: Random) -> int:
    point = rng.randrange(1, rng.choice((0x80, 0x250, 0x3000, 0xD800, 0x1F700, 0x110000)))
    return 0xFFFD if 0xD800 <= point < 0xE000 else point


# ---------------------------------------------------------------- what a text can suffer

Spoiler = Callable[[str, Random], str]


def _at(text: str, rng: Random) -> int:
    return rng.randrange(len(text) + 1)


def _put_in(text: str, rng: Random) -> str:
    at = _at(text, rng)
    space = rng.choice(("", " ", " "))
    return text[:at] + space + shard(rng) + space + text[at:]


def _at_an_end(text: str, rng: Random) -> str:
    piece, gap = shard(rng), rng.choice(("", " ", "\n", "\n\n"))
    return piece + gap + text if rng.random() < 0.5 else text + gap + piece


def _instead(kind: re.Pattern[str], pieces: tuple[str, ...]) -> Spoiler:
    def spoiler(text: str, rng: Random) -> str:
        found = list(kind.finditer(text))
        for m in sorted(rng.sample(found, min(len(found), rng.randint(1, 4))), key=lambda m: -m.start()):
            text = text[: m.start()] + rng.choice(pieces) + text[m.end() :]
        return text

    spoiler.__name__ = f"_instead_of_{kind.pattern[:12]}"
    return spoiler


def _words_changed(text: str, rng: Random) -> str:
    words = WORD.findall(text)
    if len(words) < 4:
        return text + shard(rng)
    for _ in range(rng.randint(1, 6)):
        a, b = rng.randrange(len(words)), rng.randrange(len(words))
        what = rng.randrange(7)
        if what == 0:
            words[a], words[b] = words[b], words[a]
        elif what == 1:
            words[a] = ""
        elif what == 2:
            words[a] *= rng.choice((2, 3, 5, 20, 100))
        elif what == 3:
            words[a] = rng.choice((str.upper, str.lower, str.title, str.swapcase))(words[a])
        elif what == 4:
            words[a] = shard(rng)
        elif what == 5:
            words[a] += rng.choice(STORMS)
        else:
            words[a : a + rng.randint(1, 12)] = []
            words.append(rng.choice(MARKS))
    return "".join(words)


def _quotes_changed(text: str, rng: Random) -> str:
    new = rng.choice(MARKS[:15])
    return re.sub('[“”„«»"]', lambda m: new if rng.random() < 0.5 else m[0], text)


def _lines_changed(text: str, rng: Random) -> str:
    what = rng.randrange(8)
    if what == 0:
        return text.replace("\n\n", "\n")
    if what == 1:
        return text.replace(
            "\n", rng.choice(("\r\n", "\r", "\u2028", "\u2029", "\x85", "\x0c", " ", "\n\n\n", "\n> ", "\n\t"))
        )
    lines = text.split("\n")
    a, b = rng.randrange(len(lines)), rng.randrange(len(lines))
    if what == 2:
        lines[a], lines[b] = lines[b], lines[a]
    elif what == 3:
        lines[a:a] = lines[b : b + 3] * rng.choice((1, 2, 10))
    elif what == 4:
        rng.shuffle(lines)
    elif what == 5:
        lines.insert(a, shard(rng))
    elif what == 6:
        width = rng.choice((1, 2, 20, 40, 72))
        lines = [line[at : at + width] for line in lines for at in range(0, max(len(line), 1), width)][:400]
    else:
        lines[a] = rng.choice(("> ", "- ", "• ", "# ", "1. ", "By ", "| ", "\t", "@", "“", "From: ")) + lines[a]
    return "\n".join(lines)


def _cut(text: str, rng: Random) -> str:
    return text[_at(text, rng) :] if rng.random() < 0.5 else text[: _at(text, rng)]


def _letters_changed(text: str, rng: Random) -> str:
    letters = list(text)
    for _ in range(rng.randint(1, 12) if letters else 0):
        at = rng.randrange(len(letters))
        letters[at] = rng.choice((chr(_code_point(rng)), "", rng.choice(STORMS), letters[at] * 2, rng.choice(letters)))
    return "".join(letters)


def _squeezed(text: str, rng: Random) -> str:
    start = _at(text, rng)
    end = min(len(text), start + rng.randint(5, 200))
    return (
        text[:start] + re.sub(r"\s", rng.choice(("", "\u00a0", "\u200b", "-", "/", ".")), text[start:end]) + text[end:]
    )


def _repeated(text: str, rng: Random) -> str:
    start = _at(text, rng)
    piece = text[start : start + rng.randint(1, 60)]
    return text[:start] + piece * rng.choice((2, 3, 8, 30)) + text[start:]


NAME = re.compile(r"(?<![^\W\d_])[A-ZА-ЯÄÖÜ][^\W\d_]+(?: [A-ZА-Я][^\W\d_]+)*")
NUMBER = re.compile(r"\d[\d.,]*")
MARK = re.compile(r"[^\w\s]")

SPOILERS: tuple[Spoiler, ...] = (
    _put_in,
    _put_in,
    _at_an_end,
    _instead(NUMBER, NUMBERS),
    _instead(NUMBER, DATES),
    _instead(NAME, NAMES),
    _instead(NAME, PHRASES),
    _instead(MARK, MARKS),
    _instead(MARK, STORMS),
    _words_changed,
    _words_changed,
    _quotes_changed,
    _lines_changed,
    _cut,
    _letters_changed,
    _squeezed,
    _repeated,
)


def spoiled(text: str, rng: Random, most: int = 4) -> str:
    """The text after 1 to ``most`` mishaps."""
    for _ in range(rng.randint(1, most)):
        text = rng.choice(SPOILERS)(text, rng)
    return text
