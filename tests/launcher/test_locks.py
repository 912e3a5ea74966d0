"""Every line of every lock is one package, pinned, with hashes; CI installs them too (``python -m launcher.check``)."""

import re

import pytest
from packaging.markers import Marker

from launcher import locks
from launcher.check import agreement

TEXTS = {name: locks.path_of(name).read_text("utf-8") for name in locks.names()}
HASH = " \\\n    --hash=sha256:" + "0" * 64
WRONG = [
    "numpy\n", "numpy>=2" + HASH, "numpy==2.4.6\n", "numpy==2.4.*" + HASH, "uvicorn[standard]==0.30" + HASH, "-e .\n", "-r base.txt\n",
    "--index" + "-url https://example.org/simple\n", "numpy @ https://example.org/numpy.whl" + HASH, "numpy==2.4.6 \\\n    --hash=md5:0000\n",
    "--extra-index" + "-url=https://example.org\nnumpy==2.4.6" + HASH, "# made by uv\nnumpy==2.4.6" + HASH, "NumPy==2.4.6" + HASH,
]  # fmt: skip


@pytest.mark.parametrize("name", TEXTS)
def test_a_lock_pins_everything_and_names_no_address(name: str) -> None:
    pins = locks.pins(TEXTS[name])
    assert len(pins) > 50
    assert "//" not in TEXTS[name]
    assert all(re.fullmatch(r"[a-z0-9-]+", pin.name) for pin in pins)
    for pin in pins:
        if pin.marker:
            Marker(pin.marker)  # raises for one that no installer understands
    everywhere = [pin.name for pin in pins if pin.marker is None]
    assert len(everywhere) == len(set(everywhere))


def test_the_extras_hold_what_base_holds() -> None:
    assert agreement(TEXTS) == []


@pytest.mark.parametrize("line", WRONG)
def test_a_line_that_is_no_pinned_package_is_found(line: str) -> None:
    assert len(agreement({"base": line})) == 1


def test_an_extra_at_odds_with_base_is_found() -> None:
    assert agreement({"base": "numpy==2.4.6" + HASH, "dev": "numpy==2.4.7" + HASH}) == [
        "locks/dev.txt does not hold what base holds: numpy==2.4.6"
    ]


def test_every_extra_of_the_project_has_a_lock() -> None:
    import tomllib

    project = tomllib.loads((locks.PROJECT / "pyproject.toml").read_text("utf-8"))["project"]
    assert locks.names() == ["base", *sorted(project["optional-dependencies"])]
