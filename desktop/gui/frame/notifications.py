"""Notifications, in the tray or in a bar; the rooms tell what they have."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon

from desktop.gui.frame.notices.bars import BarText
from desktop.gui.frame.notices.toasts import LEGIBLE_S
from desktop.gui.kit.look import icons

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.frame.notices.toasts import Toast
    from desktop.gui.kit.rights import WindowRights


SHOW: Final = "show"
BAR: Final = "notification:"
"""The prefix of names of notification bars."""


class Tray(QObject):
    """An icon in the tray; its menu emits ``show_chosen`` and ``quit_chosen``.

    ``message_clicked`` is emitted when the person clicks the last notification.
    """

    show_chosen = Signal()
    message_clicked = Signal()
    quit_chosen = Signal()

    def __init__(self, parent: QObject, rights: WindowRights) -> None:
        super().__init__(parent)
        self.menu = QMenu()
        self.menu.addAction(self.tr("Show Sendoff"), self.show_chosen.emit)
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


@dataclass(frozen=True, slots=True)
class News:
    """A notification: ``text`` is its sentence, ``show`` opens its rows, ``kind`` names its bar.

    ``is_on_screen`` tells whether its rows are in the part of the window that is shown.
    """

    kind: str
    text: str
    show: Callable[[], object]
    urgent: bool = True
    is_on_screen: Callable[[], bool] = lambda: False


class Notifier(QObject):
    """Shows notifications, with a bar for each kind; ``closed`` carries the kind of a closed bar.

    A notification goes to the tray if there is one and the window is not in front, else to a bar,
    or to a toast if it needs no person. Rows that are on screen cause none.
    """

    closed = Signal(str)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._news: dict[str, News] = {}
        self._toasts: dict[str, Toast] = {}  # the last of each kind
        window.tray.message_clicked.connect(self._on_message_clicked)

    def tell(self, news: News) -> bool:
        """Show news unless they are on screen; tell whether in the window, not in the tray."""
        if self._is_on_screen(news):
            return False
        if not self._window.isActiveWindow() and self.tell_outside(news):
            return False
        self.say(news)
        QApplication.alert(self._window)
        return True

    def say(self, news: News) -> None:
        """Show news in the bar of their kind, or in a toast if they need no person."""
        if not news.urgent:
            self._say_in_toast(news)
            return
        bar = BarText("warning", news.text, ((SHOW, self.tr("Show")),), dismissible=True)
        self._news[news.kind] = news
        self._window.notices.say(f"{BAR}{news.kind}", bar, partial(self._on_action, news.kind))

    def _say_in_toast(self, news: News) -> None:
        self._window.toasts.close(self._toasts.get(news.kind))
        show = self.tr("Show")
        self._toasts[news.kind] = self._window.toasts.show(
            news.text, seconds=LEGIBLE_S, action=show, chosen=news.show, undoes=False
        )

    def tell_outside(self, news: News) -> bool:
        """Show news in the tray; tell whether there is a tray."""
        tray = self._window.tray
        if not tray.is_available():
            return False
        self._news[""] = news
        tray.tell("Sendoff", news.text, urgent=news.urgent)
        return True

    def is_said(self, kind: str) -> bool:
        """Tell whether the bar of a kind is shown."""
        return kind in self._news

    def take_back(self, kind: str) -> None:
        """Remove the bar or the toast of a kind."""
        self._news.pop(kind, None)
        self._window.toasts.close(self._toasts.pop(kind, None))
        self._window.notices.take_back(f"{BAR}{kind}")

    def _is_on_screen(self, news: News) -> bool:
        """Tell whether the rows of the news are visible in the active window."""
        window = self._window
        if not window.isActiveWindow() or window.isMinimized() or window.sheets.is_one_open():
            return False
        return news.is_on_screen()

    def _on_action(self, kind: str, action: str) -> None:
        if action == SHOW:
            self._show(kind)
        self.take_back(kind)
        self.closed.emit(kind)

    def _on_message_clicked(self) -> None:
        self._window.come_forward()
        self._window.sheets.close_all()
        self._show("")

    def _show(self, kind: str) -> None:
        news = self._news.pop(kind, None)
        if news is not None:
            news.show()
