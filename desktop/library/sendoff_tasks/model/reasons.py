"""Why a task is in its state, as data; the sentence for a person is made where it is shown."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Final

from typing_extensions import TypedDict


class Reason(StrEnum):
    """What a task waits for, or why it ended; each member names its data.

    A task that has ended and was repeated also has ``task_id``: the newest task that repeats it, or
    a removed task that has done the same.
    """

    DELAYED = "delayed"
    """Scheduled: it starts at ``until``."""
    RETRY_LATER = "retry_later"
    """Waiting ``until`` the next attempt; ``server``, ``code`` and ``said`` of the last answer.

    ``to`` is the recipient that the answer was about, if that was corrected since.
    """
    NO_ROOM = "no_room"
    """Waiting ``until`` then: the system had no thread or process for it."""
    ALONE_AFTER_CRASH = "alone_after_crash"
    """Waiting ``until`` its turn: it was cut short twice, and such tasks start one at a time."""
    AHEAD = "ahead"
    """Queued: ``queue`` is at its ``limit``, and ``count`` tasks come first (null above 100)."""
    RATE_LIMIT = "rate_limit"
    """Queued: the next one, ``until`` the rate ``limit`` of ``queue`` allows it."""
    CONCURRENCY_LIMIT = "concurrency_limit"
    """Queued: the next one, once fewer than ``limit`` tasks of ``queue`` run."""
    LANE_FULL = "lane_full"
    """Queued: all threads, processes or coroutines of its lane run tasks."""
    QUEUE_PAUSED = "queue_paused"
    """Queued: a person paused ``queue`` at ``since``."""
    ALL_PAUSED = "all_paused"
    """Queued: everything is paused since ``since``.

    If a person did not do it, ``text`` says why and what to do.
    """
    QUEUE_HELD = "queue_held"
    """Queued or waiting: ``queue`` is on hold from ``since`` on; ``text`` says why."""
    OFFLINE = "offline"
    """Queued: ``server`` of ``queue`` cannot be reached since ``since``; next try at ``until``."""
    QUOTA = "quota"
    """Queued: ``server`` takes no more since ``since``, by ``code``; next try at ``until``."""
    AFTER_RESPONSE = "after_response"
    """Queued: the response of the request that added it was not sent yet."""
    AFTER_TASK = "after_task"
    """Waiting for task ``task_id``, which it follows."""
    HELD_FOR_PERSON = "held_for_person"
    """Waiting for a person to look at this task; ``text`` is the problem.

    With ``fixed``, the problem is solved and the task only has to be started.
    """
    HELD_FOR_FUNCTION = "held_for_function"
    """Waiting until the function of ``task`` is back; ``text`` says what is missing."""
    HELD_AFTER_CRASHES = "held_after_crashes"
    """Waiting for a person: it was cut short ``count`` times, alone or just after it began."""
    GIVEN_BACK = "given_back"
    """Queued again: the engine stopped, or its function was replaced, before it could end."""
    RESCUED = "rescued"
    """Queued again: its process ended during the attempt, before a point of no return."""
    ASKED_AGAIN = "asked_again"
    """Queued again: a person asked for it."""
    CANCEL_REQUESTED = "cancel_requested"
    """Running: it was asked to stop at ``since``."""
    OVERDUE = "overdue"
    """Running past its timeout of ``limit`` seconds; ``stops`` if it is being cancelled."""
    KEPT = "kept"
    """Succeeded for now: its effect was kept here, and a person can have it done for real."""
    SETTLED_BY_PERSON = "settled_by_person"
    """Succeeded: a person said that it was done."""
    CANCELLED_BY_PERSON = "cancelled_by_person"
    """Cancelled by a person."""
    CANCELLED_BY_TASK = "cancelled_by_task"
    """Cancelled by its own function, with the reason ``text``, and its ``mark`` if it gave one."""
    CANCELLED_WITH_TASK = "cancelled_with_task"
    """Cancelled, because task ``task_id``, which it follows, was cancelled."""
    DEADLINE_PASSED = "deadline_passed"
    """Failed: it was not done by its deadline."""
    FINAL_ANSWER = "final_answer"
    """Failed: the answer was final; ``server``, ``code`` and ``said`` if a server answered.

    Uncertain, with the same data and ``may_have_arrived``, if an earlier attempt was uncertain.
    """
    ATTEMPTS_USED_UP = "attempts_used_up"
    """Failed or uncertain as above: no attempt is left; the data is that of the last answer."""
    NO_ANSWER = "no_answer"
    """Uncertain: ``server`` gave no answer after the point of no return at ``since``."""
    CUT_SHORT = "cut_short"
    """Uncertain: its process ended after the point of no return (``since``), before an answer."""
    STOPPED_BY_PERSON = "stopped_by_person"
    """Uncertain: it was cancelled after the point of no return (``since``), before an answer."""
    MAY_BE_DONE = "may_be_done"
    """Uncertain: at ``since``, before a point of no return, it was found that it may be done."""


NO_REASON: Final = "none"
"""What a filter calls the reason of tasks without one."""


class ToldText(TypedDict):
    """A text as data: the ``refusal`` names its row of the words, ``data`` has the row's fields."""

    refusal: str
    data: dict[str, Any]


class ReasonData(TypedDict, total=False):
    """The data of a reason; times are RFC 3339 UTC.

    - ``code``: the server's code; ``said``: its whole answer, the code first; ``enhanced``: its
      enhanced code
    - ``mark``: a function's own word for why it cancelled itself, or a feature's for a limit
    - ``paused``: since when a pause of the queue, or of the batch ``batch_id``, delays a scheduled
      task beyond its start time; ``text``: why everything is paused, if a person did not do it
    - ``on_hold``: why a hold of the queue delays a scheduled task beyond its start time
    - ``told``: the error of the last attempt as data, if it is a row of the words
    - ``may_have_arrived``: an earlier attempt was uncertain, and the task was cancelled or failed
      when it was repeated
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
    enhanced: str
    said: str
    mark: str
    stops: bool
    fixed: bool
    text: str
    to: str
    told: ToldText
    may_have_arrived: bool


HELD = frozenset(
    {
        Reason.QUEUE_HELD,
        Reason.HELD_FOR_PERSON,
        Reason.HELD_FOR_FUNCTION,
        Reason.HELD_AFTER_CRASHES,
    }
)
"""Reasons that last until a person solves the problem."""
PAUSED = frozenset({Reason.QUEUE_PAUSED, Reason.ALL_PAUSED})
"""Reasons that *Resume* ends."""
OUTAGES = frozenset({Reason.OFFLINE, Reason.QUOTA})
"""Reasons that end by themselves: one task of the queue tries until the server accepts it."""
NEEDS_PERSON = frozenset(
    {
        *(Reason.DEADLINE_PASSED, Reason.FINAL_ANSWER, Reason.ATTEMPTS_USED_UP),
        *(Reason.NO_ANSWER, Reason.CUT_SHORT, Reason.STOPPED_BY_PERSON, Reason.MAY_BE_DONE),
        *(HELD - {Reason.QUEUE_HELD}),
    }
)
"""Reasons of a task that a person has to look at by itself."""
QUEUE_STOPS = PAUSED | OUTAGES | {Reason.QUEUE_HELD}
"""Reasons that stop every queued task of a queue."""
