"""A real browser over the running dashboard: every number leads to its evidence, and nothing leaves this machine.

Runs where Chromium (or Chrome) is installed, and Playwright's Python package, which brings no browser of its own then:
``apt-get install chromium`` and the extras ``dashboard`` and ``browser``. Elsewhere it is skipped, and says so.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

pytest.importorskip("streamlit", reason="the dashboard is not installed: './hearsay dashboard' installs it")
playwright = pytest.importorskip(
    "playwright.sync_api", reason="no browser tests: the extra 'browser' (Playwright) is not installed"
)

from warehouse.dashboard.pictures import chromium, sandbox_arguments, serving  # noqa: E402

CHROMIUM = chromium()
if CHROMIUM is None:
    pytest.skip("no browser tests: no Chromium on this machine (Debian: apt install chromium)", allow_module_level=True)

SCREENS = ("", "claims", "figures", "timeline", "entities", "documents", "evidence", "quarantine", "sql")
WAIT = 60_000
"""Milliseconds: continuous integration and laptops may be busy."""


class Visit:
    """One page of the browser, and all that went wrong or out on it."""

    def __init__(self, browser: "playwright.Browser", port: int, width: int = 1280, scheme: str = "light") -> None:
        self.home = f"http://127.0.0.1:{port}"
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, accept_downloads=True
        )
        self.context.set_default_timeout(WAIT)
        self.page = self.context.new_page()
        self.errors: list[str] = []
        self.hosts: set[str] = set()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.errors.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        self.context.on("request", lambda request: self.hosts.add(urlsplit(request.url).hostname or "data"))
        self.page.on("websocket", lambda stream: self.hosts.add(urlsplit(stream.url).hostname or ""))

    def go(self, address: str) -> None:
        """Open a screen and wait until it has been drawn."""
        self.page.goto(f"{self.home}/{address}")
        self.settled()

    def settled(self) -> None:
        """Wait until the app has run through."""
        self.page.locator("h1").first.wait_for()
        self.page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()

    def done(self) -> None:
        """Nothing went wrong, nothing was asked of another machine."""
        assert self.errors == []
        assert self.hosts <= {"127.0.0.1", "data"}
        assert self.page.locator('[data-testid="stException"]').count() == 0
        self.context.close()


@pytest.fixture(scope="module")
def browser() -> "Iterator[playwright.Browser]":
    """The machine's own Chromium."""
    with playwright.sync_playwright() as started:
        running = started.chromium.launch(executable_path=CHROMIUM, args=sandbox_arguments())
        yield running
        running.close()


@pytest.fixture(scope="module")
def port(shelf: Path) -> Iterator[int]:
    """The dashboard over the small library."""
    with serving(shelf) as number:
        yield number


def test_from_a_number_to_its_marked_sentence_with_the_keyboard(browser: "playwright.Browser", port: int) -> None:
    visit = Visit(browser, port)
    visit.go("")
    page = visit.page
    picture = page.locator(".hs-picture").first
    assert "90 percent" in picture.inner_text()
    assert "at least 75 percent" in picture.inner_text()
    assert "Most residents" in picture.inner_text()
    picture.locator("a").first.focus()
    page.keyboard.press("Enter")
    page.locator(".hs-evidence mark.this").wait_for()
    assert page.locator(".hs-evidence mark.this").first.inner_text() == "90%"
    assert "Odile Marsh" in page.locator(".hs-facts").first.inner_text()
    page.get_by_role("link", name="In its document, everything marked").click()
    frame = page.frame_locator("iframe")
    marked = frame.locator(".figure.here")
    marked.wait_for()
    assert marked.inner_text() == "90%"
    visit.done()


def test_filter_by_speaker_keeps_its_place_in_the_address(browser: "playwright.Browser", port: int) -> None:
    visit = Visit(browser, port)
    visit.go("claims")
    page = visit.page
    box = page.get_by_role("combobox", name=re.compile("Speaker")).first
    box.click()
    box.fill("Tolle")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("speaker=Tolle"))
    playwright.expect(page.locator(".hs-card")).to_have_count(1, timeout=WAIT)
    page.reload()
    playwright.expect(page.locator(".hs-card")).to_have_count(1, timeout=WAIT)
    assert "Most residents are for it" in page.locator(".hs-card mark").inner_text()
    visit.done()


def test_sql_runs_and_downloads(browser: "playwright.Browser", port: int, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    visit = Visit(browser, port)
    visit.go("sql")
    page = visit.page
    query = page.get_by_role("textbox", name="Query")
    query.fill("SELECT as_written, value, figure_id FROM figures_said WHERE value > 70 AND value < 100 ORDER BY value")
    page.keyboard.press("Control+Enter")
    page.get_by_text("2 rows", exact=True).wait_for()
    saved = {}
    for kind in ("CSV", "Parquet"):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=f"Download {kind}").click()
        saved[kind] = tmp_path / f"rows.{kind.lower()}"
        waiting.value.save_as(saved[kind])
    assert saved["CSV"].read_text("utf-8-sig").splitlines()[1].startswith("at least 75 percent,75.0,")
    assert pq.read_table(saved["Parquet"]).column("value").to_pylist() == [75.0, 90.0]
    visit.done()


@pytest.mark.parametrize(("width", "scheme"), [(400, "dark"), (1600, "light")])
def test_every_screen_fits_and_runs_nothing_of_the_texts(
    browser: "playwright.Browser", port: int, width: int, scheme: str
) -> None:
    visit = Visit(browser, port, width, scheme)
    for screen in SCREENS:
        visit.go(screen)
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
        assert visit.page.title() != "owned"
        assert visit.page.locator("img[src=x]").count() == 0
    visit.done()


@pytest.mark.parametrize(("width", "scheme"), [(400, "light"), (1600, "dark")])
def test_the_html_file_opens_alone(
    browser: "playwright.Browser", port: int, shelf: Path, tmp_path: Path, width: int, scheme: str
) -> None:
    from warehouse.evidence.page import page as page_of
    from warehouse.query import connect

    visit = Visit(browser, port, width, scheme)
    with connect(shelf) as database:
        for ident, source in database.execute("SELECT document_id, source_id FROM documents").fetchall():
            file = tmp_path / f"{source}.html"
            file.write_text(page_of(database, ident), "utf-8")
            visit.page.goto(file.as_uri())
            assert visit.page.evaluate("document.documentElement.scrollWidth") <= width
            assert visit.page.title() != "owned"
            first = visit.page.locator("article .figure[tabindex]").first
            first.focus()
            said = visit.page.evaluate(
                "element => getComputedStyle(element, '::after').content", first.element_handle()
            )
            assert "percent" in said
    visit.done()


def test_the_headline_figures_of_the_reference_texts(browser: "playwright.Browser", originals: Path) -> None:
    with serving(originals) as port:
        visit = Visit(browser, port)
        visit.go("")
        headlines = visit.page.locator(".hs-rows").first.inner_text()
        assert "90 percent" in headlines
        assert "30,000" in headlines
        assert "16,000,000,000" in headlines
        visit.page.locator(".hs-rows a", has_text="90 percent").first.click()
        visit.page.locator(".hs-evidence mark.this").first.wait_for()
        assert "90%" in visit.page.locator(".hs-evidence mark.this").first.inner_text()
        visit.done()
