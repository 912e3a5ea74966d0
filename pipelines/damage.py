"""Damage to letters undone: text decoded wrongly, characters that cannot be seen, Cyrillic letters inside Latin words."""

import contextlib
import re
import unicodedata

INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufe0e\ufe0f]")
DECODED_WRONGLY = re.compile("[ÂÃÄÅÐÑ][\u0080-\u00bf\u0152-\u02dc\u2013-\u2122]")
MIXED_WORD = re.compile(r"(?<!\w)\w*(?:[A-Za-z][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-z])\w*")
LOOK_ALIKES = str.maketrans("АВЕКМНОРСТХаеорсухіјѕԁ", "ABEKMHOPCTXaeopcyxijsd")


def clean(name: str) -> str:
    """The name with wrong decoding undone, invisible characters removed, look-alike letters made Latin, spaces single."""
    if name.isascii():
        return " ".join(name.split())
    if DECODED_WRONGLY.search(name):
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp1252").decode("utf-8")
    name = INVISIBLE.sub("", unicodedata.normalize("NFKC", name))
    name = MIXED_WORD.sub(lambda match: match[0].translate(LOOK_ALIKES), name)
    return " ".join(name.split())
