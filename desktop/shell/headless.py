"""Sendoff where no window can be shown: a backend, the line to type, and the live list."""

from __future__ import annotations

import asyncio
import contextlib
import shlex
import sys
from typing import TYPE_CHECKING

from desktop.client.stream import EventStream
from desktop.client.supervisor import GaveUp, Gone, Ready, Supervisor
from desktop.settings.paths import DataFolder, data_dir
from desktop.shell.session import fail
from desktop.shell.watch import Printer

if TYPE_CHECKING:
    from desktop.client.supervisor import BackendState


def run(folder: str | None) -> int:
    """Start a backend (or attach to the one that runs) and print changes until Ctrl+C."""
    data = DataFolder(data_dir(folder))
    try:
        data.create()
    except OSError as error:
        return fail(f"The data folder {data.root} cannot be used: {error.strerror}.")
    print("No display here, so Sendoff runs without its window.", flush=True)
    with contextlib.suppress(KeyboardInterrupt):  # the way to end it
        return asyncio.run(_keep(data, _submit_line(folder)))
    return 0


def _submit_line(folder: str | None) -> str:
    """Give the line to type in another terminal."""
    option = f" --data-dir {shlex.quote(folder)}" if folder else ""
    return f"{_program()} submit --name Ada --to ada@example.org{option}"


def _program() -> str:
    if getattr(sys, "frozen", False):
        return shlex.quote(sys.executable)
    return f"{shlex.quote(sys.executable)} -m desktop"


async def _keep(data: DataFolder, submit_line: str) -> int:
    """Supervise a backend and follow it; ends with 1 when it does not start."""
    states: asyncio.Queue[BackendState] = asyncio.Queue()
    supervisor = Supervisor(data, states.put_nowait)
    watching = asyncio.create_task(supervisor.run())
    stream = EventStream(Printer())
    following: asyncio.Task[None] | None = None
    try:
        while True:
            state = await states.get()
            if following is not None:
                following.cancel()
                following = None
            match state:
                case Ready(backend=backend):
                    print(f"Register an item from another terminal:\n  {submit_line}", flush=True)
                    following = asyncio.create_task(stream.run(backend))
                case Gone(reason=reason):
                    print(reason, flush=True)
                case GaveUp(reason=reason):
                    return fail(reason)
    finally:
        watching.cancel()
        if following is not None:
            following.cancel()
        await supervisor.stop()
