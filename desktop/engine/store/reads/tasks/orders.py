"""The orders of pages; an order is a sequence of stretches.

A stretch is read along one index. Tasks without a sort value (no item, not ended yet) are a stretch
of their own, in the order of their numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, literal_column, or_

from desktop.contract.states import OPEN, State
from desktop.engine.store.reads.catalogue import Catalogue
from desktop.engine.store.reads.page_cursors import KeysetPlace
from desktop.engine.store.reads.tasks.conditions import Condition
from desktop.engine.store.tables.schema import TOOK, tasks

KEYS: Final = ("id", "created_at", "finished_at", "state", "to", "item_id", "task", "took")
"""The sort keys; ``contract.tasks.SortKey`` explains them."""
NOT_OVER: Final = -(2**62)
"""A value below every duration."""


@dataclass(frozen=True, slots=True)
class SortOrder:
    """The order of a page, and the position after which it begins."""

    key: str
    descending: bool
    after: KeysetPlace | None = None

    def beyond(self, at: ColumnElement[Any], value: Any) -> Condition:
        """Return the condition that ``at`` comes after ``value``."""
        condition: Condition = at < value if self.descending else at > value
        return condition

    def is_beyond(self, key: Any, value: Any) -> bool:
        """Return whether one known key comes after another."""
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
    where: tuple[Condition, ...] = ()
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
    titled: dict[str, list[Condition]] = {}
    for function in catalogue.functions:
        if catalogue.count([function.id], states):
            is_its_own = tasks.c.function == function.id
            titled.setdefault(function.title.casefold(), []).append(is_its_own)
    return [Stretch(title, (or_(*titled[title]),)) for title in sorted(titled)]
