"""The columns and cells of an export of tasks."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from desktop.client.calls.tasks import walk
from desktop.gui.frame.exports import ExportedList
from desktop.gui.kit.words.reasons import reason_words
from desktop.gui.kit.words.states import state_word
from desktop.gui.kit.words.task_row import row_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop.client.api import Api, TaskQuery
    from desktop.contract.tasks import TaskRow
    from desktop.gui.frame.exports import Columns, HowFar

translate = QCoreApplication.translate


def task_columns() -> Columns:
    """Return the headings of an export of tasks, and each column's kind."""
    return [
        (translate("export", "Task number"), "number"),
        (translate("export", "State"), "text"),
        (translate("export", "Item"), "number"),
        (translate("export", "Task"), "text"),
        (translate("export", "To"), "text"),
        (translate("export", "Reason"), "text"),
        (translate("export", "Error"), "text"),
        (translate("export", "Attempts"), "number"),
        (translate("export", "Queue"), "text"),
        (translate("export", "Added"), "moment"),
        (translate("export", "Next start"), "moment"),
        (translate("export", "Started"), "moment"),
        (translate("export", "Finished"), "moment"),
    ]


def task_cells(task: TaskRow) -> list[Any]:
    """Return the cells of a task, in the order of :func:`task_columns`."""
    row = row_of(task)
    return [
        row.id,
        state_word(row),
        row.item_id,
        row.title,
        row.to,
        reason_words(row, time.time()) or None,
        row.error,
        row.attempt,
        row.queue,
        task["created_at"],
        task["run_at"],
        task["started_at"],
        task["finished_at"],
    ]


@contextmanager
def tasks_table(query: TaskQuery, api: Api, how_far: HowFar) -> Iterator[ExportedList]:
    """Yield tasks as they are read."""

    def pages() -> Iterator[list[list[Any]]]:
        for page in walk(api, query):
            how_far.total = max(how_far.total, page["total"])
            yield [task_cells(task) for task in page["tasks"]]
            how_far.read += len(page["tasks"])

    yield ExportedList(task_columns(), pages())
