"""What an app gives as an ``async def``, called and entered from plain code, and the other way."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import (
    AbstractAsyncContextManager,
    AbstractContextManager,
    asynccontextmanager,
    contextmanager,
)
from contextvars import copy_context
from typing import Any, TypeVar

T = TypeVar("T")
Manager = AbstractContextManager[Any] | AbstractAsyncContextManager[Any]
"""A context manager of either kind."""


def is_awaitable(result: object) -> bool:
    """Tell whether a result can be awaited, without asking a lazy object for its class."""
    return hasattr(type(result), "__await__")


def waited_for(result: Any) -> Any:
    """Return a result, or what it gives in an event loop of its own if it is awaitable."""
    return in_a_loop(_awaited(result)) if is_awaitable(result) else result


async def _awaited(call: Awaitable[T]) -> T:
    return await call


def in_a_loop(call: Coroutine[Any, Any, T]) -> T:
    """Run a call in an event loop of its own, in another thread if this one has a running loop."""
    import asyncio  # 30 ms that only asynchronous code needs

    if asyncio._get_running_loop() is None:  # noqa: SLF001 - documented, and without an exception
        return asyncio.run(call)
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(copy_context().run, asyncio.run, call).result()


def entered_by_plain_code(manager: Manager) -> AbstractContextManager[Any]:
    """Return a context manager for ``with``."""
    return manager if isinstance(manager, AbstractContextManager) else _in_own_loop(manager)


def entered_by_coroutine(manager: Manager) -> AbstractAsyncContextManager[Any]:
    """Return a context manager for ``async with``."""
    if isinstance(manager, AbstractContextManager):
        return _in_this_loop(manager)
    return manager


@asynccontextmanager
async def _in_this_loop(manager: AbstractContextManager[Any]) -> AsyncIterator[Any]:
    with manager as value:
        yield value


@contextmanager
def _in_own_loop(manager: AbstractAsyncContextManager[Any]) -> Iterator[None]:
    """Enter and leave it in one asyncio task of a loop, which stands still inside the block.

    The block sees the context variables that it sets.
    """
    import asyncio

    loop, context = asyncio.new_event_loop(), copy_context()
    entered, left = loop.create_future(), loop.create_future()

    async def hold() -> None:
        async with manager:
            entered.set_result(None)
            error = await left
            if error is not None:
                raise error

    with ThreadPoolExecutor(1) as thread:  # this one may have a loop that runs
        held = loop.create_task(hold(), context=context)
        try:
            both = asyncio.wait((entered, held), return_when=asyncio.FIRST_COMPLETED)
            thread.submit(loop.run_until_complete, both).result()
            if not entered.done():
                held.result()
            for variable, value in context.items():
                variable.set(value)
            raised: BaseException | None = None
            try:
                yield
            except BaseException as error:  # noqa: BLE001 - the manager decides about it
                raised = error
            left.set_result(raised)
            thread.submit(loop.run_until_complete, held).result()
        finally:
            thread.submit(loop.close).result()
