"""A template as the backend gives it, and its sheet on a window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import Qt

from desktop.gui.templates.template_sheet import TemplateSheet

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


async def opened(play: Play, name: str = "Fees") -> TemplateSheet:
    """Open the editor of a template in the running program."""
    play.program.rooms.templates.open(name)
    (sheet,) = play.window.findChildren(TemplateSheet)
    await play.until(lambda: (sheet.editor.saved or {}).get("name") == name)
    return sheet


def write(sheet: TemplateSheet, source: str, part: str = "text") -> None:
    """Replace a part of the template, as a person does."""
    sheet.form.texts[part].set_source(source)
    sheet.form.edited.emit()


def choose(sheet: TemplateSheet, name: str) -> None:
    """Choose a template in the list, as a person does."""
    entries = sheet.name.choice
    names = [entries.item(row).data(Qt.ItemDataRole.UserRole) for row in range(entries.count())]
    entries.setCurrentRow(names.index(name))


@pytest.fixture
def sheet(host: QWidget, themes: ThemeSource) -> TemplateSheet:
    host.resize(1280, 760)
    made = TemplateSheet(host)
    made.show_names([{"name": "confirmation"}, {"name": "renewal"}])
    made.show_template(template())
    made.open()
    return made
