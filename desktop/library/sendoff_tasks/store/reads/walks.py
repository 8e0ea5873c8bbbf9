"""The orders of pages, and the indexes from which a page is read.

An order is a sequence of stretches, each read along one index. Tasks without a sort value (no
subject, not ended yet) are a stretch of their own, in the order of their numbers.

A page is the union of *walks*. Each walk reads ``(key, id)`` in order from one index and stops
after as many rows as the page can need, so a page costs the same among ten tasks and a million.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    false,
    literal,
    literal_column,
    or_,
    select,
    union,
)

from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.model.reasons import NO_REASON
from sendoff_tasks.model.states import OPEN, TROUBLED, State
from sendoff_tasks.store.reads.catalogue import Catalogue
from sendoff_tasks.store.reads.conditions import (
    SqlCondition,
    any_of,
    asked_states,
    by_number,
    is_of_trouble,
    of_cause,
    residue,
    seen_or_not,
    unindexed,
    words_condition,
)
from sendoff_tasks.store.reads.query import (
    BadQuery,
    KeysetPlace,
    asks_for_words,
    words_of,
)
from sendoff_tasks.store.tables.schema import TOOK, tasks

KEYS: Final = ("id", "created_at", "finished_at", "state", "to", "item_id", "task", "took")
"""The sort keys; ``tasks.SortKey`` explains them."""
NOT_OVER: Final = -(2**62)
"""A value below every duration."""
SMALL: Final = 5_000
"""Up to this many tasks are sorted faster than an index is walked to find them."""
UNITED: Final = 100
"""Most parts in one UNION."""
ANY_STATE: Final = TaskFilter(states=tuple(State))


@dataclass(frozen=True, slots=True)
class SortOrder:
    """The order of a page, and the position after which it begins."""

    key: str
    descending: bool
    after: KeysetPlace | None = None

    def beyond(self, at: ColumnElement[Any], value: Any) -> SqlCondition:
        """Return the condition that ``at`` comes after ``value``."""
        condition: SqlCondition = at < value if self.descending else at > value
        return condition

    def is_beyond(self, key: Any, value: Any) -> bool:
        """Tell whether one known key comes after another."""
        return bool(key < value if self.descending else key > value)

    def sorted(self, query: Select[Any], *columns: ColumnElement[Any]) -> Select[Any]:
        """Sort a query by ``columns``, all in this direction."""
        return query.order_by(*map(self.way, columns))

    def way(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return the sort expression of a column in this direction."""
        return column.desc() if self.descending else column


@dataclass(frozen=True, slots=True)
class Stretch:
    """Tasks that meet ``where``, ordered by ``key`` and number; a constant key is the same for all.

    All its tasks are in ``states``.
    """

    key: ColumnElement[Any] | int | str
    where: tuple[SqlCondition, ...] = ()
    states: frozenset[State] = frozenset(State)


_IS_OVER: Final = tasks.c.finished_at > literal_column("0")  # the index's condition
_OVER: Final = frozenset(State) - OPEN

_STRETCHES: Final = {
    "created_at": (Stretch(tasks.c.created_at),),
    "state": (Stretch(tasks.c.state),),
    "to": (Stretch(tasks.c.recipient),),
    "finished_at": (
        Stretch(0, (tasks.c.finished_at == 0,), OPEN),
        Stretch(tasks.c.finished_at, (_IS_OVER,), _OVER),
    ),
    "item_id": (
        Stretch(0, (tasks.c.item_id.is_(None),)),
        Stretch(tasks.c.item_id, (tasks.c.item_id.is_not(None),)),
    ),
    "took": (
        Stretch(NOT_OVER, (tasks.c.finished_at == 0,), OPEN),
        Stretch(TOOK, (_IS_OVER,), _OVER),
    ),
}


def stretches(order: SortOrder, catalogue: Catalogue, states: tuple[str, ...]) -> list[Stretch]:
    """Return the stretches, in order, that tasks in these states (none: any) can be in."""
    every = _by_title(catalogue, states) if order.key == "task" else _STRETCHES[order.key]
    found = [each for each in every if not states or not each.states.isdisjoint(states)]
    return found[::-1] if order.descending else found


def _by_title(catalogue: Catalogue, states: tuple[str, ...]) -> list[Stretch]:
    """Return a stretch for each title of functions; tasks' own titles do not count."""
    titled: dict[str, list[SqlCondition]] = {}
    for function in catalogue.functions:
        if catalogue.count([function.id], states):
            is_its_own = tasks.c.function == function.id
            titled.setdefault(function.title.casefold(), []).append(is_its_own)
    return [Stretch(title, (or_(*titled[title]),)) for title in sorted(titled)]


def walks(wanted: TaskFilter, order: SortOrder, catalogue: Catalogue) -> list[Select[Any]]:
    """Return sorted walks whose union has the wanted tasks; they may overlap.

    Words in the order of numbers are handled by ``searches``.
    """
    functions = catalogue.meant(wanted)
    rest = residue(replace(wanted, ids=()), catalogue)
    if order.key == "id" and not wanted.ids:
        leads = _leads(wanted, functions, catalogue)
        return [_walk_ids(order, lead, [*rest, *also]) for lead, also in leads]
    if functions is not None:
        rest.append(any_of(tasks.c.function, functions))
    if wanted.item_id is not None:
        rest.append(tasks.c.item_id == wanted.item_id)
    if wanted.batch_id is not None:
        rest.append(tasks.c.batch_id == wanted.batch_id)
    if wanted.cause is not None:
        rest.append(or_(*of_cause(wanted.cause, catalogue)))
    if wanted.states:
        few = catalogue.count(functions, wanted.states) <= SMALL
        # The + keeps the planner off the index of states, which it would use for states that
        # nearly every task has.
        state = tasks.c.state if few else literal_column("+tasks.state")
        rest.append(any_of(state, wanted.states))
    if asks_for_words(wanted):
        rest.append(words_condition(words_of(wanted), catalogue))
    if wanted.ids:
        rest = [*by_number(wanted), *unindexed(rest)]
        if order.key == "id":
            return [_walk_ids(order, None, rest)]
    along = stretches(order, catalogue, wanted.states)
    return [walk for each in along for walk in _walk_keys(order, each, rest)] or [_NOTHING]


_Lead = tuple[SqlCondition | None, list[SqlCondition]]
"""A condition that an index answers, and the conditions that each row must meet."""


def _leads(wanted: TaskFilter, functions: list[int] | None, catalogue: Catalogue) -> list[_Lead]:
    """Choose what to walk: one subject, the rarer of states and functions, or all tasks."""
    states = asked_states(wanted, catalogue)
    of = None if functions is None else [tasks.c.function == n for n in functions] or [false()]
    within = [or_(*each) for each in (states, of) if each]
    if wanted.batch_id is not None:
        within.append(tasks.c.batch_id == wanted.batch_id)
    caused = [] if wanted.cause is None else of_cause(wanted.cause, catalogue)
    subject = None if wanted.item_id is None else tasks.c.item_id == wanted.item_id
    if subject is not None:
        return [(subject, [*within, or_(*caused)] if caused else within)]
    if caused:
        return _cause_leads(wanted, caused, within, catalogue)
    if wanted.batch_id is not None:
        # The index of batches returns each state of one batch in order.
        return [(state, within) for state in states or asked_states(ANY_STATE, catalogue)]
    if wanted.seen is not None and is_of_trouble(wanted):
        # The index of what was seen returns each state in order.
        each = states or [tasks.c.state == state for state in sorted(TROUBLED)]
        also = [or_(*of)] if of is not None else []
        return [(and_(seen_or_not(wanted), state), also) for state in each]
    if wanted.reasons and NO_REASON not in wanted.reasons:
        reasons = dict.fromkeys(wanted.reasons)
        return [(tasks.c.reason == reason, within) for reason in reasons]
    if of is not None and catalogue.count(functions) <= catalogue.count(None, wanted.states):
        return [(one, [or_(*states)] if states else []) for one in of]
    if states:
        return [(one, [or_(*of)] if of is not None else []) for one in states]
    return [(None, [])]


def _cause_leads(
    wanted: TaskFilter, caused: list[SqlCondition], within: list[SqlCondition], catalogue: Catalogue
) -> list[_Lead]:
    """Walk a cause by state, as its index is sorted, and separately the tasks that it stops."""
    met, *held = caused
    counts, taken = catalogue.met(wanted.cause or "")
    leads: list[_Lead] = [
        (and_(met, tasks.c.state == state), within)
        for state in counts
        if counts[state] > taken[state] and (not wanted.states or state in wanted.states)
    ]
    return [*leads, *((each, within) for each in held)] or [(false(), [])]


def union_of(parts: list[Select[Any]]) -> Select[Any]:
    """Unite any number of parts; SQLite allows 500 at once."""
    while len(parts) > UNITED:
        groups = (parts[first : first + UNITED] for first in range(0, len(parts), UNITED))
        parts = [union_of([*group]) for group in groups]
    return select(union(*(select(part.subquery()) for part in parts)).subquery())


def _walk_ids(order: SortOrder, lead: SqlCondition | None, rest: list[SqlCondition]) -> Select[Any]:
    query = select(tasks.c.id.label("key"), tasks.c.id.label("id"))
    if lead is not None:
        query = query.where(lead)
    if order.after is not None:
        query = query.where(order.beyond(tasks.c.id, order.after.id))
    return order.sorted(query.where(*rest), tasks.c.id)


def _walk_keys(order: SortOrder, stretch: Stretch, rest: list[SqlCondition]) -> list[Select[Any]]:
    """Walk one index; after a position, that is the rest of its ties and the keys after it."""
    if not isinstance(stretch.key, ColumnElement):
        return _walk_one_key(order, stretch.key, [*stretch.where, *rest])
    key = stretch.key
    query = select(key.label("key"), tasks.c.id.label("id")).where(*stretch.where, *rest)
    if order.after is None:
        return [order.sorted(query, key, tasks.c.id)]
    value, number = order.after
    ties = query.where(key == value, order.beyond(tasks.c.id, number))
    after = query.where(order.beyond(key, value))
    return [order.sorted(ties, tasks.c.id), order.sorted(after, key, tasks.c.id)]


def _walk_one_key(order: SortOrder, key: int | str, where: list[SqlCondition]) -> list[Select[Any]]:
    query = select(literal(key).label("key"), tasks.c.id.label("id")).where(*where)
    if order.after is not None:
        value, number = order.after
        if isinstance(value, str) != isinstance(key, str):
            raise BadQuery("after", "cursor")
        if value == key:
            query = query.where(order.beyond(tasks.c.id, number))
        elif not order.is_beyond(key, value):
            return []
    return [order.sorted(query, tasks.c.id)]


_NOTHING: Final = select(tasks.c.id.label("key"), tasks.c.id.label("id")).where(false())
