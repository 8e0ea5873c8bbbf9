"""A template as the backend gives it, and the place in which it is edited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtWidgets import QHBoxLayout

from desktop.gui.templates.letters_place import LettersPlace

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop.gui.kit.look.appearance import ThemeSource
    from tests.gui.play import Play


def template(name: str = "renewal", **changes: Any) -> dict[str, Any]:
    parts: dict[str, Any] = {"subject": "s", "text": "Dear {{ name }}", "html": None}
    parts |= dict.fromkeys(("format", "sender", "reply_to", "cc", "bcc"), "")
    made = {
        "name": name,
        "own": True,
        "built_in": False,
        "parts": parts,
        "attachments": [{"file": "statutes.pdf", "size": 212_000}],
        "fields": [],
        "versions": [{"version": "17", "at": "2026-11-20T10:00:00.000Z"}],
    }
    return {**made, **changes}


async def opened(play: Play, name: str = "Fees") -> LettersPlace:
    """Open the editor of a letter in the running program."""
    play.program.rooms.templates.open(name)
    (letters,) = play.window.findChildren(LettersPlace)
    await play.until(lambda: (letters.editor.saved or {}).get("name") == name)
    return letters


def is_saved(letters: LettersPlace) -> bool:
    """Tell whether all that was typed is saved."""
    return not letters.has_changes() and letters.save.text() == "Save"


def write(letters: LettersPlace, source: str, part: str = "text") -> None:
    """Replace a part of the template, as a person does."""
    letters.form.texts[part].set_source(source)
    letters.form.edited.emit()


def choose(letters: LettersPlace, name: str) -> None:
    """Choose a letter in the list, as a person does."""
    entry = letters.rows.topLevelItem(letters.rows.names().index(name))
    assert entry is not None
    letters.rows.setCurrentItem(entry)


@pytest.fixture
def letters(host: QWidget, themes: ThemeSource) -> LettersPlace:
    """A place and its page beside each other, as in a window."""
    host.resize(1280, 760)
    made = LettersPlace()
    halves = QHBoxLayout(host)
    for half in (made, made.page):
        halves.addWidget(half)
        half.show()
    made.show_names([{"name": "confirmation"}, {"name": "renewal"}])
    made.show_template(template())
    made.focus_text()
    return made


@pytest.fixture
def saved(letters: LettersPlace) -> list[dict[str, Any]]:
    """What is asked to be saved."""
    seen: list[dict[str, Any]] = []
    letters.save_requested.connect(seen.append)
    return seen
