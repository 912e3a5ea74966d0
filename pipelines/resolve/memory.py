"""What comparing names came to, kept from run to run, so that adding documents costs in proportion to what they add.

Only results of pure functions are kept (how a document's short forms read, how alike the names of one block are), each under
a digest of everything it depends on: the code and lexicons (``stamp``) and the names themselves. A result is therefore found
again exactly when computing it again would give the same, and throwing the memory away changes nothing but the time taken.
"""

from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import Any

import orjson


class Memory:
    """Results by digest. ``kept``: those of the run before. After a run, ``asked`` holds every result that was needed."""

    def __init__(self, stamp: str, kept: Mapping[bytes, bytes] | None = None) -> None:
        """``stamp`` changes whenever the code or a lexicon does: results under another stamp are never found."""
        self._stamp = stamp.encode()
        self._kept = kept or {}
        self.asked: dict[bytes, bytes] = {}
        self.n_computed = 0

    def recall(self, kind: str, given: Any, compute: Callable[[], Any]) -> Any:
        """The result of ``compute`` for what it is given, from memory where it is there.

        ``given`` (JSON) must hold all that the result depends on. The result must be JSON too: tuples come back as lists.
        """
        key = blake2b(self._stamp + kind.encode() + orjson.dumps(given), digest_size=16).digest()
        body = self.asked.get(key) or self._kept.get(key)
        if body is None:
            found = compute()
            self.n_computed += 1
            self.asked[key] = orjson.dumps(found)
            return found
        self.asked[key] = body
        return orjson.loads(body)
