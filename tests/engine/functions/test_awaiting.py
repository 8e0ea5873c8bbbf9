"""An async context manager around plain code, whether or not a loop runs in its thread."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from contextvars import ContextVar

import pytest

from sendoff_tasks.functions.awaiting import entered_by_plain_code

said: ContextVar[str] = ContextVar("said", default="nothing")


@asynccontextmanager
async def saying(what: str, *, hides: bool = False) -> AsyncIterator[None]:
    """Set the variable inside, and turn an error into another, or into none."""
    if not what:
        raise LookupError("there is nothing to say")
    token = said.set(what)
    await asyncio.sleep(0)
    try:
        yield
    except ValueError as error:
        await asyncio.sleep(0)
        if not hides:
            raise RuntimeError("told") from error
    finally:
        said.reset(token)


def fail() -> None:
    raise ValueError("it broke")


def test_it_is_entered_and_left_as_by_a_coroutine() -> None:
    with entered_by_plain_code(saying("a")):
        assert said.get() == "a"
        assert asyncio.run(asyncio.sleep(0, "its own")) == "its own"
    with entered_by_plain_code(saying("b", hides=True)):
        fail()
    with pytest.raises(RuntimeError, match="told"), entered_by_plain_code(saying("c")):
        fail()
    with pytest.raises(SystemExit), entered_by_plain_code(saying("d")):
        raise SystemExit(3)
    with pytest.raises(LookupError), entered_by_plain_code(saying("")):
        pytest.fail("it was not entered")


@pytest.mark.anyio
async def test_it_does_not_need_the_loop_that_runs() -> None:
    with entered_by_plain_code(saying("a")):
        assert said.get() == "a"
        await asyncio.sleep(0)
    with pytest.raises(RuntimeError, match="told"), entered_by_plain_code(saying("c")):
        fail()


def test_a_plain_one_is_left_as_it_is() -> None:
    plain = nullcontext()
    assert entered_by_plain_code(plain) is plain
    with pytest.raises(TypeError, match="context manager"):
        entered_by_plain_code(object()).__enter__()  # type: ignore[arg-type]
