"""Orders of workers and what they note, each applied once; and a worker that cannot run tasks."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager
from functools import partial
from typing import Any

import pytest

from sendoff_tasks.attempts.claim import Claim, encode_outcome, read_claim
from sendoff_tasks.attempts.control import HandOver
from sendoff_tasks.attempts.outcomes import Deferred, Held, Outcome, Succeeded
from sendoff_tasks.errors import Fenced
from sendoff_tasks.functions.worker_offer import WorkerOffer
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.postgres import orders
from sendoff_tasks.postgres.handed_rows import HandedRows, accept_handed
from sendoff_tasks.processes import workers
from sendoff_tasks.processes.wire import dump_task, load_tasks
from sendoff_tasks.queues.workers import OFFLINE_S
from sendoff_tasks.submission import NewTask, Submission
from sendoff_tasks.transaction.replies import Request
from sendoff_tasks.verbs.cancel import cancel
from sendoff_tasks.verbs.submit import make_token, prepare
from sendoff_tasks.words.table import ENGLISH
from sendoff_tasks.worker import order_follower
from sendoff_tasks.worker.order_follower import Lease, NoteRow, OrderFollower, WorkerSession
from sendoff_tasks.writer.notes import EndNote, MarkNote
from tests.engine.stepped import Stepped, slow
from tests.engine.verbs.test_bulk import act
from tests.looking import eventually

WORKER = "w.1"
END_SESSIONS = (
    "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity"
    " WHERE datname = current_database() AND application_name = '' AND pid <> pg_backend_pid()"
)
"""Ends those of workers: they have no name."""


def join(stepped: Stepped, function: str = "narrow", slots: int = 3) -> None:
    """Have a worker come that has one function."""
    offer = WorkerOffer(WORKER, frozenset({function}), frozenset(), {"io": slots}).encode()
    stepped.connection.execute(orders.JOIN, (WORKER, "a worker", offer))
    stepped.do(workers.meet)


@contextmanager
def following(url: str, stepped: Stepped) -> Iterator[None]:
    """Run a worker in threads of this process; what it has alone runs there."""
    offer = WorkerOffer("", frozenset({"narrow"}), frozenset(), {"io": 3, "cpu": 1, "async": 1})
    work = OrderFollower(url, stepped.registry, offer, "a worker")
    work.start()
    try:
        eventually(lambda: stepped.connection.execute(orders.OFFERS).fetchall())
        stepped.do(workers.meet)
        for _ in range(3):
            stepped.add("work")
        yield
    finally:
        work.stop(0)


def ordered(stepped: Stepped) -> dict[int, tuple[int, bool]]:
    rows = stepped.connection.execute("SELECT task_id, attempt, stop FROM orders").fetchall()
    return {task: (attempt, stop) for task, attempt, stop in rows}


def note(stepped: Stepped, *notes: tuple[int, int, str, str]) -> None:
    """Have the worker note something of an attempt."""
    ((last,),) = stepped.connection.execute("SELECT coalesce(max(number), 0) FROM noted").fetchall()
    names = ("number", "task_id", "attempt", "kind", "told")
    rows = [dict(zip(names, (last + n, *each), strict=True)) for n, each in enumerate(notes, 1)]
    stepped.connection.execute(orders.NOTE, (WORKER, json.dumps(rows)))


def apply(stepped: Stepped) -> Any:
    return stepped.do(partial(workers.apply, rows=stepped.do(workers.waiting)))


def answers(stepped: Stepped) -> list[str]:
    rows = stepped.connection.execute(orders.ANSWERS, (WORKER,)).fetchall()
    return [answer for _, answer in sorted(rows)]


def test_what_is_noted_is_applied_once_also_after_a_restart(stepped: Stepped) -> None:
    join(stepped)
    here = [stepped.add("work") for _ in range(3)]
    first, second = stepped.add("narrow"), stepped.add("narrow")
    assert ordered(stepped) == {first: (1, False), second: (1, False)}
    assert stepped.task(first)["history"][0].get("worker") == "a worker"
    done = encode_outcome(Succeeded("7"))
    note(
        stepped,
        (first, 1, "log", '["info", "begun"]'),
        (first, 1, "step", '["once", "1"]'),
        (first, 1, "mark", '["a letter", "Ada"]'),
        (second, 2, "mark", '["", ""]'),
        (second, 2, "end", done),
    )
    stepped.restart()
    assert [stepped.task(each)["attempt"] for each in (*here, first, second)] == [2, 2, 2, 1, 1]
    apply(stepped)
    assert answers(stepped) == ["written", "written", "fenced"]
    assert stepped.task(first)["handed_over"]["to"] == "Ada"
    assert [line["text"] for line in stepped.task(first)["log"]] == ["begun"]
    note(stepped, (first, 1, "end", done), (first, 1, "end", done), (second, 1, "end", "{"))
    with pytest.raises(ValueError, match="Expecting"):
        apply(stepped)
    assert stepped.state(first) == "running"
    *ends, wrong = stepped.do(workers.waiting)
    stepped.do(partial(workers.apply, rows=ends))
    stepped.do(partial(workers.refuse, row=wrong, error=ValueError("no")))
    assert (stepped.state(first), stepped.task(first)["result"]) == ("succeeded", 7)
    assert stepped.state(second) == "uncertain"  # it has ended, nobody can say how
    assert stepped.do(workers.waiting) == []
    ran = [(each["outcome"], each.get("worker")) for each in stepped.task(first)["history"]]
    assert ran == [("succeeded", "a worker")]
    assert [each.get("worker") for each in stepped.task(here[0])["history"]] == [None, None]
    assert act(stepped, "remove", [first]).answer["touched"] == 1
    (places,) = stepped.connection.execute(
        "SELECT array_agg(DISTINCT task_id) FROM ran_on"
    ).fetchone()
    assert places == [second]


def test_a_start_takes_over_no_order_of_an_attempt_that_is_not_under_way(stepped: Stepped) -> None:
    join(stepped)
    over, running = stepped.ended(Succeeded("7")), stepped.add("work")
    for order in ((over, 1), (running, 0)):
        insert = "INSERT INTO orders (task_id, attempt, worker, claim) VALUES (?, ?, 'w.1', '')"
        stepped.connection.execute(insert, order)
    stepped.restart()
    assert ordered(stepped) == {}
    assert (stepped.state(over), stepped.task(running)["attempt"]) == ("succeeded", 2)


def test_every_character_of_a_claim_reaches_its_worker(stepped: Stepped) -> None:
    join(stepped)
    argument = "\"'\\ \\u0000 \0 \ud800 € {1,2} NULL"
    for _ in range(3):
        stepped.add("work")
    sent = [stepped.add("narrow", each, argument) for each in (1, 2)]
    claims = stepped.connection.execute("SELECT claim FROM orders ORDER BY number").fetchall()
    spec = stepped.registry.get("narrow")
    assert spec is not None
    came = [Claim(spec=spec, **read_claim(claim)[1]) for (claim,) in claims]
    assert [each.task_id for each in came] == sent
    assert [json.loads(each.arguments)[0] for each in came] == [[1, argument], [2, argument]]


def test_a_worker_lacks_slots_for_as_many_tasks_again(stepped: Stepped) -> None:
    join(stepped, slots=2)
    for _ in range(3):
        stepped.add("work")
    lacks = [stepped.inbox.worker_wait.lacks_slots]  # it was given nothing
    for _ in range(2):
        last = stepped.add("narrow")
        lacks.append(stepped.inbox.worker_wait.lacks_slots)
    note(stepped, (last, 1, "end", encode_outcome(Succeeded("7"))))
    apply(stepped)
    assert [*lacks, stepped.inbox.worker_wait.lacks_slots] == [False, False, True, False]


def test_a_group_that_finds_no_slot_leaves_them_lacking(stepped: Stepped) -> None:
    join(stepped, slots=1)
    last = stepped.add("narrow")
    stepped.add("narrow")
    assert stepped.inbox.worker_wait.lacks_slots
    note(stepped, (last, 1, "end", encode_outcome(Succeeded("7"))))
    apply(stepped)
    assert stepped.inbox.worker_wait.lacks_slots, "the next one has its slot"


def test_a_worker_reads_its_orders_from_the_oldest_on_that_it_has(stepped: Stepped) -> None:
    join(stepped)
    for _ in range(3):
        stepped.add("work")
    first, second = stepped.add("narrow"), stepped.add("narrow")

    def read(known: int, oldest: int) -> list[Any]:
        return list(stepped.connection.execute(orders.ORDERS, (known, oldest, WORKER)).fetchall())

    (one, _, older, *_), (two, _, newer, *_) = sorted(read(0, 0))
    assert (one, two, older < newer) == (first, second, True)
    assert [(row[0], row[4] is None) for row in read(newer, newer)] == [(second, True)]
    for task in (first, second):
        note(stepped, (task, 1, "end", encode_outcome(Succeeded("7"))))
    apply(stepped)
    assert read(newer, newer) == [(None,) * 5]
    third = stepped.add("narrow")
    assert [(row[0], row[4] is None) for row in read(newer, newer)] == [(third, False)]


def test_a_worker_that_does_not_move_loses_its_attempts_and_no_other_does(stepped: Stepped) -> None:
    join(stepped)
    for _ in range(3):
        stepped.add("work")
    noted, stopped, again = (stepped.add("narrow") for _ in range(3))
    stepped.change(cancel, stopped)
    assert ordered(stepped)[stopped] == (1, True)
    stepped.connection.execute(orders.BEAT, (WORKER,))
    assert stepped.do(partial(workers.bury, worker=WORKER, beat=0)) is False
    note(stepped, (noted, 1, "end", encode_outcome(Succeeded("7"))))
    assert stepped.do(partial(workers.bury, worker=WORKER, beat=1)) is True
    assert (stepped.state(noted), stepped.state(stopped)) == ("succeeded", "cancelled")
    assert stepped.connection.execute(orders.ORDERS, (0, 0, WORKER)).fetchall() == []
    join(stepped)
    assert ordered(stepped) == {again: (1, False)}
    stepped.connection.execute(orders.FORGET, (WORKER,))
    stepped.do(workers.meet)
    assert stepped.task(again)["history"][0]["error"] == ENGLISH.say("attempt", "worker_deleted")


def test_what_was_noted_counts_though_it_is_read_in_the_group_that_ends_its_worker(
    stepped: Stepped,
) -> None:
    join(stepped)
    for _ in range(3):
        stepped.add("work")
    noted = stepped.add("narrow")
    note(stepped, (noted, 1, "end", encode_outcome(Succeeded("7"))))
    stepped.inbox.ask(Request(workers.take, Future(), ahead=workers.ask_for_notes))
    assert stepped.do(partial(workers.bury, worker=WORKER, beat=None)) is True
    assert (stepped.state(noted), stepped.task(noted)["attempt"]) == ("succeeded", 1)


def test_a_sign_of_life_does_not_wait_for_the_disk(stepped: Stepped) -> None:
    join(stepped)
    session = stepped.connection
    session.execute("BEGIN")
    session.execute(orders.BEAT, (WORKER,))
    assert session.execute("SHOW synchronous_commit").fetchone() == ("off",)
    session.execute("COMMIT")
    assert session.execute("SHOW synchronous_commit").fetchone() == ("on",)
    assert session.execute("SELECT beat FROM workers").fetchall() == [(1,)]


def noted(number: int, kind: str) -> NoteRow:
    """Return what a worker says of an attempt that no one knows."""
    return {"number": number, "task_id": 7, "attempt": 1, "kind": kind, "told": ""}


def test_only_the_ends_of_attempts_do_not_wait_for_the_disk(url: str, stepped: Stepped) -> None:
    """A worker says them again; who waits for an answer would wait for ever."""
    join(stepped)
    synced = "ADD COLUMN synced TEXT DEFAULT current_setting('synchronous_commit')"
    stepped.connection.execute(f"ALTER TABLE noted {synced}")
    with closing(WorkerSession(url)) as link:
        for number, kinds in enumerate((["end", "end"], ["mark", "end"], ["log"])):
            rows = [noted(3 * number + n, kind) for n, kind in enumerate(kinds)]
            link.write_notes(WORKER, rows)
    found = stepped.connection.execute("SELECT synced FROM noted ORDER BY number").fetchall()
    assert [synced for (synced,) in found] == ["off", "off", "on", "on", "on"]


def test_an_end_that_a_crash_of_the_server_lost_is_noted_again(
    url: str, stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LOOK_S", "AGAIN_S"):
        monkeypatch.setattr(order_follower, name, 0.05)
    with following(url, stepped):
        task = stepped.add("narrow")
        eventually(lambda: stepped.do(workers.waiting))
        stepped.connection.execute("DELETE FROM noted")
        stepped.connection.execute(END_SESSIONS)

        def state() -> str:
            apply(stepped)
            return stepped.state(task)

        eventually(lambda: state() == "succeeded")
        assert stepped.task(task)["attempt"] == 1


def test_an_order_a_worker_cannot_read_keeps_it_from_no_other(
    url: str, stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process that decides may be of a newer version than a worker."""
    with following(url, stepped):
        with monkeypatch.context() as newer:
            newer.setattr(orders, "encode_claim", lambda _: {"task": "narrow", "added": 1})
            unread = stepped.add("narrow")
        read = stepped.add("narrow")

        def states() -> list[str]:
            apply(stepped)
            return [stepped.state(unread), stepped.state(read)]

        eventually(lambda: states() == ["waiting", "succeeded"])
        assert "another version" in (stepped.task(unread)["history"][0]["error"] or "")


REFUSED = Held("the login was refused", "", whole_queue=True)
OFFLINE = Deferred("there is no route", "", Reason.OFFLINE)


def given(stepped: Stepped) -> int:
    """Add tasks until the worker, which is the least busy, gets one; the last goes there."""
    while not ordered(stepped):
        last = stepped.add("narrow")
    return last


def say(stepped: Stepped, task: int, outcome: Outcome) -> None:
    attempt = ordered(stepped)[task][0]
    note(stepped, (task, attempt, "end", encode_outcome(outcome)))
    apply(stepped)


def held(stepped: Stepped) -> list[str]:
    return list(stepped.core.memory.held_queues)


def test_what_one_cannot_do_others_do_until_none_can(
    stepped: Stepped, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "sendoff_tasks.queues.workers")
    join(stepped)
    stepped.add("work")
    task = given(stepped)
    say(stepped, task, REFUSED)
    assert (ordered(stepped), held(stepped), list(stepped.lane.running)[-1]) == ({}, [], task)
    said = "The worker a worker can no longer run narrow; other processes continue: the login"
    assert said in caplog.text
    assert (stepped.task(task)["attempt"], stepped.task(task)["max_attempts"]) == (2, 4)
    other = stepped.add("narrow")
    assert ordered(stepped) == {}
    stepped.end(task, REFUSED)
    assert held(stepped) == ["narrow"]
    assert stepped.state(task) == "waiting"
    if other in stepped.lane.running:
        stepped.end(other, REFUSED)
    stepped.release("narrow")
    assert held(stepped) == []
    assert len(stepped.lane.running) + len(ordered(stepped)) == 2


def test_a_worker_that_comes_after_a_restart_lets_it_go_on_too(stepped: Stepped) -> None:
    stepped.ended(REFUSED, "narrow")
    stepped.restart()
    assert (held(stepped), stepped.do(workers.meet)) == (["narrow"], [])
    join(stepped, "work")
    assert stepped.do(workers.meet) == []
    stepped.connection.execute(orders.FORGET, (WORKER,))
    stepped.do(workers.meet)
    join(stepped)
    assert stepped.do(workers.meet) == ["narrow"]


def test_a_worker_that_reaches_no_server_is_asked_again_a_minute_later(stepped: Stepped) -> None:
    join(stepped)
    stepped.add("work")
    task = given(stepped)
    say(stepped, task, OFFLINE)
    assert (ordered(stepped), held(stepped), list(stepped.lane.running)[-1]) == ({}, [], task)
    stepped.end(task, Succeeded("null"))
    assert [each["outcome"] for each in stepped.task(task)["history"]] == ["offline", "succeeded"]
    stepped.clock.time += OFFLINE_S
    task = given(stepped)
    say(stepped, task, OFFLINE)
    stepped.end(task, OFFLINE)
    assert held(stepped) == ["narrow"]


def test_one_that_cannot_sign_in_is_not_asked_while_another_has_no_server(stepped: Stepped) -> None:
    join(stepped)
    stepped.add("work")
    task = given(stepped)
    say(stepped, task, REFUSED)
    stepped.end(task, OFFLINE)
    assert stepped.core.memory.held_queues["narrow"].until is not None
    stepped.wait(1)
    assert (ordered(stepped), list(stepped.lane.running)[-1]) == ({}, task)
    stepped.end(task, Succeeded("null"))
    assert held(stepped) == []


def test_a_refused_login_does_not_hold_what_another_sends_once_it_has_a_server(
    stepped: Stepped,
) -> None:
    join(stepped)
    stepped.add("work")
    task = given(stepped)
    other = stepped.ended(OFFLINE, "narrow")
    assert set(ordered(stepped)) == {task, other}
    say(stepped, task, REFUSED)
    assert held(stepped) == []
    assert task in stepped.lane.running


def test_an_attempt_that_is_left_to_others_counts_for_no_rate(stepped: Stepped) -> None:
    stepped.registry.add(slow)
    join(stepped, "slow")
    first = stepped.ended(OFFLINE, "slow")
    assert ordered(stepped) == {first: (2, False)}
    second = stepped.add("slow")
    assert ordered(stepped) == {first: (2, False), second: (1, False)}


def test_tasks_that_wait_go_to_a_worker_when_its_minute_is_over(stepped: Stepped) -> None:
    join(stepped)
    for _ in range(3):
        stepped.add("work")
    stepped.clock.time += OFFLINE_S / 2
    task = stepped.add("narrow")
    say(stepped, task, OFFLINE)
    for _ in range(2):
        assert ordered(stepped) == {}
        stepped.wait(OFFLINE_S / 2)
    assert list(ordered(stepped)) == [task]


def test_a_clock_that_is_set_back_keeps_no_worker_waiting(stepped: Stepped) -> None:
    join(stepped)
    for _ in range(3):
        stepped.add("work")
    task = stepped.add("narrow")
    say(stepped, task, OFFLINE)
    stepped.clock.jump(-3600)
    stepped.wait(OFFLINE_S)
    assert list(ordered(stepped)) == [task]


def test_a_worker_says_once_that_it_reaches_no_server(
    stepped: Stepped, caplog: pytest.LogCaptureFixture
) -> None:
    lease = Lease(WorkerOffer("w.1", frozenset({"narrow"}), frozenset(), {"io": 3}))
    for _ in range(2):
        claim = stepped.lane.running[stepped.add("narrow")]
        lease.attempts[claim.task_id, claim.attempt] = claim
        lease.collect([EndNote(claim, OFFLINE)])
    assert caplog.messages == ["This worker cannot run tasks of narrow: there is no route"]


def test_what_an_attempt_notes_that_was_taken_over_is_dropped_and_its_wait_ends(
    stepped: Stepped,
) -> None:
    lease = Lease(WorkerOffer(WORKER, frozenset({"work"}), frozenset(), {"io": 3}))
    claim, mark = stepped.lane.running[stepped.add("work")], Future[None]()
    lease.collect([MarkNote(claim, mark, HandOver(0)), EndNote(claim, Succeeded("7"))])
    lease.send_ends_again()
    assert (type(mark.exception(0)), lease.unsent) == (Fenced, [])


def test_what_is_read_again_with_more_of_its_sender_is_accepted_once(stepped: Any) -> None:
    rows = []
    for number in (1, 2):
        token = make_token()
        submission = prepare(Submission(tasks=[NewTask("work", token=token)]), stepped.registry)
        wanted = dump_task(submission.tasks[0])
        row = ("request", number, token, wanted)
        insert = (
            "INSERT INTO handed (sender, number, kind, token, wanted)"
            " VALUES (?, ?, 'task', ?, ?) RETURNING id"
        )
        (handed,) = stepped.connection.execute(insert, row).fetchone()
        rows.append((handed, number, wanted))

    def taking(*chosen: Any) -> None:
        handed = HandedRows([row for row, *_ in chosen], load_tasks([each[1:] for each in chosen]))
        stepped.do(lambda group: accept_handed(group, handed))

    taking(rows[0])
    taking(*rows)
    assert len(stepped.states()) == 1
    taking(rows[1])
    assert len(stepped.states()) == 2
    assert stepped.connection.execute("SELECT count(*) FROM handed").fetchone() == (0,)
