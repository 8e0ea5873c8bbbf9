"""Remembers the drafts made on this computer, and unfinished work on them."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop.contract.batches import Batch
    from desktop.gui.link.typed_drafts import TypedDrafts

TYPED: Final = "typed"
"""Key of a value typed in a row and not saved: ``{"row", "path", "text"}``."""
REPLACES: Final = "replaces"
"""Key of the number of the draft that this one replaces once all rows are read."""
TO_READ: Final = "to read"
"""Key of a mark: columns were matched differently, and some rows are not read again yet."""
READING: Final = "reading"
"""Key of the number of rows in the file, kept until all of them are read."""
SET_UP: Final = "set up"
"""Key of the chosen settings, kept until the backend has them."""
SENDING: Final = "sending"
"""Key of the choice to send unchanged rows again; kept from *Send* until the batch is started."""
LOOKED_AT: Final = "looked at"
"""Key of the time an unchanged draft was closed, epoch s, and its settings then."""
PLACE: Final = "place"
"""Key of the path from which the file was read."""
UNDER_WAY: Final = frozenset({TYPED, REPLACES, TO_READ, READING, SET_UP, SENDING})
"""The keys of unfinished work."""
_SET_UP: Final = ("key", "template", "rate", "run_at", "columns", "reading", "corrected", "unused")


def set_up_of(batch: Batch) -> list[Any]:
    """Return the settings of a draft for a comparison."""
    return [batch[name] for name in _SET_UP]


class DraftMemory:
    """Remembers drafts by number; ``drafts`` keeps them on disk for the next window.

    If the same file is imported again, its draft is opened. An unchanged draft is replaced by a new
    one instead, so it is never out of date.
    """

    def __init__(self, drafts: TypedDrafts) -> None:
        self._drafts = drafts
        self._looked_at: dict[str, int] = {}
        self._shown = ""

    def begin(self, path: str, number: int) -> None:
        """Note that a new draft of a file is shown."""
        self._shown = path
        self.show(number)

    def note(self, path: str, number: int, rows: int, replaces: int | None) -> None:
        """Remember a new draft of a file with ``rows`` rows; its sheet may be closed by now.

        A draft that ``replaces`` another does not count as unchanged: the person chose how to read
        it, and it takes over corrections.
        """
        self._looked_at.pop(path, None)
        if replaces is None:
            self._looked_at[path] = number
        draft: dict[str, Any] = {READING: rows, PLACE: path}
        self._drafts.keep(str(number), draft if replaces is None else draft | {REPLACES: replaces})

    def show(self, number: int) -> None:
        """Note that a draft is shown."""
        self._set(number, LOOKED_AT, None)
        if self._drafts.of(str(number)) is None:
            self._drafts.keep(str(number), {})
        self._drafts.take_up(str(number))

    def close(self, batch: Batch, pasted_in: Path) -> bool:
        """Note that a draft is closed; return whether it is an unchanged draft of a file.

        Drafts of pasted cells do not count: their file is deleted with the window.
        """
        number = batch["batch_id"]
        path = next((path for path, each in self._looked_at.items() if each == number), None)
        if path is None or Path(path).is_relative_to(pasted_in) or self.typed(number) is not None:
            return False
        self._set(number, LOOKED_AT, [time.time(), set_up_of(batch)])
        return True

    def is_as_read(self, number: int) -> bool:
        """Tell whether a draft has all rows of its file and is unchanged."""
        draft = self._drafts.of(str(number)) or {}
        return number in self._looked_at.values() and UNDER_WAY.isdisjoint(draft)

    def only_looked_at(self, path: str) -> int | None:
        """Return the unchanged draft of a file, and forget it."""
        return self._looked_at.pop(path, None)

    def numbers(self) -> list[int]:
        """Return the drafts made on this computer, the one shown last first."""
        return [int(name) for name in reversed(self._drafts.names())]

    def change(self, *_what: object) -> None:
        """Note that the person has changed the shown draft."""
        self._looked_at.pop(self._shown, None)

    def forget(self, numbers: Iterable[int]) -> None:
        """Stop counting drafts as unchanged: they were deleted, started, or opened again."""
        gone = set(numbers)
        self._looked_at = {path: n for path, n in self._looked_at.items() if n not in gone}

    def typed(self, number: int) -> dict[str, Any] | None:
        """Return the value typed in a row of a draft and not saved."""
        return (self._drafts.of(str(number)) or {}).get(TYPED)

    def type(self, number: int, typed: dict[str, Any] | None) -> None:
        """Keep a value typed in a row of a draft; ``None`` drops it."""
        self._set(number, TYPED, typed)

    def set_up(self, number: int) -> dict[str, Any] | None:
        """Return a draft's settings that the backend may not have yet."""
        return (self._drafts.of(str(number)) or {}).get(SET_UP)

    def keep_set_up(self, number: int, settings: dict[str, Any] | None) -> None:
        """Keep a draft's settings until the backend has them; ``None`` drops them."""
        self._set(number, SET_UP, settings)

    def again(self, number: int) -> bool:
        """Tell whether *Send* was pressed to send unchanged rows again, without an effect yet."""
        return bool((self._drafts.of(str(number)) or {}).get(SENDING))

    def keep_sending(self, number: int, again: bool | None) -> None:
        """Keep that *Send* was pressed, and whether to send rows ``again``; ``None`` drops it."""
        self._set(number, SENDING, again)

    def is_to_read(self, number: int) -> bool:
        """Tell whether some rows of a draft may still be read with its earlier columns."""
        return TO_READ in (self._drafts.of(str(number)) or {})

    def is_reading(self, number: int) -> bool:
        """Tell whether a draft may lack rows of its file."""
        return READING in (self._drafts.of(str(number)) or {})

    def replaces(self, number: int) -> int | None:
        """Return the draft that is deleted once all rows of this one are read, if any."""
        return (self._drafts.of(str(number)) or {}).get(REPLACES)

    def place(self, number: int) -> str | None:
        """Return the path from which the file of a draft was read, if known."""
        return (self._drafts.of(str(number)) or {}).get(PLACE)

    def mark_to_read(self, number: int) -> None:
        """Note that the rows of a draft have to be read again."""
        self._set(number, TO_READ, True)

    def go_on(self, batch: Batch, rows: int) -> int | None:
        """Return the row after which to continue reading a file of ``rows`` rows.

        ``None`` means that all are read. Until then the draft is marked as incomplete.
        """
        number, there = batch["batch_id"], batch["counts"]["rows"]
        if there < rows:
            self._set(number, READING, rows)
        if self.is_to_read(number):
            return 0
        return there if there < rows or self.is_reading(number) else None

    def mark_read(self, number: int) -> None:
        """Note that all rows of a draft are read."""
        for mark in (TO_READ, REPLACES, READING):
            self._set(number, mark, None)

    def _set(self, number: int, key: str, value: object) -> None:
        known = self._drafts.of(str(number))
        if known is not None:
            draft = {each: kept for each, kept in known.items() if each != key}
            self._drafts.keep(str(number), draft if value is None else {**draft, key: value})
