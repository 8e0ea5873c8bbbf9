"""The tray: where Sendoff stays while it keeps sending out of sight, if the desktop has one."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from desktop.gui.look import icons


class Tray(QObject):
    """An icon in the tray; ``show_chosen`` and ``quit_chosen`` come from its menu."""

    show_chosen = Signal()
    quit_chosen = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._menu = QMenu()
        self._menu.addAction(self.tr("Show Sendoff"), self.show_chosen.emit)
        self._menu.addAction(self.tr("Stop, go on at next start"), self.quit_chosen.emit)
        self._icon = QSystemTrayIcon(icons.app_icon(), self)
        self._icon.setContextMenu(self._menu)
        self._icon.activated.connect(self._on_activated)

    @staticmethod
    def is_available() -> bool:
        """Tell whether this desktop has a tray."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def show(self, open_tasks: int) -> None:
        """Show the icon and say how much is to do."""
        self.say(open_tasks)
        self._icon.show()

    def say(self, open_tasks: int) -> None:
        """Say how much is to do."""
        self._icon.setToolTip(self.tr("Sendoff: %Ln tasks to go", None, open_tasks))

    def hide(self) -> None:
        """Take the icon away."""
        self._icon.hide()

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is not QSystemTrayIcon.ActivationReason.Context:
            self.show_chosen.emit()
