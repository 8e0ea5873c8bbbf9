"""Finds the place of new rows and of pages in a list that is ordered by task number.

Numbers decide, not positions: the list may have grown or shrunk while a page was read. So a page is
fitted between the rows in memory, and corrects the size of the gap it fills.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.gui.tasks.task_pages import gap, run

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.gui.tasks.task_pages import PageSegment, TaskPages
    from desktop.gui.tasks.task_row import Row


@dataclass(frozen=True, slots=True)
class RowPlace:
    """A position; ``certain`` is false if the row lies somewhere in the gap that begins there."""

    position: int
    certain: bool


def place_of(pages: TaskPages, task_id: int, *, descending: bool) -> RowPlace:
    """Return the place of a task that is not in memory."""
    sign = -1 if descending else 1
    open_gap: int | None = None
    for start, segment in pages.segments():
        if segment.rows is None:
            open_gap = start
            continue
        if sign * task_id < sign * segment.rows[0].id:
            return RowPlace(start, certain=True) if open_gap is None else RowPlace(open_gap, False)
        if sign * task_id < sign * segment.rows[-1].id:
            inside = bisect_left(segment.rows, sign * task_id, key=lambda row: sign * row.id)
            return RowPlace(start + inside, certain=True)
        open_gap = None
    if open_gap is not None:
        return RowPlace(open_gap, certain=False)
    return RowPlace(pages.total, certain=True)


@dataclass(frozen=True, slots=True)
class PageRead:
    """An answer of ``GET /tasks``; ``cursor`` is ``None`` at the end of the list.

    There are more than ``total`` tasks if it is not ``exact``.
    """

    rows: list[Row]
    cursor: str | None
    total: int
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Fitting:
    """The segments that replace a gap of ``size`` rows at ``start``."""

    start: int
    size: int
    parts: Sequence[PageSegment]


def fitted(
    pages: TaskPages, wanted: int, page: PageRead, *, descending: bool, from_above: bool
) -> Fitting | None:
    """Fit a page into the gap around position ``wanted``; ``None`` if that gap is gone.

    ``from_above`` says that the page begins right after the row above the gap.
    """
    sign = -1 if descending else 1
    found = _gap_around(pages, wanted)
    if found is None:
        return None
    start, size = found
    above = pages.at(start - 1) if start else None
    below = pages.at(start + size) if start + size < pages.total else None
    high = None if above is None else sign * above.id
    low = None if below is None else sign * below.id
    keys = [sign * row.id for row in page.rows]
    kept = [
        row
        for row, key in zip(page.rows, keys, strict=True)
        if (high is None or key > high) and (low is None or key < low)
    ]
    meets_above = from_above or (high is not None and bool(keys) and keys[0] <= high)
    meets_below = page.cursor is None if low is None else bool(keys) and keys[-1] >= low
    rest = size - len(kept)
    cursor = page.cursor if kept and kept[-1] is page.rows[-1] else None
    lead = 0 if meets_above else max(1, rest if meets_below else min(wanted - start, rest - 1))
    tail = 0 if meets_below else max(1, rest - lead)
    return Fitting(start, size, [gap(lead), run(kept, cursor), gap(tail)])


def _gap_around(pages: TaskPages, position: int) -> tuple[int, int] | None:
    for start, segment in pages.segments():
        if segment.rows is None and start <= position < start + segment.size:
            return start, segment.size
    return None
