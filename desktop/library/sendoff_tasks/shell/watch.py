"""``watch`` prints each change as it happens; without a display Sendoff does the same."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any, Final

from sendoff_tasks.client.health import (
    running_backend,
    still_serves,
)
from sendoff_tasks.client.stream import EventStream
from sendoff_tasks.folder.paths import DataFolder, data_dir
from sendoff_tasks.model import events
from sendoff_tasks.shell.command_line import row_width, say, say_row
from sendoff_tasks.shell.session import with_backend
from sendoff_tasks.shell.tasks import line
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    import argparse

    from sendoff_tasks.client.calls import TasksApi
    from sendoff_tasks.folder.backend_addresses import Backend
    from sendoff_tasks.shell.command_line import BackendPlace

LOOK_EVERY: Final = 1.0
"""Seconds between two checks whether another backend serves the data folder."""


def watch_changes(options: argparse.Namespace) -> int:
    """Print changes of the backend that the options name."""
    return watch(options.place)


def watch(place: BackendPlace) -> int:
    """Print changes until Ctrl+C."""

    def command(api: TasksApi) -> int:
        with contextlib.suppress(KeyboardInterrupt):  # Ctrl+C is the way to end it
            if place.address is None:
                asyncio.run(_follow(DataFolder(data_dir(place.folder)), api.backend))
            else:
                api.stats()  # fails now if the address or the token is wrong
                asyncio.run(EventStream(show).run(api.backend))
        return 0

    return with_backend(place, command)


async def _follow(data: DataFolder, backend: Backend) -> None:
    """Print the changes of the folder's backend and, once it has ended, of its successor."""
    stream = EventStream(show)
    while True:
        following = asyncio.create_task(stream.run(backend))
        try:
            backend = await _successor(data, backend, following)
        finally:
            following.cancel()
            await asyncio.wait({following})


async def _successor(data: DataFolder, backend: Backend, following: asyncio.Task[None]) -> Backend:
    """Wait for the backend after this one; raise the error that ends ``following``."""
    while True:
        await asyncio.wait({following}, timeout=LOOK_EVERY)
        if following.done():
            following.result()
        if not await asyncio.to_thread(still_serves, backend, data):
            found = await asyncio.to_thread(running_backend, data)
            if found is not None:
                return found


def show(kind: str, data: Any) -> None:
    """Print an event of the stream: a line for each changed task, and notices as sentences."""
    match kind:
        case events.CONNECTED:
            say(ENGLISH.say("session", "watching"))
        case events.DISCONNECTED:
            say(ENGLISH.say("session", "stopped"))
        case events.TASKS:
            for row in data["rows"]:
                say_row(line(row, row_width()))
        case events.NOTICE:
            over = ENGLISH.say("session", "over", text=data["text"])
            say(data["text"] if data["active"] else over)
