"""Kill a run at fifty random moments and compare the bytes with an undisturbed run: python -m tests.kill_fifty"""

import sys
import tempfile
from pathlib import Path

from tests.test_run import TEXT, kill_and_compare


def main() -> int:
    """Exit status 0 when nothing was lost and nothing torn."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "in"
        folder.mkdir()
        for n in range(40):
            (folder / f"{n:03}.txt").write_text(TEXT.format(n=n + 2), "utf-8")
        kill_and_compare(folder, Path(scratch), moments=50, seed=1)
    sys.stdout.write("killed 50 times: the same bytes, and every look whole\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
