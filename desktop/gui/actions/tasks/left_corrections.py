"""Corrections that the last window left unsaved."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal

from desktop.gui.actions.left_open import LeftOpen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.gui.actions.typed_drafts import TypedDrafts
    from desktop.gui.frame.main_window import MainWindow

BAR: Final = "left corrections"
BACK_S: Final = 8.0
"""How long *Undo* is offered for what was discarded, in seconds."""


class LeftCorrections(LeftOpen):
    """Leads back to a correction: ``correction_wanted`` carries the tasks it is opened for."""

    correction_wanted = Signal(object)

    def __init__(self, window: MainWindow, drafts: TypedDrafts) -> None:
        super().__init__(window, drafts, BAR)
        self._is_offered = False
        self.wanted.connect(self._on_wanted)

    def look(self) -> None:
        """Offer what the last window left, once."""
        if not self._is_offered:
            self._is_offered = True
            self.drafts.read(lambda: self.offer(self.drafts.names()))

    def words(self, last: str, count: int) -> str:
        """Say which correction was not saved."""
        if count == 1:
            return self.tr("Your correction of item {} is not saved yet.").format(last)
        many = self.tr("%Ln corrections are not saved yet. The last one: item {}", None, count)
        return many.format(last)

    def way(self) -> str:
        """Return the word of the button that leads there."""
        return self.tr("Continue")

    def put_aside(self, names: Sequence[str]) -> None:
        """Discard these corrections, unless the person says *Undo*."""
        discarded = {name: self.drafts.of(name) for name in names}
        for name in names:
            self.drafts.keep(name, None)
        words = self.tr("%Ln corrections were discarded", None, len(names))
        toast = self.toasts.show(words, seconds=BACK_S, action=self.tr("Undo"), icon="undo-2")
        toast.action_chosen.connect(partial(self._bring_back, discarded))

    def _bring_back(self, discarded: dict[str, dict[str, object] | None]) -> None:
        for name, draft in discarded.items():
            self.drafts.keep(name, draft)
        self.offer(list(discarded))

    def _on_wanted(self, name: str) -> None:
        draft = self.drafts.of(name)
        if draft is not None:
            self.correction_wanted.emit([draft["task_id"]])
