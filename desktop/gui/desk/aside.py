"""Items that came back while something else was in the form: one bar offers them, one by one."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from desktop.gui.frame.notice_bar import BarText

if TYPE_CHECKING:
    from desktop.client.drafts import Submission
    from desktop.gui.frame.notice_bar import NoticeBar

BAR: Final = "aside"


class Aside(QObject):
    """Submissions that wait for the person; ``wanted`` is emitted when the first is asked for."""

    wanted = Signal()

    def __init__(self, notices: NoticeBar, parent: QObject) -> None:
        super().__init__(parent)
        self._notices = notices
        self._waiting: deque[Submission] = deque()
        notices.action_chosen.connect(self._on_action)

    def put(self, submission: Submission) -> None:
        """Offer one more; its ``aside`` says why it is here."""
        self._waiting.append(submission)
        self._show()

    def take(self) -> Submission:
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
            many = self.tr("%Ln items came back. The first: {words}", None, len(self._waiting))
            words = many.format(words=words)
        actions = ((BAR, self.tr("Bring it into the form")),)
        self._notices.say(BAR, BarText("warning", words, actions))

    def _on_action(self, name: str, _action: str) -> None:
        if name == BAR:
            self.wanted.emit()
