"""The bar that says where the backend is while it is not there, and counts down its return."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.client.backend_state import Missing
from desktop.gui.frame.notices.notice_bar import BarText

if TYPE_CHECKING:
    from desktop.gui.frame.notices.notice_bar import NoticeBar

NAME: Final = "backend"
_TRY_NOW: Final = "try_now"


class BackendNotice(QObject):
    """Says in a bar that the backend is gone; ``try_now_chosen`` when a person will not wait."""

    try_now_chosen = Signal()

    def __init__(self, notices: NoticeBar) -> None:
        super().__init__(notices)
        self._notices = notices
        self._left = 0
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self.count_down)
        notices.action_chosen.connect(self._on_action)

    def gone(self, next_try_in: float) -> None:
        """Say that it stopped, and count down ``next_try_in`` seconds."""
        self._left = math.ceil(next_try_in)
        self._second.start()
        self._say()

    def finishing(self) -> None:
        """Say that the one of the last window still works, and is waited for."""
        self._second.stop()
        text = self.tr(
            "Sendoff is finishing earlier work and starts again when that is done. "
            "Keep typing: what you submit is saved."
        )
        self._notices.say(NAME, BarText("info", text, icon="unplug"))

    def away(self, missing: Missing) -> None:
        """Say that what runs the tasks is not there, and is waited for."""
        self._second.stop()
        words = {
            Missing.APP: self.tr(
                "The app that these tasks belong to is not running, or runs without its monitor. "
                "Start it to see them."
            ),
            Missing.DATABASE: self.tr(
                "These tasks are in a database on a server. "
                "Start “sendoff serve --database …” with this data folder to see them."
            ),
            Missing.ADDRESS: self.tr(
                "The server does not answer, or does not take this token. Sendoff tries again "
                "every two seconds. What you submit is saved."
            ),
        }
        self._notices.say(NAME, BarText("info", words[missing], icon="unplug"))

    def gave_up(self, reason: str) -> None:
        """Say why it does not start, and offer to try again."""
        self._second.stop()
        text = self.tr("Sendoff cannot work in the background. {reason} What you submit is saved.")
        way_out = ((_TRY_NOW, self.tr("Try again")),)
        words = text.format(reason=reason)
        self._notices.say(NAME, BarText("error", words, way_out, icon="unplug"))

    def ready(self) -> None:
        """Take the bar back."""
        self._second.stop()
        self._notices.take_back(NAME)

    def count_down(self) -> None:
        """One second has passed."""
        self._left = max(0, self._left - 1)
        self._say()

    def _say(self) -> None:
        when = self.tr("({seconds} s)").format(seconds=self._left) if self._left else ""
        text = self.tr(
            "Sendoff stopped working in the background and is restarting {when}. "
            "Keep typing: what you submit is saved and sent on after that."
        )
        words = text.format(when=when).replace(" .", ".")
        self._notices.say(NAME, BarText("warning", words, icon="unplug"))

    def _on_action(self, name: str, action: str) -> None:
        if name == NAME and action == _TRY_NOW:
            self.try_now_chosen.emit()
