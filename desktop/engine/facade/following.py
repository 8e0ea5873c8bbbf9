"""Following a task until it has ended, in whichever process that happens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import TYPE_CHECKING, Any, Final, TypeVar

from desktop.contract.states import OPEN, State
from desktop.engine.errors import TaskFailed
from desktop.engine.functions.arguments import decode_result
from desktop.engine.store.reads.detail import Ending, read_ending

if TYPE_CHECKING:
    from desktop.engine.facade.engine import Engine

T = TypeVar("T")
FIRST_S: Final = 0.02
LONGEST_S: Final = 0.5
"""The first and the longest pause between two looks at the store, s."""


async def follow(read: Callable[[], T], is_over: Callable[[T], bool]) -> AsyncGenerator[T, None]:
    """Yield what ``read`` returns, which may block, and again each time that it has changed.

    Ends after the first that ``is_over``. Another process may run the task, and only the store is
    shared by all of them, so it is looked at: soon at first, and then twice a second.
    """
    last: T | None = None
    pause = FIRST_S
    while True:
        found = await asyncio.to_thread(read)
        if found != last:
            yield found
            last = found
        if is_over(found):
            return
        await asyncio.sleep(pause)
        pause = min(pause * 1.5, LONGEST_S)


async def result_of(engine: Engine, number: int) -> Any:
    """Return the result of a task once it has succeeded; raise ``TaskFailed`` or ``UnknownId``."""

    def read() -> Ending:
        with engine.reading() as (source, _):
            return read_ending(source, number)

    async with aclosing(follow(read, lambda each: each.state not in OPEN)) as changes:
        async for each in changes:
            ending = each
    if ending.state != State.SUCCEEDED:
        raise TaskFailed(ending.state, ending.error)
    return None if ending.result is None else decode_result(ending.result)
