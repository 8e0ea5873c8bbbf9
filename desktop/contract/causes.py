"""Causes: what failures have in common, counted, each with what helps."""

from __future__ import annotations

from enum import StrEnum
from typing import Final, TypedDict

from desktop.contract.states import State


class CauseKind(StrEnum):
    """What tells one cause from others; each member names its data."""

    ANSWER = "answer"
    """``server`` answered with ``code`` and, where it gave one, its ``enhanced`` code, and said
    ``text``: one code has many meanings.

    ``said`` is what it said with them, as ``text`` is.
    """
    EXCEPTION = "exception"
    """``exception`` was raised, innermost in ``function`` of the task's own ``file``."""
    SAID = "said"
    """The task said ``text``, about its ``server`` where it named one."""
    TIMEOUT = "timeout"
    """It did not end within its timeout."""
    REASON = "reason"
    """Its ``reason`` says all, with the ``queue``, ``batch_id`` or ``server`` it is about."""


class Cure(StrEnum):
    """What helps against a cause."""

    MAIL_SETTINGS = "mail_settings"
    CORRECT_ADDRESS = "correct_address"
    TASKS_FOLDER = "tasks_folder"
    EDIT_TEMPLATE = "edit_template"
    RETRY = "retry"
    RESOLVE = "resolve"
    """Say of each uncertain task whether it was done."""
    RESUME = "resume"
    """End the pause of its queue, of all queues, or of its batch."""


class CauseAbout(TypedDict, total=False):
    """What a cause is, as data.

    ``task`` is the registered name, ``task_title`` its title; ``queue`` stands instead where a hold
    or a pause stops all of it, ``batch_id`` with the name of the ``batch`` where its pause does;
    neither where everything is paused. ``text`` is what they said, of an exception the first, with
    ``…`` in place of numbers, addresses and ids.
    """

    kind: str
    reason: str
    task: str
    task_title: str
    queue: str
    batch_id: int
    batch: str
    server: str
    code: int
    enhanced: str
    exception: str
    file: str
    function: str
    text: str
    said: str


class Cause(TypedDict):
    """One cause: ``count`` tasks in the states that were asked for; ``states`` counts all of them.

    A task keeps its cause while it is tried again, and loses it when it succeeds or is cancelled.
    One that a person has put aside, as *seen* or sent again, keeps it and is not counted; a cause
    without any other is not listed.
    *Waiting* counts queued tasks, too, that a hold, an outage or a pause of their queue stops,
    those that a batch has put aside for it, and scheduled ones of a batch that is paused: each
    belongs to what stops it alone, not to what it has met before. Only what a paused batch keeps
    from its next attempt belongs to what it has met. ``behind`` are those that batches
    hand in once it is over: they have no number yet. A pause without any of these is not listed.

    ``where`` tells up to five places, the newest first: domains of refused addresses, servers, or
    files with their lines. ``cure`` is a :class:`Cure`, or null where it goes on by itself.
    ``retried_at`` is when a person had some of them tried again, and ``new_since_retry`` how many
    failed for it after that; 0 where that never was. ``paused`` counts waiting tasks that batches
    keep from their next attempt, by the number of the paused batch.
    """

    cause: str
    title: str
    about: CauseAbout
    count: int
    first_at: str
    last_at: str
    where: list[str]
    states: dict[str, int]
    behind: int
    paused: dict[str, int]
    cure: str | None
    retried_at: str | None
    new_since_retry: int


class Causes(TypedDict):
    """``GET /causes``: those with the most tasks first."""

    causes: list[Cause]


CASES: Final = frozenset({State.FAILED, State.WAITING, State.UNCERTAIN})
"""The states that a task comes into for a cause."""
ON_THE_WAY: Final = frozenset({State.SCHEDULED, State.QUEUED, State.RUNNING})
"""The states in which a task that is tried again keeps the cause it had."""
