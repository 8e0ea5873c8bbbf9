"""The bar shown while the backend is away: it says why and counts down the restart."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.client.backend_state import Missing, ServerFault
from desktop.gui.frame.notices.bar import BarText
from desktop.gui.reach import WHOLE
from desktop.gui.words.servers import TOKENS, server_sentence

if TYPE_CHECKING:
    from desktop.client.backend_state import Away
    from desktop.gui.frame.notices.bar import Level
    from desktop.gui.frame.notices.notice_bar import NoticeBar
    from desktop.gui.reach import Reach

NAME: Final = "backend"
_TRY_NOW: Final = "try_now"
OTHER_TOKEN: Final = "other_token"  # noqa: S105 - an action
OPEN: Final = "open"
_PASSING: Final = frozenset({ServerFault.NO_ANSWER, ServerFault.SPARE})
"""Faults that may pass without the person."""


class BackendNotice(QObject):
    """Says in a bar that the backend is away.

    ``try_now_chosen`` is emitted when the person chooses *Try again*, ``other_token_chosen`` when
    the person wants to enter another token. ``open_chosen`` carries the address of the server that
    runs the tasks.
    """

    try_now_chosen = Signal()
    other_token_chosen = Signal()
    open_chosen = Signal(str)

    def __init__(self, notices: NoticeBar, reach: Reach = WHOLE) -> None:
        super().__init__(notices)
        self._notices = notices
        self._may_submit = reach.may_change
        self._left = 0
        self._address = ""
        self.second = QTimer(self, interval=1000)
        self.second.timeout.connect(self.count_down)
        notices.action_chosen.connect(self._on_action)

    def gone(self, next_try_in: float) -> None:
        """Say that the backend stopped, and count down ``next_try_in`` seconds."""
        self._left = math.ceil(next_try_in)
        self.second.start()
        self._say()

    def finishing(self) -> None:
        """Say that the backend of the last window is still finishing its work."""
        self.second.stop()
        text = self.tr(
            "Sendoff is finishing earlier work and starts again when that is done. "
            "Keep typing: what you submit is saved."
        )
        self._notices.say(NAME, BarText("info", text, icon="unplug"))

    def away(self, away: Away) -> None:
        """Say that Sendoff waits for the process that runs the tasks."""
        self.second.stop()
        if isinstance(away.missing, ServerFault):
            self._no_server(away, away.missing)
            return
        words = {
            Missing.APP: self.tr(
                "The app that these tasks belong to is not running, or runs without its monitor. "
                "Start it to see them."
            ),
            Missing.DATABASE: self.tr(
                "These tasks are in a database on a server. "
                "Start “sendoff serve --database …” with this data folder to see them."
            ),
        }
        self._notices.say(NAME, BarText("info", words[away.missing], icon="unplug"))

    def _no_server(self, away: Away, fault: ServerFault) -> None:
        """Say why the window cannot use its server; offer another token or server if that helps."""
        self._address = away.address
        text = server_sentence(away)
        if self._may_submit:
            text = f"{text} {self.tr('What you submit is saved.')}"
        way_out: tuple[tuple[str, str], ...] = ()
        if fault in TOKENS:
            way_out = ((OTHER_TOKEN, self.tr("Enter another token…")),)
        elif away.address:
            host = away.address.partition("://")[2]
            way_out = ((OPEN, self.tr("Open {server}").format(server=host)),)
        level: Level = "info" if fault in _PASSING else "warning"
        self._notices.say(NAME, BarText(level, text, way_out, icon="unplug"))

    def gave_up(self, reason: str) -> None:
        """Say why the backend does not start, and offer to try again."""
        self.second.stop()
        text = self.tr("Sendoff cannot work in the background. {reason} What you submit is saved.")
        way_out = ((_TRY_NOW, self.tr("Try again")),)
        words = text.format(reason=reason)
        self._notices.say(NAME, BarText("error", words, way_out, icon="unplug"))

    def ready(self) -> None:
        """Remove the bar: the backend is ready."""
        self.second.stop()
        self._notices.take_back(NAME)

    def count_down(self) -> None:
        """Count down one second."""
        self._left = max(0, self._left - 1)
        self._say()

    def _say(self) -> None:
        when = self.tr("({seconds} s)").format(seconds=self._left) if self._left else ""
        text = self.tr(
            "Sendoff stopped working in the background and is restarting {when}. "
            "Keep typing: what you submit is saved, and is submitted afterwards."
        )
        words = text.format(when=when).replace(" .", ".")
        self._notices.say(NAME, BarText("warning", words, icon="unplug"))

    def _on_action(self, name: str, action: str) -> None:
        if name == NAME and action == _TRY_NOW:
            self.try_now_chosen.emit()
        elif name == NAME and action == OTHER_TOKEN:
            self.other_token_chosen.emit()
        elif name == NAME and action == OPEN:
            self.open_chosen.emit(self._address)
