"""Whatever a reader or its library raises becomes the rejection of the record that was being read: the one place where it does."""

from collections.abc import Callable
from typing import TypeVar

from pipelines.ingest.files.record import Intake, Rejected, Unusable

T = TypeVar("T")


def one_record(
    intake: Intake, number: int, raw: tuple[int, str | None], make: Callable[[], T], unit: str = "line"
) -> T | Rejected:
    """What ``make`` makes of one record, or why it makes none; ``raw`` is the size and hash of the record's own bytes.

    Raises:
        MemoryError: the machine's, or the user's limit on it: no fault of the record's, so that it must stop the run.
    """
    try:
        return make()
    except Unusable as error:
        return intake.rejected(str(error), number, raw)
    except MemoryError:
        raise
    except Exception as error:  # foreign bytes make libraries raise anything; KeyboardInterrupt is none of it
        return intake.rejected(unforeseen(intake.where(number, unit), error), number, raw)


def unforeseen(what: str, error: Exception) -> str:
    """The sentence about input on which code failed that nobody saw coming; it names the exception for the maintainers."""
    told = " ".join(str(error).split())[:120].rstrip(".")
    kind = type(error).__name__ + (f": {told}" if told else "")
    kind = "".join(c if c.isprintable() else "?" for c in kind)
    return f"{what} could not be read ({kind}), which is a fault of hearsay's: leave it out, and please report it."
