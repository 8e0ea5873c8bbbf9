"""Random lines under random fates, restarts and lost commits: the order holds, nothing is stuck."""

from __future__ import annotations

import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.engine.attempts.outcomes import (
    Cancelled,
    Crashed,
    Failed,
    Later,
    LeftUncertain,
    Outcome,
    Succeeded,
)
from desktop.engine.queues.followers import Followers
from desktop.engine.submission import NewTask, Place, Submission, TaskOptions
from desktop.engine.verbs.cancel import cancel
from desktop.engine.verbs.resolve import resolve
from desktop.engine.verbs.retry import retry
from tests.engine.reference.fuse import Crash
from tests.engine.stepped import BACKOFF, Stepped, registry
from tests.property_based import at_most

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


@settings(max_examples=at_most(50), deadline=None)
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
