"""The columns and cells of an export of batches."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from desktop.contract.batches import BatchState
from desktop.gui.batches.batch_words import look_of
from desktop.gui.frame.exports import ExportedList

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop.client.api import Api
    from desktop.contract.batches import Batch
    from desktop.gui.frame.exports import Columns, HowFar

translate = QCoreApplication.translate


def batch_columns() -> Columns:
    """Return the headings of an export of batches, and each column's kind."""
    return [
        (translate("batches", "Batch"), "number"),
        (translate("batches", "File"), "text"),
        (translate("batches", "State"), "text"),
        (translate("batches", "Added"), "moment"),
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
    """Return the cells of a batch, in the order of :func:`batch_columns`."""
    counts = batch["counts"]
    outcomes: list[int | None] = [None] * 7
    if batch["state"] != BatchState.DRAFT:
        outcomes = [
            *(counts["sent"], counts["kept"], counts["open"], counts["failed"]),
            *(counts["uncertain"], counts["cancelled"], counts["left_out"]),
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
