"""Bytes to text where bytes are odd: halves of pairs, a few bytes that might be anything."""

import pytest

from pipelines.ingest.files.decoding import decoded
from pipelines.ingest.files.record import Unusable


def test_halves_of_surrogate_pairs_written_as_utf8_are_put_together_or_named() -> None:
    pair = "Ein «Lächeln» \U0001f600 am Ende".encode("utf-16-le")
    halves = pair.decode("utf-16-le").encode("utf-8").replace(b"\xf0\x9f\x98\x80", b"\xed\xa0\xbd\xed\xb8\x80")
    assert decoded(halves, "x") == ("Ein «Lächeln» \U0001f600 am Ende", "utf-8", None)
    text, encoding, note = decoded("Ein «Lächeln» ".encode() + b"\xed\xa0\xbd und mehr", "x")
    assert (text, encoding) == ("Ein «Lächeln» \ufffd und mehr", "utf-8")
    assert note is not None
    assert "1 half" in note


@pytest.mark.parametrize("data", [b"\x1e\x42", b"\x04\x41\x04\x42", b"\x1f\x08"])
def test_a_few_bytes_are_not_taken_for_letters_of_utf16(data: bytes) -> None:
    with pytest.raises(Unusable):
        decoded(data, "x")


def test_one_zero_byte_does_not_make_a_text_utf16() -> None:
    """Seen by a fuzz campaign: 72 bytes of UTF-8, one of them NUL, came out as 36 Chinese letters."""
    said = b"\xc3\x9f5K-\n.5\nPiet HoekstraTreasurer, Sund Ferries\n+45 12 34 56 78X \n\n\n\nZZ\x00 /"
    with pytest.raises(Unusable, match="NUL bytes in its text \\(first at byte 69\\)"):
        decoded(said, "x")


@pytest.mark.parametrize("text", ["渡轮票价 12", "페리 요금이 오른다", "Тарифы на паром", "Ferry fares", "Τιμές 12"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_short_text_in_utf16_without_a_mark_is_read(text: str, encoding: str) -> None:
    assert decoded(text.encode(encoding), "x")[:2] == (text, encoding)
