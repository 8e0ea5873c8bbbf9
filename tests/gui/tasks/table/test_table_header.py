"""Titles sort where the backend can; columns are chosen and remembered."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QMenu

from desktop.gui.kit.look.appearance import LOOK
from desktop.gui.kit.look.theme import Scheme, Theme
from desktop.gui.tasks.table.columns import BY_KEY, COLUMNS, PROGRESS
from desktop.gui.tasks.table.task_table import TaskTable
from tests.gui.tasks.table.table_bench import choose, model_of
from tests.gui.tasks.table.task_source import TaskSource

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource


def widths(view: TaskTable) -> list[int]:
    """How wide each column is but the one that takes what is left; 0 where it is hidden."""
    return [view.columnWidth(n) for n in range(len(COLUMNS)) if n != PROGRESS]


def points(header: QWidget, shape: str) -> bool:
    return header.cursor().shape().name == shape


def test_a_title_sorts_by_the_backend_only_and_says_its_direction(
    qtbot: QtBot, table: Callable[[], TaskTable], source: TaskSource
) -> None:
    view = table()
    header = view.header
    assert header.sortIndicatorSection() == BY_KEY["queued"]
    for key, sort in (("to", "to"), ("to", "-to"), ("state", "state")):
        x = header.sectionViewportPosition(BY_KEY[key]) + 10
        with qtbot.waitSignal(model_of(view).shown):
            qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, 8))
        assert model_of(view).query.sort == sort
        assert header.sortIndicatorSection() == BY_KEY[key]
    expected = [row["id"] for row in source.matching(model_of(view).query)[:20]]
    assert [row.id for row in model_of(view).rows_between(0, 19)] == expected


def test_a_title_the_backend_cannot_sort_by_does_nothing(
    qtbot: QtBot, table: Callable[[], TaskTable]
) -> None:
    view = table()
    header = view.header
    x = header.sectionViewportPosition(BY_KEY["progress"]) + 10
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, 8))
    assert header.sortIndicatorSection() == BY_KEY["queued"]
    assert model_of(view).query.sort == "-id"


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_title_that_sorts_shows_it_by_hand_arrow_and_words(
    qtbot: QtBot, table: Callable[[], TaskTable]
) -> None:
    view = table()
    header = view.header
    role = Qt.ItemDataRole.AccessibleDescriptionRole

    def words(key: str) -> str:
        return str(view.model().headerData(BY_KEY[key], Qt.Orientation.Horizontal, role))

    assert words("took") == "Click to sort by this column"
    assert words("queued") == "Sorted in descending order. Click to reverse it."
    assert words("progress") == ""
    qtbot.waitUntil(view.verticalScrollBar().isVisible)  # it takes some of the header's width
    before = header.grab().toImage()
    for key, shape in (("took", "PointingHandCursor"), ("progress", "ArrowCursor")):
        x = header.sectionViewportPosition(BY_KEY[key]) + header.sectionSize(BY_KEY[key]) // 2
        qtbot.mouseMove(header.viewport(), QPoint(x, 8))
        qtbot.waitUntil(partial(points, header, shape))
        assert (header.grab().toImage() != before) == (key == "took")
    qtbot.mouseMove(
        header.viewport(), QPoint(header.sectionViewportPosition(BY_KEY["took"]) + 9, 8)
    )
    qtbot.waitUntil(lambda: header.grab().toImage() != before)
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(9, 8), QPoint(9, 8))
    QApplication.sendEvent(header.viewport(), asked)
    assert header.grab().toImage() == before
    header.findChildren(QMenu)[-1].close()


@pytest.mark.parametrize("key", ["item", "task", "took"])
def test_item_task_and_time_sort(
    qtbot: QtBot, table: Callable[[], TaskTable], source: TaskSource, key: str
) -> None:
    view = table()
    x = view.header.sectionViewportPosition(BY_KEY[key]) + 10
    for sort in ("{}", "-{}"):
        with qtbot.waitSignal(model_of(view).shown):
            qtbot.mouseClick(view.header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, 8))
        assert model_of(view).query.sort == sort.format(COLUMNS[BY_KEY[key]].sort)
        expected = [row["id"] for row in source.matching(model_of(view).query)[:20]]
        assert [row.id for row in model_of(view).rows_between(0, 19)] == expected


def test_larger_text_widens_no_column_as_a_person_does(
    table: Callable[[], TaskTable], themes: ThemeSource
) -> None:
    """Those that it widened kept that width, and their place in a table without room."""
    view = table()
    view.resize(1300, 600)
    header = view.header
    before = [header.sectionSize(number) for number in range(len(COLUMNS))]
    for scale in (3.0, 1.0):
        LOOK.wear(Theme(Scheme.LIGHT, scale))
    LOOK.wear(themes.theme)
    view.widths.measure()
    assert [header.sectionSize(number) for number in range(len(COLUMNS))] == before


@pytest.mark.parametrize("width", [500, 1000, 1400])
def test_progress_takes_what_the_others_leave_but_never_less_than_a_bar_and_its_share(
    table: Callable[[], TaskTable], themes: ThemeSource, width: int
) -> None:
    view = table()
    view.resize(width, 600)
    header, progress = view.header, BY_KEY["progress"]
    least = themes.theme.px(COLUMNS[progress].fit.least or 0)
    for shown in (True, False):
        view.setColumnHidden(BY_KEY["finished"], not shown)
        header.resizeSection(BY_KEY["to"], 200 if shown else 240)
        left = header.viewport().width() - header.length() + header.sectionSize(progress)
        assert header.sectionSize(progress) >= least
        assert header.sectionSize(progress) == max(left, least)


def test_columns_and_order_are_remembered(qtbot: QtBot, table: Callable[[], TaskTable]) -> None:
    view = table()
    view.header.resizeSection(BY_KEY["to"], 321)
    view.header.moveSection(0, 3)
    view.header.setSectionHidden(BY_KEY["took"], True)
    view.header.setSortIndicator(BY_KEY["to"], Qt.SortOrder.DescendingOrder)
    state = view.header.saveState()
    other = table()
    with qtbot.waitSignal(model_of(other).shown):
        assert other.header.restoreState(state)
    assert other.header.sectionSize(BY_KEY["to"]) == 321
    assert other.header.visualIndex(0) == 3
    assert other.isColumnHidden(BY_KEY["took"])
    assert model_of(other).query.sort == "-to"


def test_remembered_columns_that_make_no_sense_leave_the_usual_ones(
    table: Callable[[], TaskTable],
) -> None:
    view = table()
    assert not view.header.restoreState(b"nonsense")
    assert view.header.sortIndicatorSection() == BY_KEY["queued"]


def test_the_chooser_shows_and_hides_columns_but_never_the_last(
    table: Callable[[], TaskTable],
) -> None:
    view = table()
    menu = view.header.columns_menu()
    actions = {action.text(): action for action in menu.actions()}
    assert not actions["Finished"].isChecked()
    actions["Finished"].setChecked(True)
    assert not view.isColumnHidden(BY_KEY["finished"])
    for number in range(len(COLUMNS)):
        view.setColumnHidden(number, number != 0)
    titles = [action.text() for action in view.header.columns_menu().actions()]
    assert "State" not in titles
    assert "Item" in titles


def test_columns_stay_when_the_first_row_goes_out_of_memory(
    qtbot: QtBot, table: Callable[[], TaskTable], source: TaskSource
) -> None:
    for number in range(2, 1201):
        source.remove(number)
    view = table()
    view.header.resizeSection(BY_KEY["to"], 281)
    choose(view, 0)
    before = widths(view)
    for number in range(5001, 8001):
        source.change(number, "queued")
    with qtbot.waitSignal(model_of(view).reordered):
        model_of(view).reset()
    assert widths(view) == before
    assert view.columnWidth(BY_KEY["to"]) == 281
