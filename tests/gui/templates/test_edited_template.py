"""Templates in the running program: written, saved with a file, tested, renamed and deleted."""

from __future__ import annotations

import asyncio
import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from desktop.contract.items import NewItem
from desktop.gui.kit.words.table import say
from desktop.gui.link.drafts import DraftBox
from desktop.gui.templates import edited_template
from desktop.gui.templates.edited_template import save_template
from desktop.gui.templates.letterhead_form import LETTERHEAD
from desktop.gui.templates.letters_place import LettersPlace
from sendoff_tasks.client.calls import new_key
from sendoff_tasks.words.table import ENGLISH
from tests import WITHIN
from tests.gui.hands import answer, asked
from tests.gui.templates.conftest import choose, is_saved, opened, write

if TYPE_CHECKING:
    from desktop.client.api import Api
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
    (letters,) = play.window.findChildren(LettersPlace)
    await play.until(lambda: letters.name.value() == "confirmation")
    await play.until(lambda: letters.form.fields.values.get("title") == "Opera night")
    letters.name.copy.click()
    letters.name.field.set_text("Renewal")
    letters.form.texts["subject"].set_source("Your membership {{ Year }}")
    letters.form.texts["text"].set_source("Dear {{ first_name }}, {{ titel }}")
    letters.form.texts["text"].edited.emit()
    await play.until(lambda: "titel" in letters.form.error.text())
    letters.form.error.linkActivated.emit("#")
    letters.form.attachments.add([str(statutes)])
    kept = data.templates / "attachments" / "Renewal" / "statutes.pdf"
    named = data.templates / "Renewal.jinja"
    await play.until(lambda: "Remove statutes.pdf" in _file_buttons(letters))
    _file_buttons(letters)["Remove statutes.pdf"].click()
    await play.until(lambda: _file_buttons(letters).keys() == {"Keep statutes.pdf"})
    _file_buttons(letters)["Keep statutes.pdf"].click()
    assert not named.exists()
    assert not kept.exists()
    letters.save.click()
    await play.until(lambda: is_saved(letters))
    await play.note("The letter “Renewal” is saved.")
    assert "statutes.pdf" in named.read_text()
    assert kept.exists()
    assert "{{ title }}" in named.read_text()
    await play.until(lambda: "Renewal" in play.window.form.message.asked)
    assert play.window.form.message.value() == "confirmation", "the form's letter is the form's"
    play.program.rooms.templates.open("Renewal")
    assert letters.name.value() == "Renewal"
    letters.test.click()
    await play.until(lambda: "outbox" in letters.words.text())
    (message,) = data.outbox.iterdir()
    assert "statutes.pdf" in message.read_text()
    await play.until(lambda: _file_buttons(letters))
    _file_buttons(letters)["Remove statutes.pdf"].click()
    letters.discard()
    body: NewItem = {
        "recipient": {"name": "Ada", "email": "ada@example.org"},
        "template": "Renewal",
        "fields": {"Year": "27"},
    }
    row = play.api.items.submit(None, body, new_key(), undo_for=3600.0).pending
    assert row is not None
    letters.name.delete.trigger()
    await play.until(lambda: "1 e-mail is still to be sent" in letters.words.text())
    play.api.actions.undo(row["id"])
    letters.name.delete.trigger()
    await play.until(asked)
    answer("Delete")
    await play.until(lambda: not list(data.templates.glob("*.jinja")))
    await play.until(lambda: len(letters.name.deleted.actions()) == 1)
    await play.until(lambda: letters.name.value() == "confirmation")
    (last,) = letters.name.deleted.actions()
    assert last.text().startswith("Renewal · ")
    last.trigger()
    await play.until(lambda: not letters.name.deleted.actions())
    await play.until(lambda: letters.name.value() == "Renewal")
    assert "statutes.pdf" in (data.templates / "Renewal.jinja").read_text()
    file = data.templates / "attachments" / "Renewal" / "statutes.pdf"
    assert file.read_bytes() == b"%PDF"
    play.window.menu.templates_chosen.emit()
    await play.until(lambda: _file_buttons(letters))
    _file_buttons(letters)["Remove statutes.pdf"].click()
    assert file.exists()
    letters.save.click()
    await play.until(lambda: is_saved(letters))
    assert "statutes.pdf" not in (data.templates / "Renewal.jinja").read_text()


async def its_message_is_about_the_item_that_is_chosen(play: Play) -> None:
    play.window.form.message.choose("confirmation")
    ada, bo, cy = register(play, "Ada", "Bo", "Cy")
    await play.until(lambda: play.has(3))

    async def shows(number: int, name: str) -> None:
        play.program.rooms.templates.open()
        (letters,) = play.window.findChildren(LettersPlace)
        await play.until(lambda: letters.editor.reader.item_id == number)
        await play.until(lambda: letters.form.fields.values.get("name") == name)
        letters.close()

    await shows(cy, "Cy")
    play.window.page.table.selectRow(1)
    await shows(bo, "Bo")
    play.window.items.open()
    items = play.window.items
    await play.until(lambda: len(items.model.rows) == 3)
    items.table.selectRow(2)
    await shows(ada, "Ada")
    play.window.places.go_home()
    task = play.api.items.one(cy)["tasks"][0]["id"]
    play.program.rooms.templates.open_for(task)
    (letters,) = play.window.findChildren(LettersPlace)
    await play.until(lambda: letters.editor.reader.item_id == cy)
    letters.close()
    for row in play.api.actions.pending():
        play.api.actions.undo(row["id"])
    await play.until(lambda: play.has(0))


async def a_save_that_cannot_attach_a_file_says_which(play: Play, folder: Path) -> None:
    bad, gone = folder / "a|b.pdf", folder / "gone.pdf"
    play.api.templates.save("Fees", {"parts": {"subject": "Fees", "text": "Dear {{ name }}"}})
    letters = await opened(play)
    files = letters.form.attachments
    for chosen, why in ((bad, "A file's name cannot have"), (gone, "No such file")):
        await asyncio.to_thread(chosen.write_bytes, b"%PDF")
        files.add([str(chosen)])
        if chosen is gone:
            await asyncio.to_thread(chosen.unlink)
        letters.save.click()
        said = f"“{chosen.name}” is not attached. {why}"
        await play.until(lambda said=said: files.words.text().startswith(said))  # type: ignore[misc]
        assert letters.words.text().startswith(said)
        assert (
            [each["file"] for each in play.api.templates.one("Fees")["attachments"]],
            letters.has_changes(),
        ) == ([], True)
        letters.discard()
    letters.close()


async def what_is_typed_outlives_a_deletion_by_someone_else(play: Play, kept: Path) -> None:
    letters = await opened(play)
    name = letters.name.value()
    letters.form.texts["text"].set_source("Typed before it was deleted.")
    letters.form.texts["text"].edited.emit()
    await play.until(lambda: kept.exists() and "it was deleted" in kept.read_text())
    letters.close()
    play.api.templates.delete(name)
    play.program.rooms.templates.open(name)
    await play.until(lambda: letters.name.value() == "confirmation")
    letters.name.deleted.actions()[0].trigger()
    await play.until(lambda: letters.name.value() == name)
    assert letters.form.parts()["text"] == "Typed before it was deleted."
    letters.discard()
    letters.close()


async def one_is_shown_though_another_has_unsaved_text(play: Play) -> None:
    for name in ("Gates", "Halls"):
        play.api.templates.save(name, {"parts": {"subject": name, "text": name}})
    letters = await opened(play, "Gates")
    write(letters, "Typed")
    letters.close()
    letters = await opened(play, "Halls")
    assert letters.form.parts()["text"] == "Halls"
    letters = await opened(play, "Gates")
    assert letters.form.parts()["text"] == "Typed"
    letters.discard()
    letters.close()


async def one_that_is_left_while_it_is_saved_is_no_draft(play: Play, kept: Path) -> None:
    play.api.templates.save("Prices", {"parts": {"subject": "Prices", "text": "First"}})
    letters = await opened(play, "Prices")
    write(letters, "Second")
    may_read, read = threading.Event(), edited_template.read_template

    def slowly(api: Api, name: str) -> dict[str, Any]:
        if name == "confirmation":
            may_read.wait(WITHIN)
        return read(api, name)

    with patch.object(edited_template, "read_template", slowly):
        letters.save.click()
        choose(letters, "confirmation")
        await play.note("The letter “Prices” is saved.")
        assert letters.name.value() == "confirmation"
        may_read.set()
        await play.until(lambda: (letters.editor.saved or {}).get("name") == "confirmation")
    await play.until(lambda: not kept.exists())
    entry = letters.rows.topLevelItem(letters.rows.names().index("Prices"))
    assert entry is not None
    assert entry.text(1) == ""
    assert (letters.name.value(), letters.has_changes()) == ("confirmation", False)
    letters.close()


async def what_another_window_saved_is_told_and_both_are_kept(play: Play) -> None:
    parts = {"subject": "Rates", "text": "First"}
    play.api.templates.save("Rates", {"parts": parts})
    letters = await opened(play, "Rates")
    write(letters, "Mine")
    play.api.templates.save("Rates", {"parts": {**parts, "text": "Theirs"}})
    letters.save.click()
    await play.until(lambda: letters.words.text() == say("template", "changed"))
    assert play.api.templates.one("Rates")["parts"]["text"] == "Theirs"
    assert letters.form.parts()["text"] == "Mine"
    choose(letters, LETTERHEAD)
    await play.until(letters.editor.head.isVisible)
    play.api.templates.save("Rates", {"parts": {**parts, "text": "Theirs, later"}})
    choose(letters, "Rates")
    await play.until(lambda: letters.words.text().endswith(say("template", "changed")))
    letters.save.click()
    await play.until(lambda: is_saved(letters))
    kept = play.api.templates.one("Rates")
    assert kept["parts"]["text"] == "Mine"
    texts = [
        play.api.templates.version("Rates", each["version"])["parts"]["text"]
        for each in kept["versions"]
    ]
    assert texts[:2] == ["Theirs, later", "Theirs"]
    wanted: dict[str, Any] = {"files": {}, "attached": [], "held": False, "seen": kept["parts"]}
    wanted |= {"name": "Rates", "parts": {**kept["parts"], "text": "Again"}}
    for _ in range(2):  # the first answer is lost
        assert save_template(play.api, wanted, {})["parts"]["text"] == "Again"
    letters.name.copy.click()
    letters.name.field.set_text("Rates 2027")
    play.api.templates.save("Rates 2027", {"parts": {**parts, "text": "Theirs"}})
    letters.save.click()
    taken = say("template_name", "taken", name="Rates 2027")
    await play.until(lambda: letters.words.text() == taken)
    assert play.api.templates.one("Rates 2027")["parts"]["text"] == "Theirs"
    letters.name.left.emit()
    answer("Discard")
    choose(letters, LETTERHEAD)
    await play.until(letters.editor.head.isVisible)
    head = letters.editor.head.fields["name"]
    head.replace("Mine")
    play.api.templates.save_letterhead({**play.api.templates.letterhead(), "name": "Theirs"})
    letters.save.click()
    await play.until(lambda: letters.words.text() == say("template", "changed_head"))
    letters.save.click()
    await play.until(lambda: is_saved(letters))
    assert play.api.templates.letterhead()["name"] == "Mine"
    letters.close()


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
        letters = await opened(play, name)
        await play.until(lambda: "Remove plan.pdf" in _file_buttons(letters))  # noqa: B023
        templates.delete(name)
        letters.form.attachments.add([str(each) for each in added])
        letters.form.texts["text"].set_source("Typed since.")
        letters.form.texts["text"].edited.emit()
        letters.save.click()
        await play.until(partial(is_saved, letters))
        saved = templates.one(name)
        assert saved["parts"]["text"] == "Typed since."
        names = [plan.name, *(each.name for each in added)]
        assert [each["file"] for each in saved["attachments"]] == names
        templates.delete(name)


async def test_save_that_was_not_answered_is_made_once_the_backend_is_back(
    play: Play, data: OfficeFolder
) -> None:
    play.program.rooms.templates.open("confirmation")
    (letters,) = play.window.findChildren(LettersPlace)
    await play.until(lambda: letters.form.fields.values.get("title") == "Opera night")
    words, usual = letters.words, letters.words.text()
    letters.form.texts["text"].set_source("Typed before.")
    letters.form.texts["text"].edited.emit()
    play.kill_backend()
    letters.save.click()
    await play.until(lambda: words.text() == ENGLISH.say("client", "unanswered"))
    assert letters.save.text() == "Saving…"
    await play.until(lambda: is_saved(letters))
    assert "Typed before." in (data.templates / "confirmation.jinja").read_text()
    play.program.rooms.templates.open("confirmation")
    assert words.text() == usual
    await play.until(lambda: not play.program.jobs.under_way and letters.name.delete.isVisible())
    letters.name.delete.trigger()
    await play.until(asked)
    answer("Go back")
    await play.note("The built-in text is used again.")
    assert not (data.templates / "confirmation.jinja").exists()
    letters.close()


async def what_was_asked_while_the_backend_is_away_is_answered_once_it_is_back(play: Play) -> None:
    play.program.rooms.templates.open("confirmation")
    (letters,) = play.window.findChildren(LettersPlace)
    await play.until(lambda: letters.form.fields.values.get("title") == "Opera night")
    play.kill_backend()
    letters.form.texts["text"].set_source("Typed while it was away.")
    letters.editor.ask_for_preview()
    letters.test.click()
    await play.until(lambda: letters.words.text() == ENGLISH.say("client", "unanswered"))
    await play.until(lambda: letters.unmade.isHidden())
    await play.until(lambda: ENGLISH.say("client", "unanswered") not in _said(letters))
    letters.discard()
    letters.close()
    await play.lose_backend()
    play.program.rooms.templates.open("confirmation")
    assert ENGLISH.say("client", "unanswered") in _said(letters)
    letters.name.show_names([])
    await play.until(lambda: len(letters.rows.names()) > 1)
    await play.until(lambda: ENGLISH.say("client", "unanswered") not in _said(letters))


def test_a_template_is_edited_and_what_was_not_saved_is_there_in_the_next_window(
    perform: Perform, data: OfficeFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = data.drafts / "templates.json"
    may_read, load = threading.Event(), DraftBox.load_typed

    async def type_it(play: Play) -> None:
        letters = await opened(play)
        choose(letters, LETTERHEAD)
        await play.until(letters.editor.head.isVisible)
        letters.editor.head.fields["name"].replace("Typed club")
        choose(letters, "Fees")
        await play.until(letters.form.isVisible)
        entry = letters.rows.topLevelItem(letters.rows.names().index(LETTERHEAD))
        assert entry is not None
        assert entry.text(1) == "not saved"
        letters.form.texts["text"].set_source("Dear {{ name }}, pay")
        letters.form.texts["text"].edited.emit()
        await play.until(
            lambda: kept.exists() and "pay" in kept.read_text()
        )  # also if the window dies now
        letters.name.copy.click()
        letters.name.field.set_text("Dues")

    async def find_it(play: Play) -> None:
        play.program.rooms.templates.open()
        may_read.set()  # only now: the editor was opened first
        (letters,) = play.window.findChildren(LettersPlace)
        await play.until(lambda: letters.name.value() == "Dues")
        assert letters.form.parts()["text"] == "Dear {{ name }}, pay"
        assert "did not save it" in letters.words.text()
        letters.save.click()
        await play.until(lambda: is_saved(letters))
        assert "pay" in (data.templates / "Dues.jinja").read_text()
        choose(letters, LETTERHEAD)
        await play.until(lambda: letters.editor.head.parts()["name"] == "Typed club")
        letters.discard()
        await play.until(lambda: not kept.exists())
        letters.close()

    perform(
        partial(it_is_written_saved_and_tested, data=data, folder=tmp_path),
        partial(a_save_that_cannot_attach_a_file_says_which, folder=tmp_path),
        partial(what_is_typed_outlives_a_deletion_by_someone_else, kept=kept),
        one_is_shown_though_another_has_unsaved_text,
        partial(one_that_is_left_while_it_is_saved_is_no_draft, kept=kept),
        what_another_window_saved_is_told_and_both_are_kept,
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


def _said(letters: LettersPlace) -> list[str]:
    return [each.text() for each in letters.page.findChildren(QLabel) if each.isVisible()]


def _file_buttons(letters: LettersPlace) -> dict[str, QPushButton]:
    """The buttons beside attachments, by what they do."""
    buttons = letters.form.attachments.findChildren(QPushButton)
    return {name: each for each in buttons if each.isVisible() and (name := each.accessibleName())}
