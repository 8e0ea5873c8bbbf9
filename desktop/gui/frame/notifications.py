"""Notifications in the tray; the rooms tell what they have."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon

from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QAction

    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notes import WindowNote
    from desktop.gui.kit.rights import WindowRights


class TrayLook(StrEnum):
    """How things are, as the icon shows it by a mark with this picture."""

    FINE = ""
    PAUSED = "pause"
    TROUBLE = "triangle-alert"


class Tray(QObject):
    """An icon in the tray that shows how things are, and how many tasks are to go.

    Its menu emits ``show_chosen`` and ``quit_chosen``, and has the entry of the gear that pauses or
    resumes. ``message_clicked`` is emitted when the person clicks the last notification.
    """

    show_chosen = Signal()
    message_clicked = Signal()
    quit_chosen = Signal()

    def __init__(self, parent: QObject, rights: WindowRights, pause: QAction) -> None:
        super().__init__(parent)
        self.look = TrayLook.FINE
        self._open_tasks, self._why = 0, ""
        self.menu = QMenu()
        self.menu.addAction(self.tr("Open Sendoff"), self.show_chosen.emit)
        self.menu.addAction(pause)
        # Tasks on a server go on there.
        leave = self.tr("Close, continue next time") if rights.has_files else self.tr("Quit")
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
        self._open_tasks = open_tasks
        said = self.tr("Sendoff: %Ln tasks to go", None, open_tasks)
        self.icon.setToolTip("\n".join(filter(None, (said, self._why))))

    def show_look(self, look: TrayLook, why: str) -> None:
        """Show how things are, and say ``why``."""
        if look is not self.look:
            self.look = look
            disc = LOOK.theme.color("failed" if look is TrayLook.TROUBLE else "text")
            self.icon.setIcon(icons.app_icon(look, disc, LOOK.theme.color("surface")))
        self._why = why
        self.say(self._open_tasks)

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


@dataclass(frozen=True, slots=True)
class News:
    """A notification: ``text`` is its sentence, ``show`` opens its rows, ``kind`` names it.

    ``is_on_screen`` tells whether its rows are in the part of the window that is shown.
    """

    kind: str
    text: str
    show: Callable[[], object]
    urgent: bool = True
    is_on_screen: Callable[[], bool] = lambda: False


class Notifier(QObject):
    """Shows notifications in the tray if the window is not in front, else in notes.

    They are shown in notes also without a tray. Rows that are on screen cause none.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._outside: News | None = None
        self._notes: dict[str, WindowNote] = {}  # the last of each kind
        window.tray.message_clicked.connect(self._on_message_clicked)

    def tell(self, news: News) -> bool:
        """Show news unless they are on screen; tell whether in the window, not in the tray."""
        if self._is_on_screen(news):
            return False
        if not self._window.isActiveWindow() and self.tell_outside(news):
            return False
        self._say_in_note(news)
        QApplication.alert(self._window)
        return True

    def _say_in_note(self, news: News) -> None:
        self._window.notes.close(self._notes.get(news.kind))
        show = self.tr("Show")
        self._notes[news.kind] = self._window.notes.show(news.text, (show, news.show))

    def tell_outside(self, news: News) -> bool:
        """Show news in the tray; tell whether there is a tray."""
        tray = self._window.tray
        if not tray.is_available():
            return False
        self._outside = news
        tray.tell("Sendoff", news.text, urgent=news.urgent)
        return True

    def take_back(self, kind: str) -> None:
        """Remove the note of a kind."""
        self._window.notes.close(self._notes.pop(kind, None))

    def _is_on_screen(self, news: News) -> bool:
        """Tell whether the rows of the news are visible in the active window."""
        window = self._window
        if not window.isActiveWindow() or window.isMinimized() or window.dialogs.is_one_open():
            return False
        return news.is_on_screen()

    def _on_message_clicked(self) -> None:
        self._window.come_forward()
        self._window.dialogs.close_all()
        news, self._outside = self._outside, None
        if news is not None:
            news.show()
