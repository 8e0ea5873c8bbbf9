"""Converts tasks, batches and causes to rows of an exported spreadsheet."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from desktop.contract.batches import BatchState
from desktop.gui.batches.batch_look import look_of
from desktop.gui.batches.batch_rest import failed, left_out
from desktop.gui.batches.batch_words import sent
from desktop.gui.causes.cause_words import new_count_words, on_the_way, state_words, stopped
from desktop.gui.tasks.task_row import row_of
from desktop.gui.tasks.words.causes import cause_words
from desktop.gui.tasks.words.reasons import reason_words
from desktop.gui.tasks.words.states import state_word

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.contract.batches import Batch
    from desktop.contract.causes import Cause
    from desktop.contract.tasks import TaskRow
    from desktop.sheets.exporting import Kind

    Columns = list[tuple[str, Kind]]

translate = QCoreApplication.translate


def task_columns() -> Columns:
    """Return the headings of an export of tasks, and each column's kind."""
    return [
        (translate("export", "Number"), "number"),
        (translate("export", "State"), "text"),
        (translate("export", "Item"), "number"),
        (translate("export", "Task"), "text"),
        (translate("export", "To"), "text"),
        (translate("export", "Reason"), "text"),
        (translate("export", "Error"), "text"),
        (translate("export", "Attempts"), "number"),
        (translate("export", "Queue"), "text"),
        (translate("export", "Accepted"), "moment"),
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


def batch_columns() -> Columns:
    """Return the headings of an export of batches, and each column's kind."""
    return [
        (translate("batches", "Batch"), "number"),
        (translate("batches", "File"), "text"),
        (translate("batches", "State"), "text"),
        (translate("batches", "Imported"), "moment"),
        (translate("batches", "Rows"), "number"),
        (translate("batches", "Sent"), "number"),
        (translate("batches", "Still to be sent"), "number"),
        (translate("batches", "Failed"), "number"),
        (translate("batches", "Uncertain"), "number"),
        (translate("batches", "Cancelled"), "number"),
        (translate("batches", "Left out"), "number"),
        (translate("batches", "Started"), "moment"),
        (translate("batches", "Finished"), "moment"),
    ]


def batch_cells(batch: Batch, now: float) -> list[Any]:
    """Return the cells of a batch, in the order of :func:`batch_columns`.

    Rows that other batches or tasks have sent are not counted as failed, cancelled or left out.
    """
    counts, later = batch["counts"], batch["sent_later"]
    outcomes: list[int | None] = [None] * 6
    if batch["state"] != BatchState.DRAFT:
        cancelled = counts["cancelled"] - (later["count"] if later else 0)
        outcomes = [
            *(sent(batch), counts["open"], failed(batch)),
            *(counts["uncertain"], max(0, cancelled), left_out(batch)[0]),
        ]
    return [
        batch["batch_id"],
        batch["name"],
        look_of(batch, now).word,
        batch["created_at"],
        counts["rows"],
        *outcomes,
        batch["started_at"],
        batch["finished_at"],
    ]


def cause_columns() -> Columns:
    """Return the headings of an export of causes, and each column's kind."""
    return [
        (translate("causes", "Tasks"), "number"),
        (translate("causes", "States"), "text"),
        (translate("causes", "Cause"), "text"),
        (translate("causes", "Where"), "text"),
        (translate("causes", "First"), "moment"),
        (translate("causes", "Last"), "moment"),
        (translate("causes", "What helps"), "text"),
    ]


def cause_cells(cause: Cause, help_of: Callable[[Cause, str], str]) -> list[Any]:
    """Return the cells of a cause, in the order of :func:`cause_columns`.

    ``help_of`` says what helps; its second argument counts the tasks since the retry.
    """
    return [
        stopped(cause) + on_the_way(cause),
        state_words(cause),
        cause_words(cause["about"], cause["title"]),
        ", ".join(cause["where"]) or None,
        cause["first_at"],
        cause["last_at"],
        help_of(cause, new_count_words(cause)) or None,
    ]
