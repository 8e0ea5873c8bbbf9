"""Writing what a group has collected, many rows a statement."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any

from sqlalchemy import Table

from desktop.contract.tasks import ID_LIMIT
from desktop.engine.errors import Overwritten
from desktop.engine.store.tables import compiled, schema
from desktop.engine.store.tables.cursor import Cursor
from desktop.engine.store.tables.records import TaskRecord

NewItem = tuple[int, int, str, int, int, str | None, str | None]
"""A row of ``items``."""


@dataclass(slots=True)
class ItemNumbers:
    """What one group knows of the numbers of items: above the ``last`` there are no others.

    Only where it ``is_crowded`` at the highest number there can be, each has to be looked up.
    """

    last: int
    is_crowded: bool

    def note(self, number: int) -> None:
        """Note that an item was added."""
        if number < ID_LIMIT:
            self.last = max(self.last, number)
        else:
            self.is_crowded = True


Changed = tuple[TaskRecord, int, str, dict[str, Any]]
"""A record, its attempt and state as they are in the store, and the columns that changed."""


def insert(cursor: Cursor, table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows, their values in the table's order.

    A column that is NULL in all of them is left out: a NULL costs the driver as much as four
    numbers, and most columns of a task are.
    """
    nothing = (None,) * len(rows)
    named = zip(compiled.columns(table), zip(*rows, strict=True), strict=True)
    given = {name: values for name, values in named if values != nothing}
    for n, values in compiled.batches(list(zip(*given.values(), strict=True))):
        cursor.execute(compiled.insert_rows(table, tuple(given), n), values)


def update(cursor: Cursor, changed: Iterable[Changed]) -> None:
    """Write changed tasks, those with the same columns together; each is fenced.

    Raises ``Overwritten`` when a row is not as the engine left it.
    """
    by_columns: dict[tuple[str, ...], list[tuple[Any, ...]]] = {}
    for record, attempt, state, columns in changed:
        names = tuple(columns)
        row = (*_values(names)(record), attempt, state)
        by_columns.setdefault(names, []).append(row)
    for names, rows in by_columns.items():
        for n, values in compiled.batches(rows):
            cursor.execute(compiled.update_rows(schema.tasks, names, compiled.FENCE, n), values)
            if cursor.rowcount != n:
                raise Overwritten("a task's row is not as the engine left it")


@lru_cache(maxsize=64)
def _values(columns: tuple[str, ...]) -> Callable[[TaskRecord], tuple[Any, ...]]:
    """Return what reads these columns and the number of a record."""
    return attrgetter(*columns, "id")
