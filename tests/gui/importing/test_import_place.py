"""The place *Import*: its rows while they change, and what its sentence says."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.contract.batches import rows_to_send
from desktop.gui.batches.draft_words import about_repeated_rows, what_happens
from desktop.gui.importing.draft_sentence import DraftSentence
from desktop.gui.importing.import_place import ImportPlace
from desktop.gui.kit.lists.live_rows import Page
from desktop.gui.kit.widgets.message_view import InertBrowser
from desktop.gui.kit.words.table import say
from desktop.gui.link.jobs import ApiSource
from sendoff_tasks.model.times import wire_time
from tests.gui.batches.said import AGAIN, DRAFTS, draft_of
from tests.gui.batches.test_batch_model import batch
from tests.gui.cut_words import cut
from tests.gui.hands import pick
from tests.gui.importing.dropping import placed
from tests.gui.importing.test_rows_list import counts, ready, row
from tests.sheets.files import described
from tests.sheets.test_unreadable import CORPUS

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.gui.link.jobs import Jobs


@pytest.fixture
def foot(qtbot: QtBot) -> DraftSentence:
    made = DraftSentence(QPushButton())
    qtbot.addWidget(made)
    return made


EARLY = "Press again once all rows are read and checked."


@pytest.mark.parametrize("name", DRAFTS)
def test_it_says_what_is_approved_of_a_draft_and_sends_what_it_counts(
    foot: DraftSentence, name: str
) -> None:
    draft = draft_of(name)
    is_checked = bool(draft["counts"]["rows"]) and not draft["counts"]["unchecked"]
    for also in ((), AGAIN):
        foot.show_batch(draft, reading=False, also=also)
        count = rows_to_send(draft["counts"], also)
        assert foot.send.isEnabled() is (is_checked and count > 0)
        assert foot.send.text() == f"Send {count:,}"
        if is_checked:
            assert [
                each for each in what_happens(draft, also) if each not in foot.words.text()
            ] == []
        assert about_repeated_rows(draft) not in foot.words.text()  # below the chip *Twice*


def test_reading_says_how_many_rows_are_read(foot: DraftSentence) -> None:
    foot.show_progress(0.25, 3000)
    assert foot.words.text() == "750 of 3,000 rows are read and checked…"
    foot.show_progress(0.5)
    assert foot.words.text() == "Rows are read and checked…"


def test_the_keys_of_send_say_what_it_waits_for(foot: DraftSentence) -> None:
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


def test_a_column_that_becomes_the_number_is_the_key_unless_rows_are_known_without_it(
    host: QWidget, jobs: Jobs
) -> None:
    for same, key in ((0, "number"), (1, "email title")):
        sheet = shown(host, jobs, {"E-Mail": "email", "Kennung": None}, same=same)
        pick(sheet.source.columns_form.choices["Kennung"], "number")
        assert sheet.source.sending.key.value() == key


def test_what_the_template_asks_for_and_no_column_fills_is_said(host: QWidget, jobs: Jobs) -> None:
    sheet = shown(host, jobs, {"E-Mail": "email", "Beitrag": None}, problems=2)
    fees: Any = {"name": "confirmation", "fields": ["betrag"], "standard": []}
    sheet.source.sending.show_templates([fees], followed={})
    way_out = "The template asks for “betrag”: choose that for a column, or edit"
    assert way_out in sheet.said.words.text()
    pick(sheet.source.columns_form.choices["Beitrag"], "fields.betrag")
    assert sheet.batch
    sheet.show_batch(sheet.batch)
    assert way_out not in sheet.said.words.text()


def test_no_time_is_promised_while_the_typed_one_cannot_be_read(host: QWidget, jobs: Jobs) -> None:
    sheet = shown(host, jobs, {"E-Mail": "email"}, ready=2)
    assert sheet.batch is not None
    later = wire_time(round((time.time() + 86_400) * 1000))
    leaves: Any = sheet.batch["leaves"] | {"next_at": later, "last_at": later}
    draft: Any = sheet.batch | {"run_at": later, "leaves": leaves}
    sheet.show_batch(draft, is_new=True)
    said = sheet.said.words
    assert said.text().startswith("The e-mails are sent from ")
    editor = sheet.source.sending.moment.editor
    right = editor.text()
    for typed, is_said in ((f"{right}banana", False), (right, True)):
        editor.setText(typed)
        sheet.show_batch(draft)
        assert said.text().startswith("The e-mails are sent from ") is is_said


def shown(host: QWidget, jobs: Jobs, columns: dict[str, str | None], **counts: int) -> ImportPlace:
    """Show a draft with these columns and counts of rows in a sheet of its own."""
    sheet = placed(host, ApiSource(jobs))
    sheet.source.show_name("members.csv", columns)
    draft = batch(2, state="draft", counts={"rows": 2, **counts}, columns=columns)
    sheet.show_batch(draft | {"template": None, "reading": None}, is_new=True)
    return sheet


@pytest.mark.dressed
@pytest.mark.parametrize(("width", "height"), [(1180, 740), (900, 490), (760, 460)])
def test_the_message_of_a_row_is_whole_in_a_low_window(
    host: QWidget, jobs: Jobs, qtbot: QtBot, width: int, height: int
) -> None:
    sheet = shown(host, jobs, {"Name": "name", "E-Mail": "email"})
    sheet.list.model.take_first(Page([ready(2), ready(3)], None))
    sheet.open()
    host.resize(width, height)
    host.show()
    subject = "Your booking for the summer concert: confirmed (no. ‹number›)"
    message = {"to": "Ada Lovelace <ada@example.org>", "subject": subject, "text": "", "html": ""}
    sheet.card.show_message(message)
    qtbot.waitUntil(lambda: not cut(sheet))
    card, (mail,) = sheet.card, sheet.card.findChildren(InertBrowser)
    qtbot.waitUntil(lambda: card.rect().contains(mail.geometry()))


@pytest.mark.usefixtures("themes")
def test_the_value_to_correct_has_the_focus_also_where_rows_come_before_their_check(
    qtbot: QtBot, host: QWidget, jobs: Jobs
) -> None:
    host.resize(1600, 900)
    sheet = placed(host, ApiSource(jobs))
    sheet.begin("members.csv")
    sheet.open()
    draft = batch(2, state="draft", template=None, columns={"Mail": "email"}, reading=None)
    sheet.show_batch(draft | {"counts": counts(unchecked=1)})
    qtbot.waitUntil(sheet.card.isVisible)
    sheet.rows.setFocus()
    sheet.list.model.take_first(Page([row(2, check=None, problem=None, corrections=[])], None))
    assert sheet.rows.hasFocus()
    sheet.show_reading(0.9)  # the rows that need a look are shown once all are there
    sheet.show_batch(draft | {"counts": counts(ready=1, problems=1)})
    right = row(2, check="ready", problem=None, corrections=[])
    sheet.list.model.take_first(Page([right], None))
    assert sheet.rows.hasFocus()
    sheet.show_reading(None)
    sheet.list.show_first()
    sheet.list.model.take_first(Page([row(3, path="recipient.email", corrections=[])], None))
    assert sheet.card.editor.hasFocus()


@pytest.mark.usefixtures("themes")
def test_another_template_shows_its_email_before_all_rows_are_checked(
    qtbot: QtBot, host: QWidget, jobs: Jobs
) -> None:
    sheet = placed(host, ApiSource(jobs))
    sheet.open()
    draft = batch(2, state="draft", template=None, columns={"Mail": "email"}, reading=None)
    sheet.show_batch(draft | {"counts": counts(ready=1)})
    right = row(2, check="ready", problem=None, corrections=[])
    sheet.list.model.take_first(Page([right], None))
    with qtbot.waitSignal(sheet.row_wanted) as wanted:
        sheet.show_batch(draft | {"counts": counts(unchecked=1), "template": "fees"})
    assert wanted.args == [2]
    with qtbot.assertNotEmitted(sheet.row_wanted):
        sheet.show_batch(draft | {"counts": counts(unchecked=1), "template": "fees"})


def test_who_gets_copies_is_said_before_a_send(foot: DraftSentence) -> None:
    draft: Any = batch(2, state="draft", counts={"rows": 1200, "ready": 1153, "same": 47})
    counts = {"ready": 1153, "same": 47}
    to = [{"address": f"c{n}@example.org", "counts": counts} for n in range(5)]
    copies = {"emails": counts, "addresses": to[:1], "others": 0, "repeated": 0}
    draft |= {"columns": {"Mail": "email"}, "copies": copies}
    foot.show_batch(draft, reading=False)
    one = say("draft", "copied", address="c0@example.org", count="1,153")
    assert say("draft", "copies", n=1153, who=one) in foot.words.text()
    foot.show_batch(draft, reading=False, also=["same"])
    one = say("draft", "copied", address="c0@example.org", count="1,200")
    assert say("draft", "copies", n=1200, who=one) in foot.words.text()
    draft["copies"] = {**copies, "addresses": to, "others": 2}
    foot.show_batch(draft, reading=False)
    assert say("draft", "more_copied", n=4) in foot.words.text()
    assert "c4@example.org" not in foot.words.text()
    assert "c4@example.org" in foot.words.toolTip()  # address by address


@pytest.mark.usefixtures("themes")
def test_of_a_file_that_does_not_tell_its_hidden_rows_send_asks_once(
    qtbot: QtBot, host: QWidget, jobs: Jobs
) -> None:
    sheet = placed(host, ApiSource(jobs))
    sheet.open()
    sheet.begin("filtered.xls")
    found = described(CORPUS / "filtered.xls")
    sheet.source.show_description(found, found.mapping, [])
    columns = {"Mail": "email"}
    counts = {"rows": 1, "ready": 1}
    draft = batch(2, state="draft", counts=counts, template=None, columns=columns)
    sheet.show_batch(draft, is_new=True)
    with qtbot.assertNotEmitted(sheet.send_chosen):
        sheet.said.send.click()
    assert "hidden in an .xls are sent too" in sheet.said.words.text()
    with qtbot.waitSignal(sheet.send_chosen):
        sheet.said.send.click()


@pytest.mark.usefixtures("themes")
def test_send_of_a_file_that_can_be_read_in_several_ways_asks_once(
    qtbot: QtBot, host: QWidget, jobs: Jobs, tmp_path: Path
) -> None:
    file = tmp_path / "guests.csv"
    file.write_bytes("Name,Mail\n王伟,wang@example.org\n李娜,li@example.org\n".encode("gb18030"))
    sheet = placed(host, ApiSource(jobs))
    sheet.open()
    sheet.begin(file.name)
    found = described(file)
    sheet.source.show_description(found, found.mapping, [])
    draft = batch(2, state="draft", counts={"rows": 2, "ready": 2}, columns={"Mail": "email"})
    sheet.show_batch(draft, is_new=True)
    with qtbot.assertNotEmitted(sheet.send_chosen):
        sheet.said.send.click()
    assert "Choose above how the words are read" in sheet.said.words.text()
    with qtbot.waitSignal(sheet.send_chosen):
        sheet.said.send.click()


@pytest.mark.usefixtures("themes")
@pytest.mark.parametrize("shows_columns", [False, True])
def test_no_key_sends_an_import(
    qtbot: QtBot, host: QWidget, jobs: Jobs, shows_columns: bool
) -> None:
    place = shown(host, jobs, {"Name": "name", "E-Mail": "email"}, ready=2)
    place.list.model.take_first(Page([ready(2), ready(3)], None))
    place.desk.show_columns(shown=shows_columns)
    host.show()
    host.activateWindow()
    columns = [place.source.columns_form.used, place.source.sending.key, place.desk.turn]
    paper = [each.editor for each in place.card.values.values()]
    with qtbot.assertNotEmitted(place.send_chosen):
        for each in (place.rows, place.back, *(columns if shows_columns else paper)):
            each.setFocus()
            for _ in range(2):
                qtbot.keyClick(each, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(place.send_chosen):
        place.said.send.click()
