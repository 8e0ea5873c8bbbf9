"""Why an action on many tasks leaves a task alone, as data."""

from __future__ import annotations

from enum import StrEnum

from desktop.contract.states import State


class Refusal(StrEnum):
    """Why an action leaves a task alone; the first members are states that do not allow it."""

    SCHEDULED = State.SCHEDULED
    QUEUED = State.QUEUED
    RUNNING = State.RUNNING
    WAITING = State.WAITING
    SUCCEEDED = State.SUCCEEDED
    FAILED = State.FAILED
    CANCELLED = State.CANCELLED
    UNCERTAIN = State.UNCERTAIN
    NOT_THERE = "not_there"
    """No task has this number."""
    KEPT = "kept"
    """Practice mode kept its message, and the filter does not ask for such tasks."""
    PAST_RETURN = "past_return"
    """It is running, past its point of no return."""
    PAUSED = "paused"
    """It is queued, and starts once its queue is resumed."""
    BATCH_PAUSED = "batch_paused"
    """It starts once its batch is resumed."""
    BATCH_LIMIT = "batch_limit"
    """It starts once the limit of its batch allows."""
    DEADLINE = "deadline"
    """Its deadline is before the new start."""
    NO_FUNCTION = "no_function"
    """Its function is missing."""
    SAME_KEY = "same_key"
    """Another open task has its key."""
    REPEATED = "repeated"
    """Another task has sent its message since, or is about to."""
    UNSEEN = "unseen"
    """It is failed or uncertain, and was not marked as seen."""
    AWAITED = "awaited"
    """Another task waits for it."""
    OTHER = "other"
    """Another reason, given in the sentence."""
