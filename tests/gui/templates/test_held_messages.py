"""Messages that waited for their template are offered once it is right, however that came."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton

from desktop.client.api import new_key
from desktop.contract.items import NewItem
from desktop.gui.templates.template_sheet import TemplateSheet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play, Scene

BAR = "held with template Fees"


def test_messages_that_went_on_hold_are_offered_once_the_save_is_undone(
    perform: Callable[[Scene], None],
) -> None:
    async def scene(play: Play) -> None:
        play.api.templates.save("Fees", {"parts": {"subject": "Fees", "text": "Dear {{ name }}"}})
        later: NewItem = {**_message(), "delay": 3600.0}
        play.api.items.submit(None, later, new_key())
        await play.until(lambda: play.states() == ["scheduled"])
        sheet = await _opened(play)
        sheet.form.texts["text"].set_source("Dear {{ nmae }}")
        sheet.foot_row.save.click()
        await play.until(sheet.isHidden)
        play.api.items.submit(None, _message(), new_key())
        await play.until(lambda: sorted(play.states()) == ["scheduled", "waiting"])
        assert BAR not in play.window.notices.names()
        _press(play, "Undo the save")
        await play.until(lambda: BAR in play.window.notices.names())
        words = "The template “Fees” works again: 1 message is ready to be sent."
        assert play.window.notices.text(BAR) == words

    perform(scene)


def test_messages_that_waited_for_a_file_are_offered_once_it_is_attached(
    perform: Callable[[Scene], None], data: DataFolder, tmp_path: Path
) -> None:
    plan = tmp_path / "plan.pdf"
    plan.write_bytes(b"%PDF")

    async def scene(play: Play) -> None:
        fees = {"subject": "Fees", "text": "Dear {{ name }}"}
        play.api.templates.save("Fees", {"parts": fees})
        play.api.templates.store("Fees", "plan.pdf", plan)
        play.api.templates.save("Fees", {"parts": {**fees, "attachments": ["plan.pdf"]}})
        (data.templates / "attachments" / "Fees" / "plan.pdf").unlink()
        play.api.items.submit(None, _message(), new_key())
        await play.until(lambda: play.states() == ["waiting"])
        sheet = await _opened(play)
        sheet.form.attachments.add([str(plan)])
        sheet.foot_row.save.click()
        await play.until(lambda: BAR in play.window.notices.names())

    perform(scene)


def test_a_message_on_hold_leads_to_the_field_that_it_lacks(
    perform: Callable[[Scene], None],
) -> None:
    """And once the template is right, its row says so and the bar offers to send it."""

    async def scene(play: Play) -> None:
        text = "Dear {{ name }},\nyour seat is {{ seat }}."
        play.api.templates.save("Fees", {"parts": {"subject": "Fees", "text": text}})
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
        await play.until(lambda: sheet.preview.item_id == 1)
        editor.set_source("Dear {{ name }}.")
        sheet.foot_row.save.click()
        await play.until(lambda: BAR in play.window.notices.names())
        await play.until(lambda: detail.summary.headline.text() == "Ready to be sent")
        _press(play, "Send the message")
        await play.until(lambda: play.states() == ["succeeded"])
        assert BAR not in play.window.notices.names()

    perform(scene)


def _message() -> NewItem:
    return {"recipient": {"email": "ada@example.org", "name": "Ada"}, "template": "Fees"}


async def _opened(play: Play, name: str = "Fees") -> TemplateSheet:
    play.program.rooms.templates.open(name)
    (sheet,) = play.window.findChildren(TemplateSheet)
    await play.until(lambda: sheet.name.value() == name)
    return sheet


def _press(play: Play, words: str) -> None:
    buttons = play.window.notices.findChildren(QPushButton)
    next(each for each in buttons if each.text() == words).click()
