"""What a task sees of the engine while it runs."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Coroutine
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Never, ParamSpec, TypeVar, cast, overload

from desktop.engine.attempts.steps import Steps, check_step, is_async
from desktop.engine.text import LINE, SENTENCE, storable

if TYPE_CHECKING:
    from concurrent.futures import Future

    from desktop.contract.tasks import Addressee
    from desktop.engine.attempts.claim import Claim, Notes
    from desktop.engine.attempts.control import Control


P = ParamSpec("P")
T = TypeVar("T")


class TaskContext:
    """One attempt's view of its task; usable from any thread the task starts.

    A function gets one where it has a parameter annotated ``TaskContext`` or named ``ctx``.
    """

    def __init__(self, claim: Claim, notes: Notes, control: Control) -> None:
        self._claim = claim
        self._notes = notes
        self._control = control
        self._steps = Steps(claim, notes, control)

    @property
    def task_id(self) -> int:
        """The task's number."""
        return self._claim.task_id

    @property
    def item_id(self) -> int | None:
        """The number of the item the task belongs to."""
        return self._claim.item_id

    @property
    def attempt(self) -> int:
        """Which attempt this is; 1 is the first."""
        return self._claim.attempt

    @property
    def deadline(self) -> float | None:
        """When the task's result is no longer wanted, epoch s."""
        return self._claim.deadline

    @property
    def idempotency_key(self) -> str:
        """The same in every attempt of this task: for services that refuse a second call."""
        return self._claim.idempotency_key

    @property
    def reference(self) -> str | None:
        """The name the effect is known by outside, made once when the task was accepted."""
        return self._claim.reference

    @property
    def addressee(self) -> Addressee | None:
        """The recipient of this task alone, in place of its item's."""
        told = self._claim.addressee
        return None if told is None else cast("Addressee", json.loads(told))

    def progress(self, done: float, total: float | None = None, text: str = "") -> None:
        """Say how far the task is, in units of its own; as often as it likes.

        Raises ``ValueError`` for what is no finite number.
        """
        amounts = float(done), None if total is None else float(total)
        if not all(amount is None or math.isfinite(amount) for amount in amounts):
            raise ValueError(f"progress needs finite numbers, got {done} of {total}")
        self._notes.progress(self._claim, *amounts, storable(text, SENTENCE) if text else "")

    def log(self, text: str) -> None:
        """Add a line to the task's log."""
        self._notes.log(self._claim, "info", storable(text, LINE))

    def check_cancelled(self) -> None:
        """Raise ``TaskCancelled`` when the task should stop: cancelled, timed out, engine stopping.

        To be called where stopping does no harm.
        """
        self._control.check()

    def awaiting_turn(self) -> AbstractContextManager[None]:
        """Wait inside ``with`` for something that is shared; the timeout counts from its end.

        For one wait before the work begins. In the cpu lane the timeout goes on.
        """
        return self._control.awaiting_turn()

    def kept(self) -> None:
        """Say that this is practice: the effect is kept on this computer instead of leaving.

        The task then succeeds with the reason *kept*, and a person can have it done for real.
        """
        self._control.kept = True

    @overload
    def step(
        self,
        name: str,
        fn: Callable[P, Coroutine[Any, Any, T]],
        /,
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Coroutine[Any, Any, T]: ...
    @overload
    def step(self, name: str, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T: ...
    def step(self, name: str, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        """Run ``fn(*args, **kwargs)`` as a step: once it has returned, no attempt runs it again.

        What it returned is on disk before this returns, and is what a later attempt gets instead:
        JSON and the other types that arguments can have. A step that was under way when the process
        died is run again, and so is one that raised. An async function's is awaited:
        ``await ctx.step("upload", upload, path)``. Raises ``ValueError`` for a name that this
        attempt has used, ``TypeError`` for a result that cannot be kept, ``TaskCancelled`` where
        another attempt has taken over, ``EngineError`` where it could not be written.
        """
        awaited = is_async(fn)
        return self._steps.step(name, partial(fn, *args, **kwargs), is_async=awaited)

    def point_of_no_return(self, what: str = "", to: str = "") -> None:
        """Put on disk that the effect is about to happen; blocks for that one commit.

        ``what`` is handed over and ``to`` whom is kept with it, in words: the evidence for the
        person who has to say whether it happened.

        From here on the task is not run again by itself: without a definite answer (a return,
        ``RetryLater``, ``Final`` or ``NeedsPerson``) it becomes *uncertain*, and its timeout no
        longer counts. Raises ``TaskCancelled`` when the task should stop instead, ``EngineError``
        when it could not be written; nothing may be done then.
        """
        with self._control.point_of_no_return():
            self._mark(what, to).result()

    async def point_of_no_return_async(self, what: str = "", to: str = "") -> None:
        """Do as :meth:`point_of_no_return` in a coroutine, without blocking its loop."""
        import asyncio  # 30 ms that only the async lane needs

        with self._control.point_of_no_return():
            marked = self._mark(what, to)
            await asyncio.shield(asyncio.wrap_future(marked))  # its future is not ours

    def _mark(self, what: str, to: str) -> Future[None]:
        told = storable(what, SENTENCE), storable(to, SENTENCE)
        return self._notes.point_of_no_return(self._claim, *told)


class _Direct(TaskContext):
    """The context of a function that is called directly, as a test does: nothing is kept of it."""

    def __init__(self) -> None:
        """Belong to no task."""

    def _outside(self) -> Never:
        raise RuntimeError("this function was called directly, so there is no task")

    @property
    def task_id(self) -> int:
        return self._outside()

    @property
    def item_id(self) -> int | None:
        return None

    @property
    def attempt(self) -> int:
        return 1

    @property
    def deadline(self) -> float | None:
        return None

    @property
    def idempotency_key(self) -> str:
        return self._outside()

    @property
    def reference(self) -> str | None:
        return None

    @property
    def addressee(self) -> Addressee | None:
        return None

    def progress(self, done: float, total: float | None = None, text: str = "") -> None:
        pass

    def log(self, text: str) -> None:
        pass

    def check_cancelled(self) -> None:
        pass

    def awaiting_turn(self) -> AbstractContextManager[None]:
        return nullcontext()

    def kept(self) -> None:
        pass

    def step(self, name: str, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        check_step(name)
        return fn(*args, **kwargs)

    def point_of_no_return(self, what: str = "", to: str = "") -> None:
        pass

    async def point_of_no_return_async(self, what: str = "", to: str = "") -> None:
        pass


CURRENT: Final[TaskContext] = _Direct()
"""The default of a parameter for the context: the engine replaces it with the attempt's own.

Where the function is called directly, what it tells goes nowhere and nothing stops it; asking it
for the number or the key of a task is a ``RuntimeError``.
"""
