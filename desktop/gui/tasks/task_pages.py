"""A list of any length of which only some runs are in memory; the rest are gaps of known size.

::

    position 0 300 99 744 100 000
               ├── run ───┼──── gap ────────┼── run ───┤

Plain data without Qt or HTTP. Every change of the list is one :meth:`TaskPages.splice`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from desktop.gui.tasks.task_row import Row

PAGE: Final = 256
"""Rows of one request."""
PAGES: Final = 64
"""Pages kept in memory; those farthest from the screen are dropped first."""
RUN: Final = 2 * PAGE
"""The longest run; longer ones are split, so each part can be dropped."""


class PageSegment:
    """A run of rows, or with ``rows=None`` a gap of ``size`` rows.

    ``cursor`` continues after the run's last row (``after`` of ``GET /tasks``).
    """

    __slots__ = ("cursor", "rows", "size")

    def __init__(self, rows: list[Row] | None, size: int, cursor: str | None = None) -> None:
        self.rows = rows
        self.size = size
        self.cursor = cursor


def run(rows: Sequence[Row], cursor: str | None = None) -> PageSegment:
    """Make a segment of consecutive rows."""
    return PageSegment(list(rows), len(rows), cursor)


def gap(size: int) -> PageSegment:
    """Make a segment of rows that are not in memory."""
    return PageSegment(None, size)


class TaskPages:
    """The sparse list; positions are 0 … ``total`` - 1."""

    def __init__(self) -> None:
        self._segments: list[PageSegment] = []
        self._starts: list[int] | None = []
        self._home: dict[int, PageSegment] = {}
        self.total = 0

    def __contains__(self, task_id: int) -> bool:
        return task_id in self._home

    @property
    def loaded(self) -> int:
        """How many rows are in memory."""
        return len(self._home)

    def at(self, position: int) -> Row | None:
        """Return the row at a position, or ``None`` in a gap and outside the list."""
        if not 0 <= position < self.total:
            return None
        starts = self._start_list()
        number = bisect_right(starts, position) - 1
        rows = self._segments[number].rows
        return None if rows is None else rows[position - starts[number]]

    def find(self, task_id: int) -> int | None:
        """Return a task's position, if its row is in memory."""
        home = self._home.get(task_id)
        if home is None or home.rows is None:
            return None
        start = self._start_list()[self._segments.index(home)]
        return start + _place_in(home.rows, task_id)

    def row(self, task_id: int) -> Row | None:
        """Return a task's row, if it is in memory."""
        position = self.find(task_id)
        return None if position is None else self.at(position)

    def put(self, position: int, row: Row) -> None:
        """Replace a row by a newer one of the same task."""
        starts = self._start_list()
        number = bisect_right(starts, position) - 1
        rows = self._segments[number].rows
        if rows is None:
            raise IndexError(f"no row at {position}")
        rows[position - starts[number]] = row

    def between(self, first: int, last: int) -> Iterator[tuple[int, Row]]:
        """Yield the rows in memory from position ``first`` to ``last``, both included."""
        for start, segment in self.segments():
            if segment.rows is None or start > last or start + segment.size <= first:
                continue
            low = max(first - start, 0)
            for offset, row in enumerate(segment.rows[low : last - start + 1], low):
                yield start + offset, row

    def segments(self) -> Iterator[tuple[int, PageSegment]]:
        """Yield runs and gaps in order, each with its first position."""
        return zip(self._start_list(), list(self._segments), strict=True)

    def splice(self, start: int, count: int, parts: Sequence[PageSegment] = ()) -> None:
        """Replace ``count`` positions from ``start`` by ``parts``: insert, remove or fill."""
        if not parts and (not count or self._removed_within_a_run(start, count)):
            return
        low = self._cut(start)
        high = self._cut(start + count)
        for old in self._segments[low:high]:
            for row in old.rows or ():
                del self._home[row.id]
        new = [part for part in parts if part.size]
        self._segments[low:high] = new
        for part in new:
            for row in part.rows or ():
                self._home[row.id] = part
        self.total += sum(part.size for part in new) - count
        self._starts = None
        self._join(low, low + len(new))

    def forget_far_from(self, first: int, last: int) -> None:
        """Turn the runs farthest from the rows ``first`` … ``last`` into gaps, down to the limit.

        No position changes.
        """
        if self.loaded <= PAGE * PAGES:
            return
        middle = (first + last) / 2
        runs = [(abs(s + x.size / 2 - middle), s, x) for s, x in self.segments() if x.rows]
        for _, start, far in sorted(runs, key=lambda each: each[0], reverse=True):
            if self.loaded <= PAGE * PAGES:
                return
            self.splice(start, far.size, [gap(far.size)])

    def _removed_within_a_run(self, start: int, count: int) -> bool:
        """Remove rows from inside one run without cutting it: the frequent case."""
        starts = self._start_list()
        number = bisect_right(starts, start) - 1
        segment = self._segments[number]
        offset = start - starts[number]
        if segment.rows is None or offset == 0 or offset + count >= segment.size:
            return False
        for row in segment.rows[offset : offset + count]:
            del self._home[row.id]
        del segment.rows[offset : offset + count]
        segment.size -= count
        self.total -= count
        self._starts = None
        return True

    def _start_list(self) -> list[int]:
        if self._starts is None:
            self._starts = list(accumulate((s.size for s in self._segments[:-1]), initial=0))
            if not self._segments:
                self._starts = []
        return self._starts

    def _cut(self, position: int) -> int:
        """Make a boundary at a position; return the number of the segment that begins there."""
        starts = self._start_list()
        if position >= self.total:
            return len(self._segments)
        number = bisect_right(starts, position) - 1
        offset = position - starts[number]
        if offset == 0:
            return number
        segment = self._segments[number]
        if segment.rows is None:
            tail = gap(segment.size - offset)
        else:
            tail = run(segment.rows[offset:], segment.cursor)
            del segment.rows[offset:]
            for row in tail.rows or ():
                self._home[row.id] = tail
        segment.size, segment.cursor = offset, None
        self._segments.insert(number + 1, tail)
        self._starts = None
        return number + 1

    def _join(self, low: int, high: int) -> None:
        """Join adjacent runs up to ``RUN`` rows, and adjacent gaps, from ``low`` to ``high``."""
        number = max(low - 1, 0)
        end = min(high + 1, len(self._segments))
        while number < end - 1:
            left, right = self._segments[number], self._segments[number + 1]
            if not self._joined(left, right):
                number += 1
                continue
            del self._segments[number + 1]
            end -= 1
            self._starts = None

    def _joined(self, left: PageSegment, right: PageSegment) -> bool:
        if (left.rows is None) != (right.rows is None):
            return False
        if left.rows is not None and right.rows is not None:
            if left.size + right.size > RUN:
                return False
            left.rows += right.rows
            for row in right.rows:
                self._home[row.id] = left
            left.cursor = right.cursor
        left.size += right.size
        return True


def _place_in(rows: Sequence[Row], task_id: int) -> int:
    """Return a row's place in its run: by bisection if the run is ordered by number."""
    sign = 1 if rows[0].id <= rows[-1].id else -1
    place = bisect_left(rows, sign * task_id, key=lambda row: sign * row.id)
    if place < len(rows) and rows[place].id == task_id:
        return place
    return next(at for at, row in enumerate(rows) if row.id == task_id)
