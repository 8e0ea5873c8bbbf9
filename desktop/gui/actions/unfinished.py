"""Offers drafts that the last window left, in a bar, until they are opened or dismissed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, Signal

from desktop.gui.actions.batches.batch_grace import is_paused_for_cancel
from desktop.gui.frame.notices.bar import DISMISS, BarText
from desktop.gui.tasks.words.states import sentences
from desktop.gui.tasks.words.verbs import wish

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.gui.actions.batches.batch_verbs import BatchVerbs
    from desktop.gui.actions.tasks.task_verbs import TaskVerbs
    from desktop.gui.actions.typed_drafts import TypedDrafts
    from desktop.gui.frame.main_window import MainWindow

CONTINUE: Final = "continue"


class Unfinished(QObject):
    """A bar that offers the drafts of one kind that existed at the start, newest first.

    ``wanted`` carries the name of the draft to show; it is offered until it is shown. The cross
    only removes the bar: drafts stay where they were typed. Subclasses provide the texts.
    """

    wanted = Signal(str)
    icon = "pencil"

    def __init__(self, window: MainWindow, drafts: TypedDrafts, bar: str) -> None:
        super().__init__(window)
        self.toasts = window.toasts
        self.drafts = drafts
        self._notices = window.notices
        self._bar = bar
        self._left: list[str] = []
        self._is_offered = False
        self._notices.action_chosen.connect(self._on_action)
        drafts.changed.connect(self._show)
        drafts.taken_up.connect(self.stop_offering)

    def look(self) -> None:
        """Offer what the last window left, once."""
        if not self._is_offered:
            self._is_offered = True
            self.drafts.read(lambda: self.offer(self.drafts.left()))

    def offer(self, names: Sequence[str]) -> None:
        """Offer these drafts; those removed later are left out."""
        self._left = list(names)
        self._show()

    def stop_offering(self, name: str) -> None:
        """Stop offering a draft, which is shown now."""
        self.offer([each for each in self._left if each != name])

    def pointed_to(self) -> list[str]:
        """Return the drafts that the bar counts, the newest at the end."""
        return self._left

    def words(self, last: str, count: int) -> str:
        """Return the bar's text for ``count`` drafts, of which ``last`` is the newest."""
        raise NotImplementedError

    def way(self) -> str:
        """Return the text of the button that opens the newest draft."""
        raise NotImplementedError

    def put_aside(self, names: Sequence[str]) -> None:
        """Stop offering these drafts, also at the next start."""
        for name in names:
            self.drafts.put_aside(name)

    def _show(self) -> None:
        self._left = [each for each in self._left if self.drafts.of(each) is not None]
        if self._left:
            names = self.pointed_to()
            words = self.words(names[-1], len(names))
            way = ((CONTINUE, self.way()),)
            bar = BarText("info", words, way, icon=self.icon, dismissible=True)
            self._notices.say(self._bar, bar)
        else:
            self._notices.take_back(self._bar)

    def _on_action(self, name: str, action: str) -> None:
        if name != self._bar or not self._left:
            return
        if action == DISMISS:
            left = list(self.pointed_to())
            self.offer([])
            self.put_aside(left)
        else:
            self.wanted.emit(self.pointed_to()[-1])


BAR: Final = "left actions"


class UnfinishedActions(Unfinished):
    """Offers actions on tasks and batches that were pending when the last window ended.

    An action keeps its key, so the backend does not carry it out twice.
    """

    icon = "rotate-cw"

    def __init__(
        self, window: MainWindow, drafts: TypedDrafts, verbs: TaskVerbs, batches: BatchVerbs
    ) -> None:
        super().__init__(window, drafts, BAR)
        self._verbs = verbs
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
            if "batch" in (self.drafts.of(name) or {}):
                self._batches.leave(name)
            else:
                self.drafts.keep(name, None)

    def _what(self, draft: dict[str, Any]) -> str:
        if "batch" not in draft:
            return wish(draft["said"], draft["count"])
        return {
            "retry": self.tr("send the failed messages of “{}” again"),
            "cancel": self.tr("cancel the rest of “{}”"),
            "delete": self.tr("delete the draft “{}”"),
        }[draft["verb"]].format(draft["name"])

    def _on_wanted(self, name: str) -> None:
        work = self._batches if "batch" in (self.drafts.of(name) or {}) else self._verbs
        work.take_up(name)
