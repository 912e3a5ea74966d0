"""A claim on its way: spans and tokens before ids, links and dates are known."""

from dataclasses import dataclass, field

from pipelines.extract.attribution.tree import Span


@dataclass(slots=True, eq=False)
class Attribution:
    """One attribution found by one rule.

    ``head`` is the token that heads the source (none: the text names nobody), ``cue_token`` the cue's head word.
    ``author`` means the document's own author speaks ("I think" outside quotation marks, IMHO). ``speaker`` is the name
    the layout gives where the text itself has none. ``rule`` names what found it. ``status`` and ``stance`` are as in the table.
    """

    rule: str
    act: str
    content: list[Span]
    cue: list[Span] = field(default_factory=list)
    source: list[Span] = field(default_factory=list)
    head: int | None = None
    cue_token: int | None = None
    author: bool = False
    speaker: str | None = None
    status: str = "said"
    stance: str = "asserts"
    confidence: float = 0.9
    quoted: bool = False
    parent: "Attribution | None" = None
