"""Table ``sayings``."""

import pandas as pd
import pandera.pandas as pandera

from schemas.columns import About, Day, Double, Int, Table, Text, Texts, column, key, reference

DIFFERENCES = ("polarity", "hedge", "figure", "content")


class Sayings(Table):
    """One row per thing said, across documents: claims that report the same utterance. Nothing fills it yet."""

    _about = About(
        grain="One row per thing said, across documents: claims that report the same utterance. Empty: not compared yet.",
        primary="saying_id",
        references={"speaker_entity_id": "entities", "first_claim_id": "claims"},
        order=("saying_id",),
    )

    saying_id: Text = key("Derived from the first claim.")
    speaker_entity_id: Text = reference("The entity that said it.", null="not resolved")
    text: Text = column("Its wording in the claim that represents it.")
    first_said_on: Day = column("First day on which it may have been said.", null="the texts do not say")
    first_claim_id: Text = reference("The first claim that reports it, by publication.")
    n_claims: Int = column("Number of claims that report it.", ge=1)
    n_documents: Int = column("Number of documents they stand in.", ge=1)
    n_outlets: Int = column("Number of publishers of these documents; one that is not known counts once.", ge=0)
    n_versions: Int = column("Number of wordings, copies counted once.", ge=1)
    differs_in: Texts = column(
        "What its reports differ in: polarity (one says it, one denies it), hedge, figure, content. Empty: nothing."
    )
    method: Text = column("How the claims were put together, by its name.")
    score: Double = column("Similarity that the method saw, 0 to 1.", null="the method uses no score", ge=0, le=1)

    @pandera.dataframe_check(error="differs_in lists polarity, hedge, figure, content and nothing else")
    def differences_are_known(cls, frame: pd.DataFrame) -> pd.Series:
        """The enumeration inside the list is closed."""
        known = [set(found if found is not None else ()) <= set(DIFFERENCES) for found in frame["differs_in"]]
        return pd.Series(known, index=frame.index, dtype=bool)
