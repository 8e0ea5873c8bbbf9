"""What travels with tasks in tests: two variables, and functions of each lane that read them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from decimal import Decimal
from typing import Any

from sendoff_tasks import TaskContext, task

log = logging.getLogger(__name__)

tenant: ContextVar[Any] = ContextVar("tenant", default="missing")
price: ContextVar[Decimal] = ContextVar("price")


def seen() -> list[Any]:
    return [tenant.get(), price.get(Decimal(0))]


@task(lane="cpu")
def seen_in_a_process() -> list[Any]:
    return seen()


@task
async def seen_in_a_loop() -> list[Any]:
    return seen()


@contextmanager
def told(ctx: TaskContext) -> Iterator[None]:
    """Have the variable say which task runs, and log how it ends."""
    tenant.set(f"{tenant.get()}, {ctx.name.rpartition(':')[2]}")
    try:
        yield
    except ValueError as error:
        log.exception("ended")
        raise RuntimeError("told") from error
    log.info("ended %s", "well")


@asynccontextmanager
async def told_in_a_loop(ctx: TaskContext) -> AsyncIterator[None]:
    """Do the same, in one asyncio task."""
    async with asyncio.timeout(60):  # left in another task, it raises
        await asyncio.sleep(0)
        with told(ctx):
            yield


def raises() -> None:
    log.debug("not kept")
    log.warning("will %s", "raise")
    raise ValueError("out of paper")
