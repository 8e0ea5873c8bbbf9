"""The list of tasks: the numbers of all of them in order, and the rows that were looked at.

Plain data without Qt or HTTP. An event is heard first (:meth:`TaskList.hear`), which says what it
changes; the model that shows the list then carries that out.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import islice
from operator import neg
from typing import TYPE_CHECKING, Final

from desktop.contract.office import office_row
from desktop.gui.kit.words.task_row import Row, row_of
from sendoff_tasks.client.calls import PAGE, SortedFilter
from sendoff_tasks.model.reasons import NO_REASON, QUEUE_STOPS
from sendoff_tasks.model.states import State
from sendoff_tasks.model.times import epoch

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sendoff_tasks.model.events import TasksEvent
    from sendoff_tasks.model.tasks import TaskRow


KEPT: Final = 16_384
"""Rows kept; those heard or read first are dropped first."""
AROUND: Final = PAGE // 2
"""Positions above and below the screen whose rows are read ahead."""
FEW: Final = 32
"""Tasks looked for one by one, in C; of more, all numbers are gone through once."""


@dataclass(slots=True)
class ListChanges:
    """The effects of an event on the list.

    ``left`` are positions of tasks that leave the list, ``arrived`` the numbers of those that come,
    ``changed`` the numbers of those with a newer row. ``unsure`` means that the event alone does
    not tell the new list, so it has to be read again.
    """

    left: set[int] = field(default_factory=set)
    arrived: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)
    unsure: bool = False


class TaskList:
    """The numbers of a query's tasks, ``ids``, and the ``rows`` that are known, by number.

    ``is_whole`` is false while only the first part of the numbers was read. Rows stay when the
    query changes: they are true of the task, in the list or not.
    """

    def __init__(self) -> None:
        self.ids = array("q")
        self.rows: dict[int, Row] = {}
        self.is_whole = True
        self._query = SortedFilter()
        self._stale: dict[int, Row] = {}  # shown until they are read again
        self._newest = 0  # the highest number heard or read

    def begin(self, query: SortedFilter, ids: array[int], *, is_whole: bool) -> None:
        """Take over the list of a query, or its first part."""
        self._query, self.is_whole = query, is_whole
        self.take(ids)

    def take(self, ids: array[int]) -> None:
        """Take over other numbers of the same query."""
        self.ids = ids
        if ids and self._is_placed:
            self._newest = max(self._newest, ids[0], ids[-1])

    def row(self, task_id: int) -> Row | None:
        """Return a task's row, if it is known; it may be about to be read again."""
        return self.rows.get(task_id) or self._stale.get(task_id)

    def at(self, position: int) -> Row | None:
        """Return the row at a position; ``None`` if it is not known, or outside the list."""
        return self.row(self.ids[position]) if 0 <= position < len(self.ids) else None

    def position(self, task_id: int, near: int = 0) -> int | None:
        """Return a task's position; ``near`` is where it is likely to be."""
        if self._is_placed:
            place = self._place_of(task_id)
            return place if self._is_at(place, task_id) else None
        for low, high in ((max(near - AROUND, 0), near + AROUND), (0, len(self.ids))):
            try:
                return self.ids.index(task_id, low, high)
            except ValueError:
                continue
        return None

    @property
    def newest(self) -> int:
        """The number of the newest task, in a list that begins with it; else 0."""
        return self.ids[0] if self.ids and self._query.sort == "-id" else 0

    def newer_than(self, task_id: int) -> int:
        """Count the tasks above a number, in a list that begins with the newest; else 0."""
        return self._place_of(task_id) if task_id and self._query.sort == "-id" else 0

    def positions(self, near: Mapping[int, int]) -> dict[int, int]:
        """Return the positions of tasks, each of which is likely to be near another one."""
        if self._is_placed or len(near) <= FEW:
            found = {n: self.position(n, place) for n, place in near.items()}
            return {n: place for n, place in found.items() if place is not None}
        return {n: place for place, n in enumerate(self.ids) if n in near}

    # Rows

    def put(self, rows: Iterable[Row]) -> set[int]:
        """Take over rows that were read; return the numbers of those that were not known newer."""
        fresh = set()
        for row in rows:
            known = self.rows.get(row.id)
            if known is None or known.rev <= row.rev:
                self._keep(row)
                fresh.add(row.id)
        return fresh

    def age(self, ids: Collection[int] | None = None) -> None:
        """Have rows read again, of these tasks or of all; until then the old ones are shown."""
        if ids is None:
            self._stale, self.rows = self._stale | self.rows, {}
        else:
            self._stale |= {n: self.rows.pop(n) for n in ids if n in self.rows}

    def missing(self, first: int, last: int) -> list[int]:
        """Return the tasks to read next: of a block on screen, else near it; at most ``PAGE``."""
        if last < first:
            return []
        for low, high in ((first, last), (first - AROUND, last + AROUND)):
            low, high = max(low, 0), min(high, len(self.ids) - 1)
            for start in range(low // PAGE * PAGE, high + 1, PAGE):
                block = self.ids[start : start + PAGE]
                seen = block[max(low - start, 0) : high + 1 - start]
                if any(n not in self.rows for n in seen):
                    return [n for n in block if n not in self.rows]
        self._stale.clear()
        return []

    def forget_far_from(self, first: int, last: int) -> None:
        """Drop the oldest rows beyond the limit, other than those on screen."""
        extra = len(self.rows) - KEPT
        if extra > 0:
            seen = {*self.ids[max(first, 0) : last + 1]}
            for task_id in list(islice(self.rows, extra)):
                if task_id not in seen:
                    del self.rows[task_id]

    def _keep(self, row: Row) -> None:
        self.rows.pop(row.id, None)
        self.rows[row.id] = row
        self._newest = max(self._newest, row.id)

    # Events

    def hear(self, event: TasksEvent, first: int, last: int) -> ListChanges:
        """Take over the rows of an event; return how it changes the list.

        In an order other than by number, only the tasks on screen, from position ``first`` to
        ``last``, are looked for.
        """
        changes = ListChanges()
        seen: dict[int, int] = {}
        if not self._is_placed:
            first = max(first, 0)
            seen = {n: at for at, n in enumerate(self.ids[first : last + 1], first)}
        for task in event["rows"]:
            known = self.rows.get(task["id"])
            if known is not None and task["rev"] < known.rev:
                continue
            # Of a task that was never heard of, this may be an old event, told late.
            is_sure = known is not None or task["id"] > self._newest
            if known is None or task["rev"] > known.rev:
                self._keep(row_of(task))
                changes.changed.add(task["id"])
            if self._is_placed:
                self._hear_placed(task, changes, is_sure=is_sure)
            else:
                self._hear_on_screen(task, known, seen.get(task["id"]), changes)
        for task_id in event["gone"]:
            self.rows.pop(task_id, None)
            self._stale.pop(task_id, None)
            place = self._place_of(task_id) if self._is_placed else seen.get(task_id, -1)
            if self._is_at(place, task_id):
                changes.left.add(place)
            else:
                changes.unsure |= not self._is_placed
        return changes

    def _hear_placed(self, task: TaskRow, changes: ListChanges, *, is_sure: bool) -> None:
        """Compare a task with a list by number, in which each task has its place."""
        place = self._place_of(task["id"])
        is_there, fits = self._is_at(place, task["id"]), _matches(task, self._query)
        if fits and _is_search(self._query):
            changes.unsure |= not is_there or task["id"] in changes.changed
            return
        if fits is is_there:
            return
        changes.unsure |= not is_sure
        if is_there:
            changes.left.add(place)
        elif self.is_whole or place < len(self.ids):
            changes.arrived.add(task["id"])

    def _hear_on_screen(
        self, task: TaskRow, known: Row | None, place: int | None, changes: ListChanges
    ) -> None:
        """Compare a task with those on screen of a list in another order."""
        query, fits = self._query, _matches(task, self._query)
        row = self.rows[task["id"]]
        stays = known is not None and _sorted_by(query, known) == _sorted_by(query, row)
        if place is None:
            is_other = fits and not (stays and not _is_search(query))
            changes.unsure |= is_other or _is_left_by_changes(query)
        elif not fits:
            changes.left.add(place)
        else:
            changes.unsure |= not stays or _is_search(query)

    # Changes of the numbers

    def groups(self, arrived: Iterable[int]) -> list[tuple[int, array[int]]]:
        """Return the places of tasks that come, those of one place together, from the end."""
        found: dict[int, array[int]] = {}
        for task_id in sorted(arrived, reverse=self._query.sort == "-id"):
            found.setdefault(self._place_of(task_id), array("q")).append(task_id)
        return sorted(found.items(), reverse=True)

    def spliced(self, left: Collection[int], arrived: Collection[int]) -> array[int]:
        """Return the numbers without those at some positions, and with those that come."""
        cuts = [(at, at + 1, array("q")) for at in left]
        cuts += [(at, at, ids) for at, ids in self.groups(arrived)]
        made, done = array("q"), 0
        for start, stop, ids in sorted(cuts, key=lambda cut: cut[:2]):
            made += self.ids[done:start]
            made += ids
            done = stop
        return made + self.ids[done:]

    @property
    def _is_placed(self) -> bool:
        """Whether the list is ordered by task number; only then a new task has a known place."""
        return self._query.sort in {"id", "-id"}

    def _place_of(self, task_id: int) -> int:
        if self._query.sort == "id":
            return bisect_left(self.ids, task_id)
        return bisect_left(self.ids, -task_id, key=neg)

    def _is_at(self, place: int, task_id: int) -> bool:
        return 0 <= place < len(self.ids) and self.ids[place] == task_id


def ranges_from_the_end(positions: Iterable[int]) -> list[tuple[int, int]]:
    """Join adjacent positions to ranges, last first, so removing one moves no other."""
    ranges: list[tuple[int, int]] = []
    for position in sorted(positions, reverse=True):
        if ranges and ranges[-1][0] == position + 1:
            ranges[-1] = (position, ranges[-1][1])
        else:
            ranges.append((position, position))
    return ranges


def _sorted_by(query: SortedFilter, row: Row) -> object:
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


def _is_search(query: SortedFilter) -> bool:
    """Tell whether the query searches for words, which only the backend can match."""
    return any((query.text, query.to, query.error, query.task, query.called))


def _is_left_by_changes(query: SortedFilter) -> bool:
    """Tell whether a change of its state can bring a task into the list, or take it out."""
    asked = query.states or query.reasons or query.cause is not None or query.standing is not None
    return bool(asked) or query.seen is not None


def _matches(task: TaskRow, query: SortedFilter) -> bool:
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
        and (query.since is None or (epoch(task["created_at"]) or 0.0) >= query.since)
        and (query.until is None or (epoch(task["created_at"]) or 0.0) < query.until)
    )


def _is_stopped(task: TaskRow) -> bool | None:
    """Tell whether a pause or a hold stops a queued task; ``None`` for any other."""
    return task["reason"] in QUEUE_STOPS if task["state"] == State.QUEUED else None
