"""Closing the window while tasks are open: keep sending, or stop and go on at the next start."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QSettings, Signal

from desktop.contract.states import OPEN
from desktop.gui.frame.notice_bar import DISMISS, BarText

if TYPE_CHECKING:
    from desktop.contract.events import Stats
    from desktop.gui.frame.notice_bar import NoticeBar

NAME: Final = "closing"
_KEY: Final = "closing"


class Choice(StrEnum):
    """What closing the window means while tasks are open."""

    ASK = "ask"
    KEEP = "keep"
    STOP = "stop"


class Closing(QObject):
    """Decides what becomes of a wish to close; asks in a bar once and remembers the answer.

    ``kept_sending`` means: out of sight, but at work; ``may_leave`` comes at once or when the last
    open task has ended.
    """

    kept_sending = Signal()
    may_leave = Signal()

    def __init__(self, notices: NoticeBar, settings: QSettings) -> None:
        super().__init__(notices)
        self._notices = notices
        self._settings = settings
        self._keeping = False
        self.open_tasks = 0
        self.ends_backend = True
        """Whether the backend ends with the window; one it only attached to works on."""
        notices.action_chosen.connect(self._on_action)

    @property
    def choice(self) -> Choice:
        """The answer that is remembered."""
        stored = str(self._settings.value(_KEY, Choice.ASK))
        return Choice(stored) if stored in list(Choice) else Choice.ASK

    def forget(self) -> None:
        """Ask again next time."""
        self._settings.remove(_KEY)

    def set_stats(self, stats: Stats) -> None:
        """Count the open tasks; when the last one ends, keeping on ends too."""
        self.open_tasks = sum(stats["counts"].get(state, 0) for state in OPEN)
        if self.open_tasks == 0:
            self._notices.take_back(NAME)
            if self._keeping:
                self._leave()

    def ask(self) -> None:
        """Follow the wish to close: leave, keep on out of sight, or ask which."""
        if self.open_tasks == 0 or not self.ends_backend or self.choice is Choice.STOP:
            self._leave()
        elif self.choice is Choice.KEEP:
            self._keep()
        else:
            self._say()

    def quit(self) -> None:
        """Follow the wish to end: where *keep sending* is remembered, this is the way past it."""
        if self.choice is Choice.KEEP:
            self._leave()
        else:
            self.ask()

    def come_back(self) -> None:
        """Take back *keep sending*: the window is wanted again and no longer ends by itself."""
        self._keeping = False

    def _say(self) -> None:
        text = self.tr("%Ln tasks are still open.", None, self.open_tasks)
        actions = (
            (Choice.KEEP.value, self.tr("Keep sending")),
            (Choice.STOP.value, self.tr("Stop, go on at next start")),
        )
        self._notices.say(NAME, BarText("warning", text, actions, dismissible=True))

    def _on_action(self, name: str, action: str) -> None:
        if name != NAME:
            return
        self._notices.take_back(NAME)
        if action == DISMISS:
            return
        self._settings.setValue(_KEY, action)
        if action == Choice.KEEP:
            self._keep()
        else:
            self._leave()

    def _keep(self) -> None:
        self._keeping = True
        self.kept_sending.emit()

    def _leave(self) -> None:
        self._keeping = False
        self.may_leave.emit()
