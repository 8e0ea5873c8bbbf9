"""Who reads the letter that is written: the chips show the values of this person."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import Signal

from desktop.gui.kit.look.appearance import sized
from desktop.gui.kit.widgets.choice import Choice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.contract.batches import BatchRow
    from desktop.contract.items import Item

ROOM: Final = 16
"""Letters for which there is room."""
LEAST: Final = 60
"""Width at least, in units of the grid."""
NAMES: Final = "names"
"""The value of *Names of the fields*: no person."""


class LetterReader(Choice):
    """Offers the newest items, or the rows of an import, whose values the chips show.

    ``reader_changed`` asks for the message for :attr:`subject`.
    """

    reader_changed = Signal()

    def __init__(self) -> None:
        super().__init__("")
        self.setAccessibleName(self.tr("Whose values the letter shows"))
        self.setMinimumContentsLength(ROOM)
        sized(self, least_width=LEAST)
        self._batch_id: int | None = None  # the batch of the items, if they are its rows
        self._offer([], None)
        self.chosen.connect(lambda _: self.reader_changed.emit())

    @property
    def shows_values(self) -> bool:
        """Whether the chips show values, and not the names of their fields."""
        return self.value() != NAMES

    @property
    def item_id(self) -> int | None:
        """The shown item; ``None`` for an example, and for a row of a spreadsheet."""
        return self.subject.get("item_id")

    @property
    def subject(self) -> dict[str, int]:
        """The item or row of the message, as the API takes it; empty for an example."""
        if not self.value().isdigit():
            return {}
        number = int(self.value())
        if self._batch_id is None:
            return {"item_id": number}
        return {"batch_id": self._batch_id, "row": number}

    def show_rows(self, batch_id: int, rows: Sequence[BatchRow]) -> None:
        """Offer rows of a spreadsheet that is being imported."""
        self._batch_id = batch_id
        self._offer([cast("Item", {**each["item"], "item_id": each["row"]}) for each in rows], None)
        self.reader_changed.emit()

    def show_items(self, items: Sequence[Item], about: int | None) -> None:
        """Offer these items, newest first; show the item ``about``, or the former one."""
        before, shown = self.subject, self.item_id if about is None else about
        self._batch_id = None
        self._offer(items, shown)
        if self.subject != before:
            self.reader_changed.emit()

    def _offer(self, items: Sequence[Item], shown: int | None) -> None:
        numbers = [int(each["item_id"]) for each in items]
        kind = self.tr("item {}") if self._batch_id is None else self.tr("row {}")
        names = [_name_of(each) for each in items]
        often = Counter(names)
        known = zip(names, map(kind.format, numbers), strict=True)
        said = (name if name and often[name] == 1 else f"{name} {no}".strip() for name, no in known)
        words = map(self.tr("as {}").format, said)
        self.clear()
        people = [*zip(map(str, numbers), words, strict=True)] or [("", self.tr("as an example"))]
        self.set_choices([*people, (NAMES, self.tr("with the names of the fields"))])
        self.setCurrentIndex(numbers.index(shown) if shown in numbers else 0)


def _name_of(item: Item) -> str:
    to = item.get("recipient")
    named = (to.get("name") if to else "", item.get("title"), to["email"] if to else "")
    return next((str(each) for each in named if each), "")
