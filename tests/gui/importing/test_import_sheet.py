"""The import sheet: its rows while they change, and what its foot says."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.gui.batches.draft_words import about_repeated_rows
from desktop.gui.importing.import_sheet import ImportFoot, ImportSheet
from desktop.gui.kit.lists.live_rows import Page
from desktop.gui.kit.widgets.message_view import InertBrowser
from desktop.gui.kit.words.table import say
from desktop.gui.link.jobs import ApiSource
from sendoff_tasks.model.times import wire_time
from tests.gui.batches.test_batch_model import batch
from tests.gui.cut_words import cut
from tests.gui.hands import pick
from tests.gui.importing.test_rows_pane import counts, ready, row
from tests.sheets.files import described
from tests.sheets.test_unreadable import CORPUS

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.gui.link.jobs import Jobs


@pytest.fixture
def foot(qtbot: QtBot) -> ImportFoot:
    made = ImportFoot()
    qtbot.addWidget(made)
    return made


EARLY = "Press Send once all rows are read and checked."


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (None, "The last e-mail is sent "),
        ("offline", "mx cannot be reached."),
        ("quota", "mx accepts no more e-mails for now. Sendoff tries again at "),
        ("all_paused", "Everything is paused."),
        ("queue_held", "Oh."),
    ],
)
def test_the_sheet_says_what_its_messages_will_wait_for(
    foot: ImportFoot, reason: str | None, words: str
) -> None:
    later = wire_time(round((time.time() + 900) * 1000))
    data = {"server": "mx", "text": "Oh.", "until": later}
    draft = batch(2, state="draft", counts={"rows": 9, "ready": 9}, reason=reason)
    draft |= {"columns": {"Mail": "email"}, "template": None}
    draft["leaves"] |= {"reason_data": data, "last_at": None if reason else later}
    foot.show_batch(draft, reading=False)
    assert words in foot.words.text()


def test_reading_says_how_many_rows_are_read(foot: ImportFoot) -> None:
    foot.show_progress(0.25, 3000)
    assert foot.words.text() == "750 of 3,000 rows are read and checked…"
    foot.show_progress(0.5)
    assert foot.words.text() == "Rows are read and checked…"


def test_the_keys_of_send_say_what_it_waits_for(foot: ImportFoot) -> None:
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


def test_what_is_not_checked_yet_cannot_be_sent(foot: ImportFoot) -> None:
    for left, is_ready in ((4, False), (0, True)):
        counted = {"rows": 9, "ready": 9 - left, "unchecked": left}
        draft = batch(2, state="draft", counts=counted, columns={"Mail": "email"}, template=None)
        foot.show_batch(draft, reading=False)
        assert foot.send.isEnabled() == is_ready


def test_without_a_column_for_the_number_it_says_what_to_choose(foot: ImportFoot) -> None:
    counts = {"rows": 9, "problems": 9}
    draft = batch(2, state="draft", counts=counts, columns={"Mail": "email"}, template=None)
    foot.show_batch(draft | {"key": ["number"]}, reading=False)
    said = "No column is the item number, which tells who is the same person. Choose one."
    assert said in foot.words.text()
    foot.show_batch(draft | {"key": ["email", "title"]}, reading=False)
    assert said not in foot.words.text()


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
    assert way_out in sheet.foot_row.words.text()
    pick(sheet.source.columns_form.choices["Beitrag"], "fields.betrag")
    assert sheet.batch
    sheet.show_batch(sheet.batch)
    assert way_out not in sheet.foot_row.words.text()


def test_no_time_is_promised_while_the_typed_one_cannot_be_read(host: QWidget, jobs: Jobs) -> None:
    sheet = shown(host, jobs, {"E-Mail": "email"}, ready=2)
    assert sheet.batch is not None
    later = wire_time(round((time.time() + 86_400) * 1000))
    leaves: Any = sheet.batch["leaves"] | {"next_at": later, "last_at": later}
    draft: Any = sheet.batch | {"run_at": later, "leaves": leaves}
    sheet.show_batch(draft, is_new=True)
    said = sheet.foot_row.words
    assert said.text().startswith("The e-mails are sent from ")
    editor = sheet.source.sending.moment.editor
    right = editor.text()
    for typed, is_said in ((f"{right}banana", False), (right, True)):
        editor.setText(typed)
        sheet.show_batch(draft)
        assert said.text().startswith("The e-mails are sent from ") is is_said


def shown(host: QWidget, jobs: Jobs, columns: dict[str, str | None], **counts: int) -> ImportSheet:
    """Show a draft with these columns and counts of rows in a sheet of its own."""
    sheet = ImportSheet(ApiSource(jobs), host)
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
    sheet.rows.model.take_first(Page([ready(2), ready(3)], None))
    sheet.open()
    host.resize(width, height)
    host.show()
    subject = "Your booking for the summer concert: confirmed (no. ‹number›)"
    message = {"to": "Ada Lovelace <ada@example.org>", "subject": subject, "text": "", "html": ""}
    sheet.card.show_message(message)
    qtbot.waitUntil(lambda: not cut(sheet))
    card, (mail,) = sheet.card, sheet.card.findChildren(InertBrowser)
    qtbot.waitUntil(lambda: card.rect().contains(mail.geometry()))


def test_rows_that_are_there_twice_are_not_said_to_be_sent(foot: ImportFoot) -> None:
    counts, columns = {"rows": 9, "ready": 3, "same": 3, "twice": 3}, {"Mail": "email"}
    columns["No."] = "number"
    draft = batch(2, state="draft", counts=counts, columns=columns, template=None)
    foot.show_batch(draft, reading=False)
    assert "3 rows repeat another one and are not sent." in foot.words.text()
    order = "make the column with the order's number the number or the title."
    said = {
        "email title": ("The address and the title are the same.", order),
        "email title name": ("The address, the title and the name are the same.", order),
        "number": (
            "The number is the same. To send to each person, choose “address, title and name”.",
        ),
    }
    for key, words in said.items():  # below the chip *Twice*: the foot has no room for it
        about = about_repeated_rows(draft | {"key": key.split()})
        assert all(each in about for each in words), key
        assert about not in foot.words.text()


def test_rows_that_are_sent_again_are_counted_in_words(foot: ImportFoot) -> None:
    later = wire_time(round((time.time() + 86_400) * 1000))
    counts = {"rows": 20, "ready": 1, "same": 17, "changed": 2}
    draft: Any = batch(2, state="draft", counts=counts, rate="2/day")
    draft |= {"columns": {"Mail": "email"}, "template": None}
    draft["leaves"]["last_at"] = later
    foot.show_batch(draft, reading=False, also=["same", "changed"])
    assert foot.send.text() == "Send 20"
    said = foot.words.text()
    assert said == (
        "17 rows are the same as before and are sent again. 2 rows have changed since "
        "they were registered and are sent again as they are now. At most 2 a day."
    )
    draft["rate"] = None
    foot.show_batch(draft, reading=False, also=["same", "changed"])
    assert foot.words.text().endswith("as they are now.")
    draft["rate"] = "2/day"
    foot.show_batch(draft, reading=False)
    assert foot.send.text() == "Send 1"
    assert "2 rows have changed since they were registered and are left out." in foot.words.text()
    # Some may still wait in the batch before: they are sent, and were said not to be sent again.
    same = "17 rows are the same as before in every value and are left out. Retry failed "
    same += "ones in their batch."
    assert same in foot.words.text()
    assert "At most 2 a day. The last e-mail is sent " in foot.words.text()


@pytest.mark.usefixtures("themes")
def test_the_value_to_correct_has_the_focus_also_where_rows_come_before_their_check(
    host: QWidget, jobs: Jobs
) -> None:
    host.resize(1600, 900)
    sheet = ImportSheet(ApiSource(jobs), host)
    sheet.open()  # so wide that the rows are beside the settings
    draft = batch(2, state="draft", template=None, columns={"Mail": "email"}, reading=None)
    sheet.show_batch(draft | {"counts": counts(unchecked=1)})
    sheet.setFocus()
    sheet.rows.model.take_first(Page([row(2, check=None, problem=None, corrections=[])], None))
    assert sheet.hasFocus()
    sheet.show_reading(0.9)  # the rows that need a look are shown once all are there
    sheet.show_batch(draft | {"counts": counts(ready=1, problems=1)})
    right = row(2, check="ready", problem=None, corrections=[])
    sheet.rows.model.take_first(Page([right], None))
    assert sheet.hasFocus()
    sheet.show_reading(None)
    sheet.rows.show_problems()
    sheet.rows.model.take_first(Page([row(3, path="recipient.email", corrections=[])], None))
    assert sheet.card.editor.hasFocus()


@pytest.mark.usefixtures("themes")
def test_another_template_shows_its_email_before_all_rows_are_checked(
    qtbot: QtBot, host: QWidget, jobs: Jobs
) -> None:
    sheet = ImportSheet(ApiSource(jobs), host)
    sheet.open()
    draft = batch(2, state="draft", template=None, columns={"Mail": "email"}, reading=None)
    sheet.show_batch(draft | {"counts": counts(ready=1)})
    right = row(2, check="ready", problem=None, corrections=[])
    sheet.rows.model.take_first(Page([right], None))
    with qtbot.waitSignal(sheet.row_wanted) as wanted:
        sheet.show_batch(draft | {"counts": counts(unchecked=1), "template": "fees"})
    assert wanted.args == [2]
    with qtbot.assertNotEmitted(sheet.row_wanted):
        sheet.show_batch(draft | {"counts": counts(unchecked=1), "template": "fees"})


def test_what_a_send_replaces_is_said_before_it(foot: ImportFoot) -> None:
    tomorrow = wire_time(round((time.time() + 86_400) * 1000))
    draft: Any = batch(2, state="draft", counts={"rows": 3, "ready": 1, "same": 2})
    draft |= {"columns": {"Mail": "email"}}
    one = {"batch_id": 1, "count": 2, "check": "same", "run_at": tomorrow}
    draft["replaces"] = [one]
    foot.show_batch(draft, reading=False)
    assert "replaces" not in foot.words.text()
    foot.show_batch(draft, reading=False, also=["same"])
    assert "2 e-mails planned for tomorrow " in foot.words.text()
    draft["replaces"] = [{**one, "run_at": None}]
    foot.show_batch(draft, reading=False, also=["same"])
    assert "2 e-mails of batch 1 that are not sent yet are replaced." in foot.words.text()


def test_who_opts_out_in_the_spreadsheet_is_named_before_a_send(foot: ImportFoot) -> None:
    draft: Any = batch(2, state="draft", counts={"rows": 3, "ready": 3})
    said = {"column": "Status", "text": "unsubscribed", "check": "ready", "count": 2}
    draft |= {"columns": {"Mail": "email"}, "opted_out": [said]}
    foot.show_batch(draft, reading=False)
    texts = "“Status: unsubscribed”"
    assert say("draft", "opted_out", n=2, texts=texts) in foot.words.text()


@pytest.mark.usefixtures("themes")
def test_of_a_file_that_does_not_tell_its_hidden_rows_send_asks_once(
    qtbot: QtBot, host: QWidget, jobs: Jobs
) -> None:
    sheet = ImportSheet(ApiSource(jobs), host)
    sheet.open()
    sheet.begin("filtered.xls")
    found = described(CORPUS / "filtered.xls")
    sheet.source.show_description(found, found.mapping, [])
    columns = {"Mail": "email"}
    counts = {"rows": 1, "ready": 1}
    draft = batch(2, state="draft", counts=counts, template=None, columns=columns)
    sheet.show_batch(draft, is_new=True)
    with qtbot.assertNotEmitted(sheet.send_chosen):
        sheet.foot_row.send.click()
    assert "hidden in an .xls are sent too" in sheet.foot_row.words.text()
    with qtbot.waitSignal(sheet.send_chosen):
        sheet.foot_row.send.click()


@pytest.mark.usefixtures("themes")
def test_send_of_a_file_that_can_be_read_in_several_ways_asks_once(
    qtbot: QtBot, host: QWidget, jobs: Jobs, tmp_path: Path
) -> None:
    file = tmp_path / "guests.csv"
    file.write_bytes("Name,Mail\n王伟,wang@example.org\n李娜,li@example.org\n".encode("gb18030"))
    sheet = ImportSheet(ApiSource(jobs), host)
    sheet.open()
    sheet.begin(file.name)
    found = described(file)
    sheet.source.show_description(found, found.mapping, [])
    draft = batch(2, state="draft", counts={"rows": 2, "ready": 2}, columns={"Mail": "email"})
    sheet.show_batch(draft, is_new=True)
    with qtbot.assertNotEmitted(sheet.send_chosen):
        sheet.foot_row.send.click()
    assert "Choose above how the words are read" in sheet.foot_row.words.text()
    with qtbot.waitSignal(sheet.send_chosen):
        sheet.foot_row.send.click()
