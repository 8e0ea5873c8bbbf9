"""Actions that wait, so they can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import pytest

from sendoff_tasks.attempts.outcomes import Failed, Succeeded
from sendoff_tasks.errors import UnknownId
from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.model.states import Refusal
from sendoff_tasks.store.reads import rows
from sendoff_tasks.store.reads.catalogue import read_pending
from sendoff_tasks.store.reads.waits import NONE_AT_LIMIT, NOTHING_KNOWN
from sendoff_tasks.store.tables.pending import PLAINLY, ActionOptions
from sendoff_tasks.store.tables.records import TaskRecord
from sendoff_tasks.submission import Idempotency, NewTask, Submission, TaskChange
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.verbs import pending as verb
from sendoff_tasks.verbs.bulk import _ACTS, bulk, choose
from sendoff_tasks.verbs.cancel import cancel
from sendoff_tasks.verbs.lines import change_by_number
from sendoff_tasks.verbs.pause_queue import pause, resume
from sendoff_tasks.verbs.pending import act_later, undo_pending
from sendoff_tasks.verbs.retry import retry
from tests.engine.stepped import SLOTS, Stepped
from tests.engine.verbs.test_bulk import STEP
from tests.refusing import refused

DELAY = 5.0


def ask(
    stepped: Stepped,
    action: Any,
    which: Sequence[int] | TaskFilter,
    key: Idempotency | None = None,
    delay: float = DELAY,
    asked: ActionOptions = PLAINLY,
) -> Any:
    chosen = choose(which, stepped.reader, known=NOTHING_KNOWN)
    return stepped.do(act_later(action, chosen, delay, key, asked)).answer


def act(stepped: Stepped, action: Any, which: Sequence[int] | TaskFilter) -> Any:
    chosen = choose(which, stepped.reader, known=NOTHING_KNOWN)
    return stepped.do(partial(bulk, action=action, chosen=chosen)).answer


def undo(stepped: Stepped, number: int) -> None:
    stepped.do(lambda group: undo_pending(group, number))


def told(stepped: Stepped, *numbers: int) -> Any:
    with stepped.reader.snapshot() as connection:
        return read_pending(connection, round(stepped.clock.now() * 1000), numbers or None)


def wait(stepped: Stepped, seconds: float = DELAY) -> None:
    stepped.clock.time += seconds
    stepped.settle()


@pytest.fixture
def waiting(stepped: Stepped) -> list[int]:
    """As many queued tasks as there are slots, in a queue that is paused."""
    stepped.do(lambda group: pause(group, None))
    return [stepped.add() for _ in range(SLOTS)]


def failed(stepped: Stepped, count: int) -> list[int]:
    """Have tasks fail."""
    tasks = [stepped.add() for _ in range(count)]
    for number in tasks:
        stepped.end(number, Failed("no", "", final=True))
    return tasks


def queue_many(stepped: Stepped, monkeypatch: pytest.MonkeyPatch, count: int) -> list[int]:
    """Queue tasks that do not start; an action handles few of them at once."""
    monkeypatch.setattr("sendoff_tasks.verbs.bulk.STEP", STEP)
    stepped.do(lambda group: pause(group, None))
    stepped.submit(Submission(tasks=[NewTask("work") for _ in range(count)]))
    return [*stepped.states()]


def go_on(stepped: Stepped) -> None:
    stepped.do(lambda group: resume(group, None))


def test_a_task_whose_cancel_is_pending_does_not_start_and_is_then_cancelled(
    stepped: Stepped, waiting: list[int]
) -> None:
    first, second, third = waiting
    answer = ask(stepped, "cancel", [first, third])
    assert answer["touched"] == 2
    assert answer["skipped"] == []
    assert told(stepped) == [answer["pending"]]
    go_on(stepped)
    assert stepped.states() == {first: "queued", second: "running", third: "queued"}
    wait(stepped, DELAY - 0.1)
    assert stepped.states()[first] == "queued"
    wait(stepped, 0.1)
    assert stepped.states() == {first: "cancelled", second: "running", third: "cancelled"}
    assert told(stepped) == []
    (done,) = told(stepped, answer["pending"]["id"])
    assert done["answer"] == {"touched": 2, "skipped": []}
    assert done["done"] == done["touched"] == 2


def test_what_is_undone_is_not_carried_out(stepped: Stepped, waiting: list[int]) -> None:
    number = ask(stepped, "cancel", waiting)["pending"]["id"]
    go_on(stepped)
    assert {*stepped.states().values()} == {"queued"}
    undo(stepped, number)
    assert {*stepped.states().values()} == {"running"}
    wait(stepped, 2 * DELAY)
    assert stepped.lane.asked_to_stop == []
    assert told(stepped, number) == []
    with pytest.raises(UnknownId):
        undo(stepped, number)


def test_what_was_carried_out_cannot_be_undone(stepped: Stepped, waiting: list[int]) -> None:
    number = ask(stepped, "cancel", waiting)["pending"]["id"]
    wait(stepped)
    with refused(Refusal.CARRIED_OUT):
        undo(stepped, number)
    stepped.restart()
    with refused(Refusal.CARRIED_OUT):
        undo(stepped, number)


@pytest.mark.parametrize("seconds", [1.0, 100.0])
def test_it_survives_a_kill_and_is_carried_out_once(
    stepped: Stepped, waiting: list[int], seconds: float
) -> None:
    number = ask(stepped, "cancel", waiting)["pending"]["id"]
    stepped.clock.time += seconds
    stepped.restart()
    stepped.settle()
    is_overdue = seconds > DELAY
    assert {*stepped.states().values()} == {"cancelled" if is_overdue else "queued"}
    wait(stepped)
    stepped.change(retry, waiting[0])
    wait(stepped, 100)
    assert stepped.states()[waiting[0]] == "queued"
    assert len(told(stepped, number)) == 1


def test_it_is_carried_out_while_all_is_paused(stepped: Stepped) -> None:
    failed = stepped.add()
    stepped.end(failed, Failed("no", "", final=True))
    ask(stepped, "retry", TaskFilter(states=("failed",)))
    stepped.do(lambda group: pause(group, None))
    wait(stepped)
    assert stepped.states() == {failed: "queued"}
    assert told(stepped) == []


def test_only_tasks_that_allow_it_now_are_meant(stepped: Stepped, waiting: list[int]) -> None:
    over = stepped.add()
    stepped.change(cancel, over)
    answer = ask(stepped, "cancel", [over, *waiting, 99])
    assert answer["touched"] == SLOTS
    assert sorted(left["refusal"] for left in answer["skipped"]) == ["cancelled", "not_there"]
    stepped.change(retry, over)
    wait(stepped)
    assert stepped.states() == {over: "queued", **dict.fromkeys(waiting, "cancelled")}
    assert "pending" not in ask(stepped, "cancel", [99])


@pytest.mark.parametrize("by_one", [False, True])
def test_a_later_action_takes_its_tasks_out(
    stepped: Stepped, waiting: list[int], by_one: bool
) -> None:
    first, *others = waiting
    number = ask(stepped, "cancel", waiting)["pending"]["id"]
    go_on(stepped)
    if by_one:
        later = ask(stepped, "cancel", [first], delay=60)["pending"]["id"]
        assert [(each["id"], each["touched"]) for each in told(stepped)] == [
            (number, SLOTS - 1),
            (later, 1),
        ]
    else:
        stepped.do(lambda group: pause(group, "work"))
        act(stepped, "run_now", [first])  # it is queued already
        assert [each["touched"] for each in told(stepped)] == [SLOTS - 1]
    undo(stepped, number)
    wait(stepped, 10)
    if by_one:
        assert stepped.states() == {first: "queued", **dict.fromkeys(others, "running")}
        wait(stepped, 60)
        assert stepped.states()[first] == "cancelled"
    else:
        assert {*stepped.states().values()} == {"queued"}


def test_an_action_on_all_its_tasks_takes_the_place_of_an_earlier_one(
    stepped: Stepped, waiting: list[int]
) -> None:
    number = ask(stepped, "cancel", waiting)["pending"]["id"]
    act(stepped, "cancel", waiting)
    assert told(stepped) == []
    with pytest.raises(UnknownId):
        undo(stepped, number)


@pytest.mark.parametrize("waits", [False, True])
def test_a_mark_takes_nothing_out(stepped: Stepped, *, waits: bool) -> None:
    failed = stepped.add()
    stepped.end(failed, Failed("no", "", final=True))
    ask(stepped, "retry", [failed])
    if waits:
        ask(stepped, "seen", [failed], delay=0.001)
    else:
        act(stepped, "seen", [failed])
    wait(stepped)
    assert stepped.states() == {failed: "running"}


def test_a_new_start_takes_its_task_out_and_another_priority_does_not(stepped: Stepped) -> None:
    first, second = (stepped.add(delay=60) for _ in range(2))
    number = ask(stepped, "run_now", [first, second])["pending"]["id"]
    for task, wanted in (
        (first, TaskChange(run_at=stepped.clock.time + 600)),
        (second, TaskChange(priority=2)),
    ):
        stepped.do(partial(change_by_number, task_id=task, wanted=wanted))
    assert [(each["id"], each["touched"]) for each in told(stepped)] == [(number, 1)]
    wait(stepped)
    assert stepped.states() == {first: "scheduled", second: "running"}


def test_a_resend_takes_its_task_out(stepped: Stepped) -> None:
    task = stepped.add()
    stepped.end(task, Succeeded("1"))
    ask(stepped, "resend", [task])
    act(stepped, "resend", [task])
    assert told(stepped) == []


def test_what_a_large_cancel_was_done_to_may_be_retried_at_once(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *_ = tasks = queue_many(stepped, monkeypatch, 4 * STEP)
    ask(stepped, "cancel", tasks)
    go_on(stepped)
    stepped.clock.time += DELAY
    stepped.step()
    retried = stepped.ask(lambda group: retry(group, group.read(first)))
    stepped.step()
    retried.result(0)
    assert stepped.states()[first] == "running"


COPY = ActionOptions(addressee={"email": "cy@example.org", "copy": True})


@pytest.mark.parametrize(("first", "second"), [(COPY, COPY), (COPY, PLAINLY), (PLAINLY, COPY)])
def test_a_copy_takes_the_place_of_nothing(
    stepped: Stepped, first: ActionOptions, second: ActionOptions
) -> None:
    task = stepped.ended(Succeeded("1"))
    for asked in (first, second):
        ask(stepped, "resend", [task], asked=asked)
    wait(stepped)
    assert len(stepped.states()) == 3


def test_a_task_is_not_removed_before_its_copy_was_sent(stepped: Stepped) -> None:
    task = stepped.ended(Succeeded("1"))
    removes = ask(stepped, "remove", [task], delay=1.0)["pending"]["id"]
    copies = ask(stepped, "resend", [task], asked=COPY)["pending"]["id"]
    wait(stepped, 1.0)
    (row,) = told(stepped, removes)
    now = act(stepped, "remove", [task])
    assert [each["skipped"][0]["refusal"] for each in (row["answer"], now)] == ["awaited"] * 2
    later = ask(stepped, "remove", [task])["pending"]["id"]
    wait(stepped)
    rows = told(stepped, copies, later)
    assert [each["answer"]["touched"] for each in rows] == [1, 1]
    assert task not in stepped.states()


def test_a_small_action_does_not_wait_for_a_large_one(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    *many, last = queue_many(stepped, monkeypatch, 4 * STEP)
    large, small = (ask(stepped, "cancel", which)["pending"]["id"] for which in (many, [last]))
    stepped.clock.time += DELAY
    stepped.step()
    stepped.step()
    (on_its_way,) = told(stepped)
    assert (on_its_way["id"], on_its_way["done"]) == (large, STEP)
    assert stepped.states()[last] == "cancelled"
    assert small != large


def test_what_was_done_already_is_not_taken_out_of_an_action(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = queue_many(stepped, monkeypatch, 3 * STEP)
    ask(stepped, "cancel", tasks)
    stepped.clock.time += DELAY
    stepped.step()
    later = stepped.ask(
        act_later("retry", choose(tasks[:STEP], stepped.reader, known=NOTHING_KNOWN), 60)
    )
    stepped.step()
    assert later.exception(0) is None
    assert [each["touched"] for each in told(stepped)] == [3 * STEP, STEP]


def test_an_action_on_many_is_carried_out_in_steps_and_goes_on_after_a_kill(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = 2 * STEP + 5
    queue_many(stepped, monkeypatch, many)
    monkeypatch.setattr(verb, "BULK_LIMIT", STEP)
    answer = ask(stepped, "cancel", TaskFilter(states=("queued",)))
    assert answer["touched"] == many
    assert not answer["is_exact"]
    number = answer["pending"]["id"]
    stepped.clock.time += DELAY
    stepped.step()
    (now,) = told(stepped)
    assert (now["done"], now["touched"], now["answer"]) == (STEP, many, None)
    stepped.restart()
    stepped.settle()
    assert {*stepped.states().values()} == {"cancelled"}
    (done,) = told(stepped, number)
    assert done["answer"]["touched"] == many


def test_an_action_that_has_begun_is_stopped_where_it_is(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    queue_many(stepped, monkeypatch, 2 * STEP)
    monkeypatch.setattr(verb, "BULK_LIMIT", STEP)
    number = ask(stepped, "cancel", TaskFilter(states=("queued",)))["pending"]["id"]
    stepped.clock.time += DELAY
    stepped.step()
    future = stepped.ask(lambda group: undo_pending(group, number))
    stepped.step()
    assert future.exception(0) is None
    stepped.settle()
    assert sorted(stepped.states().values()) == ["cancelled"] * STEP + ["queued"] * STEP
    (done,) = told(stepped, number)
    assert (done["answer"]["touched"], done["answer"]["stopped"]) == (STEP, True)
    undo(stepped, number)  # asked again, because the answer was lost


def test_what_an_action_did_is_told_though_a_later_one_has_the_rest(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    tasks = queue_many(stepped, monkeypatch, 2 * STEP)
    number = ask(stepped, "cancel", tasks)["pending"]["id"]
    stepped.clock.time += DELAY
    stepped.step()
    chosen = choose(tasks[STEP:], stepped.reader, known=NOTHING_KNOWN)
    later = stepped.ask(act_later("cancel", chosen, 60))
    stepped.step()
    assert later.exception(0) is None
    stepped.settle()
    (done,) = told(stepped, number)
    assert done["answer"] == {"touched": STEP, "skipped": []}


def test_what_was_carried_out_is_forgotten_a_day_later(
    stepped: Stepped, waiting: list[int]
) -> None:
    number = ask(stepped, "cancel", waiting[:1])["pending"]["id"]
    for seconds in (DELAY, 23 * 3600):
        wait(stepped, seconds)
        ask(stepped, "cancel", waiting[1:])
        assert told(stepped, number)
    wait(stepped, 2 * 3600)
    ask(stepped, "run_now", [stepped.add()])
    assert told(stepped, number) == []


def test_an_action_whose_step_fails_ends_with_the_error(
    stepped: Stepped, waiting: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise ZeroDivisionError

    number = ask(stepped, "cancel", waiting)["pending"]["id"]
    monkeypatch.setattr("sendoff_tasks.verbs.bulk.BulkStep.advance", fail)
    wait(stepped)
    assert told(stepped) == []
    (ended,) = told(stepped, number)
    assert ended["answer"] == {"touched": 0, "skipped": [], "error": "ZeroDivisionError"}
    with refused(Refusal.BROKE_OFF, text="ZeroDivisionError"):
        undo(stepped, number)
    go_on(stepped)
    assert {*stepped.states().values()} == {"running"}


def test_an_action_whose_progress_cannot_be_read_ends_with_the_error(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = ask(stepped, "cancel", queue_many(stepped, monkeypatch, 2 * STEP))["pending"]["id"]
    stepped.clock.time += DELAY
    stepped.step()
    monkeypatch.delattr(verb, "BulkSoFar")
    stepped.settle()
    (ended,) = told(stepped, number)
    assert ended["answer"]["touched"] == STEP
    assert "BulkSoFar" in ended["answer"]["error"]


def test_what_else_cannot_be_written_is_not_the_fault_of_an_action(
    stepped: Stepped, waiting: list[int]
) -> None:
    number = ask(stepped, "cancel", waiting[:1])["pending"]["id"]
    stepped.clock.time += DELAY
    bad = stepped.ask(lambda group: group.change(group.read(waiting[1]), progress=object()))
    stepped.settle()
    assert "type 'object'" in str(bad.exception(0))
    assert [each["answer"] for each in told(stepped, number)] == [{"touched": 1, "skipped": []}]
    assert stepped.states()[waiting[0]] == "cancelled"


def test_an_action_of_which_a_change_cannot_be_written_ends_with_the_error(
    stepped: Stepped, waiting: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def collect(group: Group, record: TaskRecord) -> None:
        group.change(record, progress=object())  # no value of SQL

    number = ask(stepped, "cancel", waiting)["pending"]["id"]
    monkeypatch.setitem(_ACTS, "cancel", (collect, collect))
    wait(stepped)
    (ended,) = told(stepped, number)
    assert ended["answer"]["touched"] == 0
    assert "type 'object'" in ended["answer"]["error"]
    go_on(stepped)
    assert {*stepped.states().values()} == {"running"}


def test_a_message_kept_in_practice_is_not_sent_by_a_filter_that_does_not_ask_for_it(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = [stepped.add() for _ in range(2)]
    for each in kept:
        stepped.end(each, Succeeded("1", kept=True))
    monkeypatch.setattr(verb, "BULK_LIMIT", 1)
    number = ask(stepped, "retry", TaskFilter())["pending"]["id"]
    wait(stepped)
    assert {*stepped.states().values()} == {"succeeded"}
    (done,) = told(stepped, number)
    assert done["answer"]["skipped"][0]["refusal"] == "kept"


def test_a_message_is_sent_again_after_a_while_to_whom_was_named(stepped: Stepped) -> None:
    stepped.do(lambda group: pause(group, "narrow"))
    first, second = (stepped.add() for _ in range(2))
    for each in (first, second):
        stepped.end(each, Succeeded("1"))
    undone = ask(stepped, "resend", [second])["pending"]["id"]
    asked = ActionOptions(filter={"state": "succeeded"}, addressee={"email": "cy@example.org"})
    waits = ask(stepped, "resend", [first], asked=asked)
    assert "ids" not in waits
    assert [each["filter"] for each in told(stepped)] == [None, {"state": "succeeded"}]
    undo(stepped, undone)
    stepped.restart()
    wait(stepped)
    (done,) = told(stepped, waits["pending"]["id"])
    (again,) = done["answer"]["ids"]
    repeats = "SELECT id, resend_of, recipient FROM tasks WHERE resend_of IS NOT NULL"
    rows = [*stepped.connection.execute(repeats)]
    assert rows == [(again, first, "cy@example.org")]
    wait(stepped, 100)
    assert [*stepped.connection.execute(repeats)] == rows


def test_the_same_key_asks_once(stepped: Stepped, waiting: list[int]) -> None:
    key = Idempotency("key", "hash")
    first = ask(stepped, "cancel", waiting, key)
    assert ask(stepped, "cancel", waiting, key) == first
    assert [each["key"] for each in told(stepped)] == ["key"]
    assert first["pending"]["due_in"] == DELAY
    wait(stepped, 2)
    (waits,) = told(stepped)
    assert waits["due_in"] == DELAY - 2
    assert ask(stepped, "cancel", waiting, key) == first
    wait(stepped)
    assert ask(stepped, "cancel", waiting, key) == first
    assert told(stepped) == []


@pytest.mark.parametrize("seconds", [-3600.0, 3600.0])
def test_the_time_to_undo_stays_when_the_clock_is_set(
    stepped: Stepped, waiting: list[int], seconds: float
) -> None:
    ask(stepped, "cancel", waiting)
    wait(stepped, 1)
    stepped.clock.jump(seconds)
    stepped.settle()
    wait(stepped, DELAY - 1.1)
    assert {*stepped.states().values()} == {"queued"}
    wait(stepped, 0.2)
    assert {*stepped.states().values()} == {"cancelled"}


def test_the_oldest_that_may_start_does(stepped: Stepped) -> None:
    stepped.do(lambda group: pause(group, None))
    first, second = (stepped.add() for _ in range(2))
    urgent = [stepped.add(priority=1) for _ in range(12)]
    ask(stepped, "cancel", [first], delay=1000)
    go_on(stepped)
    for _ in range(9):
        task_id = next(iter(stepped.lane.running))
        stepped.end(task_id, Succeeded("1"))
    assert stepped.states()[second] != "queued"
    assert stepped.states()[first] == "queued"
    assert any(stepped.states()[each] == "queued" for each in urgent)


def test_listeners_hear_of_each_change(stepped: Stepped, waiting: list[int]) -> None:
    last = [stepped.journal.last]

    def heard() -> Any:
        with stepped.reader.snapshot() as connection:
            last[0], changes = rows.changes_since(
                connection, last[0], 100, known=NOTHING_KNOWN, at_limit=NONE_AT_LIMIT
            )
        assert changes is not None
        return changes.pending

    number = ask(stepped, "cancel", waiting)["pending"]["id"]
    assert heard() == [number]
    stepped.change(cancel, waiting[0])
    assert heard() == []
    ask(stepped, "cancel", waiting[1:2])
    assert len(heard()) == 2
    wait(stepped)
    assert len(heard()) == 2
