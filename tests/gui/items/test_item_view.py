"""The view of items: keys and clicks, chips, and when it is read again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop.gui.items.item_table import ItemColumn
from desktop.gui.kit.lists.list_widths import rows_in_sight
from tests.gui.items.test_item_table import item
from tests.gui.tasks.table.task_source import task_row

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow
    from tests.gui.items.watched_items import Watched

pytestmark = pytest.mark.dressed

TAB = Qt.FocusPolicy.TabFocus


def test_out_of_sight_nothing_is_read_and_in_sight_at_most_twice_a_second(
    qtbot: QtBot, watched: Watched
) -> None:
    view = watched.view
    view.rereading.note()
    view.show_text("ada")
    view.show_text("")
    assert not watched.jobs.waiting
    watched.show()
    assert watched.shelf.asked == 1
    watched.shelf.kept[4] = item(4)
    for _ in range(5):
        view.rereading.note()
        watched.jobs.go()
    assert watched.shelf.asked == 1
    qtbot.waitUntil(lambda: bool(watched.jobs.waiting))
    watched.jobs.go()
    assert (watched.shelf.asked, watched.numbers) == (2, [4, 3, 2, 1])


def test_the_first_item_that_comes_into_an_empty_list_is_chosen(
    qtbot: QtBot, watched: Watched
) -> None:
    watched.shelf.kept.clear()
    watched.show()
    watched.shelf.kept[4] = item(4, "no")
    watched.view.rereading.note()
    qtbot.waitUntil(lambda: bool(watched.jobs.waiting))
    watched.jobs.go()
    assert watched.view.table.currentIndex().row() == 0
    assert watched.view.card.item_id == 4


def test_the_selected_item_is_in_sight_when_the_view_is_entered(
    qtbot: QtBot, watched: Watched
) -> None:
    view, table = watched.view, watched.view.table
    view.resize(900, 200)
    watched.show()
    table.selectRow(2)
    view.hide()
    watched.shelf.kept |= {4: item(4), 5: item(5)}
    view.rereading.note()
    view.show()
    qtbot.waitUntil(lambda: bool(watched.jobs.waiting))
    watched.jobs.go()
    assert (view.card.item_id, table.currentIndex().row()) == (1, 4)
    first, last = rows_in_sight(table)
    assert 0 < first <= 4 <= last


def test_tab_leads_to_the_chosen_chip_and_arrows_choose_another(
    qtbot: QtBot, watched: Watched
) -> None:
    watched.show()
    row = watched.view.chips
    qtbot.waitUntil(row.isActiveWindow)
    chips = row.chips
    heard: list[str] = []
    row.kind_chosen.connect(heard.append)
    qtbot.mouseClick(chips["not_sure"], Qt.MouseButton.LeftButton)
    row.choose("yes")
    assert [kind for kind, chip in chips.items() if chip.focusPolicy() & TAB] == ["yes"]
    chips["yes"].setFocus()
    qtbot.keyClick(chips["yes"], Qt.Key.Key_Right)
    qtbot.keyClick(chips["not_yet"], Qt.Key.Key_Right)
    assert heard == ["not_sure", "yes", "not_yet", "no"]
    assert chips["no"].hasFocus()
    assert [kind for kind, chip in chips.items() if chip.focusPolicy() & TAB] == ["no"]


def test_enter_or_a_double_click_wants_the_tasks_of_an_item(qtbot: QtBot, watched: Watched) -> None:
    watched.show()
    table = watched.view.table
    qtbot.keyClick(table, Qt.Key.Key_Down)
    with qtbot.waitSignal(watched.view.tasks_wanted) as wanted:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert wanted.args == [2]
    where = table.visualRect(table.model().index(2, 1)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    with qtbot.waitSignal(watched.view.tasks_wanted) as wanted:
        qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert wanted.args == [1]


def test_a_chip_narrows_the_list_and_what_is_empty_says_so(qtbot: QtBot, watched: Watched) -> None:
    watched.show()
    view, chips = watched.view, watched.view.chips.chips
    assert chips[""].accessibleName() == "All, 3"
    assert chips["kept"].isHidden()
    qtbot.mouseClick(chips["no"], Qt.MouseButton.LeftButton)
    watched.jobs.go()
    assert watched.numbers == [2]
    qtbot.mouseClick(chips["not_sure"], Qt.MouseButton.LeftButton)
    watched.jobs.go()
    assert view.empty.isVisible()
    assert view.model.index(0, 0).isValid() is False
    with qtbot.waitSignal(view.cleared):
        view.empty.cleared.emit()
    watched.jobs.go()
    assert watched.numbers == [3, 2, 1]
    assert view.empty.isHidden()


def test_keys_of_a_search_are_understood_or_said_to_be_of_tasks(watched: Watched) -> None:
    watched.show()
    view = watched.view
    view.batches = {"may.csv": 7}
    for text, words, batch in (
        ("to:ada opera", "opera ada", None),
        ("batch:May.csv error:550", "550", 7),
        ("batch:3", "", 3),
    ):
        view.show_text(text)
        assert (view.model.query.text, view.model.query.batch_id) == (words, batch)
        watched.jobs.go()
        assert view.chips.chips[""].count == "3"
    watched.shelf.kept.clear()
    view.show_text("state:failed queue:mail")
    watched.jobs.go()
    said = "Items cannot be searched by “state:”, “queue:”. Choose Tasks for that."
    assert view.empty.sentence.text() == said
    view.show_text("note:33")
    watched.jobs.go()
    said = "Nothing matches “note:33”. The search does not know “note:”. It knows to:, error:, "
    assert view.empty.sentence.text() == f"{said}batch:."
    view.empty.show_none("note:33", narrowed=True)
    said = view.empty.sentence.text()
    assert "in this group matches “note:33”. The search does not know “note:”." in said


def test_keys_lead_to_the_items_and_search_stays_there(qtbot: QtBot, window: AppWindow) -> None:
    view = window.items
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert view.isVisible()
    assert view.chips.isVisible()
    assert not window.page.chips.isVisible()
    assert QApplication.focusWidget() is view.table
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(window.page.search, "ada")
    qtbot.keyClick(window.page.search, Qt.Key.Key_Return)
    assert view.isVisible()
    assert view.model.query.text == "ada"
    assert view.table.accessibleName() == "Items"


def test_in_a_narrow_window_why_has_room_for_some_words(qtbot: QtBot, watched: Watched) -> None:
    refused = task_row(2, "failed", to="ada@example.org", error="550 5.1.1 No such user here")
    watched.shelf.kept[2] = item(2, "no", tasks=[refused])
    watched.view.resize(640, 300)
    watched.show()
    header = watched.view.table.horizontalHeader()
    room = 12 * header.fontMetrics().horizontalAdvance("0")
    qtbot.waitUntil(lambda: header.sectionSize(ItemColumn.INFORMED) >= room)
