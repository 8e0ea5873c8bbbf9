"""Why a task is where it is, as data; the sentence for a person is made where it is shown."""

from __future__ import annotations

from enum import StrEnum
from typing import TypedDict


class Reason(StrEnum):
    """What a task waits for, or why it ended as it did; each member names its data.

    Of one that has ended and was sent again since, ``task_id`` is the newest task that repeats it;
    once a task by which its message has left was removed, that one.
    """

    DELAYED = "delayed"
    """Scheduled: it starts at ``until``."""
    RETRY_LATER = "retry_later"
    """Waiting for the next attempt, ``until`` then; ``server``, ``code``, ``said`` of an answer.

    ``to`` is whom the answer was about, where its item was corrected since.
    """
    NO_ROOM = "no_room"
    """Waiting ``until`` the system has a thread or process for it again."""
    ALONE_AFTER_CRASH = "alone_after_crash"
    """Waiting ``until`` its turn: tasks suspected of crashing the backend run one at a time."""
    AHEAD = "ahead"
    """Queued: ``queue`` is at its ``limit``, and ``count`` tasks come first (null above 100)."""
    RATE_LIMIT = "rate_limit"
    """Queued: it is next, once the rate ``limit`` of ``queue`` allows, ``until`` then."""
    CONCURRENCY_LIMIT = "concurrency_limit"
    """Queued: it is next, once fewer than ``limit`` tasks of ``queue`` run."""
    BATCH_LIMIT = "batch_limit"
    """Scheduled or waiting: it goes on once the rate ``limit`` of ``batch_id`` allows.

    That is ``until`` then. Where its queue stands still for longer, that is told instead: a pause,
    a hold or an outage.
    """
    BATCH_PAUSED = "batch_paused"
    """Scheduled: a person paused batch ``batch_id``, ``since`` then."""
    UNSETTLED = "unsettled"
    """Of a batch: a person says first what became of ``count`` earlier messages."""
    QUEUE_PAUSED = "queue_paused"
    """Queued: a person paused ``queue``, ``since`` then."""
    ALL_PAUSED = "all_paused"
    """Queued: a person paused everything, ``since`` then."""
    QUEUE_HELD = "queue_held"
    """Queued or waiting: ``queue`` is on hold ``since`` then; ``text`` says why."""
    OFFLINE = "offline"
    """Queued: the ``server`` of ``queue`` cannot be reached ``since`` then; next try ``until``."""
    QUOTA = "quota"
    """Queued: ``server`` takes no more for now ``since`` then, by ``code``; next try ``until``."""
    AFTER_TASK = "after_task"
    """Waiting for task ``task_id``, which it follows."""
    HELD_FOR_PERSON = "held_for_person"
    """Waiting for a person to look at this task; ``text`` is what it said.

    It is ``fixed`` once that no longer holds: then it only has to be started.
    """
    HELD_FOR_FUNCTION = "held_for_function"
    """Waiting until the function of ``task`` is back; ``text`` says what is missing."""
    HELD_AFTER_CRASHES = "held_after_crashes"
    """Waiting for a person: it took its process down ``count`` times in a row."""
    GIVEN_BACK = "given_back"
    """Queued again: the engine stopped, or its function was replaced, before it could end."""
    RESCUED = "rescued"
    """Queued again: its process ended under it, before a point of no return."""
    ASKED_AGAIN = "asked_again"
    """Queued again: a person asked for it."""
    CANCEL_REQUESTED = "cancel_requested"
    """Running: it was asked to stop, ``since`` then."""
    OVERDUE = "overdue"
    """Running past its timeout of ``limit`` seconds; ``stops`` where it is being cancelled."""
    KEPT = "kept"
    """Succeeded in practice mode: its effect was kept on this computer."""
    SETTLED_BY_PERSON = "settled_by_person"
    """Succeeded: a person said that it was done."""
    CANCELLED_BY_PERSON = "cancelled_by_person"
    """Cancelled by a person."""
    CANCELLED_BY_TASK = "cancelled_by_task"
    """Cancelled by its own function, which said ``text``."""
    CANCELLED_WITH_TASK = "cancelled_with_task"
    """Cancelled: task ``task_id``, which it follows, was."""
    DEADLINE_PASSED = "deadline_passed"
    """Failed: it was not done by its deadline."""
    FINAL_ANSWER = "final_answer"
    """Failed: the answer was final; ``server``, ``code`` and ``said`` where one answered.

    Uncertain, with the same data and ``may_have_arrived``, where an earlier attempt was.
    """
    ATTEMPTS_USED_UP = "attempts_used_up"
    """Failed, or uncertain, as there: no attempt is left; the data are those of the last answer."""
    NO_ANSWER = "no_answer"
    """Uncertain: past its point of no return, ``since`` then, ``server`` gave no answer."""
    CUT_SHORT = "cut_short"
    """Uncertain: past that, ``since`` then, its own process ended before ``server`` answered."""
    STOPPED_BY_PERSON = "stopped_by_person"
    """Uncertain: past that, ``since`` then, a person cancelled it before ``server`` answered."""


class ReasonData(TypedDict, total=False):
    """What belongs to a reason; times are RFC 3339 UTC, ``code`` is the server's.

    ``said`` is what the server answered, the code first. A task with a time to come may have two
    that make that time the earliest: ``paused``, since when a person has kept its queue, or the
    batch of that ``batch_id``, from starting anything; ``on_hold``, why its queue waits for a
    person. A message that was cancelled, or failed when it was sent again, ``may_have_arrived``
    where an earlier attempt was uncertain.
    """

    until: str
    since: str
    queue: str
    batch_id: int
    task: str
    task_id: int
    paused: str
    on_hold: str
    limit: str | float
    count: int | None
    server: str
    code: int
    said: str
    stops: bool
    fixed: bool
    text: str
    to: str
    may_have_arrived: bool


HELD = frozenset(
    {
        Reason.QUEUE_HELD,
        Reason.HELD_FOR_PERSON,
        Reason.HELD_FOR_FUNCTION,
        Reason.HELD_AFTER_CRASHES,
    }
)
"""Reasons that only a person, or a cure, ends."""
PAUSED = frozenset({Reason.QUEUE_PAUSED, Reason.ALL_PAUSED})
"""Reasons that *Resume* ends."""
OUTAGES = frozenset({Reason.OFFLINE, Reason.QUOTA})
"""Reasons that end by themselves: one task of the queue tries until the server takes it."""
STANDING = PAUSED | OUTAGES | {Reason.QUEUE_HELD}
"""Reasons that stop every queued task of a queue."""
