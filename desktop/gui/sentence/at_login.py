"""Opening Sendoff when this computer starts: the entry of the menu, its offer, a hidden start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

from desktop.gui.sentence.statement import BLOCKED
from desktop.settings import autostart

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.sentence.statement import Statement

OFFERED: Final = "offered_at_login"
"""The setting that it was offered."""
CRASH: Final = "crash"
"""The case that Sendoff crashed before."""
PASSING: Final = frozenset({5, 6, 7})
"""The ranks of what ends by itself while a computer starts."""
TRAY_WITHIN_MS: Final = 10_000
"""How long a desktop may take to show its tray."""


class AtLogin(QObject):
    """Follows the entry of the menu; offers it once, with the first e-mail planned for later."""

    def __init__(self, window: MainWindow, data: Path) -> None:
        super().__init__(window)
        self._window, self._data = window, data
        self._entry = window.menu.at_login
        self._entry.setVisible(True)
        self._entry.toggled.connect(self._switch)
        window.menu.aboutToShow.connect(self._look)
        window.planned.connect(self._offer)
        self._look()

    def _look(self) -> None:
        """Show how it is: another program may have changed it."""
        self._entry.blockSignals(True)
        self._entry.setChecked(self._is_on())
        self._entry.blockSignals(False)

    def _is_on(self) -> bool:
        try:
            return autostart.is_on(self._data)
        except OSError:
            return False

    def _switch(self, is_on: bool) -> None:
        try:
            autostart.switch(self._data, on=is_on)
        except OSError as error:
            self._window.notes.warn(str(error))
            self._look()

    def _offer(self) -> None:
        """Say that the computer has to run then, and offer that Sendoff opens with it."""
        settings = self._window.settings
        if settings.value(OFFERED) is not None or self._is_on():
            return
        settings.setValue(OFFERED, 1)
        words = self.tr("This computer must run then, with Sendoff open.")
        way = self.tr("Open Sendoff when this computer starts"), self._entry.trigger
        self._window.notes.stay(words, way=way, icon="clock")


class HiddenStart(QObject):
    """A window that begins in the tray, minimised where there is none.

    It comes forward by itself as soon as it finds damage, a login that needs a person, or a crash.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._was_seen = False
        window.tray.show(0)
        QTimer.singleShot(TRAY_WITHIN_MS, self, self._need_tray)

    def look_at(self, statements: Sequence[Statement]) -> None:
        """Come forward, once, if a statement needs a person."""
        if self._was_seen or self._window.isVisible():
            self._was_seen = True
        elif any(map(_needs_person, statements)):
            self._was_seen = True
            self._window.come_forward()

    def _need_tray(self) -> None:
        if self._window.isHidden() and not self._window.tray.is_available():
            self._window.showMinimized()


def _needs_person(statement: Statement) -> bool:
    is_crash = statement.put_away is not None and statement.put_away[0] == CRASH
    return is_crash or (0 < statement.rank <= BLOCKED and statement.rank not in PASSING)
