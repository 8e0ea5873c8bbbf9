"""A promise that was not kept."""

from __future__ import annotations

from collections import Counter
from typing import Final

JUDGED: Final[Counter[str]] = Counter()
"""How often each promise was judged in this process."""


class Broken(BaseException):
    """``promise`` is its short name, ``how`` what was seen.

    No ``Exception``: the engine, inside which it may be raised, is not to catch it.
    """

    def __init__(self, promise: str, how: str) -> None:
        super().__init__(promise, how)
        self.promise = promise
        self.how = how

    def __str__(self) -> str:
        return f"{self.promise}: {self.how}"


def expect(holds: object, promise: str, how: str) -> None:
    """Raise :class:`Broken` unless it holds."""
    JUDGED[promise] += 1
    if not holds:
        raise Broken(promise, how)
