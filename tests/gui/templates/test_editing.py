"""Messages that wait for a template, in the running program: they lead to it and leave with it."""

from __future__ import annotations

import shutil
from functools import partial
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtWidgets import QPushButton

from desktop.client.api import TemplateCalls
from desktop.contract.items import NewItem
from desktop.gui.kit.widgets.buttons import Link
from desktop.gui.templates.older_messages import OlderMessages
from desktop.gui.templates.template_sheet import TemplateSheet
from sendoff_tasks.client.calls import new_key
from tests.gui.batches.test_batch_verbs import bring, state_of
from tests.gui.hands import is_bare, press
from tests.gui.templates.conftest import opened, write

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.settings.office_folder import OfficeFolder
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


async def they_lead_to_what_it_lacks_and_to_no_other_and_are_sent_once_it_is_right(
    play: Play,
) -> None:
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
    assert "ready" not in play.told()
    play.program.rooms.templates.open_for(first)
    await play.until(sheet.isVisible)
    write(sheet, "Dear {{ title }}")
    sheet.foot_row.save.click()
    await play.until(lambda: "ready" in play.told())
    assert play.window.cases.sentence == "2 e-mails are ready to be sent"
    await play.until(lambda: detail.summary.headline.text() == "Ready to be sent")
    said = play.note_toasts()
    play.choose("send_ready")
    await play.until(lambda: "Send · 2 e-mails · queued" in said)  # it was “2 tasks …”
    await play.until(lambda: {state(play, first), state(play, second)} == {"succeeded"})
    await play.until(lambda: "ready" not in play.told())


async def one_that_is_not_there_is_told_and_they_wait_for_one_of_its_name(
    play: Play, data: OfficeFolder
) -> None:
    save(play, "Plans", "Dear {{ name }}")
    play.api.pause(None)
    task = submit(play, "Plans")
    (data.templates / "Plans.jinja").unlink()  # as in a file manager
    shutil.rmtree(data.templates / "editions")
    play.api.resume(None)
    await play.until(lambda: state(play, task) == "waiting")
    play.program.rooms.templates.open_for(task)
    await play.toast("There is no template “Plans”. Save one under this name to send it.")
    (sheet,) = play.window.findChildren(TemplateSheet)
    await play.until(lambda: not play.program.jobs.under_way)
    assert sheet.name.value() == "confirmation"
    assert not sheet.has_changes()
    sheet.name.copy.click()
    sheet.name.field.set_text("Plans")
    sheet.foot_row.save.click()
    await play.toast("The template “Plans” is saved.")
    await play.until(lambda: "ready" in play.told())
    assert play.window.form.message.value() == "confirmation", "the next item is as usual"


async def only_a_save_that_they_led_to_is_theirs_others_are_offered(play: Play) -> None:
    save(play, "Tours", "Dear {{ nmae }}")
    now = submit(play, "Tours")
    await play.until(lambda: state(play, now) == "waiting")
    sheet = await opened(play, "Tours")
    write(sheet, "Dear {{ name }}")
    sheet.foot_row.save.click()
    await play.until(lambda: "older_text" in play.told())
    play.choose("use_new")
    await play.until(lambda: "older_text" not in play.told())
    await play.until(lambda: play.row(now).is_fixed)


async def what_is_planned_or_kept_stays_and_is_told_until_it_is_answered(play: Play) -> None:
    save(play, "Votes", "The old text")
    kept = submit(play, "Votes")
    later = submit(play, "Votes", run_at="2099-01-01T08:00:00Z")
    await play.until(lambda: {state(play, kept), state(play, later)} == {"succeeded", "scheduled"})
    sheet = await opened(play, "Votes")
    write(sheet, "Dear {{ Gate }}")
    sheet.foot_row.save.click()
    await play.until(lambda: "older_text" in play.told())
    (older,) = (each for each in play.window.cases.facts if each.name == "older_text")
    assert older.n == 2
    assert older.why.endswith("2 of them cannot be made with the new one: no “Gate”.")
    play.window.cases.take_back("older_text", "Votes")
    OlderMessages(play.window, play.program.rooms.services)._read_again()  # after a restart
    await play.until(lambda: older in play.window.cases.facts)
    play.program.rooms.templates.open("Votes")
    await play.until(sheet.isVisible)
    write(sheet, "The new text")
    sheet.foot_row.save.click()
    await play.until(lambda: older not in play.window.cases.facts)
    play.choose("use_new")
    await play.until(lambda: "older_text" not in play.told())
    play.api.change_task(later, {"run_at": "2020-01-01T00:00:00Z"})
    play.api.retry(kept)
    await play.until(lambda: state(play, later) == "succeeded")
    assert "The new text" in play.api.message(later)["text"]
    await play.until(lambda: "The new text" in play.api.message(kept)["text"])


async def those_that_still_lack_a_field_are_not_offered(play: Play) -> None:
    save(play, "Seats", "Aisle {{ aisle }}, stand {{ stand }}")
    first = submit(play, "Seats", fields={"aisle": "3"})
    second = submit(play, "Seats", fields={"stand": "B"})
    await play.until(lambda: {state(play, first), state(play, second)} == {"waiting"})
    play.program.rooms.templates.open_for(first)
    await play.until(lambda: bool(play.window.findChildren(TemplateSheet)))
    (sheet,) = play.window.findChildren(TemplateSheet)
    await play.until(lambda: sheet.name.value() == "Seats")
    write(sheet, "Aisle {{ aisle }}")
    sheet.foot_row.save.click()
    await play.until(lambda: play.row(first).is_fixed)
    assert not play.row(second).is_fixed


async def more_than_are_counted_are_told(play: Play, patch: pytest.MonkeyPatch) -> None:
    many = {"kind": "open", "count": 1000, "at": None, "stuck": 0}
    told = {"older": [many], "fields": [], "fault": None, "counts_are_exact": False}
    save(play, "Halls", "Aisle {{ aisle }}")
    sheet = await opened(play, "Halls")
    write(sheet, "Aisle {{ aisle }}, stand {{ stand }}")
    with patch.context() as counted:
        counted.setattr(TemplateCalls, "messages", lambda *_: told)
        sheet.foot_row.save.click()
        await play.until(lambda: "older_text" in play.told())
    (older,) = (each for each in play.window.cases.facts if each.about == "Halls")
    assert older.why.endswith("There may be more.")


async def a_batch_leads_to_the_template_that_it_waits_for(play: Play, folder: Path) -> None:
    save(play, "Trips", "Dear {{ name }}")
    play.api.pause(None)
    number = bring(play, folder / "members.csv", 2, template="Trips")
    play.api.batches.start(number, new_key())
    save(play, "Trips", "Pay {{ fee }}")
    play.api.templates.take_newest("Trips", ["open"])
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


def test_messages_that_wait_for_a_template_leave_once_it_is_right(
    perform: Perform, data: OfficeFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    perform(
        they_lead_to_what_it_lacks_and_to_no_other_and_are_sent_once_it_is_right,
        partial(one_that_is_not_there_is_told_and_they_wait_for_one_of_its_name, data=data),
        only_a_save_that_they_led_to_is_theirs_others_are_offered,
        what_is_planned_or_kept_stays_and_is_told_until_it_is_answered,
        those_that_still_lack_a_field_are_not_offered,
        partial(more_than_are_counted_are_told, patch=monkeypatch),
        partial(a_batch_leads_to_the_template_that_it_waits_for, folder=tmp_path),
    )
