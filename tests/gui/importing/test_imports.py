"""A spreadsheet in the running program: brought in, corrected and sent, once."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop.contract.batches import Target
from desktop.gui.batches.batch_rows import with_entry
from desktop.gui.importing import draft_file
from desktop.gui.importing.import_place import ImportPlace
from desktop.gui.importing.row_verbs import RowVerbs
from desktop.gui.link import outbox as outbox_module
from desktop.gui.link.jobs import ApiSource
from desktop.gui.link.outbox import Outbox
from desktop.gui.templates.letters_place import LettersPlace
from sendoff_tasks.client.errors import BackendBusy, BackendGone, TooSlow
from tests import WITHIN
from tests.gui.batches.test_batch_model import batch
from tests.gui.importing.dropping import (
    brought,
    checked,
    drop,
    each_in,
    is_past,
    members,
    number_of,
    placed,
)
from tests.gui.importing.test_rows_list import row

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop.client.api import Api
    from desktop.gui.assembly import AppWindow
    from desktop.gui.link.jobs import Jobs
    from desktop.settings.office_folder import OfficeFolder
    from tests.gui.play import Perform, Play


RENEWAL = (
    "{% block subject %}Renewal{% endblock %}{% block text %}Dear {{ name }}{% endblock %}"
    "{% block html %}{% endblock %}"
)


async def it_is_corrected_and_sent_and_is_a_draft_again_once_that_is_undone(
    play: Play, folder: Path
) -> None:
    ada = "Ada;ada@example.org;Opera;Wien"
    path = members(folder, ada, "Bo;bo@example,org;Opera;Ulm", "Cy;cy@@example.org;Opera;Bonn", ada)
    play.window.form.message.choose("Renewal")
    sheet = await brought(play, path, 4)
    foot, editor = sheet.said, sheet.card.editor
    assert "members.csv" in sheet.source.name.text()
    assert foot.send.text() == "Keep 1"
    await play.until(lambda: sheet.list.model.rowCount() == 2)
    assert sheet.list.chips[0].count == "2"
    waits = "Everything is paused. The e-mails will wait until you resume."
    play.window.menu.pause_chosen.emit()
    await play.until(lambda: waits in foot.words.text())
    play.window.menu.resume_chosen.emit()
    await play.until(lambda: waits not in foot.words.text())
    await play.until(lambda: editor.selectedText() == "bo@example,org")  # typing corrects it
    await play.until(lambda: "bo@example,org" in sheet.card.mail.head["to"].text())  # its letter
    row = sheet.list.current()
    assert row is not None
    editor.setText("bo@example.org")
    foot.send.click()  # in place of Enter
    await play.until(partial(is_past, sheet, row))
    await play.until(lambda: foot.send.text() == "Keep 2")
    assert "Your last change was not in the row yet" in foot.words.text()
    assert "1 row needs a look" in foot.words.text()
    await play.until(lambda: editor.text() == "cy@@example.org")
    editor.setText("cy@example.org")  # and not pressed Enter
    play.program.rooms.services.grace.seconds = 600.0
    foot.send.click()
    assert "Your last change was not in the row yet" in foot.words.text()
    foot.send.click()  # before the row is corrected
    await play.until(sheet.isHidden)
    (await play.note("3 e-mails will be kept, not sent")).use()
    await play.until(sheet.isVisible)
    await play.until(lambda: checked(sheet, 4))
    assert foot.send.text() == "Keep 3"
    sheet.close()


class Rows:
    """A backend that corrects rows; first come these errors, and it waits while it is closed."""

    def __init__(self) -> None:
        self.errors = list[Exception]()
        self.corrected = list[tuple[Any, list[str]]]()
        self.is_open = Event()
        self.is_open.set()

    def correct_row(self, _number: int, at: int, item: Any, typed: list[str]) -> Any:
        assert self.is_open.wait(WITHIN)
        if self.errors:
            raise self.errors.pop(0)
        self.corrected.append((item, typed))
        return row(at, item=item, check="ready")

    def one(self, number: int) -> Any:
        return batch(number, state="draft", counts={"ready": 1})


class Correcting:
    """Corrections of a draft from its sheet, without the window."""

    def __init__(self, host: QWidget, jobs: Jobs) -> None:
        self.rows = Rows()
        api: Any = SimpleNamespace(batches=self.rows)
        self.api: Api = api
        self.source = ApiSource(jobs, self.api)
        box: Any = None
        self.outbox = Outbox(self.source, box, jobs, lambda _: None, host)
        self.sheet = placed(host, self.source)
        services: Any = SimpleNamespace(source=self.source, outbox=self.outbox)
        window: Any = SimpleNamespace(notes=None)
        memory: Any = SimpleNamespace(keep=lambda *_: None, of=lambda *_: None)
        self.work = RowVerbs(self.sheet, window, services, memory)
        self.show(1)

    def show(self, number: int) -> None:
        draft = batch(number, state="draft", counts={"problems": 1}, columns={"E-Mail": "email"})
        self.sheet.show_batch(draft | {"template": None, "reading": None}, is_new=True)

    def correct(self, path: str, value: str) -> None:
        item: Any = {"recipient": {"email": "ada@"}, "title": ""}
        self.sheet.card.corrected.emit(2, with_entry(item, path, value), path)

    @property
    def said(self) -> str:
        return self.sheet.said.words.text()


@pytest.fixture
def correcting(host: QWidget, jobs: Jobs) -> Correcting:
    return Correcting(host, jobs)


def test_correction_is_made_with_all_that_was_typed_while_the_backend_was_away_or_busy(
    qtbot: QtBot, correcting: Correcting
) -> None:
    correcting.source.api = None
    correcting.correct("recipient.email", "ada@example.org")
    correcting.correct("title", "Opera")
    assert "Sendoff does not answer right now." in correcting.said
    assert not correcting.sheet.typing.is_settled
    correcting.rows.errors = [BackendBusy("Sendoff is busy.", 0.0), TooSlow()]
    correcting.source.api = correcting.api
    correcting.source.go_on()
    qtbot.waitUntil(lambda: correcting.sheet.typing.is_settled)
    ((item, typed),) = correcting.rows.corrected
    assert (item["recipient"]["email"], item["title"]) == ("ada@example.org", "Opera")
    assert typed == ["recipient.email", "title"]


def test_correction_that_is_never_answered_ends_and_send_does_not_wait_for_it(
    qtbot: QtBot, correcting: Correcting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox_module, "WAITS_S", 0)
    correcting.source.api = None
    correcting.correct("recipient.email", "ada@example.org")
    qtbot.waitUntil(lambda: correcting.sheet.typing.is_settled)
    assert "Row 2: Sendoff" in correcting.said
    assert "once it does" not in correcting.said


def test_correction_of_a_draft_whose_sheet_shows_another_is_made(
    qtbot: QtBot, correcting: Correcting
) -> None:
    correcting.rows.is_open.clear()
    correcting.correct("recipient.email", "ada@example.org")
    correcting.show(2)
    correcting.rows.errors = [BackendGone()]
    correcting.rows.is_open.set()
    qtbot.waitUntil(lambda: bool(correcting.outbox.unanswered) and not correcting.rows.errors)
    correcting.source.go_on()
    qtbot.waitUntil(lambda: not correcting.outbox.unanswered)
    assert len(correcting.rows.corrected) == 1
    assert "Sendoff" not in correcting.said


async def ctrl_enter_takes_a_value_and_sends_no_draft(play: Play, folder: Path) -> None:
    path = members(folder, "Bo;bo@example,org;Oper;Ulm", "Cy;cy@@example.org;Oper;Graz")
    keys = Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier
    sheet, form = drop(play, path), play.window.form
    editor, send = sheet.card.editor, sheet.said.send
    await play.until(editor.hasFocus)

    async def correct(right: str, ready: int) -> None:
        editor.selectAll()
        QTest.keyClicks(editor, right)
        QTest.keyClick(editor, *keys)
        await play.until(lambda: send.text() == f"Keep {ready}")
        assert sheet.isVisible()

    await correct("bo@example.org", 1)
    await play.until(lambda: editor.text() == "cy@@example.org")
    QTest.keyClick(editor, *keys)  # nothing is typed
    await correct("cy@example.org", 2)
    assert play.api.batches.one(number_of(sheet))["state"] == "draft"
    assert send.isEnabled()
    for place in (editor, send, sheet.list.table, form.fields["recipient.email"].editor):
        place.setFocus()
        QTest.keyClick(place, *keys)
        assert sheet.isVisible()
    send.click()
    await play.until(sheet.isHidden)
    await play.note("2 e-mails will be kept, not sent")


def test_copied_cells_are_taken_from_the_list(qtbot: QtBot, window: AppWindow) -> None:
    QGuiApplication.clipboard().setText("Name\tE-mail\nAda\tada@example.org\n")
    taken: list[str] = []
    window.pasted.connect(taken.append)
    window.page.table.setFocus()
    QTest.keySequence(window.page.table, QKeySequence(QKeySequence.StandardKey.Paste))
    assert taken == [QGuiApplication.clipboard().text()]


async def copied_cells_are_brought_in(play: Play, folder: Path) -> None:
    cells = f"Name\tE-mail {folder.name}\nAda\tada@example.org\n"
    QGuiApplication.clipboard().setText(cells)
    here = play.window.places.rows
    here.setFocus()
    QTest.keySequence(here, QKeySequence(QKeySequence.StandardKey.Paste))
    await play.until(lambda: play.window.findChildren(ImportPlace))
    (sheet,) = play.window.findChildren(ImportPlace)
    columns = {"Name": Target.NAME, f"E-mail {folder.name}": Target.EMAIL}
    await play.until(lambda: checked(sheet, 1) and sheet.source.columns() == columns)
    sheet.close()


async def of_a_file_that_changes_the_rows_and_the_copy_are_as_chosen(
    play: Play, folder: Path
) -> None:
    path = members(folder, "Hal;hal@old.example;Opera;Wien")
    before, find_or_create = path.read_bytes(), draft_file.find_or_create

    def change_first(*args: Any, **options: Any) -> Any:
        path.write_bytes(before.replace(b"@old.", b"@new."))
        return find_or_create(*args, **options)

    with patch.object(draft_file, "find_or_create", change_first):
        sheet = await brought(play, path, 1)
    api, number = play.api.batches, number_of(sheet)
    (row,) = api.rows(number)["rows"]
    assert row["item"]["recipient"]["email"] == "hal@old.example"
    api.sheet(number, folder / "kept.csv")
    assert (folder / "kept.csv").read_bytes() == before
    sheet.close()


async def the_text_of_a_row_is_written_with_its_columns(play: Play, folder: Path) -> None:
    path = members(folder, "Ada;ada@example.org;Opera;Wien")
    sheet = await brought(play, path, 1)
    QTest.mouseClick(sheet.source.sending.edit, Qt.MouseButton.LeftButton)
    (editor,) = play.window.findChildren(LettersPlace)
    number = number_of(sheet)
    await play.until(lambda: editor.editor.reader.subject == {"batch_id": number, "row": 2})
    assert {"ort", "betreff"} <= {name.casefold() for name in editor.form.fields.all()}
    await play.until(lambda: "Wien" in editor.form.fields.values.values())
    editor.close()
    assert sheet.is_open
    sheet.close()


async def nothing_can_be_sent_before_all_rows_are_known_to_be_there(
    play: Play, folder: Path
) -> None:
    path = members(folder, "Jo;jo@example.org;Opera;Wien", "Kim;kim@example.org;Opera;Ulm")
    imports, seen = play.program.rooms.importing.imports, []
    sheet, live = drop(play, path), play.program.rooms.services.live
    live.batches_changed.disconnect(imports.follow)  # none comes in time
    send = sheet.said.send
    imports.reading.ended.connect(lambda: seen.append((send.text(), send.isEnabled())))
    await play.until(lambda: seen)
    assert seen == [("Keep 2", True)]
    number = number_of(sheet)
    sheet.show_reading(0.5)
    sheet.close()
    imports.open_draft(number)
    await play.until(lambda: checked(sheet, 2))
    assert send.isEnabled()
    sheet.close()


def test_a_dropped_spreadsheet_becomes_a_draft_and_is_sent(
    perform: Perform, data: OfficeFolder, tmp_path: Path
) -> None:
    (data.templates / "Renewal.jinja").write_text(RENEWAL)
    scenes = (
        copied_cells_are_brought_in,
        the_text_of_a_row_is_written_with_its_columns,
        of_a_file_that_changes_the_rows_and_the_copy_are_as_chosen,
        it_is_corrected_and_sent_and_is_a_draft_again_once_that_is_undone,
        ctrl_enter_takes_a_value_and_sends_no_draft,
        nothing_can_be_sent_before_all_rows_are_known_to_be_there,
    )
    perform(*each_in(tmp_path, *scenes))
