"""The stepped core against a small model; before any statement power or disk may fail."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from desktop.contract.states import State, may_become
from desktop.engine.core import RETRY_S
from desktop.engine.errors import Conflict, NotWritable
from desktop.engine.group import Group
from desktop.engine.handover import HandOver
from desktop.engine.outcomes import (
    Cancelled,
    Crashed,
    Failed,
    GivenBack,
    Held,
    Outcome,
    Succeeded,
    Unknown,
)
from desktop.engine.submission import NewItemRow, NewTask, Submission
from desktop.engine.verbs.accept import accept
from desktop.engine.verbs.cancel import cancel
from desktop.engine.verbs.prepare import prepare
from desktop.engine.verbs.release import release
from desktop.engine.verbs.resolve import resolve
from desktop.engine.verbs.retry import retry
from desktop.engine.verbs.undo import undo
from tests.engine.model import Model, ModelTask
from tests.engine.stepped import START, Crash, Stepped, registry

OUTCOMES: dict[str, Outcome] = {
    "ok": Succeeded("1"),
    "fail": Failed("no", ""),
    "final": Failed("never", "", final=True),
    "unknown": Unknown("no answer", ""),
    "cancelled": Cancelled("stopped"),
    "hold": Held("look", ""),
    "hold queue": Held("wrong password", "", whole_queue=True),
    "crash": Crashed("signal 9"),
    "give back": GivenBack(),
}
Burn = tuple[int, bool] | None
FUSE: st.SearchStrategy[Burn] = st.sampled_from(
    [None] * 60 + [(left, full) for left in range(10) for full in (False, True)]
)
"""Before which statement of a group the power is cut or the disk is full; mostly neither is."""
NAMES = st.sampled_from(["work", "narrow"])
SLOTS = 3


class EngineMachine(RuleBasedStateMachine):
    """Every rule is one group; with a fuse the power may be cut in it."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.engine = Stepped(Path(self.folder.name) / "store.db", registry(), slots=SLOTS)
        self.model = Model(SLOTS, START)
        self.next_item = 1

    def teardown(self) -> None:
        self.engine.check()
        self.changes_follow_the_table()
        self.engine.close()
        self.folder.cleanup()

    # one group, which the disk has wholly or not at all

    def group(self, fuse: Burn, act: Callable[[], Any], expected: Callable[[], Any]) -> Any:
        """Do ``act`` in a group and ``expected`` in the model; returns the engine's answer."""
        left, full = fuse or (None, False)
        self.engine.fuse.set(left, full=full)
        try:
            answer = act()
        except Crash:
            committed = self.engine.fuse.committed
            self.engine.restart()
            if committed:
                expected()
                self.model.settle()
            self.model.restart()
            return None
        burnt = self.engine.fuse.burnt
        self.engine.fuse.set(None)
        if burnt:  # the disk was full: callers are refused, what attempts said is kept
            self.model.now += RETRY_S
            self.engine.clock.time += RETRY_S
        self.engine.settle()
        refused = isinstance(answer, NotWritable)
        if not refused:
            expected()
        self.model.settle()
        return None if refused else answer

    def ask(self, verb: Callable[[Group], Any]) -> Any:
        future = self.engine.ask(verb)
        self.engine.step()
        return future.exception(0) or future.result(0)

    def change(self, fuse: Burn, task: ModelTask, verb: Any, *more: Any) -> None:
        expected: list[bool] = []

        def act() -> Any:
            return self.ask(lambda group: verb(group, group.read(task.id), *more))

        def expect() -> None:
            expected.append(getattr(self.model, verb.__name__)(task, *more))

        answer = self.group(fuse, act, expect)
        if answer is not None:
            assert isinstance(answer, Conflict) != expected[0]

    # what people and callers do

    @initialize(names=st.lists(NAMES, min_size=2, max_size=5))
    def begin(self, names: list[str]) -> None:
        for name in names:
            self.submit(None, name)

    @rule(
        fuse=FUSE,
        name=NAMES,
        count=st.integers(1, 4),
        delay=st.sampled_from([0, 0, 5, 30]),
        patience=st.sampled_from([None, None, 20]),
        priority=st.integers(-1, 1),
    )
    def submit(
        self,
        fuse: Burn,
        name: str,
        count: int = 1,
        delay: int = 0,
        patience: int | None = None,
        priority: int = 0,
    ) -> None:
        item, first = self.next_item, self.engine.core.memory.last_task + 1
        self.next_item += 1
        now = self.model.now
        deadline = None if patience is None else now + patience
        task = NewTask(
            name, delay=delay, deadline=deadline, priority=priority, to="Ada <ada@x.org>"
        )
        submission = Submission(items=[NewItemRow(item, {"title": f"Item {item}"}, [task] * count)])
        prepared = prepare(submission, self.engine.registry)

        def expect() -> None:
            for number in range(first, first + count):
                state, due = ("scheduled", now + delay) if delay else ("queued", None)
                self.model.tasks[number] = ModelTask(
                    number, name, item, priority, state, due, deadline
                )

        answer = self.group(fuse, lambda: self.ask(lambda g: accept(g, prepared)), expect)
        if answer is not None:
            assert answer.task_ids == [list(range(first, first + count))]

    @precondition(lambda self: self.model.tasks)
    @rule(fuse=FUSE, data=st.data(), verb=st.sampled_from([cancel, retry]))
    def cancel_or_retry(self, fuse: Burn, data: st.DataObject, verb: Any) -> None:
        self.change(fuse, self.any_task(data), verb)

    @precondition(lambda self: self.model.tasks)
    @rule(fuse=FUSE, data=st.data(), outcome=st.sampled_from(["done", "again"]))
    def resolve(self, fuse: Burn, data: st.DataObject, outcome: str) -> None:
        self.change(fuse, self.any_task(data, "uncertain"), resolve, outcome)

    @precondition(lambda self: self.model.tasks)
    @rule(fuse=FUSE, data=st.data())
    def undo(self, fuse: Burn, data: st.DataObject) -> None:
        item = self.any_task(data, "scheduled").item
        expected: list[bool] = []
        answer = self.group(
            fuse,
            lambda: self.ask(lambda group: undo(group, item or 0) or True),
            lambda: expected.append(self.model.undo(item or 0)),
        )
        if answer is not None:
            assert (answer is True) == expected[0]

    @precondition(lambda self: self.model.held_queues)
    @rule(fuse=FUSE, queue=NAMES)
    def release(self, fuse: Burn, queue: str) -> None:
        self.group(
            fuse,
            lambda: self.ask(lambda group: release(group, queue)),
            lambda: self.model.release(queue),
        )

    # what attempts, time and power do

    @precondition(lambda self: self.model.running())
    @rule(fuse=FUSE, data=st.data(), how=st.sampled_from(sorted(OUTCOMES)))
    def end(self, fuse: Burn, data: st.DataObject, how: str) -> None:
        task = data.draw(st.sampled_from(self.model.running()))
        claim = self.engine.lane.running.pop(task.id)

        def act() -> None:
            self.engine.ledger.finish(claim, OUTCOMES[how])
            self.engine.step()

        self.group(fuse, act, lambda: self.model.end(task, how))

    @precondition(lambda self: self.model.running())
    @rule(fuse=FUSE, data=st.data())
    def cross(self, fuse: Burn, data: st.DataObject) -> None:
        task = data.draw(st.sampled_from(self.model.running()))
        what = f"{task.id}.{task.attempt}"
        future = self.engine.ledger.point_of_no_return(self.engine.lane.running[task.id], what)
        crossed = not task.stopping

        def expect() -> None:
            task.passed = task.passed or crossed

        self.group(fuse, self.engine.step, expect)
        if future.done():
            assert (future.exception(0) is None) == crossed

    @precondition(lambda self: any(task.due or task.deadline for task in self.model.tasks.values()))
    @rule(fuse=FUSE, seconds=st.sampled_from([1, 9, 10, 30]))
    def wait(self, fuse: Burn, seconds: int) -> None:
        self.engine.clock.time += seconds
        self.model.now += seconds
        self.group(fuse, self.engine.step, lambda: None)

    @precondition(lambda self: self.model.running())
    @rule(sure=st.sampled_from([False] * 4 + [True]))
    def kill(self, sure: bool) -> None:
        if sure:
            self.engine.restart()
            self.model.restart()

    # what holds after every group

    def any_task(self, data: st.DataObject, state: str | None = None) -> ModelTask:
        tasks = list(self.model.tasks.values())
        wanted = [task for task in tasks if task.state == state] or tasks
        return data.draw(st.sampled_from(wanted))

    @invariant()
    def tasks_are_as_the_model_says(self) -> None:
        rows = self.engine.connection.execute(
            "SELECT id, state, attempt, held <> '', max_attempts - attempt FROM tasks"
        )
        told = {number: (s, a, bool(h), left) for number, s, a, h, left in rows}
        model = {
            task.id: (task.state, task.attempt, bool(task.held), task.left)
            for task in self.model.tasks.values()
        }
        assert told == model

    @invariant()
    def the_evidence_is_that_of_the_attempt_that_passed(self) -> None:
        rows = self.engine.connection.execute("SELECT id, attempt, passed, handover FROM tasks")
        for number, attempt, passed, handover in rows:
            assert passed == self.model.tasks[number].passed
            assert not passed or HandOver.decode(handover).what == f"{number}.{attempt}"

    @invariant()
    def lanes_run_what_the_store_says(self) -> None:
        running = {task.id: task.attempt for task in self.model.running()}
        assert {n: claim.attempt for n, claim in self.engine.lane.running.items()} == running

    def changes_follow_the_table(self) -> None:
        last: dict[int, str] = {}
        query = "SELECT task_id, state FROM events WHERE task_id <> 0 ORDER BY id"
        for number, state in self.engine.connection.execute(query):
            if state is None:
                assert last.pop(number) not in {"running", "succeeded"}
                continue
            before = last.get(number, state)
            assert before == state or may_become(State(before), State(state))
            last[number] = state
        assert last == self.engine.states()


EngineMachine.TestCase.settings = settings(
    max_examples=100,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestEngine = EngineMachine.TestCase
