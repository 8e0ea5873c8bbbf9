"""The sheet of mail settings, made when it is first opened."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.gui.frame.notices.bars import PRACTICE

if TYPE_CHECKING:
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.mail.mail_settings import MailSettingsSheet


class LazyMailSettings(QObject):
    """Opens the mail settings from the menu and from bars; ``made`` carries the new sheet."""

    made = Signal(object)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._sheets = window.sheets
        window.menu.mail_settings_chosen.connect(lambda: self.sheet.open())
        window.practice_bar.mail_settings_chosen.connect(lambda: self.sheet.open_for_real())
        window.notices.action_chosen.connect(self._on_notice_action)

    @cached_property
    def sheet(self) -> MailSettingsSheet:
        """The mail settings: an eighth of the window's widgets."""
        from desktop.gui.mail.mail_settings import MailSettingsSheet

        sheet = self._sheets.make(MailSettingsSheet)
        self.made.emit(sheet)
        return sheet

    def _on_notice_action(self, name: str, action: str) -> None:
        """Open the mail settings if a notice of the backend offers them."""
        if action == "mail_settings" and name != PRACTICE:
            self.sheet.open()
