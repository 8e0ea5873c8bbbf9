"""A list of any length of which only some runs are in memory; the rest are gaps of known size.

::

    position 0 300 99 744 100 000
               ├── run ───┼──── gap ────────┼── run ───┤

Plain data without Qt or HTTP. Every change of the list is one :meth:`TaskPages.splice`.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from desktop.contract.office import office_row
from desktop.gui.kit.words.task_row import Row, row_of
from sendoff_tasks.client.calls import PAGE
from sendoff_tasks.model.reasons import NO_REASON, QUEUE_STOPS
from sendoff_tasks.model.states import State

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sendoff_tasks.client.calls import TaskQuery
    from sendoff_tasks.model.events import TasksEvent
    from sendoff_tasks.model.tasks import TaskRow


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
        home = self._home.get(task_id)
        return (
            None if home is None or home.rows is None else home.rows[_place_in(home.rows, task_id)]
        )

    def put(self, row: Row) -> None:
        """Replace a row that is in memory by a newer one of the same task."""
        home = self._home.get(row.id)
        if home is not None and home.rows is not None:
            home.rows[_place_in(home.rows, row.id)] = row

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
    """Return a row's place in its run: quickly if the run is ordered by number."""
    place = abs(task_id - rows[0].id)
    if place < len(rows) and rows[place].id == task_id:  # numbers mostly follow one another
        return place
    sign = 1 if rows[0].id <= rows[-1].id else -1
    place = bisect_left(rows, sign * task_id, key=lambda row: sign * row.id)
    if place < len(rows) and rows[place].id == task_id:
        return place
    return next(at for at, row in enumerate(rows) if row.id == task_id)


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
    """An answer of ``GET /tasks``; ``cursor`` is ``None`` at the end of the list."""

    rows: list[Row]
    cursor: str | None
    total: int


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


@dataclass(slots=True)
class LiveChanges:
    """The effects of an event on the list.

    ``beyond`` counts new tasks at the newest end of the list while that end is not in memory.
    ``unsure`` means that the event alone does not tell the new list, so it has to be read again.
    """

    changed: list[Row] = field(default_factory=list)
    left: set[int] = field(default_factory=set)
    arrived: list[Row] = field(default_factory=list)
    beyond: int = 0
    unsure: bool = False


def by_number(query: TaskQuery) -> bool:
    """Tell whether the list is ordered by task number; only then can new rows be placed."""
    return query.sort in {"id", "-id"}


def sort_out(
    event: TasksEvent,
    pages: TaskPages,
    query: TaskQuery,
    newest: int,
    sure_to: int | None = None,
) -> LiveChanges:
    """Compare an event with the rows in memory.

    Args:
        event: what changed.
        pages: the list as it is known.
        query: the list's query.
        newest: the highest task number ever seen.
        sure_to: the highest task number that the list's length is sure to include; ``newest`` if
            not given. It is lower after a page was read: the page may be older than events that
            came meanwhile.
    """
    changes = LiveChanges()
    sure_to = newest if sure_to is None else sure_to
    gaps = pages.loaded < pages.total
    for task in event["rows"]:
        known = pages.row(task["id"])
        if known is not None:
            if task["rev"] > known.rev:
                _change(changes, known, task, query)
                changes.unsure |= _is_search(query)
        elif not _matches(task, query):
            changes.unsure |= gaps and _is_left_by_changes(query) and task["id"] <= newest
        elif _is_search(query) or not by_number(query):
            changes.unsure = True
        else:
            _arrive(changes, task, pages, query, (newest, sure_to))
    for task_id in event["gone"]:
        if task_id in pages:
            changes.left.add(task_id)
        else:
            changes.unsure |= gaps and task_id <= newest
    return changes


def _change(changes: LiveChanges, known: Row, task: TaskRow, query: TaskQuery) -> None:
    row = row_of(task)
    if not _matches(task, query):
        changes.left.add(row.id)
        return
    changes.changed.append(row)
    changes.unsure |= _sorted_by(query, known) != _sorted_by(query, row)


def _sorted_by(query: TaskQuery, row: Row) -> object:
    """Return the value that the list sorts a row by; ``None`` if it never changes."""
    match query.sort.removeprefix("-"):
        case "state":
            return row.state
        case "finished_at":
            return row.finished
        case "took":
            return row.took
        case "to":
            return row.to
        case _:  # number, item, task and creation time never change
            return None


def _arrive(
    changes: LiveChanges, task: TaskRow, pages: TaskPages, query: TaskQuery, seen: tuple[int, int]
) -> None:
    newest, sure_to = seen
    place = place_of(pages, task["id"], descending=query.sort == "-id")
    if place.certain:
        changes.arrived.append(row_of(task))
        changes.unsure |= task["id"] <= newest  # it came back, or its event was repeated
    elif task["id"] > newest:
        changes.beyond += 1
    else:
        # If changes never bring a task into this list, it was already counted in the gap.
        changes.unsure |= _is_left_by_changes(query) or task["id"] > sure_to


def _is_search(query: TaskQuery) -> bool:
    """Tell whether the query searches for words, which only the backend can match."""
    return any((query.text, query.to, query.error, query.task, query.called))


def _is_left_by_changes(query: TaskQuery) -> bool:
    """Tell whether a change of its state can bring a task into the list, or take it out."""
    asked = query.states or query.reasons or query.cause is not None or query.standing is not None
    return bool(asked) or query.seen is not None


def _matches(task: TaskRow, query: TaskQuery) -> bool:
    """Tell whether a task passes the filter, apart from the searched words."""
    return (
        (not query.states or task["state"] in query.states)
        and (query.queue is None or task["queue"] == query.queue)
        and (query.item_id is None or office_row(task)["item_id"] == query.item_id)
        and (query.batch_id is None or task["batch_id"] == query.batch_id)
        and (query.cause is None or task["cause"] == query.cause)
        and (not query.ids or task["id"] in query.ids)
        and (query.seen is None or task["seen"] == query.seen)
        and (not query.reasons or (task["reason"] or NO_REASON) in query.reasons)
        and (query.standing is None or _is_stopped(task) in {None, query.standing})
    )


def _is_stopped(task: TaskRow) -> bool | None:
    """Tell whether a pause or a hold stops a queued task; ``None`` for any other."""
    return task["reason"] in QUEUE_STOPS if task["state"] == State.QUEUED else None
