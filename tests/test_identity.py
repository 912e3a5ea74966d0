"""Ids depend on every part, and on nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from pipelines.identity import SEPARATOR, digest, span_id

PART = st.one_of(st.none(), st.integers(), st.text(st.characters(exclude_characters=SEPARATOR + "\0")))


@given(st.lists(PART))
def test_an_id_is_16_hex_digits_and_the_same_every_time(parts: list[object]) -> None:
    first = digest(*parts)
    assert len(first) == 16
    assert set(first) <= set("0123456789abcdef")
    assert digest(*parts) == first


@given(st.lists(PART, max_size=4), st.lists(PART, max_size=4))
def test_two_different_lists_of_parts_have_different_ids(left: list[object], right: list[object]) -> None:
    def shown(parts: list[object]) -> list[str]:
        return ["\0" if part is None else str(part) for part in parts]

    if shown(left) != shown(right) and (left or right != [""]) and (right or left != [""]):
        assert digest(*left) != digest(*right)


def test_ids_never_change_between_versions() -> None:
    assert digest("document", "a.txt") == "ebb3ace37412031f"
    assert span_id("ebb3ace37412031f", "figures", 3, 14) == "6bf04dd74841d9f0"
