"""What the routes of tasks find on their application."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from anyio import to_thread

from sendoff_tasks.http.wire.requests import to_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from starlette.requests import Request

    from sendoff_tasks.events.journal import Frame, Subscription
    from sendoff_tasks.events.notices import Notices
    from sendoff_tasks.facade.engine import Engine
    from sendoff_tasks.functions.registry import Registry
    from sendoff_tasks.model.events import Notice


class Beside(NamedTuple):
    """Events, by kind, that a feature sends before a frame of tasks.

    ``with_counts`` if the newest counts have to come before them.
    """

    events: Sequence[tuple[str, Any]] = ()
    with_counts: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskServices:
    """An engine and what serves it: one of each in a process.

    ``cut_off`` is set while there is no session with the server that has the database; a monitor
    never sets it.
    """

    registry: Registry
    engine: Engine
    streams: OpenStreams
    cut_off: threading.Event = field(default_factory=threading.Event)

    @property
    def notices(self) -> Notices:
        """The engine's notice board, which the backend's own notices use too."""
        return self.engine.board

    def beside(self, _: Frame) -> Beside:
        """Return what features tell beside a frame of tasks; takes its time."""
        return Beside()


def task_services(request: Request) -> TaskServices:
    """Find the services of the application a request came to."""
    return cast("TaskServices", request.app.state.services)


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
        """Return the stream's next frame."""
        async with self._reading:
            return await to_thread.run_sync(subscription.next_frame)


def _stats(engine: Engine) -> str:
    return to_json(engine.stats()).decode()
