"""The windowed model: true to the backend's list, however it changes and wherever one looks."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QItemSelectionModel

from desktop.client.api import ApiSource, TaskQuery
from desktop.client.errors import BackendBroken, BackendGone
from desktop.gui.tasks.table.task_model import AHEAD_EVERY, TaskModel
from desktop.gui.tasks.table.task_pages import PAGE, PAGES
from tests.gui.tasks.table.model_bench import Bench
from tests.gui.tasks.table.task_source import TaskSource, task_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desktop.contract.events import TasksEvent
    from desktop.gui.link.jobs import Jobs


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


def test_a_search_that_stops_is_followed_until_what_is_in_sight_is_there(
    bench: Callable[..., Bench],
) -> None:
    seen = bench(2000)
    seen.source.looks_at = 30
    for text in ("person 10", "person 9", "missing"):
        seen.model.set_query(TaskQuery(text=text))
        seen.jobs.answer()
        seen.look(0, 200)
        seen.assert_true()
        assert seen.model.is_loaded
        assert seen.model.is_exact


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


def test_what_was_put_aside_out_of_sight_shortens_a_list_of_the_others(
    bench: Callable[..., Bench],
) -> None:
    seen = bench(2000, TaskQuery(seen=False))
    seen.tell(seen.source.change(5, "failed", seen=True))
    assert seen.model.rowCount() == 2000
    seen.settle()
    assert seen.model.rowCount() == 1999
    seen.tell(seen.source.change(5, "failed"))
    seen.settle()
    assert seen.model.rowCount() == 2000


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
    seen.source.error = BackendBroken("The answer was not understood.")
    with qtbot.waitSignal(seen.model.read_failed) as failed:
        seen.model.set_query(TaskQuery(states=("failed",)))
        seen.jobs.answer()
    assert failed.args == ["The answer was not understood."]
    seen.source.error = None
    with qtbot.waitSignal(seen.model._reader.free):
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
