"""What an app opens for its tasks in tests, and functions of each lane that use it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import anyio

from sendoff_tasks import CURRENT, TaskContext, task

FOLDER: Final = "OPENED_IN"
"""The variable that names the folder in which is written what was opened and closed."""


@dataclass
class Clients:
    pid: int
    loop: asyncio.AbstractEventLoop
    uses: int = 0

    def use(self) -> list[int]:
        self.uses += 1
        return [self.pid, self.uses]


@asynccontextmanager
async def clients() -> AsyncIterator[Clients]:
    folder = Path(os.environ[FOLDER])
    while (folder / "broken").exists():
        (folder / f"tried {os.getpid()}").touch()
        raise ConnectionError("the cache is out of reach")
    with (folder / "opened").open("a") as opened:
        opened.write(f"{os.getpid()}\n")
    async with anyio.create_task_group():  # must be left in the asyncio task that entered it
        yield Clients(os.getpid(), asyncio.get_running_loop())
    with (folder / "closed").open("a") as closed:
        closed.write(f"{os.getpid()}\n")


def uses(ctx: TaskContext[Clients] = CURRENT) -> list[int]:
    return ctx.state.use()


@task(lane="cpu", retry=1)
def uses_in_a_process(ctx: TaskContext[Clients] = CURRENT) -> list[int]:
    return [*ctx.state.use(), os.getpid()]


async def uses_in_a_loop(ctx: TaskContext[Clients] = CURRENT) -> Any:
    return [*ctx.state.use(), ctx.state.loop is asyncio.get_running_loop()]
