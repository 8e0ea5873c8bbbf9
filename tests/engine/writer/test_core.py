"""The stepped core against a small model; before any statement power or disk may fail."""

from __future__ import annotations

from concurrent.futures import Future
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from desktop.items.accepting import ItemSubmission, NewItemRow, accept_items, prepare_items, undo
from sendoff_tasks.attempts.outcomes import (
    Cancelled,
    Crashed,
    Deferred,
    Failed,
    GivenBack,
    Held,
    LeftUncertain,
    Outcome,
    Succeeded,
)
from sendoff_tasks.errors import NotWritable
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.submission import NewTask, Submission, TaskChange, TaskOptions
from sendoff_tasks.transaction.group import Group
from sendoff_tasks.transaction.replies import Request
from sendoff_tasks.verbs.bulk import BulkTasks
from sendoff_tasks.verbs.cancel import cancel
from sendoff_tasks.verbs.change import change
from sendoff_tasks.verbs.pause_queue import pause, release, resume
from sendoff_tasks.verbs.pending import act_later, undo_pending
from sendoff_tasks.verbs.resend import resend
from sendoff_tasks.verbs.resolve import resolve
from sendoff_tasks.verbs.retry import retry
from sendoff_tasks.verbs.submit import accept, prepare
from tests.engine.reference.correcting import Correcting, remove_one
from tests.engine.reference.machine import FUSE, Burn
from tests.engine.reference.model_tasks import ModelPending, ModelTask
from tests.engine.stepped import Stepped
from tests.property_based import examples

OUTCOMES: dict[str, Outcome] = {
    "ok": Succeeded("1"),
    "fail": Failed("no", ""),
    "final": Failed("never", "", final=True),
    "unknown": LeftUncertain("no answer", ""),
    "cancelled": Cancelled("stopped"),
    "hold": Held("look", ""),
    "hold queue": Held("wrong password", "", whole_queue=True),
    "offline": Deferred("no route", "", Reason.OFFLINE),
    "quota": Deferred("too many", "", Reason.QUOTA),
    "crash": Crashed("signal 9"),
    "give back": GivenBack(),
}
NAMES = st.sampled_from(["work", "narrow", "slow"])
QUEUES = st.sampled_from([None, "work", "narrow", "slow"])
VERBS: dict[str, tuple[Any, ...]] = {
    "cancel": (cancel,),
    "retry": (retry,),
    "done": (resolve, "done"),
    "again": (resolve, "again"),
}


class EngineMachine(Correcting):
    """Every rule is one group; with a fuse the power may be cut in it."""

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
        in_time=st.sampled_from([None, None, None, 20]),
        key=st.sampled_from([None, None, "a"]),
        patience=st.sampled_from([None, None, 20]),
        priority=st.integers(-1, 1),
    )
    def submit(
        self,
        fuse: Burn,
        name: str,
        count: int = 1,
        delay: int = 0,
        in_time: int | None = None,
        key: str | None = None,
        patience: int | None = None,
        priority: int = 0,
    ) -> None:
        item, first = self.next_item, self.engine.core.memory.last_task + 1
        self.next_item += 1
        now = self.model.now
        deadline = None if patience is None else now + patience
        run_at = None if in_time is None else now + in_time
        task = NewTask(
            name,
            to="Ada <ada@x.org>",
            options=TaskOptions(
                delay=delay, run_at=run_at, deadline=deadline, priority=priority, key=key
            ),
        )
        submission = ItemSubmission([NewItemRow(item, {"title": f"Item {item}"}, [task] * count)])
        prepared = prepare_items(submission, self.engine.registry)
        ids: list[int] = []

        def expect() -> None:
            due = run_at or (now + delay if delay else None)
            for _ in range(count):
                taken = self.model.open_with(name, key)
                number = taken.id if taken else first + len({*ids} - {i for i in ids if i < first})
                ids.append(number)
                if taken is None:
                    self.model.tasks[number] = ModelTask(
                        number,
                        name,
                        item,
                        priority,
                        state="scheduled" if due else "queued",
                        made=now,
                        due=due,
                        delayed=run_at is None,
                        key=key,
                        deadline=deadline,
                    )

        answer = self.group(fuse, lambda: self.ask(lambda g: accept_items(g, prepared)), expect)
        if answer is not None:
            assert answer.task_ids == [ids]

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

        def undo_it(group: Group) -> bool:
            undo(group, item or 0)
            return True

        answer = self.group(
            fuse, lambda: self.ask(undo_it), lambda: expected.append(self.model.undo(item or 0))
        )
        if answer is not None:
            assert (answer is True) == expected[0]

    @precondition(lambda self: self.model.tasks)
    @rule(
        fuse=FUSE,
        data=st.data(),
        name=st.sampled_from(["cancel", "cancel", "resend", *sorted(VERBS)]),
        count=st.integers(1, 4),
        delay=st.sampled_from([1, 5, 30]),
    )
    def later(self, fuse: Burn, data: st.DataObject, name: str, count: int, delay: int) -> None:
        """Have an action wait; each task of a *cancel* may be one that ends meanwhile."""
        over = data.draw(st.sampled_from(["failed", "succeeded", "cancelled"]))
        state = {"done": "uncertain", "again": "uncertain", "resend": over}.get(name)
        many = count if name in {"cancel", "done"} else 1  # others of a call may be its repeats
        ids = sorted({self.any_task(data, state).id for _ in range(many)})
        verb, *words = {**VERBS, "resend": (resend,)}[name]
        more = tuple(words)
        wanted = act_later(name, BulkTasks(ids), delay)  # type: ignore[arg-type]
        due = self.model.now + delay
        expected: list[int] = []

        def expect() -> None:
            tasks = [self.model.tasks[number] for number in ids]
            allowed = [t.id for t in tasks if self.model.allows(verb.__name__, more, t)]
            expected.append(len(allowed))
            newest = "SELECT max(id) FROM pending"
            (number,) = self.engine.connection.execute(newest).fetchone()
            if allowed:
                self.model.later(ModelPending(number, verb.__name__, more, allowed, due))

        answer = self.group(fuse, lambda: self.ask(wanted), expect)
        if answer is not None:
            assert answer.answer["touched"] == expected[0]

    @precondition(lambda self: self.model.pending)
    @rule(fuse=FUSE, data=st.data())
    def undo_later(self, fuse: Burn, data: st.DataObject) -> None:
        pending = data.draw(st.sampled_from(self.model.pending))

        def undo_it(group: Group) -> bool:
            undo_pending(group, pending.id)
            return True

        answer = self.group(
            fuse, lambda: self.ask(undo_it), lambda: self.model.pending.remove(pending)
        )
        assert answer in {None, True}

    @precondition(lambda self: self.model.held_queues or self.model.outages)
    @rule(fuse=FUSE, queue=NAMES)
    def release(self, fuse: Burn, queue: str) -> None:
        self.group(
            fuse,
            lambda: self.ask(lambda group: release(group, queue)),
            lambda: self.model.release(queue),
        )

    @rule(fuse=FUSE, queue=QUEUES, verb=st.sampled_from([pause, resume]))
    def pause_or_resume(self, fuse: Burn, queue: str | None, verb: Any) -> None:
        self.group(
            fuse,
            lambda: self.ask(lambda group: verb(group, queue)),
            lambda: getattr(self.model, verb.__name__)(queue),
        )

    @precondition(lambda self: self.model.tasks)
    @rule(
        fuse=FUSE,
        data=st.data(),
        names=st.lists(st.sampled_from(sorted(VERBS)), min_size=2, max_size=4),
    )
    def several(self, fuse: Burn, data: st.DataObject, names: list[str]) -> None:
        """Do more than one thing in a group, perhaps to one task."""
        plan = [(self.any_task(data), *VERBS[name]) for name in names]
        expected: list[bool] = []

        def act() -> Any:
            futures = [self.engine.ask_change(verb, task.id, *more) for task, verb, *more in plan]
            self.engine.step()
            answers = [future.exception(0) for future in futures]
            return answers[0] if isinstance(answers[0], NotWritable) else answers

        def expect() -> None:
            expected.extend(
                getattr(self.model, verb.__name__)(task, *more) for task, verb, *more in plan
            )

        answers = self.group(fuse, act, expect)
        if answers is not None:
            assert [answer is None for answer in answers] == expected

    # what attempts, time and power do

    @rule(fuse=FUSE, seconds=st.sampled_from([-3600, -30, -5, 2, 30, 3600]))
    def jump(self, fuse: Burn, seconds: int) -> None:
        """Set the clock; what a kill comes before is not followed."""
        self.engine.clock.jump(seconds)
        self.model.now += seconds
        self.group(fuse, self.engine.step, lambda: self.model.jump(seconds))

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

    @precondition(lambda self: self.model.may_change_with_time)
    @rule(fuse=FUSE, seconds=st.sampled_from([1, 9, 10, 30, 60, 3600]))
    def wait(self, fuse: Burn, seconds: int) -> None:
        self.engine.clock.time += seconds
        self.model.now += seconds
        self.group(fuse, self.engine.step, lambda: None)

    @precondition(lambda self: self.model.running())
    @rule(sure=st.sampled_from([False] * 4 + [True]), stopping=st.booleans())
    def kill(self, sure: bool, stopping: bool) -> None:
        if sure:
            if stopping:
                self.engine.core.claiming = False
                self.engine.settle()
                self.model.stopping = True
            self.engine.restart()
            self.engine.settle()
            self.model.restart()


EngineMachine.TestCase.settings = settings(
    max_examples=examples(40),
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
# Ten seconds alone; a machine with much else to do gets its time.
TestEngine = pytest.mark.timeout(600)(EngineMachine.TestCase)


def end(machine: EngineMachine, task: ModelTask, how: str) -> None:
    claim = machine.engine.lane.running.pop(task.id)
    machine.engine.ledger.finish(claim, OUTCOMES[how])
    machine.group(None, machine.engine.step, partial(machine.model.end, task, how))


@pytest.mark.parametrize(("how", "gone"), [("ok", 2), ("final", 2), ("ok", 3), ("final", 3)])
def test_a_message_stays_one_when_a_repeat_of_it_is_removed(how: str, gone: int) -> None:
    machine = EngineMachine()
    machine.submit(None, "work")
    tasks = machine.model.tasks
    for number, ends in ((1, "final"), (2, "final"), (3, how)):
        end(machine, tasks[number], ends)
        if number < 3:
            machine.send_again(None, tasks[number])
    machine.change(None, tasks[3], change, TaskChange(seen=True))
    machine.change(None, tasks[gone], remove_one)
    machine.tasks_are_as_the_model_says()
    machine.change(None, tasks[1], retry)
    machine.tasks_are_as_the_model_says()
    machine.teardown()


def test_a_rate_counts_the_same_after_a_cut_and_a_clock_set_back() -> None:
    machine = EngineMachine()
    machine.submit(None, "slow", count=3)
    for task in machine.model.running():
        end(machine, task, "ok")
    machine.wait(None, 60)  # the third begins, and the first two count no more
    for _ in range(2):
        machine.jump((0, False), -3600)
        machine.tasks_are_as_the_model_says()
    machine.teardown()


def out_of_memory(*args: object) -> None:
    raise MemoryError


class Unanswerable(Future[Any]):
    """A reply that cannot be given."""

    def set_result(self, result: Any) -> None:
        raise MemoryError


@pytest.mark.parametrize("part", ["throughput.count", "_trouble.end"])
def test_what_fails_after_the_commit_is_not_written_twice(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    owner, _, name = part.rpartition(".")
    with monkeypatch.context() as patch:
        patch.setattr(getattr(stepped.core, owner), name, out_of_memory)
        task = stepped.ask(
            lambda g: accept(g, prepare(Submission(tasks=[NewTask("work")]), stepped.registry))
        )
        stepped.step()
    stepped.settle()
    assert stepped.states() == {task.result(0).task_ids[0]: "running"}
    assert len(stepped.lane.started) == 1


def test_an_answer_that_cannot_be_given_costs_no_other_and_no_start(stepped: Stepped) -> None:
    prepared = prepare(Submission(tasks=[NewTask("work")]), stepped.registry)
    stepped.inbox.ask(Request(lambda group: accept(group, prepared), Unanswerable()))
    second = stepped.do(lambda group: accept(group, prepared)).task_ids[0]
    assert set(stepped.states()) == {second - 1, second}
    assert set(stepped.lane.running) == {second - 1, second}


def test_a_journal_that_stumbles_keeps_no_attempt_from_its_start_or_stop(
    stepped: Stepped, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = stepped.add()
    with monkeypatch.context() as patch:
        patch.setattr(stepped.journal, "committed", out_of_memory)
        stepped.change(cancel, first)
        second = stepped.add()
    assert set(stepped.states()) == {first, second}
    assert stepped.lane.asked_to_stop == [first]
    stepped.end(second, Succeeded("1"))
    assert stepped.state(second) == "succeeded"
