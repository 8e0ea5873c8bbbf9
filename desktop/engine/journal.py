"""Ordered events: who listens, where each listener stands, and resuming without a gap."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from desktop.contract.events import Notice, TasksEvent


@dataclass(frozen=True, slots=True)
class Frame:
    """What changed up to ``id``; ``tasks`` ``None`` is a reset: read everything again."""

    id: str
    tasks: TasksEvent | None


class Subscription:
    """One listener's place in the journal; frames are coalesced to at most 30 a second."""

    def wait(self, timeout: float | None = None) -> bool:
        """Block until a frame is due (or ``timeout`` s); whether there is one."""

    async def changed(self, timeout: float | None = None) -> bool:
        """Do as :meth:`wait` for a coroutine: no thread is kept, one wake-up a frame."""

    def next_frame(self) -> Frame | None:
        """Read everything since the last frame, or ``None``; blocks for one short read."""

    def close(self) -> None:
        """Stop listening; wakes whoever waits."""


class Journal:
    """The events of the store in commit order."""

    def subscribe(self, after: str | None = None) -> Subscription:
        """Listen from just after event ``after``, or from now.

        An id that is unknown, trimmed or of another store makes the first frame a reset.
        """

    def on_notice(self, hear: Callable[[Notice], None]) -> Callable[[], None]:
        """Call ``hear`` (in the writer's thread) for each notice; returns how to stop that."""
