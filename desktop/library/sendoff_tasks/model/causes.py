"""Causes: groups of failed or waiting tasks with the same problem, and what solves it."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from typing_extensions import TypedDict

from sendoff_tasks.model.reasons import ToldText
from sendoff_tasks.model.states import State


class CauseKind(StrEnum):
    """The kind of a problem; each member names the data that identifies the cause."""

    ANSWER = "answer"
    """``server`` answered with ``code``, an ``enhanced`` code if there was one, and ``text``.

    The text counts because one code has many meanings. ``said`` is the answer with its codes.
    """
    EXCEPTION = "exception"
    """``exception`` was raised; the innermost line of the task's own code is in ``file``,
    ``function``."""
    SAID = "said"
    """The task reported ``text``, about a ``server`` if it named one."""
    TIMEOUT = "timeout"
    """The task did not end within its timeout."""
    REASON = "reason"
    """The ``reason`` identifies it, with the ``queue``, ``batch_id`` or ``server`` concerned."""


class Cure(StrEnum):
    """The action that solves the problem of a cause; tasks and features have more."""

    TASKS_FOLDER = "tasks_folder"
    RETRY = "retry"
    RESOLVE = "resolve"
    """Decide for each uncertain task whether it was done."""
    RESUME = "resume"
    """End the pause of the queue, of all queues, or of the batch."""


class CauseAbout(TypedDict, total=False):
    """A cause as data.

    ``task`` is the registered name, ``task_title`` its title. A hold or pause of a whole queue has
    ``queue`` instead, the pause of a batch ``batch_id`` and its name ``batch``, and a pause of
    everything neither. ``text`` is the common error text (of an exception, the first one), with
    ``…`` in place of numbers, addresses and ids; ``told`` is the same as data.
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
    told: ToldText


class Cause(TypedDict):
    """One cause with its tasks.

    A task keeps its cause while it is tried again, and loses it when it succeeds or is cancelled.
    A task that was marked as *seen* or sent again keeps its cause but is not counted; a cause whose
    tasks are all of these is not listed.

    A task that a hold, an outage or a pause keeps from starting belongs to that cause alone, not to
    its earlier errors, and counts as *waiting*: queued tasks of the queue, tasks that a batch has
    put aside, and scheduled tasks of a paused batch. The exception is a task that a paused batch
    keeps from its next attempt: it belongs to the cause of its error.

    - ``first_at``, ``last_at``: when it first and last occurred. The first is kept as long as
      failed tasks are, even if all its tasks have succeeded since; of a pause it is its beginning.
    - ``count``: tasks in the requested states; ``states``: all tasks by state
    - ``behind``: rows that batches hand in once the hold or pause is over; they are not tasks yet
    - ``where``: up to five places, the newest first: servers, files with lines, or what a
      feature says
    - ``cure``: a :class:`Cure` or that of a feature, or null if it ends by itself
    - ``retried_at``: when a person last retried some of the tasks; ``new_since_retry``: how many
      failed after that, 0 without a retry
    - ``paused``: waiting tasks that paused batches keep from their next attempt, by batch number

    A pause without ``count`` and ``behind`` is not listed.
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
    """``GET /causes``: the causes with the most tasks first."""

    causes: list[Cause]


CASES: Final = frozenset({State.FAILED, State.WAITING, State.UNCERTAIN})
"""The states that give a task a cause."""
ON_THE_WAY: Final = frozenset({State.SCHEDULED, State.QUEUED, State.RUNNING})
"""The states in which a retried task keeps its cause."""
