"""A list of rows lights up the one under the pointer, and asks for the menu of one in sight."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QCursor, QEnterEvent, QGuiApplication
from PySide6.QtWidgets import QAbstractSlider, QApplication

from desktop.gui.kit.lists.list_delegate import ListDelegate
from desktop.gui.kit.lists.list_table import ListTable
from desktop.gui.kit.lists.list_widths import ColumnFit, rows_in_sight
from desktop.gui.kit.lists.live_rows import Cell, LiveRows, moment_cell
from desktop.gui.kit.words.ages import whole_moment

if TYPE_CHECKING:
    from PySide6.QtCore import QRect
    from PySide6.QtGui import QColor
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.kit.look.theme import Theme


class People(LiveRows):
    """Names, and a column without words; the mark of a cell is its place."""

    def __init__(self, *names: str) -> None:
        super().__init__("name")
        self.titles = {0: "Name", 1: "Rest"}
        self.insert(0, [{"name": name} for name in names])

    def cell(self, position: int, column: int) -> Cell:
        return Cell("" if column else self.rows[position]["name"], mark=(position, column))


REST = ColumnFit(90)
FITS = {0: ColumnFit(100), 1: REST}
Listed = Callable[..., ListTable]


@pytest.fixture
def listed(qtbot: QtBot, themes: ThemeSource) -> Listed:
    """Show a list of rows."""

    def show(model: LiveRows, fits: dict[int, ColumnFit] = FITS, width: int = 400) -> ListTable:
        table = ListTable(model, "People", fits)
        qtbot.addWidget(table)
        table.resize(width, 300)
        table.show()
        return table

    return show


NOON = 1_790_000_000.0


class Times(People):
    """Names, and when these came."""

    def cell(self, position: int, column: int) -> Cell:
        return moment_cell(NOON) if column else super().cell(position, column)


def test_the_row_under_the_pointer_lights_up(
    qtbot: QtBot, themes: ThemeSource, listed: Listed
) -> None:
    model = People("Ada", "Bo", "Cy")
    table = listed(model)
    table.selectRow(0)

    def ground(row: int) -> QColor:
        place = table.visualRect(model.index(row, 1)).center()
        return table.viewport().grab().toImage().pixelColor(place)

    def grounds() -> list[QColor]:
        return [ground(row) for row in range(3)]

    def move_to(row: int, wanted: list[QColor]) -> None:
        """Move the pointer into the table, also where a window of an earlier test still lies."""
        place = table.visualRect(model.index(row, 1)).center()
        there = table.viewport().mapToGlobal(place)
        QCursor.setPos(there)
        entering = QEnterEvent(place.toPointF(), place.toPointF(), there.toPointF())
        QApplication.sendEvent(table.viewport(), entering)
        qtbot.waitUntil(lambda: grounds() == wanted)

    theme = themes.theme
    shades = [theme.color(token) for token in ("selection", "hover", "surface")]
    qtbot.waitExposed(table)
    QCursor.setPos(table.mapToGlobal(QPoint(-500, -500)))  # or its next place may be its last one
    qtbot.waitUntil(lambda: grounds() == [shades[0], shades[2], shades[2]])
    move_to(1, shades)
    move_to(0, [shades[0], shades[2], shades[2]])
    move_to(2, [shades[0], shades[2], shades[1]])
    QCursor.setPos(table.mapToGlobal(QPoint(-500, -500)))
    QApplication.sendEvent(table.viewport(), QEvent(QEvent.Type.Leave))
    qtbot.waitUntil(lambda: grounds() == [shades[0], shades[2], shades[2]])


def test_after_an_error_while_widths_are_set_the_person_still_sets_them(listed: Listed) -> None:
    table = listed(People("Ada"))
    with pytest.raises(LookupError), table.widths.resizing():
        raise LookupError
    table.horizontalHeader().resizeSection(0, 222)
    assert table.widths.own == {0: 222}


def test_a_cell_is_measured_once_until_it_changes(qtbot: QtBot, themes: ThemeSource) -> None:
    measured = []

    class Measuring(ListDelegate):
        def content_width(self, cell: Cell, theme: Theme) -> int:
            measured.append(cell.mark)
            return super().content_width(cell, theme)

    model = People(*map(str, range(100)))
    table = ListTable(model, "Numbers", FITS)
    qtbot.addWidget(table)
    table.setItemDelegate(Measuring(table))
    table.resize(400, 300)
    table.show()
    qtbot.wait_until(lambda: (0, 0) in measured)
    before = seen_rows(table)
    assert sorted(measured) == [(row, column) for row in sorted(before) for column in (0, 1)]
    measured.clear()
    table.verticalScrollBar().triggerAction(QAbstractSlider.SliderAction.SliderPageStepAdd)
    qtbot.wait_until(lambda: bool(measured))
    now = seen_rows(table)
    assert {row for row, _ in measured} == now - before
    measured.clear()
    changed, removed, *_ = sorted(now)
    model.put(changed, {"name": "changed"})
    qtbot.wait_until(lambda: bool(measured))
    assert sorted(measured) == [(changed, 0), (changed, 1)]
    measured.clear()
    model.remove(removed)
    qtbot.wait_until(lambda: bool(measured))
    assert {row for row, _ in measured} == seen_rows(table)


def test_rows_on_screen_stay_in_place_while_others_come_and_go_above(listed: Listed) -> None:
    model = People(*map(str, range(100)))
    table = listed(model)
    table.verticalScrollBar().setValue(40 * table.row_height + 3)

    def top() -> tuple[str, int]:
        table.executeDelayedItemsLayout()
        row = table.rowAt(0)
        return model.rows[row]["name"], table.rowViewportPosition(row)

    assert top() == ("40", -3)
    model.insert(0, [{"name": "new"}, {"name": "newer"}])
    model.remove(5, 9)
    model.remove(60, 70)
    assert top() == ("40", -3)
    model.replace(0, 60, [{"name": str(number)} for number in range(30, 60)])
    assert top() == ("40", -3)
    table.scrollToTop()
    model.insert(0, [{"name": "newest"}])
    assert top() == ("newest", 0)


def test_by_keys_the_current_row_comes_into_sight_before_its_menu(
    qtbot: QtBot, listed: Listed
) -> None:
    model = People(*map(str, range(100)))
    table = listed(model)
    qtbot.waitUntil(table.isActiveWindow)
    table.selectRow(99)
    wanted: list[QPoint] = []
    table.menu_wanted.connect(wanted.append)
    table.scrollToTop()
    keyboard = QContextMenuEvent.Reason.Keyboard
    at = table.rect().center()
    QApplication.sendEvent(table, QContextMenuEvent(keyboard, at, table.mapToGlobal(at)))
    assert 99 in seen_rows(table)
    shown = table.visualRect(table.currentIndex())
    assert wanted == [table.viewport().mapToGlobal(shown.bottomLeft())]


def seen_rows(table: ListTable) -> set[int]:
    """Return the rows that can be seen."""
    first, last = rows_in_sight(table)
    return set(range(first, last + 1))


@pytest.mark.parametrize("top", [0, 14])
def test_only_a_selection_that_was_in_sight_stays_so_with_less_height(
    listed: Listed, top: int
) -> None:
    table = listed(People(*"abcdefghijklmnopqrstuvwxyz"))
    table.selectRow(4)
    table.scrollTo(table.model().index(top, 0), table.ScrollHint.PositionAtTop)
    before, _ = rows_in_sight(table)
    table.resize(table.width(), 100)
    first, last = rows_in_sight(table)
    assert (first <= 4 <= last) if top == 0 else (first == before > 4)


def test_a_width_the_person_chose_stays(themes: ThemeSource, listed: Listed) -> None:
    model = People("Ada")
    table = listed(model, {0: ColumnFit(100, least=60, whole=True), 1: REST})
    header = table.horizontalHeader()
    header.resizeSection(0, 130)
    for width in (600, 300):
        table.resize(width, 300)
        assert header.sectionSize(0) == 130
    header.resizeSection(0, 900)
    model.replace(0, 1, [{"name": "Maximiliane Alexandra von der Hohenstein"}])
    table.apply_theme(themes.theme)
    assert header.sectionSize(0) == 900
    table.doItemsLayout()
    assert table.horizontalScrollBar().maximum() > 0


def test_a_width_that_larger_text_gave_was_not_chosen(themes: ThemeSource, listed: Listed) -> None:
    table = listed(People("7"), {0: ColumnFit(60, least=40), 1: ColumnFit(300)}, width=200)
    header = table.horizontalHeader()
    before = header.sectionSize(0)
    header.setMinimumSectionSize(before + 9)  # as a style sheet of larger text does
    header.setMinimumSectionSize(before - 9)
    table.apply_theme(themes.theme)
    assert header.sectionSize(0) == before


def test_what_has_no_room_at_all_is_cut_before_a_list_scrolls_sideways(
    qtbot: QtBot, themes: ThemeSource, listed: Listed
) -> None:
    model = People("12 failed · 2 uncertain · 3 left out · 2 postponed: 451 4.7.1 Greylisted")
    table = listed(model, {0: ColumnFit(300, 100, whole=True), 1: ColumnFit(150)}, width=800)
    whole = table.width_needed(0, 0)
    qtbot.waitUntil(lambda: table.columnWidth(0) >= whole)
    table.resize(whole + 50, 300)
    assert table.horizontalHeader().length() <= table.viewport().width()
    assert table.columnWidth(1) >= themes.theme.px(150)


def test_words_in_the_width_they_need_are_painted_whole(
    qtbot: QtBot, themes: ThemeSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ["Ada", "Sat 21 Nov, 09:00", "2 failed · 1 uncertain · 1 left out"]
    model, shown = People(*names), []
    table = ListTable(model, "People", FITS)
    qtbot.addWidget(table)
    delegate = ListDelegate(table)
    table.setItemDelegate(delegate)
    table.show()

    def painted(painter: object, room: QRect, words: str, *rest: object, **how: object) -> int:
        shown.append(delegate._texts[False].cut(words, room.width())[0].text())
        return 0

    monkeypatch.setattr(delegate, "write", painted)
    for row, name in enumerate(names):
        table.horizontalHeader().resizeSection(0, table.width_needed(row, 0))
        shown.clear()
        table.viewport().grab()
        assert name in shown


def test_columns_leave_for_want_of_room_and_come_back_and_none_counts_as_chosen(
    listed: Listed,
) -> None:
    class Wide(People):
        def __init__(self) -> None:
            super().__init__(*[f"Person {number}" for number in range(40)])
            self.titles = {0: "Name", 1: "Second", 2: "Third", 3: "Rest"}

    fits = {0: ColumnFit(160), 3: ColumnFit(160)}
    fits |= {number: ColumnFit(120, leaves=3 - number) for number in (1, 2)}
    table = listed(Wide(), fits, width=800)
    whole = [table.columnWidth(column) for column in range(3)]
    hidden = []
    for width in (*range(800, 200, -20), *range(200, 800, 20)):
        table.resize(width, 300)
        QApplication.processEvents()
        hidden.append([column for column in range(4) if table.isColumnHidden(column)])
    assert [each for n, each in enumerate(hidden) if each != hidden[n - 1]] == [
        *([2], [1, 2]),
        *([2], []),
    ]
    table.resize(800, 300)
    assert [table.columnWidth(column) for column in range(3)] == whole


def test_a_row_is_copied_as_a_table(qtbot: QtBot, listed: Listed) -> None:
    table = listed(Times("Ada", "Bo"))
    table.activateWindow()
    table.setFocus()
    qtbot.waitUntil(table.hasFocus)
    table.selectRow(1)
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    copied = QGuiApplication.clipboard().mimeData()
    assert copied.text() == f"Bo\t{whole_moment(NOON)}"
    assert "<th>Name</th><th>Rest</th>" in copied.html()
