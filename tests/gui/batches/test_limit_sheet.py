"""The limit of a batch that is being sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytestqt.qtbot import QtBot

from desktop.gui.batches.batch_verbs import LimitSheet
from desktop.gui.kit.look.appearance import ThemeSource
from tests.gui.batches.test_batch_model import batch

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def test_the_limit_of_a_batch_is_changed_or_taken_away(
    qtbot: QtBot, themes: ThemeSource, host: QWidget
) -> None:
    sheet = LimitSheet(host)
    told: list[Any] = []
    sheet.answered.connect(lambda *answer: told.append(answer))
    sheet.ask(batch(7, rate="100/day"))
    assert sheet.rate.text() == "100/day"
    for typed in ("100 a day", "0/day", "1000001/day"):
        sheet.rate.set_text(typed)
        sheet.button.click()
        said = "Write a number from 1 to 1,000,000 and a time: 30/s, 30/min, 30/h, 30/day."
        assert sheet.rate.error == said
    for typed in ("20/h", " "):
        sheet.rate.set_text(typed)
        sheet.button.click()
    assert told == [(7, "20/h"), (7, None)]


def test_an_answer_about_another_batch_leaves_the_sheet_as_it_is(
    qtbot: QtBot, themes: ThemeSource, host: QWidget
) -> None:
    sheet = LimitSheet(host)
    sheet.ask(batch(7, rate="100/day"))
    sheet.ask(batch(8, rate="20/day"))
    sheet.end(7)
    sheet.show_failure(7, ValueError("It has ended."))
    assert (sheet.isVisibleTo(host), sheet.trouble.text()) == (True, "")
    sheet.show_failure(8, ValueError("It has ended."))
    assert sheet.trouble.text() == "It has ended."
    sheet.end(8)
    assert not sheet.isVisibleTo(host)
