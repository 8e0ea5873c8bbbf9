"""The next start has the same shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QSplitter, QWidget

from desktop.gui.frame.window_shape import WindowState

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


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
