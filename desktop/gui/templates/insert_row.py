"""The fields that a template may use, as chips and in the row that inserts them."""

from __future__ import annotations

import re
from itertools import pairwise
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
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QTextEdit

from desktop.contract.rules.templates import STANDARD, field_key, is_field_name, nearest
from desktop.gui.kit.look.appearance import LOOK, sized
from desktop.gui.kit.widgets.surfaces import FlowPane, drop, in_focus_chain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QFocusEvent, QKeyEvent, QShowEvent, QTextDocument

    from desktop.gui.kit.look.theme import Theme


_WITH_WORDS: Final = re.compile(r'(?P<field>\w+) or "(?P<words>[^"\\]*)"')


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
        name = written.strip()
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


CHIP: Final = QTextFormat.ObjectTypes.UserObject + 1
"""The object type of a chip's character."""
NAME: Final = QTextFormat.Property.UserProperty + 1
"""The property of the character's format that holds the field's name."""

AIR: Final = 2
"""Space above and below a chip, in units of the grid, so chips of two lines do not touch."""


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


class InsertRow(FlowPane):
    """Emits ``chosen`` with the name of the field to insert, which may be a new one.

    ``refused`` carries a sentence about an invalid name; an empty one clears it.
    """

    chosen = Signal(str)
    refused = Signal(str)

    def __init__(self, fields: FieldNames) -> None:
        super().__init__()
        self._fields = fields
        self._chips: list[QPushButton] = []
        sized(self.flow, spacing=6)
        self._words = sized(QLabel(self.tr("Insert")), least_height=26)
        self._words.setProperty("role", "soft")
        self.new = _chip(self.tr("New field…"))
        self.new.setToolTip(
            self.tr(
                "Name a field of your own. The form asks for it once you save.\n"
                "You can also type its name into the text: {{ seat }}"
            )
        )
        self.new.clicked.connect(self._on_new)
        self.name = sized(_NameLine(), width=168)
        self.name.setProperty("lines", "chips")
        self.name.setAccessibleName(self.tr("Name of the new field"))
        self.name.setPlaceholderText(self.tr("Name, then Enter"))
        self.name.returnPressed.connect(self._on_named)
        self.name.textEdited.connect(lambda _: self.refused.emit(""))
        self.name.left.connect(self._on_left)
        self.name.hide()
        self.show_fields()

    def show_fields(self) -> None:
        """Show a chip for each known field."""
        while self.flow.takeAt(0) is not None:
            pass
        for chip in self._chips:
            drop(chip)
        self._chips = [self._field_chip(name) for name in self._fields.all()]
        for each in (self._words, *self._chips, self.new, self.name):
            self.flow.addWidget(each)
        self._order_by_tab()

    def showEvent(self, event: QShowEvent) -> None:
        """Set the Tab order: now the widgets before this row exist."""
        super().showEvent(event)
        self._order_by_tab()

    def _order_by_tab(self) -> None:
        others = (
            each for each in in_focus_chain(self.new, forward=False) if each not in self._chips
        )
        before = next(each for each in others if each.focusPolicy() != Qt.FocusPolicy.NoFocus)
        for one, other in pairwise((before, *self._chips, self.new, self.name)):
            self.setTabOrder(one, other)

    def _field_chip(self, name: str) -> QPushButton:
        chip = _chip(self._fields.label(name))
        chip.setToolTip(self.tr("Insert this field where the cursor is"))
        chip.clicked.connect(lambda: self.chosen.emit(name))
        return chip

    def _on_new(self) -> None:
        self.new.hide()
        self.name.clear()
        self.name.show()
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_named(self) -> None:
        """Insert the field of the typed name, or say why the name is invalid."""
        name = " ".join(self.name.text().split())
        known = self._fields.find(name)
        problem = None if known else self._problem(name)
        if problem:
            self.refused.emit(problem)
        elif name:
            self._end()
            self.chosen.emit(known or name)

    def _problem(self, name: str) -> str:
        """Return why a new field cannot have a name; an empty text if it can."""
        if name and not is_field_name(name):
            return self.tr(
                "A field name begins with a letter. It may contain letters, digits, spaces and "
                "- / & °, but not the words “and”, “or”, “not”, “in” and “is”."
            )
        near = nearest(name, ())
        if near is not None:
            words = self.tr("“{}” would be taken for “{}”. Choose another name.")
            return words.format(name, self._fields.label(near))
        return ""

    def _on_left(self, by_key: bool) -> None:
        """Show the chip again, on Escape or if nothing was typed."""
        if by_key or not self.name.text().strip():
            self._end()
        if by_key:
            self.new.setFocus(Qt.FocusReason.OtherFocusReason)

    def _end(self) -> None:
        self.refused.emit("")
        self.new.show()
        self.name.hide()


class _NameLine(QLineEdit):
    """A line edit that emits ``left`` when it loses the focus, or on Escape (``True``)."""

    left = Signal(bool)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Emit ``left`` on Escape; keep Enter from the sheet."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit(True)
            return
        super().keyPressEvent(event)
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Emit ``left``."""
        super().focusOutEvent(event)
        self.left.emit(False)


def _chip(words: str) -> QPushButton:
    chip = QPushButton(words)
    chip.setProperty("role", "chip")
    chip.setCursor(Qt.CursorShape.PointingHandCursor)
    return chip
