"""``GET /events``: a stream of all changes (server-sent events)."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeVar

from anyio import to_thread
from fastapi import APIRouter, Depends, Header, Query, Request

from sendoff_tasks.errors import NotWritable
from sendoff_tasks.fastapi.event_source import EventSource, encoded
from sendoff_tasks.http.services import task_services
from sendoff_tasks.http.wire.openapi import documented
from sendoff_tasks.http.wire.parameters import Route
from sendoff_tasks.http.wire.requests import to_json
from sendoff_tasks.model import events
from sendoff_tasks.model.events import PendingEvent, SearchEvent
from sendoff_tasks.writer.figures import WINDOW

if TYPE_CHECKING:
    from sendoff_tasks.events.journal import Frame, Subscription
    from sendoff_tasks.http.services import TaskServices
    from sendoff_tasks.model.events import Notice

T = TypeVar("T")
router = APIRouter(tags=["tasks"], route_class=Route)

STATS_EVERY: Final = 0.25
"""Seconds between two reads of the counts; they are sent when they differ."""
STATS_SETTLE: Final = WINDOW + 1.0
"""Seconds after a change until the rates no longer change; then counts are not read any more."""

_DOCUMENTED: Final = documented(None)


AWAY_S: Final = 0.5
"""Seconds until a database that was away is tried again."""


async def _readable(request: Request) -> None:
    """Answer with a problem while the store cannot be read; a begun stream could only end."""
    services = task_services(request)
    await services.streams.stats(services.engine)


@router.get(
    "/events",
    response_class=EventSource,
    dependencies=[Depends(_readable)],
    responses=_DOCUMENTED["responses"],
)
async def stream_events(
    request: Request,
    last_event_id: Annotated[str | None, Header(max_length=1000)] = None,
    after: Annotated[str | None, Query(max_length=1000)] = None,
) -> EventSource:
    """Stream ``tasks``, ``batches``, ``pending``, ``stats`` and ``notice`` after an event's id.

    ``functions`` is sent first, and whenever the registered tasks change. ``search`` is sent first,
    and whenever words of fields, arguments and errors find more tasks: read a search again. A
    ``reset`` says that events are missing: read the page again and continue from its ``as_of``.
    Without events, a comment is sent every 15 s.
    """
    return EventSource(_stream(last_event_id or after, task_services(request)))


async def _stream(after: str | None, services: TaskServices) -> AsyncIterator[bytes]:
    notices: deque[Notice] = deque()  # filled by other threads
    with ExitStack() as stack:
        subscription = services.engine.journal.subscribe(after)
        stack.enter_context(services.streams.listening(subscription))

        def hear(notice: Notice) -> None:
            notices.append(notice)
            subscription.poke()

        stack.callback(services.notices.on_notice(hear))
        present = await services.streams.notices(services.engine)
        notices.extendleft(reversed(present))  # notices that arrived meanwhile are newer
        async for event in _events(subscription, notices, services):
            yield event


async def _events(
    subscription: Subscription, notices: deque[Notice], services: TaskServices
) -> AsyncIterator[bytes]:
    journal, counts = services.engine.journal, _Counts(services)
    registered, indexed_to = None, None
    frame: Frame | None = None  # what could not be told yet, as the database is away
    while not services.streams.draining:
        while notices:
            yield _event(events.NOTICE, notices.popleft())
        if (changed := await counts.look()) is not None:
            yield changed
        if registered != services.registry.version:
            registered = services.registry.version
            yield _event(events.FUNCTIONS, {})
        if indexed_to != journal.indexed_to:
            indexed_to = journal.indexed_to
            yield _event(events.SEARCH, SearchEvent(indexed_to=indexed_to))
        if frame is None and await subscription.changed(counts.seconds_to_next_look()):
            counts.expect_changes()
            frame = await _if_there(services.streams.frame(subscription))
        if frame is not None:
            beside = await _if_there(_beside(frame, counts, services))
            if beside is not None:
                for event in (*beside, _frame(frame)):
                    yield event
                frame = None


class _Counts:
    """The counts that one stream sends: those that differ from what it sent last."""

    def __init__(self, services: TaskServices) -> None:
        self._services = services
        self._sent: str | None = None
        self._looked_at = self._look_at = 0.0
        self.expect_changes()

    def expect_changes(self) -> None:
        """Note a change of tasks: the rates change for a while after it."""
        self._settles_at = time.monotonic() + STATS_SETTLE

    def seconds_to_next_look(self) -> float | None:
        """Return when to look again; ``None`` if nothing changes without a change of tasks."""
        is_settled = self._looked_at >= self._settles_at
        return None if is_settled else self._look_at - time.monotonic()

    async def look(self) -> bytes | None:
        """Return the event of changed counts; looks only every ``STATS_EVERY``."""
        now = time.monotonic()
        if now < self._look_at:
            self._settles_at = max(self._settles_at, self._look_at)  # it is made up for
            return None
        self._looked_at = now
        event = await self.changed(by_now=now >= self._settles_at)
        pace = self._services.engine.journal.pace
        self._look_at = time.monotonic() + max(STATS_EVERY, pace)
        return event

    async def changed(self, *, by_now: bool = False) -> bytes | None:
        """Return the event of changed counts; ``by_now``, none that were read earlier."""
        reading = self._services.streams.stats(self._services.engine, by_now=by_now)
        stats = await _if_there(reading)
        if stats is None or stats == self._sent:
            return None
        self._sent = stats
        return encoded(stats, events.STATS)


async def _beside(frame: Frame, counts: _Counts, services: TaskServices) -> list[bytes]:
    """Return the events of features, after the counts that match them, and of actions.

    They have no id: they are sent again if the stream is cut here.
    """
    told: list[bytes] = []
    if frame.batches:
        beside = await to_thread.run_sync(services.beside, frame)
        told = [_event(kind, data) for kind, data in beside.events]
        if beside.with_counts and (matching := await counts.changed(by_now=True)):
            told = [matching, *told]
    if frame.pending:
        pending = await to_thread.run_sync(_pending, frame.pending, services)
        told.append(_event(events.PENDING_ACTIONS, pending))
    return told


async def _if_there(reading: Awaitable[T]) -> T | None:
    """Return the result of a read, or ``None`` while the database server is away.

    The stream continues meanwhile, because a notice tells the client about it.
    """
    try:
        return await reading
    except NotWritable:
        await asyncio.sleep(AWAY_S)
        return None


def _pending(numbers: Sequence[int], services: TaskServices) -> PendingEvent:
    rows = services.engine.pending(numbers)
    return PendingEvent(rows=rows, gone=sorted({*numbers} - {row["id"] for row in rows}))


def _frame(frame: Frame) -> bytes:
    if frame.tasks is None:
        return encoded("{}", events.RESET, frame.id)
    return encoded(frame.tasks, events.TASKS, frame.id)


def _event(kind: str, data: Any) -> bytes:
    return encoded(to_json(data).decode(), kind)
