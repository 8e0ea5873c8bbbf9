"""Below the engine: how tasks that are ready reach the lanes.

``claimer`` knows which tasks may start now, ``next_task`` which of them does, ``after_attempt``
and ``after_failure`` say what becomes of a task when its attempt ends.

A dispatch is a port of three verbs, each part of the group's transaction. Our tables stay the only
truth; a dispatch brings nothing but deliveries.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from desktop.engine.dispatch.claimer import Claimer
    from desktop.engine.store.tables.records import TaskRecord
    from desktop.engine.transaction.group import Group


class Dispatch(Protocol):
    """What brings queued tasks to the lanes."""

    def hand_over(self, group: Group, tasks: Sequence[TaskRecord]) -> None:
        """Have these tasks delivered; they became *queued* in this group."""

    def revoke(self, group: Group, tasks: Sequence[TaskRecord]) -> None:
        """Deliver these tasks no more; they left *queued* in this group, not by a claim."""

    def serve(self, group: Group, claimer: Claimer) -> None:
        """Deliver while there is room, best first: the higher priority, then the lower number."""
