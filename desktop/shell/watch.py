"""``sendoff watch`` prints each change as it happens; without a display Sendoff does the same."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shlex
from typing import TYPE_CHECKING, Any, Final

from desktop.child_process import program
from desktop.client.health import (
    Away,
    Finishing,
    GaveUp,
    Gone,
    Ready,
    ServerFault,
    running_backend,
    still_serves,
)
from desktop.client.stream import EventStream
from desktop.client.supervisor import Supervisor
from desktop.contract.model import events
from desktop.settings.paths import DATA_DIR_VARIABLE, DataFolder, data_dir
from desktop.shell.command_line import fail, row_width, say, say_row, until_unheard
from desktop.shell.session import why_away, with_backend
from desktop.shell.tasks import line

if TYPE_CHECKING:
    import argparse

    from desktop.client.api import Api
    from desktop.client.health import BackendState
    from desktop.settings.backend_addresses import Backend
    from desktop.shell.command_line import BackendPlace

LOOK_EVERY: Final = 1.0
"""Seconds between two checks whether another backend serves the data folder."""


def watch_options(parser: argparse.ArgumentParser) -> str:
    """Add the options of ``sendoff watch``; return what its help says more."""
    more = "One line a change, as `tasks` prints it, from now on and until Ctrl+C."
    parser.set_defaults(run=lambda options: watch(options.place))
    return more


def watch(place: BackendPlace) -> int:
    """Print changes until Ctrl+C."""

    def command(api: Api) -> int:
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
            say("Watching; Ctrl+C ends it.")
        case events.DISCONNECTED:
            say("The backend stopped; waiting for it.")
        case events.TASKS:
            for row in data["rows"]:
                say_row(line(row, row_width()))
        case events.NOTICE:
            say(data["text"] if data["active"] else f"No longer: {data['text']}")


def run_without_display(folder: str | None) -> int:
    """Start a backend, or attach to the running one, and print changes until Ctrl+C."""
    data = DataFolder(data_dir(folder))
    try:
        data.create()
    except OSError as error:
        return fail(data.why_unusable(error))
    return until_unheard(lambda: _live(data, _submit_line(folder)))


def _live(data: DataFolder, submit_line: str) -> int:
    say("No display here, so Sendoff runs without its window.")
    with contextlib.suppress(KeyboardInterrupt):  # the backend has already stopped
        return asyncio.run(_keep(data, submit_line))
    return 0


def _submit_line(folder: str | None) -> str:
    """Return the command to type in another terminal, which may lack this environment."""
    named = folder or os.environ.get(DATA_DIR_VARIABLE)
    option = f" --data-dir={shlex.quote(named)}" if named else ""
    return f"{shlex.join(program())} submit --name Ada --to ada@example.org{option}"


async def _keep(data: DataFolder, submit_line: str) -> int:
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
                    say("The backend is finishing its work; a new one starts once it is done.")
                case Away(missing=ServerFault.SPARE, address=""):
                    say("This server is a spare: it runs the tasks once no other one does.")
                case Away(missing=ServerFault.SPARE, address=address):
                    say(f"This server is a spare: another one runs the tasks at {address}")
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
