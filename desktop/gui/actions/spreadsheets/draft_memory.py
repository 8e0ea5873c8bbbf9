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
"""Key of what is typed in one of a draft's rows: ``{"row", "path", "text"}``."""
REPLACES: Final = "replaces"
"""Key of the number of the draft that this one replaces once all its rows are read."""
TO_READ: Final = "to read"
"""Key of a mark: columns were matched differently, and not all rows are read that way yet."""
READING: Final = "reading"
"""Key of the number of rows in the file, kept until all of them are read."""
SET_UP: Final = "set up"
"""Key of the settings that the person chose, kept until the store has them."""
SENDING: Final = "sending"
"""Key of whether *Send* was pressed to send rows once more, kept until the batch is started."""
LOOKED_AT: Final = "looked at"
"""Key of when an unchanged draft was closed, epoch s, and of its settings then."""
PLACE: Final = "place"
"""Key of the path from which the file was read."""
UNDER_WAY: Final = frozenset({TYPED, REPLACES, TO_READ, READING, SET_UP, SENDING})
"""Keys that a draft has only while work on it is not finished."""
_SET_UP: Final = ("key", "template", "rate", "run_at", "columns", "corrected", "unused")


def set_up_of(batch: Batch) -> list[Any]:
    """Return the settings of a draft, to compare them."""
    return [batch[name] for name in _SET_UP]


class DraftMemory:
    """Remembers drafts by their numbers; ``drafts`` keeps them on disk for the next window.

    When the same file is imported again, its draft is opened. A draft in which nothing was changed
    is replaced by a new one, so it is never out of date.
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
        """Remember a new draft of a file with ``rows`` rows; its sheet may be closed by now.

        A draft that ``replaces`` another is not *only looked at*: the person chose how it is read,
        and it takes over corrections.
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
        """Note that a draft is closed; returns whether it is that of a file, unchanged.

        Pasted cells do not count: their file is in a folder that is deleted with the window.
        """
        number = batch["batch_id"]
        path = next((path for path, each in self._looked_at.items() if each == number), None)
        if path is None or Path(path).is_relative_to(pasted_in) or self.typed(number) is not None:
            return False
        self._set(number, LOOKED_AT, [time.time(), set_up_of(batch)])
        return True

    def is_as_read(self, number: int) -> bool:
        """Tell whether a draft has all rows of its file, and nothing in it was changed."""
        draft = self._drafts.of(str(number)) or {}
        return number in self._looked_at.values() and UNDER_WAY.isdisjoint(draft)

    def only_looked_at(self, path: str) -> int | None:
        """Return the unchanged draft of a file, and forget it."""
        return self._looked_at.pop(path, None)

    def numbers(self) -> list[int]:
        """Return the drafts that were made on this computer, the one shown last first."""
        return [int(name) for name in reversed(self._drafts.names())]

    def change(self, *_what: object) -> None:
        """Take note that the person changed something in the draft that is shown."""
        self._looked_at.pop(self._shown, None)

    def forget(self, numbers: Iterable[int]) -> None:
        """No longer count drafts as *only looked at*: they are gone, sent, or opened otherwise."""
        gone = set(numbers)
        self._looked_at = {path: n for path, n in self._looked_at.items() if n not in gone}

    def typed(self, number: int) -> dict[str, Any] | None:
        """Return what is typed in a row of a draft and not saved."""
        return (self._drafts.of(str(number)) or {}).get(TYPED)

    def type(self, number: int, typed: dict[str, Any] | None) -> None:
        """Keep what is typed in a row of a draft; ``None`` forgets it."""
        self._set(number, TYPED, typed)

    def set_up(self, number: int) -> dict[str, Any] | None:
        """Return the settings of a draft that the store may not have yet."""
        return (self._drafts.of(str(number)) or {}).get(SET_UP)

    def keep_set_up(self, number: int, settings: dict[str, Any] | None) -> None:
        """Keep the settings of a draft until the store has them; ``None`` forgets them."""
        self._set(number, SET_UP, settings)

    def again(self, number: int) -> bool:
        """Tell whether *Send* was pressed to send rows once more, and has not taken effect."""
        return bool((self._drafts.of(str(number)) or {}).get(SENDING))

    def keep_sending(self, number: int, again: bool | None) -> None:
        """Keep that *Send* was pressed, and whether to send rows ``again``; ``None`` forgets it."""
        self._set(number, SENDING, again)

    def is_to_read(self, number: int) -> bool:
        """Tell whether some rows of a draft may still be read by its earlier columns."""
        return TO_READ in (self._drafts.of(str(number)) or {})

    def is_reading(self, number: int) -> bool:
        """Tell whether a draft may lack rows of its file."""
        return READING in (self._drafts.of(str(number)) or {})

    def replaces(self, number: int) -> int | None:
        """Return the draft that is deleted once all rows of this one are read, if any."""
        return (self._drafts.of(str(number)) or {}).get(REPLACES)

    def place(self, number: int) -> str | None:
        """Return the path from which the file of a draft was read, where that is known."""
        return (self._drafts.of(str(number)) or {}).get(PLACE)

    def mark_to_read(self, number: int) -> None:
        """Take note that the rows of a draft are to be read once more."""
        self._set(number, TO_READ, True)

    def go_on(self, batch: Batch, rows: int) -> int | None:
        """Return after how many rows to continue reading a file of ``rows`` rows.

        ``None`` where all are read. Until then the draft is marked as not read to its end.
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
