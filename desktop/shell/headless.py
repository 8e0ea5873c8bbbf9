"""Sendoff where no window can be shown: a backend, the line to type, and the live list."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shlex
import sys
from typing import TYPE_CHECKING

from desktop.client.backend_state import Away, Finishing, GaveUp, Gone, Ready, ServerFault
from desktop.client.stream import EventStream
from desktop.client.supervisor import Supervisor
from desktop.settings.paths import DATA_DIR_VARIABLE, DataFolder, data_dir
from desktop.shell.commands.watch import Printer
from desktop.shell.session import SPARE_WAITS, why_away
from desktop.shell.terminal import fail, say, until_unheard

if TYPE_CHECKING:
    from desktop.client.backend_state import BackendState


def run(folder: str | None) -> int:
    """Start a backend (or attach to the one that runs) and print changes until Ctrl+C."""
    data = DataFolder(data_dir(folder))
    try:
        data.create()
    except OSError as error:
        return fail(f"The data folder {data.root} cannot be used: {error.strerror}.")
    return until_unheard(lambda: _live(data, _submit_line(folder)))


def _live(data: DataFolder, submit_line: str) -> int:
    say("No display here, so Sendoff runs without its window.")
    with contextlib.suppress(KeyboardInterrupt):  # by now the backend has ended in order
        return asyncio.run(_keep(data, submit_line))
    return 0


def _submit_line(folder: str | None) -> str:
    """Give the line to type in another terminal."""
    named = folder or os.environ.get(DATA_DIR_VARIABLE)  # the other terminal need not have it
    option = f" --data-dir={shlex.quote(named)}" if named else ""
    return f"{_program()} submit --name Ada --to ada@example.org{option}"


def _program() -> str:
    if getattr(sys, "frozen", False):
        return shlex.quote(sys.executable)
    return f"{shlex.quote(sys.executable)} -P -m desktop"


async def _keep(data: DataFolder, submit_line: str) -> int:
    """Supervise a backend and follow it; ends with 1 when it does not start."""
    states: asyncio.Queue[BackendState] = asyncio.Queue()
    supervisor = Supervisor(data, states.put_nowait)
    stream = EventStream(Printer())
    watching = asyncio.create_task(supervisor.run())
    following: asyncio.Task[None] | None = None
    try:
        while True:
            state = await _next(states, watching, following)
            await _end(following)
            following = None
            match state:
                case Ready(backend=backend):
                    if not data.app_mark.exists():
                        say("Register an item from another terminal:")
                        print(f"  {submit_line}", flush=True)  # whole, to be copied
                    following = asyncio.create_task(stream.run(backend))
                case Finishing():
                    say("The backend is finishing its work; a new one starts once it is done.")
                case Away(missing=ServerFault.WAITING):
                    say(SPARE_WAITS)
                case Away():
                    say(why_away(data))
                case Gone(reason=reason):
                    say(reason)
                case GaveUp(reason=reason):
                    return fail(reason)
    finally:
        await _end(following)
        await _end(watching)
        await supervisor.stop()


async def _next(
    states: asyncio.Queue[BackendState], *beside: asyncio.Task[None] | None
) -> BackendState:
    """Wait for the next state; what ends one of the endless tasks beside it is raised here."""
    endless = {task for task in beside if task is not None}
    coming = asyncio.create_task(states.get())
    await asyncio.wait({coming, *endless}, return_when=asyncio.FIRST_COMPLETED)
    for task in endless:
        if task.done():
            coming.cancel()
            task.result()
    return await coming


async def _end(task: asyncio.Task[None] | None) -> None:
    if task is not None:
        task.cancel()
        await asyncio.wait({task})
