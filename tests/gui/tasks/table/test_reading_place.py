"""Rows that come or go above what is read: the first frame already shows the right rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRect
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication

from tests.gui.tasks.table.table_bench import model_of, scroll

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desktop.contract.events import TasksEvent
    from desktop.gui.tasks.table.task_table import TaskTable
    from tests.gui.tasks.table.task_source import TaskSource


class Painted(QObject):
    """Remembers which parts of a widget were painted."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[QRect] = []

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.parts.append(event.rect())
        return False


def first_frame(view: TaskTable, event: TasksEvent) -> QRect:
    """Apply an event; return the part of the rows that is painted first."""
    QApplication.processEvents()
    painted = Painted()
    view.viewport().installEventFilter(painted)
    model_of(view).apply(event)
    QApplication.sendPostedEvents()
    view.viewport().removeEventFilter(painted)
    return painted.parts[0]


def test_no_row_is_seen_twice_while_others_come_above(
    qtbot: QtBot, table: Callable[[], TaskTable], source: TaskSource
) -> None:
    """Qt moves the picture first and lays the rows out later: the last rows were seen twice."""
    view = table()
    scroll(qtbot, view, 100)
    assert first_frame(view, source.change(1201, "queued")) == view.viewport().rect()


def test_no_row_is_seen_twice_while_others_go_above(
    qtbot: QtBot, table: Callable[[], TaskTable], source: TaskSource
) -> None:
    view = table()
    scroll(qtbot, view, 100)
    assert first_frame(view, source.remove(1200)) == view.viewport().rect()
