"""Places in words: one name for all forms, whole names, and words that only look like places."""

import pytest

from pipelines.resolve.measured.whereabouts import place_in, places_of


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Floods in South Korea and North Korea", {"kr", "kp"}),
        ("A quake in Central America hit El Salvador", {"sv"}),
        ("U.S. troops left the U.K.", {"us", "gb"}),
        ("Americans and Belarusians met in May", {"us", "by"}),
    ],
)
def test_places_of(text: str, found: set[str]) -> None:
    assert places_of(text, 0, len(text)) == found


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("12 died in San Luis", "san luis"),
        ("12 died in San Mateo", "san mateo"),
        ("12 died in Riga on Monday", "riga"),
        ("12 died in May", None),
    ],
)
def test_place_in(text: str, place: str | None) -> None:
    assert place_in(text, 0, len(text), False) == place
