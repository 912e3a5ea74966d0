"""Which language a text is in."""

import re
from collections.abc import Mapping

import pytest

from pipelines.ingest.languages import language_of
from pipelines.lexicon.entries import entries


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The port is shut for the third day, and the mayor said that it would stay so.", "en"),
        ("The mayor said the port was shut.", "en"),
        ("Der Hafen bleibt geschlossen, sagte der Bürgermeister am Dienstag.", "de"),
        ("Le port restera fermé jusqu'à la fin de la semaine, a déclaré le maire.", "fr"),
        ("El puerto seguirá cerrado hasta el fin de la semana, dijo el alcalde.", "es"),
        ("O porto vai ficar fechado até ao fim da semana, disse o presidente da câmara.", "pt"),
        ("Il porto resterà chiuso fino alla fine della settimana, ha detto il sindaco.", "it"),
        ("De haven blijft dicht tot het eind van de week, zei de burgemeester.", "nl"),
        ("Port będzie zamknięty do końca tygodnia, powiedział burmistrz, i nie ma na to rady.", "pl"),
        ("Порт закрыт третий день, сообщил мэр во вторник.", "ru"),
        ("Порт закритий третій день, повідомив мер у вівторок.", "uk"),
        ("Порт зачынены трэці дзень, паведаміў мэр у аўторак.", "be"),
        ("Пристаништето е затворено, соопшти градоначалникот со својата ќерка.", "mk"),
        ("Лука је затворена трећи дан, рекао је градоначелник.", "sr"),
        ("Пристанището е затворено за трети ден, съобщи кметът.", "bg"),
        ("Το λιμάνι είναι κλειστό για τρίτη ημέρα.", "el"),
        ("港は三日間閉鎖されています。", "ja"),
        ("Ok", None),
        ("4711", None),
        ("", None),
        ("Porto Lisboa Oslo Bergen Riga Minsk Kyiv", None),
        ("Lorem ipsum dolor sit amet consectetur adipiscing elit", None),
    ],
)
def test_language(text: str, language: str | None) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize("row", entries("function_words"), ids=lambda row: f"{row['value']}: {row['form']}")
def test_each_function_word_stands_in_a_sentence_of_its_language(row: Mapping[str, str]) -> None:
    assert row["form"] in re.findall(r"[^\W\d_]+", row["example"].lower())
    assert language_of(row["example"]) == row["value"]
