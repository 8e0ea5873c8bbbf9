"""The outcomes of an attempt: plain data, one class for each way it can end."""

from __future__ import annotations

import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from pathlib import PurePath
from types import TracebackType
from typing import Any, Final, Literal

from sendoff_tasks.causes import NO_ANSWER, FoundCause, ServerAnswer, alike, cause_of_answer
from sendoff_tasks.errors import TaskSignal
from sendoff_tasks.model.causes import CauseAbout, CauseKind
from sendoff_tasks.model.reasons import Reason

_LIBRARIES: Final = frozenset(
    sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")
)
"""Folders of libraries: files there are not the task's own, unless the task itself is there."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong in an attempt, as data that can travel between processes.

    ``exception`` is the type's name; ``file``, ``function`` and ``line`` are where it was raised.
    All of them are empty for a message that the task itself gave.
    """

    kind: CauseKind = CauseKind.SAID
    exception: str = ""
    file: str = ""
    function: str = ""
    line: int = 0
    said: str = ""
    cure: str | None = None

    def cause(self, task: str, text: str, answer: ServerAnswer = NO_ANSWER) -> FoundCause:
        """Return the cause of a task's failure, whose error is ``text``."""
        if self.kind is CauseKind.SAID:
            return cause_of_answer(task, answer, text, self.cure)
        about = CauseAbout(kind=self.kind, task=task)
        if self.kind is CauseKind.TIMEOUT:
            return FoundCause(about)
        about |= {"exception": self.exception, "file": self.file, "function": self.function}
        if self.said:
            about["text"] = alike(self.said)
        return FoundCause(about, self.cure, f"{self.file}:{self.line}" if self.line else self.file)


_CALLER: Final = str(PurePath(Fault.cause.__code__.co_filename).with_name("attempt.py"))
"""The file that calls tasks, as frames name it: a frozen program's ``__file__`` is another."""
NO_FAULT: Final = Fault()
TIMED_OUT: Final = Fault(CauseKind.TIMEOUT)


def fault_of(error: BaseException) -> Fault:
    """Return the fault of an exception; a ``TaskSignal`` needs no place."""
    if isinstance(error, TaskSignal):
        return Fault(cure=error.cure)
    # The first frame is the engine's call of the task, except in a member of a group.
    frames = [each for each in _frames(error.__traceback__) if each[0] != _CALLER]
    file, function, line = _innermost_own(frames)
    return Fault(CauseKind.EXCEPTION, type(error).__name__, file, function, line, _message(error))


def _frames(trace: TracebackType | None) -> Iterator[tuple[str, str, int]]:
    while trace is not None:
        code = trace.tb_frame.f_code
        yield code.co_filename, code.co_name, trace.tb_lineno
        trace = trace.tb_next


def _innermost_own(frames: list[tuple[str, str, int]]) -> tuple[str, str, int]:
    """Return the innermost frame in the task's own folder or outside all libraries."""
    if not frames:
        return "", "", 0
    home = PurePath(frames[0][0]).parent

    def is_own(frame: tuple[str, str, int]) -> bool:
        path = PurePath(frame[0])
        return path.is_relative_to(home) or not any(map(path.is_relative_to, _LIBRARIES))

    path, function, line = next(filter(is_own, reversed(frames)))
    return "/".join(PurePath(path).parts[-2:]), function, line


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except BaseException:  # noqa: BLE001 - __str__ is the task's code, and its type is known
        return ""


AGAIN_S: Final = 5.0
"""The wait after the system gave no thread or process, s."""


@dataclass(slots=True, unsafe_hash=True)  # a frozen one takes three times as long to make
class Succeeded:
    """The function returned; ``result`` is its value as encoded by ``arguments.encode_result``.

    ``kept``: only for now; the effect was kept here instead of leaving.
    """

    result: str
    kept: bool = False


@dataclass(frozen=True, slots=True)
class WithError:
    """The base of the endings with an ``error``, a sentence, and its ``trace``.

    ``answer`` is what a server has said. ``fault`` is the data from which the failure's cause is
    made. ``raised`` is the exception itself, for the log; only its trace travels to another
    process.
    """

    error: str
    trace: str
    answer: ServerAnswer = field(default=NO_ANSWER, kw_only=True)
    fault: Fault = field(default=NO_FAULT, kw_only=True, compare=False, repr=False)
    raised: BaseException | None = field(default=None, kw_only=True, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Failed(WithError):
    """The function raised or ran past its timeout; ``final`` rules out another attempt."""

    final: bool = False


@dataclass(frozen=True, slots=True)
class Later(WithError):
    """The function asked to be tried again after ``after`` seconds, or after the backoff.

    An attempt that does not count was too early.
    """

    after: float | None = None
    counts: bool = field(default=True, kw_only=True)


@dataclass(frozen=True, slots=True)
class NotBegun:
    """The system gave no thread or process; the attempt does not count and is repeated soon.

    ``error`` is a sentence.
    """

    error: str


@dataclass(frozen=True, slots=True)
class Held(WithError):
    """The task, or its whole queue, waits for a person or a fix."""

    whole_queue: bool = False
    action: str | None = None


@dataclass(frozen=True, slots=True)
class Deferred(WithError):
    """Nothing was handed over: the server is out of reach (``offline``) or over quota (``quota``).

    The whole queue waits, and the attempt does not count. ``after`` is the wait in s before a
    quota is tried again; ``None`` means an hour.
    """

    why: Literal[Reason.OFFLINE, Reason.QUOTA]
    after: float | None = None
    action: str | None = None


@dataclass(frozen=True, slots=True)
class Misfit(WithError):
    """The function does not load, or what is stored for it no longer fits.

    No point of no return was passed. The task waits until the code changes.
    """


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The attempt stopped because it was asked to; or by itself, which ``error`` then explains.

    ``mark`` is the task's own word for that.
    """

    error: str | None = None
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class LeftUncertain(WithError):
    """After the point of no return it is not known whether the effect happened.

    ``cut_short`` means that the attempt was interrupted, not that an answer failed to come.
    """

    cut_short: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class Crashed:
    """The attempt's process died; ``error`` is a sentence.

    ``is_evidence`` tells whether the attempt itself may have done that. After the point of no
    return lanes report ``LeftUncertain`` instead.
    """

    error: str
    is_evidence: bool = True


@dataclass(frozen=True, slots=True)
class GivenBack:
    """The lane stopped before the attempt ended; the attempt does not count.

    ``begun`` tells whether the function may have been called. After the point of no return lanes
    report ``LeftUncertain`` instead.
    """

    begun: bool = True


Outcome = (
    Succeeded
    | Failed
    | Later
    | NotBegun
    | Held
    | Deferred
    | Misfit
    | Cancelled
    | LeftUncertain
    | Crashed
    | GivenBack
)


def portable(outcome: Outcome) -> Outcome:
    """Return the outcome without its exception, so it can travel between processes."""
    return replace(outcome, raised=None) if isinstance(outcome, WithError) else outcome


_DETAILS: Final = frozenset({"error", "trace", "answer", "fault", "raised", "after", "action"})
"""The fields that say more than how the attempt ended."""


def unrecorded(outcome: Outcome, why: str) -> Outcome:
    """Return the outcome to record instead of ``outcome``, which could not be written.

    The attempt ends as it did, with ``why`` in place of its details: it is not repeated for this.
    """
    if isinstance(outcome, Succeeded):
        return replace(outcome, result="null")
    if getattr(outcome, "error", None) is None:
        return outcome
    told: dict[str, Any] = {
        "error": why,
        **({"trace": ""} if isinstance(outcome, WithError) else {}),
    }
    kept = {each.name for each in fields(outcome)} - _DETAILS
    return type(outcome)(**told, **{name: getattr(outcome, name) for name in kept})
