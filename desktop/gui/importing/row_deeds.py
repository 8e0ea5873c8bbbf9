"""What a person did to the rows of a draft, in order, so that Ctrl+Z takes it back."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from desktop.contract.rules.corrections import value_at

if TYPE_CHECKING:
    from desktop.contract.batches import BatchItem
    from desktop.gui.importing.draft_file import DraftMemory

DONE: Final = "done"
"""Key of the deeds of a draft, the newest last."""
MOST: Final = 200
"""Deeds of a draft that are kept."""


@dataclass(frozen=True, slots=True)
class RowDeed:
    """A value at a path of a row, ``before`` and ``after`` a person changed it.

    ``was_typed`` tells whether the former value was a correction, too.
    """

    row: int
    path: str
    before: Any
    after: Any
    was_typed: bool

    def is_as_left(self, item: BatchItem) -> bool:
        """Tell whether a row's item still has the value."""
        return bool(value_at(item, self.path) == self.after)


class RowDeeds:
    """Keeps the deeds of each draft with it, also while its sheet and the window are closed."""

    def __init__(self, memory: DraftMemory) -> None:
        self._memory = memory

    def note(self, number: int, deed: RowDeed) -> None:
        """Note a deed, unless it changes nothing."""
        if deed.before != deed.after:
            self._keep(number, [*self._of(number), asdict(deed)])

    def newest(self, number: int) -> RowDeed | None:
        """Return the newest deed of a draft."""
        deeds = self._of(number)
        return RowDeed(**deeds[-1]) if deeds else None

    def drop_newest(self, number: int) -> None:
        """Forget the newest deed of a draft: it is taken back."""
        self._keep(number, self._of(number)[:-1])

    def move(self, before: int, number: int) -> None:
        """Give a draft the deeds of the one in whose place its file was read again."""
        self._keep(number, self._of(before))

    def _of(self, number: int) -> list[dict[str, Any]]:
        return list(self._memory.of(number, DONE) or ())

    def _keep(self, number: int, deeds: list[dict[str, Any]]) -> None:
        self._memory.keep(number, DONE, deeds[-MOST:] or None)
