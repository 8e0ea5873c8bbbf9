"""What cannot be written costs only itself: the others of its group are written without it."""

from __future__ import annotations

import sqlite3
from typing import Any

import pytest

from sendoff_tasks.attempts.outcomes import (
    AGAIN_S,
    Cancelled,
    Crashed,
    Deferred,
    Failed,
    Held,
    Later,
    LeftUncertain,
    NotBegun,
    Outcome,
    Succeeded,
)
from sendoff_tasks.dispatch.after_attempt import CRASHES
from sendoff_tasks.errors import NotWritable
from sendoff_tasks.events.notices import RETRY_S
from sendoff_tasks.model.events import Notice
from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.sqlite import SqliteGroup
from sendoff_tasks.submission import Idempotency
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.verbs.bulk import bulk
from sendoff_tasks.verbs.cancel import cancel
from sendoff_tasks.writer import core
from tests.engine.stepped import SLOTS, Stepped

UNWRITABLE: Any = object()
"""No value SQLite knows."""


def broken(group: Group) -> None:
    raise ZeroDivisionError


def full_disk(group: Group) -> None:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorcode = sqlite3.SQLITE_FULL
    raise error


NOT_STORED = "How the attempt ended could not be stored: "


def test_an_end_that_cannot_be_written_frees_its_slot_and_nothing_is_repeated(
    stepped: Stepped,
) -> None:
    bad, good = stepped.add(), stepped.add()
    stepped.ledger.finish(stepped.lane.running.pop(bad), Succeeded(UNWRITABLE))
    stepped.end(good, Succeeded('"done"'))
    assert stepped.task(good)["result"] == "done"
    told = stepped.task(bad)
    assert (told["state"], told["attempt"], told["result"]) == ("succeeded", 1, None)
    (line,) = told["log"]
    assert line["level"] == "warning"
    assert line["text"].startswith(NOT_STORED)
    others = [stepped.add() for _ in range(SLOTS)]
    assert {stepped.state(task) for task in others} == {"running"}


@pytest.mark.parametrize(
    ("outcome", "state", "reason"),
    [
        (Failed(UNWRITABLE, ""), "waiting", Reason.RETRY_LATER),
        (Failed("", UNWRITABLE, final=True), "failed", Reason.FINAL_ANSWER),
        (Later(UNWRITABLE, ""), "waiting", Reason.RETRY_LATER),
        (Later("", "", after=UNWRITABLE), "waiting", Reason.RETRY_LATER),
        (Later(UNWRITABLE, "", counts=False), "waiting", Reason.RETRY_LATER),
        (Held(UNWRITABLE, ""), "waiting", Reason.HELD_FOR_PERSON),
        (Held("", UNWRITABLE, whole_queue=True), "waiting", Reason.QUEUE_HELD),
        (Deferred("", UNWRITABLE, Reason.QUOTA), "queued", Reason.QUOTA),
        (NotBegun(UNWRITABLE), "waiting", Reason.NO_ROOM),
        (LeftUncertain("", UNWRITABLE), "uncertain", None),
        (Cancelled(UNWRITABLE), "cancelled", Reason.CANCELLED_BY_TASK),
    ],
)
def test_an_end_that_cannot_be_written_is_recorded_without_its_details(
    stepped: Stepped, outcome: Outcome, state: str, reason: Reason | None
) -> None:
    task = stepped.ended(outcome)
    told = stepped.task(task)
    assert (told["state"], told["attempt"]) == (state, 1)
    assert reason is None or told["reason"] == reason
    assert NOT_STORED in f"{told['error']} {told['reason_data']}"


@pytest.mark.parametrize("passes", [False, True])
@pytest.mark.parametrize(
    ("stored", "outcome", "state"),
    [
        ("", Succeeded("1"), "succeeded"),
        ("", Failed("no “room”", "", final=True), "failed"),
        ("", Held("a “word”", ""), "waiting"),
        ("succeeded", Succeeded("1"), "uncertain"),
        ("waiting", Later("", ""), "uncertain"),
    ],
)
def test_whatever_cannot_be_stored_of_an_end_its_task_does_not_stay_running(
    stepped: Stepped,
    monkeypatch: pytest.MonkeyPatch,
    stored: str,
    outcome: Outcome,
    state: str,
    passes: bool,
) -> None:
    """The store refuses texts with other characters, or an outcome however plainly it is told."""
    task, end_attempt = stepped.add(), Group.end_attempt
    if passes:
        stepped.cross(task).result(0)

    def refuse(group: Group, record: Any, word: Any, error: Any, trace: str) -> None:
        if word == stored or not (error or "").isascii():
            raise UnicodeError("“untranslatable”")
        end_attempt(group, record, word, error, trace)

    def log(group: Group, *told: Any) -> None:
        raise UnicodeError("“untranslatable”")

    monkeypatch.setattr(Group, "end_attempt", refuse)
    monkeypatch.setattr(Group, "log", log)
    stepped.end(task, outcome)
    assert stepped.state(task) == state


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Succeeded(UNWRITABLE), "succeeded"),
        (Failed(UNWRITABLE, "", final=True), "failed"),
        (Crashed(UNWRITABLE), "uncertain"),
        (LeftUncertain(UNWRITABLE, ""), "uncertain"),
    ],
)
def test_past_the_point_of_no_return_only_what_was_uncertain_is_uncertain(
    stepped: Stepped, outcome: Outcome, state: str
) -> None:
    task = stepped.add()
    stepped.cross(task).result(0)
    stepped.end(task, outcome)
    assert stepped.state(task) == state


@pytest.mark.usefixtures("in_file")
def test_a_row_that_another_program_has_changed_frees_its_slot_and_waits_for_the_next_start(
    stepped: Stepped,
) -> None:
    task = stepped.add()
    with stepped.connection:
        stepped.connection.execute("UPDATE tasks SET attempt = 7 WHERE id = ?", (task,))
    stepped.end(task, Succeeded("1"))
    others = [stepped.add() for _ in range(SLOTS)]
    assert {stepped.state(other) for other in others} == {"running"}
    stepped.restart()
    assert stepped.task(task)["history"][0]["outcome"] == "crashed"


def test_a_point_of_no_return_that_cannot_be_written_is_not_passed(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = stepped.add()
    change = Group.change

    def fail(group: Group, record: Any, **changes: Any) -> None:
        if "passed" in changes:
            raise ZeroDivisionError
        change(group, record, **changes)

    with monkeypatch.context() as patch:
        patch.setattr(Group, "change", fail)
        mark = stepped.cross(task)
    with pytest.raises(NotWritable, match="could not be recorded: ZeroDivisionError"):
        mark.result(0)
    stepped.restart()
    assert stepped.state(task) == "running"


@pytest.mark.parametrize("key", [None, Idempotency("key", "hash")])
def test_a_bulk_call_that_was_rolled_back_skips_nothing(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch, key: Idempotency | None
) -> None:
    monkeypatch.setattr("sendoff_tasks.verbs.bulk.STEP", 20)
    count = 40
    stepped.add_many(count, delay=60)
    everything = stepped.choose(TaskFilter())
    done = stepped.ask(lambda group: bulk(group, "cancel", everything, key))
    stepped.ask(broken)
    stepped.settle()
    assert done.result(0).answer == {"touched": count, "skipped": []}
    assert set(stepped.states().values()) == {"cancelled"}


def test_a_standing_duty_with_a_bug_does_not_keep_calls_from_the_disk(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    running, waiting = stepped.add(), stepped.add(delay=60)
    with monkeypatch.context() as patch:
        patch.setattr(core, "trim", broken)
        stepped.end(running, Succeeded("1"))
        stepped.change(cancel, waiting)
        late = stepped.add()
        expected = {running: "succeeded", waiting: "cancelled", late: "queued"}
        assert stepped.states() == expected
    stepped.wait(RETRY_S)
    assert stepped.state(late) == "running"


def test_a_standing_duty_that_keeps_failing_is_a_notice_until_it_is_done(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Notice] = []
    stepped.journal.board.on_notice(heard.append)
    with monkeypatch.context() as patch:
        patch.setattr(core, "trim", broken)
        stepped.add()
        for _ in range(3):
            stepped.wait(RETRY_S)
    (told,) = stepped.journal.board.active
    assert (told["id"], told["level"], told["active"]) == ("engine", "error", True)
    assert told["text"].startswith("No task starts now (ZeroDivisionError). ")
    stepped.wait(RETRY_S)
    assert stepped.journal.board.active == []
    assert heard == [told, {**told, "active": False}]


def test_where_the_disk_refuses_what_is_written_alone_nothing_changes_its_order(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = stepped.add()
    claim = stepped.lane.running.pop(task)
    lines = ["one", "two", "three"]
    with monkeypatch.context() as patch:
        patch.setattr(SqliteGroup, "flush", full_disk)
        stepped.ask(broken)
        for line in lines:
            stepped.ledger.log(claim, "info", line)
        stepped.ledger.finish(claim, Succeeded("1"))
        stepped.step()
    stepped.wait(RETRY_S)
    told = stepped.task(task)
    assert [line["text"] for line in told["log"]] == lines
    assert told["state"] == "succeeded"


def test_an_attempt_its_lane_cannot_start_is_put_off(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(stepped.lane, "start", broken)
        bad = stepped.add()
        for _ in range(CRASHES):
            stepped.wait(AGAIN_S)
    assert stepped.state(stepped.add()) == "running"
    told = stepped.task(bad)
    assert (told["state"], told["reason"]) == ("waiting", Reason.NO_ROOM)
    stepped.wait(AGAIN_S)
    assert stepped.state(bad) == "running"


@pytest.mark.usefixtures("in_file")
def test_a_store_that_takes_nothing_is_a_notice_until_something_is_kept_again(
    stepped: Stepped,
) -> None:
    heard: list[Notice] = []
    stepped.journal.board.on_notice(heard.append)
    stepped.connection.execute("PRAGMA query_only = ON")
    for _ in range(2):
        with pytest.raises(NotWritable) as refused:
            stepped.add()
        stepped.clock.time += 1
        stepped.settle()  # it is tried again
    (told,) = stepped.journal.board.active
    assert (told["id"], told["level"], told["active"]) == ("store", "error", True)
    assert told["text"] == str(refused.value)
    assert heard == [told]
    stepped.connection.execute("PRAGMA query_only = OFF")
    stepped.wait(1)
    assert stepped.journal.board.active == []
    assert heard == [told, {**told, "active": False}]
    last = stepped.journal.last
    stepped.wait(2)
    assert stepped.journal.last == last  # it is tried no more
