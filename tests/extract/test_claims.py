"""The constructions of ``tests/cases/claims.toml``, the lexicon's examples, the originals, and what must hold for any text."""

import re
import tomllib
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.extract.attribution.inside import in_claims, not_held
from pipelines.extract.attribution.quotes import blocks_in, quotations
from pipelines.extract.claims import claims_in
from pipelines.extract.mentions import names_in
from pipelines.identity import span_id
from pipelines.ingest.document import Document, Row, Segment
from pipelines.ingest.documents import borders
from pipelines.ingest.layout.segments import segments_of
from pipelines.language import analyse
from pipelines.language.parsed import Parsed
from pipelines.lexicon.entries import entries
from schemas.claims import ACTS, CLAIM_KINDS, SOURCE_KINDS, STANCES, STATUSES
from schemas.columns import RULE

CASES = tomllib.loads((Path(__file__).parent.parent / "cases" / "claims.toml").read_text(encoding="utf-8"))["case"]
MARK = re.compile(r"\{(?P<role>[xcs])(?P<number>\d?)\|")
DOCUMENT = "0" * 16
MARKS = "“”„‟«»‹›‘’'\"`—–> \n.,:;!?()[]"


def read(marked: str) -> tuple[str, dict[str, dict[str, list[tuple[int, int]]]]]:
    """A marked sentence as plain text and, for each claim, its spans by role."""
    text, stack, claims, at = "", [], {}, 0
    while at < len(marked):
        mark = MARK.match(marked, at)
        if mark:
            stack.append((mark["role"], mark["number"] or "1", len(text)))
            at = mark.end()
        elif marked[at] == "}" and stack:
            role, number, start = stack.pop()
            claims.setdefault(number, {"x": [], "c": [], "s": []})[role].append((start, len(text)))
            at += 1
        else:
            text += marked[at]
            at += 1
    return text, claims


def parsed(text: str, segments: list[Segment] | None = None, **meta: object) -> Parsed:
    segments = segments if segments is not None else [Segment(0, len(text), "body")] if text.strip() else []
    (doc,) = analyse([text], [borders(text, segments)])
    return Parsed(Document(DOCUMENT, text, **meta), segments, doc)  # type: ignore[arg-type]


def found(text: str, **meta: object) -> tuple[list[Row], dict[str, Row]]:
    """The claims of a text, and all its mentions by id."""
    one = parsed(text, **meta)
    names = names_in(one)
    claims, mentions = claims_in(one, names, [], [])
    return claims, {row["mention_id"]: row for row in (*names, *mentions)}


def claim_of(figures: list[Row], claims: list[Row]) -> dict[str, str]:
    """Figure to innermost claim, without figures that no claim holds."""
    return {row["figure_id"]: row["claim_id"] for row in in_claims(figures, claims) if row["claim_id"]}


def spans(row: Row, role: str) -> list[tuple[int, int]]:
    return sorted((span["start_char"], span["end_char"]) for span in row[f"{role}_spans"])


def speaker(row: Row, mentions: dict[str, Row]) -> str:
    """The name that a claim's source is or means; empty when there is none."""
    mention = mentions.get(row["source_mention_id"] or "")
    if mention is None:
        return ""
    name = mention if mention["form"] == "name" else mentions.get(mention["antecedent_id"] or "")
    return name["text"] if name else ""


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:40] for case in CASES])
def test_case(case: dict[str, object]) -> None:
    text, wanted = read(str(case["text"]))
    claims, mentions = found(text)
    outer = [row for row in claims if case.get("nested") or row["parent_claim_id"] is None]
    assert [row["text"] for row in outer if not wanted] == []
    for number, spans_by_role in wanted.items():
        match = [row for row in outer if spans(row, "content") == sorted(spans_by_role["x"])]
        assert match, [(row["text"], row["source_text"], row["cue_text"]) for row in claims]
        row = match[0]
        assert spans(row, "source") == sorted(spans_by_role["s"])
        assert spans(row, "cue") == sorted(spans_by_role["c"])
        if number == "1":
            assert row["kind"] == case["kind"]
            if "source" in case:
                assert speaker(row, mentions).endswith(str(case["source"]))
            for column in ("source_kind", "act", "status", "stance"):
                assert column not in case or row[column] == case[column]
    if not case.get("nested"):
        assert len(outer) == len(wanted)


def test_nesting() -> None:
    claims, _ = found("Reardon criticised Lamport for saying that the wage hurts business.")
    inner = next(row for row in claims if row["source_text"] == "Lamport")
    outer = next(row for row in claims if row["source_text"] == "Reardon")
    assert inner["parent_claim_id"] == outer["claim_id"]


def test_first_person_in_a_quotation_is_its_speaker() -> None:
    claims, mentions = found("“I think the dam will hold,” Maria Kovač said.")
    inner = next(row for row in claims if row["source_text"] == "I")
    assert speaker(inner, mentions) == "Maria Kovač"
    assert inner["confidence"] < 1


def test_descriptions_mean_who_the_text_called_so() -> None:
    claims, mentions = found(
        "The political scientist Petra Novak spoke in Vienna. The vote was fair, the political scientist said."
    )
    assert [speaker(row, mentions) for row in claims] == ["Petra Novak"]


def test_outlet_in_a_press_review_is_named_by_the_layout() -> None:
    text = "Kurier Poranny (PL) /\n\nNo friends\n\n“The coalition is finished. It has lost 40 seats and every friend it had.”"
    at = text.index("“")
    segments = [
        Segment(0, 21, "byline", "Kurier Poranny", "PL"),
        Segment(23, 33, "heading"),
        Segment(at, len(text), "quotation", "Kurier Poranny", "PL"),
    ]
    one = parsed(text, segments)
    claims, _ = claims_in(one, [], [], [])
    assert [(row["kind"], row["source_kind"], row["source_text"]) for row in claims if not row["parent_claim_id"]] == [
        ("direct", "outlet", "Kurier Poranny")
    ]


def test_chrome_yields_nothing() -> None:
    text = "“We use cookies to improve your visit,” said the site."
    claims, _ = claims_in(parsed(text, [Segment(0, len(text), "chrome")]), [], [], [])
    assert claims == []


def figure(text: str, words: str) -> Row:
    start = text.index(words)
    key = span_id(DOCUMENT, "figures", start, start + len(words))
    return {"figure_id": key, "start_char": start, "end_char": start + len(words), "text": words, "is_chrome": False}


def test_every_figure_has_a_speaker() -> None:
    text = (
        "Nordtel has 300 shops. On 3 May the mayor said that 40 of them would close. "
        "A survey of 1,000 people found that 60 percent want them back. Did 500 people march?"
    )
    one = parsed(text)
    figures = [figure(text, words) for words in ("300", "40", "1,000", "60 percent", "500")]
    claims, _ = claims_in(one, names_in(one), [], figures)
    by_id = {row["claim_id"]: row for row in claims}
    held = claim_of(figures, claims)
    kinds = [by_id[held[row["figure_id"]]]["kind"] if row["figure_id"] in held else None for row in figures]
    assert kinds == ["assertion", "indirect", "assertion", "indirect", None]
    assertion = by_id[held[figures[0]["figure_id"]]]
    assert (assertion["source_kind"], assertion["source_text"]) == ("author", None)
    assert assertion["text"] == "Nordtel has 300 shops."


def test_whatever_stands_in_a_claim_has_the_innermost_that_holds_it() -> None:
    claims = [
        {"claim_id": "outer", "content_spans": [{"start_char": 0, "end_char": 40}]},
        {
            "claim_id": "inner",
            "content_spans": [{"start_char": 10, "end_char": 20}, {"start_char": 30, "end_char": 40}],
        },
    ]
    rows = [
        {"start_char": start, "end_char": end}
        for start, end in ((2, 4), (12, 14), (22, 24), (32, 34), (18, 22), (50, 52))
    ]
    assert [row["claim_id"] for row in in_claims(rows, claims)] == ["outer", "inner", "outer", "inner", "outer", None]


def test_nobody_holds_what_is_denied_doubted_asked_or_not_said_nor_what_is_told_in_it() -> None:
    def claim(name: str, status: str, stance: str, parent: str | None = None) -> Row:
        return {"claim_id": name, "parent_claim_id": parent, "status": status, "stance": stance}

    claims = [
        claim("said", "said", "asserts"), claim("promised", "said", "promises"), claim("denied", "said", "denies"),
        claim("doubted", "said", "doubts"), claim("asked", "said", "asks"), claim("never said", "denied", "asserts"),
        claim("perhaps", "possible", "asserts"), claim("not denied", "denied", "denies"),
        claim("told in a denial", "said", "asserts", "denied"), claim("told", "said", "asserts", "said"),
    ]  # fmt: skip
    assert {row["claim_id"] for row in claims} - not_held(claims) == {"said", "promised", "told"}


def test_the_day_of_the_saying_is_the_reporting_clause_s() -> None:
    text = "On 3 May the mayor said that the bridge, closed on 1 March, would open."
    one = parsed(text)

    def day(words: str, when: date | None) -> Row:
        start = text.index(words)
        return {"date_id": words, "start_char": start, "end_char": start + len(words), "text": words, "type": "DATE",
                "value": str(when or "XXXX-05-03"), "start_on": when, "end_on": when, "is_chrome": False}  # fmt: skip

    dates = [day("3 May", date(2021, 5, 3)), day("1 March", date(2021, 3, 1))]
    claims, _ = claims_in(one, [], dates, [])
    said = next(row for row in claims if row["cue_text"] == "said")
    assert (said["said_on_start"], said["said_on_end"]) == (date(2021, 5, 3), date(2021, 5, 3))
    claims, _ = claims_in(one, [], dates[1:], [])
    assert next(row for row in claims if row["cue_text"] == "said")["said_on_start"] is None
    claims, _ = claims_in(one, [], [day("3 May", None)], [])
    said = next(row for row in claims if row["cue_text"] == "said")
    assert (said["said_on_start"], said["said_on_date_id"]) == (None, "3 May")


@pytest.mark.parametrize(
    ("text", "is_dated"),
    [
        ("On 3 May the mayor said that the bridge would open.", False),  # of what is foreseen: nobody has said it yet
        ("On 3 May the mayor will say that the bridge opens.", True),
        ("On 3 May the mayor would say that the bridge opens.", True),
    ],
)
def test_no_saying_is_dated_behind_the_day_of_publication(text: str, is_dated: bool) -> None:
    when, start = date(2021, 5, 3), text.index("3 May")
    row = {"date_id": "d", "start_char": start, "end_char": start + 5, "text": "3 May", "type": "DATE",
           "value": "2021-05-03", "start_on": when, "end_on": when, "is_chrome": False}  # fmt: skip
    for published, expected in ((date(2021, 5, 1), is_dated), (date(2021, 5, 4), True), (None, True)):
        claims, _ = claims_in(parsed(text, published_on=published), [], [row], [])
        said = next(claim for claim in claims if claim["cue_text"].endswith(("said", "say")))
        assert (said["said_on_start"] == when) == expected


def test_a_date_in_brackets_behind_a_quotation_is_its_day() -> None:
    text = "The Lund Post warns: “The bridge is a risk for all of us.” (14/01/2016)"
    start = text.index("14/")
    row = {"date_id": "d", "start_char": start, "end_char": len(text) - 1, "text": "14/01/2016", "type": "DATE",
           "value": "2016-01-14", "start_on": date(2016, 1, 14), "end_on": date(2016, 1, 14), "is_chrome": False}  # fmt: skip
    claims, _ = claims_in(parsed(text), [], [row], [])
    assert [claim["said_on_start"] for claim in claims] == [date(2016, 1, 14)]
    bare = "“The bridge is a risk for all of us.” 14 May"  # nobody says it, and no bracket
    row |= {"start_char": bare.index("14"), "end_char": len(bare)}
    claims, _ = claims_in(parsed(bare), [], [row], [])
    assert [claim["said_on_start"] for claim in claims] in ([], [None])


def test_who_reports_a_ruling_stands_above_it() -> None:
    claims, _ = found(
        "The Supreme Court has ruled for forty years that such a ban, except in war, is unlawful, said Jim Moss, a lawyer."
    )
    inner = next(row for row in claims if row["source_text"] == "The Supreme Court")
    outer = next(row for row in claims if row["source_text"].startswith("Jim Moss"))
    assert (inner["parent_claim_id"], outer["parent_claim_id"]) == (outer["claim_id"], None)


@pytest.mark.parametrize("pos", ["verb", "adjective", "noun"])
def test_every_cue_finds_its_example(pos: str) -> None:
    rows = [row for row in entries("speech_cues") if row["pos"] == pos]
    assert all(row["value"] in ACTS and row["example"] and row["source"] for row in rows)
    assert all(row["stance"] in {"", *STANCES} for row in rows)
    lost = []
    text = "\n\n".join(row["example"] for row in rows)
    one = parsed(text, [Segment(m.start(), m.end(), "body") for m in re.finditer(r"[^\n]+", text)])
    claims, _ = claims_in(one, [], [], [])
    cue_at = {text.count("\n\n", 0, row["start_char"]) for row in claims if row["cue_text"]}
    lost = [row["form"] for number, row in enumerate(rows) if number not in cue_at]
    assert len(lost) <= 0.04 * len(rows), lost  # what the parser misreads


def spoken(sentences: list[str]) -> list[str]:
    """Those of the sentences in which something is said."""
    text = "\n\n".join(sentences)
    one = parsed(text, [Segment(m.start(), m.end(), "body") for m in re.finditer(r"[^\n]+", text)])
    claims, _ = claims_in(one, [], [], [])
    told = {text.count("\n\n", 0, row["start_char"]) for row in claims if row["cue_text"]}
    return [sentence for number, sentence in enumerate(sentences) if number in told]


def test_who_does_something_with_a_thing_says_nothing() -> None:
    assert spoken([row["example"] for row in entries("cue_acts")]) == []


def test_the_same_verbs_say_what_is_no_thing() -> None:
    said = [
        "She claimed victory in the vote.",
        "The minister admitted a mistake.",
        "The mayor confirmed the plan.",
        "The envoy denied the charge.",
        "She repeated her warning.",
        "The governor rejected the criticism.",
        "The minister welcomed the decision.",
        "The council proposed a ban.",
        "The envoy described the talks.",
        "The flood claimed that two lives were lost, the envoy said.",
    ]
    assert spoken(said) == said


def test_lexicons_have_examples() -> None:
    for name in (
        "things",
        "speakers",
        "outlets",
        "pronoun_names",
        "person_words",
        "body_words",
        "group_words",
        "capitals",
    ):
        for row in entries(name):
            assert row["form"].casefold() in row["example"].casefold(), row


def check(claims: list[Row], mentions: list[Row], names: list[Row], text: str) -> None:
    """What the contract promises for every row."""
    ids = {row["claim_id"] for row in claims}
    known = {row["mention_id"] for row in (*names, *mentions)}
    assert len(ids) == len(claims)
    assert claims == sorted(claims, key=lambda row: (row["start_char"], row["end_char"], row["claim_id"]))
    for row in claims:
        assert row["text"] == text[row["start_char"] : row["end_char"]]
        assert row["kind"] in CLAIM_KINDS
        assert row["act"] in ACTS
        assert row["status"] in STATUSES
        assert row["stance"] in STANCES
        assert re.fullmatch(RULE, row["rule"])
        assert row["source_kind"] in SOURCE_KINDS
        assert 0 < row["confidence"] <= 1
        assert row["parent_claim_id"] is None or row["parent_claim_id"] in ids - {row["claim_id"]}
        assert row["source_mention_id"] is None or row["source_mention_id"] in known
        assert (row["source_text"] is None) == (row["source_start_char"] is None) == (not row["source_spans"])
        if row["source_text"] is not None:
            assert row["source_text"] == text[row["source_start_char"] : row["source_end_char"]]
        assert row["content_spans"]
        assert row["start_char"] == row["content_spans"][0]["start_char"]
        assert row["end_char"] == row["content_spans"][-1]["end_char"]
        for role in ("content", "source", "cue"):
            ends = [at for span in row[f"{role}_spans"] for at in (span["start_char"], span["end_char"])]
            assert ends == sorted(ends)
            assert all(a < b for a, b in zip(ends[::2], ends[1::2], strict=True))
    phrases = {row["mention_id"] for row in mentions if row["form"] == "nominal"}
    for row in mentions:
        assert row["text"] == text[row["start_char"] : row["end_char"]] != ""
        assert row["form"] in ("nominal", "pronoun")
        assert row["antecedent_id"] in {None, *(name["mention_id"] for name in names), *phrases}


words = st.sampled_from(
    [
        "said",
        "the mayor",
        "Ana Petrova",
        "she",
        "that",
        "40 shops",
        "closed",
        "according to",
        "and",
        "told",
        "reportedly",
        "wrote",
        "I think",
        "On Monday",
        "who",
        "the claim that",
        "called for",
        "Never",
        "it",
        "asked whether",
    ]
)
text_of_marks = st.lists(st.one_of(words, st.sampled_from(MARKS)), max_size=40).map(
    lambda parts: re.sub(r" {2,}", " ", "".join(part if part in MARKS else f" {part} " for part in parts))
)


@settings(max_examples=60, deadline=None)
@given(text_of_marks)
def test_any_text_gives_sound_rows(text: str) -> None:
    one = parsed(text)
    names = names_in(one)
    figures = [figure(text, "40")] if "40" in text else []
    claims, mentions = claims_in(one, names, [], figures)
    check(claims, mentions, names, text)
    assert set(claim_of(figures, claims).values()) <= {row["claim_id"] for row in claims}


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet=MARKS + "abc Q9", max_size=120))
def test_quotations_of_any_marks_are_sound(text: str) -> None:
    blocks = list(blocks_in(text, 0, len(text)))
    assert all(text[start:end].strip() for start, end in blocks)
    for one in quotations(text, blocks):
        assert 0 <= one.start < one.inner[0] <= one.inner[1] <= one.end <= len(text)
        assert any(start <= one.start and one.end <= end for start, end in blocks), "no quotation leaves its paragraph"


def test_an_unclosed_mark_holds_one_paragraph_at_most() -> None:
    text = "“We shall see, he said.\n\n" + "The rest of the page is the writer's own. " * 50
    blocks = list(blocks_in(text, 0, len(text)))
    assert [text[one.start : one.end] for one in quotations(text, blocks)] == ["“We shall see, he said."]


def test_without_a_parse_nothing_breaks() -> None:
    import spacy

    text = "“We tested it,” said Ana. The bridge held 300 cars."
    one = Parsed(Document(DOCUMENT, text), [Segment(0, len(text), "body")], spacy.blank("en").make_doc(text))
    one.doc[0].is_sent_start = True
    for token in one.doc[1:]:
        token.is_sent_start = token.text == "The"
    check(*claims_in(one, [], [], [figure(text, "300")]), [], text)


@cache
def original(name: str) -> str:
    folder = Path(__file__).resolve().parents[3] / "shared" / "seeds"
    files = sorted(folder.glob(f"{name}*.txt")) if folder.is_dir() else []
    if not files:
        pytest.skip("the reference texts are not beside the checkout")
    return files[0].read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "cue", "source", "words"),
    [
        ("002", "said", "Golovchenko", "$16 billion"),
        ("002", "said", "Golovchenko", "almost all Belarusian exports"),
        ("002", "reports", "Meduza", "behind closed doors"),
        ("002", "said", "Ministry of Defense", "deployment of special forces"),
        ("003", "observes", "Stampa", "30,000"),
        ("003", "is convinced", "Zaluzhny", "new attack on Kyiv"),
        ("003", "predicts", "Inosemtsev", "war economy"),
        ("004", "explains", "Pregerman", "major crisis"),
        ("004", "told", "Karach", "supplicant"),
        ("004", "writes", "Shreibman", "internal tensions"),
    ],
)
def test_the_originals(name: str, cue: str, source: str, words: str) -> None:
    text = original(name)
    one = parsed(text, segments_of(text))
    names = names_in(one)
    claims, mentions = claims_in(one, names, [], [])
    check(claims, mentions, names, text)
    by_id = {row["mention_id"]: row for row in (*names, *mentions)}
    rows = [row for row in claims if words in row["text"] and (row["cue_text"] or "").rstrip(":") == cue]
    assert any(source in speaker(row, by_id) for row in rows), [(row["cue_text"], row["source_text"]) for row in rows]


def test_the_poster_s_figures_are_his_own() -> None:
    text = original("000")
    one = parsed(text, segments_of(text))
    figures = [figure(text, "90%"), figure(text, "5k")]
    claims, _ = claims_in(one, names_in(one), [], figures)
    by_id = {row["claim_id"]: row for row in claims}
    held = [by_id[claim_id] for claim_id in claim_of(figures, claims).values()]
    assert [(row["kind"], row["source_kind"]) for row in held] == [("assertion", "author")] * 2
