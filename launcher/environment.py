"""The environment that hearsay runs in: made once, from a lock, with uv where it is there and pip where it is not.

A lock is complete, so nothing is resolved (``--no-deps``): pip before 24 resolves a requirement with an extra, such as
``gql[requests]``, anew, takes the newest version and fails on its hash. That the locks are complete is what
``launcher.check`` checks.
"""

import csv
import errno
import fcntl
import os
import platform
import re
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from launcher import locks

UNFINISHED = ".hearsay-unfinished"
"""Stands in the folder while the environment is made: one whose making was killed is made anew."""
INSTALLING = ".hearsay-installing"
"""Stands in the environment while packages are installed: after a kill some of them are there in pieces."""
LOCK = ".hearsay.lock"
PARTS = ("bin", "lib", "lib64", "include", "share", "etc", "pyvenv.cfg")

OF_OTHERS = {
    "CONDA_PREFIX", "PIP_CONSTRAINT", "PIP_DRY_RUN", "PIP_IGNORE_INSTALLED", "PIP_NO_DEPS", "PIP_PREFIX",
    "PIP_PYTHON", "PIP_QUIET", "PIP_REPORT", "PIP_REQUIREMENT", "PIP_REQUIRE_VIRTUALENV", "PIP_ROOT", "PIP_TARGET",
    "PIP_VERBOSE", "UV_BREAK_SYSTEM_PACKAGES", "UV_BUILD_CONSTRAINT", "UV_CONSTRAINT", "UV_EXCLUDE",
    "UV_MANAGED_PYTHON", "UV_NO_MANAGED_PYTHON", "UV_OVERRIDE", "UV_PREFIX", "UV_PROJECT", "UV_PYTHON",
    "UV_PYTHON_PREFERENCE", "UV_SYSTEM_PYTHON", "UV_TARGET", "UV_WORKING_DIR", "UV_WORKING_DIRECTORY",
    "VIRTUAL_ENV",
}  # fmt: skip
"""What a user has set for other projects and would send packages elsewhere; index, proxy, cache and certificates stay."""


class Stop(Exception):  # noqa: N818 - it is what the user is told, not a failure of the program
    """The environment cannot be had, for a reason that one plain sentence tells the user."""


class Environment:
    """One virtual environment; ``is_named`` when the user named its folder with HEARSAY_VENV."""

    def __init__(self, folder: Path, *, is_named: bool = False) -> None:
        self.folder = Path(os.path.abspath(folder))  # noqa: PTH100 - a link in the path stays as the user wrote it
        self.is_named = is_named
        self.python = self.folder / "bin" / "python"

    def bring(self, *names: str) -> None:
        """Bring it to what these locks say, in this order; what is there already costs nothing. One set-up at a time.

        Raises:
            Stop: it cannot be made, or the packages cannot be had.
        """
        try:
            if self._is_whole() and not (self.folder / INSTALLING).exists() and all(self.has(name) for name in names):
                return
            with self._alone() as held:
                if not self._is_whole():
                    self._make()
                if (self.folder / INSTALLING).exists():
                    self._mend()
                for name in names:
                    if not self.has(name):
                        self._install(name, held)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise Stop(_full(self.folder)) from error
            raise self._stop(error.strerror or str(error)) from error

    def has(self, name: str) -> bool:
        """Is everything there that this lock asks for? The stamp is a copy of the lock, and no package may be gone."""
        lock = locks.path_of(name)
        try:
            if self._stamp(name).read_bytes() != lock.read_bytes():
                return False
            there = {_key(folder.name) for folder in self._packages().glob("*.dist-info")}
        except OSError:
            return False
        return all(pin.marker or f"{pin.name}-{pin.version}" in there for pin in locks.pins(lock.read_text("utf-8")))

    def _stamp(self, name: str) -> Path:
        return self.folder / f".hearsay-{name}"

    def _version(self) -> tuple[int, int] | None:
        """Which Python this environment has; None for one that does not start."""
        if sys.executable == str(self.python):
            return sys.version_info[:2]
        code = "import sys; print(*sys.version_info[:2])"
        try:
            command = [str(self.python), "-I", "-S", "-c", code]
            done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
            major, minor = (int(part) for part in done.stdout.split())
        except (OSError, subprocess.CalledProcessError, ValueError):
            return None
        return major, minor

    def _packages(self) -> Path:
        major, minor = self._version() or (0, 0)
        return self.folder / "lib" / f"python{major}.{minor}" / "site-packages"

    def _is_whole(self) -> bool:
        return not (self.folder / UNFINISHED).exists() and (self._version() or (0, 0)) >= (3, 11)

    @contextmanager
    def _alone(self) -> Iterator[int]:
        """Hold the environment against a second start at once; packages that are installed hold it too, if we die."""
        if self.folder.is_dir() and not self._is_ours() and any(self.folder.iterdir()):
            raise Stop(f"{self.folder} is a folder with other things in it and no environment: {self._elsewhere()}")
        self.folder.mkdir(parents=True, exist_ok=True)
        held = os.open(self.folder / LOCK, os.O_RDWR | os.O_CREAT, 0o666)
        try:
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                _tell(f"Another start is setting up {self.folder}: waiting for it.")
                fcntl.flock(held, fcntl.LOCK_EX)
            except OSError:
                pass  # a file system without locks: two first starts at once are then the user's to avoid
            yield held
        finally:
            os.close(held)

    def _is_ours(self) -> bool:
        return any((self.folder / name).exists() for name in (LOCK, UNFINISHED, "pyvenv.cfg"))

    def _elsewhere(self) -> str:
        if self.is_named:
            return "let HEARSAY_VENV name a new folder that you may write."
        return "set HEARSAY_VENV to a folder that you may write, for example HEARSAY_VENV=$HOME/hearsay-venv."

    def _make(self) -> None:
        _tell(f"Making the environment {self.folder}.")
        uses_pip = not shutil.which("uv")
        if uses_pip:
            _must_have_pip()
        (self.folder / UNFINISHED).touch()
        for old in [self.folder / part for part in PARTS] + [self._stamp(name) for name in locks.names()]:
            if old.is_symlink() or old.is_file():
                old.unlink()
            elif old.is_dir():
                shutil.rmtree(old)
        try:
            venv.EnvBuilder(symlinks=True, with_pip=uses_pip).create(self.folder)
        except ValueError as error:  # a colon in the path
            raise self._stop(str(error).rstrip(".")) from error
        except subprocess.CalledProcessError as error:
            said = (error.output or b"").decode(errors="replace")
            if FULL.search(said):
                raise Stop(_full(self.folder)) from error
            raise Stop(
                f"The environment {self.folder} cannot be made, because {sys.executable} fails to put pip into it; its last "
                f"lines:{_last_lines(said, 6)}"
            ) from error
        (self.folder / UNFINISHED).unlink()

    def _stop(self, reason: str) -> Stop:
        return Stop(f"The environment {self.folder} cannot be made ({reason}): {self._elsewhere()}")

    def _install(self, name: str, held: int) -> None:
        _tell(f"Setting up ({name}): this takes a minute or two, once.")
        lock = locks.path_of(name)
        (self.folder / INSTALLING).touch()
        done = subprocess.run(  # noqa: S603
            self._command(lock), cwd=locks.PROJECT, env=surroundings(os.environ), pass_fds=(held,), check=False,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
        )  # fmt: skip
        if done.returncode:
            raise Stop(why(done.stdout, lock, self.folder))
        shutil.copyfile(lock, self._stamp(name))
        (self.folder / INSTALLING).unlink()

    def _mend(self) -> None:
        """Forget packages that a set-up which was killed left in pieces: pip takes a package for whole that names itself."""
        for about in self._packages().glob("*.dist-info"):
            if not _is_in_one_piece(about):
                shutil.rmtree(about)
        (self.folder / INSTALLING).unlink()

    def _command(self, lock: Path) -> Sequence[str]:
        uv = shutil.which("uv")
        if uv:
            return [
                uv,
                "pip",
                "install",
                "--quiet",
                "--no-progress",
                "--compile-bytecode",
                *HOW,
                "--python",
                str(self.python),
                "-r",
                str(lock),
            ]
        run = [str(self.python), "-I", "-m"]
        if subprocess.run([*run, "pip", "--version"], capture_output=True, check=False).returncode:  # noqa: S603
            _must_have_pip()  # made with uv, which is gone now
            subprocess.run([*run, "ensurepip", "--default-pip"], capture_output=True, check=False)  # noqa: S603
        return [*run, "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", *HOW, "-r", str(lock)]


HOW = ("--no-deps", "--require-hashes", "--only-binary", ":all:")
"""How a lock is installed, by pip as by uv: every package has a wheel, so that nothing is built and nothing resolved."""


def surroundings(given: Mapping[str, str]) -> dict[str, str]:
    """The surroundings in which packages are installed: the user's, without what belongs to other projects."""
    kept = {name: value for name, value in given.items() if name not in OF_OTHERS and not name.startswith("PYTHON")}
    return kept | {"PIP_USER": "0", "PIP_ROOT_USER_ACTION": "ignore"}


def _must_have_pip() -> None:
    if find_spec("ensurepip") is None:
        raise Stop(
            f"{sys.executable} cannot make environments: install the package python3-venv (Debian, Ubuntu: apt install "
            "python3-venv), or uv, then try again."
        )


def _key(folder: str) -> str:
    """``Markdown_It.Py-3.0.0.dist-info`` as a lock writes it: ``markdown-it-py-3.0.0``."""
    name, _, version = folder.removesuffix(".dist-info").partition("-")
    return f"{re.sub('[-_.]+', '-', name).lower()}-{version}"


def _is_in_one_piece(about: Path) -> bool:
    """Is every file there, at its length, that the RECORD of an installed package lists?"""
    try:
        with (about / "RECORD").open(encoding="utf-8", newline="") as record:
            rows = [(about.parent / name, size) for name, _, size in csv.reader(record)]
        return all(path.stat().st_size == int(size) for path, size in rows if size)
    except (OSError, ValueError):
        return False


def _tell(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()


# ---------------------------------------------------------------- what went wrong

FULL = re.compile(r"No space left on device|Disk quota exceeded|os error 28\b", re.IGNORECASE)
OTHER_BYTES = re.compile(
    r"DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE[\s\S]*?^ +(?P<pip>[\w.-]+==[\w.+!]+|[\w.-]+) from"
    r"|Hash mismatch for `(?P<uv>[^`]+)`|DO NOT MATCH THE HASHES",
    re.MULTILINE,
)
UNREACHABLE = re.compile(
    r"NewConnectionError|ConnectTimeoutError|ReadTimeoutError|ConnectionResetError|ProxyError|SSLError|CERTIFICATE_VERIFY_FAILED"
    r"|Failed to establish a new connection|Connection (?:refused|reset|aborted|timed out)|Name or service not known"
    r"|name resolution|Failed to resolve|Could not fetch URL|Failed to fetch|error sending request|dns error|tcp connect error"
    r"|operation timed out|invalid peer certificate|network was disabled|not a trusted or secure host"
    r"|(?:40[137]|429|5\d\d) (?:Client|Server) Error|was not found in the (?:package registry|cache|provided package locations)",
    re.IGNORECASE,
)
NO_WHEEL = re.compile(
    r"No matching distribution found for (?P<pip>\S+)"
    r"|Because (?P<uv>\S+) has no (?:usable )?(?:wheels|source distribution)"
    r"|Because there (?:is|are) no versions? of (?P<none>\S+)"
)


def why(output: str, lock: Path, folder: Path) -> str:
    """Why pip or uv could not install a lock, told from what they printed: a plain sentence, then, if it helps, theirs."""
    if FULL.search(output):
        return _full(folder)
    other = OTHER_BYTES.search(output)
    if other:
        what = other["pip"] or other["uv"] or "a package"
        return (
            f"What the package index gave for {what} is not what locks/{lock.name} promises (its hash differs): the download "
            "was cut off, or a mirror or proxy has changed it; try again, or name another index."
        )
    without = NO_WHEEL.search(output)
    wanted = (without["pip"] or without["uv"] or without["none"]).rstrip(",;") if without else ""
    # pip says no more of an index that refuses or knows nothing; it asks for the first package first
    knows_nothing = wanted == lock.read_text("utf-8").split(maxsplit=1)[0] and "(from versions: none)" in output
    if UNREACHABLE.search(output) or knows_nothing:
        return (
            "No package index gave what this first set-up needs: check the network, and the settings for proxy and index (pip: "
            f"PIP_INDEX_URL; uv: UV_DEFAULT_INDEX), then try again. The installer's last lines:{_last_lines(output, 3)}"
        )
    if without:
        return (
            f"The package index has no {wanted} for Python {platform.python_version()} on {sys.platform} {platform.machine()}: "
            "name another Python with PYTHON=/path/to/python3 (all packages are there for 3.11 to 3.13 on Linux and on macOS 14 "
            f"with Apple silicon), or another index. The installer's last lines:{_last_lines(output, 3)}"
        )
    return (
        f"The packages of locks/{lock.name} could not be installed, for a reason that hearsay does not know. The installer's "
        f"last lines:{_last_lines(output, 12)}"
    )


def _full(folder: Path) -> str:
    return f"The disk is full: the environment {folder} takes about 1 GB, and as much again for a moment; make room and try again."


def _last_lines(output: str, n: int) -> str:
    lines = [line.rstrip() for line in output.splitlines() if line.strip()]
    return "".join(f"\n    {line[:400]}" for line in lines[-n:])
