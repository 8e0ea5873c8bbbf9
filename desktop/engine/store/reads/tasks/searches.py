"""How tasks are found by words, alone and beside what else is asked of them.

The word index tells the tasks that have some words one by one, the newest first. To read the row of
each takes 1 µs, to look for its number in a list 0.1 µs. So what is asked beside words and fewest
tasks meet (a state, a batch, an item) is listed first, and such tasks are asked for one by one
where they are very few.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    and_,
    column,
    false,
    literal_column,
    or_,
    select,
    table,
)

from desktop.contract.states import State
from desktop.engine.store.reads.catalogue import Catalogue
from desktop.engine.store.reads.tasks.orders import Condition
from desktop.engine.store.reads.vocabulary import WITHOUT_ERROR
from desktop.engine.store.tables.schema import tasks

LISTED: Final = 100_000
"""So many tasks are listed at most; it takes 14 ms."""
FEW: Final = 10
"""So many have their words asked for one by one, which takes 0.3 ms each."""
SMALL: Final = 5_000
"""So many tasks are sorted in less time than an index is walked to find them."""

Lead = tuple[Condition | None, list[Condition], str | None]
"""What an index is asked for, what else must hold, and what the word index is asked for."""
NO_LEAD: Final[Lead] = (false(), [], None)

found_words = table("words", column("rowid"), column("words"))
_number: Final = found_words.c.rowid
_listed_number: Final[ColumnElement[Any]] = literal_column("+words.rowid")
"""Keeps the word index from being asked for each number of a list."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What is asked of tasks beside words, and has an index."""

    condition: Condition
    count: int | None = None
    """How many tasks meet it; ``None``: not known yet."""
    opposite: Condition | None = None
    """What all other tasks meet, where these are few enough to be listed."""


@dataclass(frozen=True, slots=True)
class _Listed:
    """The demand that fewest tasks meet, and between which numbers these are, if that is known."""

    condition: Condition
    count: int
    between: tuple[int, int] | None = None

    def of(self, number: ColumnElement[Any]) -> Condition:
        """Ask whether a number is among theirs."""
        return number.in_(select(tasks.c.id).where(self.condition))

    @property
    def with_words(self) -> Condition:
        """Ask the word index for these alone."""
        if self.count <= FEW:
            return self.of(_number)
        among = self.of(_listed_number)
        return among if self.between is None else and_(_number.between(*self.between), among)


def of_states(states: Sequence[str], condition: Condition, catalogue: Catalogue) -> Demand:
    """Return the demand to be in one of these states, which ``condition`` asks for."""
    count = catalogue.count(None, states)
    others = [state.value for state in State if state not in states]
    if count <= LISTED or is_done(states) or catalogue.count(None, others) > LISTED:
        return Demand(condition, count)
    return Demand(condition, count, or_(*(tasks.c.state == other for other in others)))


def is_done(states: Sequence[str]) -> bool:
    """Tell whether only tasks are asked for that have succeeded: these have no error."""
    return set(states) == {State.SUCCEEDED}


def text_leads(
    asked: list[str], demands: list[Demand], catalogue: Catalogue, *, is_done: bool
) -> list[Lead]:
    """Walk the rows that hold all words, and those whose function's title holds some of them.

    ``is_done`` is :func:`is_done` of the states that are asked for.
    """
    also = [each.condition for each in demands]
    listed = _narrowest(demands, catalogue)
    if listed is not None:
        if not listed.count:
            return [NO_LEAD]
        with_words: Condition | None = listed.with_words
        rest = [each for each in also if each is not listed.condition]
    else:
        with_words, rest = _without_opposite(demands)
    without_error = WITHOUT_ERROR if is_done else ""
    leads: list[Lead] = [(with_words, rest, f"{_match(asked, catalogue)}{without_error}")]
    for others, functions in catalogue.left_over(asked).items():
        if others:
            of = or_(*(tasks.c.function == number for number in functions))
            found = f"{_match(others, catalogue)}{without_error}"
            leads.append((with_words, [*rest, of], found))
        else:
            leads += [_of_function(number, also, listed, catalogue) for number in functions]
    number = item_number(asked)
    if number is not None:
        leads.append((tasks.c.item_id == number, also, None))
    return leads


def _narrowest(demands: list[Demand], catalogue: Catalogue) -> _Listed | None:
    """Return the demand that fewest tasks meet; ``None``: more than can be listed meet each."""
    found = [_measured(each, catalogue) for each in demands]
    least = min(found, key=lambda each: each.count, default=None)
    return least if least is not None and least.count <= LISTED else None


def _measured(demand: Demand, catalogue: Catalogue) -> _Listed:
    if demand.count is not None:
        return _Listed(demand.condition, demand.count)
    count, lowest, highest = catalogue.extent(demand.condition, LISTED + 1)
    return _Listed(demand.condition, count, (lowest, highest))


def _without_opposite(demands: list[Demand]) -> tuple[Condition | None, list[Condition]]:
    """Ask the word index for all tasks but the few that do not meet a demand."""
    for demand in demands:
        if demand.opposite is not None:
            those = _Listed(demand.opposite, LISTED).of(_listed_number)
            return ~those, [each.condition for each in demands if each is not demand]
    return None, [each.condition for each in demands]


def _of_function(
    number: int, also: list[Condition], listed: _Listed | None, catalogue: Catalogue
) -> Lead:
    """Walk the tasks of a function whose title holds all words, or the fewer that are listed."""
    if listed is None or catalogue.count([number]) <= listed.count:
        return tasks.c.function == number, also, None
    rest = [each for each in also if each is not listed.condition]
    if listed.count <= SMALL:
        return listed.condition, [*rest, literal_column("+tasks.function") == number], None
    return tasks.c.function == number, [*rest, listed.of(literal_column("+tasks.id"))], None


def words_condition(
    asked: list[str],
    catalogue: Catalogue,
    within: tuple[int, int] | None = None,
    *,
    walked: bool = False,
) -> Condition:
    """Return the same as one condition, for walks along another index.

    The word index is asked only for tasks ``within`` a first and a last number, where they are
    given, in place of gathering all it has. ``walked`` keeps the planner from reading each task
    that has the words in place of that index.
    """
    query = catalogue.vocabulary.match_all(asked)
    if query is None:
        return false()
    task: ColumnElement[Any] = literal_column("+tasks.id") if walked else tasks.c.id
    ways = [_has_words(task, query, within)]
    for rest, functions in catalogue.left_over(asked).items():
        of = or_(*(tasks.c.function == number for number in functions))
        remaining = catalogue.vocabulary.match_all(rest)
        ways.append(and_(_has_words(task, remaining, within), of) if remaining else of)
    number = item_number(asked)
    if number is not None:
        ways.append(tasks.c.item_id == number)
    return or_(*ways)


def item_number(asked: list[str]) -> int | None:
    """Return the item's number that is asked for, if it is nothing else."""
    digits = asked[0] if len(asked) == 1 else ""
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= 16 else None


def _match(asked: Sequence[str], catalogue: Catalogue) -> str | None:
    return catalogue.vocabulary.match_all(asked)


def _has_words(
    task: ColumnElement[Any], query: str, within: tuple[int, int] | None = None
) -> Condition:
    found = select(_number).where(found_words.c.words.op("MATCH")(query))
    return task.in_(found if within is None else found.where(_number.between(*within)))
