"""A filter as SQL conditions on a task's row, on an index or on the word index."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    column,
    false,
    func,
    literal_column,
    not_,
    or_,
    select,
    table,
    text,
    true,
)

from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.model.reasons import NO_REASON
from sendoff_tasks.model.states import TROUBLED, State
from sendoff_tasks.store.reads.catalogue import Catalogue
from sendoff_tasks.store.reads.query import kept_out
from sendoff_tasks.store.reads.vocabulary import words
from sendoff_tasks.store.tables.records import Hold
from sendoff_tasks.store.tables.schema import attempts, tasks
from sendoff_tasks.text import folded

SqlCondition = ColumnElement[bool]

FOUND_WORDS: Final = table("words", column("rowid"), column("words"))
"""The word index."""


@dataclass(frozen=True, slots=True)
class Demand:
    """A condition that has an index, and how many tasks meet it, if that is known."""

    condition: SqlCondition
    count: int | None = None

    def first(self, most: int) -> Select[Any]:
        """Return the query for the numbers of the first ``most`` tasks that meet it.

        A server makes one plan for all values; the literal limit tells it that rows are few.
        """
        return select(tasks.c.id).where(self.condition).limit(literal_column(str(most)))


def demands(wanted: TaskFilter, catalogue: Catalogue) -> list[Demand]:
    """Return the conditions of a filter that have an index, apart from words."""
    found: list[Demand] = []
    functions = catalogue.meant(wanted)
    states = asked_states(wanted, catalogue)
    if states:
        found.append(Demand(or_(*states), catalogue.count(None, wanted.states)))
    if functions is not None:
        found.append(Demand(any_of(tasks.c.function, functions), catalogue.count(functions)))
    if (states or functions is not None) and not catalogue.count(functions, wanted.states):
        found.append(Demand(false(), 0))
    if wanted.cause is not None:
        caused = or_(*of_cause(wanted.cause, catalogue))
        found.append(Demand(caused, catalogue.count_caused(wanted.cause)))
    if wanted.item_id is not None:
        found.append(Demand(tasks.c.item_id == wanted.item_id))
    if wanted.batch_id is not None:
        found.append(Demand(tasks.c.batch_id == wanted.batch_id))
    if wanted.reasons and NO_REASON not in wanted.reasons:
        found.append(Demand(any_of(tasks.c.reason, wanted.reasons)))
    if wanted.seen is not None and is_of_trouble(wanted):
        found.append(Demand(seen_or_not(wanted)))
    return found


def residue(wanted: TaskFilter, catalogue: Catalogue) -> list[SqlCondition]:
    """Return the conditions of a filter that need each task's row."""
    found = by_number(wanted)
    if wanted.reasons:
        found.append(or_(*(reason_is(each) for each in wanted.reasons)))
    if wanted.seen is not None:
        found += unindexed([seen_or_not(wanted)])
    if wanted.standing is not None:
        stopped = any_of(tasks.c.function, catalogue.stopped_functions)
        out = ~stopped if wanted.standing else stopped
        found.append(or_(tasks.c.state != State.QUEUED.value, ~out))
    found += [_contains("tasks.recipient", word) for word in wanted.to.split()]
    odd = [word for word in wanted.error.split() if words(word) != folded(word)]
    found += [_has_had_error(word) for word in odd]
    for words_out in kept_out(wanted):
        (is_kept_out,) = unindexed([words_condition(words_out, catalogue)])  # never NULL
        found.append(not_(is_kept_out))
    if wanted.since is not None:
        found.append(tasks.c.created_at >= round(wanted.since * 1000))
    if wanted.until is not None:
        found.append(tasks.c.created_at < round(wanted.until * 1000))
    if wanted.known_at is not None:
        known_at = round(wanted.known_at * 1000)
        found += [tasks.c.created_at < known_at, tasks.c.finished_at < known_at]
    return found


def _has_had_error(word: str) -> SqlCondition:
    """Match tasks with a text in their error, or in that of an attempt."""
    past = _contains("attempts.error", word)
    of: Select[Any] = select(literal_column("1")).where(attempts.c.task_id == tasks.c.id, past)
    return or_(_contains("tasks.error", word), of.exists())


_CONTAINS: Final = """(lower({0}) LIKE :part ESCAPE '/' OR length({0}) != length(CAST({0} AS BLOB))
AND folded({0}) LIKE :part ESCAPE '/')"""
"""Text, because composing it takes as long as reading 20 tasks."""


def _contains(column: str, word: str) -> SqlCondition:
    """Match texts that contain a word in any case, with or without accents.

    ``folded`` takes 3 µs in SQLite, so it is only for texts beyond ASCII.
    """
    part = re.sub("([%_/])", r"/\1", folded(word))
    given: Any = bindparam("part", f"%{part}%", unique=True)
    return and_(text(_CONTAINS.format(column)).bindparams(given))


def by_number(wanted: TaskFilter) -> list[SqlCondition]:
    """Match the given ids, if any are given."""
    if not wanted.ids:
        return []
    given = func.json_each(json.dumps(wanted.ids))
    return [tasks.c.id.in_(select(literal_column("value")).select_from(given))]


def unindexed(conditions: Sequence[SqlCondition]) -> list[SqlCondition]:
    """Return the same conditions in a form that uses no index."""
    return [and_(true(), *conditions).self_group().op("IS")(literal_column("TRUE"))]


_QUEUED: Final = tasks.c.state == literal_column("'queued'")
_SCHEDULED: Final = tasks.c.state == literal_column("'scheduled'")
_PUT_ASIDE: Final = and_(
    tasks.c.held == literal_column(f"'{Hold.ASIDE.value}'"),
    text("tasks.held <> ''"),  # the index's condition
)

_AGAIN: Final = and_(tasks.c.cause.is_not(None), tasks.c.error.is_not(None))
"""Matches tasks that wait for another attempt after an error."""


def of_cause(cause: str, catalogue: Catalogue) -> list[SqlCondition]:
    """Match the tasks listed under a cause: those that met it, and those it stops."""
    stopped = catalogue.stopped
    counts, taken = catalogue.met(cause)
    kept = (
        [~each for state, each in _stopped_by_state(catalogue) if taken[state]]
        if taken.total()
        else []
    )
    found = [and_(tasks.c.cause == cause, *kept)]
    for function in stopped.functions_of(cause):
        of = tasks.c.function == function
        if catalogue.count([function], [State.QUEUED]):
            found.append(and_(_QUEUED, of))
        if stopped.aside[function]:
            found.append(and_(_PUT_ASIDE, of, ~_in_paused_batch(catalogue)))
    batch = None if counts else stopped.batch_of(cause)  # no task meets a pause
    if batch is not None:
        found.append(and_(tasks.c.batch_id == batch, _SCHEDULED, ~_AGAIN))
    return found


def _stopped_by_state(catalogue: Catalogue) -> Iterator[tuple[State, SqlCondition]]:
    """Match by state the tasks that count for a stop, not for the cause they met."""
    stopped = any_of(tasks.c.function, [*catalogue.stopped.by_function])
    yield State.QUEUED, and_(_QUEUED, stopped)
    paused = _in_paused_batch(catalogue)
    aside = and_(_PUT_ASIDE, stopped, ~paused)
    yield State.SCHEDULED, and_(_SCHEDULED, or_(and_(paused, ~_AGAIN), aside))


def _in_paused_batch(catalogue: Catalogue) -> SqlCondition:
    return any_of(func.coalesce(tasks.c.batch_id, literal_column("0")), catalogue.stopped.batches)


def is_of_trouble(wanted: TaskFilter) -> bool:
    """Tell whether the filter means only tasks that store whether they were seen."""
    return wanted.seen is True or (bool(wanted.states) and TROUBLED.issuperset(wanted.states))


def seen_or_not(wanted: TaskFilter) -> SqlCondition:
    """Match whether a task was seen, which only failed and uncertain tasks store."""
    if is_of_trouble(wanted):
        is_seen: SqlCondition = tasks.c.seen == literal_column("1" if wanted.seen else "0")
        return is_seen
    return func.coalesce(tasks.c.seen, literal_column("0")) == literal_column("0")


def reason_is(reason: str) -> SqlCondition:
    """Match tasks with a reason, or those without any, which no index has."""
    column = tasks.c.reason
    return column.is_(None) if reason == NO_REASON else column == reason


def asked_states(wanted: TaskFilter, catalogue: Catalogue) -> list[SqlCondition]:
    """Match each wanted state; ``queued`` only if there are queued tasks that ``standing`` means.

    Otherwise a million paused tasks would be walked to find none that is not paused.
    """
    asked = dict.fromkeys(wanted.states)
    queued = replace(wanted, states=(State.QUEUED,))
    if wanted.standing is not None and not catalogue.matching(queued):
        asked.pop(State.QUEUED, None)
    if wanted.states and not asked:
        return [false()]
    return [tasks.c.state == state for state in asked]


def any_of(at: ColumnElement[Any], values: Sequence[Any]) -> SqlCondition:
    """Match any of these values."""
    return or_(false(), *(at == value for value in values))


def words_condition(
    asked: list[str], catalogue: Catalogue, within: tuple[int, int] | None = None
) -> SqlCondition:
    """Match tasks that words find, for a walk along another index.

    With ``within``, a first and a last number, only that part of the word index is read, instead
    of collecting all it has.
    """
    if not asked:
        return false()
    ways = [_has_words(asked, catalogue, within)]
    for rest, functions in catalogue.left_over(asked).items():
        of = any_of(tasks.c.function, functions)
        ways.append(and_(_has_words(rest, catalogue, within), of) if rest else of)
    number = subject_number(asked)
    if number is not None:
        ways.append(tasks.c.item_id == number)
    return or_(*ways)


def _has_words(
    asked: Sequence[str], catalogue: Catalogue, within: tuple[int, int] | None
) -> SqlCondition:
    vocabulary, number = catalogue.vocabulary, FOUND_WORDS.c.rowid
    if within is None:
        return tasks.c.id.in_(select(number).where(has(vocabulary.match(asked))))
    # With several words at once, FTS5 would search beyond the last number for a common task.
    each_has = (has(vocabulary.match([word])) for word in asked)
    # IS TRUE makes both databases collect them once. Otherwise SQLite would read every task with a
    # word instead of walking, and a server would look up the words for each task.
    gathered = (select(number).where(one, number.between(*within)) for one in each_has)
    return and_(*(tasks.c.id.in_(some).op("IS")(literal_column("TRUE")) for some in gathered))


BY_ROW: Final = "/* by row */ MATCH"
"""Asks a server to match the words of each row: it should not collect all rows with a word."""


def has(query: str | None, match: str = "MATCH") -> SqlCondition:
    """Match rows of the word index."""
    condition: SqlCondition = FOUND_WORDS.c.words.op(match)(query)
    return condition


def subject_number(asked: list[str]) -> int | None:
    """Return the subject's number, if the words are only that."""
    digits = asked[0] if len(asked) == 1 else ""
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 16 else None
