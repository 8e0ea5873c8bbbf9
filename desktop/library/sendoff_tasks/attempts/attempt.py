"""One attempt from start to end: decode, call, translate the ending into an outcome."""

from __future__ import annotations

import math
import time
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import nullcontext
from contextvars import Context
from dataclasses import dataclass, fields, replace
from types import AsyncGeneratorType, GeneratorType
from typing import TYPE_CHECKING, Any, Final

from sendoff_tasks.attempts.claim import Claim, Notes
from sendoff_tasks.attempts.context import TaskContext, running
from sendoff_tasks.attempts.control import CancelReason, Control
from sendoff_tasks.attempts.outcomes import (
    AGAIN_S,
    TIMED_OUT,
    Cancelled,
    Deferred,
    Failed,
    GivenBack,
    Held,
    Later,
    LeftUncertain,
    Misfit,
    Outcome,
    Succeeded,
    WithError,
    fault_of,
)
from sendoff_tasks.errors import (
    GiveUp,
    NeedsPerson,
    OverQuota,
    RetryLater,
    TaskCancelled,
    TaskSignal,
    Uncertain,
    Unreachable,
)
from sendoff_tasks.functions.arguments import (
    NOT_KEPT,
    Unreadable,
    captured,
    decode,
    encode_result,
)
from sendoff_tasks.functions.awaiting import (
    Manager,
    entered_by_coroutine,
    entered_by_plain_code,
    is_awaitable,
    waited_for,
)
from sendoff_tasks.functions.source import FunctionSource, source_of
from sendoff_tasks.functions.spec import spec_for
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.text import SENTENCE, sentence, storable, trace
from sendoff_tasks.words.table import ENGLISH, Said

if TYPE_CHECKING:
    from sendoff_tasks.functions.lifespan import TaskLifespan


@dataclass(frozen=True, slots=True)
class CpuOrder:
    """A claim on its way to another process: its functions travel as sources, not by value.

    One that ``is_timed`` wants to be told when its function is loaded and its timeout begins.
    """

    source: FunctionSource
    around: FunctionSource | None
    lifespan: FunctionSource | None
    is_timed: bool
    rest: dict[str, Any]

    @classmethod
    def of(cls, claim: Claim) -> CpuOrder:
        """Replace the claim's functions by their sources."""
        around = None if claim.around is None else source_of(claim.around)
        lifespan = None if claim.lifespan is None else source_of(claim.lifespan.make)
        names = [field.name for field in fields(claim) if field.name not in _BY_SOURCE]
        rest = {name: getattr(claim, name) for name in names}
        return cls(claim.spec.source, around, lifespan, claim.spec.timeout is not None, rest)

    def claim(self) -> Claim:
        """Find the functions and rebuild the claim; raises what importing them raises."""
        around = None if self.around is None else self.around.find()
        return Claim(spec=spec_for(self.source.find()), around=around, **self.rest)


_BY_SOURCE: Final = {"spec", "around", "lifespan"}


def run(claim: Claim, notes: Notes, control: Control) -> Outcome:
    """Run a plain function to its end and return the outcome; never raises.

    It runs in an empty context, so no context variable has a value of an earlier task. What it
    returns is awaited if it can be: it may be a wrapper of an ``async def``.
    """
    return Context().run(_run, claim, notes, control)


def _run(claim: Claim, notes: Notes, control: Control) -> Outcome:
    if not control.begin():
        return stopped(claim, control)
    result: Any = None  # stays so if the app's context manager suppresses an error
    try:
        with entered_by_plain_code(_around(claim, context := running(claim, notes, control))):
            args, kwargs = _call(claim, context)
            result = claim.spec.function(*args, **kwargs)
            if result is not None:
                result = waited_for(result)
        return _outcome_of_result(result, claim, notes, control)
    except BaseException as error:  # noqa: BLE001 - SystemExit too ends the attempt, not the lane
        return _outcome_of_error(error, claim, control)


async def run_async(claim: Claim, notes: Notes, control: Control) -> Outcome:
    """Run an ``async def`` function to its end and return the outcome; never raises.

    The caller provides an empty context.
    """
    from asyncio import CancelledError  # 30 ms that only asynchronous code needs

    if not control.begin():
        return stopped(claim, control)
    result: Any = None
    try:
        context = running(claim, notes, control)
        async with entered_by_coroutine(_around(claim, context)):
            args, kwargs = _call(claim, context)
            result = await claim.spec.function(*args, **kwargs)
        return _outcome_of_result(result, claim, notes, control)
    except BaseException as error:  # noqa: BLE001 - SystemExit too ends the attempt, not the lane
        if issubclass(type(error), CancelledError) and control.reason is not None:
            return stopped(claim, control)
        return _outcome_of_error(error, claim, control)


def load(order: CpuOrder, lifespans: dict[FunctionSource, TaskLifespan]) -> Claim | Misfit | Later:
    """Return a claim from another process; if its function does not load, the task waits for it.

    ``lifespans`` has the one that is entered here; if entering it fails, the task tries it again.
    """
    try:
        claim = order.claim()
    except BaseException as error:  # noqa: BLE001 - importing a module runs the user's code
        return Misfit(ENGLISH.say("attempt", "not_loaded", why=sentence(error)), trace(error))
    try:
        if order.lifespan is not None and order.lifespan not in lifespans:
            from sendoff_tasks.functions.lifespan import TaskLifespan

            lifespan = TaskLifespan(order.lifespan.find())
            lifespan.enter()
            lifespans[order.lifespan] = lifespan
    except BaseException as error:  # noqa: BLE001 - it runs the user's code
        said = ENGLISH.say("attempt", "lifespan", why=sentence(error))
        return Later(said, trace(error), after=AGAIN_S, counts=False)
    claim.lifespan = lifespans.get(order.lifespan) if order.lifespan is not None else None
    return claim


def stopped(claim: Claim, control: Control) -> Outcome:
    """Return the outcome of an attempt that stopped because it was asked to."""
    if control.past_point_of_no_return:
        is_own = control.reason is not CancelReason.TIMEOUT
        said = ENGLISH.say("history", "stopped_late")
        return LeftUncertain(said, "", cut_short=is_own)
    match control.reason:
        case CancelReason.TIMEOUT:
            if claim.deadline is not None and time.time() >= claim.deadline:
                return Failed(f"{ENGLISH.say('reason', 'deadline_passed')}.", "", fault=TIMED_OUT)
            said = ENGLISH.say("history", "timed_out", seconds=f"{claim.spec.timeout:g}")
            final = not claim.spec.retry.follows((TimeoutError(said),))
            return Failed(said, "", final=final, fault=TIMED_OUT)
        case CancelReason.STOP | CancelReason.FENCED:
            return GivenBack(begun=control.begun)
        case _:
            return Cancelled()


_ALONE: Final = nullcontext()


def _around(claim: Claim, context: TaskContext) -> Manager:
    """Set the variables that travelled, and return what the app has around each attempt."""
    if claim.variables is not None:
        for variable, value in captured(claim.variables):
            variable.set(value)
    return _ALONE if claim.around is None else claim.around(context)


def _call(claim: Claim, context: TaskContext) -> tuple[list[Any], dict[str, Any]]:
    """Decode the arguments, and add the context if the function asks for it."""
    args, kwargs = decode(claim.arguments)
    wanted = claim.spec.context
    if wanted is None:
        return args, kwargs
    if wanted.position is not None and wanted.position < len(args):
        args.insert(wanted.position, context)
    else:
        kwargs[wanted.name] = context
    return args, kwargs


_NOT_BEGUN: Final = (GeneratorType, AsyncGeneratorType, map, filter)


def _outcome_of_result(result: Any, claim: Claim, notes: Notes, control: Control) -> Outcome:
    """Return the outcome of a call that returned; its result may not be storable.

    A function of the cpu lane is called for its result. If that cannot be stored, the attempt has
    failed, and another would fail alike. In other lanes, and after the point of no return, the
    work itself is done. A generator or a coroutine is work that has not begun.
    """
    # Not `isinstance`: that asks a lazy object for its class, and it may raise.
    if result is not None and (issubclass(type(result), _NOT_BEGUN) or is_awaitable(result)):
        said = ENGLISH.say("attempt", "not_run", kind=type(result).__name__)
        if isinstance(result, Coroutine):
            result.close()  # else Python warns
        is_late = control.past_point_of_no_return
        return LeftUncertain(said, "") if is_late else Failed(said, "", final=True)
    try:
        return Succeeded(encode_result(result), kept=control.kept)
    except BaseException as error:  # noqa: BLE001 - a model's serializer is the user's code
        said = ENGLISH.say("attempt", "not_kept", why=sentence(error))
        if claim.spec.lane == "cpu" and not control.past_point_of_no_return:
            return Failed(said, "", final=True)
        notes.log(claim, "warning", said)
        return Succeeded(NOT_KEPT, kept=control.kept)


def _outcome_of_error(error: BaseException, claim: Claim, control: Control) -> Outcome:
    """Translate an exception; the gravest decides if it stands for several, as in a TaskGroup.

    One that cannot be translated is :func:`unforeseen`.
    """
    try:
        heard = list(_heard(error, ()))
        endings = [_outcome_of(each, lineage, claim, control) for each, lineage in heard]
        gravest = min(endings, key=_gravity)
        if heard[0][0] is not error and isinstance(gravest, WithError):
            gravest = replace(gravest, trace=trace(error), raised=error)
    except BaseException:  # noqa: BLE001 - what it reads may be the task's code
        return unforeseen(error, control)
    return gravest


_DECISIONS: Final = (TaskSignal, TaskCancelled)
"""What a task raises to say how its attempt ends."""


_GRAVITY: Final = (LeftUncertain, GivenBack, Held, Misfit, Deferred, Later, Failed)
"""Which ending of a group's errors decides: the first of these, but a final failure soon."""


def _gravity(outcome: Outcome) -> float:
    if isinstance(outcome, Failed) and outcome.final:
        return 0.5
    return next((n for n, kind in enumerate(_GRAVITY) if isinstance(outcome, kind)), math.inf)


def _heard(
    error: BaseException, outer: tuple[BaseException, ...]
) -> Iterator[tuple[BaseException, tuple[BaseException, ...]]]:
    """Yield the errors that an error stands for, each with all that it was raised in or from.

    A group stands for its members. An error raised from a task's own decision stands for that.
    """
    lineage = (*outer, error)
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from _heard(each, lineage)
        return
    cause = error.__cause__
    is_new = cause is not None and all(cause is not each for each in lineage)
    if cause is not None and is_new and not isinstance(error, _DECISIONS):
        behind = list(_heard(cause, lineage))
        decided = [each for each in behind if isinstance(each[0], _DECISIONS)]
        if decided:
            yield from decided
            return
        lineage = (*lineage, *dict.fromkeys(each for _, seen in behind for each in seen))
    yield error, lineage


def _outcome_of(
    error: BaseException, lineage: Sequence[BaseException], claim: Claim, control: Control
) -> Outcome:
    """Translate one error; after the point of no return only a server's answer is certain."""
    about: dict[str, Any] = {"trace": trace(error), "fault": fault_of(error), "raised": error}
    if isinstance(error, TaskSignal):
        about |= {"error": _said(error, error.message), "answer": error.answer}
    match error:
        case RetryLater():
            return Later(after=error.after, counts=error.counts, **about)
        case GiveUp():
            return Failed(final=True, **about)
        case NeedsPerson():
            return Held(whole_queue=error.queue, action=error.notice_action, **about)
        case Unreachable() if not control.past_point_of_no_return:
            return Deferred(why=Reason.OFFLINE, action=error.notice_action, **about)
        case OverQuota():
            action = error.notice_action
            return Deferred(why=Reason.QUOTA, after=error.after, action=action, **about)
        case Uncertain() | Unreachable():
            return LeftUncertain(**about)
        case Unreadable() if not control.past_point_of_no_return:
            return Misfit(storable(error, SENTENCE), **about)
        case TypeError() if (why := _misfit(claim)) is not None:
            return Misfit(ENGLISH.say("attempt", "misfit", why=why), **about)
        case TaskCancelled() if control.reason is not None:
            return stopped(claim, control)
        case TaskCancelled() if not control.past_point_of_no_return:
            return Cancelled(_said(error, error), error.mark)
        case _:
            about["error"] = sentence(error)
            if control.past_point_of_no_return:
                return LeftUncertain(**about)
            return Failed(final=not claim.spec.retry.follows(lineage), **about)


def _said(error: BaseException, message: object) -> str:
    """Return the message of a task's decision, which stands even if its message raises."""
    try:
        said = storable(message, SENTENCE)
        return message if isinstance(message, Said) and said == message else said
    except Exception:  # noqa: BLE001 - the message may be any object
        return sentence(error)


def _misfit(claim: Claim) -> str | None:
    """Return why the stored arguments do not fit the function; ``None`` if they do."""
    try:
        return claim.spec.misfit(*decode(claim.arguments))
    except Unreadable:
        return None


def unforeseen(error: BaseException, control: Control) -> Outcome:
    """Return the outcome of an unforeseen exception; never raises."""
    kind = LeftUncertain if control.past_point_of_no_return else Failed
    try:
        return kind(sentence(error), trace(error), fault=fault_of(error), raised=error)
    except BaseException:  # noqa: BLE001 - there is no memory
        return kind(type(error).__name__, "")
