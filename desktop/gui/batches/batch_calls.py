"""The blocking calls of actions on batches: they run on worker threads and use no widget."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from desktop.client.api import new_key
from desktop.contract.batches import RowCheck
from desktop.gui.batches.rows.row_check_words import check_words, report_words
from desktop.sheets import (
    PROBLEM_HEADING,
    REPORT_HEADINGS,
    report_cells,
    report_suffix,
    write_report,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from desktop.client.api import Api
    from desktop.contract.batch_rows import BatchRow
    from desktop.contract.batches import Batch, NewBatch

PAGE: Final = 1000
"""Rows per page when a spreadsheet is written."""


def save_report(api: Api, *, number: int, place: Path) -> int:
    """Write the report of a batch: its spreadsheet with each row's outcome; return the row count.

    Raises ``SheetError`` if it cannot be written.
    """
    batch = api.batches.one(number)
    with tempfile.TemporaryDirectory(prefix="sendoff-") as folder:
        source = kept_sheet(api, batch, Path(folder))
        words = report_words()
        pages = ([report_cells(row, words) for row in page] for page in _pages(api, number))
        columns, is_part = batch["columns"], batch["continues"] is not None
        return write_report(
            source, place, columns, REPORT_HEADINGS, pages, only_given=is_part, in_place=is_part
        )


def save_problem_rows(api: Api, *, number: int, place: Path, in_place: bool = False) -> int:
    """Write the rows with a problem to a new spreadsheet; return their number.

    With ``in_place``, each row keeps its number in the batch's spreadsheet.

    Raises ``SheetError`` if it cannot be written.
    """
    batch = api.batches.one(number)
    with tempfile.TemporaryDirectory(prefix="sendoff-") as folder:
        source = kept_sheet(api, batch, Path(folder))
        problems = _pages(api, number, [RowCheck.PROBLEM])
        cells = ([_with_problem(row) for row in page] for page in problems)
        headings = [PROBLEM_HEADING]
        columns = batch["columns"]
        return write_report(
            source, place, columns, headings, cells, only_given=True, in_place=in_place
        )


def draft_of_problems(api: Api, *, number: int, name: str, folder: Path) -> int:
    """Find or make the draft of a started batch's rows with a problem, with the same settings.

    ``name`` is the name of its spreadsheet, with ``{}`` for the batch's, which may be such a draft
    itself. Returns the draft's number. Raises ``SheetError`` if the spreadsheet cannot be written.
    """
    batch = api.batches.one(number)
    draft = batch["continued_by"]
    if draft is not None and api.batches.one(draft)["sheet"] is not None:
        return draft
    source = Path(batch["sheet"] or "")
    stem = source.stem.removesuffix(name.format(""))
    place = folder / (name.format(stem) + report_suffix(source))
    save_problem_rows(api, number=number, place=place, in_place=True)
    if draft is None:
        draft = api.batches.create(_set_up_alike(batch, place.name), new_key())
    api.batches.keep_sheet(draft, place)
    return draft


def _set_up_alike(batch: Batch, name: str) -> NewBatch:
    wanted: NewBatch = {"name": name, "key": batch["key"], "columns": batch["columns"]}
    if batch["template"] is not None:
        wanted["template"] = batch["template"]
    if batch["tasks"] is not None:
        wanted["tasks"] = batch["tasks"]
    wanted["reading"] = batch["reading"]
    return {**wanted, "rate": batch["rate"], "continues": batch["batch_id"]}


def _pages(api: Api, number: int, checks: Sequence[str] = ()) -> Iterator[list[BatchRow]]:
    after: str | None = None
    while True:
        page = api.batches.rows(number, check=checks, after=after, limit=PAGE)
        yield page["rows"]
        after = page["next"]
        if after is None:
            return


def _with_problem(row: BatchRow) -> tuple[int, list[str], str]:
    return row["row"], [check_words(row)], ""


def kept_sheet(api: Api, batch: Any, folder: Path) -> Path:
    """Download the spreadsheet of a batch into a folder, and return its path."""
    place = folder / f"{batch['batch_id']}" / str(batch["sheet"] or "")
    place.parent.mkdir(exist_ok=True)
    api.batches.sheet(batch["batch_id"], place)
    return place
