"""Templates in the running program: written, saved with a file, tested, renamed and deleted."""

from __future__ import annotations

import asyncio
import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from desktop.contract.items import NewItem
from desktop.gui.frame.views import ITEMS, TASKS
from desktop.gui.link.drafts import DraftBox
from desktop.gui.templates.template_sheet import TemplateSheet
from sendoff_tasks.client.calls import new_key
from sendoff_tasks.words.table import ENGLISH
from tests import WITHIN
from tests.gui.templates.conftest import opened

if TYPE_CHECKING:
    from desktop.settings.office_folder import OfficeFolder
    from tests.gui.play import Perform, Play


def register(play: Play, *names: str) -> list[int]:
    """Register an item for each name; their messages leave in an hour. Returns their numbers."""
    bodies: list[NewItem] = [
        {"recipient": {"name": name, "email": "ada@example.org"}} for name in names
    ]
    submit = play.api.items.submit
    return [submit(None, body, new_key(), undo_for=3600.0).item_id for body in bodies]


async def it_is_written_saved_and_tested(play: Play, data: OfficeFolder, folder: Path) -> None:
    statutes = folder / "statutes.pdf"
    statutes.write_bytes(b"%PDF")
    play.window.menu.templates_chosen.emit()
    (sheet,) = play.window.findChildren(TemplateSheet)
    await play.until(lambda: sheet.name.value() == "confirmation")
    await play.until(lambda: "Opera night" in sheet.preview.text.toPlainText())
    sheet.name.copy.click()
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
    }
    row = play.api.items.submit(None, body, new_key(), undo_for=3600.0).pending
    assert row is not None
    sheet.name.delete.trigger()
    await play.until(lambda: "1 e-mail is still to be sent" in sheet.foot_row.words.text())
    play.api.actions.undo(row["id"])
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


async def its_message_is_about_the_item_that_is_chosen(play: Play) -> None:
    play.window.form.message.choose("confirmation")
    ada, bo, cy = register(play, "Ada", "Bo", "Cy")
    await play.until(lambda: play.has(3))

    async def shows(number: int, name: str) -> None:
        play.program.rooms.templates.open()
        (sheet,) = play.window.findChildren(TemplateSheet)
        preview = sheet.preview
        await play.until(lambda: preview.about.text() == f"item {number} · {name}")
        await play.until(lambda: f"Hello {name}" in preview.text.toPlainText())
        sheet.close()

    await shows(cy, "Cy")
    play.window.page.table.selectRow(1)
    await shows(bo, "Bo")
    play.window.switch.choose(ITEMS)
    items = play.window.items
    await play.until(lambda: len(items.model.rows) == 3)
    items.table.selectRow(2)
    await shows(ada, "Ada")
    play.window.switch.choose(TASKS)
    task = play.api.items.one(cy)["tasks"][0]["id"]
    play.program.rooms.templates.open_for(task)
    (sheet,) = play.window.findChildren(TemplateSheet)
    await play.until(lambda: sheet.preview.about.text() == f"item {cy} · Cy")
    sheet.close()
    for row in play.api.actions.pending():
        play.api.actions.undo(row["id"])
    await play.until(lambda: play.has(0))


async def a_save_that_cannot_attach_a_file_says_which(play: Play, folder: Path) -> None:
    bad, gone = folder / "a|b.pdf", folder / "gone.pdf"
    play.api.templates.save("Fees", {"parts": {"subject": "Fees", "text": "Dear {{ name }}"}})
    sheet = await opened(play)
    files = sheet.form.attachments
    for chosen, why in ((bad, "A file's name cannot have"), (gone, "No such file")):
        await asyncio.to_thread(chosen.write_bytes, b"%PDF")
        files.add([str(chosen)])
        if chosen is gone:
            await asyncio.to_thread(chosen.unlink)
        sheet.foot_row.save.click()
        said = f"“{chosen.name}” is not attached. {why}"
        await play.until(lambda said=said: files.words.text().startswith(said))  # type: ignore[misc]
        assert sheet.foot_row.words.text().startswith(said)
        assert (
            [each["file"] for each in play.api.templates.one("Fees")["attachments"]],
            sheet.has_changes(),
        ) == ([], True)
        sheet.discard()
    sheet.close()


async def what_is_typed_outlives_a_deletion_by_someone_else(play: Play, kept: Path) -> None:
    sheet = await opened(play)
    name = sheet.name.value()
    sheet.form.texts["text"].set_source("Typed before it was deleted.")
    sheet.form.texts["text"].edited.emit()
    await play.until(lambda: kept.exists() and "it was deleted" in kept.read_text())
    sheet.hide()  # as when the window ends
    play.api.templates.delete(name)
    play.program.rooms.templates.open(name)
    await play.until(lambda: sheet.name.value() == "confirmation")
    sheet.name.deleted.actions()[0].trigger()
    await play.until(lambda: sheet.name.value() == name)
    assert sheet.form.parts()["text"] == "Typed before it was deleted."
    sheet.discard()
    sheet.close()


async def one_that_was_deleted_elsewhere_is_saved_with_the_files_it_shows(
    play: Play, folder: Path
) -> None:
    plan, terms = folder / "plan.pdf", folder / "terms.pdf"
    for each in (plan, terms):
        await asyncio.to_thread(each.write_bytes, b"%PDF")
    parts = {"subject": "Season", "text": "Dear {{ name }}"}
    templates = play.api.templates
    for name, added in (("Season", []), ("Tour", [terms]), ("confirmation", [])):
        templates.save(name, {"parts": parts})
        templates.store(name, plan.name, plan)
        templates.save(name, {"parts": {**parts, "attachments": [plan.name]}})
        sheet = await opened(play, name)
        await play.until(lambda: "Remove plan.pdf" in _file_buttons(sheet))  # noqa: B023
        templates.delete(name)
        sheet.form.attachments.add([str(each) for each in added])
        sheet.form.texts["text"].set_source("Typed since.")
        sheet.form.texts["text"].edited.emit()
        sheet.foot_row.save.click()
        await play.until(sheet.isHidden)
        saved = templates.one(name)
        assert saved["parts"]["text"] == "Typed since."
        names = [plan.name, *(each.name for each in added)]
        assert [each["file"] for each in saved["attachments"]] == names
        templates.delete(name)


async def test_save_that_was_not_answered_is_made_once_the_backend_is_back(
    play: Play, data: OfficeFolder
) -> None:
    play.program.rooms.templates.open("confirmation")
    (sheet,) = play.window.findChildren(TemplateSheet)
    await play.until(lambda: "Opera night" in sheet.preview.text.toPlainText())
    words, usual = sheet.foot_row.words, sheet.foot_row.words.text()
    sheet.form.texts["text"].set_source("Typed before.")
    sheet.form.texts["text"].edited.emit()
    play.kill_backend()
    sheet.foot_row.save.click()
    await play.until(lambda: words.text() == ENGLISH.say("client", "unanswered"))
    assert sheet.foot_row.save.text() == "Saving…"
    await play.until(sheet.isHidden)
    assert "Typed before." in (data.templates / "confirmation.jinja").read_text()
    play.program.rooms.templates.open("confirmation")
    assert words.text() == usual
    await play.until(lambda: not play.program.jobs.under_way and sheet.name.delete.isVisible())
    sheet.name.delete.trigger()
    await play.until(sheet.question.isVisible)
    sheet.question.buttons[-1].click()
    await play.toast("The built-in text is used again.")
    assert not (data.templates / "confirmation.jinja").exists()
    sheet.close()


async def what_was_asked_while_the_backend_is_away_is_answered_once_it_is_back(play: Play) -> None:
    play.program.rooms.templates.open("confirmation")
    (sheet,) = play.window.findChildren(TemplateSheet)
    await play.until(lambda: "Opera night" in sheet.preview.text.toPlainText())
    play.kill_backend()
    sheet.form.texts["text"].set_source("Typed while it was away.")
    sheet.editor.ask_for_preview()
    sheet.foot_row.test.click()
    await play.until(lambda: sheet.foot_row.words.text() == ENGLISH.say("client", "unanswered"))
    await play.until(lambda: "while it was away" in sheet.preview.text.toPlainText())
    await play.until(lambda: ENGLISH.say("client", "unanswered") not in _said(sheet))
    sheet.discard()
    sheet.close()
    await play.lose_backend()
    play.program.rooms.templates.open("confirmation")
    assert ENGLISH.say("client", "unanswered") in _said(sheet)
    sheet.name.show_names([])
    await play.until(lambda: sheet.name.choice.count() > 1)
    await play.until(lambda: ENGLISH.say("client", "unanswered") not in _said(sheet))


def test_a_template_is_edited_and_what_was_not_saved_is_there_in_the_next_window(
    perform: Perform, data: OfficeFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = data.drafts / "templates.json"
    may_read, load = threading.Event(), DraftBox.load_typed

    async def type_it(play: Play) -> None:
        sheet = await opened(play)
        sheet.form.texts["text"].set_source("Dear {{ name }}, pay")
        sheet.form.texts["text"].edited.emit()
        await play.until(
            lambda: kept.exists() and "pay" in kept.read_text()
        )  # also if the window dies now
        sheet.name.copy.click()
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

    perform(
        partial(it_is_written_saved_and_tested, data=data, folder=tmp_path),
        partial(a_save_that_cannot_attach_a_file_says_which, folder=tmp_path),
        partial(what_is_typed_outlives_a_deletion_by_someone_else, kept=kept),
        partial(one_that_was_deleted_elsewhere_is_saved_with_the_files_it_shows, folder=tmp_path),
        type_it,
    )
    slowly = lambda box, kind: load(box, kind) if may_read.wait(WITHIN) else {}  # noqa: E731
    monkeypatch.setattr(DraftBox, "load_typed", slowly)
    perform(
        find_it,
        its_message_is_about_the_item_that_is_chosen,
        what_was_asked_while_the_backend_is_away_is_answered_once_it_is_back,
    )
    assert not kept.exists()


def _said(sheet: TemplateSheet) -> list[str]:
    return [each.text() for each in sheet.findChildren(QLabel) if each.isVisible()]


def _file_buttons(sheet: TemplateSheet) -> dict[str, QPushButton]:
    """The buttons beside attachments, by what they do."""
    buttons = sheet.form.attachments.findChildren(QPushButton)
    return {name: each for each in buttons if each.isVisible() and (name := each.accessibleName())}
