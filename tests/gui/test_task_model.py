"""The windowed model: true to the backend's list, however it changes and wherever one looks."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QItemSelectionModel, QThreadPool
from PySide6.QtTest import QAbstractItemModelTester

from desktop.client.api import ApiSource, TaskQuery
from desktop.client.errors import BackendGone, Broken
from desktop.gui.jobs import Jobs
from desktop.gui.task_model import TaskModel
from desktop.gui.task_pages import PAGE, PAGES
from tests.gui.task_source import TaskSource, task_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desktop.contract.events import TasksEvent

TESTED = 800
"""Rows up to which Qt's tester watches: it looks at every cell at every signal."""
STATES = ["scheduled", "queued", "running", "waiting", "succeeded", "failed", "uncertain"]


class InLine(Jobs):
    """Jobs that run when told to, on this thread: the order of things is the test's."""

    def __init__(self) -> None:
        super().__init__(QThreadPool(), _fail)
        self.waiting: list[Any] = []

    def start(self, job: Any) -> Any:
        ticket = _Ticket(job)
        self.waiting.append(ticket)
        return ticket

    def ask(self) -> None:
        """Let the oldest job read; what it read is delivered by ``answer``."""
        for ticket in self.waiting:
            ticket.run()

    def answer(self) -> None:
        """Deliver, until nothing is asked for any more."""
        while self.waiting:
            ticket = self.waiting.pop(0)
            ticket.run()
            ticket.deliver()


class _Ticket:
    def __init__(self, job: Any) -> None:
        self.job, self.cancelled, self.ran = job, False, False

    def cancel(self) -> None:
        self.cancelled = True

    def run(self) -> None:
        if not self.ran:
            self.ran = True
            try:
                self.result, self.error = self.job.function(*self.job.args), None
            except Exception as error:  # noqa: BLE001 - handed to the job's own handler
                self.error = error

    def deliver(self) -> None:
        if self.cancelled:
            return
        if self.error is None:
            self.job.on_success(self.result)
        else:
            self.job.on_failure(self.error)


def _fail(error: Exception) -> None:
    raise error


class Bench:
    """A model over a source; a short one is checked by Qt's tester at every signal."""

    def __init__(self, count: int, query: TaskQuery | None = None, *, tested: bool = True) -> None:
        self.source = TaskSource([task_row(i, STATES[i % 7]) for i in range(1, count + 1)])
        self.api = ApiSource()
        self.api.api = self.source  # type: ignore[assignment]
        self.jobs = InLine()
        self.model = TaskModel(self.api, self.jobs)
        if tested and count <= TESTED:
            mode = QAbstractItemModelTester.FailureReportingMode.Fatal
            self.tester = QAbstractItemModelTester(self.model, mode)
        if query is not None:
            self.model.set_query(query)
        self.look(0)

    def look(self, first: int, rows: int = 30) -> None:
        self.model.watch(first, first + rows)
        self.jobs.answer()

    def settle(self) -> None:
        """Let the second pass after which unsure things are read again."""
        if self.model._again_timer.isActive():
            self.model._again_timer.stop()
            self.model._on_again()
        self.jobs.answer()

    def tell(self, event: TasksEvent) -> None:
        self.model.apply(event)

    def truth(self) -> list[int]:
        return [row["id"] for row in self.source.matching(self.model.query)]

    def on_screen(self) -> list[int | None]:
        first, last = self.model.window
        last = min(last, self.model.rowCount() - 1)
        rows = [self.model.row_at(position) for position in range(first, last + 1)]
        return [None if row is None else row.id for row in rows]

    def assert_true(self) -> None:
        """What is on screen, and the length, are those of the plain list."""
        truth = self.truth()
        first, last = self.model.window
        assert self.model.rowCount() == len(truth)
        assert self.on_screen() == truth[first : last + 1]
        for row in self.model.rows_between(first, last):
            assert row.rev == self.source.rows[row.id]["rev"]


@pytest.fixture
def bench(qapp: object) -> Callable[..., Bench]:
    return Bench


def test_shows_the_first_page_and_knows_the_length_of_the_rest(bench: Callable[..., Bench]) -> None:
    seen = bench(2000)
    seen.assert_true()
    assert seen.model.pages.loaded == PAGE
    assert seen.model.is_loaded


def test_a_jump_reads_only_what_is_looked_at(bench: Callable[..., Bench]) -> None:
    seen = bench(20_000)
    seen.look(15_000)
    seen.assert_true()
    assert seen.source.pages_read <= 3


def test_walking_down_never_keeps_more_than_the_limit(bench: Callable[..., Bench]) -> None:
    seen = bench(PAGE * (PAGES + 6))
    for first in range(0, PAGE * (PAGES + 5), PAGE // 2):
        seen.look(first)
        seen.assert_true()
    assert seen.model.pages.loaded <= PAGE * PAGES
    seen.look(0)
    seen.assert_true()


def test_a_new_task_comes_in_at_the_top_and_moves_what_is_below(
    bench: Callable[..., Bench], qtbot: QtBot
) -> None:
    seen = bench(1000)
    with qtbot.waitSignal(seen.model.rowsInserted) as inserted:
        seen.tell(seen.source.change(1001, "queued"))
    assert inserted.args[1:] == [0, 0]
    seen.assert_true()


def test_new_tasks_far_above_the_eye_only_make_the_list_longer(bench: Callable[..., Bench]) -> None:
    seen = bench(30_000)
    for first in range(1000, 25_000, 400):
        seen.look(first)
    assert seen.model.row_at(0) is None
    before = seen.on_screen()
    first, last = seen.model.window
    seen.tell(seen.source.change(30_001, "queued"))
    assert seen.model.rowCount() == 30_001
    seen.look(first + 1, last - first)
    assert seen.on_screen() == before
    seen.assert_true()


def test_a_change_on_screen_is_one_signal_within_the_window(
    bench: Callable[..., Bench], qtbot: QtBot
) -> None:
    seen = bench(1000)
    event: TasksEvent = {"rows": [], "gone": []}
    for task_id in (1000, 995, 900, 600):
        event["rows"] += seen.source.change(task_id, "failed")["rows"]
    signals: list[tuple[int, int]] = []
    seen.model.dataChanged.connect(lambda top, end, _: signals.append((top.row(), end.row())))
    seen.tell(event)
    assert signals == [(0, 5)]


def test_an_older_revision_changes_nothing(bench: Callable[..., Bench]) -> None:
    seen = bench(10)
    seen.tell(seen.source.change(10, "failed"))
    seen.tell({"rows": [task_row(10, "running", rev=1)], "gone": []})
    row = seen.model.row_at(0)
    assert row is not None
    assert row.state == "failed"


def test_a_task_that_leaves_the_filter_leaves_the_list(bench: Callable[..., Bench]) -> None:
    seen = bench(700, TaskQuery(states=("failed",)))
    task_id = seen.truth()[3]
    seen.tell(seen.source.change(task_id, "queued"))
    assert task_id not in seen.on_screen()
    seen.assert_true()


def test_a_task_that_enters_the_filter_takes_its_place(bench: Callable[..., Bench]) -> None:
    seen = bench(700, TaskQuery(states=("failed",)))
    other = next(i for i in range(600, 700) if seen.source.rows[i]["state"] != "failed")
    seen.tell(seen.source.change(other, "failed"))
    seen.assert_true()


def test_a_task_undone_or_forgotten_is_gone(bench: Callable[..., Bench]) -> None:
    seen = bench(100)
    seen.tell(seen.source.remove(98))
    seen.assert_true()


def test_tasks_pruned_out_of_sight_shorten_the_list_after_a_second(
    bench: Callable[..., Bench],
) -> None:
    seen = bench(5000)
    for task_id in range(1, 501):
        seen.tell(seen.source.remove(task_id))
    seen.settle()
    seen.assert_true()


def test_under_a_search_what_comes_is_asked_for_again(bench: Callable[..., Bench]) -> None:
    seen = bench(400, TaskQuery(text="person12"))
    seen.tell(seen.source.change(1299, "queued"))
    seen.settle()
    seen.assert_true()


def test_in_another_order_what_moves_is_asked_for_again(bench: Callable[..., Bench]) -> None:
    seen = bench(900, TaskQuery(sort="state"))
    seen.tell(seen.source.change(450, "cancelled"))
    seen.settle()
    seen.assert_true()
    seen.look(700)
    seen.assert_true()


def test_an_event_that_overtakes_a_page_is_not_lost(bench: Callable[..., Bench]) -> None:
    seen = bench(3000)
    seen.model.watch(2000, 2030)
    seen.jobs.ask()
    seen.tell(seen.source.change(985, "failed"))
    seen.tell(seen.source.change(3001, "queued"))
    seen.jobs.answer()
    seen.look(2001)
    seen.assert_true()


def test_the_old_rows_stay_until_those_of_another_query_are_there(
    bench: Callable[..., Bench],
) -> None:
    seen = bench(100)
    before = seen.on_screen()
    seen.model.set_query(TaskQuery(states=("failed",)))
    assert seen.on_screen() == before
    assert not seen.model.is_loaded
    seen.jobs.answer()
    seen.assert_true()


def test_a_reset_reads_what_is_on_screen_again(bench: Callable[..., Bench]) -> None:
    seen = bench(3000)
    seen.look(1500)
    seen.source.change(1490, "failed")
    seen.source.remove(1480)
    seen.model.reset()
    seen.jobs.answer()
    seen.assert_true()


def test_a_reset_past_the_end_of_a_list_that_became_short_finds_its_end(
    bench: Callable[..., Bench],
) -> None:
    seen = bench(3000)
    seen.look(2900)
    for task_id in range(1, 2900):
        seen.source.remove(task_id)
    seen.model.reset()
    seen.jobs.answer()
    assert seen.model.rowCount() == 101
    seen.look(0)
    seen.assert_true()


def test_without_a_backend_it_waits_and_goes_on_by_reset(bench: Callable[..., Bench]) -> None:
    seen = bench(50)
    seen.api.api = None
    seen.model.set_query(TaskQuery(states=("failed",)))
    assert not seen.jobs.waiting
    seen.api.api = seen.source  # type: ignore[assignment]
    seen.model.reset()
    seen.jobs.answer()
    seen.assert_true()


def test_a_failure_is_told_in_its_sentence_and_tried_again(
    bench: Callable[..., Bench], qtbot: QtBot
) -> None:
    seen = bench(50)
    seen.source.error = Broken("The answer was not understood.")
    with qtbot.waitSignal(seen.model.read_failed) as failed:
        seen.model.set_query(TaskQuery(states=("failed",)))
        seen.jobs.answer()
    assert failed.args == ["The answer was not understood."]
    seen.source.error = None
    with qtbot.waitSignal(seen.model._reader.free, timeout=3000):
        pass
    seen.jobs.answer()
    seen.assert_true()


def test_nothing_is_said_when_the_backend_went(bench: Callable[..., Bench], qtbot: QtBot) -> None:
    seen = bench(50)
    seen.source.error = BackendGone()
    with qtbot.assertNotEmitted(seen.model.read_failed):
        seen.model.set_query(TaskQuery(text="x"))
        seen.jobs.answer()


def test_a_selected_place_follows_its_task_when_the_list_is_exchanged(
    bench: Callable[..., Bench],
) -> None:
    seen = bench(600)
    chosen = QItemSelectionModel(seen.model)
    chosen.setCurrentIndex(seen.model.index(20, 0), QItemSelectionModel.SelectionFlag.Select)
    row = seen.model.row_at(20)
    assert row is not None
    for task_id in range(595, 600):
        seen.source.remove(task_id)
    seen.model.reset()
    seen.jobs.answer()
    assert chosen.currentIndex().row() == seen.model.position_of(row.id) == 15
    assert [index.row() for index in chosen.selectedIndexes()] == [15]


def test_pages_are_read_off_the_gui_thread(qtbot: QtBot, jobs: Jobs) -> None:
    source = TaskSource([task_row(i) for i in range(1, 600)])
    api = ApiSource()
    api.api = source  # type: ignore[assignment]
    model = TaskModel(api, jobs)
    with qtbot.waitSignal(model.shown):
        model.watch(0, 20)
    with qtbot.waitSignal(model.rows_read):
        model.watch(500, 520)
    assert source.threads
    assert threading.get_ident() not in source.threads


ROWS = 300
QUERIES = [
    TaskQuery(),
    TaskQuery(sort="id"),
    TaskQuery(states=("queued", "running")),
    TaskQuery(states=("succeeded",), sort="id"),
    TaskQuery(text="person1"),
    TaskQuery(sort="-state"),
    TaskQuery(item_id=1007),
]
steps = st.lists(
    st.one_of(
        st.tuples(st.just("look"), st.integers(0, ROWS)),
        st.tuples(st.just("change"), st.integers(1, ROWS), st.sampled_from(STATES)),
        st.tuples(st.just("new"), st.integers(1, 3)),
        st.tuples(st.just("gone"), st.integers(1, ROWS)),
        st.tuples(st.just("missed"), st.integers(1, ROWS)),
        st.tuples(st.just("query"), st.sampled_from(QUERIES)),
        st.tuples(st.just("ask")),
        st.tuples(st.just("answer")),
        st.tuples(st.just("settle")),
    ),
    max_size=30,
)


def take(seen: Bench, step: tuple[Any, ...]) -> None:
    """Take one random step; some leave an answer under way while the list changes."""
    match step:
        case ("look", first):
            seen.model.watch(first, first + 30)
        case ("change", task_id, state) if task_id in seen.source.rows:
            seen.tell(seen.source.change(task_id, state))
        case ("new", count):
            for _ in range(count):
                seen.tell(seen.source.change(max(seen.source.rows, default=0) + 1, "queued"))
        case ("gone", task_id) if task_id in seen.source.rows:
            seen.tell(seen.source.remove(task_id))
        case ("missed", task_id) if task_id in seen.source.rows:
            seen.source.change(task_id, "failed")
            seen.source.remove(task_id + 1)
            seen.model.reset()
        case ("query", query):
            seen.model.set_query(query)
        case ("ask",):
            seen.jobs.ask()
        case ("answer",):
            seen.jobs.answer()
        case ("settle",):
            seen.settle()


def live_through(seen: Bench, steps: list[tuple[Any, ...]]) -> None:
    """Take all steps, let everything settle, and compare with the plain list."""
    for step in steps:
        take(seen, step)
    seen.jobs.answer()
    seen.settle()
    first = min(seen.model.window[0], max(seen.model.rowCount() - 31, 0))
    for _ in range(3):
        seen.look(first)
        seen.settle()
    seen.assert_true()


many = settings(
    deadline=None,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
few = settings(many, max_examples=6)


@many
@given(steps=steps)
def test_whatever_happens_it_ends_true_to_the_plain_list(qapp: object, steps: list[Any]) -> None:
    live_through(Bench(ROWS, tested=False), steps)


@few
@given(steps=steps)
def test_whatever_happens_every_signal_is_what_qt_expects(qapp: object, steps: list[Any]) -> None:
    live_through(Bench(ROWS), steps)
