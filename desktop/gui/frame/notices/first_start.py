"""The bar of the first start: it explains practice mode and offers the next steps."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QSettings, Signal

from desktop.gui.frame.notices.bar import DISMISS, BarText
from desktop.settings import desktop_entry

if TYPE_CHECKING:
    from desktop.gui.frame.notices.notice_bar import NoticeBar

NAME: Final = "first start"
MAIL: Final = "mail_settings"
LAUNCHER: Final = "launcher"
_SEEN: Final = "first_start_seen"


class FirstStart(QObject):
    """Says once that messages stay in the outbox, and offers the next steps.

    ``mail_settings_chosen`` and ``launcher_chosen`` are emitted by its buttons.
    """

    mail_settings_chosen = Signal()
    launcher_chosen = Signal()

    def __init__(self, notices: NoticeBar, settings: QSettings) -> None:
        super().__init__(notices)
        self._notices = notices
        self._settings = settings
        self._offers_launcher = has_applications_menu() and not desktop_entry.is_installed()
        notices.action_chosen.connect(self._on_action)

    def show_transport(self, transport: str) -> None:
        """Show the bar in practice mode until it is dismissed; remove it with real sending."""
        if transport != "practice":
            self._notices.take_back(NAME)
        elif not self._settings.value(_SEEN, defaultValue=False, type=bool):
            self._say()

    def _say(self) -> None:
        actions = [(MAIL, self.tr("Set up real sending"))]
        if self._offers_launcher:
            actions.append((LAUNCHER, self.tr("Add Sendoff to the applications menu")))
        text = self.tr("Practice mode: e-mails stay in the outbox, where you can look at them.")
        self._notices.say(NAME, BarText("info", text, tuple(actions), dismissible=True))

    def _on_action(self, name: str, action: str) -> None:
        if name != NAME:
            return
        if action == LAUNCHER:
            self._offers_launcher = False
            self._say()
            self.launcher_chosen.emit()
            return
        self._settings.setValue(_SEEN, True)
        self._notices.take_back(NAME)
        if action != DISMISS:
            self.mail_settings_chosen.emit()


def has_applications_menu() -> bool:
    """Tell whether Sendoff can be added to this desktop's applications menu."""
    return sys.platform.startswith("linux")
