"""The event streams that are open, and what they tell: read once for all of them."""

from __future__ import annotations

import asyncio
import json
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from anyio import to_thread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop.contract.events import Notice
    from desktop.engine.events.journal import Frame, Subscription
    from desktop.engine.facade.engine import Engine

FRESH: Final = 0.1
"""Seconds for which counts that were read are told to other streams, too; where many are open and
each is told less often, half of the time until it is told again."""


class OpenStreams:
    """The streams of the clients that listen now; used on the server's loop only.

    One thread at most reads for them: as many as there are streams would take the threads and the
    interpreter from every other request.
    """

    def __init__(self) -> None:
        self.draining = False
        self._open: set[Subscription] = set()
        self._reading = asyncio.Lock()
        self._stats = ""
        self._read_at = 0.0

    @contextmanager
    def listening(self, subscription: Subscription) -> Iterator[Subscription]:
        """Count a subscription as open while the block runs, and close it at its end."""
        self._open.add(subscription)
        try:
            yield subscription
        finally:
            self._open.discard(subscription)
            subscription.close()

    def drain(self) -> None:
        """End every stream now, and those that are opened later at once."""
        self.draining = True
        for subscription in list(self._open):
            subscription.close()

    async def stats(self, engine: Engine, *, by_now: bool = False) -> str:
        """Give the counts as JSON, as they are or were a moment ago (``FRESH``), or ``by_now``."""
        async with self._reading:
            fresh = 0.0 if by_now else max(FRESH, engine.journal.pace / 2)
            if not self._stats or time.monotonic() - self._read_at > fresh:
                self._stats = await to_thread.run_sync(_stats, engine)
                self._read_at = time.monotonic()
            return self._stats

    async def notices(self, engine: Engine) -> list[Notice]:
        """Give what a person should know now."""
        async with self._reading:
            return await to_thread.run_sync(engine.notices)

    async def frame(self, subscription: Subscription) -> Frame | None:
        """Give the stream's next frame; one that another stream has just read takes no thread."""
        async with self._reading:
            at_hand = subscription.frame_at_hand()
            return at_hand or await to_thread.run_sync(subscription.next_frame)


def _stats(engine: Engine) -> str:
    return json.dumps(engine.stats(), ensure_ascii=False, separators=(",", ":"))
