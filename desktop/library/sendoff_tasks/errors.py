"""The exceptions a task raises to choose its fate, and those the engine raises to its callers.

::

    TaskSignal                 raised by a task; each subclass names what happens next
    ├── RetryLater             try again after the backoff, or after a given time
    ├── GiveUp                 trying again would not help
    ├── NeedsPerson            the task is held until a person acts or its problem is solved
    ├── Unreachable            the server cannot be reached: the queue waits for it
    ├── OverQuota              the server accepts no more for now: the queue waits
    └── Uncertain              the effect may have happened
    TaskCancelled              the attempt was asked to stop (a BaseException, as in asyncio)
    BadCall                    a task cannot be called or stored like this (a TypeError)
    EngineError                raised to callers of the engine
    ├── Conflict               the state does not allow it
    │   └── InTheWay           the state of one task, which the error names
    ├── UnknownTask            no function is registered under this name
    ├── UnknownId              nothing of a kind has this number or name
    ├── BadKey                 no unique key can be made from the task's arguments
    ├── DuplicateTask          two functions claim one name
    ├── TaskFailed             a task whose result is waited for has not succeeded
    ├── ResultNotKept          a task has succeeded, but what it returned is not kept
    ├── Busy                   too many calls are waiting; try again later
    ├── NotWritable            the store cannot be written
    ├── Closed                 the engine is not running
    │   └── OwnedElsewhere     the engine runs in another process
    └── Fenced                 the attempt no longer owns the task
    Overwritten                another program has written to the store
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Unpack

from typing_extensions import TypedDict

from sendoff_tasks.causes import ServerAnswer
from sendoff_tasks.model.states import Refusal
from sendoff_tasks.text import SENTENCE, storable
from sendoff_tasks.words.reasons import refused_words
from sendoff_tasks.words.table import ENGLISH


class Answered(TypedDict, total=False):
    """What a :class:`TaskSignal` may say besides, each ``None`` where it is not known.

    ``server`` is the server that answered and ``code`` its status code. ``enhanced`` is a finer
    code (``5.1.1``, RFC 3463). ``said`` is the answer's text, code first. ``cure`` is what helps.
    """

    server: str | None
    code: int | None
    enhanced: str | None
    said: str | None
    cure: str | None


class TaskSignal(Exception):
    """A task's own decision on what happens next; ``message`` is shown to the person."""

    def __init__(
        self,
        message: str,
        *,
        server: str | None = None,
        code: int | None = None,
        enhanced: str | None = None,
        said: str | None = None,
        cure: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        answered = None if said is None else storable(said, SENTENCE)
        self.answer = ServerAnswer(server, code, enhanced, answered)
        self.cure = cure


class RetryLater(TaskSignal):
    """The attempt failed, and a later one may succeed.

    ``after`` is the delay in seconds; without it the task's backoff decides. Without ``counts`` the
    attempt uses up none of the task's attempts and of its limits: it has only found that it is too
    early.
    """

    def __init__(
        self,
        message: str,
        after: float | None = None,
        *,
        counts: bool = True,
        **answered: Unpack[Answered],
    ) -> None:
        super().__init__(message, **answered)
        if after is not None and not (math.isfinite(after) and after >= 0):
            raise ValueError(f"after must be 0 s or more, got {after}")
        self.after = after
        self.counts = counts


class GiveUp(TaskSignal):
    """No later attempt can succeed: the task fails at once."""


class NeedsPerson(TaskSignal):
    """The task is held until a person acts, or until its problem is solved.

    With ``queue``, the whole queue is held, with one notice, once no other process that has the
    function is left to try. ``notice_action`` names the way out that the window offers
    (``mail_settings``). ``cure`` is what helps a task that is held alone.
    """

    def __init__(
        self,
        message: str,
        *,
        queue: bool = False,
        notice_action: str | None = None,
        **answered: Unpack[Answered],
    ) -> None:
        super().__init__(message, **answered)
        self.queue = queue
        self.notice_action = notice_action


class Unreachable(TaskSignal):
    """The task's server cannot be reached, and nothing was handed over: the whole queue waits.

    The attempt does not count. One task probes the server after 1 s, then at doubling intervals
    up to 60 s, until the server answers. ``notice_action`` is as in :class:`NeedsPerson`. Raised
    after the point of no return, it leaves the task uncertain.
    """

    def __init__(
        self,
        message: str,
        *,
        notice_action: str | None = None,
        **answered: Unpack[Answered],
    ) -> None:
        super().__init__(message, **answered)
        self.notice_action = notice_action


class OverQuota(TaskSignal):
    """The task's server accepts no more for now: the whole queue waits, and no attempt counts.

    ``after`` is the time in s until one task tries again; an hour where the server named none.
    ``notice_action`` is as in :class:`NeedsPerson`.
    """

    def __init__(
        self,
        message: str,
        after: float | None = None,
        *,
        notice_action: str | None = None,
        **answered: Unpack[Answered],
    ) -> None:
        super().__init__(message, **answered)
        self.after = after
        self.notice_action = notice_action


class Uncertain(TaskSignal):
    """The effect may have happened: no answer came, or traces of it were there before.

    From then on a person decides.
    """


class TaskCancelled(BaseException):
    """The attempt was asked to stop; or the task stops by itself, if it raises this.

    Its text then is the reason, and ``mark`` the task's own word for it, as data. A
    ``BaseException``, so a task's ``except Exception`` does not swallow it.
    """

    def __init__(self, *args: object, mark: str | None = None) -> None:
        super().__init__(*args)
        self.mark = mark


class BadCall(TypeError):
    """A task's arguments do not fit its function, cannot be stored, or give no key.

    The caller made the mistake; any other ``TypeError`` comes from the task's own code. A second
    argument says what could be stored.
    """

    def __str__(self) -> str:
        """Return all that it says."""
        return "; ".join(self.args)


class EngineError(Exception):
    """The root of what the engine raises to its callers: a reason and its data (JSON).

    The ``refusal`` names a row of the words: a member of ``model.states.Refusal`` or of a feature's
    own, or its subject and name, such as ``store.full``. The text is that row in English, made when
    it is read.
    """

    refusal: str = ""
    data: Mapping[str, Any] = MappingProxyType({})
    added: Sequence[int] = ()
    """The tasks that ``add_tasks`` had added before, if they are more than one COMMIT takes."""

    def __init__(self, refusal: str, /, **data: Any) -> None:
        super().__init__(refusal)
        self.refusal = refusal
        self.data = data

    def __str__(self) -> str:
        """Say it in English."""
        return refused_words(ENGLISH, self.refusal, self.data) or super().__str__()

    @property
    def told(self) -> dict[str, Any]:
        """What another error tells of this one, as a field of its data."""
        return {"refusal": self.refusal, "data": dict(self.data)}

    def __reduce__(self) -> tuple[Any, ...]:
        """Let the error leave a process, such as that of a pool in a task."""
        return _rebuilt, (type(self), self.args), self.__dict__


def _rebuilt(kind: type[EngineError], args: tuple[Any, ...]) -> EngineError:
    return kind.__new__(kind, *args)  # each kind's __init__ has parameters of its own


class Conflict(EngineError):
    """The state does not allow the call."""


class InTheWay(Conflict):
    """The state of one task does not allow the call; ``data`` has its ``task_id`` and ``state``."""


class UnknownTask(EngineError):
    """No function is registered under this name; the message is ``why``."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(Refusal.NO_FUNCTION, text=why)
        self.name = name


class UnknownId(EngineError):
    """Nothing of this kind has this number, or of a schedule this name."""

    def __init__(self, kind: str, number: int | str) -> None:
        super().__init__(Refusal.NOT_THERE, kind=kind, number=number)
        self.number = number


class BadKey(EngineError):
    """No unique key can be made from a task's arguments."""

    def __init__(self, reason: str) -> None:
        text = f"{reason[:1].upper()}{reason[1:].rstrip('.')}."
        super().__init__(Refusal.OTHER, text=text)


class DuplicateTask(EngineError):
    """Two functions claim one name; the first keeps it."""

    def __init__(self, name: str, first: str, second: str) -> None:
        super().__init__("function.twice", name=name, first=first, second=second)


class TaskFailed(EngineError):
    """A task whose result was waited for failed, was cancelled, or is uncertain: see ``state``."""

    def __init__(self, state: str, error: str) -> None:
        super().__init__(Refusal.OTHER if error else state, text=error)
        self.state = state


class ResultNotKept(EngineError):
    """A task succeeded, but what it returned could not be kept: its log says why."""

    def __init__(self) -> None:
        super().__init__("engine.result_not_kept")


class Busy(EngineError):
    """Too many calls are waiting to be written; try again in ``retry_after`` seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__("engine.busy", wait=round(retry_after))
        self.retry_after = retry_after


class NotWritable(EngineError):
    """The store cannot be written; nothing of the call was stored."""


class Closed(EngineError):
    """The engine is not running."""

    def __init__(self, refusal: str = "engine.closed") -> None:
        super().__init__(refusal)


class OwnedElsewhere(Closed):
    """The engine runs in another process; this process can call only part of it."""

    def __init__(self) -> None:
        super().__init__("engine.elsewhere")


class Fenced(EngineError):
    """The attempt no longer owns the task: a later attempt or a person has taken over."""

    def __init__(self, task_id: int, attempt: int) -> None:
        super().__init__("engine.fenced", task_id=task_id, attempt=attempt)


class Overwritten(RuntimeError):
    """Another program has written to the store despite its lock."""
