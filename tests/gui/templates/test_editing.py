"""What the template editor is opened for, and the messages that wait for a template."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton

from desktop.client.api import new_key
from desktop.client.errors import UNANSWERED
from desktop.contract.items import NewItem
from desktop.gui.frame.views import ITEMS, TASKS
from desktop.gui.kit.widgets.buttons import Link
from desktop.gui.templates.template_sheet import TemplateSheet
from tests.gui.batches.test_batch_verbs import bring, state_of
from tests.gui.hands import is_bare, press
from tests.gui.templates.conftest import opened, save_anyway, write

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play


def register(play: Play, *names: str) -> list[int]:
    """Register an item for each name; their messages leave in an hour. Returns their numbers."""
    bodies: list[NewItem] = [
        {"recipient": {"name": name, "email": "ada@example.org"}, "delay": 3600.0} for name in names
    ]
    return [play.api.items.submit(None, body, new_key()).item_id for body in bodies]


async def test_the_message_is_about_the_item_that_is_chosen(play: Play) -> None:
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


async def test_a_save_that_was_not_answered_is_said_until_it_is_saved(
    play: Play, data: DataFolder
) -> None:
    play.program.rooms.templates.open()
    (sheet,) = play.window.findChildren(TemplateSheet)
    await play.until(lambda: "Opera night" in sheet.preview.text.toPlainText())
    words, usual = sheet.foot_row.words, sheet.foot_row.words.text()
    sheet.form.texts["text"].set_source("Typed before.")
    sheet.form.texts["text"].edited.emit()
    play.kill_backend()
    sheet.foot_row.save.click()
    await play.until(lambda: words.text() == UNANSWERED)
    await play.until(lambda: words.text() != UNANSWERED)
    reminder = "It is not known whether this was saved. Press Save again."
    assert (words.text(), words.property("role")) == (reminder, "error")
    sheet.form.texts["text"].set_source("Typed since.")
    sheet.foot_row.save.click()
    await play.until(sheet.isHidden)
    assert "Typed since." in (data.templates / "confirmation.jinja").read_text()
    play.program.rooms.templates.open()
    assert words.text() == usual


async def test_a_field_that_was_mistyped_goes_with_the_undo_of_its_save(
    play: Play,
) -> None:
    play.api.templates.save("Fees", {"parts": {"subject": "Fees", "text": "Dear {{ name }}"}})
    person: NewItem = {"recipient": {"name": "Ada", "email": "ada@example.org"}}
    play.api.items.submit(None, {**person, "template": "Fees", "delay": 3600.0}, new_key())
    sheet = await opened(play)
    text, fields, form = sheet.form.texts["text"], sheet.form.fields, play.window.form
    form.message.choose("Fees")
    text.set_source("Dear {{ name }}, {{ saet }}")
    text.edited.emit()
    await play.until(lambda: "saet" in fields.all())
    await save_anyway(play, sheet)
    saved = await play.toast("1 waiting e-mail cannot be made with it: it has no “saet”.")
    await play.until(lambda: "fields.saet" in form.message.fields)
    saved.button.click()
    await play.until(lambda: text.source() == "Dear {{ name }}")
    await play.until(lambda: not form.message.fields)
    play.program.rooms.templates.open("Fees")
    await play.until(lambda: "Ada" in sheet.preview.text.toPlainText())
    assert "saet" not in fields.all()


async def test_a_batch_leads_to_the_template_that_it_waits_for(play: Play, tmp_path: Path) -> None:
    play.api.templates.save("Fees", {"parts": {"subject": "Fees", "text": "Dear {{ name }}"}})
    play.api.pause(None)
    number = bring(play, tmp_path / "members.csv", 2, template="Fees")
    play.api.batches.start(number, new_key())
    play.api.templates.save("Fees", {"parts": {"subject": "Fees", "text": "Pay {{ fee }}"}})
    play.api.resume(None)
    card = play.window.batches.card
    play.window.switch.choose("batches")
    await play.until(lambda: any(map(is_bare, card.causes.findChildren(Link))))
    await play.until(lambda: [label.text() for label in card.causes.counts] == ["2 ×"])
    (link,) = card.causes.findChildren(Link)
    assert link.text() == "Edit template…"
    press(link)
    await play.until(lambda: play.window.findChildren(TemplateSheet))
    (sheet,) = play.window.findChildren(TemplateSheet)
    await play.until(lambda: sheet.name.value() == "Fees")
    await play.until(lambda: sheet.form.texts["text"].textCursor().hasSelection())
    write(sheet, "Dear {{ name }}")
    sheet.foot_row.save.click()
    await play.until(lambda: not card.causes.counts)
    await play.until(lambda: "try_held" in card.row.buttons)
    await play.until(lambda: state_of(play) == "Ready")
    await play.until(lambda: is_bare(card.row.buttons["try_held"]))
    press(card.row.buttons["try_held"])
    await play.until(lambda: play.api.batches.one(number)["counts"]["kept"] == 2)


async def test_a_template_that_is_not_there_is_told_and_its_messages_wait_for_one_of_its_name(
    play: Play, data: DataFolder
) -> None:
    play.api.templates.save("Fees", {"parts": {"subject": "Fees", "text": "Dear {{ name }}"}})
    body: NewItem = {"recipient": {"email": "ada@example.org"}, "template": "Fees"}
    play.api.pause(None)
    play.api.items.submit(None, body, new_key())
    (data.templates / "Fees.jinja").unlink()  # as in a file manager
    play.api.resume(None)
    await play.until(lambda: play.states() == ["waiting"])
    play.program.rooms.templates.open_for(*play.rows())
    await play.toast("There is no template “Fees”. Save one under this name to send it.")
    (sheet,) = play.window.findChildren(TemplateSheet)
    await play.until(lambda: not play.program.jobs.under_way)
    assert sheet.name.value() == "confirmation"
    assert not sheet.has_changes()
    sheet.name.copy.trigger()
    sheet.name.field.set_text("Fees")
    sheet.foot_row.save.click()
    await play.toast("The template “Fees” is saved.")
    bar = "held with template Fees"
    await play.until(lambda: bar in play.window.notices.names())
    assert "1 e-mail is ready to be sent" in play.window.notices.text(bar)
    assert play.window.form.message.value() == "confirmation", "the next item is as usual"


HELD = "held with template Fees"


async def test_messages_that_went_on_hold_are_offered_once_the_save_is_undone(
    play: Play,
) -> None:
    play.api.templates.save("Fees", {"parts": {"subject": "Fees", "text": "Dear {{ name }}"}})
    later: NewItem = {**_message(), "delay": 3600.0}
    play.api.items.submit(None, later, new_key())
    await play.until(lambda: play.states() == ["scheduled"])
    sheet = await opened(play)
    write(sheet, "Dear {{ nmae }}")
    await save_anyway(play, sheet)
    await play.until(sheet.isHidden)
    play.api.items.submit(None, _message(), new_key())
    await play.until(lambda: sorted(play.states()) == ["scheduled", "waiting"])
    assert HELD not in play.window.notices.names()
    (version, *_) = play.api.templates.one("Fees")["versions"]
    sheet.restore_wanted.emit("Fees", str(version["version"]))
    await play.until(lambda: HELD in play.window.notices.names())
    words = "The template “Fees” works again: 1 e-mail is ready to be sent."
    assert play.window.notices.text(HELD) == words


async def test_a_message_on_hold_leads_to_the_field_that_it_lacks_in_its_template_and_in_no_other(
    play: Play,
) -> None:
    text = "Dear {{ name }},\nyour seat is {{ seat }}."
    for name in ("Dues", "Fees"):
        play.api.templates.save(name, {"parts": {"subject": name, "text": text}})
    play.api.items.submit(None, _message(), new_key())
    await play.until(lambda: play.states() == ["waiting"])
    detail = play.window.page.detail
    detail.show_task(1)
    await play.until(lambda: "the template “Fees”" in detail.summary.explanation.text())
    buttons = {each.text(): each for each in detail.buttons.findChildren(QPushButton)}
    buttons["Edit template…"].click()
    await play.until(lambda: bool(play.window.findChildren(TemplateSheet)))
    (sheet,) = play.window.findChildren(TemplateSheet)
    editor = sheet.form.texts["text"]
    await play.until(lambda: editor.textCursor().hasSelection())
    assert editor.createMimeDataFromSelection().text() == "{{ seat }}"
    sheet.template_wanted.emit("Dues")
    await play.until(lambda: sheet.name.value() == "Dues")
    assert not editor.textCursor().hasSelection()
    play.program.rooms.templates.open_for(1)  # the editor is open, and stays
    await play.until(lambda: not play.program.jobs.under_way)
    sheet.template_wanted.emit("Fees")
    await play.until(lambda: sheet.name.value() == "Fees")
    assert not editor.textCursor().hasSelection()
    await play.until(lambda: sheet.preview.item_id == 1)
    write(sheet, "Dear {{ name }}.")
    sheet.foot_row.save.click()
    await play.until(lambda: HELD in play.window.notices.names())
    await play.until(lambda: detail.summary.headline.text() == "Ready to be sent")
    _press(play, "Send the e-mail")
    await play.until(lambda: play.states() == ["succeeded"])
    assert HELD not in play.window.notices.names()


def _message() -> NewItem:
    return {"recipient": {"email": "ada@example.org", "name": "Ada"}, "template": "Fees"}


def _press(play: Play, words: str) -> None:
    buttons = play.window.notices.findChildren(QPushButton)
    next(each for each in buttons if each.text() == words).click()
