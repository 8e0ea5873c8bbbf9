"""Batches under anything that can happen, in any order, with the power cut at any statement."""

from __future__ import annotations

import tempfile
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from desktop.contract.batches import RowProblem
from sendoff_tasks.attempts.outcomes import Later, LeftUncertain
from sendoff_tasks.errors import EngineError
from sendoff_tasks.model.times import Rate
from sendoff_tasks.verbs import pause_queue
from sendoff_tasks.verbs.resolve import resolve
from tests.engine.reference.fuse import Crash
from tests.engine.stepped import Stepped, registry
from tests.items.batches.office import REFUSED, SENT, Office, mail, row
from tests.property_based import examples

RATES = (None, "1/min", "3/min", "2/h")
batches = st.integers(1, 3)
rows = st.lists(st.integers(1, 6), min_size=1, max_size=6)


class Batching(RuleBasedStateMachine):
    """Drafts, starts, pauses, endings and cuts of the power: what must hold, holds after each."""

    @initialize(first=rows, second=rows, rate=st.sampled_from(RATES))
    def open(self, first: list[int], second: list[int], rate: str | None) -> None:
        """Begin with a batch under way, and a draft that may have the same people."""
        self._folder = tempfile.TemporaryDirectory()
        self.office = Office(Stepped(Path(self._folder.name) / "store.db", registry(mail)))
        self.begun: dict[int, list[float]] = {}
        self.known: set[tuple[int, ...]] = set()
        self.draft(None, first, rate, "Opera")
        self.start(None, 1, delay=0, same=False)
        self.draft(None, second, None, "Ballet")

    def teardown(self) -> None:
        if hasattr(self, "office"):
            self.office.check()
            self.office.stepped.close()
            self._folder.cleanup()

    def do(self, cut: int | None, verb: Any) -> None:
        """Do something, with the power cut before one of its statements or never."""
        office = self.office
        office.stepped.fuse.set(cut)
        try:
            with suppress(EngineError, TimeoutError):
                verb()
        except Crash:
            pass
        burnt = office.stepped.fuse.burnt or office.stepped.fuse.committed
        office.stepped.fuse.set(None)
        if cut is not None and burnt:
            office.stepped.restart()
            office.check()
        office.stepped.settle()

    cuts = st.none() | st.integers(0, 25)

    @rule(
        cut=cuts,
        rows=rows,
        rate=st.sampled_from(RATES),
        title=st.sampled_from(["Opera", "Ballet"]),
    )
    def draft(self, cut: int | None, rows: list[int], rate: str | None, title: str) -> None:
        places = [
            replace(
                row(item, title=title, problem=RowProblem.NO_KEY if item == 6 else None), row=place
            )
            for place, item in enumerate(rows, 1)
        ]

        def verb() -> None:
            number = self.office.draft(0, rate=rate)
            self.office.put(number, places)

        self.do(cut, verb)

    @rule(cut=cuts, number=batches, delay=st.sampled_from([0, 30]), same=st.booleans())
    def start(self, cut: int | None, number: int, delay: int, same: bool) -> None:
        self.do(cut, lambda: self.office.start(number, undo_for=delay, send_same=same))

    @rule(cut=cuts, number=batches)
    def pause(self, cut: int | None, number: int) -> None:
        self.do(cut, lambda: self.office.batches.pause(number).result(0))

    @rule(cut=cuts, number=batches)
    def resume(self, cut: int | None, number: int) -> None:
        self.do(cut, lambda: self.office.batches.resume(number).result(0))

    @rule(queue=st.sampled_from([None, "mail"]), goes_on=st.booleans())
    def stop_or_go_on(self, queue: str | None, goes_on: bool) -> None:
        verb = pause_queue.resume if goes_on else pause_queue.pause
        self.office.stepped.do(lambda group: verb(group, queue))

    @rule(cut=cuts, number=batches)
    def cancel(self, cut: int | None, number: int) -> None:
        self.do(cut, lambda: self.office.batches.act("cancel", number).result(0))

    @rule(cut=cuts, number=batches)
    def retry(self, cut: int | None, number: int) -> None:
        self.do(cut, lambda: self.office.batches.act("retry", number).result(0))

    @rule(cut=cuts, number=batches)
    def undo(self, cut: int | None, number: int) -> None:
        self.do(cut, lambda: self.office.batches.delete(number).result(0))

    @rule(cut=cuts, how=st.sampled_from([SENT, SENT, REFUSED, Later("451", "", after=20)]))
    def end(self, cut: int | None, how: Any) -> None:
        self.do(cut, lambda: self.office.end(how))

    @rule(cut=cuts)
    def lose(self, cut: int | None) -> None:
        running = self.office.stepped.lane.running
        if running:
            self.office.stepped.cross(min(running))
            self.do(cut, lambda: self.office.end(LeftUncertain("no answer", "")))

    @rule(how=st.sampled_from(["done", "again"]))
    def settle_one(self, how: Any) -> None:
        states = self.office.stepped.states()
        unsure = [number for number, state in states.items() if state == "uncertain"]
        if unsure:
            self.do(None, lambda: self.office.stepped.change(resolve, unsure[0], how))

    @rule(seconds=st.sampled_from([10, 30, 61, 3601]))
    def wait(self, seconds: int) -> None:
        self.office.stepped.clock.time += seconds
        self.office.stepped.settle()

    @invariant()
    def holds(self) -> None:
        if hasattr(self, "office"):
            self.check_rates()
            self.check_places()

    def check_rates(self) -> None:
        """No batch begins more than its rate in any span, restarts or not.

        What has begun counts in its batch of then: a later batch may take its row over.
        """
        query = (
            "SELECT b.id, b.rate, t.id, t.attempt, t.started_at FROM tasks AS t "
            "JOIN batches AS b ON b.id = t.batch_id WHERE t.started_at IS NOT NULL"
        )
        for number, rate, *begin in self.office.stepped.connection.execute(query):
            begun, at = self.begun.setdefault(number, []), begin[-1]
            if tuple(begin) not in self.known:
                self.known.add(tuple(begin))
                begun.append(at)
            if rate is not None:
                allowed = Rate.parse(rate)
                within = [one for one in begun if at - allowed.period_ms < one <= at]
                assert len(within) <= allowed.count

    def check_places(self) -> None:
        """No row has two open messages, and none was handed in twice for one start."""
        query = "SELECT batch_id, batch_row, state FROM tasks WHERE batch_id IS NOT NULL"
        open_ones = Counter(
            (batch, place)
            for batch, place, state in self.office.stepped.connection.execute(query)
            if state in {"queued", "scheduled", "running", "waiting"}
        )
        assert all(n == 1 for n in open_ones.values())


Batching.TestCase.settings = settings(
    max_examples=examples(20),
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestBatching = Batching.TestCase
