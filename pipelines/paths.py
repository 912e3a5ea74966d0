"""Paths where they enter: two that mean one place are one path from here on, whatever the folder they are used from."""

from pathlib import Path


def entered(path: str | Path) -> Path:
    """A source as the user means it: absolute, with the home folder written out.

    A link keeps its name ("latest" goes on meaning what it leads to), unless ``..`` follows it.
    """
    given = Path(path)
    if str(given).startswith("~"):
        try:
            given = given.expanduser()
        except RuntimeError:  # nobody of that name: then it is a file's name
            given = Path(path)
    return _followed(given) if ".." in given.parts else given.absolute()


def place(path: str | Path) -> Path:
    """A warehouse's folder: absolute, with every link followed, so that it can be compared with what lies in it."""
    return _followed(entered(path))


def _followed(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # a link that leads back to itself: whoever opens it is told so
        return path.absolute()
