"""The format of the open benchmark: what is read, and how what does not follow the guidelines is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.evaluation.annotations import BadAnnotation, GoldClaim, GoldFigure, Span, parsed, read
from pipelines.evaluation.report import OPEN, SEALED, files_of

HEAD = "id: ferries\ngenre: news\npublished_on: 2023-03-03\n\n"
GOOD = """{s1|{n:PERSON|Ana Berg}} {c1|said} {x1|{r1|fares} would rise by {q1|12 percent} \\{at most\\}}.
#x1 indirect speech said speaker="Ana Berg" stance=hedges
#q1 12 percent at_most up

Nobody {q2|else} spoke.
#q2 vague person
"""


def test_marks_become_spans_of_the_text_without_them() -> None:
    found = parsed(HEAD + GOOD, "ferries.ann")
    text = found.text
    assert text == "Ana Berg said fares would rise by 12 percent {at most}.\n\nNobody else spoke.\n"
    (claim,), (figure, other), (name,) = found.claims, found.figures, found.names

    def words(spans: tuple[Span, ...]) -> list[str]:
        return [text[span.start : span.end] for span in spans]

    assert words(claim.source) == ["Ana Berg"] == words((name.span,))
    assert words(claim.content) == ["fares would rise by 12 percent {at most}"]
    assert claim[:5] == GoldClaim("indirect", "speech", "said", "hedges", "Ana Berg", (), (), ())[:5]
    assert words((figure.span, *figure.referent)) == ["12 percent", "fares"]
    assert figure[1:6] == GoldFigure(Span(0, 0), 12, None, "percent", "at_most", "up", ())[1:6]
    assert other.value is None


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("{s1|Ana said it.\n#x1 direct speech said", "line 5: the mark s1 is never closed"),
        ("Ana} said it.", "line 5: a brace that closes no mark"),
        ("{x1|It} is so.", "x1 is marked, and no line #x1 says what it is"),
        ("{x1|It} is so.\n#x1 loud speech said", "line 6: #x1 loud speech said: wants kind, act and status"),
        ("{x1|It} is so.\n#x1 direct speech said stance=shouts", "line 6: #x1: shouts is no stance"),
        ("It is so.\n#x1 direct speech said", "line 6: #x1 has no content"),
        ("{q1|Ten} is so.\n#q1 ten person", "line 6: #q1 ten person: wants value, unit"),
        ("It.\n#q1 10 person", "line 6: #q1 stands nowhere"),
        ("{n:SHIP|It} is so.", "line 5: SHIP is no type of name"),
        ("{q1| } it.\n#q1 1 1", "line 5: the mark q1 holds nothing"),
    ],
)
def test_what_does_not_follow_the_guidelines_is_told_with_file_and_line(body: str, told: str) -> None:
    with pytest.raises(BadAnnotation) as error:
        parsed(HEAD + body, "ferries.ann")
    assert f"ferries.ann, line 1: {told}" in str(error.value) or f"ferries.ann, {told}" in str(error.value)


def test_a_header_wants_id_genre_and_a_day_that_is_one() -> None:
    with pytest.raises(BadAnnotation) as error:
        parsed("published_on: in March\n\nIt.", "x.ann")
    assert str(error.value).count("x.ann, line 1") == 3


@given(st.text(alphabet="ab {}|\\\n#xq1:", max_size=60))
def test_any_body_is_read_or_told(body: str) -> None:
    try:
        found = parsed(HEAD + body, "x.ann")
    except BadAnnotation:
        return
    assert all(0 <= span.start < span.end <= len(found.text) for claim in found.claims for span in claim.content)


@pytest.mark.parametrize("half", [OPEN, SEALED])
def test_the_benchmark_follows_the_guidelines(half: str) -> None:
    documents = [read(path) for path in files_of(half)]
    assert len({document.id for document in documents}) == len(documents) >= 30
    assert sum(len(document.claims) for document in documents) > 400
