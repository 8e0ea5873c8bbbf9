"""Tasks as rows of a spreadsheet."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.gui.tasks.task_row import row_of
from desktop.gui.tasks.words.reasons import reason_words
from desktop.gui.tasks.words.states import state_word

if TYPE_CHECKING:
    from desktop.contract.tasks import TaskRow
    from desktop.sheets.exporting import Kind

translate = QCoreApplication.translate

_COLUMNS: Final[tuple[tuple[str, Kind], ...]] = (
    (str(QT_TRANSLATE_NOOP("export", "Number")), "number"),
    (str(QT_TRANSLATE_NOOP("export", "State")), "text"),
    (str(QT_TRANSLATE_NOOP("export", "Item")), "number"),
    (str(QT_TRANSLATE_NOOP("export", "Task")), "text"),
    (str(QT_TRANSLATE_NOOP("export", "To")), "text"),
    (str(QT_TRANSLATE_NOOP("export", "Reason")), "text"),
    (str(QT_TRANSLATE_NOOP("export", "Error")), "text"),
    (str(QT_TRANSLATE_NOOP("export", "Attempts")), "number"),
    (str(QT_TRANSLATE_NOOP("export", "Queue")), "text"),
    (str(QT_TRANSLATE_NOOP("export", "Accepted")), "moment"),
    (str(QT_TRANSLATE_NOOP("export", "Next start")), "moment"),
    (str(QT_TRANSLATE_NOOP("export", "Started")), "moment"),
    (str(QT_TRANSLATE_NOOP("export", "Finished")), "moment"),
)


def export_columns() -> list[tuple[str, Kind]]:
    """Return the headings of an export, and what each column holds."""
    return [(translate("export", heading), kind) for heading, kind in _COLUMNS]


def export_cells(task: TaskRow) -> list[Any]:
    """Return the cells of a task, in the order of :func:`export_columns`."""
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
