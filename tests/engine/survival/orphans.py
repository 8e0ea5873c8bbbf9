"""An engine with tasks that never end in every lane, as ``test_kill`` starts and kills it."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from pathlib import Path
from typing import Any

from desktop.engine import TaskContext, task
from desktop.engine.facade.engine import Engine
from desktop.engine.functions.registry import Registry
from tests.looking import eventually

NEVER = threading.Event()


def begin(ctx: TaskContext) -> None:
    ctx.log(str(os.getpid()))
    NEVER.wait()


def hand_over(ctx: TaskContext) -> None:
    ctx.point_of_no_return(f"Letter {ctx.task_id}", "the post office")
    ctx.log("handed over")
    NEVER.wait()


@task(lane="io", concurrency=1)
def begin_io(ctx: TaskContext) -> None:
    begin(ctx)


@task(lane="cpu", concurrency=1)
def begin_cpu(ctx: TaskContext) -> None:
    begin(ctx)


@task(lane="async", concurrency=1)
async def begin_async(ctx: TaskContext) -> None:
    ctx.log(str(os.getpid()))
    await asyncio.Event().wait()


@task(lane="io")
def hand_over_io(ctx: TaskContext) -> None:
    hand_over(ctx)


@task(lane="cpu")
def hand_over_cpu(ctx: TaskContext) -> None:
    hand_over(ctx)


@task(lane="async")
async def hand_over_async(ctx: TaskContext) -> None:
    await ctx.point_of_no_return_async(f"Letter {ctx.task_id}", "the post office")
    ctx.log("handed over")
    await asyncio.Event().wait()


FUNCTIONS = (begin_io, begin_cpu, begin_async, hand_over_io, hand_over_cpu, hand_over_async)


def open_engine(folder: Path, **options: Any) -> Engine:
    """Start an engine on the folder's store."""
    known = Registry()
    for function in FUNCTIONS:
        known.add(function)
    engine = Engine(folder / "store.db", known, cpu_slots=2, **options)
    engine.start()
    return engine


def leave_orphans(folder: Path, lane: str) -> None:
    """Begin one task, hand over another, leave a third in its queue; print numbers and process."""
    engine = open_engine(folder)
    names = (f"begin_{lane}", f"hand_over_{lane}", f"begin_{lane}")
    numbers = [engine.add_task(name) for name in names]
    eventually(lambda: all(engine.task(number)["log"] for number in numbers[:2]))
    print(*numbers, engine.task(numbers[0])["log"][0]["text"], flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    leave_orphans(Path(sys.argv[1]), sys.argv[2])
