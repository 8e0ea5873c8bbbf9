"""Tab goes round the window: it meets every control once and comes back, by Shift and Tab too."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTableView, QWidget

from desktop.gui.kit.widgets.surfaces import scroll_around
from desktop.gui.templates.letterhead_form import LETTERHEAD
from tests.gui.desk_acts import correction
from tests.gui.importing.dropping import checked, drop, members
from tests.gui.tasks.table.task_source import stats
from tests.gui.templates.conftest import choose as choose_letter
from tests.gui.templates.conftest import opened as letters_opened

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow
    from tests.gui.live_store import LiveStore
    from tests.gui.play import Perform, Play

SIZES = pytest.mark.parametrize("size", [(1440, 900), (900, 600)])
TEXTS = pytest.mark.parametrize("text", [100, 200])
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def controls(window: QWidget) -> set[QWidget]:
    """Return the controls in sight that Tab should meet, each group of chips or tabs as one."""
    return {
        each
        for each in window.findChildren(QWidget)
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus
        and each.focusProxy() is None
        and each.isVisible()
        and each.isEnabled()
    }


def walk(window: QWidget, key: Qt.Key) -> list[QWidget]:
    """Press a key until it leads to where it has been, and return the way: all of it in sight."""
    way: list[QWidget] = []
    while (here := QApplication.focusWidget()) is not None and here not in way:
        assert is_in_sight(here), names([*way, here])
        way.append(here)
        QTest.keyClick(here, key)
    assert here is way[0], f"from {names(way)} it leads back to {names([here] if here else [])}"
    return way


def is_in_sight(widget: QWidget) -> bool:
    """Tell whether a part of a widget is not scrolled away."""
    area = scroll_around(widget)
    if area is None:
        return True
    place = QRect(widget.mapTo(area, QPoint()), widget.size())
    return place.intersects(area.viewport().rect())


def names(way: list[QWidget]) -> list[str]:
    return [f"{type(each).__name__} {each.accessibleName()}".strip() for each in way]


def goes_round(window: AppWindow) -> None:
    """Walk from the gear, or from the way back to where that is, and back."""
    window.activateWindow()
    place = window.places.shown
    starts = window.head.gear, window.desk.back, *([] if place is None else [place.back])
    next(each for each in starts if each.isVisible()).setFocus()
    QApplication.processEvents()
    way, back = walk(window, Qt.Key.Key_Tab), walk(window, Qt.Key.Key_Backtab)
    missed = controls(window) - {*way}
    assert names([*missed]) == []
    assert names(back) == names([way[0], *way[:0:-1]])
    area = window.page.detail.area
    tops = [each.mapTo(area, QPoint()).y() for each in way if area.isAncestorOf(each)]
    assert tops == sorted(tops), names(way)  # as it is read


def in_both_halves(window: AppWindow) -> None:
    """Go round, in a window that shows one half in each of them."""
    page = window.desk.shown.page
    for go in (window.show_rows, partial(window.enter_desk, page)):
        go()
        goes_round(window)


def test_at_the_first_start(perform: Perform) -> None:
    async def look(play: Play) -> None:
        await play.until(play.window.page.table.empty.choose.isVisible)
        goes_round(play.window)
        for place in (play.window.items, play.window.batches):
            place.open()
            goes_round(play.window)

    perform(look)


def has_rows(table: QTableView) -> bool:
    return table.model().rowCount() > 1


@SIZES
@TEXTS
def test_in_each_place_with_and_without_a_row(
    store: LiveStore,
    window_over: Callable[[object], AppWindow],
    qtbot: QtBot,
    size: tuple[int, int],
    text: int,
) -> None:
    window = window_over(store)
    window.themes.set_text_size(text)
    window.resize(*size)
    table, detail = window.page.table, window.page.detail
    qtbot.waitUntil(lambda: table.model().rowCount() > 0)
    in_both_halves(window)
    for row in range(table.model().rowCount()):
        table.selectRow(row)
        qtbot.waitUntil(lambda: detail.read is not None and detail.ticket is None)
        in_both_halves(window)
        if detail.history.isHidden():
            detail.lead.history.click()
            in_both_halves(window)
        for entry in detail.history.attempts.entries:
            entry.toggle.click()
        in_both_halves(window)
    table.selectAll()
    in_both_halves(window)
    window.page.show_part("Item 1", item_id=1)
    window.page.chips.set_stats(stats(failed=2, running=1))
    in_both_halves(window)
    window.batches.model.load()
    for place in (window.items, window.batches):
        shown = place.table
        place.open()
        qtbot.waitUntil(partial(has_rows, shown))
        for choose in (shown.clearSelection, partial(shown.selectRow, 1)):
            choose()
            QApplication.processEvents()
            in_both_halves(window)


@SIZES
@TEXTS
def test_in_the_letters(perform: Perform, size: tuple[int, int], text: int) -> None:
    async def look(play: Play) -> None:
        window, file = play.window, {"file": "plan.pdf", "size": 1}
        window.themes.set_text_size(text)
        window.resize(*size)
        letters = await letters_opened(play, "confirmation")
        await play.until(lambda: not play.program.jobs.under_way)
        for name in ("confirmation", LETTERHEAD):
            choose_letter(letters, name)
            await play.until(lambda name=name: letters.editor.state().of == name)  # type: ignore[misc]
            in_both_halves(window)
        choose_letter(letters, "confirmation")
        await play.until(letters.form.isVisible)
        window.show_rows()
        letters.name.copy.click()
        assert letters.name.field.editor.hasFocus()
        letters.name.left.emit()
        window.enter_desk(letters.page)
        head_fits = size == (1440, 900)
        assert not head_fits or letters.page.area.verticalScrollBar().value() == 0
        letters.form.unfold.click()
        letters.form.attachments.show_files([file])
        goes_round(window)

    perform(look)


@SIZES
@TEXTS
def test_in_an_import_and_in_the_correction_of_an_item(
    perform: Perform, tmp_path: Path, size: tuple[int, int], text: int
) -> None:
    async def look(play: Play) -> None:
        window = play.window
        window.themes.set_text_size(text)
        window.resize(*size)
        path = members(tmp_path, "Ada;ada@example.org;Opera;Wien", "Bo;bo@example,org;Opera;Ulm")
        place = drop(play, path)
        await play.until(lambda: checked(place, 2) and bool(place.list.model.rowCount()))
        await play.until(lambda: not play.program.jobs.under_way)
        in_both_halves(window)
        place.desk.show_columns(shown=True)
        in_both_halves(window)
        place.close()
        play.submit("Ada")
        await play.until(lambda: play.states() == ["succeeded"])
        await correction(play, *play.rows())
        in_both_halves(window)

    perform(look)
