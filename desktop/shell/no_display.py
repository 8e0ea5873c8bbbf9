"""Sendoff where there is no display: a backend, and its changes as lines."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shlex
from typing import TYPE_CHECKING

from desktop.child_process import program
from desktop.client.supervisor import Supervisor
from desktop.settings.office_folder import OfficeFolder
from sendoff_tasks.client.health import Away, Finishing, GaveUp, Gone, Ready, ServerFault
from sendoff_tasks.client.stream import EventStream
from sendoff_tasks.folder.paths import DATA_DIR_VARIABLE, data_dir
from sendoff_tasks.shell.command_line import fail, say, until_unheard
from sendoff_tasks.shell.session import why_away
from sendoff_tasks.shell.watch import show
from sendoff_tasks.words.table import ENGLISH

if TYPE_CHECKING:
    from sendoff_tasks.client.health import BackendState


def run_without_display(folder: str | None) -> int:
    """Start a backend, or attach to the running one, and print changes until Ctrl+C."""
    data = OfficeFolder(data_dir(folder))
    try:
        data.create()
    except OSError as error:
        return fail(data.why_unusable(error))
    return until_unheard(lambda: _live(data, _submit_line(folder)))


def _live(data: OfficeFolder, submit_line: str) -> int:
    say("No display here, so Sendoff runs without its window.")
    with contextlib.suppress(KeyboardInterrupt):  # the backend has already stopped
        return asyncio.run(_keep(data, submit_line))
    return 0


def _submit_line(folder: str | None) -> str:
    """Return the command to type in another terminal, which may lack this environment."""
    named = folder or os.environ.get(DATA_DIR_VARIABLE)
    option = f" --data-dir={shlex.quote(named)}" if named else ""
    return f"{shlex.join(program())} submit --name Ada --to ada@example.org{option}"


async def _keep(data: OfficeFolder, submit_line: str) -> int:
    """Supervise a backend and print its changes; return 1 if it does not start."""
    states: asyncio.Queue[BackendState] = asyncio.Queue()
    supervisor = Supervisor(data, states.put_nowait)
    stream = EventStream(show)
    watching = asyncio.create_task(supervisor.run())
    following: asyncio.Task[None] | None = None
    try:
        while True:
            state = await _next_state(states, watching, following)
            await _end(following)
            following = None
            match state:
                case Ready(backend=backend):
                    if not data.app_mark.exists():
                        say("Register an item from another terminal:")
                        print(f"  {submit_line}", flush=True)  # unbroken, so it can be copied
                    following = asyncio.create_task(stream.run(backend))
                case Finishing():
                    say("The backend is finishing its work. A new one starts afterwards.")
                case Away(missing=ServerFault.SPARE, address=address) if address:
                    say(ENGLISH.say("server", "spare_of", address=address))
                case Away(missing=ServerFault() as fault, version=version):
                    say(ENGLISH.say("server", fault.value, version=version))
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


async def _next_state(
    states: asyncio.Queue[BackendState], *beside: asyncio.Task[None] | None
) -> BackendState:
    """Wait for the next state; raise the error that ends one of the tasks ``beside`` it."""
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
