"""Cycles that hold widgets end on the GUI thread, whoever allocates."""

from __future__ import annotations

import gc
import threading
import weakref
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.gui.garbage import GarbageCollector

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


class Knot(QWidget):
    """A widget that holds itself."""

    def __init__(self) -> None:
        super().__init__()
        self.itself = self


def fill() -> None:
    """Allocate far more than the automatic collector's threshold."""
    assert len([[number] for number in range(20 * gc.get_threshold()[0])])


def test_a_widget_in_a_cycle_ends_on_the_gui_thread(qtbot: QtBot) -> None:
    ended: list[threading.Thread] = []
    window = QObject()
    GarbageCollector(window)
    knot = Knot()
    weakref.finalize(knot, lambda: ended.append(threading.current_thread()))
    del knot
    worker = threading.Thread(target=fill)
    worker.start()
    worker.join()
    assert ended == []
    kept = [[number] for number in range(2 * gc.get_threshold()[0])]
    qtbot.waitUntil(lambda: bool(ended))
    assert ended == [threading.main_thread()]
    assert kept
