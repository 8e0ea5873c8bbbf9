"""A moment: none until one is begun, tomorrow morning then, and never one that has passed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from desktop.gui.look.theme import Appearance
from desktop.gui.parts.moment import MomentField

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.look.appearance import ThemeSource


@pytest.fixture
def field(qtbot: QtBot, themes: ThemeSource) -> MomentField:
    made = MomentField("Send at", "Send later…", themes)
    qtbot.addWidget(made)
    made.show()
    return made


def test_it_begins_tomorrow_morning_and_goes_back_to_none(qtbot: QtBot, field: MomentField) -> None:
    assert field.moment() == ""
    with qtbot.waitSignal(field.edited):
        field.begin.click()
    begun = datetime.fromisoformat(field.moment()).astimezone()
    assert (begun.date(), begun.hour) == (datetime.now().astimezone().date() + timedelta(days=1), 9)
    assert field.check()
    with qtbot.waitSignal(field.edited):
        field.none.click()
    assert field.moment() == ""


def test_what_has_passed_is_refused_until_it_is_changed(field: MomentField) -> None:
    field.set_moment("2020-01-01T09:00:00.000Z")
    assert field.problem() == "This time has passed."
    field.editor.setDateTime(field.editor.dateTime().addYears(100))
    assert field.error == ""
    assert field.moment() == "2120-01-01T09:00:00.000Z"


def test_its_calendar_follows_the_theme(field: MomentField, themes: ThemeSource) -> None:
    field.begin.click()
    themes.choose(Appearance.DARK)
    ink = field.editor.calendarWidget().weekdayTextFormat(Qt.DayOfWeek.Sunday).foreground().color()
    assert ink == themes.theme.ink("text")
