"""Offers drafts that the last window left, in a bar, until they are opened or dismissed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from desktop.gui.frame.notices.bars import DISMISS, BarText

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.link.typed_drafts import TypedDrafts

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
