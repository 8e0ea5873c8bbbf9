"""Pause and resume: one queue or all of them, across restarts, with a notice."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest

from sendoff_tasks.attempts.outcomes import Deferred, Failed, Held, Later, Succeeded
from sendoff_tasks.causes import ServerAnswer
from sendoff_tasks.model.causes import CASES
from sendoff_tasks.model.events import Notice
from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import OPEN
from sendoff_tasks.model.times import wire_time
from sendoff_tasks.queues.holds import STEP
from sendoff_tasks.queues.limits import read_queues
from sendoff_tasks.store.reads.catalogue import read_outlook
from sendoff_tasks.store.reads.causes import read_causes
from sendoff_tasks.store.reads.query import TaskQuery
from sendoff_tasks.store.reads.waits import NOTHING_KNOWN
from sendoff_tasks.verbs.pause_queue import pause, release
from sendoff_tasks.verbs.retry import retry
from sendoff_tasks.words.reasons import paused_words
from tests.engine.stepped import START, Stepped

OK = Succeeded("1")


@pytest.fixture
def heard(stepped: Stepped) -> list[Notice]:
    notices: list[Notice] = []
    stepped.journal.board.on_notice(notices.append)
    return notices


def set_paused(stepped: Stepped, *queues: str | None) -> None:
    for queue in queues:
        stepped.do(partial(pause, queue=queue))


def set_going(stepped: Stepped, queue: str | None) -> None:
    stepped.resume(queue)


def paused(stepped: Stepped) -> list[str]:
    queues = read_queues(stepped.connection, stepped.registry, {}, 0)
    return [queue["name"] for queue in queues if queue["paused"]]


def test_a_pause_survives_a_restart_with_its_time(stepped: Stepped) -> None:
    set_paused(stepped, "work")
    stepped.clock.time += 1000
    stepped.restart()
    set_paused(stepped, "work")  # again is harmless
    task = stepped.add()
    assert stepped.state(task) == "queued"
    (queue,) = [q for q in read_queues(stepped.connection, stepped.registry, {}, 0) if q["paused"]]
    assert queue["paused"] == {"since": "2027-01-15T08:00:00.000Z"}
    assert stepped.task(task)["reason_data"]["since"] == wire_time(round(START * 1000))


def test_one_goes_on_while_the_others_stay_paused(stepped: Stepped) -> None:
    set_paused(stepped, None)
    stepped.clock.time += 60
    set_going(stepped, "work")
    assert paused(stepped) == ["narrow"]
    assert stepped.state(stepped.add("work")) == "running"
    since = stepped.core.memory.pauses["narrow"]
    assert since == round(START * 1000)


def test_resuming_what_is_not_paused_is_harmless(stepped: Stepped, heard: list[Notice]) -> None:
    set_going(stepped, "work")
    set_going(stepped, None)
    assert heard == []


@pytest.mark.parametrize("queue", [None, "mail", "narrow"])
def test_a_pause_is_a_notice_that_is_taken_back(
    stepped: Stepped, heard: list[Notice], queue: str | None
) -> None:
    set_paused(stepped, queue, queue)
    set_going(stepped, queue)
    text = f"{paused_words(queue, wire_time(round(START * 1000)))}."
    told: dict[str, object] = {"id": f"paused:{queue or ''}", "level": "info", "text": text}
    told["action"] = "resume"
    data = {"since": wire_time(round(START * 1000))} | ({"queue": queue} if queue else {})
    told |= {"reason": "queue_paused" if queue else "all_paused", "reason_data": data}
    assert heard == [{**told, "active": True}, {**told, "active": False}]


def test_what_has_a_time_to_come_says_that_it_is_paused_then(stepped: Stepped) -> None:
    failed, running = stepped.add("narrow"), stepped.add()
    stepped.end(failed, Later("busy", "", after=60.0))
    tasks = [failed, stepped.add("narrow", delay=30), stepped.add(delay=30)]

    def told() -> list[tuple[str, dict[str, Any]]]:
        rows = [stepped.task(task) for task in tasks]
        written = stepped.do(lambda group: [group.row(group.read(task)) for task in tasks])
        assert [row["reason_data"] for row in written] == [row["reason_data"] for row in rows]
        return [(row["reason"], dict(row["reason_data"])) for row in rows]

    before = told()
    changes = stepped.journal.subscribe()
    set_paused(stepped, "narrow")
    frame = changes.next_frame()
    assert frame is not None
    assert frame.tasks is None
    at = {"paused": wire_time(round(START * 1000))}
    assert told() == [(r, d | at) if n < 2 else (r, d) for n, (r, d) in enumerate(before)]
    set_going(stepped, None)
    assert told() == before
    stepped.end(running, OK)
    set_paused(stepped, None)
    assert all("paused" in data for _, data in told())


def test_what_has_a_time_to_come_says_why_its_queue_waits_for_a_person(stepped: Stepped) -> None:
    put_off, wrong = stepped.add("narrow"), stepped.add("narrow")
    stepped.end(put_off, Later("451", "", after=60.0))
    later = stepped.add("narrow", delay=30)
    before = [stepped.task(task) for task in (put_off, later)]
    stepped.end(wrong, Held("wrong password", "", whole_queue=True))
    rows = [stepped.task(task) for task in (put_off, later)]
    for row, unheld in zip(rows, before, strict=True):
        told = (row["state"], row["reason"], row["reason_data"])
        data = {**unheld["reason_data"], "on_hold": "wrong password"}
        assert told == (unheld["state"], unheld["reason"], data)
    stepped.release("narrow")
    assert [stepped.task(row["id"])["reason_data"] for row in rows] == [
        each["reason_data"] for each in before
    ]


def test_what_a_pause_stops_is_counted_and_found_apart(stepped: Stepped) -> None:
    stopped = [stepped.add("narrow") for _ in range(4)][2:]
    moving = stepped.add()
    stepped.pause("narrow")
    queued = ("queued", "running")

    def found(*, standing: bool) -> list[int]:
        query = TaskQuery(TaskFilter(states=queued, standing=standing), sort="id")
        page = stepped.page(query)
        assert page["total"] == len(page["tasks"])
        return [row["id"] for row in page["tasks"] if row["state"] == "queued"]

    assert found(standing=True) == stopped
    assert found(standing=False) == []
    assert moving in stepped.lane.running
    assert read_outlook(stepped.connection, {})[0] == 2


def test_what_is_tried_again_in_a_pause_waits_for_the_outage_alone(stepped: Stepped) -> None:
    gone = Deferred("No route to it.", "", Reason.OFFLINE, answer=ServerAnswer("mx.example.org"))
    tasks = [stepped.add("narrow") for _ in range(2)]
    for task in tasks:
        stepped.end(task, Failed("no", "", final=True))
    stepped.ended(gone, "narrow")
    set_paused(stepped, None)
    stepped.change(retry, tasks[0])
    told = read_causes(stepped.connection, CASES | OPEN, known=NOTHING_KNOWN)
    assert [(each["states"], each["cure"]) for each in told] == [
        ({"waiting": 2}, None),
        ({"failed": 1}, "retry"),
    ]


def hold_all(stepped: Stepped, count: int) -> None:
    """Fill the queue ``narrow`` with held tasks, as a cure that did not last would leave them."""
    stepped.add_many(count, "narrow", delay=60)
    with stepped.connection:
        stepped.connection.execute(
            "UPDATE tasks SET state = 'waiting', held = 'queue', run_at = NULL, reason = NULL"
        )
        stepped.connection.execute("UPDATE counts SET n = 0")
        stepped.connection.execute(
            "UPDATE counts SET n = ? WHERE state = 'waiting' AND function ="
            " (SELECT id FROM functions WHERE name = 'narrow')",
            (count,),
        )
    stepped.restart()


def held(stepped: Stepped) -> int:
    return list(stepped.states().values()).count("waiting")


@pytest.mark.usefixtures("in_file")
def test_a_long_queue_is_released_in_groups_that_stay_short(stepped: Stepped) -> None:
    count = 2 * STEP + 7
    hold_all(stepped, count)
    future = stepped.ask(lambda group: release(group, "narrow"))
    stepped.step()
    assert held(stepped) == count - STEP
    stepped.settle()
    assert future.result(0) == count
    assert held(stepped) == 0


@pytest.mark.usefixtures("in_file")
def test_a_queue_that_is_held_again_keeps_the_rest(stepped: Stepped) -> None:
    count = 3 * STEP
    hold_all(stepped, count)
    future = stepped.ask(lambda group: release(group, "narrow"))
    stepped.step()
    task = next(iter(stepped.lane.running))
    stepped.end(task, Held("535 wrong password", "", whole_queue=True))
    assert future.result(0) == STEP
    assert held(stepped) == count - STEP + 1
