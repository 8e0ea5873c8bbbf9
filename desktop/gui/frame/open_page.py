"""Opens the page of the tasks in the browser, signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication

from desktop.gui.kit.words.table import say
from desktop.gui.link.jobs import Asker, Job

if TYPE_CHECKING:
    from desktop.client.api import Api
    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.link.jobs import ApiSource


class OpenPage(QObject):
    """Asks the backend of the window for an address that opens the page once, and opens it.

    Where no browser opens it, the address can be copied.
    """

    def __init__(self, window: MainWindow, source: ApiSource) -> None:
        super().__init__(window)
        self._notes = window.notes
        self._ask = Asker(source, window.notes.warn)
        window.menu.page_chosen.connect(self.open)

    def open(self, place: str = "") -> None:
        """Open the page, or a ``place`` of it such as ``?task=88``."""
        self._ask(lambda api: Job(_address, api, place).then(self._open))

    def _open(self, address: str) -> None:
        if not QDesktopServices.openUrl(QUrl(address)):
            way = self.tr("Copy the address"), lambda: QGuiApplication.clipboard().setText(address)
            self._notes.stay(say("window", "no_browser"), way, icon="triangle-alert")


def _address(api: Api, place: str) -> str:
    return f"{api.backend.url}/monitor/{place}#once={api.page_code()}"
