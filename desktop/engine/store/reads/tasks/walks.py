"""The indexes from which a page is read.

A page is the union of *walks*. Each walk reads ``(key, id)`` in order from one index and stops
after as many rows as the page can need, so a page costs the same among ten tasks and a million.
"""

from __future__ import annotations

from dataclasses import replace
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

from desktop.contract.states import State
from desktop.engine.store.reads.catalogue import Catalogue
from desktop.engine.store.reads.page_cursors import NO_PLACE
from desktop.engine.store.reads.query import BadQuery, Filter
from desktop.engine.store.reads.tasks.conditions import (
    Condition,
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
from desktop.engine.store.reads.tasks.orders import SortOrder, Stretch, stretches
from desktop.engine.store.tables.schema import tasks

SMALL: Final = 5_000
"""Up to this many tasks are sorted faster than an index is walked to find them."""
UNITED: Final = 100
"""Most parts in one UNION."""
ANY_STATE: Final = Filter(states=tuple(State))


def walks(wanted: Filter, order: SortOrder, catalogue: Catalogue) -> list[Select[Any]]:
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
    if wanted.asks_for_words:
        rest.append(words_condition(wanted.words, catalogue))
    if wanted.ids:
        rest = [*by_number(wanted), *unindexed(rest)]
        if order.key == "id":
            return [_walk_ids(order, None, rest)]
    along = stretches(order, catalogue, wanted.states)
    return [walk for each in along for walk in _walk_keys(order, each, rest)] or [_NOTHING]


_Lead = tuple[Condition | None, list[Condition]]
"""A condition that an index answers, and the conditions that each row must meet."""


def _leads(wanted: Filter, functions: list[int] | None, catalogue: Catalogue) -> list[_Lead]:
    """Choose what to walk: one item, the rarer of states and functions, or all tasks."""
    states = asked_states(wanted, catalogue)
    of = None if functions is None else [tasks.c.function == n for n in functions] or [false()]
    within = [or_(*each) for each in (states, of) if each]
    if wanted.batch_id is not None:
        within.append(tasks.c.batch_id == wanted.batch_id)
    caused = [] if wanted.cause is None else of_cause(wanted.cause, catalogue)
    item = None if wanted.item_id is None else tasks.c.item_id == wanted.item_id
    if item is not None:
        return [(item, [*within, or_(*caused)] if caused else within)]
    if caused:
        return _cause_leads(wanted, caused, within, catalogue)
    if wanted.batch_id is not None:
        # The index of batches returns each state of one batch in order.
        return [(state, within) for state in states or asked_states(ANY_STATE, catalogue)]
    if wanted.seen is not None and is_of_trouble(wanted):
        also = [or_(*of)] if of is not None else []
        if states:
            also.append(any_of(literal_column("+tasks.state"), wanted.states))
        return [(seen_or_not(wanted), also)]
    if wanted.reasons:
        reasons = dict.fromkeys(wanted.reasons)
        return [(tasks.c.reason == reason, within) for reason in reasons]
    if of is not None and catalogue.count(functions) <= catalogue.count(None, wanted.states):
        return [(one, [or_(*states)] if states else []) for one in of]
    if states:
        return [(one, [or_(*of)] if of is not None else []) for one in states]
    return [(None, [])]


def _cause_leads(
    wanted: Filter, caused: list[Condition], within: list[Condition], catalogue: Catalogue
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


def _walk_ids(order: SortOrder, lead: Condition | None, rest: list[Condition]) -> Select[Any]:
    query = select(tasks.c.id.label("key"), tasks.c.id.label("id"))
    if lead is not None:
        query = query.where(lead)
    if order.after is not None:
        query = query.where(order.beyond(tasks.c.id, order.after.id))
    return order.sorted(query.where(*rest), tasks.c.id)


def _walk_keys(order: SortOrder, stretch: Stretch, rest: list[Condition]) -> list[Select[Any]]:
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


def _walk_one_key(order: SortOrder, key: int | str, where: list[Condition]) -> list[Select[Any]]:
    query = select(literal(key).label("key"), tasks.c.id.label("id")).where(*where)
    if order.after is not None:
        value, number = order.after
        if isinstance(value, str) != isinstance(key, str):
            raise BadQuery("after", NO_PLACE)
        if value == key:
            query = query.where(order.beyond(tasks.c.id, number))
        elif not order.is_beyond(key, value):
            return []
    return [order.sorted(query, tasks.c.id)]


_NOTHING: Final = select(tasks.c.id.label("key"), tasks.c.id.label("id")).where(false())
