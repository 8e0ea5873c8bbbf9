"""The rows of an exported spreadsheet: tasks, items, batches and causes, read page by page."""

from __future__ import annotations

import json
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QCoreApplication

from desktop.contract.batches import BatchState
from desktop.contract.items import COUNTED
from desktop.contract.tasks import PAGE_LIMIT
from desktop.gui.actions.tasks.task_calls import walk
from desktop.gui.batches.batch_look import look_of
from desktop.gui.batches.batch_rest import failed, left_out
from desktop.gui.causes.cause_words import new_count_words, on_the_way, state_words, stopped
from desktop.gui.correction.correction_form import corrections_of
from desktop.gui.items.item_exported import field_texts, item_cells, item_columns, with_fields
from desktop.gui.tasks.task_row import row_of
from desktop.gui.tasks.words.causes import cause_words
from desktop.gui.tasks.words.reasons import reason_words
from desktop.gui.tasks.words.states import state_word
from desktop.sheets import SheetError, SheetFault, Stop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from desktop.client.api import Api, TaskQuery
    from desktop.client.calls.items import ItemQuery
    from desktop.contract.batches import Batch
    from desktop.contract.causes import Cause
    from desktop.contract.items import Item
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
        (translate("batches", "Kept in practice mode"), "number"),
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
    outcomes: list[int | None] = [None] * 7
    if batch["state"] != BatchState.DRAFT:
        cancelled = counts["cancelled"] - (later["count"] if later else 0)
        outcomes = [
            *(counts["sent"], counts["kept"], counts["open"], failed(batch)),
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


class ExportedList(NamedTuple):
    """The columns and rows for ``write_table``."""

    columns: Columns
    pages: Iterable[list[list[Any]]]


@dataclass(slots=True)
class HowFar:
    """The progress of an export; ``total`` is 0 while it is unknown or too large to count.

    ``stop`` ends the reading, and the writing of the file.
    """

    read: int = 0
    total: int = 0
    stop: Stop = field(default_factory=Stop)


@contextmanager
def tasks_table(query: TaskQuery, api: Api, how_far: HowFar) -> Iterator[ExportedList]:
    """Yield tasks as they are read."""

    def pages() -> Iterator[list[list[Any]]]:
        for page in walk(api, query):
            how_far.total = max(how_far.total, page["total"])
            yield [task_cells(task) for task in page["tasks"]]
            how_far.read += len(page["tasks"])

    yield ExportedList(task_columns(), pages())


@contextmanager
def items_table(query: ItemQuery, api: Api, how_far: HowFar) -> Iterator[ExportedList]:
    """Yield items with a column for each field; the columns are known only after the last item.

    Until then the items are kept in a temporary file.
    """
    fields: dict[str, None] = {}
    with tempfile.TemporaryFile("w+", encoding="utf-8") as kept:
        for page in _items(api, query, how_far):
            rows = [
                (item_cells(item, corrections_of(item.get("bodies", ()))), field_texts(item))
                for item in page
            ]
            fields |= dict.fromkeys(name for _, own in rows for name in own)
            kept.write(f"{json.dumps(rows)}\n")
        kept.seek(0)
        pages = (
            [with_fields(cells, own, fields) for cells, own in json.loads(line)] for line in kept
        )
        yield ExportedList(item_columns(fields), pages)


@contextmanager
def batches_table(api: Api, how_far: HowFar) -> Iterator[ExportedList]:
    """Yield all batches, newest first, as they are read."""

    def pages() -> Iterator[list[list[Any]]]:
        after: str | None = None
        while True:
            page = api.batches.page(after=after)
            yield [batch_cells(batch, time.time()) for batch in page["batches"]]
            how_far.read += len(page["batches"])
            after = page["next"]
            if after is None:
                return

    yield ExportedList(batch_columns(), pages())


@contextmanager
def read_table(
    columns: Columns, rows: list[list[Any]], _: Api, how_far: HowFar
) -> Iterator[ExportedList]:
    """Yield rows that were read already."""
    how_far.read = len(rows)
    yield ExportedList(columns, [rows])


def _items(api: Api, query: ItemQuery, how_far: HowFar) -> Iterator[list[Item]]:
    after: str | None = None
    while True:
        page = api.items.page(query, after=after, limit=PAGE_LIMIT, deeds=True)
        if how_far.stop.is_set:
            raise SheetError(SheetFault.CANCELLED)
        counts = [page["counts"].get(kind, 0) for kind in query.informed or page["counts"]]
        is_known = page["counts_are_exact"] and all(count < COUNTED for count in counts)
        how_far.total = sum(counts) if is_known else 0
        yield page["items"]
        how_far.read += len(page["items"])
        if page["next"] is None:
            return
        after = str(page["next"])
