"""Causes in words: what differs from task to task is left out, the rest says what happened."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sendoff_tasks.attempts.outcomes import (
    Cancelled,
    Crashed,
    Failed,
    GivenBack,
    Held,
    Later,
    LeftUncertain,
    NotBegun,
    Outcome,
    Succeeded,
)
from sendoff_tasks.causes import ServerAnswer, alike
from sendoff_tasks.errors import Conflict
from sendoff_tasks.model.times import wire_time
from sendoff_tasks.verbs.cancel import cancel
from sendoff_tasks.verbs.pause_queue import pause
from sendoff_tasks.verbs.resolve import resolve
from sendoff_tasks.verbs.retry import retry
from tests.engine.stepped import BACKOFF, SLOTS, START, Stepped


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Order 4711 has no rows.", "Order … has no rows."),
        ("<ada@example.org>: no such user", "<…>: no such user"),
        ("No route to 10.0.0.7:25", "No route to …"),
        ("at 2026-11-21T10:02:11Z", "at …"),
        ("id 5f0c1b7a-94d2-e386", "id …"),
        ("queued as A17\n  by mx2.b.org", "queued as … by …"),
        ("mx1.a.org: 550 5.1.1 no 550", "mx1.a.org: 550 5.1.1 no 550"),
        ("x" * 400, "x" * 299 + "…"),
    ],
)
def test_numbers_addresses_and_ids_are_left_out(text: str, shown: str) -> None:
    assert alike(text, ServerAnswer("mx1.a.org", 550, "5.1.1")) == shown


def test_a_long_text_takes_no_long_time() -> None:
    assert alike("a." * 100_000)
    assert alike("@" * 100_000)
    assert alike("a1-" * 100_000) == "…-"


MX = ServerAnswer("mx.example.org", 451)
FROM_MX = {"server": "mx.example.org", "code": 451}
NOW = wire_time(round(START * 1000))
LATER = wire_time(round((START + BACKOFF) * 1000))


def why(stepped: Stepped, task: int) -> tuple[str, str | None, dict[str, Any]]:
    row = stepped.task(task)
    return row["state"], row["reason"], dict(row["reason_data"])


@pytest.mark.parametrize(
    ("outcome", "state", "reason", "data"),
    [
        (Succeeded("null"), "succeeded", None, {}),
        (Succeeded("null", kept=True), "succeeded", "kept", {}),
        (Failed("550", "", final=True, answer=MX), "failed", "final_answer", FROM_MX),
        (Later("451", "", answer=MX), "waiting", "retry_later", FROM_MX | {"until": LATER}),
        (Failed("no", ""), "waiting", "retry_later", {"until": LATER}),
        (Cancelled(), "cancelled", "cancelled_by_person", {}),
        (Cancelled("sold out"), "cancelled", "cancelled_by_task", {"text": "sold out"}),
        (Held("no key", ""), "waiting", "held_for_person", {"text": "no key"}),
    ],
)
def test_each_ending_has_its_reason(
    stepped: Stepped, outcome: Outcome, state: str, reason: str | None, data: dict[str, Any]
) -> None:
    task = stepped.ended(outcome)
    assert why(stepped, task) == (state, reason, data)


@pytest.mark.parametrize(
    ("outcome", "reason"), [(GivenBack(), "given_back"), (Crashed("signal 9"), "rescued")]
)
def test_what_runs_again_at_once_says_why(stepped: Stepped, outcome: Outcome, reason: str) -> None:
    task = stepped.add()
    stepped.do(pause_all)
    stepped.end(task, outcome)
    assert why(stepped, task) == ("queued", "all_paused", {"queue": "work", "since": NOW})
    (stored,) = stepped.connection.execute("SELECT reason FROM tasks").fetchone()
    assert stored == reason


def pause_all(group: Any) -> None:
    pause(group, None)


def test_a_reason_goes_with_the_state_it_belongs_to(stepped: Stepped) -> None:
    task = stepped.ended(NotBegun("no thread"))
    assert why(stepped, task)[1] == "no_room"
    stepped.wait(60)
    assert why(stepped, task) == ("running", None, {})
    stepped.change(cancel, task)
    assert why(stepped, task)[:2] == ("running", "cancel_requested")


def test_what_runs_over_its_time_says_whether_it_is_being_stopped(stepped: Stepped) -> None:
    task = stepped.add()
    claim = stepped.lane.running[task]
    claim.spec = replace(claim.spec, timeout=60.0)
    told = []
    for stops in (False, True):
        stepped.ledger.overdue(claim, stops=stops)
        stepped.settle()
        told.append(why(stepped, task)[1:])
    data = [{"limit": 60.0, "stops": stops} for stops in (False, True)]
    assert told == [("overdue", each) for each in data]


def test_a_held_queue_says_since_when_who_refused_and_why(stepped: Stepped) -> None:
    first, second, third = (stepped.add("narrow") for _ in range(3))
    stepped.end(first, Held("535 wrong password", "", whole_queue=True, answer=MX))
    expected = {"queue": "narrow", "since": NOW, "text": "535 wrong password"} | FROM_MX
    assert why(stepped, first) == ("waiting", "queue_held", expected)
    assert why(stepped, third) == ("queued", "queue_held", expected)
    assert why(stepped, second) == ("running", None, {})


def test_a_limit_says_how_many_come_first(stepped: Stepped) -> None:
    narrow = [stepped.add("narrow") for _ in range(4)]
    limit = {"queue": "narrow", "limit": 2}
    assert why(stepped, narrow[2]) == ("queued", "concurrency_limit", limit)
    assert why(stepped, narrow[3]) == ("queued", "ahead", limit | {"count": 1})


def test_what_waits_for_a_slot_of_a_full_lane_says_so(stepped: Stepped) -> None:
    """Its own queue or another may have all of them."""
    for _ in range(SLOTS):
        stepped.add()
    full: tuple[str, str, dict[str, int]] = ("queued", "lane_full", {})
    assert why(stepped, stepped.add()) == full
    other = stepped.add("narrow")
    assert why(stepped, other) == full


def test_a_persons_word_is_a_reason(stepped: Stepped) -> None:
    task = stepped.add()
    stepped.cross(task, "mail to Ada", "mx.example.org").result(0)
    stepped.end(task, LeftUncertain("no answer", ""))
    no_answer = {"server": "mx.example.org", "since": NOW}
    assert why(stepped, task) == ("uncertain", "no_answer", no_answer)
    stepped.change(resolve, task, "done")
    assert why(stepped, task) == ("succeeded", "settled_by_person", {})
    with pytest.raises(Conflict):
        stepped.change(retry, task)


def test_a_scheduled_task_says_until_when(stepped: Stepped) -> None:
    task = stepped.add(delay=40.0)
    until = wire_time(round((START + 40) * 1000))
    assert why(stepped, task) == ("scheduled", "delayed", {"until": until})
