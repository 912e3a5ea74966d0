"""What ``./hearsay`` does with the Python that it found: tell help and mistakes at once, set up the rest, start it.

Called with how the launcher was called, the folder of the environment, and the user's arguments.
"""

import signal

if __name__ == "__main__" and signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # before there is anything to stop, Ctrl-C ends it without a word

import os
import shlex
import shutil
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import FrameType

PROJECT = Path(__file__).resolve().parent.parent
if str(PROJECT) not in sys.path:
    sys.path.insert(0, str(PROJECT))

from launcher.environment import Environment, Stop  # noqa: E402 - found by the line above
from pipelines import cli  # noqa: E402
from pipelines.stopping import SIGNALS  # noqa: E402
from warehouse.calling import CALLED_AS  # noqa: E402

ALSO = {"test": "dev", "dev": "webserver", "dashboard": "dashboard"}
"""The lock that a command wants beside base."""


def main(called: str, folder: str, arguments: Sequence[str]) -> int:
    """Bring the environment to what the command wants, then become that command; returns only when there is none to start."""
    os.environ[CALLED_AS] = called_as(called, os.environ.get("PATH", os.defpath))
    environment = Environment(Path(folder), is_named=bool(os.environ.get("HEARSAY_VENV")))
    for number in SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup has it
            signal.signal(number, _stop)
    try:
        if arguments[:1] == ["test"] and arguments[1:2] not in (["-h"], ["--help"]):
            environment.bring("base", "dev")
            os.chdir(PROJECT)
            return start(environment, ["-m", "pytest", *(arguments[1:] or in_parallel(os.cpu_count() or 1))])
        options = cli.parse(arguments)
        if options.name == "setup":
            environment.bring("base", *options.extra)
            return 0
        environment.bring("base", *filter(None, [ALSO.get(options.name)]))
        return start(environment, ["-P", "-m", "pipelines.cli", *arguments])
    except Stop as stop:
        sys.stderr.write(f"{stop}\n")
    except KeyboardInterrupt as stopped:
        sys.stderr.write("\nStopped. The next call sets up what is missing.\n")
        number = stopped.args[0] if stopped.args else signal.SIGINT
        signal.signal(number, signal.SIG_DFL)  # so that a script that called it ends too
        signal.raise_signal(number)
    return 1


MOST_TESTERS = 4
"""Processes that share the tests, at most: each holds the language model, some 800 MB with what it works on."""


def in_parallel(n_processors: int) -> list[str]:
    """What pytest is told where all tests are run: a file's tests stay together, the longest files come first (``tests/conftest.py``)."""
    n = min(n_processors, MOST_TESTERS)
    return ["-n", str(n), "--dist", "loadfile", "--no-loadscope-reorder"] if n > 1 else []


def _stop(number: int, _: FrameType | None) -> None:
    raise KeyboardInterrupt(number)


def start(environment: Environment, command: Sequence[str]) -> int:
    """Become this command of the environment's Python; our modules are found before any that lie in the user's folder."""
    python = str(environment.python)
    if "pipelines.cli" in command:  # it lets them through when it knows what to say
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    os.execve(python, [python, *command], of_the_program(os.environ))  # noqa: S606


def of_the_program(given: Mapping[str, str]) -> dict[str, str]:
    """The variables of the program: the user's, without those that make a Python look for modules elsewhere."""
    astray = {"PYTHONHOME", "PYTHONSTARTUP", "__PYVENV_LAUNCHER__"}
    return {name: value for name, value in given.items() if name not in astray} | {"PYTHONPATH": str(PROJECT)}


def called_as(path: str, search: str) -> str:
    """How a shell in the user's folder calls the launcher again: by name where it is found on the PATH, else by its path."""
    name = Path(path).name
    found = shutil.which(name, path=search)
    if found is not None and "/" in found and Path(found).absolute() == Path(path).absolute() and path.startswith("/"):
        return shlex.quote(name)
    return shlex.quote(path) if os.access(path, os.X_OK) else f"sh {shlex.quote(path)}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
