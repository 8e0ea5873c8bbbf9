"""``sendoff watch``: print each change as one line when it happens."""

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
    from desktop.contract.events import BatchesEvent, Notice, PendingEvent, Stats, TasksEvent
    from desktop.settings.backend_file import Backend
    from desktop.shell.backend_address import BackendPlace

LOOK_EVERY: Final = 1.0
"""Seconds between two checks whether another backend serves the data folder."""


def run(place: BackendPlace) -> int:
    """Print changes until Ctrl+C."""

    def command(api: Api) -> int:
        with contextlib.suppress(KeyboardInterrupt):  # Ctrl+C is the way to end it
            if place.address is None:
                asyncio.run(_follow(DataFolder(data_dir(place.folder)), api.backend))
            else:
                api.stats()  # fails now if the address or the token is wrong
                asyncio.run(EventStream(Printer()).run(api.backend))
        return 0

    return with_backend(place, command)


async def _follow(data: DataFolder, backend: Backend) -> None:
    """Print the changes of the folder's backend and, once it has ended, of its successor."""
    stream = EventStream(Printer())
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


class Printer:
    """Prints the stream: one line for each changed task, and notices as sentences."""

    def connected(self) -> None:
        """Say that changes are printed from now on."""
        say("Watching; Ctrl+C ends it.")

    def disconnected(self) -> None:
        """Say that the backend stopped."""
        say("The backend stopped; waiting for it.")

    def reset(self) -> None:
        """Do nothing: the printer keeps no list."""

    def tasks(self, event: TasksEvent) -> None:
        """Print the changed tasks."""
        for row in event["rows"]:
            say_row(line(row, row_width()))

    def batches(self, event: BatchesEvent) -> None:
        """Do nothing: each task of a batch has its own line."""

    def pending(self, event: PendingEvent) -> None:
        """Do nothing: what is done to tasks has their lines."""

    def stats(self, stats: Stats) -> None:
        """Do nothing: the printer shows no counts."""

    def notice(self, notice: Notice) -> None:
        """Print the notice, or that it no longer holds."""
        say(notice["text"] if notice["active"] else f"No longer: {notice['text']}")

    def functions(self) -> None:
        """Do nothing: the printer does not show registered functions."""

    def search(self) -> None:
        """Do nothing: the printer shows no search."""
