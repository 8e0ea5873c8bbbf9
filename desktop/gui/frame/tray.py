"""The icon in the tray: its menu, the number that ``closing`` counts, desktop notifications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from desktop.gui.kit.look import icons
from desktop.gui.kit.reach import WHOLE

if TYPE_CHECKING:
    from desktop.gui.kit.reach import Reach


class Tray(QObject):
    """An icon in the tray; its menu emits ``show_chosen`` and ``quit_chosen``.

    ``message_clicked`` is emitted when the person clicks the last notification.
    """

    show_chosen = Signal()
    message_clicked = Signal()
    quit_chosen = Signal()

    def __init__(self, parent: QObject, reach: Reach = WHOLE) -> None:
        super().__init__(parent)
        self.menu = QMenu()
        self.menu.addAction(self.tr("Show Sendoff"), self.show_chosen.emit)
        # Tasks on a server go on there.
        leave = self.tr("Stop, resume at next start") if reach.has_files else self.tr("Quit")
        self.menu.addAction(leave, self.quit_chosen.emit)
        self.icon = QSystemTrayIcon(icons.app_icon(), self)
        self.icon.setContextMenu(self.menu)
        self.icon.activated.connect(self._on_activated)
        self.icon.messageClicked.connect(self.message_clicked)

    @staticmethod
    def is_available() -> bool:
        """Tell whether this desktop has a tray."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def show(self, open_tasks: int) -> None:
        """Show the icon with the number of open tasks."""
        self.say(open_tasks)
        self.icon.show()

    def say(self, open_tasks: int) -> None:
        """Set the number of open tasks."""
        self.icon.setToolTip(self.tr("Sendoff: %Ln tasks to go", None, open_tasks))

    def tell(self, title: str, text: str, *, urgent: bool) -> None:
        """Show a desktop notification; the icon stays until the window comes forward."""
        kinds = QSystemTrayIcon.MessageIcon
        self.icon.show()
        self.icon.showMessage(title, text, kinds.Warning if urgent else kinds.Information)

    def hide(self) -> None:
        """Hide the icon."""
        self.icon.hide()

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is not QSystemTrayIcon.ActivationReason.Context:
            self.show_chosen.emit()
