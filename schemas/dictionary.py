"""The data dictionary, ``schemas/README.md``, made from the schemas themselves.

python -m schemas.dictionary            writes it
python -m schemas.dictionary --check    says whether it is what the schemas say (exit status 1 when not)
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from schemas import ALL, SCHEMA_VERSION, Table

HERE = Path(__file__).resolve().parent / "README.md"
OPENING = f"""# Data dictionary

Made by `python -m schemas.dictionary` from the schemas in this folder; do not edit. Schema version {SCHEMA_VERSION}.

Offsets count Unicode code points of `documents.text`; `end_char` is exclusive. For every span
`text == documents.text[start_char:end_char]`. Ids are 16 hex digits derived from content. Null means that the text
does not say. DuckDB shows the same words as comments on tables and columns.
"""


def dictionary() -> str:
    """The whole page, in Markdown."""
    lines = [OPENING]
    for model in ALL:
        lines += section(model)
    return "\n".join(lines).rstrip() + "\n"


def section(model: type[Table]) -> Iterator[str]:
    """One table: its grain, its key and order, and its columns."""
    about = model.about()
    yield f"## {model.table_name()}\n"
    yield (
        f"{about.grain} "
        + (f"Key: `{about.primary}`. " if about.primary else "")
        + ("Sorted by " + ", ".join(f"`{column}`" for column in about.order) + ".\n")
    )
    yield "| column | type | null | values | what it holds |"
    yield "|---|---|---|---|---|"
    descriptions = model.descriptions()
    for field in model.arrow_schema():
        name = field.name
        values = " ".join(f"`{value}`" for value in allowed(model, name))
        if name in about.references:
            values = f"→ {about.references[name]}"
        kind = str(field.type).replace("|", "\\|")
        text = descriptions[name].replace("|", "\\|")
        yield f"| `{name}` | {kind} | {'yes' if field.nullable else ''} | {values} | {text} |"
    yield ""


def allowed(model: type[Table], column: str) -> tuple[str, ...]:
    """The values of a closed enumeration; nothing for any other column."""
    for check in model.to_schema().columns[column].checks:
        if check.name == "isin":
            return tuple(check.statistics["allowed_values"])
    return ()


def main() -> int:
    """Write the page, or check it."""
    page = dictionary()
    if "--check" not in sys.argv[1:]:
        HERE.write_text(page, "utf-8")
        return 0
    if not HERE.exists() or HERE.read_text("utf-8") != page:
        sys.stderr.write("schemas/README.md is not what the schemas say: run 'python -m schemas.dictionary'.\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
