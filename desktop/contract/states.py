"""The states of a task and the only changes between them.

::

    scheduled ◄─► queued ──► running ──► succeeded
        │           │  ▲        ├──────► failed ──────┐
        │           │  └────────┤                     │ retry
        │           ▼  ▲        ├──────► cancelled ───┤
        │        waiting ◄──────┤                     ▼
        │                       └──────► uncertain ► queued
        └──► cancelled, failed (deadline passed)

A person may give what is queued a later time: then it is scheduled again. Beside these,
*succeeded* in practice mode (the reason *kept*) becomes queued when a person has it
sent for real.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from desktop.contract.reasons import Reason


class State(StrEnum):
    """Where a task is; each member means one thing."""

    SCHEDULED = "scheduled"
    """Starts at ``run_at``."""
    QUEUED = "queued"
    """Ready, not yet claimed by a lane."""
    RUNNING = "running"
    """An attempt is under way."""
    WAITING = "waiting"
    """Between attempts; without ``run_at`` it is *held* for a person or a cure."""
    SUCCEEDED = "succeeded"
    """The end: an attempt did its work."""
    FAILED = "failed"
    """The attempts are used up, or the answer was final."""
    CANCELLED = "cancelled"
    """The end: a person stopped it."""
    UNCERTAIN = "uncertain"
    """Past its point of no return no answer came: whether it happened is not known.

    A message stays so when sending it again fails.
    """


TRANSITIONS: Final[Mapping[str, frozenset[State]]] = {
    State.SCHEDULED: frozenset({State.QUEUED, State.CANCELLED, State.FAILED}),
    State.QUEUED: frozenset(
        {State.RUNNING, State.CANCELLED, State.WAITING, State.FAILED, State.SCHEDULED}
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
    State.WAITING: frozenset({State.QUEUED, State.CANCELLED, State.FAILED}),
    State.SUCCEEDED: frozenset(),
    State.FAILED: frozenset({State.QUEUED}),
    State.CANCELLED: frozenset({State.QUEUED}),
    State.UNCERTAIN: frozenset({State.SUCCEEDED, State.QUEUED}),
}

OPEN: Final = frozenset({State.SCHEDULED, State.QUEUED, State.RUNNING, State.WAITING})
"""States a task leaves by itself or when its cure comes."""

CANCELLABLE: Final = OPEN
RETRYABLE: Final = frozenset({State.FAILED, State.CANCELLED, State.WAITING})
"""*Retry* (for a waiting task: *try now*) is allowed from here."""
RESENDABLE: Final = frozenset({State.SUCCEEDED, State.FAILED, State.CANCELLED})
"""*Resend* is allowed from here; an uncertain task is resolved first."""
MOVABLE: Final = frozenset({State.SCHEDULED, State.QUEUED})
"""The time at which it starts can be changed."""
TROUBLED: Final = frozenset({State.FAILED, State.UNCERTAIN})
"""States that a person looks at, and can put aside as *seen*."""

LETS_OTHERS_GO: Final = frozenset(State) - {State.SCHEDULED, State.QUEUED, State.RUNNING}
"""States whose tasks may let those that follow them begin."""

WORDS: Final = {state: state.value for state in State}
"""Each state as it is written; to ask the state itself takes ten times as long."""


def may_become(before: str, after: State, reason: str | None = None) -> bool:
    """Tell whether the table allows it; what was *kept* in practice may be done for real."""
    if after in TRANSITIONS[before]:
        return True
    return after is State.QUEUED and before == State.SUCCEEDED and reason == Reason.KEPT
