"""The selection follows the task, not the place."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel

from desktop.gui.tasks.filters import FILTERS, NamedFilter
from desktop.gui.tasks.table import task_list, task_selection
from desktop.gui.tasks.table.task_table import TaskTable
from sendoff_tasks.model.filters import TaskFilter
from tests.gui.tasks.table.table_bench import STATES, choose, model_of, scroll
from tests.gui.tasks.table.task_source import TaskSource, stats

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot


LATER = "2150-01-01T00:00:00.000Z"


def test_the_selection_follows_the_task(qtbot: QtBot, view: TaskTable, source: TaskSource) -> None:
    choose(view, 5)
    assert view.selection.ids == [1195]
    model_of(view).apply(source.change(1201, "queued"))
    model_of(view).apply(source.remove(1199))
    model_of(view).apply(source.change(1195, "failed"))
    assert view.selection.ids == [1195]
    source.change(1202, "queued")  # its event was missed
    with qtbot.waitSignal(model_of(view).reordered):
        model_of(view).reset()
    assert view.selection.ids == [1195]
    assert [row.id for row in view.selection.rows] == [1195]
    with qtbot.waitSignal(view.selection_changed) as changed:
        model_of(view).apply(source.remove(1195))
    assert changed.args == [[]]


def test_the_selection_survives_another_order_and_ends_with_another_filter(
    qtbot: QtBot, view: TaskTable
) -> None:
    choose(view, 0, 1)
    with qtbot.waitSignal(model_of(view).shown):
        view.header.sort_chosen.emit("-finished_at")
    assert set(view.selection.ids) == {1200, 1199}
    view.selectAll()
    with qtbot.waitSignal(model_of(view).shown), qtbot.waitSignal(view.selection_changed):
        view.show_filter(FILTERS["scheduled"])
        view.selectAll()  # of the old list, which is still shown
    assert view.selection.ids == []
    assert view.selection.selected.query is None


def test_everything_is_what_there_was_when_it_was_selected(
    qtbot: QtBot, view: TaskTable, source: TaskSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    view.selectAll()
    selected = view.selection.selected
    later = time.time() + 60
    monkeypatch.setattr(time, "time", lambda: later)
    assert selected.query is not None
    assert (selected.count, {*selected.query.parameters()}) == (1200, {"known_at"})
    monkeypatch.setattr(task_selection, "after_all", lambda _: 9e9)
    model_of(view).apply(source.change(1201, "queued", created_at=LATER))
    assert not view.selectionModel().isRowSelected(0)
    source.change(1202, "queued", created_at=LATER)  # its event was missed
    with qtbot.waitSignal(model_of(view).reordered):
        model_of(view).reset()
    assert view.model().rowCount() == 1202
    qtbot.waitUntil(lambda: model_of(view).row_at(0) is not None)
    chosen = [view.selectionModel().isRowSelected(row) for row in range(3)]
    assert chosen == [False, False, True]
    source.remove(5)  # its event was missed, too
    with qtbot.waitSignal(model_of(view).reordered):
        model_of(view).again_timer.start()
    chosen = [view.selectionModel().isRowSelected(row) for row in range(3)]
    assert chosen == [False, False, True]
    assert view.selection.selected.count == 1199
    assert view.selection.selected.query == selected.query
    view.selectAll()
    assert view.selection.selected.count == 1201


def test_few_that_are_all_do_not_grow(
    qtbot: QtBot, table: Callable[[], TaskTable], source: TaskSource
) -> None:
    source.rows = {n: {**source.rows[n], "state": "uncertain"} for n in (3, 2, 1)}
    view = table()
    with qtbot.waitSignal(model_of(view).shown):
        view.show_filter(FILTERS["uncertain"])
    view.selectAll()
    model_of(view).apply(source.change(4, "uncertain"))
    assert view.model().rowCount() == 4
    assert sorted(view.selection.ids) == [1, 2, 3]
    (done, *_) = (each for each in view.selection.selected.actions if each.verb == "done")
    assert sorted(done.which) == [1, 2, 3]  # type: ignore[arg-type]
    choose(view, 0)
    model_of(view).apply(source.change(5, "uncertain"))
    assert (view.selection.ids, view.selection.selected.count) == ([4], 1)


def test_a_part_that_was_not_read_is_counted_and_another_choice_forgets_it(
    qtbot: QtBot, view: TaskTable
) -> None:
    flag, model = QItemSelectionModel.SelectionFlag, view.model()
    first_thousand = QItemSelection(model.index(0, 0), model.index(999, 0))
    view.selectionModel().select(first_thousand, flag.ClearAndSelect | flag.Rows)
    selected = view.selection.selected
    assert selected.count == 1000
    assert len(selected.rows) < 1000
    assert selected.query is None
    choose(view, 3)
    assert view.selection.selected.count == 1


def test_nothing_stays_selected_of_what_the_list_does_not_show(
    qtbot: QtBot,
    table: Callable[[], TaskTable],
    source: TaskSource,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(task_list, "KEPT", 256)
    view = table()
    with qtbot.waitSignal(model_of(view).shown):
        others = tuple(state for state in STATES if state != "cancelled")
        view.show_filter(NamedFilter("others", TaskFilter(others)))
    with qtbot.waitSignal(model_of(view).shown):
        view.header.sort_chosen.emit("to")
    view.selectAll()
    scroll(qtbot, view, 890)
    scroll(qtbot, view, 900)
    gone = [row["id"] for row in source.rows.values() if row["state"] != "cancelled"]
    for part in (gone[:900], gone[900:]):
        rows = [source.change(task_id, "cancelled")["rows"][0] for task_id in part]
        model_of(view).apply({"rows": rows, "gone": []})
        model_of(view).reset()
        left = len(source.matching(model_of(view).query))
        qtbot.waitUntil(lambda left=left: view.model().rowCount() == left)  # type: ignore[misc]
    assert view.model().rowCount() == 0
    assert view.selection.selected.count == 0
    assert view.selection.ids == []


def test_of_everything_only_what_there_is_any_of_is_offered(qtbot: QtBot, view: TaskTable) -> None:
    view.selection.set_stats(stats(failed=1200))
    view.selectAll()
    assert [each.verb for each in view.selection.selected.actions] == ["retry", "seen"]
    with qtbot.waitSignal(view.selection_changed):
        view.selection.set_stats(stats(queued=1200))
    assert [each.verb for each in view.selection.selected.actions] == ["cancel"]
    with qtbot.waitSignal(model_of(view).shown):
        view.show_text("person")
    view.selectAll()
    assert view.selection.selected.counts == {}
