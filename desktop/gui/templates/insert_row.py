"""The fields that a template may use, as chips and in the menu that inserts them."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QRect, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QFont,
    QFontMetricsF,
    QPainter,
    QPyTextObject,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QMenu, QTextEdit

from desktop.contract.rules.templates import STANDARD, field_key, is_field_name, nearest
from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK
from desktop.gui.kit.widgets.buttons import Link
from desktop.gui.kit.widgets.surfaces import put_arrow_behind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QTextDocument

    from desktop.gui.kit.look.theme import Theme


_WITH_WORDS: Final = re.compile(r'(?P<field>\w+) or "(?P<words>[^"\\]*)"')
CHIP: Final = QTextFormat.ObjectTypes.UserObject + 1
"""The object type of a chip's character."""
NAME: Final = QTextFormat.Property.UserProperty + 1
"""The property of the character's format that holds the field's name."""
AIR: Final = 2
"""Space above and below a chip, in units of the grid, so chips of two lines do not touch."""


class FieldNames:
    """The known fields: the source of a text has their names, a chip shows their labels."""

    def __init__(self) -> None:
        person = "name", "first name", "last name", "e-mail"
        words = "number", "title", *person, "note", "all fields"
        self._standard = dict(zip(STANDARD, map(_tr, words), strict=True))
        self.own: list[str] = []
        self._new: list[str] = []

    def set_own(self, names: Iterable[str]) -> None:
        """Set the person's own fields; standard names are left out."""
        standard = set(map(field_key, self._standard))
        self.own = [name for name in dict.fromkeys(names) if field_key(name) not in standard]

    def set_new(self, names: Iterable[str]) -> None:
        """Set the fields of the current template."""
        self._new = list(names)

    def add_new(self, name: str) -> bool:
        """Add a field that the person made; return whether it is new."""
        if self.find(name) is not None:
            return False
        self._new.append(name)
        return True

    def all(self) -> list[str]:
        """Return all names, the standard ones first and new ones last."""
        known = [*self._standard, *self.own]
        keys = set(map(field_key, known))
        return [*known, *(name for name in self._new if field_key(name) not in keys)]

    def made(self, written: str) -> str | None:
        """Return the name of a new field as written; ``None`` if it is invalid or likely a typo."""
        name = " ".join(written.split())
        return name if is_field_name(name) and nearest(name, self.all()) is None else None

    def find(self, written: str) -> str | None:
        """Return the field named by an expression between braces; ``None`` if it is unknown.

        An expression with a default for an empty field, such as ``title or "Your booking"``, is
        returned as written; there a template reads only names of one word.
        """
        asked = _WITH_WORDS.fullmatch(written.strip())
        key = field_key(asked["field"] if asked else written)
        name = next((name for name in self.all() if field_key(name) == key), None)
        return name if name is None or asked is None else written.strip()

    def label(self, name: str) -> str:
        """Return the label of a field that :meth:`find` has returned."""
        asked = _WITH_WORDS.fullmatch(name)
        if asked is None:
            return self._standard.get(name, name.replace("_", " "))
        field = self.label(self.find(asked["field"]) or asked["field"])
        return _tr("{} or “{}”").format(field, asked["words"])


def _tr(text: str) -> str:
    return QCoreApplication.translate("FieldNames", text)


class FieldChips(QPyTextObject):
    """Measures and paints the chips of one editor."""

    def __init__(self, fields: FieldNames) -> None:
        super().__init__()
        self._fields = fields
        self.unknown: frozenset[str] = frozenset()
        """Keys of fields that are probably slips: a saved template may contain them as chips."""
        self.drawn: dict[int, tuple[QRectF, str]] = {}
        """Rectangle and name of each chip painted since this was cleared, by position."""

    def intrinsicSize(self, doc: QTextDocument, _position: int, style: QTextFormat) -> QSizeF:  # noqa: N802
        """Return the size of a chip in the document's font."""
        metrics = QFontMetricsF(doc.defaultFont())
        width = metrics.horizontalAdvance(self._words(style)) + 2 * LOOK.theme.px(8)
        return QSizeF(width + 2, metrics.height() + 2 + 2 * LOOK.theme.px(AIR))

    def drawObject(  # noqa: N802
        self,
        painter: QPainter,
        rect: QRectF | QRect,
        doc: QTextDocument,
        position: int,
        style: QTextFormat,
    ) -> None:
        """Paint a chip."""
        name = str(style.property(NAME))
        self.drawn[position] = QRectF(rect), name
        self._paint(painter, QRectF(rect), doc.defaultFont(), name)

    def paint_selected(self, painter: QPainter, selection: QTextCursor) -> None:
        """Paint selected chips again: Qt has painted the selection colour over them."""
        font = selection.document().defaultFont()
        for position, (rect, name) in self.drawn.items():
            if selection.selectionStart() <= position < selection.selectionEnd():
                self._paint(painter, rect, font, name, is_selected=True)

    def _paint(
        self, painter: QPainter, rect: QRectF, font: QFont, name: str, *, is_selected: bool = False
    ) -> None:
        theme = LOOK.theme
        air = theme.px(AIR) + 0.5
        ground = rect.adjusted(1, air, -1, -air)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        is_slip = field_key(name) in self.unknown
        color = theme.tint("failed") if is_slip else theme.color("selection")
        painter.setBrush(theme.color("surface") if is_selected else color)
        painter.drawRoundedRect(ground, ground.height() / 2, ground.height() / 2)
        painter.setFont(font)
        painter.setPen(theme.ink("failed" if is_slip else "accent"))
        painter.drawText(ground, Qt.AlignmentFlag.AlignCenter, self._fields.label(name))
        painter.restore()

    def _words(self, style: QTextFormat) -> str:
        return self._fields.label(str(style.property(NAME)))


def marks_at(
    places: Iterable[tuple[int, int]], document: QTextDocument, theme: Theme
) -> list[QTextEdit.ExtraSelection]:
    """Return marks for wrong places, given as start and end."""
    style = QTextCharFormat()
    style.setForeground(QBrush(theme.ink("failed")))
    style.setBackground(QBrush(theme.tint("failed")))
    marks = []
    for start, end in places:
        mark = QTextEdit.ExtraSelection()
        cursor = QTextCursor(document)
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        mark.cursor = cursor
        mark.format = style
        marks.append(mark)
    return marks


class InsertLink(Link):
    """Emits ``chosen`` with the name of the field to insert, ``new_chosen`` for a new one."""

    chosen = Signal(str)
    new_chosen = Signal()

    def __init__(self, fields: FieldNames) -> None:
        super().__init__(self.tr("Insert field"))
        self._fields = fields
        self.setToolTip(self.tr("Insert a field where the cursor is"))
        self.setMenu(menu := QMenu(self, toolTipsVisible=True))
        icons.put(self, "chevron-down", "accent")
        put_arrow_behind(self)
        menu.aboutToShow.connect(self.show_fields)

    def show_fields(self) -> None:
        """List the known fields in the menu."""
        menu = self.menu()
        menu.clear()
        for name in self._fields.all():
            field = menu.addAction(self._fields.label(name).replace("&", "&&"))
            field.triggered.connect(partial(self.chosen.emit, name))
        menu.addSeparator()
        new = menu.addAction(self.tr("New field…"))
        typed = self.tr("Type the name of a field of your own, then Enter.")
        new.setToolTip(f"{typed}\n{self.tr('The form asks for it once you save.')}")
        new.triggered.connect(self.new_chosen)
