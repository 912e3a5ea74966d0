"""The pictures in ``docs``, taken of the running dashboard: ``python -m warehouse.dashboard.pictures``.

Needs the extras ``dashboard`` and ``browser``, and Chromium on the PATH. What is shown is the warehouse of the sample
texts (``./hearsay run`` makes it), never one with texts that are not ours to show.
"""

import argparse
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from warehouse.dashboard.serve import PROJECT, command, environment

DOCS = PROJECT / "docs"
SHOTS: tuple[tuple[str, str, int, int, Literal["light", "dark"]], ...] = (
    ("overview", "", 1280, 860, "light"),
    ("claims", "claims", 1280, 860, "light"),
    ("figures", "figures", 1280, 700, "dark"),
    ("timeline-narrow", "timeline", 400, 860, "dark"),
)
"""Name of the file, screen, width and height in pixels, colours."""


def chromium() -> str | None:
    """The machine's Chromium or Chrome; null when there is none."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def sandbox_arguments() -> list[str]:
    """Chromium refuses to sandbox itself for root, as in a container."""
    return ["--no-sandbox"] if os.geteuid() == 0 else []


@contextmanager
def serving(warehouse: Path) -> Iterator[int]:
    """The dashboard over a warehouse, as ``hearsay dashboard`` starts it, on a free port; yields the port.

    Raises:
        RuntimeError: it did not start.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    quiet = subprocess.DEVNULL
    started = command(port, headless=True)
    process = subprocess.Popen(started, env=dict(environment(warehouse)), stdout=quiet, stderr=quiet)  # noqa: S603
    try:
        for _ in range(900):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health"):
                    break
            except OSError:
                if process.poll() is not None:
                    raise RuntimeError("the dashboard did not start") from None
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def take(warehouse: Path, folder: Path) -> None:
    """Take every picture anew."""
    from playwright.sync_api import sync_playwright

    from warehouse.evidence.page import page as page_of
    from warehouse.query import connect

    folder.mkdir(exist_ok=True)
    with serving(warehouse) as port, sync_playwright() as started:
        browser = started.chromium.launch(executable_path=chromium(), args=sandbox_arguments())
        with connect(warehouse) as database:
            query = "SELECT document_id FROM claims GROUP BY document_id ORDER BY count(*) DESC, document_id LIMIT 1"
            html = page_of(database, database.execute(query).fetchall()[0][0])
            is_compared = bool(database.execute("FROM quantities WHERE n_figures > 1").fetchall())
        for name, screen, width, height, scheme in SHOTS:
            if name == "figures" and not is_compared:
                screen = "figures?view=All%20figures"
            view = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            view.goto(f"http://127.0.0.1:{port}/{screen}")
            view.locator(".stMain h1").first.wait_for(timeout=60_000)
            view.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for(timeout=60_000)
            view.wait_for_timeout(1000)  # until all has been drawn
            view.screenshot(path=folder / f"{name}.png")
            view.close()
        view = browser.new_page(viewport={"width": 1280, "height": 860}, color_scheme="light")
        view.set_content(html)
        view.locator("article .claim .figure[tabindex]").first.focus()
        view.screenshot(path=folder / "document.png")
        browser.close()


def main() -> None:
    """Take the pictures of the default warehouse, or of the one that is named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--warehouse", type=Path, default=PROJECT / "warehouse" / "data")
    parser.add_argument("--folder", type=Path, default=DOCS)
    options = parser.parse_args()
    if chromium() is None:
        sys.exit("There is no Chromium on this machine: on Debian, apt install chromium.")
    take(options.warehouse, options.folder)


if __name__ == "__main__":
    main()
