"""Items set aside: they came back, or gave way to another. One bar offers them, one by one."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from desktop.gui.frame.notice_bar import DISMISS, BarText

if TYPE_CHECKING:
    from desktop.client.drafts import DraftItem
    from desktop.gui.frame.notice_bar import Level, NoticeBar

BAR: Final = "aside"


class Aside(QObject):
    """Submissions that wait for the person.

    ``wanted`` is emitted when the first is to go into the form, ``dismissed`` when it is to go.
    """

    wanted = Signal()
    dismissed = Signal()

    def __init__(self, notices: NoticeBar, parent: QObject) -> None:
        super().__init__(parent)
        self._notices = notices
        self._waiting: deque[DraftItem] = deque()
        notices.action_chosen.connect(self._on_action)

    def put(self, submission: DraftItem) -> None:
        """Offer one more; its ``aside`` says why it is here."""
        self._waiting.append(submission)
        self._show()

    def take(self) -> DraftItem:
        """Give out the first."""
        first = self._waiting.popleft()
        self._show()
        return first

    def _show(self) -> None:
        if not self._waiting:
            self._notices.take_back(BAR)
            return
        words = self._waiting[0].aside or ""
        if len(self._waiting) > 1:
            many = self.tr("%Ln items are set aside. The first: {words}", None, len(self._waiting))
            words = many.format(words=words)
        level: Level = "warning" if self._waiting[0].problem else "info"
        actions = ((BAR, self.tr("Bring it into the form")),)
        self._notices.say(BAR, BarText(level, words, actions, dismissible=True))

    def _on_action(self, name: str, action: str) -> None:
        if name == BAR:
            (self.dismissed if action == DISMISS else self.wanted).emit()
