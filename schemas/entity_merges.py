"""Table ``entity_merges``."""

from schemas.columns import About, Double, Table, Text, column, reference

DECISIONS = ("same", "different", "unsure")


class EntityMerges(Table):
    """One row per decision to put two names together or to keep them apart."""

    _about = About(
        grain="One row per decision to put two names together or to keep them apart, with its reason.",
        primary=None,
        references={"entity_id": "entities"},
        order=("name_a", "name_b", "entity_id", "rule"),
    )

    name_a: Text = column("One name, as it occurs.")
    name_b: Text = column("The other name.")
    entity_id: Text = reference(
        "The entity that name_a belongs to after the decision.", null="the name stayed unresolved"
    )
    decision: Text = column("same, different, or unsure (kept apart for want of evidence).", isin=DECISIONS)
    rule: Text = column("The rule that decided, by its name.")
    score: Double = column(
        "Similarity of the names that the rule saw, 0 to 1.", null="the rule uses no score", ge=0, le=1
    )
    evidence: Text = column("What the decision rests on, in words.", null="the names alone")
