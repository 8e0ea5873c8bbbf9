"""Messages that wait for a template, in the running program: they lead to it and leave with it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, cast

import pytest
from PySide6.QtWidgets import QPushButton

from desktop.client.api import TemplateCalls, new_key
from desktop.client.errors import TooSlow
from desktop.contract.items import NewItem
from desktop.gui.kit.widgets.buttons import Link
from desktop.gui.templates.editing import HELD_BAR
from desktop.gui.templates.template_sheet import TemplateSheet
from tests.gui.batches.test_batch_verbs import bring, state_of
from tests.gui.hands import is_bare, press
from tests.gui.templates.conftest import opened, save_anyway, write

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.settings.paths import DataFolder
    from tests.gui.play import Perform, Play


def save(play: Play, name: str, text: str) -> None:
    play.api.templates.save(name, {"parts": {"subject": name, "text": text}})


def submit(play: Play, template: str, **more: object) -> int:
    """Register an item whose message is made with a template; return its task."""
    person = {"recipient": {"email": "ada@example.org", "name": "Ada"}, "template": template}
    body = cast("NewItem", {**person, **more})
    item = play.api.items.submit(None, body, new_key()).item_id
    return play.api.items.one(item)["tasks"][0]["id"]


def state(play: Play, task: int) -> str:
    return play.rows().get(task, (0, ""))[1]


def press_in_bar(play: Play, words: str) -> None:
    buttons = play.window.notices.findChildren(QPushButton)
    next(each for each in buttons if each.text() == words).click()


async def they_lead_to_what_it_lacks_and_to_no_other_and_are_sent_once_it_is_right(
    play: Play,
) -> None:
    bar = f"{HELD_BAR}Fees"
    for name in ("Dues", "Fees"):
        save(play, name, "Dear {{ name }},\nyour title is {{ titel }}.")
    first, second = submit(play, "Fees"), submit(play, "Fees")
    await play.until(lambda: {state(play, first), state(play, second)} == {"waiting"})
    detail = play.window.page.detail
    detail.show_task(first)
    await play.until(lambda: "the template “Fees”" in detail.summary.explanation.text())
    buttons = {each.text(): each for each in detail.buttons.findChildren(QPushButton)}
    buttons["Edit template…"].click()
    await play.until(lambda: bool(play.window.findChildren(TemplateSheet)))
    (sheet,) = play.window.findChildren(TemplateSheet)
    editor = sheet.form.texts["text"]
    await play.until(lambda: editor.textCursor().hasSelection())
    assert editor.createMimeDataFromSelection().text() == "{{ titel }}"
    sheet.template_wanted.emit("Dues")
    await play.until(lambda: sheet.name.value() == "Dues")
    assert not editor.textCursor().hasSelection()
    play.program.rooms.templates.open_for(first)  # the editor is open, and stays
    await play.until(lambda: not play.program.jobs.under_way)
    sheet.template_wanted.emit("Fees")
    await play.until(lambda: sheet.name.value() == "Fees")
    assert not editor.textCursor().hasSelection()
    await play.until(lambda: sheet.preview.item_id == 1)
    write(sheet, "Your fees", "subject")
    sheet.foot_row.save.click()
    await play.until(sheet.isHidden)
    await play.toast("The template “Fees” is saved.\nIt has an error: its e-mails wait until")
    assert bar not in play.window.notices.names()
    play.program.rooms.templates.open("Fees")
    write(sheet, "Dear {{ title }}")
    sheet.foot_row.save.click()
    await play.until(lambda: bar in play.window.notices.names())
    words = "Template “Fees”: 2 e-mails are ready to be sent."
    assert play.window.notices.text(bar) == words
    await play.until(lambda: detail.summary.headline.text() == "Ready to be sent")
    said = play.note_toasts()
    press_in_bar(play, "Send the 2 e-mails")
    await play.until(lambda: "2 e-mails were queued" in said)  # it was “2 tasks …”
    await play.until(lambda: {state(play, first), state(play, second)} == {"succeeded"})
    assert bar not in play.window.notices.names()


async def one_that_is_not_there_is_told_and_they_wait_for_one_of_its_name(
    play: Play, data: DataFolder
) -> None:
    save(play, "Plans", "Dear {{ name }}")
    play.api.pause(None)
    task = submit(play, "Plans")
    (data.templates / "Plans.jinja").unlink()  # as in a file manager
    play.api.resume(None)
    await play.until(lambda: state(play, task) == "waiting")
    play.program.rooms.templates.open_for(task)
    await play.toast("There is no template “Plans”. Save one under this name to send it.")
    (sheet,) = play.window.findChildren(TemplateSheet)
    await play.until(lambda: not play.program.jobs.under_way)
    assert sheet.name.value() == "confirmation"
    assert not sheet.has_changes()
    sheet.name.copy.trigger()
    sheet.name.field.set_text("Plans")
    sheet.foot_row.save.click()
    await play.toast("The template “Plans” is saved.")
    bar = f"{HELD_BAR}Plans"
    await play.until(lambda: bar in play.window.notices.names())
    assert "1 e-mail is ready to be sent" in play.window.notices.text(bar)
    assert play.window.form.message.value() == "confirmation", "the next item is as usual"


async def they_are_offered_once_the_save_that_held_them_is_undone(
    play: Play,
) -> None:
    bar = f"{HELD_BAR}Tours"
    save(play, "Tours", "Dear {{ name }}")
    later = submit(play, "Tours", delay=3600.0)
    await play.until(lambda: state(play, later) == "scheduled")
    sheet = await opened(play, "Tours")
    write(sheet, "Dear {{ nmae }}")
    await save_anyway(play, sheet)
    await play.until(sheet.isHidden)
    now = submit(play, "Tours")
    await play.until(lambda: state(play, now) == "waiting")
    assert bar not in play.window.notices.names()
    (version, *_) = play.api.templates.one("Tours")["versions"]
    sheet.restore_wanted.emit("Tours", str(version["version"]))
    await play.until(lambda: bar in play.window.notices.names())
    words = "Template “Tours”: 1 e-mail is ready to be sent."
    assert play.window.notices.text(bar) == words


async def those_that_still_lack_a_field_are_not_offered(play: Play) -> None:
    bar = f"{HELD_BAR}Seats"
    save(play, "Seats", "Aisle {{ aisle }}, stand {{ stand }}")
    first = submit(play, "Seats", fields={"aisle": "3"})
    second = submit(play, "Seats", fields={"stand": "B"})
    await play.until(lambda: {state(play, first), state(play, second)} == {"waiting"})
    sheet = await opened(play, "Seats")
    write(sheet, "Aisle {{ aisle }}, stand {{ stand }}!")
    sheet.foot_row.save.click()
    await play.toast("2 waiting e-mails cannot be made with it: they have no “stand”, “aisle”.")
    assert bar not in play.window.notices.names()
    play.program.rooms.templates.open("Seats")
    await play.until(sheet.isVisible)
    write(sheet, "Aisle {{ aisle }}")
    sheet.foot_row.save.click()
    await play.until(lambda: bar in play.window.notices.names())
    words = "Template “Seats”: 1 e-mail is ready to be sent."
    assert play.window.notices.text(bar) == words


async def more_than_are_counted_are_told_and_only_what_they_lack_by_the_save(
    play: Play, patch: pytest.MonkeyPatch
) -> None:
    held: dict[str, Any] = {"stuck": [7], "rows": 0, "fields": ["aisle"], "fault": "No aisle."}
    more = {"rows": 1000, "fields": ["aisle", "stand"], "counts_are_exact": False}
    told = [held, {**held, **more}]
    save(play, "Halls", "Aisle {{ aisle }}")
    sheet = await opened(play, "Halls")
    write(sheet, "Aisle {{ aisle }}, stand {{ stand }}")
    with patch.context() as many:
        many.setattr(TemplateCalls, "messages", lambda *_: told.pop(0))
        many.setattr(TemplateCalls, "try_change", lambda *_: told[-1])
        await save_anyway(play, sheet)
        asked = sheet.question.accessibleName()
        await play.toast("At least 1,001 waiting e-mails cannot be made with it")
    assert "stops at least 1,000 waiting e-mails" in asked
    assert asked.endswith("they have no “stand”.")


async def a_batch_leads_to_the_template_that_it_waits_for(play: Play, folder: Path) -> None:
    save(play, "Trips", "Dear {{ name }}")
    play.api.pause(None)
    number = bring(play, folder / "members.csv", 2, template="Trips")
    play.api.batches.start(number, new_key())
    save(play, "Trips", "Pay {{ fee }}")
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
    await play.until(lambda: sheet.name.value() == "Trips")
    await play.until(lambda: sheet.form.texts["text"].textCursor().hasSelection())
    write(sheet, "Dear {{ name }}")
    sheet.foot_row.save.click()
    await play.until(lambda: not card.causes.counts)
    await play.until(lambda: "try_held" in card.row.buttons)
    await play.until(lambda: state_of(play) == "Ready")
    await play.until(lambda: is_bare(card.row.buttons["try_held"]))
    press(card.row.buttons["try_held"])
    await play.until(lambda: play.api.batches.one(number)["counts"]["kept"] == 2)


async def those_that_it_could_not_make_are_told_before_it_is_saved_and_that_can_be_undone(
    play: Play, data: DataFolder, patch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise TooSlow

    save(play, "Votes", "Dear {{ betrag }}")
    tasks = [submit(play, "Votes", fields={"betrag": "3"}, delay=3600.0) for _ in range(3)]
    await play.until(lambda: {state(play, each) for each in tasks} == {"scheduled"})
    detail, form = play.window.page.detail, play.window.form
    form.message.choose("Votes")
    detail.show_task(tasks[-1])
    told = detail.summary.explanation
    await play.until(lambda: "starts it by itself" in told.text())
    sheet = await opened(play, "Votes")
    text, fields = sheet.form.texts["text"], sheet.form.fields
    write(sheet, "Dear {{ Beitrag }}")
    sheet.foot_row.save.click()
    await play.until(sheet.question.isVisible)
    assert sheet.question.accessibleName() == (
        "Saving this stops 3 waiting e-mails until you correct it: they have no “Beitrag”."
    )
    keep = sheet.question.buttons[-1]
    assert keep.hasFocus()
    keep.click()
    kept = data.templates / "Votes.jinja"
    assert "betrag" in kept.read_text()
    assert sheet.foot_row.save.isEnabled()
    await save_anyway(play, sheet)
    saved = await play.toast("3 waiting e-mails cannot be made with it: they have no “Beitrag”.")
    await play.until(lambda: "fields.Beitrag" in form.message.fields)
    saved.button.click()  # Undo the save
    await play.toast("The text and files of “Votes” are as before.")  # its name may be new
    await play.until(lambda: text.source() == "Dear {{ betrag }}")
    await play.until(lambda: list(form.message.fields) == ["fields.betrag"])
    assert "betrag" in kept.read_text()
    assert play.api.templates.messages("Votes")["stuck"] == []
    await play.until(lambda: "starts it by itself" in told.text())
    with patch.context() as broken:  # as a server of an earlier version
        broken.setattr(TemplateCalls, "messages", fail)
        broken.setattr(TemplateCalls, "try_change", fail)
        play.program.rooms.templates.open("Votes")
        await play.until(lambda: "betrag" in sheet.form.parts()["text"])
        assert "Beitrag" not in fields.all()  # what was mistyped is offered no more
        write(sheet, "Dues", "subject")
        sheet.foot_row.save.click()
        await play.until(sheet.isHidden)
    assert "Dues" in kept.read_text()


async def a_save_over_the_built_in_text_is_undone_though_an_older_own_one_is_kept(
    play: Play, data: DataFolder
) -> None:
    built_in = play.api.templates.one("confirmation")["source"]
    save(play, "confirmation", "Of old, {{ name }}")
    play.api.templates.delete("confirmation")
    later = submit(play, "confirmation", delay=3600.0)
    await play.until(lambda: state(play, later) == "scheduled")
    sheet = await opened(play, "confirmation")
    write(sheet, "Dear {{ name }}, gate {{ Gate }}")
    await save_anyway(play, sheet)
    saved = await play.toast("1 waiting e-mail cannot be made with it: it has no “Gate”.")
    saved.button.click()  # Undo the save
    await play.toast("The text and files of “confirmation” are as before.")
    assert play.api.templates.one("confirmation")["source"] == built_in
    assert not (data.templates / "confirmation.jinja").exists()


async def a_save_that_replaces_no_text_is_not_undone(play: Play, folder: Path) -> None:
    """It replaces a file; the versions are all older than the text that stays."""
    plan = folder / "plan.pdf"
    plan.write_bytes(b"old")
    save(play, "Maps", "Of old, {{ name }}")
    play.api.templates.store("Maps", plan.name, plan)
    parts = {"subject": "Maps", "text": "Hall {{ Hall }}", "attachments": [plan.name]}
    play.api.templates.save("Maps", {"parts": {**parts, "text": "Dear {{ name }}"}})
    later = submit(play, "Maps", delay=3600.0)
    await play.until(lambda: state(play, later) == "scheduled")
    play.api.templates.save("Maps", {"parts": parts})
    sheet = await opened(play, "Maps")
    sheet.form.attachments.add([str(plan)])
    sheet.foot_row.save.click()
    saved = await play.toast("1 waiting e-mail cannot be made with it: it has no “Hall”.")
    assert not saved.button.isVisible()
    assert "Hall" in play.api.templates.one("Maps")["source"]


def test_messages_that_wait_for_a_template_leave_once_it_is_right(
    perform: Perform, data: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    perform(
        they_lead_to_what_it_lacks_and_to_no_other_and_are_sent_once_it_is_right,
        partial(one_that_is_not_there_is_told_and_they_wait_for_one_of_its_name, data=data),
        they_are_offered_once_the_save_that_held_them_is_undone,
        those_that_still_lack_a_field_are_not_offered,
        partial(
            more_than_are_counted_are_told_and_only_what_they_lack_by_the_save, patch=monkeypatch
        ),
        partial(a_batch_leads_to_the_template_that_it_waits_for, folder=tmp_path),
        partial(
            those_that_it_could_not_make_are_told_before_it_is_saved_and_that_can_be_undone,
            data=data,
            patch=monkeypatch,
        ),
        partial(a_save_over_the_built_in_text_is_undone_though_an_older_own_one_is_kept, data=data),
        partial(a_save_that_replaces_no_text_is_not_undone, folder=tmp_path),
    )
