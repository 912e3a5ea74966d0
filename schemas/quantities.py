"""Table ``quantities``."""

import pandas as pd
import pandera.pandas as pandera

from schemas.columns import About, Double, Int, Table, Text, column, key, ordered
from schemas.figures import FIGURE_KINDS

AGREEMENTS = ("single", "agree", "differ", "vague")


class Quantities(Table):
    """One row per thing measured, across documents: figures that answer the same question."""

    _about = About(
        grain="One row per thing measured, across documents: the figures of a row answer the same question.",
        primary="quantity_id",
        order=("quantity_id",),
    )

    quantity_id: Text = key("Derived from what is measured.")
    label: Text = column("What is measured, in words of the texts.", null="the texts do not say")
    kind: Text = column("What sort of quantity it is.", isin=FIGURE_KINDS)
    unit: Text = column("The unit its figures share.", null="none")
    n_figures: Int = column("Number of figures.", ge=1)
    n_documents: Int = column("Number of documents they stand in.", ge=1)
    lowest: Double = column(
        "The lowest value given by a figure that agreement counts; by any, where it counts none.",
        null="no figure has a number",
    )
    highest: Double = column("The highest such value, upper ends of ranges counted.", null="no figure has a number")
    agreement: Text = column(
        "single: one figure; agree: all say the same within what their bounds allow; differ: two contradict each "
        "other; vague: what has no number stands beside what has. What is denied, doubted, asked or not said (see claims.status "
        "and stance) is not counted here: it agrees with nothing and contradicts nothing.",
        isin=AGREEMENTS,
    )

    @pandera.dataframe_check(error="lowest <= highest")
    def extremes_are_ordered(cls, frame: pd.DataFrame) -> pd.Series:
        """The lowest value is not above the highest."""
        return ordered(frame, "lowest", "highest")
