"""*Pause sending* stops and resumes everything by one press, and each queue by its menu."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop.gui.frame.pause_button import PauseButton
from desktop.gui.look.theme import Appearance
from tests.gui.test_queue_words import queue

if TYPE_CHECKING:
    from PySide6.QtGui import QAction
    from pytestqt.qtbot import QtBot

    from desktop.gui.frame.main_window import MainWindow
    from desktop.gui.look.appearance import ThemeSource


@pytest.fixture
def pause(qtbot: QtBot, themes: ThemeSource) -> PauseButton:
    made = PauseButton(themes)
    qtbot.addWidget(made)
    made.show()
    return made


def entries(pause: PauseButton) -> dict[str, QAction]:
    return {action.text(): action for action in pause.menu.actions()}


def test_one_press_pauses_and_the_next_resumes(pause: PauseButton, qtbot: QtBot) -> None:
    assert pause.button.text() == "Pause sending"
    with qtbot.waitSignal(pause.pause_chosen):
        qtbot.mouseClick(pause.button, Qt.MouseButton.LeftButton)
    pause.show_paused(True)
    assert pause.button.text() == "Resume sending"
    with qtbot.waitSignal(pause.resume_chosen):
        qtbot.keyClick(pause.button, Qt.Key.Key_Space)


def test_its_keys_work_from_anywhere(window: MainWindow, qtbot: QtBot) -> None:
    control_shift = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    with qtbot.waitSignal(window.top_bar.pause.pause_chosen):
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_P, control_shift)


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_the_arrow_opens_the_menu_by_keyboard(pause: PauseButton, qtbot: QtBot) -> None:
    with qtbot.waitSignal(pause.menu.aboutToShow):
        qtbot.keyClick(pause.arrow, Qt.Key.Key_Space)
    pause.menu.close()


def test_each_queue_is_paused_or_resumed_by_its_entry(pause: PauseButton, qtbot: QtBot) -> None:
    since = {"since": "2026-11-20T14:05:00.000Z"}
    line = {"queued": 212}
    queues = [queue(rate="30/min", counts=line), queue(name="receipts", paused=since)]
    pause.menu.show_queues(queues)
    first, second = pause.menu.actions()
    assert first.text() == "Pause Mail\t30 a minute · 212 waiting"
    assert second.text().startswith("Resume receipts\tpaused since ")
    with qtbot.waitSignal(pause.menu.pause_chosen) as paused:
        first.trigger()
    assert paused.args == ["mail"]
    with qtbot.waitSignal(pause.menu.resume_chosen) as resumed:
        second.trigger()
    assert resumed.args == ["receipts"]


def test_the_entry_the_keys_are_on_stays_while_the_queues_are_read_anew(
    pause: PauseButton,
) -> None:
    queues = [queue(name=name) for name in ("a", "b", "c")]
    pause.menu.show_queues(queues)
    pause.menu.setActiveAction(pause.menu.actions()[1])
    pause.menu.show_queues([queue(name=name, rate="1/s") for name in ("a", "b", "c")])
    active = pause.menu.activeAction()
    assert active is not None
    assert active.data() == "b"


def test_before_anything_is_read_the_menu_says_so(pause: PauseButton) -> None:
    (only,) = pause.menu.actions()
    assert only.text() == "Reading the queues…"
    assert not only.isEnabled()
    pause.menu.show_queues([])
    assert "There are no queues yet." in entries(pause)


def test_a_name_is_shown_as_it_is(pause: PauseButton) -> None:
    pause.menu.show_queues([queue(name="R&D\tx")])
    (only,) = pause.menu.actions()
    assert only.text().startswith("Pause R&&D x\t")


def test_both_parts_have_names_and_follow_the_theme(
    pause: PauseButton, themes: ThemeSource
) -> None:
    assert pause.arrow.accessibleName() == "Pause or resume one queue"
    assert "Ctrl+Shift+P" in pause.button.toolTip()
    themes.choose(Appearance.LIGHT)
    light = pause.button.icon().cacheKey()
    themes.choose(Appearance.DARK)
    assert pause.button.icon().cacheKey() != light
