"""A template's text with its fields as chips, and the menu that inserts one."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QMimeData, QRect, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPyTextObject,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
)
from PySide6.QtWidgets import QMenu, QTextEdit

from desktop.contract.rules.templates import STANDARD, field_key, is_field_name, nearest
from desktop.gui.kit.look import icons
from desktop.gui.kit.look.appearance import LOOK, follow, sized
from desktop.gui.kit.widgets.buttons import Link
from desktop.gui.kit.widgets.surfaces import put_arrow_behind
from desktop.gui.kit.widgets.texts import paste_problem, utf16_cut, utf16_units

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from PySide6.QtGui import QTextDocument

    from desktop.gui.kit.look.theme import Theme


translate = QCoreApplication.translate
_WITH_WORDS: Final = re.compile(r'(?P<field>\w+) or "(?P<words>[^"\\]*)"')
CHIP: Final = QTextFormat.ObjectTypes.UserObject + 1
"""The object type of a chip's character."""
NAME: Final = QTextFormat.Property.UserProperty + 1
"""The property of the character's format that holds the field's name."""
AIR: Final = 2
"""Space above and below a chip, in units of the grid, so chips of two lines do not touch."""
OBJECT: Final = "\ufffc"
"""The character of a chip."""
PLACEHOLDER: Final = re.compile(r"\{\{([^{}\n]*)\}\}")
_JUST_CLOSED: Final = re.compile(r"\{\{([^{}\n]*)\}\}$")


class FieldNames:
    """The known fields: the source of a text has their names, a chip shows their labels."""

    def __init__(self) -> None:
        labels = (
            translate("FieldNames", "number"),
            translate("FieldNames", "title"),
            translate("FieldNames", "name"),
            translate("FieldNames", "first name"),
            translate("FieldNames", "last name"),
            translate("FieldNames", "salutation"),
            translate("FieldNames", "e-mail"),
            translate("FieldNames", "note"),
            translate("FieldNames", "all fields"),
        )
        self._standard = dict(zip(STANDARD, labels, strict=True))
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
        """Add a field that the person made; tell whether it is new."""
        if self.find(name) is not None:
            return False
        self._new.append(name)
        return True

    def all(self) -> list[str]:
        """Return all names, the standard ones first and new ones last."""
        known = [*self._standard, *self.own]
        keys = set(map(field_key, known))
        return [*known, *(name for name in self._new if field_key(name) not in keys)]

    def named(self, written: str) -> str | None:
        """Return the field named between braces, also an unknown one; ``None`` if none is."""
        name = " ".join(written.split())
        return self.find(written) or (name if is_field_name(name) else None)

    def is_new(self, name: str) -> bool:
        """Tell whether an unknown name is that of a new field: it is not likely a slip."""
        return self.find(name) is None and nearest(name, self.all()) is None

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
        """Return the label of a field that :meth:`named` has returned."""
        asked = _WITH_WORDS.fullmatch(name)
        if asked is None:
            known = self.find(name) or name
            return self._standard.get(known, known.replace("_", " "))
        field = self.label(self.find(asked["field"]) or asked["field"])
        return translate("FieldNames", "{} or “{}”").format(field, asked["words"])


class FieldChips(QPyTextObject):
    """Measures and paints the chips of one editor."""

    def __init__(self, fields: FieldNames) -> None:
        super().__init__()
        self._fields = fields
        self.unknown: frozenset[str] = frozenset()
        """Keys of fields that are probably slips."""
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


def _as_chip(document: QTextDocument, start: int, end: int) -> list[QTextEdit.ExtraSelection]:
    """Return marks that let an expression look like the chip that it becomes, without braces."""
    theme = LOOK.theme
    marks = []
    for first, last, ink in (
        (start, start + 2, "selection"),
        (start + 2, end - 2, "accent"),
        (end - 2, end, "selection"),
    ):
        mark = QTextEdit.ExtraSelection()
        mark.cursor = QTextCursor(document)
        mark.cursor.setPosition(first)
        mark.cursor.setPosition(last, QTextCursor.MoveMode.KeepAnchor)
        mark.format.setForeground(QBrush(theme.color(ink)))
        mark.format.setBackground(QBrush(theme.color("selection")))
        marks.append(mark)
    return marks


def source_between(document: QTextDocument, start: int, end: int) -> str:
    """Return the source of a range: its text, with fields as ``{{ name }}``."""
    parts = []
    block = document.findBlock(start)
    while block.isValid() and block.position() <= end:
        first = max(0, start - block.position())
        last = min(block.length() - 1, end - block.position())
        text = utf16_cut(block.text(), first, last)
        parts.append("".join(_source_of(document, text, block.position() + first)))
        block = block.next()
    return "\n".join(parts).replace("\u2028", "\n")


def _source_of(document: QTextDocument, text: str, position: int) -> list[str]:
    """Return the source of a text within a block; ``position`` is its start."""
    pieces = text.split(OBJECT)
    written = [pieces[0]]
    cursor = QTextCursor(document)
    at = position + utf16_units(pieces[0])
    for piece in pieces[1:]:
        cursor.setPosition(at + 1)
        name = cursor.charFormat().property(NAME)
        written += ["{{ " + str(name) + " }}" if name else "", piece]
        at += 1 + utf16_units(piece)
    return written


def placeholders(document: QTextDocument) -> list[tuple[int, int, str]]:
    """Return the expressions that are plain text: start, end, and the text between the braces."""
    found: list[tuple[int, int, str]] = []
    block = document.firstBlock()
    while block.isValid():
        at, text = block.position(), block.text()
        found += [
            (at + utf16_units(text[: each.start()]), at + utf16_units(text[: each.end()]), each[1])
            for each in PLACEHOLDER.finditer(text)
        ]
        block = block.next()
    return found


def chips(document: QTextDocument) -> Iterator[tuple[int, int, str]]:
    """Yield the chips: start, end, and field."""
    cursor = QTextCursor(document)
    *pieces, _ = document.toRawText().split(OBJECT)
    at = 0
    for piece in pieces:
        at += utf16_units(piece) + 1
        cursor.setPosition(at)
        name = cursor.charFormat().property(NAME)
        if name:
            yield at - 1, at, str(name)


class FieldText(QTextEdit):
    """An editor of plain text in which fields are chips.

    A chip is one character: it can be deleted, selected, copied and undone. A ``{{ name }}``
    becomes a chip, also one with a slip; while it is typed it looks like one. Other template
    expressions stay text. ``edited`` is emitted when the person changes the text; ``field_made``
    carries the name of a new field that the person typed; ``refused`` says why a text was not
    pasted.
    """

    edited = Signal()
    field_made = Signal(str)
    refused = Signal(str)

    def __init__(self, name: str, fields: FieldNames, lines: int = 0) -> None:
        """``lines`` is 1 for a single line, such as the subject; 0 fills the available height."""
        super().__init__()
        self._fields = fields
        self._one_line = lines == 1
        self._quiet = False
        self._told = ""
        self._chips = FieldChips(fields)
        self.setAccessibleName(name)
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        if self._one_line:
            self.setLineWrapMode(QTextEdit.LineWrapMode.NoWrap)
            self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.document().documentLayout().registerHandler(CHIP, self._chips)
        self.textChanged.connect(self._on_text_changed)
        self.cursorPositionChanged.connect(self._show_typed)
        if self._one_line:
            sized(self, height=36)
        follow(self, "text", FieldText.dress)

    def source(self) -> str:
        """Return the text with its fields as ``{{ name }}``."""
        return source_between(self.document(), 0, self.document().characterCount() - 1)

    def set_source(self, source: str) -> None:
        """Set the text without emitting ``edited``; this cannot be undone."""
        self._quiet = True
        self.document().clear()
        self._insert(QTextCursor(self.document()), source)
        self.document().clearUndoRedoStacks()
        self._quiet = False
        self._told = self.source()
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def insert_field(self, name: str) -> None:
        """Insert a field at the cursor, or replace the selection with it."""
        cursor = self.textCursor()
        cursor.beginEditBlock()
        self._insert_chip(cursor, name)
        cursor.endEditBlock()
        self.setTextCursor(cursor)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def begin_field(self) -> None:
        """Insert a new field at the cursor, with its name selected to be typed."""
        cursor, name = self.textCursor(), self.tr("New field")
        self._quiet = True  # the braces are closed, but the name is not typed yet
        cursor.insertText("{{ " + name + " }}", QTextCharFormat())
        end = cursor.position() - 3
        cursor.setPosition(end - utf16_units(name))
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        self._quiet = False
        self._on_text_changed()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def replace_field(self, wrong: str, right: str) -> None:
        """Replace every expression or chip of the field ``wrong`` with ``right``."""
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        for start, end in reversed(self._places_of(wrong)):
            cursor.setPosition(start)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            self._insert_chip(cursor, right)
        cursor.endEditBlock()

    def select_field(self, name: str) -> bool:
        """Select the first occurrence of a field; tell whether there is one."""
        for start, end in self._places_of(name)[:1]:
            cursor = self.textCursor()
            cursor.setPosition(start)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            self.setTextCursor(cursor)
            self.ensureCursorVisible()
            return True
        return False

    def mark_unknown(self, names: Collection[str]) -> None:
        """Mark the chips with these unknown names."""
        self._chips.unknown = frozenset(map(field_key, names))
        self.viewport().update()

    def refresh(self) -> None:
        """Turn names between braces into chips, and lay out the text again with today's labels.

        The expression at the cursor stays text while it is being typed.
        """
        cursor, typed = QTextCursor(self.document()), self.being_typed()
        self._quiet = True
        for start, end, name in reversed(placeholders(self.document())):
            found = self._fields.named(name)
            if found is not None and name != typed:
                cursor.setPosition(start)
                cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
                self._insert_chip(cursor, found)
        self._quiet = False
        self._told = self.source()
        self.document().markContentsDirty(0, self.document().characterCount())

    def dress(self, theme: Theme) -> None:
        """Lay the text out again in the sizes and colours of a theme."""
        self.document().setDocumentMargin(theme.px(6))
        self.document().markContentsDirty(0, self.document().characterCount())
        self._show_typed()

    def sizeHint(self) -> QSize:
        """Ask for a few lines."""
        px = LOOK.theme.px
        return QSize(px(240), px(36 if self._one_line else 120))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter end a field's name; leave another one in a single line to the sheet."""
        is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if is_enter and self.being_typed() is not None:
            cursor = self.document().find("}}", self.textCursor())
            cursor.clearSelection()
            self.setTextCursor(cursor)
            self._on_text_changed()
        elif self._one_line and is_enter:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text, and selected chips again on top."""
        self._chips.drawn.clear()
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.translate(-self.horizontalScrollBar().value(), -self.verticalScrollBar().value())
        self._chips.paint_selected(painter, self.textCursor())
        painter.end()

    def createMimeDataFromSelection(self) -> QMimeData:  # noqa: N802
        """Copy the source, which can be pasted here and elsewhere."""
        cursor = self.textCursor()
        data = QMimeData()
        data.setText(
            source_between(self.document(), cursor.selectionStart(), cursor.selectionEnd())
        )
        return data

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802
        """Paste plain text; fields in it become chips."""
        if problem := paste_problem(source.text()):
            self.refused.emit(problem)
            return
        text = source.text().replace("\r\n", "\n").replace("\r", "\n")
        if self._one_line:
            text = " ".join(text.split("\n"))
        cursor = self.textCursor()
        cursor.beginEditBlock()
        self._insert(cursor, text)
        cursor.endEditBlock()
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def being_typed(self) -> str | None:
        """Return the name between the braces around the cursor, if the editor has the focus."""
        place = self._typed_place()
        return None if place is None else place[2]

    def _typed_place(self) -> tuple[int, int, str] | None:
        """Return the expression around the cursor, if the editor has the focus."""
        at = self.textCursor().position()
        there = placeholders(self.document()) if self.hasFocus() else []
        return next((each for each in there if each[0] < at < each[1]), None)

    def _insert(self, cursor: QTextCursor, source: str) -> None:
        """Insert a source at a cursor, with its fields as chips."""
        cursor.removeSelectedText()
        done = 0
        for found in PLACEHOLDER.finditer(source):
            name = self._fields.named(found[1])
            if name is not None:
                cursor.insertText(source[done : found.start()], QTextCharFormat())
                self._insert_chip(cursor, name)
                done = found.end()
        cursor.insertText(source[done:], QTextCharFormat())

    def _insert_chip(self, cursor: QTextCursor, name: str) -> None:
        chip = QTextCharFormat()
        chip.setObjectType(CHIP)
        chip.setProperty(NAME, name)
        chip.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignBottom)
        cursor.insertText(OBJECT, chip)
        cursor.setCharFormat(QTextCharFormat())

    def _places_of(self, field: str) -> list[tuple[int, int]]:
        """Return start and end of each expression or chip of a field."""
        found = sorted([*placeholders(self.document()), *chips(self.document())])
        return [(start, end) for start, end, name in found if field_key(name) == field_key(field)]

    def _on_text_changed(self) -> None:
        if self._quiet:
            return
        self._quiet = True
        self._make_chip_of_closed_expression()
        self._quiet = False
        self._show_typed()
        before, self._told = self._told, self.source()
        if self._told != before:  # Qt also emits textChanged for a new margin or font
            self.edited.emit()

    def _make_chip_of_closed_expression(self) -> None:
        cursor = self.textCursor()
        before = utf16_cut(cursor.block().text(), 0, cursor.positionInBlock())
        closed = _JUST_CLOSED.search(before)
        if closed is None or self.document().isRedoAvailable():  # undone, not typed
            return
        name = self._fields.named(closed[1])
        if name is None:
            return
        if self._fields.is_new(name):
            self.field_made.emit(name)
        cursor.joinPreviousEditBlock()
        cursor.setPosition(
            cursor.block().position() + utf16_units(before[: closed.start()]),
            QTextCursor.MoveMode.KeepAnchor,
        )
        self._insert_chip(cursor, name)
        cursor.endEditBlock()
        self.setTextCursor(cursor)

    def _show_typed(self) -> None:
        """Let a name that is being typed between braces look like a chip."""
        place = self._typed_place()
        self.setExtraSelections([] if place is None else _as_chip(self.document(), *place[:2]))


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
