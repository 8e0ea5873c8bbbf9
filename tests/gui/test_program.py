"""The whole window on its loop, with a real backend of its own: what a person sees, live."""

from __future__ import annotations

import gc
import threading
import weakref
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.gui.frame.notices.bars import BACKEND_AWAY as BACKEND_BAR
from desktop.gui.frame.unhandled_errors import NAME as ERROR_BAR
from desktop.gui.program import GarbageCollector

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tests.gui.play import Perform, Play


def test_a_killed_backend_comes_back_and_errors_end_nothing(perform: Perform) -> None:
    async def scene(play: Play) -> None:
        notices = play.window.notices
        play.submit("Ada")
        await play.until(lambda: play.states() == ["succeeded"])
        assert play.rows() == await play.truth()
        play.kill_backend()
        await play.until(lambda: BACKEND_BAR in notices.names())
        play.submit("Bo")
        await play.until(play.window.form.is_empty)
        await play.until(lambda: BACKEND_BAR not in notices.names())
        await play.until(lambda: play.states() == ["succeeded"] * 2)
        assert play.rows() == await play.truth()
        play.program._on_unhandled(ZeroDivisionError("a defect"))
        await play.until(lambda: ERROR_BAR in notices.names())
        assert "a defect" in notices.text(ERROR_BAR)
        notices.choose(ERROR_BAR, "dismiss")

    perform(scene)


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
