"""The names of attachments: uploads, and how those in a cell are found among files."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_LONGEST: Final = 255
"""Characters of a file's name."""
_MOST: Final = 100
"""Files that a cell can name."""


def is_upload(file: str) -> bool:
    """Tell whether an item's attachment is the id of an upload, not the name of a batch's file."""
    return "/" in file


def shown_name(file: str) -> str:
    """Return the name under which a message carries an attachment: an upload's id ends in it."""
    return file.rpartition("/")[2]


def is_place(text: str) -> bool:
    """Tell whether a cell has a path or a link in place of a file's name."""
    return "/" in text or "\\" in text


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

    def __contains__(self, name: str) -> bool:
        """Tell whether a file has exactly this name."""
        return name in self._names

    def named(self, text: str) -> list[str]:
        """Return the file that a text names, or several with commas between them.

        Found files have their own names, what is missing stays as it is written. A text in which
        nothing is found, or that names too many, is one name.
        """
        named: list[str] = []
        left = text
        while left and len(named) < _MOST:
            ends = [at for at, each in enumerate(f"{left[:_LONGEST]},") if each == ","]
            parts = ((self._one(left[:end]), end) for end in reversed(ends))
            name, end = next(((name, end) for name, end in parts if name is not None), (None, 0))
            if name is None:
                name, _, left = left.partition(",")
                named.append(name.strip())
            else:
                named.append(name)
                left = left[end + 1 :]
        if left:
            return [text]
        named = list(filter(None, named))
        return named if any(name in self for name in named) else [text]

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
