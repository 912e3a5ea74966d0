"""What a figure is about: where the figure before tells it, and nouns that only lead to what is measured."""

import pytest

from tests.extract.test_figures import rows_of

ABOUT = [
    (
        "The maker posted earnings of $2.9 billion, or 29 cents a share, compared with $2.5 billion, or 23 cents a share.",
        ["earnings", "earnings", "earnings", "earnings"],
    ),
    ("Ivanova is liked by 55%, Orlov by 56% and Petrov by 65%.", ["Ivanova", "Orlov", "Petrov"]),
    ("Norway sold 6.9 million tons of fish, Iceland 3.3 million.", ["fish", "Iceland"]),
    ("The survey reached 410 farmers (74.7%).", ["survey", "farmers"]),
    ("Growers saw a 12 percent increase in apple exports.", ["increase in apple exports"]),
    ("The toll rose to at least 138 people.", ["toll"]),
    ("Enemy losses amounted to 1,140 tanks.", ["Enemy losses"]),
    ("The visitors led by 14 points.", ["visitors"]),
    ("The port was guarded by 14 sailors.", [None]),
    ("The bank expects a loss before interest and tax of €94 million.", ["loss"]),
    ("Its shares rose 2% to $441 in late trading.", ["Its shares", "Its shares"]),
    ("Police took the 33-year-old's car.", [None]),
    ("Thieves left €200 worth of copper.", ["copper"]),
    ("A magnitude 6.9 quake hit the coast.", ["quake"]),
    ("46% of farmers would stay, and 36% would leave. Another 7% chose neither.", ["farmers", "farmers", "farmers"]),
    ("The flood caused about $8 billion in insured losses.", ["insured losses"]),
    ("That eclipses the previous record of about $159 billion.", ["previous record"]),
    ("The country saw inflation in January of 6.4%.", ["inflation"]),
    ("April and May showed increases of 1.4% and 1%.", ["increases", "increases"]),
    (
        "The number of people who have left the islands since the storms began has risen to 4,503,954.",
        ["number of people"],
    ),
    ("Some 2.6 million went to Norway, 680,000 to Sweden and 410,000 to Finland.", [None, None, None]),
    ("The probe saw a planet 60 light-years away.", ["planet"]),
    ("Real growth rate: 3%", ["Real growth rate"]),
    ("A comet passes every 36 days.", [None]),
    ("A total of 400 men came.", [None]),
    ("Analysts expected 97 cents a share in earnings.", ["earnings"]),
    ("A landslide hit Orsk, 12 km west of the border.", ["Orsk"]),
    ("Some 20% of 14 year olds smoke.", ["14 year olds", None]),
    ("The agency signed contracts totaling $10 billion.", ["contracts"]),
]


@pytest.mark.parametrize(("text", "about"), ABOUT, ids=[text[:40] for text, _ in ABOUT])
def test_about(text: str, about: list[str | None]) -> None:
    assert [row["referent"] for row in rows_of(text)] == about
