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


def test_an_item_is_typed_and_its_row_lives_to_the_end(perform: Perform) -> None:
    async def scene(play: Play) -> None:
        play.submit("Ada")
        await play.until(lambda: play.states() == ["succeeded"])
        assert play.rows() == await play.truth()

    perform(scene)


def test_a_killed_backend_comes_back_and_the_table_with_it(perform: Perform) -> None:
    async def scene(play: Play) -> None:
        play.submit("Ada")
        await play.until(lambda: play.states() == ["succeeded"])
        play.kill_backend()
        await play.until(lambda: BACKEND_BAR in play.window.notices.names())
        play.submit("Bo")
        await play.until(play.window.form.is_empty)
        await play.until(lambda: BACKEND_BAR not in play.window.notices.names())
        await play.until(lambda: play.states() == ["succeeded"] * 2)
        assert play.rows() == await play.truth()

    perform(scene)


def test_what_is_in_the_form_at_the_end_is_there_at_the_next_start(perform: Perform) -> None:
    async def type_only(play: Play) -> None:
        play.window.form.fields["recipient.name"].set_text("half a na")

    async def look(play: Play) -> None:
        field = play.window.form.fields["recipient.name"]
        await play.until(lambda: field.text() == "half a na")

    perform(type_only)
    perform(look)


def test_an_error_of_a_slot_is_shown_and_ends_nothing(perform: Perform) -> None:
    async def scene(play: Play) -> None:
        play.program._on_unhandled(ZeroDivisionError("a defect"))
        await play.until(lambda: ERROR_BAR in play.window.notices.names())
        assert "a defect" in play.window.notices.text(ERROR_BAR)
        play.window.notices.action_chosen.emit(ERROR_BAR, "dismiss")

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
