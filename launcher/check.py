"""Do the locks install? For CI: ``python -m launcher.check``, a few minutes and about 3 GB of temporary files.

- Every line is a pinned package with hashes, and the extras agree with base.
- Each lock is complete and says what pyproject.toml says: resolving anew, with the lock's versions preferred, gives the same
  packages and versions. It must be checked, because nothing is resolved when a lock is installed.
- Every package has a wheel for every Python and platform that the README names.
- The oldest pip that the README names, and uv, install all locks but train, and nothing is missing or at odds. Train is some
  GB of libraries for graphics cards: pip fetches what is small of it, and uv finds the rest.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Mapping, Sequence
from pathlib import Path

from launcher import locks
from launcher.environment import HOW, surroundings

OLDEST_PIP = "22.3"
"""What Python 3.11.0 came with; it does not run on later Pythons, which came with later ones."""
PLATFORMS = {
    "x86_64-manylinux_2_28": ("3.11", "3.12", "3.13", "3.14"),
    "aarch64-manylinux_2_28": ("3.11", "3.12", "3.13", "3.14"),
    "aarch64-apple-darwin": ("3.11", "3.12", "3.13"),  # watchdog, for the dashboard, has no wheel for 3.14 there
}
"""Where the README promises that the locks install, and with which Pythons."""
MACOS = "14.0"
HEAVY = ("cuda-", "nvidia-", "torch", "triton")


class Broken(Exception):  # noqa: N818 - it is what the check has found
    """A lock does not keep its promise: which, and how."""


def agreement(texts: Mapping[str, str]) -> list[str]:
    """What is wrong with locks, given by name: a line that is no pinned package, or an extra at odds with base."""
    found = []
    pinned: dict[str, set[locks.Pin]] = {}
    for name, text in texts.items():
        try:
            pinned[name] = set(locks.pins(text))
        except locks.BadLock as error:
            found.append(f"locks/{name}.txt: {error}")
    for name, pins in pinned.items():
        lacking = sorted(f"{pin.name}=={pin.version}" for pin in pinned.get("base", set()) - pins)
        if lacking:
            found.append(f"locks/{name}.txt does not hold what base holds: {', '.join(lacking)}")
    return found


def main() -> int:
    """Check everything, saying what; status 1 at the first promise that is broken."""
    os.chdir(locks.PROJECT)
    try:
        texts = {name: locks.path_of(name).read_text("utf-8") for name in locks.names()}
        wrong = agreement(texts)
        if wrong:
            raise Broken("\n".join(wrong))
        _say(f"{len(texts)} locks ({', '.join(texts)}): every line pinned with hashes, the extras agree with base.")
        with tempfile.TemporaryDirectory(prefix="hearsay-locks-") as folder:
            uv = _uv(Path(folder))
            _is_complete(uv, Path(folder), list(texts))
            _has_wheels(uv, Path(folder), list(texts))
            small = [name for name in texts if name != "train"]
            _installs_with_uv(uv, Path(folder), small)
            _installs_with_pip(Path(folder), small)
    except Broken as broken:
        sys.stderr.write(f"{broken}\n")
        return 1
    return 0


def _uv(folder: Path) -> str:
    """Give the uv on the PATH, else one that is fetched for this check."""
    found = shutil.which("uv")
    if found:
        return found
    python = _python(folder / "uv")
    _call([python, "-m", "pip", "install", "--quiet", "uv"], "uv cannot be fetched")
    return str(folder / "uv" / "bin" / "uv")


def _is_complete(uv: str, folder: Path, names: Sequence[str]) -> None:
    for name in names:
        made = folder / f"{name}.txt"
        shutil.copyfile(locks.path_of(name), made)
        extra = [] if name == "base" else ["--extra", name, "-c", "locks/base.txt"]
        _call([uv, "pip", "compile", "pyproject.toml", *RESOLVED, *extra, "-o", str(made)], f"locks/{name}.txt")
        before, after = (
            {f"{pin.name}=={pin.version}" for pin in locks.pins(path.read_text("utf-8"))}
            for path in (locks.path_of(name), made)
        )
        if (
            before != after
        ):  # hashes and markers aside: files come to a version later, and uv writes markers its own way
            lines = [f"  - {pin}" for pin in sorted(before - after)] + [f"  + {pin}" for pin in sorted(after - before)]
            raise Broken(
                f"locks/{name}.txt is not what pyproject.toml resolves to at these versions; locks/make makes it anew:\n"
                + "\n".join(lines[:20])
            )
    _say("Each is complete, and says what pyproject.toml says.")


RESOLVED = (
    "--quiet", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-emit-index-url", "--no-emit-find-links",
    "--no-annotate", "--no-header",
)  # fmt: skip
"""As in locks/make, but without ``--upgrade``."""


def _has_wheels(uv: str, folder: Path, names: Sequence[str]) -> None:
    given = [part for name in names for part in ("-r", f"locks/{name}.txt")]
    for platform, pythons in PLATFORMS.items():
        for python in pythons:
            where = ["--python-version", python, "--python-platform", platform, "--target", str(folder / "none")]
            command = [uv, "pip", "install", "--dry-run", "--quiet", *HOW, *where, *given]
            _call(command, f"Not all has a wheel for Python {python} on {platform}", MACOSX_DEPLOYMENT_TARGET=MACOS)
        _say(f"All have wheels for Python {', '.join(pythons)} on {platform}.")


def _installs_with_uv(uv: str, folder: Path, names: Sequence[str]) -> None:
    started = time.monotonic()
    python = _python(folder / "with-uv", pip=False)
    for name in names:
        _call(
            [uv, "pip", "install", "--quiet", *HOW, "--python", python, "-r", f"locks/{name}.txt"], f"locks/{name}.txt"
        )
    _call([uv, "pip", "check", "--quiet", "--python", python], "What uv installed does not fit together")
    version = _call([uv, "--version"], "uv")
    _say(f"{version} installs {', '.join(names)}: {time.monotonic() - started:.0f} s.")
    shutil.rmtree(folder / "with-uv")


def _installs_with_pip(folder: Path, names: Sequence[str]) -> None:
    started = time.monotonic()
    python = _python(folder / "with-pip")
    if sys.version_info[:2] == (3, 11):
        _call([python, "-m", "pip", "install", "--quiet", f"pip=={OLDEST_PIP}"], f"pip {OLDEST_PIP} cannot be fetched")
    install = [python, "-m", "pip", "install", "--quiet", "--no-input", "--no-compile", *HOW]
    for name in names:
        _call([*install, "-r", f"locks/{name}.txt"], f"locks/{name}.txt")
    _call([python, "-m", "pip", "check"], "What pip installed does not fit together")
    light = folder / "train.txt"
    light.write_text(_light(set(names)), "utf-8")
    _call([*install, "--dry-run", "-r", str(light)], "locks/train.txt")
    version = " ".join(_call([python, "-m", "pip", "--version"], "pip").split()[:2])
    _say(
        f"{version} installs {', '.join(names)}, and fetches what is small of train: {time.monotonic() - started:.0f} s."
    )


def _light(others: set[str]) -> str:
    """Give the lines of train that no other lock has, without the libraries for graphics cards."""
    known = {pin for name in others for pin in locks.pins(locks.path_of(name).read_text("utf-8"))}
    wanted = [pin for pin in locks.pins(locks.path_of("train").read_text("utf-8")) if pin not in known]
    return "".join(
        f"{pin.name}=={pin.version}{f' ; {pin.marker}' if pin.marker else ''} {' '.join(pin.hashes)}\n"
        for pin in wanted
        if not pin.name.startswith(HEAVY)
    )


def _python(folder: Path, *, pip: bool = True) -> str:
    venv.EnvBuilder(symlinks=True, with_pip=pip).create(folder)
    return str(folder / "bin" / "python")


def _call(command: Sequence[str], about: str, **more: str) -> str:
    """Run a command and give what it printed.

    Raises:
        Broken: it failed; with the last lines that it printed.
    """
    done = subprocess.run(  # noqa: S603
        command, env=surroundings(os.environ) | more, check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )  # fmt: skip
    if done.returncode:
        last = "\n".join(done.stdout.strip().splitlines()[-15:])
        raise Broken(f"{about}: '{' '.join(command[:4])} ...' fails:\n{last}")
    return done.stdout.strip()


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
