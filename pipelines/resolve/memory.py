"""What is worked out from names alone, kept from run to run, so that adding documents costs in proportion to what they add.

Only results of pure functions are kept (what a name says by itself, how a document's short forms read, how alike the names of
one block are), each under a digest of everything it depends on: the code and lexicons (``stamp``) and the names themselves. A
result is therefore found again exactly when computing it again would give the same, and throwing the memory away, or a part
of it, changes nothing but the time taken.
"""

from collections.abc import Callable, Mapping
from hashlib import blake2b
from typing import Any

import orjson


class Memory:
    """Results by digest. ``kept``: those of the run before. After a run, ``asked`` holds every result that was needed."""

    def __init__(self, stamp: str = "", kept: Mapping[bytes, bytes] | None = None) -> None:
        """``stamp`` changes whenever the code or a lexicon does: results under another stamp are never found."""
        self._stamp = stamp.encode()
        self._kept = kept or {}
        self.asked: dict[bytes, bytes] = {}
        self.n_computed = 0

    def recall(self, kind: str, given: Any, compute: Callable[[], Any]) -> Any:
        """The result of ``compute`` for what it is given, from memory where it is there and whole.

        ``given`` (JSON) must hold all that the result depends on. The result must be JSON too: tuples come back as lists.
        """
        key = self.key(kind, given)
        body = self.find(key)
        if body is not None:
            try:
                return orjson.loads(body)
            except orjson.JSONDecodeError:
                pass  # damaged: made again
        found = compute()
        self.keep(key, orjson.dumps(found))
        return found

    def key(self, kind: str, given: Any) -> bytes:
        """The digest under which the result for what is given (JSON) is kept."""
        return blake2b(self._stamp + kind.encode() + orjson.dumps(given), digest_size=16).digest()

    def find(self, key: bytes) -> bytes | None:
        """A result as it was kept, and from now on needed; null where there is none."""
        body = self.asked.get(key)
        if body is None and (body := self._kept.get(key)) is not None:
            self.asked[key] = body
        return body

    def keep(self, key: bytes, body: bytes, is_new: bool = True) -> None:
        """Keep a result; ``is_new``: it had to be worked out."""
        self.n_computed += is_new and key not in self.asked
        self.asked[key] = bytes(memoryview(body))  # a copy: what orjson gives holds some kilobytes however short it is

    def changed(self) -> dict[bytes, bytes]:
        """What was needed and was not kept, or not like that."""
        return {key: body for key, body in self.asked.items() if self._kept.get(key) is not body}

    def unneeded(self) -> list[bytes]:
        """What was kept and was not needed."""
        return [key for key in self._kept if key not in self.asked]
