"""Which drafts this window brought in, which were only looked at, what was typed in their rows."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop.contract.batches import Batch
    from desktop.gui.actions.typed_drafts import TypedDrafts

TYPED: Final = "typed"
"""Where a draft has what is typed in one of its rows, as ``{"row", "path", "text"}``."""
REPLACES: Final = "replaces"
"""Where it has the number of the draft whose place it takes once all its rows are read."""
TO_READ: Final = "to read"
"""Marks a draft whose columns were matched otherwise, until all its rows are read so."""
READING: Final = "reading"
"""Where one has how many rows its file has, until all are read."""
SET_UP: Final = "set up"
"""Where one has how the person has set it up, until the store has that."""
SENDING: Final = "sending"
"""Where one that the person has sent has whether rows go out once more, until it is started."""
LOOKED_AT: Final = "looked at"
"""Where one that was closed as it was read has when that was, epoch s, and how it is set up."""
PLACE: Final = "place"
"""Where one has the path from which its file was read."""
UNDER_WAY: Final = frozenset({TYPED, REPLACES, TO_READ, READING, SET_UP, SENDING})
"""Marks of a draft whose work is not finished."""
_SET_UP: Final = ("key", "template", "rate", "run_at", "columns", "corrected", "unused")


def set_up_of(batch: Batch) -> list[Any]:
    """Return how a draft is set up, to be compared."""
    return [batch[name] for name in _SET_UP]


class DraftMemory:
    """Remembers drafts by their numbers, in ``drafts`` also for the next window.

    The same file again opens its draft. Where nothing was changed in that, it is only looked at:
    the file takes its place, so it is never out of date.
    """

    def __init__(self, drafts: TypedDrafts) -> None:
        self._drafts = drafts
        self._looked_at: dict[str, int] = {}
        self._shown = ""

    def begin(self, path: str, number: int) -> None:
        """Take note that a new draft of a file is shown."""
        self._shown = path
        self.show(number)

    def note(self, path: str, number: int, rows: int, replaces: int | None) -> None:
        """Take note of a new draft of a file with so many rows; its sheet may be closed by now.

        One that ``replaces`` another is read as the person chose, and has what was corrected there.
        """
        self._looked_at.pop(path, None)
        if replaces is None:
            self._looked_at[path] = number
        draft: dict[str, Any] = {READING: rows, PLACE: path}
        self._drafts.keep(str(number), draft if replaces is None else draft | {REPLACES: replaces})

    def show(self, number: int) -> None:
        """Take note that a draft is shown."""
        self._set(number, LOOKED_AT, None)
        if self._drafts.of(str(number)) is None:
            self._drafts.keep(str(number), {})
        self._drafts.take_up(str(number))

    def close(self, batch: Batch, pasted_in: Path) -> bool:
        """Take note that a draft is closed; tells whether it is that of a file, as it was read.

        What was pasted is nowhere else: its file is in a folder that goes with the window.
        """
        number = batch["batch_id"]
        path = next((path for path, each in self._looked_at.items() if each == number), None)
        if path is None or Path(path).is_relative_to(pasted_in) or self.typed(number) is not None:
            return False
        self._set(number, LOOKED_AT, [time.time(), set_up_of(batch)])
        return True

    def is_as_read(self, number: int) -> bool:
        """Tell whether all of a file is read into a draft, and nothing in that was changed."""
        draft = self._drafts.of(str(number)) or {}
        return number in self._looked_at.values() and UNDER_WAY.isdisjoint(draft)

    def only_looked_at(self, path: str) -> int | None:
        """Return the draft of a file in which nothing was changed, once."""
        return self._looked_at.pop(path, None)

    def numbers(self) -> list[int]:
        """Return the drafts that this window brought in, the one that was shown last first."""
        return [int(name) for name in reversed(self._drafts.names())]

    def change(self, *_what: object) -> None:
        """Take note that the person changed something in the draft that is shown."""
        self._looked_at.pop(self._shown, None)

    def forget(self, numbers: Iterable[int]) -> None:
        """Leave drafts as they are: they are gone, sent, or opened by themselves."""
        gone = set(numbers)
        self._looked_at = {path: n for path, n in self._looked_at.items() if n not in gone}

    def typed(self, number: int) -> dict[str, Any] | None:
        """Return what is typed in a row of a draft and not taken."""
        return (self._drafts.of(str(number)) or {}).get(TYPED)

    def type(self, number: int, typed: dict[str, Any] | None) -> None:
        """Keep what is typed in a row of a draft; with ``None``, nothing."""
        self._set(number, TYPED, typed)

    def set_up(self, number: int) -> dict[str, Any] | None:
        """Return how the person has set up a draft, where the store may not have that."""
        return (self._drafts.of(str(number)) or {}).get(SET_UP)

    def keep_set_up(self, number: int, settings: dict[str, Any] | None) -> None:
        """Keep how a draft is to be set up; ``None`` once it is."""
        self._set(number, SET_UP, settings)

    def again(self, number: int) -> bool:
        """Tell whether a draft was sent so that rows go out once more, and was not started."""
        return bool((self._drafts.of(str(number)) or {}).get(SENDING))

    def keep_sending(self, number: int, again: bool | None) -> None:
        """Keep that a draft was sent, and whether rows go out ``again``; ``None``: it is over."""
        self._set(number, SENDING, again)

    def is_to_read(self, number: int) -> bool:
        """Tell whether some rows of a draft may be as its columns were matched before."""
        return TO_READ in (self._drafts.of(str(number)) or {})

    def is_reading(self, number: int) -> bool:
        """Tell whether rows of a draft's file may be missing in it."""
        return READING in (self._drafts.of(str(number)) or {})

    def replaces(self, number: int) -> int | None:
        """Return the draft that goes once all rows of this one are read, if one does."""
        return (self._drafts.of(str(number)) or {}).get(REPLACES)

    def place(self, number: int) -> str | None:
        """Return the path from which the file of a draft was read, where that is known."""
        return (self._drafts.of(str(number)) or {}).get(PLACE)

    def mark_to_read(self, number: int) -> None:
        """Take note that the rows of a draft are to be read once more."""
        self._set(number, TO_READ, True)

    def go_on(self, batch: Batch, rows: int) -> int | None:
        """Return after how many rows the file of a draft is read on, which has so many.

        ``None`` where all are read. Until then it is marked: it may be cut short once more.
        """
        number, there = batch["batch_id"], batch["counts"]["rows"]
        if there < rows:
            self._set(number, READING, rows)
        if self.is_to_read(number):
            return 0
        return there if there < rows or self.is_reading(number) else None

    def mark_read(self, number: int) -> None:
        """Take note that all rows of a draft are read."""
        for mark in (TO_READ, REPLACES, READING):
            self._set(number, mark, None)

    def _set(self, number: int, key: str, value: object) -> None:
        known = self._drafts.of(str(number))
        if known is not None:
            draft = {each: kept for each, kept in known.items() if each != key}
            self._drafts.keep(str(number), draft if value is None else {**draft, key: value})
