"""What the icon in the tray shows: all is fine, it is paused, or there is trouble."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

from desktop.gui.frame.notifications import TrayLook
from desktop.gui.sentence.statement import BLOCKED, OUTAGE, PAUSED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.sentence.statement import Statement

TROUBLE: Final = frozenset({*range(1, BLOCKED + 1), OUTAGE})
"""The ranks of what delays tasks without a person's wish."""
PATIENCE_MS: Final = 60_000
"""How long that has to last to be shown as trouble: a hiccup is none."""


class TrayState(QObject):
    """Follows the statements; the first that is about a pause or trouble counts."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._tray = window.tray
        self._why = ""
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(lambda: self._show(TrayLook.TROUBLE))

    def look_at(self, statements: Sequence[Statement]) -> None:
        """Show what these say."""
        told = next((each for each in statements if each.rank in TROUBLE | PAUSED), None)
        self._why = "" if told is None else told.text
        if told is not None and told.rank in TROUBLE:
            if self._tray.look is TrayLook.TROUBLE:
                self._show(TrayLook.TROUBLE)
            elif not self._patience.isActive():
                self._show(TrayLook.FINE)
                self._patience.start()
            return
        self._patience.stop()
        self._show(TrayLook.FINE if told is None else TrayLook.PAUSED)

    def _show(self, look: TrayLook) -> None:
        self._tray.show_look(look, "" if look is TrayLook.FINE else self._why)
