"""What the lanes are made to run: importable by a cpu-lane process, each also as a coroutine."""

from __future__ import annotations

import asyncio
import ctypes
import os
import signal
import stat
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

from pydantic import BaseModel, field_serializer

from desktop.engine import (
    Final,
    NeedsPerson,
    RetryLater,
    TaskCancelled,
    TaskContext,
    Uncertain,
    task,
)

RAISED: dict[str, type[BaseException]] = {
    "ValueError": ValueError,
    "SystemExit": SystemExit,
    "KeyboardInterrupt": KeyboardInterrupt,
    "Final": Final,
    "Uncertain": Uncertain,
    "RetryLater": RetryLater,
    "NeedsPerson": NeedsPerson,
    "TaskCancelled": TaskCancelled,
}
NEVER = threading.Event()


def touches(path: str) -> None:
    Path(path).touch()


def returns(value: Any) -> Any:
    return value


async def returns_async(value: Any) -> Any:
    return value


def raises(kind: str, message: str) -> NoReturn:
    raise RAISED[kind](message)


async def raises_async(kind: str, message: str) -> NoReturn:
    raises(kind, message)


def asks_later(after: float) -> NoReturn:
    raise RetryLater("busy", after)


async def asks_later_async(after: float) -> NoReturn:
    asks_later(after)


def holds_queue() -> NoReturn:
    raise NeedsPerson("wrong password", queue=True, notice_action="mail_settings")


async def holds_queue_async() -> NoReturn:
    holds_queue()


def returns_what_json_cannot_keep() -> object:
    return {1, 2}


async def returns_what_json_cannot_keep_async() -> object:
    return returns_what_json_cannot_keep()


class Broken(BaseModel):
    ink: int = 0

    @field_serializer("ink")
    def write(self, ink: int) -> int:
        raise RuntimeError("out of ink")


def returns_a_broken_model() -> Broken:
    return Broken()


async def returns_a_broken_model_async() -> Broken:
    return Broken()


def tells_its_context(first: int, ctx: TaskContext, second: int) -> list[Any]:
    told = [first, second, ctx.task_id, ctx.item_id, ctx.attempt, ctx.deadline]
    return [*told, ctx.idempotency_key, ctx.reference]


async def tells_its_context_async(first: int, ctx: TaskContext, second: int) -> list[Any]:
    return tells_its_context(first, ctx, second)


def reports_then_crosses(ctx: TaskContext) -> None:
    ctx.progress(1, 3, "begun")
    ctx.log("before")
    ctx.point_of_no_return("a letter", "the post")
    ctx.log("after")


async def reports_then_crosses_async(ctx: TaskContext) -> None:
    ctx.progress(1, 3, "begun")
    ctx.log("before")
    await ctx.point_of_no_return_async("a letter", "the post")
    ctx.log("after")


def crosses_then_raises(kind: str, ctx: TaskContext) -> NoReturn:
    ctx.point_of_no_return()
    raise RAISED[kind]("no answer")


async def crosses_then_raises_async(kind: str, ctx: TaskContext) -> NoReturn:
    await ctx.point_of_no_return_async()
    raise RAISED[kind]("no answer")


def crosses_then_works(seconds: float, ctx: TaskContext) -> str:
    ctx.point_of_no_return()
    NEVER.wait(seconds)
    return "done"


async def crosses_then_works_async(seconds: float, ctx: TaskContext) -> str:
    await ctx.point_of_no_return_async()
    await asyncio.sleep(seconds)
    return "done"


def works_until_stopped(ctx: TaskContext) -> NoReturn:
    ctx.log("working")
    while True:
        ctx.check_cancelled()
        NEVER.wait(0.005)


async def works_until_stopped_async(ctx: TaskContext) -> NoReturn:
    ctx.log("working")
    while True:
        ctx.check_cancelled()
        await asyncio.sleep(0.005)


def crosses_then_works_until_stopped(ctx: TaskContext) -> NoReturn:
    ctx.point_of_no_return()
    works_until_stopped(ctx)


async def crosses_then_works_until_stopped_async(ctx: TaskContext) -> NoReturn:
    await ctx.point_of_no_return_async()
    await works_until_stopped_async(ctx)


def waits_for(file: str, ctx: TaskContext) -> str:
    """Wait for a file and never ask whether to stop."""
    ctx.log("working")
    while not Path(file).exists():
        NEVER.wait(0.005)
    return "done"


async def waits_for_async(file: str, ctx: TaskContext) -> str:
    """Wait for a file, and when cancelled go on waiting."""
    ctx.log("working")
    while not Path(file).exists():  # noqa: ASYNC240 - a test's own file
        try:
            await asyncio.sleep(0.005)
        except asyncio.CancelledError:
            ctx.log("not now")
    return "done"


def floods_its_log(lines: int, ctx: TaskContext) -> None:
    for line in range(lines):
        ctx.log(f"line {line}")


async def floods_its_log_async(lines: int, ctx: TaskContext) -> None:
    floods_its_log(lines, ctx)


def reports_often(times: int, ctx: TaskContext) -> None:
    for done in range(1, times + 1):
        ctx.progress(done, times)


# What only a process of its own survives.


@task(lane="cpu")
def tells_its_process() -> list[int]:
    return [os.getpid(), os.nice(0) if sys.platform != "win32" else 0]


@task(lane="cpu")
def segfaults() -> None:
    ctypes.string_at(0)


@task(lane="cpu")
def leaves(code: int) -> NoReturn:
    os._exit(code)


@task(lane="cpu")
def kills_itself() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@task(lane="cpu")
def crosses_then_segfaults(ctx: TaskContext) -> None:
    ctx.point_of_no_return()
    segfaults()


@task(lane="cpu")
def closes_every_file_and_hangs(ctx: TaskContext) -> None:
    """Hang with the interpreter's lock held, so that nothing of the process can end it."""
    ctx.log("working")
    os.closerange(3, 1000)
    ctypes.PyDLL(None).pause()


@task(lane="cpu")
def writes_junk_to_the_lane(ctx: TaskContext) -> None:
    """Write what is no message into every socket: one of them is the lane's."""
    ctx.log("working")
    for number in range(3, 1000):
        with suppress(OSError):
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                os.write(number, b"\0\0\0\x05junk!")
    NEVER.wait()


@task(lane="cpu")
def hangs(ctx: TaskContext) -> None:
    ctx.log(str(os.getpid()))
    NEVER.wait()


@task(lane="cpu")
def computes_for_ever(ctx: TaskContext) -> None:
    ctx.log(str(os.getpid()))
    while True:
        pass


@task(lane="cpu")
def hangs_in_c(ctx: TaskContext) -> None:
    """Hang with the interpreter's lock held: no other thread of the process ever runs again."""
    ctx.log(str(os.getpid()))
    ctypes.PyDLL(None).pause()


@task(lane="cpu")
def starts_a_child_and_hangs(ctx: TaskContext) -> None:
    child = subprocess.Popen([sys.executable, "-c", "import threading; threading.Event().wait()"])
    ctx.log(str(child.pid))
    child.wait()


@task(lane="cpu")
def prints(text: str) -> None:
    print(text, flush=True)


@task(lane="cpu")
def computes(rounds: int) -> int:
    total = 0
    for number in range(rounds):
        total += number * number % 7
    return total
