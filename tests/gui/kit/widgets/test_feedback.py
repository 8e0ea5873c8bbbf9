"""What a sheet says of what was asked of it: that the backend is away only while it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.client.errors import BackendGone, ClientError, TooSlow
from desktop.gui.kit.widgets.texts import Feedback, forget_absence

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_only_what_says_that_the_backend_is_away_goes_with_that(qtbot: QtBot) -> None:
    sheet = QWidget()
    qtbot.addWidget(sheet)
    column = QVBoxLayout(sheet)
    gone, slow, wrong, usual = Feedback(), Feedback(), Feedback(), Feedback("It is kept.")
    for each in (gone, slow, wrong, usual):
        column.addWidget(each)
    sheet.show()
    gone.say_why("It is away.", BackendGone())
    slow.say_why("It is slow.", TooSlow())
    wrong.say_why("It is full.", ClientError("It is full."))
    usual.say_why("It is away.", BackendGone())
    assert all(each.isVisible() for each in (gone, slow, wrong))
    forget_absence(sheet)
    assert [each.isVisible() for each in (gone, slow, wrong)] == [False, False, True]
    assert (usual.text(), usual.property("role")) == ("It is kept.", "soft")


def test_what_is_usually_said_takes_the_place_of_what_was_said(qtbot: QtBot) -> None:
    said = Feedback()
    qtbot.addWidget(said)
    said.say_why("It is away.", BackendGone())
    said.say_usually("It is too long.", "error")
    assert (said.text(), said.property("role")) == ("It is too long.", "error")
    said.say_why("It is away.", BackendGone(), "soft")
    said.forget_absence()
    assert (said.text(), said.property("role")) == ("It is too long.", "error")
    said.say_usually("")
    assert said.isHidden()


def test_what_was_said_since_stays(qtbot: QtBot) -> None:
    said = Feedback()
    qtbot.addWidget(said)
    said.say_why("It is away.", BackendGone())
    said.say("Sent.", "good")
    said.forget_absence()
    assert (said.text(), said.property("role")) == ("Sent.", "good")


def test_what_to_do_is_said_once_the_backend_is_back(qtbot: QtBot) -> None:
    said = Feedback()
    qtbot.addWidget(said)
    said.say_why("It is away.", BackendGone(), then="Press Save again.")
    assert said.text() == "It is away."
    said.forget_absence()
    assert (said.text(), said.property("role")) == ("Press Save again.", "error")
    said.say_why("It is away.", BackendGone())
    said.forget_absence()
    assert said.isHidden()
