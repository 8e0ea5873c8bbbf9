"""What waits for a person in a store, as its doctor tells it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

NOTED: Final = "SELECT key, value FROM meta WHERE key IN ('doubted_until', 'paused_why')"
PAUSED: Final = "SELECT queue, since FROM pauses ORDER BY queue"
HELD_QUEUES: Final = "SELECT name, reason, held_at, until FROM queues ORDER BY name"
HELD_TASKS: Final = (
    "SELECT count(*), min(id), reason, reason_data FROM tasks "
    "WHERE held <> '' AND held NOT IN ('queue', 'aside', 'anyway', 'task') "
    "GROUP BY reason, reason_data ORDER BY min(id) LIMIT 20"
)
UNCERTAIN: Final = "SELECT coalesce(sum(n), 0) FROM counts WHERE state = 'uncertain'"


class Standstill(NamedTuple):
    """The rows of what waits for a person.

    ``noted`` says until when the clock is in doubt, and why all is paused if no person has paused
    it.
    """

    noted: Mapping[str, str] = {}
    pauses: Sequence[Any] = ()
    held_queues: Sequence[Any] = ()
    held_tasks: Sequence[Any] = ()
    uncertain: int = 0


def read_standstill(execute: Callable[[str], Any]) -> Standstill:
    """Read what waits for a person, in a file or on a server."""
    ((uncertain,),) = execute(UNCERTAIN).fetchall()
    return Standstill(
        noted=dict(execute(NOTED).fetchall()),
        pauses=execute(PAUSED).fetchall(),
        held_queues=execute(HELD_QUEUES).fetchall(),
        held_tasks=execute(HELD_TASKS).fetchall(),
        uncertain=uncertain,
    )
