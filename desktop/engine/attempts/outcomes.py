"""How an attempt can end: plain data, one class for each ending.

``raised`` is the exception itself, for the log; another process tells of it by its trace alone.
``fault`` is what its cause is made of.
"""

from __future__ import annotations

import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from types import TracebackType
from typing import Final, Literal

from desktop.contract.causes import CauseAbout, CauseKind, Cure
from desktop.contract.queues import WayOut
from desktop.contract.reasons import Reason
from desktop.engine.causes import FoundCause, alike, cause_of_answer
from desktop.engine.errors import TaskSignal
from desktop.engine.reasons import NO_ANSWER, ServerAnswer

_LIBRARIES: Final = tuple(
    {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
)
"""Folders whose files are not the task's own, unless the task itself is there."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong in an attempt, as data that travels between processes.

    ``exception`` is the type's name, ``file`` and ``function`` the place where it was raised, and
    ``line`` its number there; all of them are empty for what the task said itself.
    """

    kind: CauseKind = CauseKind.SAID
    exception: str = ""
    file: str = ""
    function: str = ""
    line: int = 0
    said: str = ""
    cure: Cure | None = None

    def cause(self, task: str, text: str, answer: ServerAnswer = NO_ANSWER) -> FoundCause:
        """Return the cause of a task's failure with the sentence ``text``."""
        if self.kind is CauseKind.SAID:
            return cause_of_answer(task, answer, text, self.cure)
        about = CauseAbout(kind=self.kind, task=task)
        if self.kind is CauseKind.TIMEOUT:
            return FoundCause(about)
        about |= {"exception": self.exception, "file": self.file, "function": self.function}
        if self.said:
            about["text"] = alike(self.said)
        return FoundCause(about, self.cure, f"{self.file}:{self.line}" if self.line else self.file)


NO_FAULT: Final = Fault()
TIMED_OUT: Final = Fault(CauseKind.TIMEOUT)


def fault_of(error: BaseException) -> Fault:
    """Look at what a task raised; what it said itself needs no place."""
    if isinstance(error, TaskSignal):
        return Fault(cure=error.cure)
    # The first frame is the engine's, which called the task.
    frames = list(_frames(error.__traceback__.tb_next if error.__traceback__ else None))
    file, function, line = _innermost_own(frames)
    return Fault(CauseKind.EXCEPTION, type(error).__name__, file, function, line, _message(error))


def _frames(trace: TracebackType | None) -> Iterator[tuple[str, str, int]]:
    while trace is not None:
        code = trace.tb_frame.f_code
        yield code.co_filename, code.co_name, trace.tb_lineno
        trace = trace.tb_next


def _innermost_own(frames: list[tuple[str, str, int]]) -> tuple[str, str, int]:
    """Choose the innermost frame of the task's own folder, or of no library."""
    if not frames:
        return "", "", 0
    home = str(PurePath(frames[0][0]).parent)
    own = [
        frame
        for frame in frames
        if frame[0].startswith(home) or not frame[0].startswith(_LIBRARIES)
    ]
    path, function, line = own[-1]
    return "/".join(PurePath(path).parts[-2:]), function, line


def _message(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - __str__ is the task's code, and its type is known
        return ""


AGAIN_S: Final = 5.0
"""When to try again where the system gave no thread or process, s."""


@dataclass(slots=True, unsafe_hash=True)  # frozen it takes three times as long to make
class Succeeded:
    """The function returned; ``result`` is its value as encoded by ``arguments.encode_result``.

    ``kept`` says that it was practice: the effect was kept here instead of leaving.
    """

    result: str
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Failed:
    """The function raised or ran past its timeout; ``final`` forbids another attempt."""

    error: str
    trace: str
    final: bool = False
    answer: ServerAnswer = NO_ANSWER
    fault: Fault = field(default=NO_FAULT, kw_only=True, compare=False, repr=False)
    raised: BaseException | None = field(default=None, kw_only=True, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Later:
    """Try again: ``after`` seconds from now, or as the backoff says when ``None``."""

    error: str
    trace: str
    after: float | None = None
    answer: ServerAnswer = NO_ANSWER
    fault: Fault = field(default=NO_FAULT, kw_only=True, compare=False, repr=False)
    raised: BaseException | None = field(default=None, kw_only=True, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class NotBegun:
    """The system gave no thread or process to run it; it does not count, and is tried again soon.

    ``why`` is a sentence.
    """

    why: str


@dataclass(frozen=True, slots=True)
class Held:
    """Wait for a person or a cure, with the whole queue or alone."""

    reason: str
    trace: str
    whole_queue: bool = False
    action: WayOut | None = None
    answer: ServerAnswer = NO_ANSWER
    fault: Fault = field(default=NO_FAULT, kw_only=True, compare=False, repr=False)
    raised: BaseException | None = field(default=None, kw_only=True, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Deferred:
    """Nothing was handed over, as the server is ``offline`` or takes no more for now (``quota``).

    The whole queue waits, and the attempt does not count. ``after`` is when a quota is asked for
    again, in s; ``None``: in an hour.
    """

    error: str
    trace: str
    why: Literal[Reason.OFFLINE, Reason.QUOTA]
    after: float | None = None
    answer: ServerAnswer = NO_ANSWER
    action: WayOut | None = None
    raised: BaseException | None = field(default=None, kw_only=True, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Misfit:
    """The function could not be called: it does not load, or the task was stored for another one.

    Nothing of it ran. The task waits for other code.
    """

    reason: str
    trace: str
    raised: BaseException | None = field(default=None, kw_only=True, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The attempt stopped because it was asked to; with ``text``, because its function said so."""

    text: str | None = None


@dataclass(frozen=True, slots=True)
class LeftUncertain:
    """Past the point of no return it is not known whether the effect happened.

    ``cut_short`` where that is not for want of an answer: nothing waited for it any more.
    """

    error: str
    trace: str
    cut_short: bool = field(default=False, kw_only=True)
    fault: Fault = field(default=NO_FAULT, kw_only=True, compare=False, repr=False)
    raised: BaseException | None = field(default=None, kw_only=True, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Crashed:
    """The attempt's process ended under it; ``how`` is a sentence.

    Lanes say ``LeftUncertain`` instead once the point of no return was begun.
    """

    how: str


@dataclass(frozen=True, slots=True)
class GivenBack:
    """The lane stopped before the attempt could end; it does not count.

    ``begun`` tells whether its function may have been called. Once the point of no return was begun
    lanes say ``LeftUncertain`` instead.
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
    """Return the outcome as it travels between processes: without the exception itself."""
    match outcome:
        case Failed() | Later() | Held() | Deferred() | Misfit() | LeftUncertain():
            return replace(outcome, raised=None)
        case _:
            return outcome


def unrecorded(outcome: Outcome, why: str) -> Outcome:
    """Return what is recorded of an attempt in place of ``outcome``, which cannot be written.

    What has failed for good stays so. Of the rest it is no longer known how it ended: past its
    point of no return it becomes *uncertain*, as one that crashed; else it is safe to repeat.
    """
    match outcome:
        case Failed(final=True):
            return Failed(why, "", final=True)
        case LeftUncertain(cut_short=cut_short):
            return LeftUncertain(why, "", cut_short=cut_short)
        case _:
            return Crashed(why)
