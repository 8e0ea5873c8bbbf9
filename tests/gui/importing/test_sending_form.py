"""The settings of a draft have room for what is set, in the narrowest pane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QLabel

from desktop.gui.importing.reading_form import ReadAs
from desktop.gui.importing.source_pane import SendingForm, SourcePane
from desktop.sheets import describe
from tests.gui.batches.test_batch_model import batch
from tests.gui.hands import press
from tests.sheets.test_unreadable import CORPUS

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource


def test_a_day_and_a_time_are_seen_whole(qtbot: QtBot, themes: ThemeSource) -> None:
    """At 1280 x 800 the day was cut."""
    form = SendingForm()
    qtbot.addWidget(form)
    form.resize(355, 260)
    form.show()
    press(form.moment.begin)
    editor = form.moment.editor
    qtbot.waitUntil(lambda: editor.isVisible() and editor.width() >= editor.sizeHint().width())


@pytest.mark.parametrize("name", ["mitglieder.ods", "mitglieder.xlsx"])
def test_an_ods_has_its_own_way_of_numbers_and_dates(name: str, qtbot: QtBot) -> None:
    found = describe(CORPUS / name)
    read_as = ReadAs()
    qtbot.addWidget(read_as)
    read_as.show_description(found)
    said = " ".join(label.text() for label in read_as.findChildren(QLabel))
    assert (found.writing.example in said) == name.endswith("xlsx")


def test_the_daily_limit_is_in_sight_below_ten_columns(qtbot: QtBot, themes: ThemeSource) -> None:
    """At 1280 x 800 it was under the edge where more is said of the file."""
    pane = SourcePane()
    qtbot.addWidget(pane)
    pane.resize(387, 597)  # in a window with a title
    found = describe(CORPUS / "mitglieder.ods")
    assert len(found.columns) == 10
    pane.begin("mitglieder.ods")
    pane.show_description(found, found.mapping, ["Hidden rows are read, too."])
    draft: Any = {"columns": found.mapping, "template": None, "key": ["number"]}
    pane.show_settings(batch(1, state="draft", **draft))
    pane.sending.show_same(3000)
    pane.show()

    def place_of(part: QWidget) -> QRect:
        return QRect(part.mapTo(pane, QPoint()), part.size())

    most, last = pane.sending.most, pane.columns_form.choices["Bemerkung"]
    qtbot.waitUntil(lambda: place_of(most).y() > place_of(last).bottom() > 300)
    assert pane.rect().contains(place_of(most))
