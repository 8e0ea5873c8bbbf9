"""Notices that the program's files were replaced while it runs, and offers to start it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from desktop.builds import BUILD_FILE, on_disk, was_replaced
from desktop.gui.frame.notices.bars import BarText

if TYPE_CHECKING:
    from desktop.gui.frame.notices.notice_bar import NoticeBar

UPDATED: Final = "updated"
"""The name of the bar."""
SETTLED_MS: Final = 2_000
"""How long the files must stand still: a package replaces them one by one."""


class Updates(QObject):
    """``replaced`` is emitted once another build is there whole; ``restart_chosen`` on the button.

    What this process has not loaded yet can no longer be loaded.
    """

    replaced = Signal()
    restart_chosen = Signal()

    def __init__(self, notices: NoticeBar) -> None:
        super().__init__(notices)
        self._notices = notices
        self._settling = QTimer(self, singleShot=True, interval=SETTLED_MS)
        self._settling.timeout.connect(self._look)
        if on_disk() is not None:
            self._watcher = QFileSystemWatcher([str(BUILD_FILE.parent)], self)
            self._watcher.directoryChanged.connect(lambda _: self._settling.start())

    def _look(self) -> None:
        if on_disk() is None:
            self._settling.start()  # the folder itself was replaced, and is not there yet
        elif was_replaced():
            words = self.tr("Sendoff was updated. What you have typed stays.")
            actions = (("restart", self.tr("Restart to finish the update")),)
            self._notices.say(
                UPDATED, BarText("info", words, actions), lambda _: self.restart_chosen.emit()
            )
            self.replaced.emit()
