"""Messages that wait for a template, in the running program: they lead to it and leave with it."""

from __future__ import annotations

import shutil
from functools import partial
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtWidgets import QPushButton

from desktop.client.api import TemplateCalls
from desktop.contract.items import NewItem
from desktop.gui.templates.letters_place import LettersPlace
from desktop.gui.templates.older_messages import OlderMessages
from sendoff_tasks.client.calls import new_key
from tests.gui.batches.test_batch_verbs import bring, state_of
from tests.gui.desk_acts import choose, offered
from tests.gui.hands import is_bare, press
from tests.gui.templates.conftest import is_saved, opened, write

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.settings.office_folder import OfficeFolder
    from tests.gui.play import Perform, Play


def save(play: Play, name: str, text: str) -> None:
    play.api.templates.save(name, {"parts": {"subject": name, "text": text}})


def save_and_leave(play: Play, letters: LettersPlace) -> None:
    """Save a letter, and go back to the tasks before it is answered."""
    letters.save.click()
    play.window.places.go_home()


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
    play.window.desk.show_page(detail)
    detail.show_task(first)
    await play.until(lambda: "the template “Fees”" in detail.lead.line.text())
    buttons = {each.text(): each for each in detail.foot.findChildren(QPushButton)}
    buttons["Edit the letter…"].click()
    await play.until(lambda: bool(play.window.findChildren(LettersPlace)))
    (letters,) = play.window.findChildren(LettersPlace)
    editor = letters.form.texts["text"]
    await play.until(lambda: editor.textCursor().hasSelection())
    assert editor.createMimeDataFromSelection().text() == "{{ titel }}"
    letters.template_wanted.emit("Dues")
    await play.until(lambda: letters.name.value() == "Dues")
    assert not editor.textCursor().hasSelection()
    play.program.rooms.templates.open_for(first)
    await play.until(lambda: letters.name.value() == "Fees")
    await play.until(lambda: letters.editor.reader.item_id == 1)
    assert letters.page.isVisible()
    write(letters, "Your fees", "subject")
    save_and_leave(play, letters)
    assert detail.isVisible()
    await play.until(lambda: is_saved(letters))
    await play.note("The letter “Fees” is saved.\nIt has an error: its e-mails wait until")
    assert "ready" not in play.told()
    play.program.rooms.templates.open_for(first)
    await play.until(letters.isVisible)
    write(letters, "Dear {{ title }}")
    save_and_leave(play, letters)
    await play.until(lambda: "ready" in play.told())
    assert play.window.cases.sentence == "2 e-mails are ready to be sent"
    await play.until(lambda: detail.lead.headline.text() == "Ready to be sent")
    said = play.hear_notes()
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
    await play.note("There is no template “Plans”. Save one under this name to send it.")
    (letters,) = play.window.findChildren(LettersPlace)
    await play.until(lambda: not play.program.jobs.under_way)
    assert letters.name.value() == "confirmation"
    assert not letters.has_changes()
    letters.name.copy.click()
    letters.name.field.set_text("Plans")
    save_and_leave(play, letters)
    await play.note("The letter “Plans” is saved.")
    await play.until(lambda: "ready" in play.told())
    assert play.window.form.message.value() == "confirmation", "the next item is as usual"


async def only_a_save_that_they_led_to_is_theirs_others_are_offered(play: Play) -> None:
    save(play, "Tours", "Dear {{ nmae }}")
    now = submit(play, "Tours")
    await play.until(lambda: state(play, now) == "waiting")
    letters = await opened(play, "Tours")
    write(letters, "Dear {{ name }}")
    save_and_leave(play, letters)
    await play.until(lambda: "older_text" in play.told())
    play.choose("use_new")
    await play.until(lambda: "older_text" not in play.told())
    await play.until(lambda: play.row(now).is_fixed)


async def what_is_planned_or_kept_stays_and_is_told_until_it_is_answered(play: Play) -> None:
    save(play, "Votes", "The old text")
    kept = submit(play, "Votes")
    later = submit(play, "Votes", run_at="2099-01-01T08:00:00Z")
    await play.until(lambda: {state(play, kept), state(play, later)} == {"succeeded", "scheduled"})
    letters = await opened(play, "Votes")
    write(letters, "Dear {{ Gate }}")
    save_and_leave(play, letters)
    await play.until(lambda: "older_text" in play.told())
    (older,) = (each for each in play.window.cases.facts if each.name == "older_text")
    assert older.n == 2
    assert older.why.endswith("2 of them cannot be made with the new one: no “Gate”.")
    letters.show_older()
    assert letters.older.text().endswith(older.why)
    play.window.cases.take_back("older_text", "Votes")
    OlderMessages(play.window, play.program.rooms.services)._read_again()  # after a restart
    await play.until(lambda: older in play.window.cases.facts)
    play.program.rooms.templates.open("Votes")
    await play.until(letters.isVisible)
    write(letters, "The new text")
    save_and_leave(play, letters)
    await play.until(lambda: older not in play.window.cases.facts)
    await play.until(lambda: "older_text" in play.told())
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
    await play.until(lambda: bool(play.window.findChildren(LettersPlace)))
    (letters,) = play.window.findChildren(LettersPlace)
    await play.until(lambda: letters.name.value() == "Seats")
    write(letters, "Aisle {{ aisle }}")
    save_and_leave(play, letters)
    await play.until(lambda: play.row(first).is_fixed)
    assert not play.row(second).is_fixed


async def more_than_are_counted_are_told(play: Play, patch: pytest.MonkeyPatch) -> None:
    many = {"kind": "open", "count": 1000, "at": None, "stuck": 0}
    told = {"open": 1000, "older": [many], "fields": [], "fault": None, "counts_are_exact": False}
    save(play, "Halls", "Aisle {{ aisle }}")
    letters = await opened(play, "Halls")
    write(letters, "Aisle {{ aisle }}, stand {{ stand }}")
    with patch.context() as counted:
        counted.setattr(TemplateCalls, "messages", lambda *_: told)
        save_and_leave(play, letters)
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
    play.window.batches.open()
    await play.until(lambda: any(map(is_bare, card.lead.causes.links)))
    await play.until(lambda: [label.text() for label in card.lead.causes.counts] == ["2 ×"])
    (link,) = card.lead.causes.links
    assert link.text() == "Edit the letter…"
    press(link)
    await play.until(lambda: play.window.findChildren(LettersPlace))
    (letters,) = play.window.findChildren(LettersPlace)
    await play.until(lambda: letters.name.value() == "Trips")
    await play.until(lambda: letters.form.texts["text"].textCursor().hasSelection())
    write(letters, "Dear {{ name }}")
    save_and_leave(play, letters)
    await play.until(lambda: not card.lead.causes.counts)
    await play.until(lambda: "try_held" in offered(card))
    await play.until(lambda: state_of(play) == "Ready")
    choose(card, "try_held")
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
