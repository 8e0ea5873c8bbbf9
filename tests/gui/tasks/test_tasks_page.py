"""Lists of some tasks: they stay until a person leaves them; and keys that choose a filter."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.gui.tasks.filters import FILTERS
from tests.gui.hands import press_row
from tests.gui.play import post
from tests.gui.tasks.table.task_source import TaskSource, task_row

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow
    from desktop.settings.office_folder import OfficeFolder
    from tests.gui.play import Perform, Play

WIRE = """
from sendoff_tasks import CURRENT, TaskContext, Uncertain, task

@task(title="Wire")
def wire(item_id: int, ctx: TaskContext = CURRENT) -> None:
    if ctx.attempt == 1:
        raise Uncertain("No answer came")
"""


def test_a_list_stays_when_all_in_it_are_seen_and_the_search_finds_them(
    perform: Perform, data: OfficeFolder
) -> None:
    (data.tasks / "own.py").write_text(WIRE)

    async def look(play: Play) -> None:
        table = play.window.page.table
        post(play.api, "/tasks", [{"task": "wire", "args": [n]} for n in range(3)])
        await play.until(lambda: play.states() == ["uncertain"] * 3)
        page, (cause,) = play.window.page, play.api.causes()
        page.show_part("No answer came", cause=cause["cause"], seen=False)
        await play.until(lambda: play.model.is_loaded and play.has(3))
        shown = page.narrowed.text()
        table.action_chosen.emit("seen", list(play.rows())[:2])
        await play.until(lambda: play.has(1))
        table.action_chosen.emit("seen", list(play.rows()))
        await play.until(lambda: table.empty.sentence.text() == f"“{shown}” has no tasks now.")
        assert table.empty.link.text() == "Clear filter"
        table.empty.link.click()
        for typed, count in (("seen:no", 0), ("seen:yes", 3)):
            play.window.page.search.set_now(typed)
            await play.until(partial(play.has, count))
        page.search.clear_now()
        page.chips.choose("uncertain")
        await play.until(lambda: play.has(0) and page.chips.chips["seen"].count == "3")
        page.chips.chips["seen"].click()
        await play.until(partial(play.has, 3))

    perform(look)


@pytest.mark.parametrize("before", ["all", "failed"])
def test_the_chip_that_a_link_chose_is_left_with_its_part(window: AppWindow, before: str) -> None:
    page = window.page
    page.chips.choose(before)
    for verb in ("sent", "sent again"):  # one part after the other
        page.show_part(f"Batch 3 · {verb}", "done", batch_id=3)
        assert page.chips.chosen is page.table.shown.filter is FILTERS["done"]
    page.widen.click()
    assert page.narrowed.text() == ""
    assert page.chips.chosen is page.table.shown.filter is FILTERS[before]
    page.show_part("Batch 3 · sent", "done", batch_id=3)
    page.chips.choose("cancelled")
    page.widen.click()
    assert page.chips.chosen is FILTERS["cancelled"]  # the person chose it


def test_keys_choose_filters_from_everywhere(window: AppWindow) -> None:
    control = Qt.KeyboardModifier.ControlModifier
    seen = list[str]()
    for key in (Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_5, Qt.Key.Key_6, Qt.Key.Key_1):
        window.batches.open()
        QTest.keyClick(window, key, control)
        assert window.places.shown is None
        name, chips = window.page.chips.chosen.name, window.page.chips.chips
        assert chips[name].isVisible() or name == "all", "it is in the row, also without a task"
        seen.append(name)
    assert seen == ["need_you", "under_way", "waiting", "scheduled", "done", "all"]


@pytest.fixture
def full(window_over: Callable[[object], AppWindow], qtbot: QtBot) -> AppWindow:
    """Give a window over a failed and a queued task, with the form beside its list."""
    made = window_over(TaskSource([task_row(1, "failed"), task_row(2, "queued")]))
    made.resize(1500, 900)
    qtbot.waitUntil(lambda: made.page.table.model().rowCount() == 2)
    return made


def on_desk(window: AppWindow) -> int | None:
    """Return the task on the desk, if one is in sight."""
    detail = window.page.detail
    return detail.task if detail.isVisible() else None


def test_the_marked_row_is_the_first_that_an_arrow_shows(full: AppWindow, qtbot: QtBot) -> None:
    table = full.page.table
    QTest.keyClick(full, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(full, Qt.Key.Key_Escape)
    assert (table.hasFocus(), table.chosen(), on_desk(full)) == (True, [], None)
    assert table.currentIndex().row() == 0, "it shows where the focus is"
    for row in (0, 1):
        QTest.keyClick(table, Qt.Key.Key_Down)
        assert (table.chosen(), on_desk(full)) == ([row], 2 - row)
    QTest.keyClick(table, Qt.Key.Key_Escape)  # the form is shown again
    assert (table.chosen(), on_desk(full), table.currentIndex().row()) == ([], None, 1)
    QTest.keyClick(table, Qt.Key.Key_Down)
    assert (table.chosen(), on_desk(full)) == ([1], 1)


def test_the_desk_follows_the_list_to_other_tasks(full: AppWindow, qtbot: QtBot) -> None:
    page, table = full.page, full.page.table
    press_row(table, 1)
    assert on_desk(full) == 1
    page.chips.choose("failed")
    qtbot.waitUntil(lambda: table.chosen() == [0])  # the same task
    assert on_desk(full) == 1
    page.chips.choose("under_way")
    qtbot.waitUntil(lambda: on_desk(full) is None)
    assert page.detail.isVisible()


def test_after_an_action_by_keys_the_focus_is_on_the_row(full: AppWindow, qtbot: QtBot) -> None:
    page = full.page
    press_row(page.table, 1)
    qtbot.waitUntil(lambda: page.detail.read is not None)
    heard: list[str] = []
    page.detail.action_chosen.connect(lambda verb, _: heard.append(verb))
    page.detail.foot.main.setFocus()
    QTest.keyClick(page.detail.foot.main, Qt.Key.Key_Space)
    assert heard == ["retry"]
    assert page.table.hasFocus()
