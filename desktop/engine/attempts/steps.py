"""Steps of a task: a step's result is stored on disk, and the step is not run again."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, Final

from desktop.engine.attempts.control import CancelReason
from desktop.engine.errors import Fenced
from desktop.engine.functions.arguments import decode_result, encode_result
from desktop.engine.functions.eligibility import brief, check_function

if TYPE_CHECKING:
    from concurrent.futures import Future

    from desktop.engine.attempts.claim import Claim, Notes
    from desktop.engine.attempts.control import Control

NAME_LIMIT: Final = 200
"""The longest name of a step, in characters."""


class Steps:
    """The steps of one attempt; usable from any thread the task starts."""

    __slots__ = ("_claim", "_control", "_lock", "_named", "_notes")

    def __init__(self, claim: Claim, notes: Notes, control: Control) -> None:
        self._claim = claim
        self._notes = notes
        self._control = control
        self._lock = threading.Lock()
        self._named: set[str] = set()

    def step(self, name: str, function: Callable[[], Any], *, is_async: bool) -> Any:
        """Return the stored result of the step, or run the step and store its result.

        For an async function this returns a coroutine.
        """
        self._take_name(name)
        known = (self._claim.steps or {}).get(name)
        if is_async:
            return self._run_async(name, function, known)
        if known is not None:
            return decode_result(known)
        result = function()
        if inspect.iscoroutine(result):
            result.close()
            raise TypeError(f"the step {name!r} returned a coroutine; give it the async function")
        self.keep(name, _encoded(name, result))
        return result

    async def _run_async(
        self, name: str, function: Callable[[], Coroutine[Any, Any, Any]], known: str | None
    ) -> Any:
        if known is not None:
            return decode_result(known)
        result = await function()
        import asyncio  # 30 ms that only the async lane needs

        kept = self._write(name, _encoded(name, result))
        try:
            await asyncio.shield(asyncio.wrap_future(kept))  # the ledger's future: never cancel
        except Fenced:
            self._stop()
        return result

    def keep(self, name: str, result: str) -> None:
        """Store a result on disk; blocks for that one commit.

        Raises ``TaskCancelled`` if another attempt has taken over, ``EngineError`` if the result
        could not be written.
        """
        try:
            self._write(name, result).result()
        except Fenced:
            self._stop()

    def _write(self, name: str, result: str) -> Future[None]:
        return self._notes.step(self._claim, name, result)

    def _stop(self) -> None:
        self._control.cancel(CancelReason.FENCED)
        self._control.check()

    def _take_name(self, name: str) -> None:
        check_step(name)
        with self._lock:
            if name in self._named:
                raise ValueError(f"there was a step {name!r} in this attempt already")
            self._named.add(name)


def check_step(name: object) -> None:
    """Raise ``TypeError`` for an unusable name of a step."""
    is_text = isinstance(name, str) and name.isprintable() and bool(name.strip())
    if not isinstance(name, str) or not is_text or len(name) > NAME_LIMIT:
        rule = f"the name of a step is 1 to {NAME_LIMIT} printable characters"
        raise TypeError(f"{rule}, not {brief(name)}")


def is_async(function: object) -> bool:
    """Return whether a step's function is an ``async def``; ``TypeError`` for no function."""
    check_function("the step", function)
    return inspect.iscoroutinefunction(function)


def _encoded(name: str, result: Any) -> str:
    try:
        return encode_result(result)
    except (TypeError, ValueError) as error:
        raise TypeError(f"what the step {name!r} returned cannot be kept: {error}") from error
