"""The empty detail pane leaves its room to the rows; the next start has the same shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QApplication, QSplitter, QWidget

from desktop.gui.frame.window_shape import DetailRoom, WindowState
from desktop.gui.table.selected import Selected
from desktop.gui.tasks.task_row import row_of
from tests.gui.tasks.task_source import task_row

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.look.appearance import ThemeSource


def heights(window: MainWindow) -> tuple[int, int]:
    QApplication.processEvents()
    rows, pane = window.down.sizes()
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


def test_the_pane_is_a_line_while_there_is_nothing_to_choose(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.resize(1280, 800)
    assert heights(window)[1] > 200
    window.parts.table.empty.show_none("a search")
    qtbot.waitUntil(lambda: heights(window)[1] <= 80)
    window.parts.table.empty.hide()
    qtbot.waitUntil(lambda: heights(window)[1] > 200)


def test_the_height_of_the_pane_is_remembered_and_not_that_of_its_line(window: MainWindow) -> None:
    window.resize(1280, 420)
    assert heights(window)[1] <= 80
    window.remember()
    assert heights(window)[1] > 100


def test_a_height_that_there_is_no_room_for_is_remembered_as_it_was(
    window: MainWindow, settings: QSettings, themes: ThemeSource
) -> None:
    """A start in a low window forgot it, and the next one had a low pane on a large screen."""
    room = DetailRoom(window.down, window.parts.detail, window.parts.table, themes)
    window.resize(1280, 420)
    QApplication.processEvents()
    state = WindowState(settings, {"low": room})
    settings.setValue("window/low", QByteArray(b"6.000000"))
    state.restore()
    QApplication.processEvents()
    assert heights(window)[1] < 420
    state.save(QByteArray())
    assert settings.value("window/low") == QByteArray(b"6.000000")


@pytest.fixture
def splitter(qtbot: QtBot) -> QSplitter:
    made = QSplitter()
    qtbot.addWidget(made)
    made.resize(401, 100)
    for _ in range(2):
        made.addWidget(QWidget())
    made.show()
    return made


def test_a_first_window_finds_nothing(settings: QSettings, splitter: QSplitter) -> None:
    assert WindowState(settings, {"across": splitter}).restore() is None


def test_parts_come_back_as_they_were(settings: QSettings, splitter: QSplitter) -> None:
    state = WindowState(settings, {"across": splitter})
    splitter.setSizes([100, 300])
    before = splitter.sizes()
    state.save(QByteArray(b"where it was"))
    splitter.setSizes([300, 100])
    settings.sync()
    kept = QSettings(settings.fileName(), QSettings.Format.IniFormat)
    assert WindowState(kept, {"across": splitter}).restore() == QByteArray(b"where it was")
    assert splitter.sizes() == before


def test_a_state_that_cannot_be_read_is_left_alone(
    settings: QSettings, splitter: QSplitter
) -> None:
    before = splitter.sizes()
    settings.setValue("window/across", QByteArray(b"nonsense"))
    WindowState(settings, {"across": splitter}).restore()
    assert splitter.sizes() == before
