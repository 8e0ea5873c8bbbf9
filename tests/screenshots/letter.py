"""The scene of a club's letter: its letterhead, its text, and one that a person gets."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QBuffer, QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from desktop.gui.templates.letters_place import LettersPlace

if TYPE_CHECKING:
    from desktop.contract.items import NewItem
    from tests.screenshots.stage import Stage

GREEN: Final = "#0B6B57"
HEAD: Final = {
    "name": "Tennis Club Aurach",
    "line": "since 1952",
    "colour": GREEN,
    "signature": "**Marta Lindqvist**\nOffice, Tennis Club Aurach",
}
TEXT: Final = """# Your seats are reserved

Dear {{ first_name }},

thank you for coming to our **summer concert**. These are yours:

{{ all fields }}

- Doors open at 19:00.
- Tickets wait at the box office under **no. {{ number }}**.

{{ note }}

Here is [the plan of the hall](https://tc-aurach.example/plan). If anything is wrong, simply reply.
"""
PARTS: Final = {"subject": "Your seats for the {{ title }}", "text": TEXT, "format": "markdown"}
GUEST: Final[NewItem] = {
    "title": "summer concert",
    "recipient": {"name": "Ines Duarte", "email": "ines@example.org"},
    "fields": {
        "Seats": "Row 7, seats 12 and 13",
        "Date": "Sat 12 December, 20:00",
        "Hall": "Stadtsaal Aurach",
        "Price": "48.00 €",
    },
}


def _logo() -> str:
    """Draw a tennis ball."""
    picture = QImage(240, 240, QImage.Format.Format_ARGB32)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(GREEN))
    painter.drawEllipse(QPoint(120, 120), 120, 120)
    painter.setPen(QPen(QColor("white"), 12))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for left, begin in ((-150, -45), (150, 135)):
        painter.drawArc(QRect(left, 0, 240, 240), begin * 16, 90 * 16)
    painter.end()
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")  # type: ignore[call-overload]
    return b64encode(bytes(buffer.data().data())).decode()


async def open_letter(stage: Stage) -> None:
    """Write the letter of a club, and show it to one who gets it."""
    templates = stage.api.templates
    await asyncio.to_thread(templates.save_letterhead, {**HEAD, "logo": _logo()})
    await asyncio.to_thread(templates.save, "confirmation", {"parts": PARTS})
    await stage.submit(GUEST)
    stage.window.page.table.clearSelection()  # the newest item is shown
    stage.program.rooms.templates.open("confirmation")
    (letters,) = stage.window.findChildren(LettersPlace)
    await stage.until(lambda: "reserved" in letters.form.texts["text"].source())
    await stage.until(lambda: "Stadtsaal Aurach" in letters.form.fields.values.values())


async def close_letter(stage: Stage) -> None:
    """Close the editor."""
    stage.window.places.go_home()
    stage.window.form.begin()
