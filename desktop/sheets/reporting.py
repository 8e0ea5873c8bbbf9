"""Spreadsheets out: a batch's own spreadsheet with what became of each row."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from desktop.contract.batches import RowCheck, RowOutcome
from desktop.sheets.description import TEXT_SUFFIXES, Target
from desktop.sheets.exporting import fill, made_beside

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from desktop.contract.batches import BatchRow
    from desktop.sheets.child import Stop

OUTCOME_WORDS: Final[Mapping[str, str]] = {
    RowOutcome.LEFT_OUT: "left out",
    RowOutcome.OPEN: "not sent yet",
    RowOutcome.SENT: "sent",
    RowOutcome.KEPT: "kept on this computer",
    RowOutcome.FAILED: "failed",
    RowOutcome.UNCERTAIN: "uncertain",
    RowOutcome.CANCELLED: "cancelled",
    RowCheck.READY: "ready",
    RowCheck.PROBLEM: "problem",
    RowCheck.SAME: "the same as before",
    RowCheck.CHANGED: "changed",
    RowCheck.TWICE: "twice in the spreadsheet",
}
"""A row's status in English: its outcome, or its check where it was left out or not started."""


def report_suffix(source: Path) -> str:
    """Return the suffix of the report on a spreadsheet: its own for text, else ``.xlsx``."""
    suffix = source.suffix.lower()
    return suffix if suffix in TEXT_SUFFIXES else ".xlsx"


def with_suffix(path: str, suffix: str) -> Path:
    """Return where a report is written: a name that promises another kind gets the suffix too."""
    chosen = Path(path)
    is_right = chosen.suffix.lower() == suffix
    return chosen if is_right else chosen.with_name(chosen.name + suffix)


def report_cells(
    row: BatchRow, words: Mapping[str, str] = OUTCOME_WORDS
) -> tuple[int, list[str], str]:
    """Write the four cells of a row, and give its recipient; ``words`` says outcomes and checks.

    A row that was left out says why: what its check found, with the check's message as answer.
    """
    outcome, check = row["outcome"], row["check"]
    is_left = outcome in {None, RowOutcome.LEFT_OUT}
    status = check if is_left and check is not None else outcome
    answer = row["message"] if is_left else row["answer"]
    sent_at = row["sent_at"]
    cells = [
        words.get(status, status) if status is not None else "",
        "" if sent_at is None else _local(sent_at),
        answer or "",
        row["message_id"] or "",
    ]
    return row["row"], cells, "" if is_left else row["to"] or ""


def write_report(
    source: Path,
    out: Path,
    columns: Mapping[str, str | None],
    headings: Sequence[str],
    cells: Iterable[Sequence[tuple[int, Sequence[str], str]]],
    *,
    only_given: bool = False,
    stop: Stop | None = None,
) -> int:
    """Write a spreadsheet once more with columns added; returns how many of its rows it has.

    ``columns`` are the batch's: the sheet and its header are found by their headers. ``cells`` are
    pages of rows, ascending, each with a text per heading and its recipient: where the spreadsheet
    has another address, as after a correction, the recipient goes before the answer. ``only_given``
    leaves out all other rows below the header. ``out`` is replaced once the report is complete; it
    has the suffix that ``report_suffix`` gives.

    Raises:
        SheetError: with what is wrong with the source, or ``NOT_WRITABLE``.
    """
    request = {
        "verb": "report",
        "path": str(source.absolute()),
        "columns": list(columns),
        "addresses": next((name for name, each in columns.items() if each == Target.EMAIL), None),
        "headings": list(headings),
        "only_given": only_given,
    }
    with made_beside(out) as folder:
        return fill(request | {"folder": str(folder)}, cells, stop)


def _local(moment: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone():%Y-%m-%d %H:%M:%S}"
