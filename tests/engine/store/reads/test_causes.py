"""``GET /causes``: what failures and waits have in common, counted with the tasks."""

from __future__ import annotations

from typing import Any

import pytest

from desktop.contract.office import OfficeCure
from sendoff_tasks.attempts.outcomes import (
    Crashed,
    Deferred,
    Failed,
    Fault,
    Held,
    Later,
    LeftUncertain,
    Outcome,
    Succeeded,
)
from sendoff_tasks.causes import NO_ANSWER, ServerAnswer
from sendoff_tasks.functions.registry import task as declare
from sendoff_tasks.model.causes import CASES, CauseKind
from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.model.states import OPEN
from sendoff_tasks.store.reads.pages import all_ids
from sendoff_tasks.store.reads.query import TaskQuery
from sendoff_tasks.store.reads.waits import NOTHING_KNOWN
from sendoff_tasks.verbs.bulk import bulk
from sendoff_tasks.verbs.cancel import cancel
from sendoff_tasks.verbs.change import SEEN, UNSEEN, change
from sendoff_tasks.verbs.resolve import resolve
from sendoff_tasks.verbs.retry import retry
from tests.engine.stepped import Make, Stepped, registry

MX = "mx.example.org"
NO_MAILBOX = ServerAnswer(MX, 550, "5.1.1")
DONE = Succeeded("null")


def refused(number: int) -> Failed:
    answer = NO_MAILBOX._replace(said=f"550 5.1.1 <p{number}@example.org>: no mailbox {number}")
    said = f"{MX} refused the recipient: {answer.said}"
    fault = Fault(cure=OfficeCure.CORRECT_ADDRESS)
    return Failed(said, "", final=True, answer=answer, fault=fault)


def raised(line: int, said: str = "") -> Failed:
    fault = Fault(CauseKind.EXCEPTION, "ValueError", "tasks/shop.py", "invoice", line, said)
    return Failed(f"ValueError: {said}", "", final=True, fault=fault)


def send_again(stepped: Stepped, task: int, delay: float = 0.0) -> int:
    """Send again what a task sent; returns the number of the new task."""
    return int(stepped.send_again(task, delay=delay)["id"])


def found(stepped: Stepped, **wanted: Any) -> list[int]:
    return list(all_ids(stepped.connection, TaskFilter(**wanted), known=NOTHING_KNOWN))


def test_what_a_server_answered_alike_is_one_cause(stepped: Stepped) -> None:
    tasks = [
        stepped.ended(refused(n), to=f"P <p{n}@{domain}>")
        for n, domain in [(1, "a.org"), (2, "b.org")]
    ]
    other = stepped.ended(
        Failed("550 5.7.1", "", final=True, answer=ServerAnswer(MX, 550, "5.7.1"))
    )
    first, second = stepped.causes()
    assert first["title"] == f"{MX} refused the recipient: 550 5.1.1 <…>: no mailbox …"
    assert (first["count"], first["states"]) == (2, {"failed": 2})
    assert (first["cure"], first["where"]) == ("correct_address", ["b.org", "a.org"])
    assert (second["cure"], second["where"], second["count"]) == ("retry", [MX], 1)
    assert first["about"] == {
        "kind": "answer", "task": "work", "task_title": "Work", "server": MX, "code": 550,
        "enhanced": "5.1.1", "text": first["title"], "said": "550 5.1.1 <…>: no mailbox …",
    }  # fmt: skip
    said = stepped.task(tasks[0])["reason_data"]["said"]
    assert said == "550 5.1.1 <p1@example.org>: no mailbox 1"
    assert found(stepped, cause=first["cause"]) == tasks
    assert stepped.task(other)["cause"] == second["cause"]


def test_an_exception_is_known_by_its_type_and_own_line_not_its_words(stepped: Stepped) -> None:
    for n in range(8):
        stepped.ended(raised(n, f"order {n} has no rows"))
    stepped.ended(Failed("KeyError", "", final=True, fault=Fault(CauseKind.EXCEPTION, "KeyError")))
    cause, other = stepped.causes()
    assert cause["count"] == 8
    assert cause["title"] == "ValueError in invoice (tasks/shop.py): order … has no rows"
    assert cause["where"] == [f"tasks/shop.py:{n}" for n in (7, 6, 5, 4, 3)]
    assert other["count"] == 1


def test_a_task_that_is_tried_again_and_fails_for_good_stays_in_its_cause(
    stepped: Stepped,
) -> None:
    busy = Later("450 busy, try later", "", answer=ServerAnswer(MX, 450), after=10)
    task = stepped.ended(busy)
    (cause,) = stepped.causes()
    assert (cause["states"], cause["cure"]) == ({"waiting": 1}, None)
    for _ in range(2):
        stepped.wait(10)
        assert stepped.task(task)["cause"] == cause["cause"]
        stepped.end(task, busy)
    (after,) = stepped.causes()
    assert (after["states"], after["cure"]) == ({"failed": 1}, "retry")
    assert after["cause"] == cause["cause"]
    assert after["first_at"] < after["last_at"]


def test_a_retry_shows_how_far_it_is_and_what_failed_again(stepped: Stepped) -> None:
    tasks = [stepped.ended(raised(1)) for _ in range(4)]
    (cause,) = stepped.causes()
    chosen = stepped.choose(TaskFilter(cause=cause["cause"]))
    done = stepped.do(lambda group: bulk(group, "retry", chosen))
    assert done.answer["touched"] == 4
    assert stepped.causes() == []
    (going,) = stepped.causes("queued", "running")
    assert going["states"] == {"queued": 1, "running": 3}
    assert (going["retried_at"], going["new_since_retry"]) == ("2027-01-15T08:00:00.000Z", 0)
    stepped.end(tasks[0], DONE)
    for task in tasks[1:]:
        stepped.end(task, raised(2))
    (after,) = stepped.causes()
    assert (after["count"], after["new_since_retry"]) == (3, 3)
    stepped.change(retry, tasks[1])
    (after,) = stepped.causes()
    assert (after["states"], after["new_since_retry"]) == ({"failed": 2, "running": 1}, 0)


def test_what_was_seen_is_not_counted_until_that_is_taken_back(stepped: Stepped) -> None:
    first, second, third = (stepped.ended(raised(1)) for _ in range(3))
    stepped.change(change, first, SEEN)
    (cause,) = stepped.causes()
    assert (cause["count"], cause["states"]) == (2, {"failed": 2})
    assert found(stepped, cause=cause["cause"], seen=False) == [second, third]
    stepped.change(change, first, UNSEEN)
    assert [each["count"] for each in stepped.causes()] == [3]
    for task in (first, second, third):
        stepped.change(change, task, SEEN)
    assert stepped.causes() == []
    assert found(stepped, cause=cause["cause"], seen=True) == [first, second, third]
    stepped.restart()
    stepped.change(change, second, UNSEEN)
    (after,) = stepped.causes()
    assert (after["count"], after["title"]) == (1, cause["title"])


def test_what_is_sent_again_after_a_correction_is_not_counted(stepped: Stepped) -> None:
    first, second = (stepped.ended(refused(n)) for n in (1, 2))
    with_one_left = [{"failed": 1}]
    again = send_again(stepped, first, delay=60)
    assert [each["states"] for each in stepped.causes()] == with_one_left
    stepped.change(cancel, again)
    assert [each["states"] for each in stepped.causes()] == [{"failed": 2}]
    again = send_again(stepped, first)
    stepped.end(again, refused(1))
    assert [each["states"] for each in stepped.causes()] == [{"failed": 2}]
    assert stepped.task(second)["seen"] is False
    stepped.end(send_again(stepped, again), DONE)
    assert [each["states"] for each in stepped.causes()] == with_one_left


def test_uncertain_tasks_are_resolved(stepped: Stepped) -> None:
    tasks = [stepped.add(), stepped.add()]
    outcomes: list[Outcome] = [LeftUncertain("no answer", ""), Crashed("SIGKILL")]
    for task, outcome in zip(tasks, outcomes, strict=True):
        stepped.cross(task, "a message", MX)
        stepped.end(task, outcome)
    ended = f"The program ended before {MX} answered"
    titles = {f"No answer from {MX}", ended}
    found = stepped.causes()
    assert {cause["title"] for cause in found} == titles
    for cause in found:
        assert (cause["states"], cause["cure"]) == ({"uncertain": 1}, "resolve")
    stepped.change(resolve, tasks[0], "done")
    stepped.change(resolve, tasks[1], "again")
    assert [each["states"] for each in stepped.causes("running")] == [{"running": 1}]


@pytest.mark.parametrize("way_out", ["mail_settings", "tasks_folder"])
def test_a_held_queue_is_the_cause_of_all_that_wait_in_it(stepped: Stepped, way_out: str) -> None:
    wrong = Held(
        f"{MX} refused the login: 535 5.7.8 no",
        "",
        True,
        way_out,
        answer=ServerAnswer(MX, 535, "5.7.8"),
    )
    tasks = [stepped.add("narrow") for _ in range(5)]
    stepped.end(tasks[0], wrong)
    stepped.end(tasks[1], wrong)
    (cause,) = stepped.causes()
    assert (cause["count"], cause["states"]) == (5, {"waiting": 5})
    assert (cause["cure"], cause["where"]) == (way_out, [MX])
    assert cause["about"]["queue"] == "narrow"
    assert {stepped.task(task)["cause"] for task in tasks} == {cause["cause"]}
    assert found(stepped, cause=cause["cause"]) == tasks
    assert found(stepped, cause=cause["cause"], states=("waiting",)) == tasks[:2]
    stepped.release("narrow")
    assert stepped.causes() == []


def test_a_task_that_left_the_cause_meanwhile_is_not_touched(stepped: Stepped) -> None:
    first, second = (stepped.ended(raised(1)) for _ in range(2))
    (cause,) = stepped.causes()
    chosen = stepped.choose(TaskFilter(cause=cause["cause"]))
    stepped.change(retry, first)
    stepped.end(first, refused(1))
    assert stepped.do(lambda group: bulk(group, "retry", chosen)).answer["touched"] == 1
    assert stepped.states() == {first: "failed", second: "running"}


def test_an_outage_is_a_cause_that_ends_by_itself(stepped: Stepped) -> None:
    tasks = [stepped.add("narrow") for _ in range(4)]
    gone = Deferred("No route to it.", "", Reason.OFFLINE, answer=ServerAnswer(MX))
    stepped.end(tasks[0], gone)
    stepped.end(tasks[1], gone)
    stepped.clock.time += 60
    later = stepped.add("narrow")
    (cause,) = stepped.causes()
    assert cause["title"] == f"{MX} cannot be reached"
    assert (cause["count"], cause["cure"]) == (4, None)
    assert cause["first_at"] == "2027-01-15T08:00:00.000Z"
    assert found(stepped, cause=cause["cause"]) == [*tasks, later]
    stepped.end(tasks[0], DONE)
    for task in [*tasks[1:], later]:
        stepped.end(task, DONE)
    assert stepped.causes() == []


@pytest.mark.parametrize(
    ("answer", "title"),
    [(NO_ANSWER, "Different errors"), (ServerAnswer(MX, 554), f"{MX} answered 554")],
)
def test_tasks_that_say_something_else_each_time_do_not_fill_the_store(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch, answer: ServerAnswer, title: str
) -> None:
    monkeypatch.setattr("sendoff_tasks.store.tables.causes.MOST", 3)
    for name in ("Ada", "Bo", "Cy", "Di", "Ed"):
        stepped.ended(Failed(f"{name} is not known.", "", final=True, answer=answer))
    first, *others = stepped.causes()
    assert (first["title"], first["count"]) == (title, 2)
    assert [each["count"] for each in others] == [1, 1, 1]


def test_a_cause_that_comes_back_was_first_met_when_it_was(stepped: Stepped) -> None:
    began = stepped.ended(raised(1))
    stepped.clock.time += 3_600
    stepped.change(retry, began)
    stepped.end(began, DONE)
    assert stepped.causes() == []
    stepped.clock.time += 3_600
    stepped.ended(raised(1))
    (cause,) = stepped.causes()
    assert (cause["first_at"], cause["last_at"]) == (
        "2027-01-15T08:00:00.000Z",
        "2027-01-15T10:00:00.000Z",
    )
    assert (cause["count"], cause["retried_at"], cause["new_since_retry"]) == (1, None, 0)


def test_a_cause_that_has_no_task_any_more_is_forgotten_like_a_failed_task(
    stepped: Stepped,
) -> None:
    task = stepped.ended(raised(1))
    stepped.change(retry, task)
    stepped.end(task, DONE)
    known = "SELECT count(*) FROM causes"
    for days, count in ((89, 1), (2, 0)):
        stepped.wait(days * 86_400)
        assert stepped.connection.execute(known).fetchone() == (count,)


def test_the_next_outage_has_its_own_beginning(stepped: Stepped) -> None:
    gone = Deferred("No route to it.", "", Reason.OFFLINE, answer=ServerAnswer(MX))
    for first in ("2027-01-15T08:00:00.000Z", "2027-01-15T08:01:00.000Z"):
        task = stepped.ended(gone, "narrow")
        assert [each["first_at"] for each in stepped.causes()] == [first]
        stepped.wait(60)
        stepped.end(task, DONE)
        assert stepped.causes() == []


def test_a_pause_is_the_cause_of_all_that_are_queued_in_it(stepped: Stepped) -> None:
    running = [stepped.add("narrow") for _ in range(2)]
    stepped.pause("narrow")
    assert stepped.causes() == [], "it keeps nothing waiting"
    stepped.clock.time += 60
    stepped.pause()
    own = [stepped.add("narrow") for _ in range(3)]
    other = [stepped.add(), stepped.add()]
    later = stepped.add(delay=60)
    narrow, everything = stepped.causes()
    assert narrow["about"] == {"kind": "reason", "reason": "queue_paused", "queue": "narrow"}
    assert (narrow["title"], narrow["cure"]) == ("The queue narrow is paused", "resume")
    assert (narrow["count"], narrow["states"], narrow["where"]) == (3, {"waiting": 3}, [])
    assert narrow["first_at"] == narrow["last_at"] == "2027-01-15T08:00:00.000Z"
    assert everything["about"] == {"kind": "reason", "reason": "all_paused"}
    assert (everything["title"], everything["count"]) == ("Everything is paused", 2)
    assert everything["first_at"] == "2027-01-15T08:01:00.000Z"
    for cause, tasks in ((narrow, own), (everything, other)):
        assert found(stepped, cause=cause["cause"], seen=False) == tasks
        assert {stepped.task(task)["cause"] for task in tasks} == {cause["cause"]}
        page = stepped.page(TaskQuery(TaskFilter(cause=cause["cause"])))
        assert (page["total"], len(page["tasks"])) == (len(tasks), len(tasks))
    assert {stepped.task(task)["cause"] for task in (*running, later)} == {None}
    stepped.resume("narrow")
    (after,) = stepped.causes()
    assert (after["title"], after["count"]) == ("The queue work is paused", 2)
    stepped.resume()
    assert stepped.causes() == []


def test_what_is_tried_again_in_a_pause_waits_for_its_end_alone(stepped: Stepped) -> None:
    failed = [stepped.ended(raised(1)) for _ in range(3)]
    stepped.pause()
    stepped.change(retry, failed[0])
    told = stepped.causes(*CASES, *OPEN)
    assert [(each["states"], each["cure"]) for each in told] == [
        ({"failed": 2}, "retry"),
        ({"waiting": 1}, "resume"),
    ]
    assert stepped.task(failed[0])["cause"] == told[1]["cause"]
    assert found(stepped, cause=told[0]["cause"]) == failed[1:]
    chosen = stepped.choose(TaskFilter(cause=told[1]["cause"]))
    done = stepped.do(lambda group: bulk(group, "cancel", chosen))
    assert done.answer["touched"] == 1
    assert stepped.state(failed[0]) == "cancelled"


def test_a_pause_of_one_of_its_queues_takes_no_more_than_that_from_a_cause(make: Make) -> None:
    """A function that moves to another queue leaves what it has accepted in the old one."""
    stepped, failed = make(declare(name="shop", queue="old")(lambda: None)), []
    for queue, count in (("old", 2), ("new", 5)):
        stepped.registry = registry(declare(name="shop", queue=queue)(lambda: None))
        stepped.restart()
        failed += [stepped.ended(raised(1), name="shop") for _ in range(count)]
    stepped.pause("old")
    for number in failed:
        stepped.change(retry, number)
    told = [each["states"] for each in stepped.causes(*CASES, *OPEN)]
    assert told == [{"running": 3, "queued": 2}, {"waiting": 2}]
    stepped.check()


def test_a_retry_of_what_holds_a_paused_queue_frees_it(stepped: Stepped) -> None:
    tasks = [stepped.add("narrow") for _ in range(4)]
    for each in tasks[:2]:
        stepped.end(each, Held("wrong password", "", whole_queue=True))
    stepped.pause("narrow")
    (held,) = stepped.causes()
    assert held["about"]["reason"] == "queue_held", "a resume alone would let nothing go"
    chosen = stepped.choose(TaskFilter(cause=held["cause"]))
    assert stepped.do(lambda group: bulk(group, "retry", chosen)).answer["touched"] == 4
    (paused,) = stepped.causes()
    assert (paused["cure"], paused["states"]) == ("resume", {"waiting": 4})
