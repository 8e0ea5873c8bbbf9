"""Tasks found by words, in the order of their numbers, combined with other conditions.

The word index returns tasks by number, as the other indexes do. So SQLite walks all indexes at
once and merges them (``INTERSECT`` with ``ORDER BY``), at 0.1 µs a task. If one of the words is
rare, the rows of its tasks are read instead, at 1 µs each. If very few tasks meet another
condition, the words are looked up for each of them.

Two conditions that very many tasks meet may have hardly any task in common. So a walk proceeds in
legs, and may stop once they have taken their time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, bindparam, func, intersect, literal_column, select

from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.store.reads.catalogue import Catalogue
from sendoff_tasks.store.reads.conditions import (
    BY_ROW,
    FOUND_WORDS,
    Demand,
    any_of,
    demands,
    has,
    residue,
    subject_number,
)
from sendoff_tasks.store.reads.query import words_of
from sendoff_tasks.store.reads.walks import SortOrder, union_of
from sendoff_tasks.store.tables.cursor import Source, clock_of, is_remote, to_text_with_names
from sendoff_tasks.store.tables.schema import tasks

FEW: Final = 10
"""Up to this many tasks have the words looked up for each, which takes 0.3 ms per task."""
RARE: Final = 5_000
"""Up to this many tasks with a word have their rows read."""
LISTED: Final = 20_000
"""Up to this many tasks that meet a demand are searched for their lowest and highest number."""
LEG: Final = 25_000
"""Numbers in the longest leg: 2 to 6 ms in SQLite, 30 in PostgreSQL. Each leg is twice the last."""
LEG_OF_ROWS: Final = 5_000
"""Numbers in the first leg, and in every leg in which rows are read."""
PATIENCE: Final = 0.01
"""CPU seconds after which a walk stops, where it may."""
GOING_ON: Final = 0.04
"""The same for a walk that continues an earlier one, whose caller is ready to wait."""
_WITH_WORD: Final = "SELECT words.rowid FROM words WHERE words.words MATCH ? ORDER BY words.rowid"
COUNT_WORD: Final = f"SELECT count(*) FROM ({_WITH_WORD} LIMIT ?) AS found"  # noqa: S608
FIRST_WITH_WORD: Final = f"{_WITH_WORD} LIMIT 1"
LAST_WITH_WORD: Final = f"{_WITH_WORD} DESC LIMIT 1"
ENDS: Final = "SELECT (SELECT min(id) FROM tasks), (SELECT max(id) FROM tasks)"
_id: Final[Any] = literal_column("id")
_lowest: Final[Any] = bindparam("lowest", 0)
_highest: Final[Any] = bindparam("highest", 0)


class FoundTasks(NamedTuple):
    """Numbers of tasks in order; if a walk has stopped, ``end`` is the last number it covered."""

    ids: list[int]
    end: int | None = None


class Extent(NamedTuple):
    """The range of numbers in which tasks lie."""

    lowest: int
    highest: int

    def within(self, other: Extent) -> Extent:
        """Return the intersection of both ranges."""
        return Extent(max(self.lowest, other.lowest), min(self.highest, other.highest))


class _Way(NamedTuple):
    """One way to find a task: it has the words, lies within ``extent`` and meets the demands.

    ``few`` is a demand that at most :data:`FEW` tasks meet. ``left`` are the demands that not all
    tasks within the extent meet.
    """

    words: Sequence[str]
    demands: Sequence[Demand]
    few: Demand | None
    extent: Extent
    left: Sequence[Demand]


class Search:
    """The tasks that words find under further conditions, in one snapshot."""

    def __init__(
        self,
        connection: Source,
        wanted: TaskFilter,
        catalogue: Catalogue,
        *,
        descending: bool = True,
    ) -> None:
        self._connection = connection
        self._catalogue = catalogue
        self._order = SortOrder("id", descending)
        self._rest = residue(wanted, catalogue)
        lowest, highest = connection.execute(ENDS).fetchone()
        self._everywhere = Extent(lowest or 1, highest or 0)
        self._rare: dict[str, bool] = {}
        self._ways = [
            way for way in self._ways_of(wanted) if way.extent.lowest <= way.extent.highest
        ]
        self._is_short = all(map(self._is_quick, self._ways))
        self._is_of_words = not self._rest and not any(way.demands for way in self._ways)

    @property
    def extent(self) -> Extent:
        """The range of numbers in which the tasks lie."""
        if not self._ways:
            return Extent(1, 0)
        lowest = min(way.extent.lowest for way in self._ways)
        return Extent(lowest, max(way.extent.highest for way in self._ways))

    def find(
        self,
        most: int,
        beyond: int | None = None,
        patience: float | None = None,
        enough: int | None = None,
    ) -> FoundTasks:
        """Return the first ``most`` tasks; with ``beyond``, those after this number.

        With ``patience`` (s, see :func:`clock_of`) it may stop early; with ``enough``, after half.
        """
        if not self._ways:
            return FoundTasks([])
        # FTS5 intersects plain words itself, at 0.03 µs a task, but nothing can stop it.
        may_wait = patience is None or patience >= GOING_ON
        if not self._is_short and not (may_wait and self._is_of_words):
            return self._find_in_legs(most, beyond, patience, most if enough is None else enough)
        parts = [self._row_query(way, n, beyond) for n, way in enumerate(self._ways)]
        statement, given = self._union(parts, most)
        return FoundTasks(self._read(statement, [value for _, value in given]))

    def _find_in_legs(
        self, most: int, beyond: int | None, patience: float | None, enough: int
    ) -> FoundTasks:
        found: list[int] = []
        statement, given = self._union([self._leg_query(way) for way in self._ways], most)
        clock = clock_of(self._connection)
        began = before = clock()
        for leg in self._legs(beyond):
            ends = {_lowest.key: leg.lowest, _highest.key: leg.highest}
            found += self._read(statement, [ends.get(name, value) for name, value in given])
            if len(found) >= most:
                return FoundTasks(found[:most])
            now = clock()  # the next leg may take twice as long
            spent = (now - began + 2 * (now - before)) * (2 if len(found) >= enough else 1)
            if patience is not None and spent > patience:
                return FoundTasks(found, leg.lowest if self._order.descending else leg.highest)
            before = now
        return FoundTasks(found)

    def _legs(self, beyond: int | None) -> Iterator[Extent]:
        lowest, highest = self.extent
        longest = LEG_OF_ROWS if self._rest else LEG
        size, down = min(LEG_OF_ROWS, longest), self._order.descending
        if beyond is not None:
            ahead = Extent(lowest, beyond - 1) if down else Extent(beyond + 1, highest)
            lowest, highest = self.extent.within(ahead)
        while lowest <= highest:
            end = max(highest - size + 1, lowest) if down else min(lowest + size - 1, highest)
            yield Extent(end, highest) if down else Extent(lowest, end)
            lowest, highest = (lowest, end - 1) if down else (end + 1, highest)
            size = min(2 * size, longest)

    def _ways_of(self, wanted: TaskFilter) -> Iterator[_Way]:
        """Yield the ways: by all words, by the words that no title has, by a subject's number."""
        asked, beside = words_of(wanted), demands(wanted, self._catalogue)
        if not asked:
            return
        yield self._way(asked, beside)
        for rest, functions in self._catalogue.left_over(asked).items():
            for some in [functions] if rest else [[number] for number in functions]:
                of = Demand(any_of(tasks.c.function, some), self._catalogue.count(some))
                yield self._way(rest, [*beside, of])
        number = subject_number(asked)
        if number is not None:
            yield self._way([], [*beside, Demand(tasks.c.item_id == number)])

    def _way(self, asked: Sequence[str], beside: Sequence[Demand]) -> _Way:
        few: Demand | None = None
        extent, left = self._everywhere, []
        for demand in beside:
            count, own = self._extent_of(demand)
            extent = extent.within(own)
            if count > LISTED or count < own.highest - own.lowest + 1:
                left.append(demand)
            if count <= FEW:
                few = demand
        for word in asked if extent.lowest <= extent.highest else ():
            extent = extent.within(self._extent_of_word(word))
        return _Way(asked, beside, few, extent, left)

    def _extent_of(self, demand: Demand) -> tuple[int, Extent]:
        """Count the tasks that meet a demand, and find their range unless there are many."""
        if demand.count is not None and demand.count > LISTED:
            return demand.count, self._everywhere
        count, *ends = self._catalogue.extent(demand.condition, LISTED + 1)
        return count, Extent(*ends) if count <= LISTED else self._everywhere

    def _extent_of_word(self, word: str) -> Extent:
        query = (self._catalogue.vocabulary.match([word]),)
        first = self._connection.execute(FIRST_WITH_WORD, query).fetchone()
        last = self._connection.execute(LAST_WITH_WORD, query).fetchone()
        return Extent(1, 0) if first is None else Extent(*first, *last)

    def _is_quick(self, way: _Way) -> bool:
        """Tell whether the tasks of this way are found quickly."""
        if way.few is not None:
            return True
        if len(way.words) + len(way.demands) + len(self._rest) == 1:
            return not (way.words and is_remote(self._connection)) or self._is_rare(way.words[0])
        return any(map(self._is_rare, way.words))

    def _is_rare(self, word: str) -> bool:
        if word not in self._rare:
            query = self._catalogue.vocabulary.match([word])
            (found,) = self._connection.execute(COUNT_WORD, (query, RARE + 1)).fetchone()
            self._rare[word] = found <= RARE
        return self._rare[word]

    def _row_query(self, way: _Way, place: int, beyond: int | None) -> Select[Any]:
        """Return the query that reads the rows of tasks with the words, or of the few."""
        conditions = [each.condition for each in way.demands if each is not way.few] + self._rest
        if way.words:
            number, query = self._with_words(way, place)
            if conditions:
                query = query.join(tasks, tasks.c.id == number)
        else:
            number, query = tasks.c.id, select(tasks.c.id)
        if way.few is not None:
            query = query.where(number.in_(way.few.first(FEW)))
        if beyond is not None:
            query = query.where(self._order.beyond(number, beyond))
        return self._order.sorted(query.where(*conditions), number)

    def _with_words(self, way: _Way, place: int) -> tuple[Any, Select[Any]]:
        """Return the column of task numbers, and the query for tasks with the words.

        For rare words this is a CTE, which a server evaluates first.
        """
        number = FOUND_WORDS.c.rowid
        matching = has(self._catalogue.vocabulary.match(way.words))
        query = select(number.label("id")).where(matching)
        if not any(map(self._is_rare, way.words)):
            return number, query
        found = query.cte(f"rare_{place}").prefix_with("MATERIALIZED")
        return found.c.id, select(found.c.id)

    def _leg_query(self, way: _Way) -> Select[Any]:
        """Return the query that merges the words and demands of a way, for one leg."""
        number = FOUND_WORDS.c.rowid
        parts: list[Select[Any]] = []
        for word in way.words:
            matching = has(self._catalogue.vocabulary.match([word]), BY_ROW)
            within = number.between(_lowest, _highest)
            parts.append(select(number.label("id")).where(matching, within))
        # With several ways, a leg may exceed the extent of one of them.
        for demand in way.left if way.words and len(self._ways) == 1 else way.demands:
            within = tasks.c.id.between(_lowest, _highest)
            parts.append(select(tasks.c.id.label("id")).where(demand.condition, within))
        order = self._order.way(_id)
        # A limit of its own makes SQLite keep the order of a subquery.
        if len(parts) > 1:
            found = intersect(*parts).order_by(order).limit(LEG).subquery()
        else:
            found = parts[0].order_by(order).limit(LEG).subquery()
        query = select(found.c.id)
        if not self._rest:
            return query
        query = query.select_from(found.join(tasks, tasks.c.id == found.c.id))
        return self._order.sorted(query.where(*self._rest), found.c.id)

    def _union(self, parts: list[Select[Any]], most: int) -> tuple[str, list[tuple[str, Any]]]:
        """Return the statement that unites all parts, and its parameters."""
        parts = [part.limit(most) for part in parts]
        query = parts[0]
        if len(parts) > 1:
            either = union_of(parts).subquery()
            query = self._order.sorted(select(either.c.id), either.c.id).limit(most)
        # As one row, because the driver releases the GIL for each.
        whole = func.json_group_array(query.subquery().c.id).label("found")
        return to_text_with_names(select(whole))

    def _read(self, statement: str, given: Sequence[Any]) -> list[int]:
        ((text,),) = self._connection.execute(statement, given).fetchall()
        found: list[int] = json.loads(text)
        found.sort(reverse=self._order.descending)
        return found
