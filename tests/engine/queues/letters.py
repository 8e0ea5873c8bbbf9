"""Letters to a server that may be gone: the tasks, its answers, and what a test does meanwhile."""

from __future__ import annotations

from typing import Any

from sendoff_tasks.attempts.outcomes import Deferred, Succeeded
from sendoff_tasks.causes import ServerAnswer
from sendoff_tasks.functions.backoff import Retry
from sendoff_tasks.functions.registry import task
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.times import wire_time
from tests.engine.stepped import START, Stepped

SERVER = "mx.example.org"
GONE = Deferred(f"{SERVER}:587 cannot be reached.", "", Reason.OFFLINE, answer=ServerAnswer(SERVER))
FULL = Deferred(
    f"{SERVER} deferred: 450 4.7.1 too many", "", Reason.QUOTA, answer=ServerAnswer(SERVER, 450)
)
SENT = Succeeded("null")
DAY = 24 * 3600.0
AT_ONCE = 4


@task(queue="post", concurrency=AT_ONCE, retry=Retry(attempts=3, backoff=lambda a, r: 10.0))
def letter(*args: Any) -> None: ...


@task(queue="daily", rate="100/day")
def limited_daily(*args: Any) -> None: ...


def go_offline(stepped: Stepped, outcome: Deferred = GONE) -> None:
    for number in list(stepped.lane.running):
        stepped.end(number, outcome)


def probing(stepped: Stepped) -> int:
    (number,) = stepped.lane.running
    return number


def at(seconds: float) -> str:
    return wire_time(round((START + seconds) * 1000))
