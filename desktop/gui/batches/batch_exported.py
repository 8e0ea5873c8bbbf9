"""Batches as rows of a spreadsheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from desktop.contract.batches import BatchState
from desktop.gui.batches.batch_look import look_of
from desktop.gui.batches.batch_rest import failed, left_out
from desktop.gui.batches.batch_words import sent

if TYPE_CHECKING:
    from desktop.contract.batches import Batch
    from desktop.sheets.exporting import Kind

translate = QCoreApplication.translate

_COLUMNS: Final[tuple[tuple[str, Kind], ...]] = (
    (str(QT_TRANSLATE_NOOP("batches", "Batch")), "number"),
    (str(QT_TRANSLATE_NOOP("batches", "File")), "text"),
    (str(QT_TRANSLATE_NOOP("batches", "State")), "text"),
    (str(QT_TRANSLATE_NOOP("batches", "Imported")), "moment"),
    (str(QT_TRANSLATE_NOOP("batches", "Rows")), "number"),
    (str(QT_TRANSLATE_NOOP("batches", "Sent")), "number"),
    (str(QT_TRANSLATE_NOOP("batches", "Still to be sent")), "number"),
    (str(QT_TRANSLATE_NOOP("batches", "Failed")), "number"),
    (str(QT_TRANSLATE_NOOP("batches", "Uncertain")), "number"),
    (str(QT_TRANSLATE_NOOP("batches", "Cancelled")), "number"),
    (str(QT_TRANSLATE_NOOP("batches", "Left out")), "number"),
    (str(QT_TRANSLATE_NOOP("batches", "Started")), "moment"),
    (str(QT_TRANSLATE_NOOP("batches", "Finished")), "moment"),
)


def batch_columns() -> list[tuple[str, Kind]]:
    """Return the headings of an export of batches, and what each column holds."""
    return [(translate("batches", heading), kind) for heading, kind in _COLUMNS]


def batch_cells(batch: Batch, now: float) -> list[Any]:
    """Return the cells of a batch, in the order of :func:`batch_columns`.

    Rows that other batches or tasks have sent are neither failed, cancelled nor left out.
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
