"""How an attempt can end: plain data, one class for each ending.

``raised`` is the exception itself, for the log; another process tells of it by its trace alone.
``fault`` is what its cause is made of.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final, Literal

from desktop.contract.queues import WayOut
from desktop.contract.reasons import Reason
from desktop.engine.attempts.faults import NO_FAULT, Fault
from desktop.engine.reasons import NO_ANSWER, Answer

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
    answer: Answer = NO_ANSWER
    fault: Fault = field(default=NO_FAULT, kw_only=True, compare=False, repr=False)
    raised: BaseException | None = field(default=None, kw_only=True, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Later:
    """Try again: ``after`` seconds from now, or as the backoff says when ``None``."""

    error: str
    trace: str
    after: float | None = None
    answer: Answer = NO_ANSWER
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
    answer: Answer = NO_ANSWER
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
    answer: Answer = NO_ANSWER
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
    """Past the point of no return it is not known whether the effect happened."""

    error: str
    trace: str
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
        case LeftUncertain():
            return LeftUncertain(why, "")
        case _:
            return Crashed(why)
