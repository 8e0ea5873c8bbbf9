"""Words without room are cut where that leaves what tells them from others."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from desktop.gui.kit.lists.list_delegate import LaidOut


@pytest.fixture
def texts(qapp: QApplication) -> LaidOut:
    return LaidOut(qapp.font())


def test_an_error_keeps_how_it_begins_and_ends(texts: LaidOut) -> None:
    error = "mx.example.org refused the recipient: 550 5.1.1 no such user"
    room = texts.metrics.horizontalAdvance(error) * 4 // 5
    shown = texts.cut(error, room, keeps_end=True)[0].text()
    assert shown.startswith("mx.")
    assert shown.endswith("such user")
    assert "…" in shown
    assert texts.cut(error, room)[0].text().endswith("…")
    assert texts.cut(error, 10 * room, keeps_end=True)[0].text() == error


def test_in_little_room_a_sentence_keeps_its_beginning_and_a_name_both_ends(
    texts: LaidOut,
) -> None:
    error, room = "The program ended while the task ran.", texts.metrics.averageCharWidth() * 14
    assert texts.cut(error, room, keeps_end=True)[0].text().startswith("The prog")
    name = "guests of the concert to correct.xlsx"
    assert texts.cut(name, room, is_name=True)[0].text().endswith(".xlsx")


def test_a_cut_text_has_its_mark_and_fits(texts: LaidOut) -> None:
    shown, length = texts.cut("Ada " * 20, 100)
    assert shown.text().endswith("…")
    assert length <= 100
