"""``sendoff watch``: every change as one line, as it happens."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Final

from desktop.client.health import running_backend, still_serves
from desktop.client.stream import EventStream
from desktop.settings.paths import DataFolder, data_dir
from desktop.shell.commands.tasks import line
from desktop.shell.session import with_backend
from desktop.shell.terminal import row_width, say, say_row

if TYPE_CHECKING:
    from desktop.client.api import Api
    from desktop.contract.events import BatchesEvent, Notice, Stats, TasksEvent
    from desktop.settings.backend_file import Backend
    from desktop.shell.backend_address import BackendPlace

LOOK_EVERY: Final = 1.0
"""Seconds between two looks whether another backend serves the data folder by now."""


def run(place: BackendPlace) -> int:
    """Print changes until Ctrl+C."""

    def command(api: Api) -> int:
        with contextlib.suppress(KeyboardInterrupt):  # the way to end it
            if place.address is None:
                asyncio.run(_follow(DataFolder(data_dir(place.folder)), api.backend))
            else:
                api.stats()  # a wrong address or token is told now
                asyncio.run(EventStream(Printer()).run(api.backend))
        return 0

    return with_backend(place, command)


async def _follow(data: DataFolder, backend: Backend) -> None:
    """Print what the folder's backends do, one after the other; each has a port of its own."""
    stream = EventStream(Printer())
    while True:
        following = asyncio.create_task(stream.run(backend))
        try:
            backend = await _successor(data, backend, following)
        finally:
            following.cancel()
            await asyncio.wait({following})


async def _successor(data: DataFolder, backend: Backend, following: asyncio.Task[None]) -> Backend:
    """Wait for the backend after this one; what ends the printing is raised here."""
    while True:
        await asyncio.wait({following}, timeout=LOOK_EVERY)
        if following.done():
            following.result()
        if not await asyncio.to_thread(still_serves, backend, data):
            found = await asyncio.to_thread(running_backend, data)
            if found is not None:
                return found


class Printer:
    """Prints what the stream brings: a row a line, notices in words."""

    def connected(self) -> None:
        """Say that changes will be seen from here on."""
        say("Watching; Ctrl+C ends it.")

    def disconnected(self) -> None:
        """Say that nothing is seen now."""
        say("The backend stopped; waiting for it.")

    def reset(self) -> None:
        """Do nothing: no list is kept here."""

    def tasks(self, event: TasksEvent) -> None:
        """Print the changed rows."""
        for row in event["rows"]:
            say_row(line(row, row_width()))

    def batches(self, event: BatchesEvent) -> None:
        """Pass over batches: each of their tasks has its line."""

    def stats(self, stats: Stats) -> None:
        """Pass over the counts: here each change speaks for itself."""

    def notice(self, notice: Notice) -> None:
        """Print what a person should know."""
        say(notice["text"] if notice["active"] else f"No longer: {notice['text']}")

    def functions(self) -> None:
        """Do nothing: what is registered is not shown here."""
