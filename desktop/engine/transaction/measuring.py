"""How long tasks waited for their start, and attempts ran: what a group adds to the measures."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any, Final

from desktop.contract.tasks import Outcome

MOST: Final = 100_000
"""Queued tasks of which it is remembered since when they are ready; of more it is not known."""


class QueuedSince:
    """Since when queued tasks are ready, epoch ms, where that is not when they were accepted.

    No row tells that. Of tasks from before the engine's start nothing is known.
    """

    def __init__(self) -> None:
        self._since: dict[int, int] = {}
        self._accepted_from = 0  # later tasks that are not named were ready when they came

    def forget(self, last_task: int) -> None:
        """Know nothing of the tasks there are, up to the last."""
        self._since.clear()
        self._accepted_from = last_task + 1

    def put(self, task_id: int, since: int, last_task: int) -> None:
        """Note that a task is ready."""
        if len(self._since) < MOST:
            self._since[task_id] = since
        else:
            self._accepted_from = last_task + 1

    def take(self, task_id: int, created_at: int) -> int | None:
        """Tell since when a task that is no longer queued was ready, if that is known."""
        since = self._since.pop(task_id, None)
        if since is None and task_id >= self._accepted_from:
            return created_at
        return since


def _none_yet() -> defaultdict[Any, int]:
    return defaultdict(int)  # a ``Counter`` takes ten times as long to make


@dataclass(slots=True)
class Measured:
    """How many attempts one group has seen begin and end, by the number of their function.

    Those that began are told by how long their task was ready, ms, ``None`` where that is not
    known; those that ended by their outcome and how long they ran, ms.
    """

    waited: defaultdict[tuple[int, int | None], int] = field(default_factory=_none_yet)
    ran: defaultdict[tuple[int, Outcome, int], int] = field(default_factory=_none_yet)
