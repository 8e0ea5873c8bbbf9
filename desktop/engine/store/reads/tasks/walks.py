"""Which indexes a page is read from.

A page is the union of *walks*: each reads ``(key, id)`` in order from one index and stops after
as many rows as the page can need, so a page costs the same among ten tasks and a million.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    false,
    func,
    literal,
    literal_column,
    or_,
    select,
)

from desktop.contract.states import TROUBLED, State
from desktop.engine.store.reads.catalogue import Catalogue
from desktop.engine.store.reads.query import NO_PLACE, BadQuery, Filter
from desktop.engine.store.reads.tasks.orders import Condition, SortOrder, Stretch, stretches
from desktop.engine.store.reads.tasks.searches import (
    NO_LEAD,
    SMALL,
    Demand,
    Lead,
    found_words,
    is_done,
    of_states,
    text_leads,
    words_condition,
)
from desktop.engine.store.reads.vocabulary import words
from desktop.engine.store.tables.schema import tasks

ANY_STATE: Final = Filter(states=tuple(State))


def walks(
    wanted: Filter, order: SortOrder, catalogue: Catalogue, beside: Sequence[Demand] = ()
) -> list[Select[Any]]:
    """Return the sorted walks whose union is meant; they may overlap.

    ``beside`` is asked of tasks, too, where words are asked for and numbers are sorted by.
    """
    functions = catalogue.meant(wanted)
    rest = _residue(wanted, catalogue)
    if order.key == "id":
        return [
            _walk_ids(order, lead, [*rest, *also], fts=fts)
            for lead, also, fts in _leads(wanted, functions, catalogue, beside)
        ]
    if functions is not None:
        rest.append(_any_of(tasks.c.function, functions))
    if wanted.item_id is not None:
        rest.append(tasks.c.item_id == wanted.item_id)
    if wanted.batch_id is not None:
        rest.append(tasks.c.batch_id == wanted.batch_id)
    if wanted.cause is not None:
        rest.append(or_(*_caused(wanted.cause, catalogue)))
    if wanted.states:
        few = catalogue.count(functions, wanted.states) <= SMALL
        # The + keeps the planner off the index of states, which it would take for states that
        # nearly every task is in.
        state = tasks.c.state if few else literal_column("+tasks.state")
        rest.append(_any_of(state, wanted.states))
    if wanted.asks_for_words:
        rest.append(words_condition(wanted.words, catalogue))
    along = stretches(order, catalogue, wanted.states)
    return [walk for each in along for walk in _walk_keys(order, each, rest)] or [_NOTHING]


def _residue(wanted: Filter, catalogue: Catalogue) -> list[Condition]:
    found: list[Condition] = []
    if wanted.reasons:
        found.append(_any_of(tasks.c.reason, wanted.reasons))
    if wanted.seen is not None:
        found.append(_seen(wanted))
    if wanted.standing is not None:
        stopped = _any_of(tasks.c.function, catalogue.standing)
        out = ~stopped if wanted.standing else stopped
        found.append(or_(tasks.c.state != State.QUEUED.value, ~out))
    found += [tasks.c.recipient.icontains(word, autoescape=True) for word in wanted.to.split()]
    odd = [word for word in wanted.error.split() if words(word) != word.lower()]
    found += [tasks.c.error.icontains(word, autoescape=True) for word in odd]
    if wanted.since is not None:
        found.append(tasks.c.created_at >= round(wanted.since * 1000))
    if wanted.until is not None:
        found.append(tasks.c.created_at < round(wanted.until * 1000))
    if wanted.known_at is not None:
        known_at = round(wanted.known_at * 1000)
        found += [tasks.c.created_at < known_at, tasks.c.finished_at < known_at]
    return found


def _leads(
    wanted: Filter, functions: list[int] | None, catalogue: Catalogue, beside: Sequence[Demand]
) -> list[Lead]:
    """Choose what to walk: the word index, one item, the fewest of states and functions, or all."""
    asked = wanted.words
    if wanted.asks_for_words:  # a text without a word is in no task
        demands = [*_demands(wanted, functions, catalogue), *beside]
        done = is_done(wanted.states)
        return text_leads(asked, demands, catalogue, is_done=done) if asked else [NO_LEAD]
    states = _states(wanted, catalogue)
    of = None if functions is None else [tasks.c.function == n for n in functions] or [false()]
    within = [or_(*each) for each in (states, of) if each]
    if wanted.batch_id is not None:
        within.append(tasks.c.batch_id == wanted.batch_id)
    caused = [] if wanted.cause is None else _caused(wanted.cause, catalogue)
    item = None if wanted.item_id is None else tasks.c.item_id == wanted.item_id
    if item is not None:
        return [(item, [*within, or_(*caused)] if caused else within, None)]
    if caused:
        return _cause_leads(wanted, caused, within, catalogue)
    if wanted.batch_id is not None:
        # Of one batch, each state by itself comes sorted out of the index.
        return [(state, within, None) for state in states or _states(ANY_STATE, catalogue)]
    if wanted.seen is not None and _is_of_trouble(wanted):
        also = [or_(*of)] if of is not None else []
        if states:
            also.append(_any_of(literal_column("+tasks.state"), wanted.states))
        return [(_seen(wanted), also, None)]
    if wanted.reasons:
        reasons = dict.fromkeys(wanted.reasons)
        return [(tasks.c.reason == reason, within, None) for reason in reasons]
    if of is not None and catalogue.count(functions) <= catalogue.count(None, wanted.states):
        return [(one, [or_(*states)] if states else [], None) for one in of]
    if states:
        return [(one, [or_(*of)] if of is not None else [], None) for one in states]
    return [(None, [], None)]


def _demands(wanted: Filter, functions: list[int] | None, catalogue: Catalogue) -> list[Demand]:
    """List what is asked of tasks beside words, and has an index."""
    found: list[Demand] = []
    states = _states(wanted, catalogue)
    if states:
        found.append(of_states(wanted.states, or_(*states), catalogue))
    if functions is not None:
        found.append(Demand(_any_of(tasks.c.function, functions), catalogue.count(functions)))
    if (states or functions is not None) and not catalogue.count(functions, wanted.states):
        found.append(Demand(false(), 0))
    if wanted.cause is not None:
        caused = or_(*_caused(wanted.cause, catalogue))
        found.append(Demand(caused, catalogue.count_caused(wanted.cause, ())))
    if wanted.item_id is not None:
        found.append(Demand(tasks.c.item_id == wanted.item_id))
    if wanted.batch_id is not None:
        found.append(Demand(tasks.c.batch_id == wanted.batch_id))
    if wanted.reasons:
        found.append(Demand(_any_of(tasks.c.reason, wanted.reasons)))
    if wanted.seen is not None and _is_of_trouble(wanted):
        found.append(Demand(_seen(wanted)))
    return found


def _caused(cause: str, catalogue: Catalogue) -> list[Condition]:
    """Ask for the tasks that have a cause, and for those that wait for it with their queue."""
    queued = tasks.c.state == literal_column("'queued'")
    held = [and_(queued, tasks.c.function == f) for f in catalogue.held_for(cause)]
    return [tasks.c.cause == cause, *held]


def _cause_leads(
    wanted: Filter, caused: list[Condition], within: list[Condition], catalogue: Catalogue
) -> list[Lead]:
    """Walk a cause state by state, which comes sorted out of its index, and what is held for it."""
    has, *held = caused
    states = catalogue.states_of(wanted.cause or "")
    leads: list[Lead] = [
        (and_(has, tasks.c.state == state), within, None)
        for state in states
        if not wanted.states or state in wanted.states
    ]
    return [*leads, *((each, within, None) for each in held)] or [NO_LEAD]


def _is_of_trouble(wanted: Filter) -> bool:
    """Tell whether only tasks are meant of which it is written whether they were seen."""
    return wanted.seen is True or (bool(wanted.states) and TROUBLED.issuperset(wanted.states))


def _seen(wanted: Filter) -> Condition:
    """Ask whether a task was seen; of others than failed and uncertain ones nothing is written."""
    if _is_of_trouble(wanted):
        is_seen: Condition = tasks.c.seen == literal_column("1" if wanted.seen else "0")
        return is_seen
    return func.coalesce(tasks.c.seen, literal_column("0")) == literal_column("0")


def _states(wanted: Filter, catalogue: Catalogue) -> list[Condition]:
    """Ask for each state; for queued tasks only where some stand, or do not, as is wanted.

    Else a million that are paused would be walked to find none that is not.
    """
    asked = dict.fromkeys(wanted.states)
    queued = replace(wanted, states=(State.QUEUED,))
    if wanted.standing is not None and not catalogue.matching(queued):
        asked.pop(State.QUEUED, None)
    if wanted.states and not asked:
        return [false()]
    return [tasks.c.state == state for state in asked]


def _any_of(at: ColumnElement[Any], values: Sequence[Any]) -> Condition:
    return or_(false(), *(at == value for value in values))


def _walk_ids(
    order: SortOrder, lead: Condition | None, rest: list[Condition], *, fts: str | None
) -> Select[Any]:
    number: ColumnElement[Any] = found_words.c.rowid if fts else tasks.c.id
    query = select(number.label("key"), number.label("id"))
    if fts:
        query = query.where(found_words.c.words.op("MATCH")(fts))
        if rest:
            query = query.select_from(found_words.join(tasks, tasks.c.id == found_words.c.rowid))
    if lead is not None:
        query = query.where(lead)
    if order.after is not None:
        query = query.where(order.beyond(number, order.after.id))
    return order.sorted(query.where(*rest), number)


def _walk_keys(order: SortOrder, stretch: Stretch, rest: list[Condition]) -> list[Select[Any]]:
    """Walk one index; beyond a place that is: the rest of its key's ties, and the keys after it."""
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
