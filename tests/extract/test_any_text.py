"""Whatever digits, dates and addresses a text is made of, and whenever it was published: its rows come out, and point back at it."""

import os
from datetime import date

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pipelines.ingest.documents import borders, document_of
from pipelines.language import analyse
from pipelines.language.parsed import Parsed
from pipelines.tables import rows_of

SHARDS = """
30~120|about|more than|between|from|to|and|or|in|of|the|a|on|at|by|no fewer than|up to|~|about 30~120|item0.0000E+000abc0
https://example.org/item0.0000E+000abc0|www.example.org/2021/05/03|ana@example.org|report-2021.pdf|@user55|#17
0|00|007|1|2|7|12|24|30|31|99|100|1,000|1.000|1,00,000|1 000 000|1'000|0.5|.5|5.|1/2|2 1/2|½|¾|1e5|1E+99|1e-99|1,5e+400|1E−400|10^99|10^-99|2×10^99|2×10⁻|2×10⁴⁰⁰|e+|10^|×10
5²|٣|३|〇|Ⅷ|①|99999999999999999999|999999999999999999999999999999999999999999999999999|4.5±0.3|+1|-1|−1|--1|1-2-3|5-|-5|5:|:5|12:60|25:00|00:00
24:00|23:59:60|T23:59|2021-05-03T10:15:00Z|0000-00-00|9999-12-31|0001-01-01|2021-02-30|2021-13-01|31.12.9999|1.1.0001|1/1/1|99/99/9999
29 February|29 February 1900|31 April 2021|30 Feb|May 0, 2021|32 May|3 May 2021|May 3|3rd|0th|101st|Monday|Friday 13|next|last|this|ago|later|earlier|before|after
1990s|'68|’05|0s|9990s|the 0s|9999|10000|0001|2022|1066|year 0|500 BC|9999 BC|99999 BC|AD 1|12th century|0th century|100th century|3rd millennium
years|days|weeks|months|centuries|millennia|decades|hours|minutes|fortnight|quarters|weekends|year|day|week|quarter|half|decade|century|weekend
two|twenty|hundred|thousand|million|billion|trillion|dozens|hundreds of thousands|half a million|one and a half|three-quarters|a third of|twofold|one in five
million million million million million million million million|999999999 years ago|in 99999 years|10000 years later|9999 centuries ago
the next 9999 years|the last 9999 days|the past 99999999999 months|two days before 1 January 0001|a week after 31 December 9999|every 0 days|0 years ago
the first week of 9999|the last week of 0001|the week of|the weekend|the end of 9999|early 9999|late 0001|winter 9999|the 99th quarter of|Q4 9999|Q5 2021|H2 9999
$|€|£|US$|USD|%|per cent|km|km²|°C|kg|ft|in|6 ft 3 in|years old|-year-old|a day|per|k|bn|m|$5bn|5%-|(44)|No. 5|odds of|people|houses|said|Ana Berg|Bo Lund said
"|“|”|'|’|(|)|[|]|,|.|;|:|!|?|…|-|–|/|\\|&|+|=|*|_|^|<|>|\u00a0|\u200b|\u0301|\u00ad|\ufeff|\U0001f600|\ud800|\x00
Christmas|Easter|Thanksgiving|Ramadan|New Year|yesterday|today|tomorrow|tonight|now|noon|midnight|morning|spring|summer|since|until|through|Published on|Updated:|©
Since 9999|by 0001|Published: 31 December 9999|OSLO, Dec. 31 (UPN) -|Posted on 1 January 0001|Date: Fri, 31 Dec 9999 23:59:59 -2359|From: Ana
"""
SHARD = st.one_of(
    st.sampled_from([shard for line in SHARDS.strip("\n").split("\n") for shard in line.split("|")]),
    st.from_regex(r"[0-9]{1,12}([.,:/ -][0-9]{1,4}){0,3}[A-Za-z%]{0,3}", fullmatch=True),
    st.integers(0, 10**60).map(str),
    st.text(max_size=4),
)
GLUE = st.sampled_from([" ", " ", " ", " ", "", "", ", ", ". ", "-", "\n", "\n\n", "  ", " ("])
TEXTS = st.lists(st.tuples(SHARD, GLUE), min_size=1, max_size=14).map(
    lambda parts: "".join(shard + glue for shard, glue in parts)
)
SENTENCES = st.tuples(
    st.sampled_from(["", "Ana Berg said that ", "The bank sold ", "“We paid ", "In Oslo ", "> "]),
    TEXTS,
    st.sampled_from(["", ".", " houses.", ",” said Bo Lund.", " years ago, he said.", "\n"]),
).map("".join)
DAYS = st.sampled_from(
    [
        None,
        *(date(1, 1, day) for day in (1, 2, 8, 31)),
        date(1, 12, 31),
        date(4, 2, 29),
        *(date(9999, 12, day) for day in (1, 24, 30, 31)),
        date(9999, 1, 1),
        date(9996, 2, 29),
        date(2022, 4, 14),
    ]
)


def rows_for(text: str, published_on: date | None) -> dict[str, list[dict[str, object]]]:
    document, layout = document_of("0123456789abcdef", "a.txt", text, {"published_on": published_on})
    (doc,) = analyse([text], [borders(text, layout)])
    return rows_of(Parsed(document, layout, doc))


def assert_sound(text: str, published_on: date | None) -> None:
    for table, rows in rows_for(text, published_on).items():
        for row in rows:
            if table != "documents" and "start_char" in row and "text" in row:
                assert text[row["start_char"] : row["end_char"]] == row["text"]  # type: ignore[misc]
            if table == "figures":
                assert row["value"] is None or abs(row["value"]) < float("inf")  # type: ignore[arg-type]


@pytest.mark.parametrize("published_on", [date(1, 1, 1), date(9999, 12, 31), None])
@pytest.mark.parametrize(
    "text",
    [
        "The bridge cost about 30~120",
        "See https://example.org/item0.0000E+000abc0",
        "It is item0.0000E+000abc0",
        "The sum is " + "7" * 4301 + ".",
        "The device shows 2×10⁻ km, 2×10⁵⁻² km, 2×10⁴⁰⁰ km and 1,5e+400 %.",
        "The sum is 1" + ",000" * 2000 + " dollars.",
        "It was " + "9" * 400 + " years ago, and 0." + "3" * 5000 + " per cent.",
        "On Monday, yesterday, last week, next year, in March, last summer and at 10 pm on Friday he spoke.",
        "This week, this weekend, this winter, this season, this quarter, this half, this year and this century end.",
        "In fiscal 0001, early this year, in late 9999, in the middle of the century and at the end of the millennium.",
        "In the first half of the year, in the rest of the year, over the Christmas weekend and on Labor Day weekend.",
        "From: Ana\nDate: Fri, 31 Dec 9999 23:59:59 -2359\n\nThe bank is shut.",
        f"From: Ana\nDate: Fri, 31 Dec {'9' * 5000} 23:59:59 +9999\n\nThe bank is shut.",
        f"From: Ana\nDate: {'9' * 30} Dec 2021 {'9' * 30}:59:59 +{'9' * 30}\n\nThe bank is shut.",
        "Two weeks ago, in two weeks, a century later, this weekend, at Christmas, on 29 February, in the 90s, by 2030.",
        "OSLO, Dec. 31 (UPN) - The bank was shut on Sunday.\n\nIt opens the day after tomorrow.",
    ],
)
def test_what_once_lost_a_document_is_read(text: str, published_on: date | None) -> None:
    assert_sound(text, published_on)


@settings(
    max_examples=int(os.environ.get("ANY_TEXT_EXAMPLES", "150")),
    deadline=None,
    derandomize="ANY_TEXT_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
)
@given(SENTENCES, DAYS)
@example("about 30~120", None)
def test_any_text_of_shards_is_read(text: str, published_on: date | None) -> None:
    assert_sound(text, published_on)
