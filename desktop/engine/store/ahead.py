"""What a queued task waits for: its queue's limit, and how many come before it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from heapq import merge
from itertools import islice
from typing import Final

from desktop.engine.store.turns import FIRST_QUEUED, FUNCTIONS_OF_QUEUE

COUNTED: Final = 100
"""How many tasks ahead are counted at most, so that a page costs the same behind a million."""


AtLimit = Mapping[str, str]
"""What the queues allow that have come to their limit, in words."""
NONE_AT_LIMIT: Final[AtLimit] = {}


class Waits:
    """Says it for one read."""

    def __init__(self, at_limit: AtLimit, connection: sqlite3.Connection | None = None) -> None:
        self._at_limit = at_limit
        self._connection = connection
        self._places: dict[str, dict[int, int]] = {}

    def of(self, queue: str, task_id: int) -> str | None:
        """Return why the queued task waits; ``None`` where its queue has no limit to wait for."""
        limit = self._at_limit.get(queue)
        if limit is None or self._connection is None:
            return limit
        places = self._places.get(queue)
        if places is None:
            places = self._places[queue] = _first(self._connection, queue)
        place = places.get(task_id)
        if place is not None:
            return f"{place} ahead, {limit}" if place else f"Comes next, {limit}"
        return f"More than {COUNTED} ahead, {limit}" if len(places) == COUNTED else limit


def _first(connection: sqlite3.Connection, queue: str) -> dict[int, int]:
    """Return the places of the queue's first tasks: the higher priority, then the lower number."""
    functions = connection.execute(FUNCTIONS_OF_QUEUE, (queue,)).fetchall()
    waiting = [connection.execute(FIRST_QUEUED, (number, COUNTED)) for (number,) in functions]
    return {number: place for place, (_, number) in enumerate(islice(merge(*waiting), COUNTED))}
