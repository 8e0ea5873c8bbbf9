"""Tells an app of its tasks' changes, in the process that runs them."""

from __future__ import annotations

import asyncio
import json
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from sendoff_tasks.events.journal import Subscription
from sendoff_tasks.facade.engine import Engine
from sendoff_tasks.functions.awaiting import is_awaitable
from sendoff_tasks.model.tasks import TaskRow

log = logging.getLogger(__name__)

OnEvent = Callable[[TaskRow], Any]
"""Takes the row of a task that has changed; it may be an ``async def``."""
END_WITHIN: Final = 5.0
"""Seconds that a stop waits for ``on_event``, which may never return."""
MISSED: Final = "on_event was not told of some tasks: more changed than it could hear of"
FAILED: Final = "on_event failed for task %d"


@contextmanager
def telling(engine: Engine, on_event: OnEvent) -> Iterator[None]:
    """Call ``on_event`` with each changed row while the block runs, in a thread of its own.

    Changes that come fast are told as one: the row is as it is when it is told.
    """
    changes, over = engine.journal.subscribe(), threading.Event()

    async def follow() -> None:
        while not over.is_set():
            if await changes.changed():
                await _tell(changes, on_event)

    thread = threading.Thread(target=lambda: asyncio.run(follow()), name="on_event", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        changes.close()
        thread.join(END_WITHIN)


async def _tell(changes: Subscription, on_event: OnEvent) -> None:
    frame = changes.next_frame()
    if frame is None:
        return
    if frame.tasks is None:
        log.warning(MISSED)
        return
    for row in json.loads(frame.tasks)["rows"]:
        try:
            told = on_event(row)
            if is_awaitable(told):
                await told
        except Exception:
            log.exception(FAILED, row["id"])
