"""Groups of a stepped engine beside a small model, and what holds after each of them."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from sendoff_tasks.attempts.control import HandOver
from sendoff_tasks.duties.clock_changes import BEHIND_MS
from sendoff_tasks.errors import Conflict, NotWritable
from sendoff_tasks.events.notices import RETRY_S
from sendoff_tasks.model.states import State, may_become
from sendoff_tasks.store.tables.pending import PackedIds
from sendoff_tasks.transaction.group import Group
from tests.engine.reference.fuse import Crash
from tests.engine.reference.model import Model
from tests.engine.reference.model_tasks import ModelTask
from tests.engine.stepped import START, Stepped, narrow, registry, slow, work

Burn = tuple[int, bool] | None
"""Before which statement of a group the power is cut or, where it is true, the disk is full."""
FUSE: st.SearchStrategy[Burn] = st.sampled_from(
    [None] * 60 + [(left, full) for left in range(10) for full in (False, True)]
)
"""Mostly nothing happens to a group."""
SLOTS = 3


class Machine(RuleBasedStateMachine):
    """An engine on a real file, the model, and one group at a time for both."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.engine = Stepped(
            Path(self.folder.name) / "store.db", registry(work, narrow, slow), slots=SLOTS
        )
        self.model = Model(SLOTS, START)
        self.next_item = 1

    def teardown(self) -> None:
        self.engine.check()
        self.changes_follow_the_table()
        self.the_history_tells_every_attempt()
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
            committed, behind = self.engine.fuse.committed, self._behind()
            self.engine.restart()
            self.engine.settle()
            if committed:
                expected()
                self.model.settle()
            elif behind:
                self.model.jump(behind)
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

    def _behind(self) -> float:
        """Return how far the clock was set back since the newest event, in seconds; 0 if not."""
        self.engine.connection.rollback()  # what was not committed never was
        newest = "SELECT at FROM events ORDER BY id DESC LIMIT 1"
        (at,) = self.engine.connection.execute(newest).fetchone() or (0,)
        ahead = float(self.model.now - at / 1000)
        return ahead if ahead < -BEHIND_MS / 1000 else 0.0

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

    # what holds after every group

    def any_task(self, data: st.DataObject, state: str | None = None) -> ModelTask:
        tasks = list(self.model.tasks.values())
        wanted = [task for task in tasks if task.state == state] or tasks
        return data.draw(st.sampled_from(wanted))

    @invariant()
    def tasks_are_as_the_model_says(self) -> None:
        rows = self.engine.connection.execute(
            "SELECT id, state, attempt, held <> '', max_attempts - attempt, run_at, recipient, "
            "resend_of, seen IS 1 FROM tasks"
        )
        told = {number: (s, a, bool(h), *more) for number, s, a, h, *more in rows}
        model = {
            task.id: (
                task.state,
                task.attempt,
                bool(task.held),
                task.left,
                None if task.due is None else round(task.due * 1000),
                task.to,
                task.resend_of,
                task.seen,
            )
            for task in self.model.tasks.values()
        }
        assert told == model

    @invariant()
    def what_waits_is_as_the_model_says(self) -> None:
        rows = self.engine.connection.execute(
            "SELECT id, action, tasks, due_at FROM pending WHERE done_at IS NULL ORDER BY id"
        )
        told = [(n, verb, [*PackedIds(json.loads(runs))], due) for n, verb, runs, due in rows]
        words: dict[tuple[str, ...], str] = {
            ("resolve", "done"): "done",
            ("resolve", "again"): "again",
        }
        assert told == [
            (
                each.id,
                words.get((each.verb, *each.more), each.verb),
                each.tasks,
                round(each.due * 1000),
            )
            for each in self.model.pending
        ]

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

    def the_history_tells_every_attempt(self) -> None:
        """Find each attempt in one line, of which some tell several."""
        rows = self.engine.connection.execute(
            "SELECT tasks.attempt - (state = 'running'), total(attempts.count), "
            "max(attempts.attempt) FROM tasks LEFT JOIN attempts ON task_id = id GROUP BY id"
        )
        for ended, told, last in rows:
            assert (told, last or 0) == (ended, ended)

    def changes_follow_the_table(self) -> None:
        last: dict[int, str] = {}
        query = "SELECT task_id, state FROM events WHERE task_id > 0 ORDER BY id"
        for number, state in self.engine.connection.execute(query):
            if state is None:
                assert last.pop(number) != "running"
                continue
            before = last.get(number, state)
            assert before == state or may_become(State(before), State(state))
            last[number] = state
        assert last == self.engine.states()
