"""What is typed into a sheet is kept as it is typed, and the next window leads back to it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

from desktop.client.drafts import Typed
from desktop.gui.actions.unfinished import CONTINUE
from desktop.gui.actions.unfinished_typing import CORRECTIONS, SHEETS, TEMPLATES
from desktop.gui.correction.asking_sheet import AddressSheet, TimeSheet
from desktop.gui.correction.correction_sheet import EMAIL, CorrectionSheet
from desktop.gui.frame.notices.bars import DISMISS
from desktop.gui.run.editors import TextEditor
from desktop.gui.template.template_sheet import TemplateSheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.gui.correction.asking_sheet import AskingSheet
    from desktop.gui.widgets.sheets.sheet import Sheet
    from desktop.settings.paths import DataFolder
    from tests.gui.play import Play, Scene

SheetT = TypeVar("SheetT", bound="Sheet")
AskingT = TypeVar("AskingT", bound="AskingSheet")
TASKS = """
from sendoff_tasks import task

@task(title="Receipt PDF")
def receipt(number: int, to: str) -> None: ...
"""


async def opened(play: Play, kind: type[SheetT]) -> SheetT:
    await play.until(lambda: any(each.isVisible() for each in play.window.findChildren(kind)))
    (sheet,) = play.window.findChildren(kind)
    return sheet


async def ask(play: Play, wish: str, task: int, kind: type[AskingT]) -> AskingT:
    await play.until(lambda: task in play.rows())
    play.parts.table.action_chosen.emit(wish, [task])
    sheet = await opened(play, kind)
    await play.until(lambda: sheet.tasks == [task])
    return sheet


def go_on(play: Play, bar: str = SHEETS) -> None:
    play.window.notices.action_chosen.emit(bar, CONTINUE)


def typed(editor: object, text: str) -> None:
    assert isinstance(editor, TextEditor)
    editor.field.replace(text)


def text_in(editor: object) -> str:
    assert isinstance(editor, TextEditor)
    return editor.field.text()


def test_what_each_sheet_holds_outlives_the_window_and_is_led_back_to(
    perform: Callable[[Scene], None], data: DataFolder
) -> None:
    kept = data.drafts / Typed.SHEETS
    data.create()
    (data.tasks / "receipts.py").write_text(TASKS)

    async def type_it(play: Play) -> None:
        later: Any = {"recipient": {"email": "ada@example.org"}, "run_at": "2036-03-01T09:00:00Z"}
        (task,) = (await asyncio.to_thread(play.api.items.submit, 1, later, "1")).task_ids
        mail = play.window.mail_settings
        await play.until(lambda: mail.form.sent_from.text())
        mail.open_for_real()
        mail.form.host.replace("mail.exam")
        mail.form.password.replace("s3cret")
        mail.limits.fields["rate"].replace("30/m")
        await play.until(lambda: kept.exists() and "30/m" in kept.read_text())
        address = await ask(play, "send_to", task, AddressSheet)
        address.email.replace("bo@exam")
        await play.until(lambda: "bo@exam" in kept.read_text())
        moment = await ask(play, "change_time", task, TimeSheet)
        moment.send_at.editor.setText("tomorrow, at ni")
        await play.until(lambda: "at ni" in kept.read_text())
        run = play.program.actions.running
        run.open()
        await play.until(lambda: run.sheet.list.rows.count() == 1)
        run.sheet.show_function("receipt")
        typed(run.sheet.form.editors["to"], "Ada")
        await play.until(lambda: "Ada" in kept.read_text())
        assert "s3cret" not in kept.read_text()

    async def find_it(play: Play) -> None:
        bars = play.window.notices
        await play.until(lambda: SHEETS in bars.names())
        assert bars.text(SHEETS).startswith("“Receipt PDF” is not run yet.")
        assert bars.text(SHEETS).endswith("3 more.")
        source = play.program.source
        api, source.api = source.api, None
        go_on(play)  # nothing answers: it is offered all the same
        assert "3 more" in bars.text(SHEETS)
        source.api = api
        go_on(play)
        run = play.program.actions.running.sheet
        await play.until(run.isVisible)
        await play.until(lambda: text_in(run.form.editors["to"]) == "Ada")
        assert run.kept.isVisible()
        typed(run.form.editors["number"], "7")
        run.run.click()
        await play.until(run.isHidden)
        await play.until(lambda: "Ada" not in kept.read_text())
        assert bars.text(SHEETS) == "The new time of 1 task is not saved yet. 2 more."
        go_on(play)
        moment = await opened(play, TimeSheet)
        await play.until(lambda: moment.send_at.editor.text() == "tomorrow, at ni")
        moment.send_at.set_moment("2037-04-02T09:00:00Z")
        moment.button.click()
        await play.until(moment.isHidden)
        await play.until(lambda: "change_time" not in kept.read_text())
        assert bars.text(SHEETS) == "A copy to another address is not sent yet: bo@exam. 1 more."
        go_on(play)
        address = await opened(play, AddressSheet)
        await play.until(lambda: address.email.text() == "bo@exam")
        (task,) = address.tasks
        address.close()  # it stays with its message, and is not pointed to any more
        assert bars.text(SHEETS) == "Your mail settings are not saved yet."
        address = await ask(play, "send_to", task, AddressSheet)
        assert address.email.text() == "bo@exam"
        address.over.click()
        assert (address.email.text(), address.kept.isHidden()) == ("", True)
        address.close()
        await play.until(lambda: "bo@exam" not in kept.read_text())
        go_on(play)
        mail = play.window.mail_settings
        await play.until(mail.isVisible)
        assert (mail.form.host.text(), mail.form.password.text()) == ("mail.exam", "")
        assert mail.limits.fields["rate"].text() == "30/m"
        assert mail.has_changes()
        assert SHEETS not in bars.names()
        mail.close()
        next(each for each in mail.question.buttons if each.text() == "Discard").click()
        await play.until(lambda: not kept.exists())
        assert mail.isHidden()
        assert mail.form.host.text() == ""

    perform(type_it)
    perform(find_it)


def test_a_template_that_was_not_saved_is_pointed_to(
    perform: Callable[[Scene], None], data: DataFolder
) -> None:
    kept = data.drafts / Typed.TEMPLATES

    async def editor(play: Play) -> TemplateSheet:
        sheet = await opened(play, TemplateSheet)
        await play.until(lambda: sheet.editor.saved is not None)
        return sheet

    async def type_it(play: Play) -> None:
        play.program.actions.open_templates()
        sheet = await editor(play)
        sheet.form.texts["subject"].setPlainText("Tonight")
        await play.until(lambda: kept.exists() and "Tonight" in kept.read_text())

    async def find_it(play: Play) -> None:
        await play.until(lambda: TEMPLATES in play.window.notices.names())
        words = play.window.notices.text(TEMPLATES)
        assert words == "Your changes to the template “confirmation” are not saved yet."
        go_on(play, TEMPLATES)
        sheet = await editor(play)
        await play.until(lambda: sheet.form.texts["subject"].source() == "Tonight")
        assert TEMPLATES not in play.window.notices.names()

    async def put_it_aside(play: Play) -> None:
        await play.until(lambda: TEMPLATES in play.window.notices.names())
        play.window.notices.action_chosen.emit(TEMPLATES, DISMISS)
        assert TEMPLATES not in play.window.notices.names()
        play.program.actions.open_templates()
        sheet = await editor(play)
        await play.until(lambda: sheet.form.texts["subject"].source() == "Tonight")

    for scene in (type_it, find_it, put_it_aside):
        perform(scene)


def test_a_correction_that_was_not_saved_is_offered_by_the_next_window(
    perform: Callable[[Scene], None], data: DataFolder
) -> None:
    kept = data.drafts / Typed.CORRECTIONS
    words = "Your correction of item 1 is not saved yet."

    async def correct(play: Play, task: int) -> CorrectionSheet:
        await play.until(lambda: task in play.rows())
        play.parts.table.action_chosen.emit("correct", [task])
        return await opened(play, CorrectionSheet)

    async def type_it(play: Play) -> None:
        later: Any = {"recipient": {"email": "ada@example.org"}, "run_at": "2036-03-01T09:00:00Z"}
        (task,) = (await asyncio.to_thread(play.api.items.submit, 1, later, "1")).task_ids
        sheet = await correct(play, task)
        sheet.form.fields[EMAIL].replace("bo@exam")
        await play.until(lambda: kept.exists() and "bo@exam" in kept.read_text())
        sheet.form.fields["fields.note"].replace("by the door")
        sheet.send_at.editor.setText("tomorrow, at ni")
        await play.until(lambda: "at ni" in kept.read_text())  # a crash loses nothing of it

    async def find_it(play: Play) -> None:
        await play.until(lambda: CORRECTIONS in play.window.notices.names())
        assert play.window.notices.text(CORRECTIONS) == words
        play.window.notices.action_chosen.emit(CORRECTIONS, DISMISS)
        assert CORRECTIONS not in play.window.notices.names()
        assert (
            play.toasts()[-1]
            == "Your correction is kept with item 1. Press Correct… there to see it."
        )
        (task,) = play.rows()
        sheet = await correct(play, task)
        texts = [sheet.form.fields[path].text() for path in (EMAIL, "fields.note")]
        assert texts == ["bo@exam", "by the door"]
        assert sheet.send_at.editor.text() == "tomorrow, at ni"
        assert "did not save it" in sheet.trouble.text()
        sheet.form.fields[EMAIL].replace("bo@example.org")
        sheet.send_at.set_moment("2037-04-02T09:00:00Z")
        sheet.button.click()
        await play.until(sheet.isHidden)
        await play.until(lambda: not kept.exists())
        (task,) = play.rows()
        assert (await asyncio.to_thread(play.api.task, task))["to"] == "bo@example.org"
        sheet = await correct(play, task)
        sheet.form.fields[EMAIL].replace("cy@example.org")
        await play.until(kept.exists)
        sheet.close()
        next(each for each in sheet.question.buttons if each.text() == "Discard").click()
        await play.until(lambda: not kept.exists())

    perform(type_it)
    perform(find_it)
