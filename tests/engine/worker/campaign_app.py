"""The app of the campaign, and its workers: they wait less, and more befalls them."""

from __future__ import annotations

import asyncio
import os
import random
import sys
import threading
from contextlib import suppress
from http.client import CREATED
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from desktop.backend.process import ServeOptions
from desktop.backend.process import serve as serve_backend
from sendoff_tasks import CURRENT, TaskContext, task
from sendoff_tasks.errors import EngineError
from sendoff_tasks.fastapi import install
from sendoff_tasks.folder.backend_addresses import read_backend
from sendoff_tasks.folder.paths import DataFolder
from sendoff_tasks.http.lifecycle import signals
from sendoff_tasks.processes import server_link, workers
from sendoff_tasks.worker import order_follower, process
from tests.backend.driving import client_of

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
    _hurry()
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


def answer(url: str, path: str, first: int) -> None:
    """Be a backend, as ``serve --database`` is, and ask it for tasks until standard input closes.

    Says which it has accepted; its tasks are those of workers.
    """
    _hurry()
    folder = DataFolder(Path(path).with_name(f"backend {first}"))
    said, closing = os.dup(sys.stdout.fileno()), threading.Event()

    def add(caller: int) -> None:
        number, kinds = first + caller, ("sends", "sends_limited", "sends", "computes")
        while (backend := read_backend(folder.backend_file)) is None:
            PAUSE.wait(0.1)
        with client_of(backend) as client:
            while not closing.wait(0.05):
                task = {"task": kinds[number % 4], "args": [path, number]}
                with suppress(httpx.HTTPError):
                    key = {"Idempotency-Key": str(number)}
                    if client.post("/tasks", json=task, headers=key).status_code == CREATED:
                        os.write(said, b"%d\n" % number)
                number += CALLERS

    def wait_for_end() -> None:
        sys.stdin.read()
        closing.set()

    for caller in range(CALLERS):
        threading.Thread(target=add, args=(caller,), daemon=True).start()
    threading.Thread(target=wait_for_end, daemon=True).start()
    serve_backend(ServeOptions(data_dir=str(folder.root), database=url))


def _hurry() -> None:
    patched = pytest.MonkeyPatch()
    patched.setattr(server_link, "ORPHANED_S", 1.0)
    patched.setattr(server_link, "FROZEN_S", 3.0)
    patched.setattr(workers, "LEASE_S", 2.0)


def work(url: str) -> None:
    """Be a worker, as the command is."""
    patched = pytest.MonkeyPatch()
    patched.setattr(order_follower, "BEAT_S", 0.5)
    registry = process.imported([__name__])
    ended = threading.Event()
    with signals(ended.set):
        process.run(url, registry, process.offer_of(registry, [__name__], ()), ended.wait)
