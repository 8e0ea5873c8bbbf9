"""All three views are those of the store, however its stream is delayed, repeated or reordered."""

from __future__ import annotations

import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication

from desktop.client.items import ItemQuery
from desktop.contract.batches import BatchState
from desktop.gui.batches.spreadsheets import BatchModel
from desktop.gui.items.item_table import ItemModel
from desktop.gui.link.jobs import ApiSource
from desktop.gui.tasks.acting.pending_actions import Delivery, PendingActions
from desktop.gui.tasks.table.task_model import TaskModel
from sendoff_tasks.client.calls import SortedFilter
from sendoff_tasks.errors import EngineError
from tests.gui.live_store import OUTCOMES, LiveStore
from tests.gui.tasks.table.model_bench import InLine
from tests.property_based import examples

if TYPE_CHECKING:
    from desktop.contract.batches import Batch, BatchesEvent
    from sendoff_tasks.model.events import TasksEvent

SIGHT = 60
TASKS = [
    *(SortedFilter(states=states) for states in [(), ("failed",), ("queued", "running")]),
    *(SortedFilter(sort=sort) for sort in ("id", "-finished_at", "to")),
    *(SortedFilter(text=text) for text in ("opera", "bo", "p1")),
    *(SortedFilter(to="bo"), SortedFilter(queue="mail"), SortedFilter(task="mail", sort="id")),
    *(SortedFilter(batch_id=1), SortedFilter(states=("failed",), seen=False)),
    *(
        SortedFilter(text="mailbox"),
        SortedFilter(error="user"),
        SortedFilter(text="451", sort="id"),
    ),
]
ITEMS = [
    *(ItemQuery(informed=kinds) for kinds in [(), ("yes",), ("no",), ("not_yet",), ("not_sure",)]),
    *(ItemQuery(text="opera"), ItemQuery(text="bo"), ItemQuery(batch_id=1, informed=("no",))),
    ItemQuery(text="mailbox"),
]
STATES = ["scheduled", "queued", "waiting", "succeeded", "failed", "uncertain", "cancelled"]
ACTIONS = ["cancel", "retry", "done", "again", "resend", "seen", "remove"]


class Views(RuleBasedStateMachine):
    """A window's models over a store in which much happens, and the stream between them."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = LiveStore(Path(self.folder.name) / "store.db")
        self.jobs = InLine()
        source = ApiSource(self.jobs, self.store)  # type: ignore[arg-type]
        self.tasks = TaskModel(source, PendingActions(Delivery()))
        self.items = ItemModel(source)
        self.batches = BatchModel(source)
        mode = QAbstractItemModelTester.FailureReportingMode.Fatal
        for model in (self.tasks, self.items, self.batches):
            QAbstractItemModelTester(model, mode, model)
        self.items.outdated.connect(lambda: self.items.refresh(0))
        self.heard = self.store.last
        self.indexed_to = self.store.indexed_to
        self.told: list[tuple[TasksEvent, BatchesEvent]] = []
        self.tasks.watch(0, SIGHT)
        self.reset()

    def teardown(self) -> None:
        try:
            self.in_peace_all_are_true()
        finally:
            self.store.close()
            self.folder.cleanup()

    # the store

    @rule(count=st.integers(1, 3))
    def submit(self, count: int) -> None:
        self.store.submit(count)

    @rule()
    def submit_alone(self) -> None:
        self.store.submit_alone()

    @rule(place=st.integers(0, 5), send=st.booleans())
    def correct(self, place: int, send: bool) -> None:
        with suppress(EngineError):  # one of its tasks runs
            self.store.correct(place, send=send)

    @rule(place=st.integers(0, 5))
    def undo(self, place: int) -> None:
        with suppress(EngineError):
            self.store.undo(place)

    @rule()
    def pause(self) -> None:
        self.store.pause()

    @rule()
    def resume(self) -> None:
        self.store.resume()

    @rule(how=st.lists(st.sampled_from(sorted(OUTCOMES)), min_size=1, max_size=3))
    def end(self, how: list[str]) -> None:
        for each in how:
            self.store.end(each)

    @rule(action=st.sampled_from(ACTIONS), states=st.lists(st.sampled_from(STATES), min_size=1))
    def act(self, action: str, states: list[str]) -> None:
        self.store.act(action, tuple(states))

    @rule(seconds=st.sampled_from([1, 10, 40]))
    def pass_time(self, seconds: int) -> None:
        self.store.pass_time(seconds)

    @rule(rows=st.integers(1, 4))
    def bring(self, rows: int) -> None:
        self.store.bring(rows)

    @rule(
        verb=st.sampled_from(["start", "start", "pause", "resume", "cancel", "retry", "delete"]),
        place=st.integers(0, 3),
    )
    def on_batch(self, verb: str, place: int) -> None:
        with suppress(EngineError):  # not in this state
            self.store.on_batch(verb, place)

    # the stream

    @rule()
    def on_event(self) -> None:
        """Hear what changed since the last event that was heard."""
        if self.indexed_to != self.store.indexed_to:
            self.indexed_to = self.store.indexed_to
            self.tasks.read_search_again()
            self.items.read_search_again()
        self.heard, tasks, batches = self.store.changes(self.heard)
        if tasks is None:
            self.reset()
        else:
            self.told.append((tasks, batches))
            self.tell(tasks, batches)

    @rule(back=st.integers(1, 6))
    def hear_again(self, back: int) -> None:
        """Hear old events as they were told then, the last ones first: repeated, out of order."""
        for event in reversed(self.told[-back:]):
            self.tell(*event)

    @rule()
    def reset(self) -> None:
        """Begin at the present: the stream was cut for too long."""
        self.heard = self.store.last
        self.told.clear()
        self.tasks.reset()
        self.items.refresh(0)
        self.batches.load()

    @rule()
    def answer(self) -> None:
        """Deliver the pages that were asked for, read by then."""
        self.jobs.answer()

    @rule()
    def read(self) -> None:
        """Read the pages asked for; they are delivered later."""
        self.jobs.ask()

    @rule(query=st.sampled_from(TASKS))
    def look_at(self, query: SortedFilter) -> None:
        self.tasks.set_query(query)

    @rule(query=st.sampled_from(ITEMS))
    def look_at_items(self, query: ItemQuery) -> None:
        self.items.show_query(query)

    def tell(self, tasks: TasksEvent, batches: BatchesEvent) -> None:
        """Tell the models what ``Live`` and those that hear it do."""
        if tasks["rows"] or tasks["gone"]:
            self.tasks.apply(tasks)
            self.items.refresh(0)
        if batches["rows"] or batches["gone"]:
            self.batches.follow(batches)

    @rule()
    def in_peace_all_are_true(self) -> None:
        """Once all is heard and read, each view is that of the store, by what was told alone."""
        self.on_event()
        while self.heard != self.store.last:
            self.on_event()
        for _ in range(3):
            self.jobs.answer()
            if self.tasks.again_timer.isActive():
                self.tasks.again_timer.stop()
                self.tasks.again_timer.timeout.emit()
        page = self.store.page(self.tasks.query, limit=SIGHT)
        shown = self.tasks.rows_between(0, SIGHT - 1)
        told = [(row["id"], row["rev"], row["state"]) for row in page["tasks"]]
        assert [(row.id, row.rev, row.state) for row in shown] == told
        parts = self.store.ids(self.tasks.query)
        assert [*self.tasks.tasks.ids] == [number for part in parts for number in part["ids"]]
        items = self.store.items.page(self.items.query)
        assert self.items.rows[: len(items["items"])] == items["items"]
        batches = [lasting(each) for each in self.store.batches.page()["batches"]]
        assert [lasting(each) for each in self.batches.rows] == batches


def lasting(batch: Batch) -> dict[str, Any]:
    """Leave out of a draft when it would leave, and why not now: no event tells that."""
    left_out = {"leaves"} if batch["state"] == BatchState.DRAFT else set()
    return {name: value for name, value in batch.items() if name not in left_out}


def test_after_any_changes_heard_in_any_way_the_views_are_true(qapp: QApplication) -> None:
    quiet = [HealthCheck.too_slow, HealthCheck.data_too_large]
    runs = settings(
        max_examples=examples(25),
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=quiet,
    )
    run_state_machine_as_test(Views, settings=runs)


def test_an_error_finds_its_task_and_item_once_the_index_has_followed(qapp: QApplication) -> None:
    views = Views()
    views.look_at(SortedFilter(text="mailbox"))
    views.look_at_items(ItemQuery(text="mailbox"))
    views.submit(2)
    views.end(["full"])
    views.in_peace_all_are_true()
    assert (views.tasks.rowCount(), views.items.rowCount()) == (0, 0)
    views.pass_time(10)
    views.in_peace_all_are_true()
    assert (views.tasks.rowCount(), views.items.rowCount()) == (1, 1)
    views.teardown()
