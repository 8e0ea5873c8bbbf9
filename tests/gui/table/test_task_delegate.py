"""A long address runs on into an empty *Progress*, however little of the row is painted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect

from desktop.gui.tasks.columns import PROGRESS, TO
from tests.gui.table.table_bench import shown_table
from tests.gui.tasks.task_source import TaskSource, task_row

if TYPE_CHECKING:
    from PySide6.QtGui import QImage
    from pytestqt.qtbot import QtBot

    from desktop.gui.jobs import Jobs
    from desktop.gui.look.appearance import ThemeSource

LONG = "Maximiliane Alexandra von der Hohenstein-Wittelsbach <maximiliane@example.org>"


def test_a_long_address_runs_on_into_an_empty_cell(
    qtbot: QtBot, jobs: Jobs, themes: ThemeSource
) -> None:
    rows = [
        task_row(3, "succeeded", to=LONG),
        task_row(2, "succeeded", to="ada@example.org"),
        task_row(1, "running", to=LONG),
    ]
    table = shown_table(qtbot, jobs, themes, TaskSource(rows))
    header, viewport = table.header, table.viewport()
    header.resizeSection(TO, 120)

    def cell(row: int) -> QRect:
        return table.visualRect(table.model().index(row, PROGRESS)).adjusted(0, 0, 0, -2)

    def has_ink(picture: QImage) -> bool:
        ground = picture.pixel(picture.width() - 1, 1)
        across = range(picture.width())
        return any(picture.pixel(x, picture.height() // 2) != ground for x in across)

    def painted(row: int) -> QImage:
        return viewport.grab(cell(row)).toImage()

    place = [table.model().index(row, 0).siblingAtColumn(TO).data() for row in range(3)]
    first, short = place.index(LONG), place.index("ada@example.org")
    whole = viewport.grab().toImage().copy(cell(first))
    assert has_ink(whole)
    assert painted(first) == whole
    assert not has_ink(painted(short))
    header.moveSection(header.visualIndex(PROGRESS), header.visualIndex(TO))
    assert not has_ink(painted(first))
