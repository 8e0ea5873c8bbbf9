"""What travels over the pipes between the cpu lane and one of its processes."""

from __future__ import annotations

from dataclasses import dataclass

from desktop.engine.attempts.claim import Level
from desktop.engine.attempts.control import CancelReason
from desktop.engine.attempts.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class StopMessage:
    """To the process: the engine is stopping; a task that asks shall stop."""


@dataclass(frozen=True, slots=True)
class Marked:
    """To the process: the point of no return is on disk, or why it is not.

    ``reason`` is set where the attempt shall stop instead; an error travels as its sentence.
    """

    error: str | None = None
    reason: CancelReason | None = None


@dataclass(frozen=True, slots=True)
class ReadyMessage:
    """From the process, once: it has started and takes orders."""


@dataclass(frozen=True, slots=True)
class ProgressMessage:
    """From the process: how far the task is."""

    done: float
    total: float | None
    text: str


@dataclass(frozen=True, slots=True)
class LogMessage:
    """From the process: a line of the task's log."""

    level: Level
    text: str


@dataclass(frozen=True, slots=True)
class MarkMessage:
    """From the process: mark it, with what goes to whom; the task waits for :class:`Marked`."""

    what: str
    to: str


@dataclass(frozen=True, slots=True)
class EndMessage:
    """From the process: the function has ended like this.

    ``is_last`` asks for the end of the process: the task has left a thread at work, or no memory.
    """

    outcome: Outcome
    is_last: bool


FromProcess = ReadyMessage | ProgressMessage | LogMessage | MarkMessage | EndMessage
