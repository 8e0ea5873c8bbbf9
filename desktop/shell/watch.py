"""``sendoff watch``: every change as one line, as it happens."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from desktop.client.stream import EventStream
from desktop.shell.session import with_backend
from desktop.shell.tasks import line
from desktop.shell.terminal import say

if TYPE_CHECKING:
    from desktop.client.api import Api
    from desktop.contract.events import Notice, Stats, TasksEvent


def run(folder: str | None) -> int:
    """Print changes until Ctrl+C."""

    def command(api: Api) -> int:
        with contextlib.suppress(KeyboardInterrupt):  # the way to end it
            asyncio.run(EventStream(Printer()).run(api.backend))
        return 0

    return with_backend(folder, command)


class Printer:
    """Prints what the stream brings: a row a line, notices in words."""

    def connected(self) -> None:
        """Say that changes will be seen from here on."""
        say("Watching; Ctrl+C ends it.")

    def disconnected(self) -> None:
        """Say that nothing is seen now."""
        say("The backend is gone; waiting for it.")

    def reset(self) -> None:
        """Nothing is kept here, so nothing is loaded anew."""

    def tasks(self, event: TasksEvent) -> None:
        """Print the changed rows."""
        for row in event["rows"]:
            say(line(row))

    def stats(self, stats: Stats) -> None:
        """Pass over the counts: here each change speaks for itself."""

    def notice(self, notice: Notice) -> None:
        """Print what a person should know."""
        say(notice["text"] if notice["active"] else f"Settled: {notice['text']}")
