"""The open event streams: what several of them send is read once."""

from __future__ import annotations

import asyncio
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from anyio import to_thread

from desktop.backend.wire.json_io import to_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop.contract.events import Notice
    from desktop.engine.events.journal import Frame, Subscription
    from desktop.engine.facade.engine import Engine

FRESH: Final = 0.1
"""Seconds for which counts are reused for other streams. With many streams, each of which sends
counts less often, they are reused for half of that interval."""


class OpenStreams:
    """The event streams of connected clients; used on the server's loop only.

    At most one thread reads for them. A thread for each stream would take threads and the
    interpreter lock from other requests.
    """

    def __init__(self) -> None:
        self.draining = False
        self._open: set[Subscription] = set()
        self._reading = asyncio.Lock()
        self._stats = ""
        self._read_at = 0.0

    @contextmanager
    def listening(self, subscription: Subscription) -> Iterator[Subscription]:
        """Count a subscription as open while the block runs, then close it."""
        self._open.add(subscription)
        try:
            yield subscription
        finally:
            self._open.discard(subscription)
            subscription.close()

    def drain(self) -> None:
        """End every stream now. Streams that are opened later end at once."""
        self.draining = True
        for subscription in list(self._open):
            subscription.close()

    async def stats(self, engine: Engine, *, by_now: bool = False) -> str:
        """Return the counts as JSON, at most ``FRESH`` seconds old; with ``by_now``, the newest."""
        async with self._reading:
            fresh = 0.0 if by_now else max(FRESH, engine.journal.pace / 2)
            if not self._stats or time.monotonic() - self._read_at > fresh:
                self._stats = await to_thread.run_sync(_stats, engine)
                self._read_at = time.monotonic()
            return self._stats

    async def notices(self, engine: Engine) -> list[Notice]:
        """Return the active notices."""
        async with self._reading:
            return await to_thread.run_sync(engine.notices)

    async def frame(self, subscription: Subscription) -> Frame | None:
        """Return the stream's next frame; one that another stream just read needs no thread."""
        async with self._reading:
            at_hand = subscription.frame_at_hand()
            return at_hand or await to_thread.run_sync(subscription.next_frame)


def _stats(engine: Engine) -> str:
    return to_json(engine.stats()).decode()
