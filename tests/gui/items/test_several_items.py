"""Several items are chosen by the keys of the tasks' table, and their tasks are acted upon."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from desktop.gui.items import item_table
from tests.gui.items.test_item_model import item
from tests.gui.tasks.table.task_source import task_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desktop.contract.tasks import TaskRow
    from desktop.gui.kit.words.task_row import Row
    from tests.gui.items.watched_items import Watched
    from tests.gui.play import Play, Scene

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def title(watched: Watched) -> str:
    """What stands below the table: of several items, or of one."""
    several = watched.view.several
    shown = several.tasks.title if several.isVisible() else watched.view.card.title
    assert isinstance(shown, QLabel)
    return shown.text()


def buttons(watched: Watched) -> list[str]:
    return [action.text for _, action in watched.view.several.buttons.shown]


def test_shift_chooses_more_and_escape_the_current_one_alone(
    qtbot: QtBot, watched: Watched
) -> None:
    watched.shelf.kept[2] = item(2, "no", tasks=[task_row(2, "failed"), task_row(7, "waiting")])
    watched.show()
    table = watched.view.table
    watched.view.activateWindow()
    table.setFocus()
    qtbot.waitUntil(table.hasFocus)
    assert title(watched).startswith("Item 3")
    QTest.keyClick(table, Qt.Key.Key_Down, SHIFT)
    assert (table.chosen(), title(watched)) == ([0, 1], "2 items selected · 3 tasks")
    assert watched.view.selection.selected.count == 3
    assert buttons(watched) == ["Retry (2)", "Cancel (1)", "Send again (1)"]
    assert table.give_up_selection()
    assert (table.chosen(), title(watched)) == ([1], "Item 2 · Person 2")
    assert not table.give_up_selection()


def test_all_means_those_that_were_not_read_yet_and_none_that_comes_later(
    qtbot: QtBot, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(item_table, "BULK_LIMIT", 12)
    for number in range(1, 11):
        watched.shelf.kept[number] = item(number)
    watched.show()
    view = watched.view
    assert len(watched.numbers) < 10
    QTest.keyClick(view.table, Qt.Key.Key_A, CTRL)
    watched.jobs.go()
    assert (len(watched.numbers), title(watched)) == (10, "10 items selected · 10 tasks")
    watched.shelf.kept[11] = item(11)
    view.rereading.note()
    qtbot.waitUntil(lambda: bool(watched.jobs.waiting))
    watched.jobs.go()
    assert (len(watched.numbers), title(watched)) == (11, "10 items selected · 10 tasks")


def test_more_than_one_call_takes_are_said_to_be_left_out(
    qtbot: QtBot, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(item_table, "BULK_LIMIT", 6)
    for number in range(1, 11):
        watched.shelf.kept[number] = item(number)
    watched.show()
    watched.view.table.selectAll()
    watched.jobs.go()
    words = "The first 6 items are selected: more are not possible at once · 6 tasks"
    qtbot.waitUntil(lambda: title(watched) == words)


def test_what_is_chosen_is_copied_as_a_table_and_its_addresses_each_once(
    watched: Watched,
) -> None:
    watched.show()
    view = watched.view
    view.table.selectAll()
    view.table.copy_rows()
    rows = QGuiApplication.clipboard().text().splitlines()
    assert QGuiApplication.clipboard().mimeData().html().startswith("<table><tr><th>Item</th>")
    assert [row.split("\t")[0] for row in rows] == ["3", "2", "1"]
    entries = {each.text(): each for each in view.several.menu().actions()}
    assert {"Copy as text", "Copy address"} <= entries.keys()
    entries["Copy address"].trigger()
    assert QGuiApplication.clipboard().text() == "p@example.org"


def test_their_tasks_are_followed_out_of_sight(qtbot: QtBot, watched: Watched) -> None:
    watched.shelf.kept[3] = item(3, "not_yet", tasks=[task_row(3, "queued")])
    watched.show()
    view = watched.view
    view.table.selectAll()
    assert "Cancel (1)" in buttons(watched)
    view.selection.apply({"rows": [task_row(3, "failed", rev=9)], "gone": [1]})
    qtbot.waitUntil(lambda: "Retry (1)" in buttons(watched))
    assert "Cancel (1)" not in buttons(watched)
    assert view.selection.selected.count == 2


def test_the_tasks_of_very_many_are_taken_up_a_few_at_a_time(
    qtbot: QtBot, watched: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window stood still for 0.4 s while 9,000 items were chosen, or read again."""
    monkeypatch.setattr(item_table, "STEP", 4)
    for number in range(1, 11):
        tasks = [task_row(number, "failed"), task_row(100 + number, "succeeded")]
        watched.shelf.kept[number] = item(number, tasks=tasks)
    watched.show()
    selection, taken = watched.view.selection, list[int]()
    newest = selection._newest

    def counted(task: TaskRow) -> Row:
        taken.append(task["id"])
        return newest(task)

    monkeypatch.setattr(selection, "_newest", counted)
    watched.view.table.selectAll()
    watched.jobs.go()
    assert 0 < len(taken) <= 2 * 4  # so far: of what was there, then of what was read
    qtbot.waitUntil(lambda: title(watched) == "10 items selected · 20 tasks")
    assert "Retry (10)" in buttons(watched)
    for number in range(1, 11):
        watched.shelf.kept[number] = item(number, tasks=[task_row(number, "queued", rev=9)])
    watched.view.table.clearSelection()
    watched.view.table.selectAll()
    selection.apply({"rows": [task_row(n, "queued", rev=9) for n in range(1, 11)], "gone": []})
    qtbot.waitUntil(lambda: "Cancel (10)" in buttons(watched))


def test_tasks_of_several_items_are_cancelled_and_that_can_be_undone(
    perform: Callable[[Scene], None],
) -> None:
    from tests.gui.test_rooms import later

    async def scene(play: Play) -> None:
        verbs, table = play.program.rooms.tasks.verbs, play.window.items.table
        verbs.grace.seconds = 600.0
        await later(play, 3)
        play.window.switch.choose("items")
        await play.until(lambda: table.model().rowCount() == 3)
        table.setFocus()
        QTest.keyClick(table, Qt.Key.Key_A, CTRL)
        several = play.window.items.several
        await play.until(lambda: "Cancel (3)" in [each.text for _, each in several.buttons.shown])
        QTest.keyClick(table, Qt.Key.Key_Delete)
        await play.toast("3 tasks will be cancelled in")
        await play.until(lambda: "Undo (3)" in [each.text for _, each in several.buttons.shown])
        play.window.toasts.act_newest()
        assert not verbs.announced
        QTest.keyClick(play.window, Qt.Key.Key_Escape)
        await play.until(lambda: len(table.chosen()) == 1)

    perform(scene)
