"""What is said under a search, and over the titles while newer rows are above."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from desktop.gui.kit.words.table import say
from desktop.gui.tasks.search_field import parse
from desktop.gui.tasks.table.list_pane import ListPane
from tests.gui.tasks.table.table_bench import first_on_screen, model_of, scroll

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.tasks.table.task_table import TaskTable
    from sendoff_tasks.model.events import TasksEvent
    from tests.gui.tasks.table.task_source import TaskSource


@pytest.fixture
def pane(qtbot: QtBot, view: TaskTable) -> ListPane:
    made = ListPane(view)
    qtbot.addWidget(made)
    made.resize(1000, 600)
    with qtbot.waitExposed(made):
        made.show()
    return made


def said(pane: ListPane) -> list[str]:
    return [line.words.text() for line in (pane.to_come, pane.before) if line.isVisible()]


def test_under_a_search_stands_what_it_cannot_find_yet_or_any_more(
    qtbot: QtBot, view: TaskTable, pane: ListPane
) -> None:
    pane.count_to_come(1781)
    assert said(pane) == []
    with qtbot.waitSignal(pane.people_wanted) as wanted:
        view.show_text("person8 to:ada")
    assert wanted.args == ["person8 ada"]
    pane.count_before(3)
    assert said(pane) == [say("list", "to_come", n=1781), say("list", "before", n=3)]
    with qtbot.waitSignal(model_of(view).shown):
        view.show_text("no such person")
    assert said(pane) == [say("list", "to_come", n=1781)]  # also where nothing is found
    assert view.empty.isVisible()
    assert view.empty.batches.isHidden()
    pane.count_to_come(0)
    assert said(pane) == []
    pane.count_to_come(2)
    view.show_text("")
    assert said(pane) == []
    assert not view.empty.batches.isHidden()


@pytest.mark.parametrize("key", ["state:failed", "queue:mail", "since:7d", "batch:7"])
def test_people_are_not_counted_by_what_only_tasks_have(key: str) -> None:
    assert parse(f"ada {key}").of_people == ""
    assert parse("ada").of_people == "ada"


def test_newer_rows_are_counted_while_the_list_is_not_at_its_top(
    qtbot: QtBot, view: TaskTable, pane: ListPane, source: TaskSource
) -> None:
    model_of(view).apply(source.change(1201, "queued"))
    assert pane.newer.isHidden()
    for way in (pane.newer.click, lambda: qtbot.keyClick(view, Qt.Key.Key_Home)):
        scroll(qtbot, view, 100)
        assert pane.newer.isHidden()
        event: TasksEvent = {"rows": [], "gone": []}
        for number in range(source.newest + 1, source.newest + 13):
            event["rows"] += source.change(number, "queued")["rows"]
        model_of(view).apply(event)
        assert pane.newer.text() == say("list", "newer", n=12)
        assert pane.newer.isVisible()
        way()
        qtbot.waitUntil(lambda: first_on_screen(view) == source.newest)
        assert pane.newer.isHidden()
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert view.currentIndex().row() == view.model().rowCount() - 1
    with qtbot.waitSignal(model_of(view).shown):
        view.header.sort_chosen.emit("to")
    scroll(qtbot, view, 100)
    model_of(view).apply(source.change(source.newest + 1, "queued"))
    assert pane.newer.isHidden()
