"""How words find tasks, by number, beside what else is asked.

The word index tells its tasks by number, as the other indexes do. So SQLite walks along all that
are asked at once and merges them (``INTERSECT`` with ``ORDER BY``), at 0.1 µs a task. Where one of
the words is rare, the rows of its tasks are read instead, at 1 µs each; and where very few tasks
meet what else is asked, these are asked for their words one by one.

Two things that very many tasks have each may be met together by hardly any. So a walk goes in legs,
and may stop once they have taken their time.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import Select, bindparam, func, intersect, literal_column, select

from desktop.contract.states import State
from desktop.engine.store.reads.catalogue import Catalogue
from desktop.engine.store.reads.query import Filter
from desktop.engine.store.reads.tasks.conditions import (
    FOUND_WORDS,
    Demand,
    any_of,
    demands,
    has,
    item_number,
    residue,
)
from desktop.engine.store.reads.tasks.orders import SortOrder
from desktop.engine.store.reads.tasks.walks import union_of
from desktop.engine.store.reads.vocabulary import WITHOUT_ERROR
from desktop.engine.store.tables.compiled import to_text_with_names
from desktop.engine.store.tables.cursor import Source, clock_of, is_remote
from desktop.engine.store.tables.schema import tasks

FEW: Final = 10
"""So many tasks are asked for their words one by one, which takes 0.3 ms each."""
RARE: Final = 5_000
"""So many tasks that have a word have their rows read."""
LISTED: Final = 20_000
"""Of so many tasks that meet a demand it is looked between which numbers they are."""
LEG: Final = 25_000
"""Numbers of the longest leg: 2 to 6 ms of SQLite, 30 of PostgreSQL; each is twice the last."""
LEG_OF_ROWS: Final = 5_000
"""Numbers of the first leg, and of all in which rows are read."""
PATIENCE: Final = 0.01
"""Seconds of the processor after which a walk stops, where it may."""
GOING_ON: Final = 0.04
"""The same for one that goes on where another has stopped: who asks on is ready to wait."""
_WITH_WORD: Final = "SELECT words.rowid FROM words WHERE words.words MATCH ? ORDER BY words.rowid"
COUNT_WORD: Final = f"SELECT count(*) FROM ({_WITH_WORD} LIMIT ?) AS found"  # noqa: S608
FIRST_WITH_WORD: Final = f"{_WITH_WORD} LIMIT 1"
LAST_WITH_WORD: Final = f"{_WITH_WORD} DESC LIMIT 1"
_ENDS: Final = "SELECT (SELECT min(id) FROM tasks), (SELECT max(id) FROM tasks)"
_id: Final[Any] = literal_column("id")
_lowest: Final[Any] = bindparam("lowest", 0)
_highest: Final[Any] = bindparam("highest", 0)


class Found(NamedTuple):
    """Numbers of tasks in their order; of a walk that has stopped, the last one it looked at."""

    ids: list[int]
    end: int | None = None


class Extent(NamedTuple):
    """Between which numbers tasks are."""

    lowest: int
    highest: int

    def within(self, other: Extent) -> Extent:
        """Return what both have."""
        return Extent(max(self.lowest, other.lowest), min(self.highest, other.highest))


class _Way(NamedTuple):
    """One way for a task to be found: to have words, within ``extent``, and to meet demands.

    ``few`` is one that :data:`FEW` tasks meet, ``left`` those that not all within the extent do.
    """

    words: Sequence[str]
    demands: Sequence[Demand]
    few: Demand | None
    extent: Extent
    left: Sequence[Demand]


class Search:
    """The tasks that words find, of which several things are asked in one moment."""

    def __init__(
        self, connection: Source, wanted: Filter, catalogue: Catalogue, *, descending: bool = True
    ) -> None:
        self._connection = connection
        self._catalogue = catalogue
        self._order = SortOrder("id", descending)
        self._rest = residue(wanted, catalogue)
        # What has succeeded has no error, which the word index knows.
        self._but = WITHOUT_ERROR if set(wanted.states) == {State.SUCCEEDED} else ""
        lowest, highest = connection.execute(_ENDS).fetchone()
        self._everywhere = Extent(lowest or 1, highest or 0)
        self._rare: dict[str, bool] = {}
        self._ways = [
            way for way in self._ways_of(wanted) if way.extent.lowest <= way.extent.highest
        ]
        self._is_short = all(map(self._takes_short, self._ways))
        self._is_of_words = not self._rest and not any(way.demands for way in self._ways)

    @property
    def extent(self) -> Extent:
        """Between which numbers the tasks are."""
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
    ) -> Found:
        """Return the first tasks, ``most`` of them; with ``beyond`` a number, those after it.

        With ``patience`` (s, see :func:`clock_of`) it may stop before; with ``enough`` of them,
        after half of it.
        """
        if not self._ways:
            return Found([])
        # Words alone the index itself intersects, at 0.03 µs a task, but nothing can stop it.
        may_wait = patience is None or patience >= GOING_ON
        if not self._is_short and not (may_wait and self._is_of_words):
            return self._find_in_legs(most, beyond, patience, most if enough is None else enough)
        parts = [self._by_rows(way, n, beyond) for n, way in enumerate(self._ways)]
        statement, given = self._united(parts, most)
        return Found(self._read(statement, [value for _, value in given]))

    def _find_in_legs(
        self, most: int, beyond: int | None, patience: float | None, enough: int
    ) -> Found:
        found: list[int] = []
        statement, given = self._united([self._merged(way) for way in self._ways], most)
        clock = clock_of(self._connection)
        began = before = clock()
        for leg in self._legs(beyond):
            ends = {_lowest.key: leg.lowest, _highest.key: leg.highest}
            found += self._read(statement, [ends.get(name, value) for name, value in given])
            if len(found) >= most:
                return Found(found[:most])
            now = clock()  # the next leg may take twice as long as this one
            spent = (now - began + 2 * (now - before)) * (2 if len(found) >= enough else 1)
            if patience is not None and spent > patience:
                return Found(found, leg.lowest if self._order.descending else leg.highest)
            before = now
        return Found(found)

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

    def _ways_of(self, wanted: Filter) -> Iterator[_Way]:
        """List the ways: all words, or those that a function's title has not, or a number."""
        asked, beside = wanted.words, demands(wanted, self._catalogue)
        if not asked:
            return
        yield self._way(asked, beside)
        for rest, functions in self._catalogue.left_over(asked).items():
            for some in [functions] if rest else [[number] for number in functions]:
                of = Demand(any_of(tasks.c.function, some), self._catalogue.count(some))
                yield self._way(rest, [*beside, of])
        number = item_number(asked)
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
        """Count the tasks that meet a demand; of many it is not looked where they are."""
        if demand.count is not None and demand.count > LISTED:
            return demand.count, self._everywhere
        count, *ends = self._catalogue.extent(demand.condition, LISTED + 1)
        return count, Extent(*ends) if count <= LISTED else self._everywhere

    def _extent_of_word(self, word: str) -> Extent:
        query = (self._catalogue.vocabulary.match_all([word]),)
        first = self._connection.execute(FIRST_WITH_WORD, query).fetchone()
        last = self._connection.execute(LAST_WITH_WORD, query).fetchone()
        return Extent(1, 0) if first is None else Extent(*first, *last)

    def _takes_short(self, way: _Way) -> bool:
        """Tell whether its tasks are found at once, or soon."""
        if way.few is not None:
            return True
        if len(way.words) + len(way.demands) + len(self._rest) == 1:
            return not (way.words and is_remote(self._connection)) or self._is_rare(way.words[0])
        return any(map(self._is_rare, way.words))

    def _is_rare(self, word: str) -> bool:
        if word not in self._rare:
            query = f"{self._catalogue.vocabulary.match_all([word])}{self._but}"
            (found,) = self._connection.execute(COUNT_WORD, (query, RARE + 1)).fetchone()
            self._rare[word] = found <= RARE
        return self._rare[word]

    def _by_rows(self, way: _Way, place: int, beyond: int | None) -> Select[Any]:
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
        """Return the number of tasks with the words, and the query for them.

        Where they are few they have a name of their own: a server gathers them first.
        """
        matching = f"{self._catalogue.vocabulary.match_all(way.words)}{self._but}"
        number = FOUND_WORDS.c.rowid
        query = select(number.label("id")).where(has(matching))
        if not any(map(self._is_rare, way.words)):
            return number, query
        found = query.cte(f"rare_{place}")
        return found.c.id, select(found.c.id)

    def _merged(self, way: _Way) -> Select[Any]:
        """Return the query that merges what is asked, for a leg."""
        number = FOUND_WORDS.c.rowid
        parts: list[Select[Any]] = []
        for word in way.words:
            matching = has(self._catalogue.vocabulary.match_all([word]))
            within = number.between(_lowest, _highest)
            parts.append(select(number.label("id")).where(matching, within))
        # A leg of several ways is not within the extent of each.
        for demand in way.left if way.words and len(self._ways) == 1 else way.demands:
            within = tasks.c.id.between(_lowest, _highest)
            parts.append(select(tasks.c.id.label("id")).where(demand.condition, within))
        order = self._order.way(_id)
        # With a limit of its own SQLite keeps it in order, wherever it stands.
        if len(parts) > 1:
            found = intersect(*parts).order_by(order).limit(LEG).subquery()
        else:
            found = parts[0].order_by(order).limit(LEG).subquery()
        query = select(found.c.id)
        if not self._rest:
            return query
        query = query.select_from(found.join(tasks, tasks.c.id == found.c.id))
        return self._order.sorted(query.where(*self._rest), found.c.id)

    def _united(self, parts: list[Select[Any]], most: int) -> tuple[str, list[tuple[str, Any]]]:
        """Return the statement that reads what any of them finds, and what it is given."""
        parts = [part.limit(most) for part in parts]
        query = parts[0]
        if len(parts) > 1:
            either = union_of(parts).subquery()
            query = self._order.sorted(select(either.c.id), either.c.id).limit(most)
        # As one row: the driver lets go of the GIL for each.
        whole = func.json_group_array(query.subquery().c.id).label("found")
        return to_text_with_names(select(whole))

    def _read(self, statement: str, given: Sequence[Any]) -> list[int]:
        ((text,),) = self._connection.execute(statement, given).fetchall()
        found: list[int] = json.loads(text)
        found.sort(reverse=self._order.descending)
        return found
