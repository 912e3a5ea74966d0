"""What the list knows of nouns for one person (``person_words``): minister, daughter, runner."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from pipelines.lexicon.entries import entries


@cache
def person_words() -> Mapping[str, tuple[str, str]]:
    """Nouns for one person: their gender (he, she, any) and kind (office, relation, description)."""
    return MappingProxyType({row["form"]: (row["value"], row["kind"]) for row in entries("person_words")})


def is_office(noun: str) -> bool:
    """Whether a noun, also in the plural, names who holds an office or has a profession."""
    return any(person_words().get(form, ("", ""))[1] == "office" for form in (noun, noun.removesuffix("s")))
