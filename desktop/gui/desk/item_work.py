"""What keeps the view of items true, and shows the tasks of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from desktop.gui.desk.live import Live
    from desktop.gui.frame.main_window import MainWindow


class ItemWork(QObject):
    """Has the items read again when tasks change: the stream tells of tasks and not of items."""

    def __init__(self, window: MainWindow, live: Live) -> None:
        super().__init__(window)
        self._window = window
        view = window.parts.items
        view.tasks_wanted.connect(self._show_tasks)
        live.tasks_changed.connect(lambda _: view.rereading.note())
        live.was_reset.connect(view.rereading.note)

    def load(self) -> None:
        """Read them, as soon as they are shown."""
        self._window.parts.items.rereading.note()

    def _show_tasks(self, number: int) -> None:
        self._window.views.show_tasks(self.tr("Item {}").format(number), item_id=number)
