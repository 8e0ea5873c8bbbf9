"""FastAPI's ``BackgroundTasks``: in memory, run by a loop once the answer is on its way."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

from fastapi import BackgroundTasks

from tests.benchmarks.peers import body

if TYPE_CHECKING:
    from tests.benchmarks.peers.body import Kind

_loop = asyncio.new_event_loop()


def start() -> None:
    threading.Thread(target=_loop.run_forever, daemon=True).start()


def enqueue(kind: Kind, number: int, asked: int) -> None:
    tasks = BackgroundTasks()
    tasks.add_task(body.run, kind, number, asked)
    asyncio.run_coroutine_threadsafe(tasks(), _loop)
