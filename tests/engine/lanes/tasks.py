"""What the lanes are made to run: importable by a cpu-lane process, each also as a coroutine."""

from __future__ import annotations

import asyncio
import decimal
import threading
from contextvars import ContextVar
from decimal import Decimal
from pathlib import Path
from typing import Any, NoReturn

from sendoff_tasks import GiveUp, NeedsPerson, RetryLater, TaskCancelled, TaskContext, Uncertain


class Untraceable(Exception):
    """An exception that ``traceback`` cannot format: an attribute that it reads fails."""

    def __getattribute__(self, name: str) -> Any:
        if name in {"__cause__", "__notes__"}:
            raise KeyError(name)
        return super().__getattribute__(name)


RAISED: dict[str, type[BaseException]] = {
    "Untraceable": Untraceable,
    "ValueError": ValueError,
    "TypeError": TypeError,
    "SystemExit": SystemExit,
    "KeyboardInterrupt": KeyboardInterrupt,
    "GiveUp": GiveUp,
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


def returns_its_thread() -> int:
    return threading.get_ident()


async def returns_async(value: Any) -> Any:
    return value


def add(a: int, b: int) -> list[Decimal]:
    return [Decimal(a), Decimal(b)]


async def add_async(a: int, b: int) -> list[Decimal]:
    return add(a, b)


def takes_steps(path: str, ctx: TaskContext) -> list[Any]:
    """Return what two steps return; the first leaves a file where it runs."""
    ctx.step("touch", touches, path)
    return [Path(path).exists(), ctx.step("add", add, 1, b=2)]


async def takes_steps_async(path: str, ctx: TaskContext) -> list[Any]:
    ctx.step("touch", touches, path)
    is_there = Path(path).exists()  # noqa: ASYNC240 - at once
    return [is_there, await ctx.step("add", add_async, 1, b=2)]


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
    return object()


async def returns_what_json_cannot_keep_async() -> object:
    return returns_what_json_cannot_keep()


def returns_a_broken_model() -> object:
    from tests.engine.lanes.broken_model import Broken, Ink

    return Broken(ink=Ink())


async def returns_a_broken_model_async() -> object:
    return returns_a_broken_model()


def tells_its_context(first: int, ctx: TaskContext, second: int) -> list[Any]:
    told = [first, second, ctx.task_id, dict(ctx.given), ctx.attempt, ctx.deadline]
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


TENANT: ContextVar[str] = ContextVar("tenant", default="none")


def sets_its_context() -> list[str]:
    told = [TENANT.get(), str(decimal.getcontext().prec)]
    TENANT.set("acme")
    decimal.getcontext().prec = 3
    return told


async def sets_its_context_async() -> list[str]:
    return sets_its_context()
