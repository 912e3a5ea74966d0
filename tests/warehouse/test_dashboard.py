"""Every screen of the dashboard, run without a browser; what it draws with; what it hands out."""

import csv
import io
import math
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

pytest.importorskip("streamlit", reason="the dashboard is not installed: './hearsay dashboard' installs it")
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

from streamlit.testing.v1 import AppTest  # noqa: E402

from warehouse.dashboard.answers import csv_bytes, parquet_bytes, run  # noqa: E402
from warehouse.dashboard.bins import unit_for  # noqa: E402
from warehouse.dashboard.markup import link, quoted  # noqa: E402
from warehouse.dashboard.picture import factor_of, scale_of  # noqa: E402
from warehouse.dashboard.serve import APP, command, environment  # noqa: E402
from warehouse.evidence.wording import amount  # noqa: E402

Opened = Callable[..., AppTest]


@pytest.fixture
def opened(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> Opened:
    """The app at a screen, with a query in the address."""
    monkeypatch.setenv("HEARSAY_WAREHOUSE", str(shelf))

    def at(screen: str, **query: str) -> AppTest:
        app = AppTest.from_file(APP, default_timeout=60)
        if screen != "overview":
            app.run()
            app.switch_page(f"screens/{screen}.py")
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception, app.exception
        return app

    return at


def html(app: AppTest) -> str:
    """All HTML that a screen shows."""
    return "\n".join(element.proto.body for element in app.get("html"))


def of(database: duckdb.DuckDBPyConnection, query: str) -> str:
    """The one value a query gives."""
    return str(database.execute(query).fetchall()[0][0])


def test_overview_counts_and_compares(opened: Opened) -> None:
    app = opened("overview")
    page = html(app)
    assert app.title[0].value == "Who said what, how much and when"
    assert "<b>3</b> documents" in page
    assert "<b>8</b> claims" in page
    assert "residents who want the ferry back" in page
    assert "at least 75 percent" in page
    assert "version test" in page


def test_claims_are_filtered_by_speaker_words_kind_and_day(opened: Opened) -> None:
    app = opened("claims")
    assert "8 claims" in [caption.value for caption in app.caption]
    app.selectbox(key="speaker").set_value("Odile Marsh").run()
    assert "3 claims" in [caption.value for caption in app.caption]
    assert "<mark" in html(app)
    assert "as told by" not in html(app)
    app.text_input(key="words").set_value("1.2 million").run()
    assert "1 claim" in [caption.value for caption in app.caption]
    app.selectbox(key="speaker").set_value(None).run()
    assert "2 claims" in [caption.value for caption in app.caption]
    assert "as told by" in html(app)
    app.text_input(key="words").set_value("").run()
    app.multiselect(key="kind").set_value(["direct"]).run()
    assert "1 claim" in [caption.value for caption in app.caption]
    app.multiselect(key="kind").set_value([]).run()
    app.date_input(key="since").set_value(date(2024, 5, 5)).run()
    assert "2 claims" in [caption.value for caption in app.caption]
    app.text_input(key="document").set_value("no such").run()
    assert "No claim is like that" in app.info[0].value


def test_compared_figures_are_drawn_on_one_scale(opened: Opened) -> None:
    page = html(opened("figures"))
    assert "left:90.0%" in page
    assert "left:75.0%" in page
    assert "Most residents" in page
    assert 'class="hs-up"' in page


def test_all_figures_are_listed_with_their_sentence(opened: Opened) -> None:
    app = opened("figures", view="All figures")
    assert "5 figures" in [caption.value for caption in app.caption]
    assert '<mark class="this">90%</mark> of residents' in html(app)
    app.number_input(key="low").set_value(1000.0).run()
    assert "1 figure" in [caption.value for caption in app.caption]
    assert "1,200,000 CZK" in html(app)
    assert "Subscribe" not in html(app)


def test_timeline_orders_claims_and_dates(opened: Opened) -> None:
    app = opened("timeline")
    page = html(app)
    assert page.index('hs-when">April 2024') < page.index('hs-when">3 May 2024')
    assert "3 dated things" in [caption.value for caption in app.caption]
    app.multiselect(key="what").set_value(["claims"]).run()
    assert "1 dated thing" in [caption.value for caption in app.caption]
    app.text_input(key="words").set_value("no such words").run()
    assert "Nothing is dated like that" in app.info[0].value


def test_names_are_found_by_alias_and_explained(opened: Opened, database: duckdb.DuckDBPyConnection) -> None:
    app = opened("entities")
    app.text_input(key="words").set_value("marsh").run()
    assert "1 name" in [caption.value for caption in app.caption]
    ident = of(database, "SELECT entity_id FROM entities WHERE name = 'Odile Marsh'")
    page = html(opened("entities", id=ident))
    assert "the only person of this surname in the document" in page
    assert "Brindle" in page
    assert "3 claims" in page


def test_documents_are_listed_and_shown_marked(opened: Opened, database: duckdb.DuckDBPyConnection) -> None:
    app = opened("documents")
    assert "3 documents" in [caption.value for caption in app.caption]
    ident = of(database, "SELECT document_id FROM documents WHERE source_id = 'harbour.txt'")
    frame = opened("documents", id=ident).get("iframe")[0].proto
    assert frame.src.startswith("data:text/html")


def test_evidence_of_any_row_and_of_none(opened: Opened, database: duckdb.DuckDBPyConnection) -> None:
    ident = of(database, "SELECT figure_id FROM figures WHERE text = '90%'")
    page = html(opened("evidence", id=ident))
    assert '<mark class="this">90%</mark>' in page
    assert "Odile Marsh: in the writer&#39;s words" in page
    assert "12 bytes of a picture" in html(opened("evidence", id="broken.html"))
    none = opened("evidence", id="![x](http://example.invalid/x.png)")
    assert "No row of any table has the id" in html(none)
    assert not none.warning
    assert "Every number" in opened("evidence").info[0].value


def test_quarantine_says_what_was_wrong(opened: Opened) -> None:
    assert "12 bytes of a picture" in html(opened("quarantine"))


def test_sql_answers_and_explains(opened: Opened) -> None:
    app = opened("sql")
    assert "Press Run" in app.info[0].value
    app.button[0].click().run()
    assert "5 rows" in [caption.value for caption in app.caption]
    frame = app.dataframe[0].value
    assert str(frame["figure_id"].iloc[0]).startswith("/evidence?id=")
    app.text_area(key="query").set_value("SELECT nonsense FROM figures").run()
    assert "nonsense" in html(app)
    assert not app.exception
    app.text_area(key="query").set_value("DROP TABLE figures").run()
    assert "hs-notice" in html(app)
    app.text_area(key="query").set_value("COPY figures TO '/tmp/x.csv'").run()
    assert "hs-notice" in html(app)
    app.text_area(key="query").set_value("SELECT * FROM read_text('/etc/hostname')").run()
    assert "disabled by configuration" in html(app)
    app.selectbox(key="example").set_value("All tables and views").run()
    assert not app.exception


def test_without_a_warehouse_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARSAY_WAREHOUSE", str(tmp_path))
    app = AppTest.from_file(APP, default_timeout=60).run()
    assert not app.exception
    assert "./hearsay run" in html(app)


def test_hostile_texts_stay_texts(opened: Opened, database: duckdb.DuckDBPyConnection) -> None:
    ident = of(database, "SELECT document_id FROM documents WHERE source_id = 'odd.html'")
    pages = [
        opened("overview"),
        opened("claims"),
        opened("figures", view="All figures"),
        opened("entities"),
        opened("documents"),
    ]
    for app in [*pages, opened("evidence", id=ident)]:
        page = html(app)
        assert "<script>" not in page
        assert "<img" not in page
        assert "<b onmouseover" not in page
        assert "\u202e" not in page
        assert "\x1b" not in page
        assert "w" * 3000 not in page
        shown = [element.value for element in (*app.markdown, *app.title, *app.caption)]
        assert not [text for text in shown if "HYPERLINK" in text or "onmouseover" in text]


def test_a_download_holds_no_formula(database: duckdb.DuckDBPyConnection) -> None:
    table, is_whole = run(
        database, "SELECT source_text, text, -1.5 AS n, content_spans FROM claims ORDER BY source_text", 100
    )
    assert is_whole
    rows = list(csv.reader(io.StringIO(csv_bytes(table).decode("utf-8-sig"))))
    assert len(rows) == 9
    assert any(row[0].startswith("'=HYPERLINK") for row in rows)
    assert all(row[2] in {"n", "-1.5"} for row in rows)
    assert not [field for row in rows[1:] for field in (row[0], row[1]) if field[:1] in {"=", "@", "\t", "\r"}]


def test_a_download_has_a_harmless_header_and_loses_no_column(database: duckdb.DuckDBPyConnection) -> None:
    table, _ = run(database, """SELECT 1 AS "=1+1", [{'a': 1}] AS twice, 2 AS twice""", 10)
    assert csv_bytes(table).decode("utf-8-sig") == """'=1+1,twice,twice_1\r\n1,"[{""a"": 1}]",2\r\n"""
    assert pq.read_schema(io.BytesIO(parquet_bytes(table))).names == ["=1+1", "twice", "twice_1"]


def test_answers_are_bounded(database: duckdb.DuckDBPyConnection) -> None:
    table, is_whole = run(database, "SELECT * FROM range(15)", 10)
    assert table.num_rows == 10
    assert not is_whole
    assert run(database, "SHOW TABLES", 1000)[1]
    assert run(database, "DESCRIBE figures", 1000)[1]
    assert run(database, "FROM figures", 1000)[1]
    with pytest.raises(ValueError, match="2 queries"):
        run(database, "SELECT 1; SELECT 2", 10)
    with pytest.raises(ValueError, match="no query in that"):
        run(database, " ", 10)


@pytest.mark.parametrize(
    ("values", "unit", "low", "high", "is_log"),
    [
        ([75, 90], "percent", 0, 100, False),
        ([75, 190], "percent", 0, 190, False),
        ([5, 40], "soldier", 0, 40, False),
        ([-5, 40], "degree", -5, 40, False),
        ([3, 40_000], "soldier", 1, 100_000, True),
    ],
)
def test_scales(values: list[float], unit: str, low: float, high: float, is_log: bool) -> None:
    scale = scale_of(values, unit)
    assert (scale.low, scale.high, scale.is_log) == (low, high, is_log)
    at = [scale.at(value) for value in values]
    assert at == sorted(at)
    assert all(0 <= place <= 100 and math.isfinite(place) for place in at)


def test_a_single_value_is_drawn() -> None:
    assert scale_of([0], None).at(0) == 50.0


def test_bars_stay_readable() -> None:
    assert unit_for(date(2024, 1, 1), date(2024, 1, 30)) == "day"
    assert unit_for(date(2020, 1, 1), date(2024, 1, 30)) == "month"
    assert unit_for(date(1970, 1, 1), date(2024, 1, 30)) == "year"
    assert unit_for(date(1000, 1, 1), date(2024, 1, 30)) == "century"


def test_links_carry_any_name() -> None:
    assert link("claims", speaker="A & B?#/ü") == "claims?speaker=A%20%26%20B%3F%23%2F%C3%BC"


def test_quotes_are_escaped_marked_and_cut_at_words_and_lines() -> None:
    shown = quoted("alf a <b> c dar", 10, [{"start_char": 16, "end_char": 19}], is_cut=(True, True))
    assert str(shown) == '… a <mark class="this">&lt;b&gt;</mark> c …'
    shown = quoted("heading\n\nhe <b> says\nmore", 10, [{"start_char": 22, "end_char": 25}], is_cut=(True, True))
    assert str(shown) == 'he <mark class="this">&lt;b&gt;</mark> says'
    shown = quoted("all of it", 0, [{"start_char": 0, "end_char": 9}], is_cut=(False, False))
    assert str(shown) == '<mark class="this">all of it</mark>'


def test_a_fraction_stands_among_percentages() -> None:
    row = {"value": 0.75, "value_max": None, "unit": "voter", "modifier": None, "change": None, "kind": "fraction"}
    assert amount(row) == "0.75 of voter (75 percent)"
    assert factor_of(row, "percent") * row["value"] == 75


def test_it_is_served_to_this_machine_only(tmp_path: Path) -> None:
    options = command(8501)
    assert "--server.address=127.0.0.1" in options
    assert "--browser.gatherUsageStats=false" in options
    assert environment(tmp_path)["HEARSAY_WAREHOUSE"] == str(tmp_path)
