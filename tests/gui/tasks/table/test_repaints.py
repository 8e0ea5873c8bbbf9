"""The row under the pointer has a ground of its own, also while the table scrolls below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QCursor

from tests.gui.tasks.table.table_bench import shown_table
from tests.gui.tasks.table.task_source import TaskSource, task_row

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource
    from desktop.gui.link.jobs import Jobs
    from desktop.gui.tasks.table.task_table import TaskTable


def hovered(table: TaskTable, themes: ThemeSource) -> list[int]:
    """The positions of the rows on screen painted as hovered."""
    image = table.viewport().grab().toImage()
    wanted = themes.theme.color("hover")
    height = table.rowHeight(0)
    rows = range(table.viewport().height() // height)
    inside = [y * height + height // 2 - table.verticalScrollBar().value() % height for y in rows]
    return [table.rowAt(y) for y in inside if y > 0 and image.pixelColor(2, y) == wanted]


def test_it_follows_the_pointer_and_the_scrolling(
    qtbot: QtBot, jobs: Jobs, themes: ThemeSource
) -> None:
    table = shown_table(qtbot, jobs, themes, TaskSource([task_row(i) for i in range(1, 300)]))
    viewport, height = table.viewport(), table.rowHeight(0)
    assert hovered(table, themes) == []
    for row in (3, 5):
        QCursor.setPos(viewport.mapToGlobal(QPoint(50, row * height + 4)))
        qtbot.waitUntil(lambda row=row: hovered(table, themes) == [row])  # type: ignore[misc]
    table.verticalScrollBar().setValue(10 * height)
    qtbot.waitUntil(lambda: hovered(table, themes) == [15])
    QCursor.setPos(viewport.mapToGlobal(QPoint(-500, -500)))
    qtbot.waitUntil(lambda: hovered(table, themes) == [])


def test_the_selection_goes_before(qtbot: QtBot, jobs: Jobs, themes: ThemeSource) -> None:
    table = shown_table(qtbot, jobs, themes, TaskSource([task_row(i) for i in range(1, 300)]))
    table.selectRow(3)
    QCursor.setPos(table.viewport().mapToGlobal(QPoint(50, 3 * table.rowHeight(0) + 4)))
    qtbot.waitUntil(table.viewport().underMouse)
    assert hovered(table, themes) == []
    QCursor.setPos(table.mapToGlobal(QPoint(-500, -500)))
