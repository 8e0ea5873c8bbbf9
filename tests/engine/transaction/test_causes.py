"""Causes are counted right in every history of tasks, with the power cut at any statement."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from sendoff_tasks.attempts.outcomes import (
    Crashed,
    Deferred,
    Failed,
    Fault,
    GivenBack,
    Held,
    Later,
    LeftUncertain,
    NotBegun,
    Succeeded,
)
from sendoff_tasks.causes import ServerAnswer
from sendoff_tasks.errors import EngineError
from sendoff_tasks.model.causes import CauseKind
from sendoff_tasks.model.filters import TaskFilter
from sendoff_tasks.model.reasons import Reason
from sendoff_tasks.store.reads.causes import read_causes
from sendoff_tasks.store.reads.pages import read_page
from sendoff_tasks.store.reads.query import TaskQuery
from sendoff_tasks.store.reads.waits import NOTHING_KNOWN
from sendoff_tasks.verbs.bulk import bulk
from sendoff_tasks.verbs.cancel import cancel
from sendoff_tasks.verbs.change import SEEN, UNSEEN, change
from sendoff_tasks.verbs.remove import delete_tasks
from sendoff_tasks.verbs.resolve import resolve
from sendoff_tasks.verbs.retry import retry
from tests.engine.reference.fuse import Crash
from tests.engine.scan import check_causes
from tests.engine.stepped import Stepped, narrow, registry, work
from tests.property_based import examples

MX = ServerAnswer("mx", 550, "5.1.1")
FAULT = Fault(CauseKind.EXCEPTION, "KeyError", "shop.py", "invoice", 7)
ENDS = (
    Succeeded("null"),
    Failed("550 no such user", "", final=True, answer=MX),
    Failed("KeyError: 7", "", fault=FAULT),
    Failed("Order 7 is late.", "", final=True),
    Later("451 busy", "", after=20, answer=ServerAnswer("mx", 451)),
    LeftUncertain("no answer", ""),
    Held("Look at it.", ""),
    Held("535 wrong password", "", whole_queue=True, answer=ServerAnswer("mx", 535)),
    Deferred("No route.", "", Reason.OFFLINE),
    Crashed("SIGKILL"),
    GivenBack(),
    NotBegun("No thread."),
)
VERBS = (
    (retry,),
    (cancel,),
    (resolve, "done"),
    (resolve, "again"),
    (change, SEEN),
    (change, UNSEEN),
)


class Causing(RuleBasedStateMachine):
    """Random endings and what people do about them."""

    @initialize()
    def open(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.stepped = Stepped(Path(self._folder.name) / "store.db", registry(work, narrow))

    def teardown(self) -> None:
        if hasattr(self, "stepped"):
            self.stepped.check()
            self.stepped.close()
            self._folder.cleanup()

    def do(self, cut: int | None, verb: Any) -> None:
        """Do something, with the power cut before one of its statements or never."""
        self.stepped.fuse.set(cut)
        try:
            with suppress(EngineError, TimeoutError):
                verb()
        except Crash:
            pass
        burnt = self.stepped.fuse.burnt or self.stepped.fuse.committed
        self.stepped.fuse.set(None)
        if cut is not None and burnt:
            self.stepped.restart()
        self.stepped.settle()

    cuts = st.none() | st.integers(0, 20)

    @rule(name=st.sampled_from(["work", "narrow"]))
    def add(self, name: str) -> None:
        self.stepped.add(name, "Order", 7)

    @rule(cut=cuts, data=st.data(), how=st.sampled_from(ENDS), passed=st.booleans())
    def end(self, cut: int | None, data: st.DataObject, how: Any, passed: bool) -> None:
        running = sorted(self.stepped.lane.running)
        if running:
            task = data.draw(st.sampled_from(running))
            if passed and isinstance(how, Crashed | LeftUncertain | GivenBack):
                self.stepped.cross(task, "a message", "mx")
            self.do(cut, lambda: self.stepped.end(task, how))

    @rule(cut=cuts, data=st.data(), verb=st.sampled_from(VERBS))
    def ask(self, cut: int | None, data: st.DataObject, verb: Any) -> None:
        states = self.stepped.states()
        if states:
            task = data.draw(st.sampled_from(sorted(states)))
            self.do(cut, lambda: self.stepped.change(verb[0], task, *verb[1:]))

    @rule(cut=cuts, data=st.data())
    def retry_a_cause(self, cut: int | None, data: st.DataObject) -> None:
        causes = read_causes(self.stepped.connection, known=NOTHING_KNOWN)
        if causes:
            cause = data.draw(st.sampled_from([each["cause"] for each in causes]))
            chosen = self.stepped.choose(TaskFilter(cause=cause, seen=False))
            self.do(cut, lambda: self.stepped.do(lambda group: bulk(group, "retry", chosen)))

    @rule()
    def free(self) -> None:
        self.do(None, lambda: self.stepped.release("narrow"))

    @rule(seconds=st.sampled_from([10, 60, 40 * 86_400, 91 * 86_400]))
    def wait(self, seconds: int) -> None:
        self.stepped.clock.time += seconds
        for _ in range(3):
            self.stepped.settle()
            self.stepped.clock.time += 60

    @invariant()
    def counts_are_those_of_a_scan(self) -> None:
        if hasattr(self, "stepped"):
            check_causes(self.stepped.connection)
            self.what_is_listed_is_what_a_filter_finds()

    @invariant()
    def search_finds_what_the_rows_say(self) -> None:
        if hasattr(self, "stepped"):
            assert self.stepped.found_by() == self.stepped.searched_by()

    def what_is_listed_is_what_a_filter_finds(self) -> None:
        for each in read_causes(
            self.stepped.connection, ("failed", "uncertain"), known=NOTHING_KNOWN
        ):
            wanted = TaskFilter(cause=each["cause"], states=("failed", "uncertain"), seen=False)
            assert len(self.stepped.choose(wanted).ids) == each["count"]
            every = TaskFilter(cause=each["cause"])
            page = read_page(self.stepped.connection, TaskQuery(every), "s", known=NOTHING_KNOWN)
            assert page["total"] == len(self.stepped.choose(every).ids)


Causing.TestCase.settings = settings(
    max_examples=examples(20),
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestCausing = Causing.TestCase


def test_a_cause_that_no_task_has_keeps_no_word_but_when_it_was_met_first(tmp_path: Path) -> None:
    stepped = Stepped(tmp_path / "store.db", registry(work, narrow))
    said = "550 the box of Zyxwol is full"
    full = Failed(said, "", final=True, answer=MX._replace(said=said))
    first = stepped.ended(full)
    (met,) = stepped.causes()
    stepped.do(lambda group: delete_tasks(group, [group.read(first)]))
    assert "Zyxwol" not in str(stepped.connection.execute("SELECT * FROM causes").fetchall())
    stepped.wait(60)
    stepped.ended(full)
    (again,) = stepped.causes()
    assert again == met | {"last_at": again["last_at"]}
    stepped.close()
