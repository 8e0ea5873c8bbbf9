"""The bar of practice mode: it says that nothing leaves, and offers the next steps."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from desktop.gui.frame.notices.bar import BarText
from desktop.settings import desktop_entry

if TYPE_CHECKING:
    from desktop.gui.frame.notices.notice_bar import NoticeBar

NAME: Final = "practice"
MAIL: Final = "mail_settings"
LAUNCHER: Final = "launcher"


class PracticeBar(QObject):
    """Says in practice mode that messages stay in the outbox, and offers the next steps.

    No other sentence says so: each speaks of sending. ``mail_settings_chosen`` and
    ``launcher_chosen`` are emitted by its buttons.
    """

    mail_settings_chosen = Signal()
    launcher_chosen = Signal()

    def __init__(self, notices: NoticeBar) -> None:
        super().__init__(notices)
        self._notices = notices
        self._offers_launcher = has_applications_menu() and not desktop_entry.is_installed()
        notices.action_chosen.connect(self._on_action)

    def show_transport(self, transport: str) -> None:
        """Show the bar in practice mode; remove it with real sending."""
        if transport == "practice":
            self._say()
        else:
            self._notices.take_back(NAME)

    def _say(self) -> None:
        actions = [(MAIL, self.tr("Set up real sending"))]
        if self._offers_launcher:
            actions.append((LAUNCHER, self.tr("Add Sendoff to the applications menu")))
        text = self.tr("Practice mode: e-mails stay in the outbox, where you can look at them.")
        self._notices.say(NAME, BarText("info", text, tuple(actions)))

    def _on_action(self, name: str, action: str) -> None:
        if name != NAME:
            return
        if action == LAUNCHER:
            self._offers_launcher = False
            self._say()
            self.launcher_chosen.emit()
        else:
            self.mail_settings_chosen.emit()


def has_applications_menu() -> bool:
    """Tell whether Sendoff can be added to this desktop's applications menu."""
    return sys.platform.startswith("linux")
