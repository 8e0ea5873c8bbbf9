"""What a task may raise to choose its fate, and what the engine raises to its callers.

::

    TaskSignal                 raised by a task; each names what happens next
    ├── RetryLater             not now: try again after the backoff, or after a given time
    ├── Final                  never: trying again would not help
    ├── NeedsPerson            held until a person, or the cure, comes
    ├── Unreachable            its server cannot be reached: the queue waits for it
    ├── OverQuota              its server takes no more for now: the queue waits
    └── Uncertain              past the point of no return there was no answer
    TaskCancelled              the attempt was asked to stop (a BaseException, as in asyncio)
    BadCall                    a task cannot be called or kept like this (a TypeError)
    EngineError                raised to callers of the engine
    ├── Conflict               the state does not allow it
    │   └── InTheWay           the state of a task that is named
    ├── UnknownTask            no function is registered under this name
    ├── UnknownId              no task or item has this number
    ├── UnknownKey             no bulk call has this key
    ├── UnknownSchedule        no task of this name runs by itself
    ├── BadKey                 a task's unique key cannot be made of its arguments
    ├── DuplicateTask          two functions want one name
    ├── Busy                   too much is waiting; come back later
    ├── NotWritable            the store cannot be written
    ├── Closed                 the engine is not running
    │   └── OwnedElsewhere     it runs in another process
    └── Fenced                 the attempt is no longer the task's own
    Overwritten                another program has written to the store
"""

from __future__ import annotations

import math

from desktop.contract.causes import Cure
from desktop.contract.queues import WayOut
from desktop.contract.refusals import Refusal
from desktop.engine.reasons import ServerAnswer
from desktop.engine.text import SENTENCE, storable


class TaskSignal(Exception):
    """A task's own word on what happens next; ``message`` is shown to the person.

    ``server`` and ``code`` tell who answered the task, and with which code, where one did, and
    ``enhanced`` the enhanced code of a mail server; ``said`` is its answer, the
    code first. ``cure`` says what helps, where that is known.
    """

    def __init__(
        self,
        message: str,
        *,
        server: str | None = None,
        code: int | None = None,
        enhanced: str | None = None,
        said: str | None = None,
        cure: Cure | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        answered = None if said is None else storable(said, SENTENCE)
        self.answer = ServerAnswer(server, code, enhanced, answered)
        self.cure = cure


class RetryLater(TaskSignal):
    """It did not work now and may work later.

    ``after`` is the delay in seconds; without it the task's backoff decides.
    """

    def __init__(
        self,
        message: str,
        after: float | None = None,
        *,
        server: str | None = None,
        code: int | None = None,
        enhanced: str | None = None,
        said: str | None = None,
    ) -> None:
        super().__init__(message, server=server, code=code, enhanced=enhanced, said=said)
        if after is not None and not (math.isfinite(after) and after >= 0):
            raise ValueError(f"after must be 0 s or more, got {after}")
        self.after = after


class Final(TaskSignal):
    """It will never work like this: the task fails at once."""


class NeedsPerson(TaskSignal):
    """Nothing can be done until a person, or the cure, comes: the task is held.

    With ``queue`` its whole queue is held, with one notice, once no other process that has the
    function is left to try; ``notice_action`` names the way out the window can offer
    (``mail_settings``). ``cure`` is what helps a task that is held alone.
    """

    def __init__(
        self,
        message: str,
        *,
        queue: bool = False,
        notice_action: WayOut | None = None,
        server: str | None = None,
        code: int | None = None,
        enhanced: str | None = None,
        cure: Cure | None = None,
    ) -> None:
        super().__init__(message, server=server, code=code, enhanced=enhanced, cure=cure)
        self.queue = queue
        self.notice_action = notice_action


class Unreachable(TaskSignal):
    """Its server cannot be reached, and nothing was handed over: the whole queue waits.

    No attempt counts. One task tries after 1 s, then at doubling intervals up to 60 s, until the
    server answers one of them. ``notice_action`` is as in :class:`NeedsPerson`. Raised past the
    point of no return, it leaves the task uncertain.
    """

    def __init__(
        self,
        message: str,
        *,
        notice_action: WayOut | None = None,
        server: str | None = None,
        code: int | None = None,
        enhanced: str | None = None,
    ) -> None:
        super().__init__(message, server=server, code=code, enhanced=enhanced)
        self.notice_action = notice_action


class OverQuota(TaskSignal):
    """Its server takes no more for now: the whole queue waits, and no attempt counts.

    ``after`` is the time in s until one task tries again, an hour where the server named none.
    """

    def __init__(
        self,
        message: str,
        after: float | None = None,
        *,
        server: str | None = None,
        code: int | None = None,
        enhanced: str | None = None,
    ) -> None:
        super().__init__(message, server=server, code=code, enhanced=enhanced)
        self.after = after


class Uncertain(TaskSignal):
    """Past the point of no return no answer came: whether it happened is not known."""


class TaskCancelled(BaseException):
    """The attempt was asked to stop.

    A ``BaseException``, so a task's ``except Exception`` does not swallow it.
    """


class BadCall(TypeError):
    """A task's arguments do not fit its function, cannot be kept, or give no key.

    It is the caller's mistake, which any other ``TypeError`` is not.
    """


class EngineError(Exception):
    """The root of what the engine raises to its callers; its text is a sentence."""


class Conflict(EngineError):
    """The state of the task or item does not allow this; ``refusal`` says it as data."""

    def __init__(self, reason: str, refusal: Refusal = Refusal.OTHER) -> None:
        super().__init__(reason)
        self.reason = reason
        self.refusal = refusal


class InTheWay(Conflict):
    """A task is in a state that does not allow this."""

    def __init__(self, reason: str, task_id: int, state: str) -> None:
        super().__init__(reason, Refusal(state))
        self.task_id = task_id
        self.state = state


class UnknownTask(EngineError):
    """No function is registered under this name, and ``why``."""

    def __init__(self, name: str, why: str) -> None:
        super().__init__(why)
        self.name = name


class UnknownId(EngineError):
    """No task or item has this number."""

    def __init__(self, kind: str, number: int) -> None:
        super().__init__(f"There is no {kind} {number}.")
        self.kind = kind
        self.number = number


class UnknownKey(EngineError):
    """No action on many tasks has this ``Idempotency-Key``."""

    def __init__(self, key: str) -> None:
        super().__init__("No action has this key.")
        self.key = key


class UnknownSchedule(EngineError):
    """No task of this name has a schedule."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is no schedule named “{name}”.")
        self.name = name


class BadKey(EngineError):
    """A task's unique key cannot be made of its arguments."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"{reason[:1].upper()}{reason[1:].rstrip('.')}.")


class DuplicateTask(EngineError):
    """Two functions want one name; the first keeps it."""

    def __init__(self, name: str, first: str, second: str) -> None:
        super().__init__(f"The name “{name}” of {second} is already taken by {first}.")
        self.name = name


class Busy(EngineError):
    """Too much is waiting to be written; come back in ``retry_after`` seconds."""

    def __init__(self, retry_after: float) -> None:
        super().__init__(f"Too busy to take more now; try again in {retry_after:.0f} s.")
        self.retry_after = retry_after


class NotWritable(EngineError):
    """The store cannot be written; nothing of the call was kept."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Closed(EngineError):
    """The engine is not running."""

    def __init__(self) -> None:
        super().__init__("The task engine is not running.")


class OwnedElsewhere(Closed):
    """The engine runs in another process, which this one can only add tasks to."""

    def __init__(self) -> None:
        EngineError.__init__(
            self,
            "Another process runs these tasks. From here they can be added, read, cancelled, "
            "retried, resolved and paused; the window and the shell commands can do more.",
        )


class Fenced(EngineError):
    """The attempt is no longer the task's own: a later one, or a person, has taken over."""

    def __init__(self, task_id: int, attempt: int) -> None:
        super().__init__(f"Attempt {attempt} of task {task_id} is no longer its current one.")
        self.task_id = task_id
        self.attempt = attempt


class Overwritten(RuntimeError):
    """Another program has written to the store, past its lock."""
