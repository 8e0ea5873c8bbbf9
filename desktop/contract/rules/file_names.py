"""The rules by which the names of attachments in a cell are found among files."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST: Final = 255
"""Characters of a file's name."""


class FileNames:
    """The names of some files, among which those that a cell names are found.

    A name may have its accents apart from their letters, as on a Mac, and another case if only one
    file fits.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names)
        self._alike: dict[str, list[str]] = defaultdict(list)
        for name in self._names:
            self._alike[_folded(name)].append(name)

    def named(self, text: str) -> list[str] | None:
        """Find the one file that a text names, or several with commas between them.

        ``None`` if any of them is missing.
        """
        found: list[str] = []
        left = text
        while left:
            ends = [at for at, each in enumerate(f"{left[:_LONGEST]},") if each == ","]
            parts = ((self._one(left[:end]), end) for end in reversed(ends))
            name, end = next(((name, end) for name, end in parts if name is not None), (None, 0))
            if name is None:
                return None
            found.append(name)
            left = left[end + 1 :]
        return found or None

    def _one(self, text: str) -> str | None:
        name = text.strip()
        if name in self._names:
            return name
        alike = self._alike.get(_folded(name), [])
        same = [each for each in alike if _composed(each) == _composed(name)]
        fitting = same or alike
        return fitting[0] if len(fitting) == 1 else None


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _folded(name: str) -> str:
    return _composed(name.casefold())
