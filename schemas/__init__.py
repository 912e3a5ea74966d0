"""The data contract: one module a table, each a pandera model with grain, columns, units and checks."""

from schemas.claims import Claims
from schemas.columns import SCHEMA_VERSION, Table
from schemas.dates import Dates
from schemas.documents import Documents
from schemas.entities import Entities
from schemas.entity_merges import EntityMerges
from schemas.faults import Faults
from schemas.figures import Figures
from schemas.mentions import Mentions
from schemas.quantities import Quantities
from schemas.roles import Roles
from schemas.sayings import Sayings
from schemas.segments import Segments
from schemas.sentences import Sentences
from schemas.sources import Sources

ALL: tuple[type[Table], ...] = (
    Sources,
    Documents,
    Segments,
    Sentences,
    Mentions,
    Entities,
    EntityMerges,
    Roles,
    Dates,
    Figures,
    Quantities,
    Sayings,
    Claims,
    Faults,
)
"""Every table, in the order of the data dictionary."""

BY_NAME: dict[str, type[Table]] = {table.table_name(): table for table in ALL}

__all__ = [
    "ALL",
    "BY_NAME",
    "SCHEMA_VERSION",
    "Claims",
    "Dates",
    "Documents",
    "Entities",
    "EntityMerges",
    "Faults",
    "Figures",
    "Mentions",
    "Quantities",
    "Roles",
    "Sayings",
    "Segments",
    "Sentences",
    "Sources",
    "Table",
]
