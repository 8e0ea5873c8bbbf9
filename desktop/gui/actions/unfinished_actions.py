"""Offers actions on batches that the last window did not carry out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from desktop.gui.actions.batches.batch_grace import is_paused_for_cancel
from desktop.gui.actions.unfinished import Unfinished
from desktop.gui.tasks.words.states import sentences

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.gui.actions.batches.batch_verbs import BatchVerbs
    from desktop.gui.actions.typed_drafts import TypedDrafts
    from desktop.gui.frame.main_window import MainWindow

BAR: Final = "left actions"


class UnfinishedActions(Unfinished):
    """Offers actions on batches that were pending when the last window ended.

    An action keeps its key, so the backend does not carry it out twice.
    """

    icon = "rotate-cw"

    def __init__(self, window: MainWindow, drafts: TypedDrafts, batches: BatchVerbs) -> None:
        super().__init__(window, drafts, BAR)
        self._batches = batches.grace
        self.wanted.connect(self._on_wanted)

    def words(self, last: str, count: int) -> str:
        """Say which action was not carried out, or may not have been."""
        draft = self.drafts.of(last) or {}
        if draft["due"]:
            words = self.tr("Sendoff ended while it was about to {what}. It may be done already.")
        else:
            words = self.tr("Sendoff ended before it could {what}.")
        one = words.format(what=self._what(draft))
        if is_paused_for_cancel(draft):
            one = sentences(one, self.tr("Until you decide, none of its messages is sent."))
        return one if count == 1 else self.tr("{} %Ln more.", None, count - 1).format(one)

    def way(self) -> str:
        """Return the text of the button that carries it out."""
        return self.tr("Do it now")

    def put_aside(self, names: Sequence[str]) -> None:
        """Drop these actions."""
        for name in names:
            self._batches.leave(name)

    def _what(self, draft: dict[str, Any]) -> str:
        return {
            "retry": self.tr("send the failed messages of “{}” again"),
            "cancel": self.tr("cancel the rest of “{}”"),
            "delete": self.tr("delete the draft “{}”"),
        }[draft["verb"]].format(draft["name"])

    def _on_wanted(self, name: str) -> None:
        self._batches.take_up(name)
