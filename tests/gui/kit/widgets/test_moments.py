"""A moment: none until one is begun, tomorrow morning then, and never one that has passed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QDateTime, QLocale, Qt

from desktop.gui.kit.widgets.moments import (
    MomentField,
    moment_words,
    read_moment,
)

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop.gui.kit.look.appearance import ThemeSource


MORNING = QDateTime.fromString("2026-11-22T09:00:00", Qt.DateFormat.ISODate)


@pytest.fixture
def field(qtbot: QtBot, themes: ThemeSource) -> MomentField:
    made = MomentField("Send at", "Send later…")
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
    field.editor.show_date_time(field.editor.date_time().addYears(100))
    assert field.error == ""
    assert field.moment() == "2120-01-01T09:00:00.000Z"


@pytest.mark.parametrize(
    ("place", "typed", "meant"),
    [
        ("en_US", "12/24/36 18:00", "2036-12-24T18:00"),
        ("en_US", "02/15/37", "2037-02-15T09:00"),
        ("en_US", "2/15/37 8:30 pm", "2037-02-15T20:30"),
        ("en_US", "2036-12-24 08:30", "2036-12-24T08:30"),
        ("en_US", "5.1.2037 9:00", "2037-01-05T09:00"),
        ("en_US", "23.11.2036 9:00", "2036-11-23T09:00"),
        ("de_DE", "24.12.36 18:00", "2036-12-24T18:00"),
        ("da_DK", "24.12.2036 18.00", "2036-12-24T18:00"),
    ],
    indirect=["place"],
)
@pytest.mark.usefixtures("place")
def test_what_is_typed_is_taken_as_typed(
    qtbot: QtBot, field: MomentField, typed: str, meant: str
) -> None:
    field.set_moment(MORNING.toUTC().toString(Qt.DateFormat.ISODate))
    qtbot.keyClick(field.editor, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(field.editor, typed)
    assert field.editor.text() == typed
    assert field.editor.date_time().toString(Qt.DateFormat.ISODate)[:16] == meant
    assert field.check()
    qtbot.keyClick(field.editor, Qt.Key.Key_Return)
    assert field.editor.text() == moment_words(field.editor.date_time(), QLocale())
    assert field.editor.date_time().toString(Qt.DateFormat.ISODate)[:16] == meant


@pytest.mark.parametrize("place", ["en_US"], indirect=True)
@pytest.mark.usefixtures("place")
def test_what_is_no_date_is_refused_where_it_was_typed(qtbot: QtBot, field: MomentField) -> None:
    field.begin.click()
    for typed in ("24/12/36 18:00", "12/24/36 6", "12/24", "soon", "12/24/36 25:00", ""):
        field.editor.selectAll()
        qtbot.keyClick(field.editor, Qt.Key.Key_Delete)
        qtbot.keyClicks(field.editor, typed)
        qtbot.keyClick(field.editor, Qt.Key.Key_Return)
        wrong = "Sendoff cannot read this date" if typed else "Enter a date, such as "
        assert (field.problem() or "").startswith(wrong)
        assert field.editor.text() == typed
    field.none.click()
    assert field.check()


def test_each_language_reads_what_it_writes() -> None:
    unread = []
    for locale in QLocale.matchingLocales(
        QLocale.Language.AnyLanguage, QLocale.Script.AnyScript, QLocale.Country.AnyCountry
    ):
        for hour in (0, 9, 12, 23):
            meant = MORNING.addSecs((hour - 9) * 3600)
            if read_moment(moment_words(meant, locale), locale, MORNING) != meant:
                unread.append((locale.name(), moment_words(meant, locale)))
    assert unread == []
