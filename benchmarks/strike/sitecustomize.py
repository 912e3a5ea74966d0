"""Ends the process at a named moment, from inside: Python imports this first where its folder is on the path.

``strike.json`` beside it says which function (``module:name``), which call of it, and how: before it, after it, so many
milliseconds after its begin, or at the n-th change of a file within it. ``role`` is the process that counts: the parent or a
worker; ``whom`` what is sent the signal: this process, or its whole group. Whatever happens, it happens once.
"""

import functools
import importlib.abc
import importlib.machinery
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

HERE = Path(__file__).resolve().parent
CHANGES = {"os.rename", "os.link", "os.symlink", "os.mkdir", "os.remove", "os.rmdir", "os.truncate"}
STRIKE: dict[str, Any] = json.loads((HERE / "strike.json").read_text("utf-8"))
IS_WORKER = any("--multiprocessing-fork" in word or "multiprocessing.spawn" in word for word in sys.orig_argv)


def strike() -> None:
    """Send the signal, unless somebody has."""
    try:
        os.close(os.open(HERE / "struck", os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return
    if STRIKE["whom"] == "group":
        os.killpg(0, STRIKE["signal"])
    else:
        os.kill(os.getpid(), STRIKE["signal"])


def later(seconds: float) -> None:
    """Strike so many seconds from now, whatever goes on meanwhile."""
    time.sleep(seconds)
    strike()


def wrapped(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, struck as ``STRIKE`` says."""
    n_calls = n_changes = 0
    inside = False

    def on_event(event: str, given: tuple[Any, ...]) -> None:
        nonlocal n_changes
        writes = event == "open" and isinstance(given[2], int) and given[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if inside and (event in CHANGES or writes):
            n_changes += 1
            if n_changes == STRIKE["at"]:
                strike()

    if STRIKE["how"] == "change":
        sys.addaudithook(on_event)

    @functools.wraps(function)
    def call(*arguments: Any, **named: Any) -> Any:
        nonlocal n_calls, inside
        n_calls += 1
        ours = n_calls == STRIKE["call"]
        if ours and STRIKE["how"] == "before":
            strike()
        if ours and STRIKE["how"] == "milliseconds":
            threading.Thread(target=later, args=(STRIKE["at"] / 1000,), daemon=True).start()
        inside = inside or ours
        try:
            return function(*arguments, **named)
        finally:
            inside = inside and not ours
            if ours and STRIKE["how"] == "after":
                strike()

    return call


class Loader(importlib.abc.Loader):
    """Loads a module as its own loader does, and then puts what is to be struck, or a smaller batch, into it."""

    def __init__(self, own: importlib.abc.Loader) -> None:
        self.own = own

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return self.own.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        self.own.exec_module(module)
        if module.__name__ == "pipelines.running.run":
            module.BATCH_CHARS = STRIKE["batch_chars"]  # type: ignore[attr-defined]
        name, _, path = STRIKE["moment"].partition(":")
        if module.__name__ == name and (STRIKE["role"] == "worker") == IS_WORKER:
            *owners, last = path.split(".")
            owner = functools.reduce(getattr, owners, module)
            setattr(owner, last, wrapped(getattr(owner, last)))


class Finder(importlib.abc.MetaPathFinder):
    """Finds the modules that are changed, where everybody else finds them."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name not in {"pipelines.running.run", STRIKE["moment"].partition(":")[0]}:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = Loader(spec.loader)
        return spec


sys.meta_path.insert(0, Finder())
