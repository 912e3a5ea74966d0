"""How the dashboard is started: on this machine only, telling nobody."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

APP = Path(__file__).resolve().parent / "app.py"
PROJECT = APP.parents[2]
LIGHT = {
    "primaryColor": "#005a94",
    "backgroundColor": "#fdfdfb",
    "secondaryBackgroundColor": "#f3f3ef",
    "textColor": "#1b1b1b",
    "linkColor": "#004f8a",
}
DARK = {
    "primaryColor": "#7cc0f5",
    "backgroundColor": "#16181c",
    "secondaryBackgroundColor": "#1f2228",
    "textColor": "#e9e7e2",
    "linkColor": "#8cc8ff",
}


def command(port: int, *, headless: bool = False) -> list[str]:
    """The command that serves the dashboard at ``http://127.0.0.1:port``; ``headless`` opens no browser."""
    options = {
        "server.address": "127.0.0.1",
        "server.port": str(port),
        "server.headless": str(headless).lower(),
        "server.fileWatcherType": "none",
        "server.showEmailPrompt": "false",
        "browser.gatherUsageStats": "false",
        "client.toolbarMode": "minimal",
        "runner.magicEnabled": "false",
        **{f"theme.light.{name}": value for name, value in LIGHT.items()},
        **{f"theme.dark.{name}": value for name, value in DARK.items()},
    }
    return [
        sys.executable, "-m", "warehouse.dashboard.serve", "run", str(APP), *(f"--{name}={value}" for name, value in options.items())
    ]  # fmt: skip


def environment(warehouse: Path) -> Mapping[str, str]:
    """The environment it runs in: which warehouse it reads, and where its own modules are."""
    paths = [str(PROJECT), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "HEARSAY_WAREHOUSE": str(warehouse.resolve()), "PYTHONPATH": os.pathsep.join(paths)}


def main() -> None:
    """Load what the first screen needs, then serve: who opens the address does not wait for it."""
    from streamlit.web import cli

    import warehouse.dashboard.markup  # noqa: F401

    cli.main(prog_name="hearsay dashboard")


if __name__ == "__main__":
    main()
