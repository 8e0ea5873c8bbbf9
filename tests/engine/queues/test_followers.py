"""Tasks that begin one after the other, or after another's success, also in any history."""

from __future__ import annotations

import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sendoff_tasks.attempts.outcomes import (
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
from sendoff_tasks.errors import UnknownId
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.queues.followers import Followers
from sendoff_tasks.submission import NewTask, Place, Submission, TaskOptions
from sendoff_tasks.verbs.cancel import cancel
from sendoff_tasks.verbs.remove import delete_tasks
from sendoff_tasks.verbs.resolve import resolve
from sendoff_tasks.verbs.retry import retry
from tests.engine.reference.fuse import Crash
from tests.engine.stepped import BACKOFF, Stepped, registry
from tests.property_based import examples

DONE = Succeeded("null")


def submit(stepped: Stepped, *tasks: NewTask) -> list[int]:
    return stepped.submit(Submission(tasks=tasks)).task_ids


def line(stepped: Stepped, *names: str) -> list[int]:
    """Submit tasks that begin one behind the other."""
    tasks = [NewTask(names[0])]
    tasks += [NewTask(name, behind=Place(n)) for n, name in enumerate(names[1:])]
    return submit(stepped, *tasks)


def running(stepped: Stepped) -> list[int]:
    return sorted(stepped.lane.running)


def followers(stepped: Stepped) -> int:
    (count,) = stepped.connection.execute("SELECT count(*) FROM followers").fetchone()
    assert stepped.core.memory.part(Followers).count == count
    return int(count)


def test_a_line_begins_one_after_the_other(stepped: Stepped) -> None:
    first, second, third = line(stepped, "work", "narrow", "work")
    assert running(stepped) == [first]
    told = stepped.task(third)
    assert (told["state"], told["reason"]) == ("waiting", "after_task")
    assert told["reason_data"] == {"task_id": second}
    assert (told["reason"], told["reason_data"]) == (Reason.AFTER_TASK, {"task_id": second})
    for number, next_one in ((first, [second]), (second, [third]), (third, [])):
        stepped.end(number, DONE)
        assert running(stepped) == next_one
    assert followers(stepped) == 0


@pytest.mark.parametrize(
    ("outcome", "goes_on"),
    [
        (Failed("no", "", final=True), True),
        (Later("not yet", ""), True),
        (LeftUncertain("no answer", ""), True),
        (Cancelled("no need"), True),
        (Crashed("gone"), False),
        (NotBegun("no thread"), False),
        (Held("look at it", ""), False),
        (Held("wrong password", "", whole_queue=True), False),
        (Deferred("no route", "", Reason.OFFLINE), False),
    ],
)
def test_a_line_goes_on_once_the_one_before_has_ended_or_is_tried_again_later(
    stepped: Stepped, outcome: Outcome, goes_on: bool
) -> None:
    first, second = line(stepped, "work", "narrow")
    stepped.end(first, outcome)
    assert (second in running(stepped)) is goes_on
    assert (stepped.state(second) == "waiting") is not goes_on


def test_a_paused_or_limited_task_keeps_those_behind_it_waiting(stepped: Stepped) -> None:
    stepped.pause("work")
    first, second = line(stepped, "work", "narrow")
    assert (stepped.state(first), stepped.state(second)) == ("queued", "waiting")
    stepped.resume("work")
    stepped.end(first, DONE)
    assert running(stepped) == [second]


def test_what_the_start_ends_lets_its_line_go_on(stepped: Stepped) -> None:
    first, second = line(stepped, "work", "narrow")
    stepped.cross(first)
    stepped.restart()
    assert stepped.state(first) == "uncertain"
    assert running(stepped) == [second]


def test_a_task_of_an_earlier_submission_can_be_waited_for(stepped: Stepped) -> None:
    first = stepped.add()
    (second,) = submit(stepped, NewTask("work", options=TaskOptions(after=(first,))))
    assert stepped.state(second) == "waiting"
    stepped.end(first, DONE)
    assert running(stepped) == [second]
    (third,) = submit(stepped, NewTask("work", options=TaskOptions(after=(first,))))
    assert running(stepped) == [second, third]
    with pytest.raises(UnknownId, match="There is no task 99"):
        submit(stepped, NewTask("work"), NewTask("work", options=TaskOptions(after=(99,))))
    assert len(stepped.states()) == 3


def test_all_that_wait_for_a_cancelled_task_are_cancelled(stepped: Stepped) -> None:
    first, second, third, fourth = submit(
        stepped,
        NewTask("work"),
        NewTask("work", behind=Place(0), options=TaskOptions(after=(Place(0),))),
        NewTask("work", options=TaskOptions(after=(Place(1),))),
        NewTask("narrow", behind=Place(1)),
    )
    stepped.change(cancel, first)
    stepped.end(first, Cancelled())
    told = stepped.task(third)
    assert (told["state"], told["reason"]) == ("cancelled", "cancelled_with_task")
    assert told["reason_data"] == {"task_id": second}
    assert running(stepped) == [fourth]
    (fifth,) = submit(stepped, NewTask("work", options=TaskOptions(after=(first,))))
    assert stepped.state(fifth) == "cancelled"


def several(stepped: Stepped) -> list[int]:
    """Submit a task after three others, one of which is the one before it in line."""
    after = (Place(0), Place(1), Place(2), Place(2))
    return submit(
        stepped,
        NewTask("work"),
        NewTask("work"),
        NewTask("work"),
        NewTask("narrow", behind=Place(2), options=TaskOptions(after=after)),
        NewTask("narrow", behind=Place(3)),
    )


def test_it_waits_for_the_success_of_several(stepped: Stepped) -> None:
    first, second, third, last, behind = several(stepped)
    assert followers(stepped) == 5
    assert stepped.task(last)["reason_data"] == {"task_id": third}, "the one before it in line"
    stepped.end(third, DONE)
    assert stepped.task(last)["reason_data"] == {"task_id": first}
    stepped.restart()
    stepped.end(first, DONE)
    assert stepped.task(last)["reason_data"] == {"task_id": second}
    assert stepped.state(behind) == "waiting"
    stepped.end(second, DONE)
    assert running(stepped) == [last]
    stepped.end(last, DONE)
    assert running(stepped) == [behind]
    assert followers(stepped) == 0


def test_one_that_is_stuck_lets_its_line_go_on_only_once_the_one_before_has_ended(
    stepped: Stepped,
) -> None:
    first, before, _, last = submit(
        stepped,
        NewTask("work"),
        NewTask("narrow"),
        NewTask("work", behind=Place(1), options=TaskOptions(after=(Place(0), Place(1)))),
        NewTask("work", behind=Place(2)),
    )
    stepped.end(first, Failed("no", "", final=True))
    assert running(stepped) == [before]
    stepped.end(before, DONE)
    assert running(stepped) == [last]


def test_a_long_chain_that_gets_stuck_lets_its_line_go_on(stepped: Stepped) -> None:
    count = 1_100
    chain = [
        NewTask("work", behind=Place(n), options=TaskOptions(after=(Place(n),)))
        for n in range(count)
    ]
    first, *_, last = submit(
        stepped, NewTask("work"), *chain, NewTask("narrow", behind=Place(count))
    )
    stepped.end(first, Failed("no", "", final=True))
    assert running(stepped) == [last]


def test_one_with_a_time_of_its_own_waits_for_both(stepped: Stepped) -> None:
    first, later, soon = submit(
        stepped,
        NewTask("work"),
        NewTask("work", options=TaskOptions(after=(Place(0),), delay=30)),
        NewTask("work", options=TaskOptions(after=(Place(0),), delay=90)),
    )
    stepped.wait(30)
    assert (stepped.state(later), stepped.state(soon)) == ("waiting", "scheduled")
    stepped.end(first, DONE)
    assert (running(stepped), stepped.state(soon)) == ([later], "scheduled")
    stepped.wait(60)
    assert running(stepped) == [later, soon]
    assert followers(stepped) == 0


def test_a_person_can_have_it_begin_at_once(stepped: Stepped) -> None:
    first, second = line(stepped, "work", "work")
    stepped.change(retry, second)
    assert running(stepped) == [first, second]
    stepped.pause("narrow")
    third, fourth = submit(
        stepped, NewTask("work"), NewTask("narrow", options=TaskOptions(after=(Place(0),)))
    )
    stepped.change(retry, fourth)
    stepped.end(third, Failed("no", "", final=True))
    assert stepped.state(fourth) == "queued"


def test_a_deadline_passes_while_it_waits(stepped: Stepped) -> None:
    first, second, third = submit(
        stepped,
        NewTask("work"),
        NewTask("work", behind=Place(0), options=TaskOptions(deadline=stepped.clock.time + 5)),
        NewTask("work", behind=Place(1)),
    )
    stepped.wait(5)
    assert stepped.state(second) == "failed"
    assert running(stepped) == [first, third]


def test_one_that_was_open_already_is_not_of_the_line(stepped: Stepped) -> None:
    other = stepped.add("narrow", key="x", delay=1000)
    first, joined, third = submit(
        stepped,
        NewTask("work"),
        NewTask("narrow", behind=Place(0), options=TaskOptions(key="x")),
        NewTask("work", behind=Place(1)),
    )
    assert joined == other
    assert stepped.task(third)["reason_data"] == {"task_id": first}
    stepped.end(first, DONE)
    assert running(stepped) == [third]
    assert stepped.state(other) == "scheduled"


def test_a_token_leads_to_its_task_until_that_is_forgotten(stepped: Stepped) -> None:
    first, second = submit(
        stepped,
        NewTask("work", token="a" * 22),
        NewTask("work", options=TaskOptions(after=(Place(0),))),
    )
    found = "SELECT task_id FROM tokens"
    assert stepped.connection.execute(found).fetchall() == [(first,)]
    stepped.end(first, Failed("no", "", final=True))
    stepped.do(lambda group: delete_tasks(group, [group.read(first)]))
    assert stepped.connection.execute(found).fetchall() == []
    assert stepped.task(second)["reason"] == "cancelled_with_task"
    assert stepped.task(second)["reason"] == Reason.CANCELLED_WITH_TASK


OUTCOMES: tuple[Outcome, ...] = (
    *(Succeeded("null"),) * 3,
    Failed("no", ""),
    Failed("no", "", final=True),
    Later("not yet", ""),
    LeftUncertain("no answer", ""),
    Cancelled("no need"),
    Crashed("gone"),
)
OVER = {"succeeded", "failed", "cancelled", "uncertain"}


class Orders:
    """What each task waits for, and whether it may have begun."""

    def __init__(self, engine: Stepped) -> None:
        self.engine = engine
        self.behind: dict[int, int | None] = {}
        self.after: dict[int, set[int]] = {}
        self.may_begin: set[int] = set()
        self.asked: set[int] = set()  # that a person had begin

    def submit(self, plan: list[tuple[bool, set[int]]]) -> None:
        """Submit tasks: whether each is in line, and how far back those are that it is after."""
        tasks: list[NewTask] = []
        last: Place | None = None
        for place, (in_line, back) in enumerate(plan):
            options = TaskOptions(after=tuple(Place(place - n) for n in back if n <= place))
            tasks.append(NewTask("work", behind=last if in_line else None, options=options))
            last = Place(place) if in_line else last
        numbers = self.engine.submit(Submission(tasks=tasks)).task_ids
        for number, task in zip(numbers, tasks, strict=True):
            self.behind[number] = None if task.behind is None else numbers[task.behind.number]
            places = (other for other in task.options.after if isinstance(other, Place))
            self.after[number] = {numbers[place.number] for place in places}

    def lets_go(self, rows: dict[int, Any], number: int) -> bool:
        row = rows[number]
        if row["state"] in OVER or row["reason"] in {"retry_later", "alone_after_crash"}:
            return True
        is_stuck = row["state"] == "waiting" and row["reason"] == "after_task"
        if not is_stuck or number not in self.may_begin:
            return False
        return any(
            rows[after]["state"] != "succeeded" and self.lets_go(rows, after)
            for after in self.after[number]
        )

    def check(self) -> None:
        """Note who may begin by now, and find who waits without need or began without leave."""
        rows = {number: self.engine.task(number) for number in self.behind}
        for number, before in self.behind.items():
            if before is None or self.lets_go(rows, before):
                self.may_begin.add(number)
            after = self.after[number]
            succeeded = all(rows[other]["state"] == "succeeded" for other in after)
            row = rows[number]
            waits = row["state"] == "waiting" and row["reason"] == "after_task"
            if waits:
                assert not (number in self.may_begin and succeeded)
                assert row["run_at"] is None
                assert row["reason_data"]["task_id"] in {before, *after}
            elif row["state"] in {"queued", "running"} and number not in self.asked:
                assert number in self.may_begin
                assert succeeded
        (left,) = self.engine.connection.execute("SELECT count(*) FROM followers").fetchone()
        assert left == self.engine.core.memory.part(Followers).count


AFTER = st.just(set[int]()) | st.sets(st.integers(1, 3), max_size=3)
TASKS = st.tuples(st.sampled_from([True, True, False]), AFTER)
PLANS = st.lists(TASKS, min_size=2, max_size=6)


@settings(max_examples=examples(50), deadline=None)
@given(st.lists(PLANS, min_size=1, max_size=2), st.data())
def test_the_order_holds_and_nothing_is_stuck(
    plans: list[list[tuple[bool, set[int]]]], data: st.DataObject
) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(Stepped(Path(folder) / "store.db", registry(), slots=4)) as engine,
    ):
        orders = Orders(engine)
        for plan in plans:
            orders.submit(plan)
            orders.check()
        for _ in range(data.draw(st.integers(2, 12))):  # which may end the example
            _act(engine, orders, data)
            orders.check()
        _finish(engine, orders)
        engine.check()


def _act(engine: Stepped, orders: Orders, data: st.DataObject) -> None:
    """Let one thing happen to one task, or to the engine."""
    running = sorted(engine.lane.running)
    kind = data.draw(st.sampled_from(["end", "end", "end", "cancel", "retry", "restart", "power"]))
    states = engine.states()
    match kind:
        case "end" if running:
            outcome = data.draw(st.sampled_from(OUTCOMES))
            engine.end(data.draw(st.sampled_from(running)), outcome)
        case "cancel" | "retry":
            verb = {"cancel": cancel, "retry": retry}[kind]
            wanted = {"queued", "waiting"} if kind == "cancel" else {"failed", "cancelled"}
            if fitting := [n for n, state in states.items() if state in wanted]:
                number = data.draw(st.sampled_from(fitting))
                engine.change(verb, number)
                orders.asked |= {number} if kind == "retry" else set()
        case "restart":
            engine.restart()
            engine.settle()
        case "power" if running:
            engine.fuse.set(data.draw(st.integers(0, 8)))
            try:
                engine.end(data.draw(st.sampled_from(running)), Succeeded("null"))
            except Crash:
                engine.restart()
            engine.fuse.set(None)
            engine.settle()


def _finish(engine: Stepped, orders: Orders) -> None:
    """Have everything succeed that can; then nothing waits but for what was cancelled or failed."""
    for _ in range(200):
        for number in sorted(engine.lane.running):
            engine.end(number, Succeeded("null"))
            orders.check()
        for number, state in engine.states().items():
            if state == "failed":
                engine.change(retry, number)
            elif state == "uncertain":
                engine.change(resolve, number, "done")
            elif state == "waiting" and engine.task(number)["reason"] == "held_after_crashes":
                engine.change(retry, number)
        engine.wait(BACKOFF)
        orders.check()
        if set(engine.states().values()) <= {"succeeded", "cancelled"}:
            return
    raise AssertionError(engine.states())
