"""What the foot of the import sheet says will happen, and when."""

from __future__ import annotations

import time
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.contract.rules.times import wire_time
from desktop.gui.batches.draft_words import about_repeated_rows
from desktop.gui.importing.import_sheet import ImportFoot
from tests.gui.batches.test_batch_model import batch

EARLY = "Press Send once all rows are read and checked."


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (None, "The last message is sent "),
        ("offline", "The messages are sent once there is a connection."),
        ("quota", "mx accepts no more messages for now. The next attempt is "),
        ("all_paused", "The messages are sent once you resume."),
        ("queue_held", "The messages are sent once the problem is fixed: Oh."),
    ],
)
def test_the_sheet_says_what_its_messages_will_wait_for(
    qtbot: QtBot, qapp: QApplication, reason: str | None, words: str
) -> None:
    foot = ImportFoot()
    qtbot.addWidget(foot)
    later = wire_time(round((time.time() + 900) * 1000))
    data = {"server": "mx", "text": "Oh.", "until": later}
    draft = batch(2, state="draft", counts={"rows": 9, "ready": 9}, reason=reason)
    draft |= {"columns": {"Mail": "email"}, "template": None}
    draft["leaves"] |= {"reason_data": data, "last_at": None if reason else later}
    foot.show_batch(draft, reading=False)
    assert words in foot.words.text()


def test_reading_says_how_many_rows_are_read(qtbot: QtBot, qapp: QApplication) -> None:
    foot = ImportFoot()
    qtbot.addWidget(foot)
    foot.show_progress(0.25, 3000)
    assert foot.words.text() == "750 of 3,000 rows are read and checked…"
    foot.show_progress(0.5)
    assert foot.words.text() == "Rows are read and checked…"


def test_the_keys_of_send_say_what_it_waits_for(qtbot: QtBot, qapp: QApplication) -> None:
    foot = ImportFoot()
    qtbot.addWidget(foot)
    draft = batch(2, state="draft", counts={"rows": 9, "unchecked": 9})
    checked = batch(2, state="draft", counts={"rows": 9, "problems": 9})
    checked |= {"columns": {"Mail": "email"}, "template": None}
    foot.show_batch(draft, reading=False)
    foot.show_progress(0.5, 18)
    foot.press_send()
    assert foot.words.text() == EARLY
    foot.show_progress(0.75, 18)  # it went with the next row that was read
    assert foot.words.text() == f"{EARLY} 14 of 18 rows are read and checked…"
    foot.show_batch(draft, reading=False)
    assert foot.words.text() == f"{EARLY} 9 rows are being checked."
    foot.show_batch(checked, reading=False)
    assert EARLY not in foot.words.text()
    foot.show_batch(draft, reading=False)
    assert foot.words.text() == "9 rows are being checked."


def test_without_a_column_for_the_number_it_says_what_to_choose(
    qtbot: QtBot, qapp: QApplication
) -> None:
    """2,000 rows needed a look, and none of them said that a column was missing."""
    foot = ImportFoot()
    qtbot.addWidget(foot)
    counts = {"rows": 9, "problems": 9}
    draft = batch(2, state="draft", counts=counts, columns={"Mail": "email"}, template=None)
    foot.show_batch(draft | {"key": ["number"]}, reading=False)
    said = "No column is the item number, which tells who is the same person. Choose one."
    assert said in foot.words.text()
    foot.show_batch(draft | {"key": ["email", "title"]}, reading=False)
    assert said not in foot.words.text()


def test_rows_that_are_there_twice_are_not_said_to_be_sent(
    qtbot: QtBot, qapp: QApplication
) -> None:
    """They *are sent once* was said also where the first of each was sent long ago."""
    foot = ImportFoot()
    qtbot.addWidget(foot)
    counts, columns = {"rows": 9, "ready": 3, "same": 3, "twice": 3}, {"Mail": "email"}
    columns["No."] = "number"
    draft = batch(2, state="draft", counts=counts, columns=columns, template=None)
    foot.show_batch(draft, reading=False)
    assert "3 rows repeat another one and are not sent." in foot.words.text()
    share = "If people share an address, choose “address, title and name” to send to each."
    order = "make the column with the order's number the number or the title."
    said = {
        "email title": ("The address and the title are the same.", share, order),
        "email title name": ("The address, the title and the name are the same.", order),
        "number": (
            "The number is the same. To send to each person, choose “address, title and name”.",
        ),
    }
    for key, words in said.items():  # below the chip *Twice*: the foot has no room for it
        about = about_repeated_rows(draft | {"key": key.split()})
        assert all(each in about for each in words), key
        assert (share in about) == (share in words)
        assert about not in foot.words.text()


def test_rows_that_are_sent_again_are_counted_in_words(qtbot: QtBot, qapp: QApplication) -> None:
    """The button said *Send 20*, the words that 3 rows go out again, and when 3 have left."""
    foot = ImportFoot()
    qtbot.addWidget(foot)
    later = wire_time(round((time.time() + 86_400) * 1000))
    counts = {"rows": 20, "same": 17, "changed": 3}
    draft: Any = batch(2, state="draft", counts=counts, rate="2/day")
    draft |= {"columns": {"Mail": "email"}, "template": None}
    draft["leaves"]["last_at"] = later
    foot.show_batch(draft, reading=False, again=True)
    assert foot.send.text() == "Send 20"
    said = foot.words.text()
    assert said == (
        "17 rows are the same as before and are sent again. 3 rows have changed since "
        "they were registered and are sent again as they are now. At most 2 a day."
    )
    draft["rate"] = None
    foot.show_batch(draft, reading=False, again=True)
    assert foot.words.text().endswith("as they are now.")
    draft["rate"] = "2/day"
    foot.show_batch(draft, reading=False)
    assert foot.send.text() == "Send 3"
    # Some may still wait in the batch before: they are sent, and were said not to be sent again.
    same = "17 rows are the same as before in every value and are not sent twice."
    assert same in foot.words.text()
    assert "At most 2 a day. The last message is sent " in foot.words.text()
