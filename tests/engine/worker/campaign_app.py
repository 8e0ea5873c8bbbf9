"""The app of the campaign, and its workers: they wait less, and more befalls them."""

from __future__ import annotations

import asyncio
import random
import sys
import threading
from pathlib import Path

import pytest
from fastapi import FastAPI

from desktop.engine import CURRENT, TaskContext, task
from desktop.engine.errors import EngineError
from desktop.engine.fastapi import install
from desktop.engine.processes.server import handing_over, watching
from desktop.engine.worker import order_follower, process

CALLERS = 4
PAUSE = threading.Event()


def _send(path: str, number: int, ctx: TaskContext) -> None:
    PAUSE.wait(random.uniform(0.0, 0.2))
    ctx.point_of_no_return()
    with Path(path).open("ab", buffering=0) as sent:
        sent.write(b"%d\n" % number)
    PAUSE.wait(random.uniform(0.0, 0.1))


@task
def sends(path: str, number: int, ctx: TaskContext = CURRENT) -> None:
    _send(path, number, ctx)


@task(queue="limited", concurrency=3)
def sends_limited(path: str, number: int, ctx: TaskContext = CURRENT) -> None:
    _send(path, number, ctx)


@task(lane="cpu")
def computes(path: str, number: int, ctx: TaskContext = CURRENT) -> None:
    _send(path, number, ctx)


def serve(url: str, path: str, first: int) -> None:
    """Serve an app that adds tasks until its standard input closes, and says which it could."""
    patched = pytest.MonkeyPatch()
    patched.setattr(handing_over, "ORPHANED_S", 1.0)
    patched.setattr(handing_over, "FROZEN_S", 3.0)
    patched.setattr(watching, "LEASE_S", 2.0)
    app, closing = FastAPI(), threading.Event()
    engine = install(app, database=url, io_slots=2, cpu_slots=1, monitor=False)

    async def add(caller: int) -> None:
        number = first + caller
        kinds = (sends, sends_limited, sends, computes)
        while not closing.is_set():
            try:
                await engine.add_task_async(kinds[number % 4], path, number)
            except EngineError:
                await asyncio.sleep(0.1)  # it may have been accepted: that number is not used again
            else:
                print(number, flush=True)
            number += CALLERS
            await asyncio.sleep(0.05)

    def wait_for_end() -> None:
        sys.stdin.read()
        closing.set()

    async def run() -> None:
        async with app.router.lifespan_context(app):
            await asyncio.gather(*map(add, range(CALLERS)), asyncio.to_thread(wait_for_end))
            await asyncio.Event().wait()  # until it is killed, it runs what is left

    asyncio.run(run())


def work(url: str) -> None:
    """Be a worker, as the command is."""
    patched = pytest.MonkeyPatch()
    patched.setattr(order_follower, "BEAT_S", 0.5)
    registry = process.imported([__name__])
    with process.signals() as ended:
        process.run(url, registry, process.offer_of(registry, [__name__]), ended.wait)
