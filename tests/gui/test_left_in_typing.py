"""What an earlier program left in mid-typing is in the form, a pin, a letter or a row again."""

from __future__ import annotations

import asyncio
import json
import time
from typing import TYPE_CHECKING, Any

from desktop.gui.frame.pins import ASIDE
from desktop.gui.importing.import_place import ImportPlace
from desktop.gui.items.form.item_fields import EMAIL
from desktop.gui.templates.letters_place import LettersPlace
from sendoff_tasks.client.calls import new_key

if TYPE_CHECKING:
    from desktop.settings.office_folder import OfficeFolder
    from tests.gui.play import Perform, Play

NAME = "recipient.name"


def form(name: str) -> dict[str, Any]:
    """Return what the form of the earlier program wrote."""
    values = {NAME: name, EMAIL: "ada@example.org", "title": "", "fields.note": ""}
    return {"number": "", "values": values, "tasks": ["send_confirmation_email"], "template": ""}


def item(name: str, key: str, **changes: Any) -> dict[str, Any]:
    """Return a submission as that program wrote it."""
    body = {"recipient": {"name": name, "email": "ada@example.org"}, "priority": 100}
    made = {"number": None, "body": body, "form": form(name), "key": key, "since": time.time_ns()}
    return {**made, "undo_for": 0, "change": None, "aside": None, "problem": None, **changes}


def leave(data: OfficeFolder, draft: int, parts: dict[str, Any]) -> None:
    """Leave a form, a submission, two corrections, an item set aside, a letter and a row."""
    change = {"send": True, "user": None, "changes": True}
    made: dict[str, Any] = {
        "form.json": form("In the form"),
        "1.submission.json": item("Submitted", "1" * 32),
        "2.submission.json": item("Corrected", "2" * 32, number=7, form={}, change=change),
        "3.submission.json": item("Aside", "3" * 32, aside="not sent yet"),
        "4.submission.json": item("Gone", "4" * 32, number=99, form={}, change=change),
        "templates.json": {"Renewal": {"name": "Renewal", "parts": parts, "files": {}}},
        "imports.json": {
            str(draft): {"typed": {"row": 1, "path": EMAIL, "text": "typed@example.org"}}
        },
    }
    for name, content in made.items():
        (data.drafts / name).write_text(json.dumps(content))


def test_each_text_that_an_earlier_program_left_is_there_again(
    perform: Perform, data: OfficeFolder
) -> None:
    async def prepare(play: Play) -> None:
        play.submit("Seven", "7")
        await play.until(lambda: play.states() == ["succeeded"])
        text = {"parts": {"subject": "Hello", "text": "Dear {{ name }}"}}
        await asyncio.to_thread(play.api.templates.save, "Renewal", text)
        settings: Any = {"name": "members.csv", "columns": {"Name": "name", "E-mail": "email"}}
        found["draft"] = play.api.batches.create(settings, new_key())
        row: Any = {"row": 1, "item": {"title": "A", "recipient": {"email": "wrong"}}}
        play.api.batches.add_rows(found["draft"], [row])
        saved = play.api.templates.one("Renewal")["parts"]
        found["parts"] = {**saved, "text": "Half typ"}

    async def look(play: Play) -> None:
        window, rooms = play.window, play.program.rooms
        await play.until(lambda: window.form.typed_name() == "In the form")
        await play.until(lambda: len(play.rows()) == 3)
        people = {play.row(number).name for number in play.rows()}
        assert people == {"Seven", "Submitted", "Corrected"}
        pins = {each.key.partition(":")[0]: each.name for each in window.pins.shown()[1:]}
        assert pins[ASIDE] == "Aside"
        await play.until(lambda: rooms.items.corrections.kept.of(99))
        typed = rooms.items.corrections.kept.of(99)
        assert typed is not None
        assert typed["values"][NAME] == "Gone"
        rooms.templates.open("Renewal")
        (letters,) = window.findChildren(LettersPlace)
        await play.until(lambda: letters.form.texts["text"].source() == "Half typ")
        rooms.importing.imports.open_draft(found["draft"])
        (place,) = window.findChildren(ImportPlace)
        await play.until(lambda: place.card.editor.text() == "typed@example.org")

    found: dict[str, Any] = {}
    perform(prepare)
    leave(data, found["draft"], found["parts"])
    perform(look)
