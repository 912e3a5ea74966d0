"""What stands inside claims: which rows each holds, and which of them nobody holds true."""

from collections.abc import Sequence

from pipelines.extract.attribution.nesting import Nest
from pipelines.ingest.document import Row


def in_claims(rows: Sequence[Row], claims: Sequence[Row]) -> list[Row]:
    """The rows (figures, dates or mentions), each with the ``claim_id`` of the innermost claim whose content holds it, or null."""
    nest = Nest([(row, [(span["start_char"], span["end_char"]) for span in row["content_spans"]]) for row in claims])
    inner = [nest.innermost(row["start_char"], row["end_char"]) for row in rows]
    return [row | {"claim_id": claim and claim["claim_id"]} for row, claim in zip(rows, inner, strict=True)]


def not_held(claims: Sequence[Row]) -> frozenset[str]:
    """The ids of claims whose content nobody holds true: denied, doubted or asked, not said, or told inside one that is so."""
    by_id = {row["claim_id"]: row for row in claims}
    found: set[str] = set()
    for row in claims:
        at: Row | None = row
        while at is not None:
            if at["status"] != "said" or at["stance"] in ("denies", "doubts", "asks"):
                found.add(row["claim_id"])
                break
            at = by_id.get(at["parent_claim_id"])
    return frozenset(found)
