"""Templates in the running program: written, saved with a file, tested, renamed and deleted."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from desktop.client.api import TemplateCalls, new_key
from desktop.client.errors import UNANSWERED, TooSlow
from desktop.contract.items import NewItem
from desktop.gui.link.drafts import DraftBox
from desktop.gui.templates.template_sheet import TemplateSheet
from tests.gui.templates.conftest import opened, save_anyway, write

if TYPE_CHECKING:
    from desktop.settings.paths import DataFolder
    from tests.gui.play import Perform, Play

RIGHT_AGAIN = "The template “Fees” works again: {} ready to be sent."


async def test_a_template_is_written_saved_and_tested(
    play: Play, data: DataFolder, tmp_path: Path
) -> None:
    statutes = tmp_path / "statutes.pdf"
    statutes.write_bytes(b"%PDF")
    play.window.menu.templates_chosen.emit()
    (sheet,) = play.window.findChildren(TemplateSheet)
    await play.until(lambda: sheet.name.value() == "confirmation")
    await play.until(lambda: "Opera night" in sheet.preview.text.toPlainText())
    sheet.name.copy.trigger()
    sheet.name.field.set_text("Renewal")
    sheet.form.texts["subject"].set_source("Your membership {{ Year }}")
    sheet.form.texts["text"].set_source("Dear {{ first_name }}, {{ titel }}")
    sheet.form.texts["text"].edited.emit()
    await play.until(lambda: "titel" in sheet.form.error.text())
    sheet.form.error.linkActivated.emit("#")
    sheet.form.attachments.add([str(statutes)])
    kept = data.templates / "attachments" / "Renewal" / "statutes.pdf"
    named = data.templates / "Renewal.jinja"
    await play.until(lambda: "Remove statutes.pdf" in _file_buttons(sheet))
    _file_buttons(sheet)["Remove statutes.pdf"].click()
    await play.until(lambda: _file_buttons(sheet).keys() == {"Keep statutes.pdf"})
    _file_buttons(sheet)["Keep statutes.pdf"].click()
    await play.until(lambda: "statutes.pdf" in sheet.preview._addresses.text())
    assert not named.exists()
    assert not kept.exists()
    sheet.foot_row.save.click()
    await play.until(sheet.isHidden)
    await play.toast("The template “Renewal” is saved.")
    assert "statutes.pdf" in named.read_text()
    assert kept.exists()
    assert "{{ title }}" in named.read_text()
    await play.until(lambda: play.window.form.message.value() == "Renewal")
    play.window.menu.templates_chosen.emit()
    assert sheet.name.value() == "Renewal"
    sheet.foot_row.test.click()
    await play.until(lambda: "outbox" in sheet.foot_row.words.text())
    (message,) = data.outbox.iterdir()
    assert "statutes.pdf" in message.read_text()
    await play.until(lambda: _file_buttons(sheet))
    _file_buttons(sheet)["Remove statutes.pdf"].click()
    sheet.discard()
    sheet.close()
    assert sheet.isHidden()
    play.window.menu.templates_chosen.emit()
    body: NewItem = {
        "recipient": {"name": "Ada", "email": "ada@example.org"},
        "template": "Renewal",
        "fields": {"Year": "27"},
        "delay": 3600.0,
    }
    waiting = play.api.items.submit(None, body, new_key()).item_id
    sheet.name.delete.trigger()
    await play.until(lambda: "1 e-mail is still to be sent" in sheet.foot_row.words.text())
    play.api.items.undo(waiting)
    sheet.name.delete.trigger()
    await play.until(sheet.question.isVisible)
    sheet.question.buttons[-1].click()
    await play.until(lambda: not list(data.templates.glob("*.jinja")))
    await play.until(lambda: len(sheet.name.deleted.actions()) == 1)
    await play.until(lambda: sheet.name.value() == "confirmation")
    (last,) = sheet.name.deleted.actions()
    assert last.text().startswith("Renewal · ")
    last.trigger()
    await play.until(lambda: not sheet.name.deleted.actions())
    await play.until(lambda: sheet.name.value() == "Renewal")
    assert "statutes.pdf" in (data.templates / "Renewal.jinja").read_text()
    file = data.templates / "attachments" / "Renewal" / "statutes.pdf"
    assert file.read_bytes() == b"%PDF"
    play.window.menu.templates_chosen.emit()
    await play.until(lambda: _file_buttons(sheet))
    _file_buttons(sheet)["Remove statutes.pdf"].click()
    assert file.exists()
    sheet.foot_row.save.click()
    await play.until(sheet.isHidden)
    assert "statutes.pdf" not in (data.templates / "Renewal.jinja").read_text()


async def test_messages_that_wait_for_a_template_are_sent_once_it_is_right(
    play: Play, data: DataFolder
) -> None:
    play.program.rooms.services.grace.seconds = 0
    play.api.templates.save("Fees", {"parts": {"subject": "Fees", "text": "Dear {{ titel }}"}})
    body: NewItem = {"recipient": {"email": "ada@example.org"}, "template": "Fees"}
    for _ in range(2):
        play.api.items.submit(None, body, new_key())
    await play.until(lambda: play.states() == ["waiting", "waiting"])
    sheet = await opened(play)
    write(sheet, "Your fees", "subject")
    sheet.foot_row.save.click()
    await play.until(sheet.isHidden)
    words = "The template “Fees” is saved.\nIt has an error: its e-mails wait until"
    await play.toast(words)
    assert not _held_bars(play)
    play.program.rooms.templates.open("Fees")
    write(sheet, "Dear {{ title }}")
    sheet.foot_row.save.click()
    await play.until(lambda: _held_bars(play))
    (bar,) = _held_bars(play)
    assert play.window.notices.text(bar) == RIGHT_AGAIN.format("2 e-mails are")
    buttons = play.window.notices.findChildren(QPushButton)
    said = play.note_toasts()
    next(each for each in buttons if each.text() == "Send the 2 e-mails").click()
    await play.until(lambda: "2 e-mails were queued" in said)  # it was “2 tasks …”
    await play.until(lambda: play.states() == ["succeeded", "succeeded"])
    assert not _held_bars(play)


async def test_messages_that_a_saved_template_cannot_make_are_told_at_once(
    play: Play, data: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise TooSlow

    play.api.templates.save("Fees", {"parts": {"subject": "Fees", "text": "Dear {{ betrag }}"}})
    body: NewItem = {
        "recipient": {"email": "ada@example.org"},
        "template": "Fees",
        "fields": {"betrag": "3"},
        "delay": 3600.0,
    }
    _, _, last = [play.api.items.submit(None, body, new_key()).item_id for _ in range(3)]
    await play.until(lambda: play.states() == ["scheduled"] * 3)
    detail = play.window.page.detail
    detail.show_task(play.api.items.one(last)["tasks"][0]["id"])
    told = detail.summary.explanation
    await play.until(lambda: "starts it by itself" in told.text())
    sheet = await opened(play)
    write(sheet, "Dear {{ Beitrag }}")
    sheet.foot_row.save.click()
    await play.until(sheet.question.isVisible)
    assert sheet.question.accessibleName() == (
        "Saving this stops 3 waiting e-mails until you correct it: they have no “Beitrag”."
    )
    keep = sheet.question.buttons[-1]
    assert keep.hasFocus()
    keep.click()
    kept = data.templates / "Fees.jinja"
    assert "betrag" in kept.read_text()
    assert sheet.foot_row.save.isEnabled()
    await save_anyway(play, sheet)
    words = "3 waiting e-mails cannot be made with it: they have no “Beitrag”."
    saved = await play.toast(words)
    saved.button.click()  # Undo the save
    await play.toast("The text and files of “Fees” are as before.")  # its name may be new
    await play.until(lambda: "betrag" in kept.read_text())
    assert play.api.templates.messages("Fees")["stuck"] == []
    await play.until(lambda: "starts it by itself" in told.text())
    with monkeypatch.context() as broken:  # as a server of an earlier version
        broken.setattr(TemplateCalls, "messages", fail)
        broken.setattr(TemplateCalls, "try_change", fail)
        play.program.rooms.templates.open("Fees")
        await play.until(lambda: "betrag" in sheet.form.parts()["text"])
        write(sheet, "Dues", "subject")
        sheet.foot_row.save.click()
        await play.until(sheet.isHidden)
    assert "Dues" in kept.read_text()


def test_what_was_typed_and_not_saved_is_there_in_the_next_window(
    perform: Perform, data: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = data.drafts / "templates.json"
    may_read, load = threading.Event(), DraftBox.load_typed

    async def type_it(play: Play) -> None:
        play.api.templates.save("Fees", {"parts": {"subject": "Fees", "text": "Dear"}})
        sheet = await opened(play)
        sheet.form.texts["text"].set_source("Dear {{ name }}, pay")
        sheet.form.texts["text"].edited.emit()
        await play.until(
            lambda: kept.exists() and "pay" in kept.read_text()
        )  # also if the window dies now
        sheet.name.copy.trigger()
        sheet.name.field.set_text("Dues")

    async def find_it(play: Play) -> None:
        play.program.rooms.templates.open()
        may_read.set()  # only now: the editor was opened first
        (sheet,) = play.window.findChildren(TemplateSheet)
        await play.until(lambda: sheet.name.value() == "Dues")
        assert sheet.form.parts()["text"] == "Dear {{ name }}, pay"
        assert "did not save it" in sheet.foot_row.words.text()
        sheet.foot_row.save.click()
        await play.until(sheet.isHidden)
        assert "pay" in (data.templates / "Dues.jinja").read_text()
        await play.until(lambda: not kept.exists())

    perform(type_it)
    slowly = lambda box, kind: load(box, kind) if may_read.wait(60) else {}  # noqa: E731
    monkeypatch.setattr(DraftBox, "load_typed", slowly)
    perform(find_it)
    assert not kept.exists()


async def test_what_was_asked_while_the_backend_is_away_is_answered_once_it_is_back(
    play: Play,
) -> None:
    play.program.rooms.templates.open()
    (sheet,) = play.window.findChildren(TemplateSheet)
    await play.until(lambda: "Opera night" in sheet.preview.text.toPlainText())
    play.kill_backend()
    sheet.form.texts["text"].set_source("Typed while it was away.")
    sheet.editor.ask_for_preview()
    sheet.foot_row.test.click()
    await play.until(lambda: sheet.foot_row.words.text() == UNANSWERED)
    await play.until(lambda: "while it was away" in sheet.preview.text.toPlainText())
    await play.until(lambda: UNANSWERED not in _said(sheet))
    sheet.discard()
    sheet.close()
    await play.lose_backend()
    play.program.rooms.templates.open("confirmation")
    assert UNANSWERED in _said(sheet)
    sheet.name.show_names([])
    await play.until(lambda: sheet.name.choice.count() == 1)
    await play.until(lambda: UNANSWERED not in _said(sheet))


def _said(sheet: TemplateSheet) -> list[str]:
    return [each.text() for each in sheet.findChildren(QLabel) if each.isVisible()]


def _held_bars(play: Play) -> list[str]:
    return [name for name in play.window.notices.names() if name.startswith("held with")]


def _file_buttons(sheet: TemplateSheet) -> dict[str, QPushButton]:
    """The buttons beside attachments, by what they do."""
    buttons = sheet.form.attachments.findChildren(QPushButton)
    return {name: each for each in buttons if each.isVisible() and (name := each.accessibleName())}
