"""The pins of batches: which there are, and what a click on one shows."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.gui.batches.batch_pins import BatchPins
from desktop.gui.kit.lists.live_rows import Page
from sendoff_tasks.model.times import wire_time
from tests.gui.batches.test_batch_model import batch
from tests.gui.hands import press_row

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.assembly import AppWindow

HOUR: Final = 3600


@pytest.fixture(autouse=True)
def _batches_are_pinned(window: AppWindow) -> None:
    window.resize(1500, 900)
    BatchPins(window, window.batches)


def ended_before(seconds: float) -> dict[str, Any]:
    moment = wire_time(round((time.time() - seconds) * 1000))
    return {"state": "done", "finished_at": moment}


def pinned(window: AppWindow) -> list[str]:
    return [each.key for each in window.pins.shown()]


def test_a_batch_is_pinned_until_a_day_after_its_end_and_a_draft_until_it_is_gone(
    window: AppWindow, qtbot: QtBot
) -> None:
    model = window.batches.model
    ended, long_ago = ended_before(23 * HOUR), ended_before(25 * HOUR)
    draft = batch(4, state="draft")
    model.take_first(Page([draft, batch(3), batch(2, **ended), batch(1, **long_ago)], None))
    qtbot.waitUntil(lambda: pinned(window) == ["new", "batch:3", "batch:2", "batch:4"])
    model.follow({"rows": [], "gone": [4]})
    QApplication.processEvents()  # at once: the view says its ages again each half minute
    assert pinned(window) == ["new", "batch:3", "batch:2"]


def test_a_click_shows_the_card_also_in_a_narrow_window_and_the_pin_stays_chosen(
    window: AppWindow, qtbot: QtBot
) -> None:
    pins, beside = window.pins, window.batches.card
    window.batches.model.take_first(Page([batch(3), batch(2)], None))
    qtbot.waitUntil(lambda: pinned(window) == ["new", "batch:3", "batch:2"])
    press_row(pins, 2)
    assert (pins.chosen_key, window.desk.shown.page) == ("batch:2", beside)
    window.resize(window.themes.theme.px(900), 900)
    QApplication.processEvents()
    window.show_rows()
    press_row(pins, 1)
    assert (pins.isVisible(), beside.isVisible()) == (False, True)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert (pins.isVisible(), pins.chosen_key) == (True, "batch:3")
