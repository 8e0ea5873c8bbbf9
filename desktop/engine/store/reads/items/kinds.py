"""The kinds of items, by whether people were told: asked of items, and of their tasks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, false, func, or_, select

from desktop.contract.items import Informed
from desktop.engine.store.reads.tasks.searches import LISTED, Demand
from desktop.engine.store.tables.compiled import run
from desktop.engine.store.tables.cursor import Source
from desktop.engine.store.tables.schema import items, tasks

Kinds = Sequence[str | None]
KINDS: Final[Kinds] = (*(each.value for each in Informed), None)
"""Each of them; ``None`` is that of items that no message was asked for."""


def of_kinds(kinds: Kinds) -> list[ColumnElement[bool]]:
    """Ask for items of any of these kinds; of none means of all."""
    return [or_(*map(_is, kinds))] if kinds else []


def count_kinds(connection: Source, kinds: Kinds, most: int) -> int:
    """Count the items of these kinds, up to ``most``."""
    some = select(items.c.id).where(*of_kinds(kinds)).limit(most).subquery()
    counted: Select[Any] = select(func.count()).select_from(some)
    ((count,),) = run(connection, counted)
    return int(count)


def demands(connection: Source, kinds: Kinds) -> list[Demand]:
    """Ask of tasks that their items are of these kinds."""
    if not kinds:
        return []
    count = count_kinds(connection, kinds, LISTED + 1)
    others = [kind for kind in KINDS if kind not in kinds]
    is_most = count > LISTED and count_kinds(connection, others, LISTED + 1) <= LISTED
    return [Demand(_tasks_of(kinds), count, _tasks_of(others) if is_most else None)]


def _tasks_of(kinds: Kinds) -> ColumnElement[bool]:
    known = of_kinds(kinds) or [false()]
    return tasks.c.item_id.in_(select(items.c.id).where(*known))


def _is(kind: str | None) -> ColumnElement[bool]:
    return items.c.informed.is_(None) if kind is None else items.c.informed == kind
