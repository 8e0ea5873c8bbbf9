"""What a task sees of the engine while it runs, and its steps, whose results are kept."""

from __future__ import annotations

import inspect
import logging
import math
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import Future
from contextlib import AbstractContextManager
from contextvars import ContextVar
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Final, Generic, Never, ParamSpec, TypeVar, cast, overload

from sendoff_tasks.attempts.control import CancelReason, Control
from sendoff_tasks.errors import Fenced, RetryLater
from sendoff_tasks.functions.arguments import decode_result, encode_result
from sendoff_tasks.functions.eligibility import brief, check_function
from sendoff_tasks.functions.spec import FilledIn
from sendoff_tasks.text import LINE, SENTENCE, storable

if TYPE_CHECKING:
    import typing_extensions

    from sendoff_tasks.attempts.claim import Claim, Notes
    from sendoff_tasks.model.tasks import Level


NAME_LIMIT: Final = 200
"""The longest name of a step, in characters."""
NO_LIFESPAN: Final = "ctx.state is what the task_lifespan of install(app, task_lifespan=…) yields"


def store_step(claim: Claim, notes: Notes, control: Control, name: str, result: str) -> None:
    """Store a step's encoded result on disk; blocks for that one commit.

    Raises ``TaskCancelled`` if another attempt has taken over, ``EngineError`` if the result could
    not be written.
    """
    try:
        notes.step(claim, name, result).result()
    except Fenced:
        control.cancel(CancelReason.FENCED)
        control.check()


def check_step(name: object) -> None:
    """Raise ``TypeError`` for an unusable name of a step."""
    is_text = isinstance(name, str) and name.isprintable() and bool(name.strip())
    if not isinstance(name, str) or not is_text or len(name) > NAME_LIMIT:
        rule = f"the name of a step is 1 to {NAME_LIMIT} printable characters"
        raise TypeError(f"{rule}, not {brief(name)}")


def is_async(function: object) -> bool:
    """Tell whether a step's function is an ``async def``; ``TypeError`` for no function."""
    check_function("the step", function)
    return inspect.iscoroutinefunction(function)


def _encoded(name: str, result: Any) -> str:
    try:
        return encode_result(result)
    except (TypeError, ValueError) as error:
        raise TypeError(f"what the step {name!r} returned cannot be kept: {error}") from error


def _decoded(name: str, kept: str) -> Any:
    return decode_result(kept, f"What the step {name!r} returned")


P = ParamSpec("P")
T = TypeVar("T")
if TYPE_CHECKING:  # a plain ``TaskContext`` is a TaskContext[Any]
    Opened = typing_extensions.TypeVar("Opened", covariant=True, default=Any)
else:
    Opened = TypeVar("Opened", covariant=True)


class TaskContext(FilledIn, Generic[Opened]):
    """One attempt's view of its task; usable from any thread the task starts.

    A function gets one in its last parameter, annotated ``TaskContext``, also if it is one of
    several types; or in any with the default ``CURRENT``. In ``TaskContext[Clients]``, ``Clients``
    is the type of the ``state``.
    """

    def __init__(self, claim: Claim, notes: Notes, control: Control) -> None:
        self._claim = claim
        self._notes = notes
        self._control = control
        self._named: dict[str, object] = {}

    @property
    def name(self) -> str:
        """The name of the task's function."""
        return self._claim.spec.name

    @property
    def task_id(self) -> int:
        """The task's number."""
        return self._claim.task_id

    @property
    def state(self) -> Opened:
        """What the app's ``task_lifespan`` has opened in this process."""
        if self._claim.lifespan is None:
            raise RuntimeError(NO_LIFESPAN)
        return cast("Opened", self._claim.lifespan.state)

    @property
    def attempt(self) -> int:
        """The number of this attempt; 1 is the first."""
        return self._claim.attempt

    @property
    def deadline(self) -> float | None:
        """When the task's result is no longer wanted, epoch s."""
        return self._claim.deadline

    @property
    def idempotency_key(self) -> str:
        """A key for services that refuse a second call; the same in every attempt of the task."""
        return self._claim.idempotency_key

    @property
    def reference(self) -> str | None:
        """The name by which the outside world knows the effect; the same in every attempt."""
        return self._claim.reference

    @property
    def given(self) -> Mapping[str, Any]:
        """What the program's features give the task, by name; the same in every attempt."""
        return self._claim.given or {}

    @property
    def asked_again(self) -> bool:
        """Whether a person had the task run again after it was uncertain; a crash ends that.

        If not, and the effect can be seen outside, then the store has lost an attempt, as after a
        restored backup: raise ``Uncertain``. A worker is not told, so it is true there.
        """
        return self._claim.asked_again

    def progress(self, done: float, total: float | None = None, text: str = "") -> None:
        """Report progress in units of the task's own, as often as you like.

        Raises ``ValueError`` for a number that is not finite.
        """
        amounts = float(done), None if total is None else float(total)
        if not all(amount is None or math.isfinite(amount) for amount in amounts):
            raise ValueError(f"progress needs finite numbers, got {done} of {total}")
        self._notes.progress(self._claim, *amounts, storable(text, SENTENCE) if text else "")

    def log(self, text: str) -> None:
        """Add a line to the task's log, as ``logging`` in the task does, too."""
        self.note("info", text)

    def note(self, level: Level, text: str) -> None:
        """Add a line of a level to the task's log."""
        self._notes.log(self._claim, level, storable(text, LINE))

    def check_cancelled(self) -> None:
        """Raise ``TaskCancelled`` if the task should stop: cancelled, timed out, engine stopping.

        Call it where stopping does no harm.
        """
        self._control.check()

    def snooze(self, seconds: float) -> Never:
        """End this attempt here; another begins in ``seconds``.

        It uses up no attempt and no limit, and is no error in the log. Raises ``RetryLater``, as
        ``raise RetryLater(…, after=seconds, counts=False)`` does with words of your own.
        """
        raise RetryLater("It is too early.", seconds, counts=False)

    def awaiting_turn(self) -> AbstractContextManager[None]:
        """Wait for a shared resource inside ``with``; the timeout counts from the end of the wait.

        Use it for one wait before the work begins. In the cpu lane the timeout does not stop.
        """
        return self._control.awaiting_turn()

    def kept(self) -> None:
        """Report that the effect stays here for now, instead of leaving.

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
        """Run ``fn(*args, **kwargs)`` as a step; once it has returned, no attempt runs it again.

        The result is on disk before this call returns; later attempts get it without running the
        step. A result may have the types that arguments may have. A step that raised, or that was
        running when the process died, runs again. Await the step of an async function:
        ``await ctx.step("upload", upload, path)``. Raises ``ValueError`` for a name this attempt
        has used, ``TypeError`` for a result that cannot be stored, ``TaskCancelled`` if another
        attempt has taken over, ``EngineError`` if the result could not be written.
        """
        awaited = is_async(fn)
        check_step(name)
        mine = object()
        if self._named.setdefault(name, mine) is not mine:  # one of two threads comes first
            raise ValueError(f"there was a step {name!r} in this attempt already")
        run = partial(fn, *args, **kwargs)
        known = (self._claim.steps or {}).get(name)
        if awaited:
            return self._run_async(name, run, known)
        if known is not None:
            return _decoded(name, known)
        result = run()
        if inspect.iscoroutine(result):
            result.close()
            raise TypeError(f"the step {name!r} returned a coroutine; give it the async function")
        store_step(self._claim, self._notes, self._control, name, _encoded(name, result))
        return result

    async def _run_async(
        self, name: str, run: Callable[[], Coroutine[Any, Any, Any]], known: str | None
    ) -> Any:
        if known is not None:
            return _decoded(name, known)
        result = await run()
        import asyncio  # 30 ms that only the async lane needs

        kept = self._notes.step(self._claim, name, _encoded(name, result))
        try:
            await asyncio.shield(asyncio.wrap_future(kept))  # the ledger's future: never cancel
        except Fenced:
            self._control.cancel(CancelReason.FENCED)
            self._control.check()
        return result

    def point_of_no_return(self, what: str = "", to: str = "") -> None:
        """Record on disk that the effect is about to happen; blocks for that one commit.

        ``what`` is handed over and ``to`` whom, in words. Both are stored as evidence for the
        person who may have to decide whether it happened.

        From here on the engine does not run the task again by itself. Without a definite answer (a
        return, ``RetryLater``, ``GiveUp`` or ``NeedsPerson``) the task becomes *uncertain*, and its
        timeout no longer counts. Raises ``TaskCancelled`` if the task should stop, and
        ``EngineError`` if nothing could be written; in both cases do not cause the effect.
        """
        with self._control.point_of_no_return():
            self._mark(what, to).result()

    async def point_of_no_return_async(self, what: str = "", to: str = "") -> None:
        """Like :meth:`point_of_no_return`, for a coroutine: the event loop is not blocked."""
        import asyncio  # 30 ms that only the async lane needs

        with self._control.point_of_no_return():
            marked = self._mark(what, to)
            await asyncio.shield(asyncio.wrap_future(marked))  # the ledger's future: never cancel

    def _mark(self, what: str, to: str) -> Future[None]:
        told = storable(what, SENTENCE), storable(to, SENTENCE)
        return self._notes.point_of_no_return(self._claim, *told)


class _NoClaim:
    """What stands for the claim where a function is called directly, as in a test."""

    attempt = 1
    asked_again = False
    given = deadline = reference = None

    def __getattr__(self, name: str) -> Never:
        raise RuntimeError("this function was called directly, so there is no task")


class _Direct(TaskContext):
    """The context of a function called directly; it stores nothing."""

    def __init__(self) -> None:
        """Create a context without a task."""
        self._claim, self._control = cast("Claim", _NoClaim()), Control()

    def progress(self, done: float, total: float | None = None, text: str = "") -> None:
        pass

    def note(self, level: Level, text: str) -> None:
        pass

    def step(self, name: str, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
        check_step(name)
        return fn(*args, **kwargs)

    def _mark(self, what: str, to: str) -> Future[None]:
        marked: Future[None] = Future()
        marked.set_result(None)
        return marked


CURRENT: Final[TaskContext[Any]] = _Direct()
"""A context for direct calls, and a default that the engine replaces with the attempt's own.

If the function is called directly, reports go nowhere and nothing stops it. Reading the task's
number or key then raises ``RuntimeError``.
"""


_running: Final[ContextVar[TaskContext | None]] = ContextVar("running", default=None)


def running(claim: Claim, notes: Notes, control: Control) -> TaskContext:
    """Return the context of an attempt that begins in the current context; it hears its logging."""
    context = TaskContext(claim, notes, control)
    _running.set(context)
    return context


@cache
def hear_logging() -> None:
    """From now on add what tasks log with ``logging``, from INFO on, to their own logs.

    Records are heard where they are made: no handler is added, so ``basicConfig`` still works, and
    the level of a logger counts. Threads that a task starts have another context.
    """
    make = logging.getLogRecordFactory()

    def heard(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        context = _running.get()
        if context is not None and record.levelno is not None and record.levelno >= logging.INFO:
            _running.set(None)  # formatting and noting may log, too
            try:
                _note(context, record)
            finally:
                _running.set(context)
        return record

    logging.setLogRecordFactory(heard)


_FORMATTER: Final = logging.Formatter()


def _note(context: TaskContext, record: logging.LogRecord) -> None:
    try:
        text = _FORMATTER.format(record)
    except Exception:  # noqa: BLE001 - arguments that do not fit; logging itself reports them
        text = str(record.msg)
    is_error, is_warning = record.levelno >= logging.ERROR, record.levelno >= logging.WARNING
    level: Level = "error" if is_error else "warning" if is_warning else "info"
    context.note(level, text)
