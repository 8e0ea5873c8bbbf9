"""What is typed of corrections and not saved: kept on disk, pinned, and on its way."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QObject, Signal

from desktop.gui.frame.pins import CORRECTIONS, PinnedRow
from desktop.gui.items.correction_form import TypedTexts
from desktop.gui.items.form.submissions import offer_back
from desktop.gui.kit.words.table import say
from desktop.gui.link.drafts import DraftItem

if TYPE_CHECKING:
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.link.drafts import TypedDrafts


class TypedCorrection(TypedTexts):
    """What is typed of a correction; ``task`` is the message it was typed at, ``to`` its name."""

    task: int
    to: str


class TypedCorrections(QObject):
    """What is typed of corrections and not saved, by item: kept on disk, and pinned.

    ``under_way`` has what is on its way to the backend. ``replaced`` carries an item of which
    something else is typed now, ``shown`` an item to show and the task at which it was typed.
    """

    replaced = Signal(int)
    shown = Signal(int, int)

    def __init__(self, window: MainWindow, drafts: TypedDrafts) -> None:
        super().__init__(window)
        self._window, self._drafts = window, drafts
        self.under_way: dict[int, DraftItem] = {}
        self.saving = drafts.saving

    def load(self) -> None:
        """Pin what the last window left."""
        self._drafts.read(self._pin)

    def of(self, number: int) -> TypedCorrection | None:
        """Return what is typed of an item, or on its way."""
        draft = self.under_way.get(number)
        found = self._drafts.of(str(number)) if draft is None else draft.form
        return cast("TypedCorrection | None", found)

    def keep(
        self, number: int, typed: TypedCorrection | None, once: DraftItem | None = None
    ) -> None:
        """Keep what is typed of an item; with ``None``, none, from the disk ``once`` it is sent."""
        self._drafts.save(str(number), cast("dict[str, Any] | None", typed), once)
        self._drafts.read(self._pin)

    def put_back(self, number: int, typed: TypedCorrection) -> None:
        """Keep what was discarded, or was not accepted."""
        self.keep(number, typed)
        self.replaced.emit(number)

    def discard(self, number: int) -> None:
        """Drop what is typed of an item, and offer *Undo*."""
        typed = self.of(number)
        self.keep(number, None)
        self.replaced.emit(number)
        if typed is not None:
            words, back = say("correction", "discarded"), partial(self.put_back, number, typed)
            offer_back(self._window.notes, words, back)

    def forget(self, address: str) -> None:
        """Drop what is typed of a person who was forgotten."""
        for name in self._drafts.names():
            said = json.dumps(self._drafts.of(name), ensure_ascii=False)
            if address.casefold() in said.casefold():
                self.keep(int(name), None)

    def _pin(self) -> None:
        found = ((int(name), self._drafts.of(name)) for name in self._drafts.names())
        self._window.pins.put(
            CORRECTIONS,
            [self._pin_of(number, cast("TypedCorrection", each)) for number, each in found],
        )

    def _pin_of(self, number: int, typed: TypedCorrection) -> PinnedRow:
        return PinnedRow(
            f"{CORRECTIONS}:{number}",
            typed["to"] or say("item", "name", number=number),
            say("aside", "item"),
            "pencil",
            show=partial(self.shown.emit, number, typed["task"]),
            discard=partial(self.discard, number),
        )
