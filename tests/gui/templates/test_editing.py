"""What the template editor is opened for, in the running program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.client.api import new_key
from desktop.client.errors import UNANSWERED
from desktop.gui.frame.views import ITEMS, TASKS
from desktop.gui.templates.template_sheet import TemplateSheet

if TYPE_CHECKING:
    from desktop.contract.items import NewItem
    from desktop.settings.paths import DataFolder
    from tests.gui.play import Perform, Play


def bring(play: Play, *names: str) -> list[int]:
    """Register an item for each name; their messages leave in an hour. Returns their numbers."""
    bodies: list[NewItem] = [
        {"recipient": {"name": name, "email": "ada@example.org"}, "delay": 3600.0} for name in names
    ]
    return [play.api.items.submit(None, body, new_key()).item_id for body in bodies]


def test_the_message_is_about_the_item_that_is_chosen(perform: Perform) -> None:
    async def choose(play: Play) -> None:
        ada, bo, cy = bring(play, "Ada", "Bo", "Cy")
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

    perform(choose)


def test_a_save_that_was_not_answered_is_said_until_it_is_saved(
    perform: Perform, data: DataFolder
) -> None:
    async def scene(play: Play) -> None:
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

    perform(scene)


def test_a_field_that_was_mistyped_goes_with_the_undo_of_its_save(
    perform: Perform,
) -> None:
    async def scene(play: Play) -> None:
        play.api.templates.save("Fees", {"parts": {"subject": "Fees", "text": "Dear {{ name }}"}})
        person: NewItem = {"recipient": {"name": "Ada", "email": "ada@example.org"}}
        play.api.items.submit(None, {**person, "template": "Fees", "delay": 3600.0}, new_key())
        play.program.rooms.templates.open("Fees")
        (sheet,) = play.window.findChildren(TemplateSheet)
        await play.until(lambda: sheet.name.value() == "Fees")
        text, fields, form = sheet.form.texts["text"], sheet.form.fields, play.window.form
        form.message.choose("Fees")
        text.set_source("Dear {{ name }}, {{ saet }}")
        text.edited.emit()
        await play.until(lambda: "saet" in fields.all())
        sheet.foot_row.save.click()
        saved = await play.toast("1 waiting message cannot be made with it: it has no “saet”.")
        await play.until(lambda: "fields.saet" in form.message.fields)
        saved.button.click()
        await play.until(lambda: text.source() == "Dear {{ name }}")
        await play.until(lambda: not form.message.fields)
        play.program.rooms.templates.open("Fees")
        await play.until(lambda: "Ada" in sheet.preview.text.toPlainText())
        assert "saet" not in fields.all()

    perform(scene)
