"""What workers are made to run."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import FrameType

import pytest
from fastapi import FastAPI

from sendoff_tasks import CURRENT, RetryLater, TaskContext, task
from sendoff_tasks.fastapi import install
from sendoff_tasks.worker import order_follower, process
from tests import WITHIN

NEVER = threading.Event()
POOL = ThreadPoolExecutor(1)


def leaves(folder: str, text: str) -> Path:
    """Leave a file that says what has happened in which process."""
    file = Path(folder) / f"{text} {os.getpid()}"
    file.touch()
    return file


@task(title="Meet others")
def meets(folder: str, name: str, number: int) -> int:
    """Wait until so many run at once; returns the process."""
    leaves(folder, f"meets {name}")
    wait(lambda: len(list(Path(folder).glob("meets *"))) >= number)
    return os.getpid()


@task
async def crosses_async(folder: str, ctx: TaskContext = CURRENT) -> int:
    await ctx.point_of_no_return_async("a letter", "Ada")
    await asyncio.to_thread(wait, (Path(folder) / "end").exists)
    return os.getpid()


@task(lane="cpu", retry=2)
def computes(number: int, ctx: TaskContext = CURRENT) -> tuple[int, int]:
    """Say everything that an attempt can say, and fail once."""
    ctx.progress(1, 2, "half")
    ctx.log("begun")
    once = ctx.step("once", os.getpid)
    if ctx.attempt == 1:
        raise RetryLater("not yet", after=0)
    return once, sum(range(number))


@task
def adds(url: str, folder: str, name: str) -> int:
    """Add a task in the process that runs this one, as an app's module there does."""
    leaves(folder, "adds")
    return install(FastAPI(), database=url, monitor=False).add_task(waits, folder, name).number


def waits(folder: str, name: str, ctx: TaskContext = CURRENT) -> int:
    """Wait for its end; undecorated, so it is found by its module."""
    leaves(folder, f"{name} {ctx.attempt}")
    wait(lambda: _asked(ctx) or (Path(folder) / "end").exists())
    return os.getpid()


def crosses(folder: str, name: str, ctx: TaskContext = CURRENT) -> None:
    """Cross the point of no return once there is a file ``go``, and leave one; then wait."""
    leaves(folder, f"{name} {ctx.attempt}")
    wait(lambda: (Path(folder) / "go").exists())
    ctx.point_of_no_return()
    leaves(folder, f"{name} sent {ctx.attempt}")
    wait(lambda: (Path(folder) / "end").exists())


@task(queue="narrow", concurrency=3)
def enters(folder: str, number: int) -> int:
    """Be inside for a moment; returns how many were.

    The first ones wait until there are as many as may be.
    """
    file, met = leaves(folder, f"in {number}"), Path(folder) / "met"
    wait(lambda: met.exists() or len(list(Path(folder).glob("in *"))) >= 3)
    met.touch()
    NEVER.wait(0.01)
    inside = len(list(Path(folder).glob("in *")))
    file.unlink()
    return inside


def ignores(folder: str, ctx: TaskContext = CURRENT) -> None:
    """Hear of no stop in the first attempt, which keeps a pool at work."""
    leaves(folder, f"ignores {ctx.attempt}")
    if ctx.attempt == 1:
        POOL.submit(NEVER.wait).result()


def leave_late(folder: str) -> None:
    """Have a worker that stops say ``leaves``, and be gone once there is a file ``go``."""
    patched, leave = pytest.MonkeyPatch(), order_follower.WorkerSession.leave

    def leave_late(session: order_follower.WorkerSession, worker: str, stage: str) -> None:
        if stage == "gone":
            leaves(folder, "leaves")
            wait((Path(folder) / "go").exists)
        leave(session, worker, stage)

    patched.setattr(order_follower.WorkerSession, "leave", leave_late)
    patched.setattr(order_follower, "LEAVE_S", WITHIN)
    patched.setattr(process, "GRACE_S", 0.1)


def stop_as_it_begins_to_wait() -> None:
    """Have a worker get SIGTERM when its main thread is inside what waits, before it sleeps."""

    def heard(frame: FrameType, event: str, what: object) -> None:
        callers = frame.f_back and frame.f_back.f_back and frame.f_back.f_back.f_code
        in_event = event == "call" and frame.f_code is threading.Condition.wait.__code__
        in_queue = event == "c_call" and "SimpleQueue" in repr(what)
        if process.run.__code__ in (
            callers if in_event else None,
            frame.f_code if in_queue else None,
        ):
            sys.setprofile(None)
            signal.raise_signal(signal.SIGTERM)

    sys.setprofile(heard)


def _asked(ctx: TaskContext) -> bool:
    ctx.check_cancelled()
    return False


def wait(look: Callable[[], bool]) -> None:
    for _ in range(round(WITHIN / 0.01)):
        if look():
            return
        NEVER.wait(0.01)
    raise TimeoutError
