"""In a small window an empty detail pane leaves its room to the rows, and has it back when used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from desktop.gui.table.task_actions import Selected
from desktop.gui.tasks.task_row import row_of
from tests.gui.tasks.task_source import task_row

if TYPE_CHECKING:
    from desktop.gui.frame.main_window import MainWindow


def heights(window: MainWindow) -> tuple[int, int]:
    QApplication.processEvents()
    rows, pane = window._down.sizes()
    return rows, pane


def test_a_small_window_gives_the_empty_pane_to_the_rows_until_something_is_chosen(
    window: MainWindow,
) -> None:
    detail = window.parts.detail
    window.resize(1280, 800)
    assert heights(window)[1] > 200
    window.resize(1280, 420)
    rows, pane = heights(window)
    assert pane <= 80
    detail.show_selected(Selected([row_of(task_row(n)) for n in (1, 2)], 2))
    assert heights(window)[1] > 100
    detail.show_task(None)
    assert heights(window) == (rows, pane)
    window.resize(1280, 800)
    assert heights(window)[1] > 100


def test_the_height_of_the_pane_is_remembered_and_not_that_of_its_line(window: MainWindow) -> None:
    window.resize(1280, 420)
    assert heights(window)[1] <= 80
    window.remember()
    assert heights(window)[1] > 100
