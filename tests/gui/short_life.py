"""The real window, left as soon as it is busy: ``python -m tests.gui.short_life DATA_DIR [jobs]``.

With ``jobs`` one of its requests never ends.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from typing import TYPE_CHECKING, cast
from unittest.mock import patch

from PySide6.QtCore import QObject, QTimer

from desktop import app
from desktop.cli import SENDOFF
from desktop.gui import program
from desktop.gui.link.jobs import Job
from sendoff_tasks.client.calls import SortedFilter
from sendoff_tasks.model.program import PROGRAM

if TYPE_CHECKING:
    from PySide6.QtCore import QEvent

    from desktop.gui.tasks.table.task_model import TaskModel
    from desktop.gui.tasks.table.task_table import TaskTable

KEPT: list[object] = []
"""What outlives the program's frame: what holds a widget must not take the end down."""
JOBS = 60
"""Requests under way when the window is left; eight at a time."""


class Watcher(QObject):
    """Looks at what a table paints, for as long as there is anything."""

    def __init__(self, table: TaskTable) -> None:
        super().__init__()
        self._table = table
        table.viewport().installEventFilter(self)

    def eventFilter(self, _watched: QObject, _event: QEvent) -> bool:
        return False


class ShortLife(program.Program):
    """The window's program; once its table is there it is busy, and told to end."""

    async def main(self) -> None:
        leaving = asyncio.ensure_future(self._leave())
        await super().main()
        await leaving

    async def _leave(self) -> None:
        window = self.window
        model = cast("TaskModel", window.page.table.model())
        while not (model.is_loaded and model.rowCount()):  # noqa: ASYNC110 - a widget's doing
            await asyncio.sleep(0.005)
        api = self.source.api
        assert api is not None
        if sys.argv[2:]:
            await self._get_stuck()
        for number in range(JOBS):
            query = SortedFilter(sort="id" if number % 2 else "-id")
            self.jobs.start(Job(api.page, query).then(lambda _: model.reset()))
        KEPT.extend(
            (
                self,
                window.page.table,
                window.page.detail,
                QTimer(interval=1),
                Watcher(window.page.table),
            )
        )
        window.page.table.selectRow(0)
        window.page.table.scrollToBottom()
        window.form.fields["recipient.name"].set_text("half a na")
        self.window.mail.dialog.open()
        await asyncio.sleep(0)
        self.window.quit_requested.emit()

    async def _get_stuck(self) -> None:
        """Have a request under way that never ends."""
        patch.object(program, "END_WITHIN_MS", 100).start()
        begun = threading.Event()
        self.jobs.start(Job(_never_end, begun))
        while not begun.is_set():  # noqa: ASYNC110 - one that has not begun is only dropped
            await asyncio.sleep(0.005)


def _never_end(begun: threading.Event) -> None:
    begun.set()
    threading.Event().wait()


if __name__ == "__main__":
    with patch.object(program, "Program", ShortLife):
        PROGRAM.runs_as(SENDOFF)
        sys.exit(app.run(sys.argv[1]))
