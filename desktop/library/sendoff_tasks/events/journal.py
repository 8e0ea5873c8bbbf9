"""Ordered events: the listeners, their positions, and resuming without a gap."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sendoff_tasks.events.notices import Notices
from sendoff_tasks.model.events import FRAME_BYTES, FRAMES_PER_SECOND
from sendoff_tasks.store.reader_pool import ReaderPool
from sendoff_tasks.store.reads.query import read_event_id, write_event_id
from sendoff_tasks.store.reads.rows import ChangedRows, changes_since
from sendoff_tasks.store.reads.waits import NONE_AT_LIMIT, KnownByFeature
from sendoff_tasks.transaction.failures import Failure
from sendoff_tasks.transaction.memory import Memory
from sendoff_tasks.transaction.replies import call_in
from sendoff_tasks.transaction.searching import SearchWords

PACE_S: Final = 1 / FRAMES_PER_SECOND
"""The time between two frames, s, of all listeners together: with several each gets fewer."""
ROWS: Final = FRAME_BYTES // 512
"""Most rows in a frame; with longer ones there are fewer."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The changes up to ``id``: a ``TasksEvent`` as JSON, or ``None`` for a reset (read all again).

    ``batches`` and ``pending`` are the numbers of batches and of pending actions that changed or
    were deleted.
    """

    id: str
    tasks: str | None
    batches: tuple[int, ...] = ()
    pending: tuple[int, ...] = ()


class Journal:
    """The events of one store in commit order."""

    def __init__(
        self,
        store: str,
        reader: ReaderPool,
        board: Notices,
        batches: KnownByFeature,
    ) -> None:
        self.store = store
        self.reader = reader
        self.board = board
        self.last = 0
        self.indexed_to = 0  # tasks up to this one can be found by all their words
        self.on_failures: Callable[[list[Failure]], None] = lambda _: None
        self.at_limit = NONE_AT_LIMIT  # the queues that have reached their limits
        self._batches = batches
        self._lock = threading.Lock()
        self._subscriptions: set[Subscription] = set()

    @property
    def pace(self) -> float:
        """Seconds between two frames of one listener."""
        return PACE_S * max(1, len(self._subscriptions))

    def subscribe(self, after: str | None = None) -> Subscription:
        """Listen from just after event ``after``, or from now.

        If ``after`` is unknown, trimmed or of another store, the first frame is a reset.
        """
        position = self.last if after is None else read_event_id(self.store, after)
        subscription = Subscription(self, position)
        with self._lock:
            self._subscriptions.add(subscription)
        return subscription

    def frame_after(self, position: int | None) -> tuple[Frame | None, int]:
        """Return changes after a position, and the listener's new position.

        A frame holds what it has room for; the next one goes on from there.
        """
        rows, frame = ROWS, None
        with self.reader.snapshot() as connection:
            while frame is None:
                after = position if rows else None
                to, changes = changes_since(
                    connection, after, rows, self.at_limit, known=self._batches
                )
                if to == after:
                    return None, to
                frame = _frame(write_event_id(self.store, to), changes)
                rows //= 2
        return frame, to

    def leave(self, subscription: Subscription) -> None:
        """Forget a listener."""
        with self._lock:
            self._subscriptions.discard(subscription)

    def committed(self, memory: Memory, failures: list[Failure]) -> None:
        """Take note of a COMMIT, after which the store is as in ``memory``; wake the listeners."""
        self.at_limit = memory.at_limit
        self.on_failures(failures)
        told = memory.part(SearchWords).indexing.told
        if told != self.indexed_to:
            self.indexed_to = told
            self.poke()
        if memory.last_event == self.last:
            return
        self.last = memory.last_event
        for subscription in self._listening():
            subscription.wake()

    def poke(self) -> None:
        """Make every listener look for news outside the journal; callable from any thread."""
        for subscription in self._listening():
            subscription.poke()

    def _listening(self) -> list[Subscription]:
        with self._lock:
            return list(self._subscriptions)


class Subscription:
    """One listener's position in the journal."""

    def __init__(self, journal: Journal, position: int | None) -> None:
        self._journal = journal
        self._position = position  # None: the listener must read all again
        self._paced = 0.0
        self._closed = False
        self._poked = False
        self._lock = threading.Lock()
        self._waiter: asyncio.Future[None] | None = None

    @property
    def due(self) -> bool:
        """Whether there are changes the listener has not seen."""
        return not self._closed and self._position != self._journal.last

    async def changed(self, timeout: float | None = None) -> bool:  # noqa: ASYNC109 - no error
        """Wait until a frame is due, or for ``timeout`` s; tell whether one is due."""
        loop = asyncio.get_running_loop()
        ends = None if timeout is None else time.monotonic() + timeout
        with self._lock:
            is_wanted = self.due or self._closed or self._poked
            waiter = None if is_wanted else loop.create_future()
            self._waiter, self._poked = waiter, False
        if waiter is not None:
            await asyncio.wait([waiter], timeout=timeout)
            self._waiter = None
        await asyncio.sleep(max(0.0, self._pause(ends)))
        return self.due

    def next_frame(self) -> Frame | None:
        """Return all changes since the last frame, or ``None``; blocks for one short read."""
        if not self.due:
            return None
        self._paced = time.monotonic() + self._journal.pace
        frame, self._position = self._journal.frame_after(self._position)
        return frame

    def poke(self) -> None:
        """End this or the next :meth:`changed` without a frame; callable from any thread."""
        self._poked = True
        self.wake()

    def wake(self) -> None:
        """Wake the listener; the writer thread calls this."""
        with self._lock:
            waiter, self._waiter = self._waiter, None
        if waiter is not None:
            call_in(waiter.get_loop(), _wake_waiter, waiter)

    def close(self) -> None:
        """Stop listening; ends a wait."""
        self._closed = True
        self._journal.leave(self)
        self.wake()

    def _pause(self, ends: float | None) -> float:
        """Return in how many s the next frame may be sent, at most until ``ends``."""
        return (self._paced if ends is None else min(self._paced, ends)) - time.monotonic()


def _frame(event_id: str, changes: ChangedRows | None) -> Frame | None:
    """Encode the changes as JSON; return ``None`` if they are longer than a frame."""
    if changes is None:
        return Frame(event_id, None)
    text = json.dumps(changes.tasks, ensure_ascii=False, separators=(",", ":"))
    if len(text.encode()) > FRAME_BYTES:
        return None
    return Frame(event_id, text, tuple(changes.batches), tuple(changes.pending))


def _wake_waiter(waiter: asyncio.Future[None]) -> None:
    if not waiter.done():
        waiter.set_result(None)
