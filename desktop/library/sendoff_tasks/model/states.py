"""The states of a task, the only changes between them, and why an action leaves a task alone.

::

    scheduled ◄─► queued ──► running ──► succeeded
        │           │  ▲        ├──────► failed ──────┐
        │           │  └────────┤                     │ retry
        │           ▼  ▲        ├──────► cancelled ───┤
        │        waiting ◄──────┤                     ▼
        │                       └──────► uncertain ► queued
        └──► cancelled, failed (deadline passed)

A person may give a queued task a later time: then it is scheduled again. A task that *succeeded*
for now (the reason *kept*) becomes queued when a person has it done for real. In an older store,
what was to run again after it was *uncertain* becomes that once more.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from sendoff_tasks.model.reasons import Reason


class State(StrEnum):
    """The state of a task; each member means one thing."""

    SCHEDULED = "scheduled"
    """Starts at ``run_at``."""
    QUEUED = "queued"
    """Ready, not yet claimed by a lane."""
    RUNNING = "running"
    """An attempt is under way."""
    WAITING = "waiting"
    """Between attempts; without ``run_at`` it is *held* until a problem is solved."""
    SUCCEEDED = "succeeded"
    """Ended: an attempt did its work."""
    FAILED = "failed"
    """Ended: the attempts are used up, or the answer was final."""
    CANCELLED = "cancelled"
    """Ended: it was stopped by a person, by itself, or with the task that it follows."""
    UNCERTAIN = "uncertain"
    """No answer came after the point of no return: whether the effect happened is not known.

    It stays uncertain when repeating it fails.
    """


TRANSITIONS: Final[Mapping[str, frozenset[State]]] = {
    State.SCHEDULED: frozenset({State.QUEUED, State.CANCELLED, State.FAILED, State.UNCERTAIN}),
    State.QUEUED: frozenset(
        {
            State.RUNNING,
            State.CANCELLED,
            State.WAITING,
            State.FAILED,
            State.SCHEDULED,
            State.UNCERTAIN,
        }
    ),
    State.RUNNING: frozenset(
        {
            State.SUCCEEDED,
            State.FAILED,
            State.WAITING,
            State.CANCELLED,
            State.UNCERTAIN,
            State.QUEUED,
        }
    ),
    State.WAITING: frozenset({State.QUEUED, State.CANCELLED, State.FAILED, State.UNCERTAIN}),
    State.SUCCEEDED: frozenset(),
    State.FAILED: frozenset({State.QUEUED}),
    State.CANCELLED: frozenset({State.QUEUED}),
    State.UNCERTAIN: frozenset({State.SUCCEEDED, State.QUEUED}),
}

OPEN: Final = frozenset({State.SCHEDULED, State.QUEUED, State.RUNNING, State.WAITING})
"""States that a task leaves by itself, or when its problem is solved."""

CANCELLABLE: Final = OPEN
RETRYABLE: Final = frozenset({State.FAILED, State.CANCELLED, State.WAITING})
"""States that allow *Retry* (of a waiting task: *Try now*)."""
RESENDABLE: Final = frozenset({State.SUCCEEDED, State.FAILED, State.CANCELLED})
"""States that allow *Send again*; an uncertain task has to be resolved first."""
MOVABLE: Final = frozenset({State.SCHEDULED, State.QUEUED})
"""States in which the start time can be changed."""
TROUBLED: Final = frozenset({State.FAILED, State.UNCERTAIN})
"""States that need a person, who can mark them as *seen*."""

LETS_OTHERS_GO: Final = frozenset(State) - {State.SCHEDULED, State.QUEUED, State.RUNNING}
"""States in which a task may let the tasks that follow it begin."""

WORDS: Final = {state: state.value for state in State}
"""The value of each state; reading ``state.value`` takes ten times as long."""


def may_become(before: str, after: State, reason: str | None = None) -> bool:
    """Tell whether the table allows a change; a *kept* task may also be queued."""
    if after in TRANSITIONS[before]:
        return True
    return after is State.QUEUED and before == State.SUCCEEDED and reason == Reason.KEPT


class Refusal(StrEnum):
    """Why a call was refused, or an action leaves a task alone; features have more.

    The first members are states of a task that do not allow it.
    """

    SCHEDULED = State.SCHEDULED
    QUEUED = State.QUEUED
    RUNNING = State.RUNNING
    WAITING = State.WAITING
    SUCCEEDED = State.SUCCEEDED
    FAILED = State.FAILED
    CANCELLED = State.CANCELLED
    UNCERTAIN = State.UNCERTAIN
    NOT_THERE = "not_there"
    """Nothing of this ``kind`` has this ``number``."""
    KEPT = "kept"
    """Its effect was only kept, and the filter does not ask for such tasks."""
    PAST_RETURN = "past_return"
    """It is running, past its point of no return."""
    PAUSED = "paused"
    """It is queued, and starts once its queue is resumed."""
    DEADLINE = "deadline"
    """Its ``deadline`` is before the new start."""
    NO_FUNCTION = "no_function"
    """Its function is missing; ``text`` says why."""
    SAME_KEY = "same_key"
    """Another open task, ``task_id``, has its ``key``."""
    REPEATED = "repeated"
    """Another task has done the same since, or is about to."""
    UNSEEN = "unseen"
    """It is failed or uncertain, and was not marked as seen."""
    AWAITED = "awaited"
    """Another task waits for it, or a copy of it is to be sent first."""
    NOT_MADE = "not_made"
    """The task's own code failed when the task was to be made; ``text`` says how."""
    CARRIED_OUT = "carried_out"
    """The pending action is over."""
    BEGUN = "begun"
    """The task ``title`` has started, so it cannot be undone."""
    BROKE_OFF = "broke_off"
    """The pending action ended with the error ``text``."""
    MISFIT = "misfit"
    """The stored arguments of task ``number`` no longer fit its function; ``text`` says how."""
    KEY_USED = "key_used"
    """The ``Idempotency-Key`` was used for another request."""
    OTHER = "other"
    """Another reason, the sentence ``text``."""
