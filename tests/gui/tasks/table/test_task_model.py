"""The model is true to the backend's list, however it changes and wherever one looks."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from desktop.gui.link.jobs import ApiSource
from desktop.gui.tasks.acting.pending_actions import Delivery, PendingActions
from desktop.gui.tasks.table.task_model import AHEAD_EVERY, TaskModel
from sendoff_tasks.client.calls import PAGE, SortedFilter
from sendoff_tasks.client.errors import BackendBroken, BackendGone
from tests.gui.tasks.table.model_bench import STATES, Bench
from tests.gui.tasks.table.task_source import TaskSource, task_row
from tests.property_based import examples

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desktop.gui.link.jobs import Jobs


@pytest.fixture
def bench(qapp: object) -> Callable[..., Bench]:
    return Bench


def test_a_jump_reads_only_what_is_looked_at(bench: Callable[..., Bench]) -> None:
    seen = bench(2000)
    before = seen.on_screen()
    seen.model.set_query(SortedFilter(sort="id"))
    stays = (seen.on_screen() == before, seen.model.is_loaded)
    assert stays == (True, False)  # until the others are there
    seen.jobs.answer()
    assert seen.model.rowCount() == 2000
    assert len(seen.model.tasks.rows) == 2 * PAGE  # of the old list and the new one
    assert seen.model.is_loaded
    seen.look(1500)
    seen.assert_true()
    assert seen.source.pages_read <= 4


def test_a_list_comes_in_parts_and_what_changes_meanwhile_is_true(
    bench: Callable[..., Bench],
) -> None:
    seen = bench(1000)
    seen.source.part = 100
    seen.model.set_query(SortedFilter(states=("queued", "failed")))
    seen.jobs.ask()
    seen.jobs.waiting.pop(0).deliver()
    assert (seen.model.rowCount(), seen.model.is_loaded) == (100, True)
    seen.tell(seen.source.change(1000, "queued"))
    seen.tell(seen.source.change(10, "queued"))
    seen.tell(seen.source.change(1, "failed"))
    seen.jobs.answer()
    seen.assert_true()
    assert list(seen.model.tasks.ids) == seen.truth()


def test_a_search_shows_what_it_has_found_while_it_goes_on(
    bench: Callable[..., Bench],
) -> None:
    seen = bench(1000)
    seen.source.looks_at = 30
    for text in ("person 10", "person 9", "missing"):
        seen.model.set_query(SortedFilter(text=text))
        seen.jobs.answer()
        seen.look(0, 200)
        seen.assert_true()
        assert seen.model.is_loaded


def test_nothing_is_read_again_while_nothing_is_on_screen(bench: Callable[..., Bench]) -> None:
    seen = bench(50)
    seen.model.watch(0, -1)
    seen.model.reset()
    assert not seen.jobs.waiting
    seen.tell(seen.source.change(51, "queued"))
    assert seen.model.rowCount() == 51
    seen.look(0)
    seen.assert_true()


def test_without_a_backend_it_waits_and_a_failure_is_told_in_its_sentence(
    bench: Callable[..., Bench], qtbot: QtBot
) -> None:
    seen = bench(50)
    seen.api.api = None
    seen.model.set_query(SortedFilter(states=("failed",)))
    assert not seen.jobs.waiting
    seen.api.api = seen.source  # type: ignore[assignment]
    seen.model.reset()
    seen.jobs.answer()
    seen.assert_true()
    seen.source.error = BackendGone()
    with qtbot.waitSignal(seen.model.failed) as failed:
        seen.model.set_query(SortedFilter(text="x"))
        seen.jobs.answer()
    assert failed.args == [""]
    seen.source.error = BackendBroken("The answer was not understood.")
    with qtbot.waitSignal(seen.model.failed) as failed:
        seen.model.set_query(SortedFilter(states=("queued",)))
        seen.jobs.answer()
    assert failed.args == ["The answer was not understood."]
    seen.source.error = None
    with qtbot.waitSignal(seen.model._ids_reader.free):
        pass
    seen.jobs.answer()
    seen.assert_true()


def test_pages_are_read_off_the_gui_thread(qtbot: QtBot, jobs: Jobs) -> None:
    source = TaskSource([task_row(i) for i in range(1, 600)])
    model = TaskModel(ApiSource(jobs, source), PendingActions(Delivery()))  # type: ignore[arg-type]
    with qtbot.waitSignal(model.shown):
        model.watch(0, 20)
    with qtbot.waitSignal(model.rows_read):
        model.watch(500, 520)
    assert source.threads
    assert threading.get_ident() not in source.threads


def test_how_many_are_ahead_of_those_on_screen_is_asked_again(bench: Callable[..., Bench]) -> None:
    seen = bench(5)
    ahead: dict[str, Any] = {"reason": "ahead", "reason_data": {"count": 9, "limit": 2}}
    seen.tell(seen.source.change(6, "queued", **ahead))
    seen.source.rows[6]["reason_data"] = {
        "count": 1,
        "limit": 2,
    }  # others are done; its row has no event
    for _ in range(AHEAD_EVERY):
        seen.model.refresh_ages()
    seen.settle()
    row = seen.model.row_at(0)
    assert row is not None
    assert (row.id, row.data) == (6, {"count": 1, "limit": 2})


ROWS = 300
CAUSE = "no such user"
TITLED = SortedFilter(task="Confirmation e-mail")
UNSEEN = SortedFilter(seen=False)
CAUSED = SortedFilter(cause=CAUSE, seen=False, sort="id")
QUERIES = [
    SortedFilter(),
    SortedFilter(sort="id"),
    SortedFilter(states=("queued", "running")),
    SortedFilter(states=("succeeded",), sort="id"),
    SortedFilter(text="person1"),
    SortedFilter(sort="-state"),
    SortedFilter(sort="-took"),
    SortedFilter(sort="item_id", states=("queued", "succeeded")),
    SortedFilter(sort="task"),
    SortedFilter(item_id=1007),
    SortedFilter(queue="paper"),
    SortedFilter(error="refused"),
    SortedFilter(to="person1", sort="id"),
    TITLED,
    UNSEEN,
    CAUSED,
]
steps = st.lists(
    st.one_of(
        st.tuples(st.just("look"), st.integers(0, ROWS)),
        st.tuples(st.just("change"), st.integers(1, ROWS), st.sampled_from(STATES)),
        st.tuples(st.just("fail"), st.integers(1, ROWS), st.booleans()),
        st.tuples(st.just("refuse"), st.integers(1, ROWS), st.sampled_from(["refused", None])),
        st.tuples(st.just("new"), st.integers(1, 3)),
        st.tuples(st.just("swap"), st.integers(1, ROWS), st.sampled_from(STATES)),
        st.tuples(st.just("print")),
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
        case ("fail", task_id, is_seen) if task_id in seen.source.rows:
            seen.tell(seen.source.change(task_id, "failed", cause=CAUSE, seen=is_seen))
        case ("refuse", task_id, error) if task_id in seen.source.rows:
            seen.tell(seen.source.change(task_id, "waiting", error=error))
        case ("print",):
            new = {"queue": "paper", "task": "print_it", "title": "Print: 7", "to": None}
            seen.tell(seen.source.change(seen.source.newest + 1, "queued", **new))
        case ("new", count):
            for _ in range(count):
                seen.tell(seen.source.change(seen.source.newest + 1, "queued"))
        case ("swap", task_id, state) if task_id in seen.source.rows:
            event = seen.source.change(task_id, state)
            event["rows"] += seen.source.change(seen.source.newest + 1, "failed")["rows"]
            seen.tell(event)
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
    max_examples=examples(100),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
few = settings(many, max_examples=2)


@many
@given(steps=steps)
# A task that came while the first page of another order was on its way.
@example(steps=[("query", SortedFilter(sort="id")), ("ask",), ("new", 1)])
# A task that came after the newest one has gone.
@example(steps=[("look", 98), ("gone", ROWS), ("new", 1)])
# A task that changed, and one that came, while a page of another part was on its way.
@example(steps=[("look", 260), ("ask",), ("change", 20, "failed"), ("new", 1), ("answer",)])
# A task that enters the list between two others.
@example(steps=[("query", QUERIES[2]), ("answer",), ("change", 150, "queued")])
# A task that leaves the list in the event that brings another one.
@example(steps=[("query", SortedFilter(states=("failed",))), ("answer",), ("swap", 6, "queued")])
# Tasks out of sight that go, or move in another order.
@example(steps=[("gone", 1), ("gone", 2), ("query", SortedFilter(sort="-state")), ("answer",)])
@example(steps=[("query", SortedFilter(sort="-state")), ("answer",), ("change", 150, "failed")])
# Tasks that leave a cause, outside the rows on screen and within.
@example(steps=[("fail", 3, False), ("query", CAUSED), ("answer",), ("fail", 3, True)])
@example(steps=[("query", UNSEEN), ("answer",), ("look", 98), ("fail", 3, True)])
# Tasks that a search does not find, or no longer.
@example(steps=[("query", SortedFilter(queue="paper")), ("answer",), ("new", 1)])
@example(steps=[("query", SortedFilter(to="person1")), ("answer",), ("print",)])
@example(
    steps=[
        ("refuse", 3, "refused"),
        ("query", SortedFilter(error="refused")),
        ("answer",),
        ("refuse", 3, None),
    ]
)
@example(steps=[("query", TITLED), ("answer",), ("refuse", 290, "refused")])
def test_after_any_steps_it_is_true_to_the_plain_list(qapp: object, steps: list[Any]) -> None:
    live_through(Bench(ROWS, tested=False), steps)


@few
@given(steps=steps)
def test_in_any_steps_every_signal_is_what_qt_expects(qapp: object, steps: list[Any]) -> None:
    live_through(Bench(ROWS), steps)


@pytest.mark.parametrize("is_first", [True, False])
def test_a_list_that_was_read_before_a_search_grew_is_read_again(
    qapp: object, is_first: bool
) -> None:
    seen = Bench(400, SortedFilter(error="no answer"), tested=False)
    for number in range(1, 399):
        seen.source.change(number, "waiting", error="refused")
    seen.model.set_query(SortedFilter(error="refused"))
    if not is_first:
        seen.jobs.answer()
        seen.model.read_search_again()
    seen.jobs.ask()
    seen.source.change(399, "waiting", error="refused")
    seen.model.read_search_again()
    seen.jobs.answer()
    assert seen.source.matching(seen.model.query)[0]["id"] == 399
    seen.assert_true()
