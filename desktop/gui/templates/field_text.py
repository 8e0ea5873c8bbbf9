"""The editor of a template's text, in which fields are chips."""

from __future__ import annotations

import re
from math import ceil
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFont,
    QHelpEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextFormat,
    QTextListFormat,
)
from PySide6.QtWidgets import QTextEdit, QToolTip

from desktop.contract.rules.templates import field_key
from desktop.gui.kit.look.appearance import bind_theme, px, sized
from desktop.gui.kit.widgets.buttons import ENTER
from desktop.gui.kit.widgets.editors import Leaving
from desktop.gui.kit.widgets.texts import paste_problem, tip, utf16_cut, utf16_units
from desktop.gui.templates.field_chips import (
    CHIP,
    NAME,
    OBJECT,
    PLACEHOLDER,
    FieldChips,
    FieldNames,
    LetterLook,
    chips,
    fragments,
    lines_in,
    pasted_lines,
    placeholders,
)
from desktop.gui.templates.field_offer import NEW, FieldOffer
from desktop.gui.templates.letter_lines import LetterLine, TextRun, lines_of, markdown_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from desktop.gui.kit.look.theme import Theme

LEAST: Final = 160
"""Height of a text at least, in units of the grid."""
LETTER: Final = "application/x-sendoff-letter"
"""The type of a letter's source on the clipboard."""
_BRACE: Final = re.compile(r"(?<!\{)\{\{?\Z")
"""A brace that was just typed."""
_ASKED: Final = re.compile(r"\{{0,2} ?(\w[^{}\n]{0,40})?")
_JUST_CLOSED: Final = re.compile(r"\{\{([^{}\n]*)\}\}$")


class FieldText(Leaving, QTextEdit):
    """An editor in which fields are chips: of plain text, or of a letter.

    A letter has headings, bold, lists and links, and its source is Markdown. A chip is one
    character: it can be deleted, selected, copied and undone. A ``{{ name }}`` becomes a chip, also
    one with a slip. Other template expressions stay text. ``edited`` is emitted when the person
    changes the text; ``field_made`` carries the name of a new field that the person typed;
    ``refused`` says why a text was not pasted.
    """

    edited = Signal()
    field_made = Signal(str)
    refused = Signal(str)

    def __init__(self, name: str, fields: FieldNames, lines: int = 0) -> None:
        """``lines`` is 1 for a single line, such as the subject; 0 is as high as the text."""
        super().__init__()
        self._fields = fields
        self._one_line = lines == 1
        self.is_letter = False
        self._quiet = False
        self._told = ""
        self._chips = FieldChips(fields)
        self._offered_from = -1  # the place of the brace that offers fields
        self.offer = FieldOffer(fields, self)
        self.offer.chosen.connect(self._on_offer_chosen)
        self.setAccessibleName(name)
        if not self._one_line:
            self.setPlaceholderText(self.tr("Write the first line. { inserts a field."))
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        if self._one_line:
            self.setLineWrapMode(QTextEdit.LineWrapMode.NoWrap)
        self.document().documentLayout().registerHandler(CHIP, self._chips)
        self._look = None if self._one_line else LetterLook(self.document())
        self.textChanged.connect(self._on_text_changed)
        self.cursorPositionChanged.connect(lambda: self._follow_offer(typed=False))
        if self._one_line:
            sized(self, height=36)
        else:
            layout = self.document().documentLayout()
            layout.documentSizeChanged.connect(lambda size: self._fit(size.height()))
        bind_theme(self, "text", FieldText.apply_theme)

    def source(self) -> str:
        """Return the text with its fields as ``{{ name }}``, in Markdown if it is a letter."""
        return self._written(lines_in(self.document()))

    def set_source(self, source: str, *, is_letter: bool | None = None) -> None:
        """Set the text without emitting ``edited``; this cannot be undone."""
        self.is_letter = self.is_letter if is_letter is None else is_letter
        self._quiet = True
        self.document().clear()
        self._shape(QTextCursor(self.document()), LetterLine())
        self._insert(QTextCursor(self.document()), self._read(source))
        self.document().clearUndoRedoStacks()
        self._quiet = False
        self._told = self.source()
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def insert_field(self, name: str) -> None:
        """Insert a field at the cursor, or replace the selection with it."""
        cursor = self.textCursor()
        cursor.beginEditBlock()
        self._insert_chip(cursor, name, _typing_format(cursor))
        cursor.endEditBlock()
        self.setTextCursor(cursor)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def offer_fields(self) -> None:
        """Offer the fields at the cursor."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._offered_from = self.textCursor().position()
        self.offer.show_for("", self.cursorRect())

    def begin_field(self) -> None:
        """Insert a new field at the cursor, with its name selected to be typed."""
        cursor, name = self.textCursor(), self.tr("New field")
        self._quiet = True  # the braces are closed, but the name is not typed yet
        cursor.insertText("{{ " + name + " }}", _typing_format(cursor))
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
            self._insert_chip(cursor, right, _typing_format(cursor))
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
                self._insert_chip(cursor, found, _typing_format(cursor))
        self._quiet = False
        self._told = self.source()
        self.document().markContentsDirty(0, self.document().characterCount())

    def apply_theme(self, theme: Theme) -> None:
        """Lay the text out again in the sizes and colours of a theme."""
        self.document().setDocumentMargin(theme.px(6))
        self.document().setIndentWidth(theme.px(20))
        self.document().markContentsDirty(0, self.document().characterCount())
        if self._look is not None:
            self._look.rehighlight()

    def _fit(self, height: float) -> None:
        """Be as high as the text: what is around it scrolls."""
        self.setFixedHeight(max(px(LEAST), ceil(height) + 2 * self.frameWidth()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter end a field's name; leave it in a single line."""
        is_enter = event.key() in ENTER
        if self.offer.isVisible() and self._answers_offer(event.key(), is_enter=is_enter):
            return
        if is_enter and self.being_typed() is not None:
            cursor = self.document().find("}}", self.textCursor())
            cursor.clearSelection()
            self.setTextCursor(cursor)
            self._on_text_changed()
        elif self._one_line and is_enter:
            event.ignore()
        elif not self._moves_kind(event, is_enter=is_enter):
            self._end_link()
            super().keyPressEvent(event)

    def _answers_offer(self, key: int, *, is_enter: bool) -> bool:
        """Take a key for the offered fields; tell whether it was one."""
        if key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self.offer.move_by(1 if key == Qt.Key.Key_Down else -1)
        elif is_enter:
            self.offer.choose()
        elif key == Qt.Key.Key_Escape:
            self._end_offer()
        else:
            return False
        return True

    def _end_offer(self) -> None:
        self._offered_from = -1
        self.offer.hide()

    def _follow_offer(self, *, typed: bool) -> None:
        """Offer the fields that what is typed behind a brace may mean."""
        cursor = self.textCursor()
        start, end = cursor.block().position(), cursor.position()
        before = utf16_cut(cursor.block().text(), 0, end - start)
        if typed and self.hasFocus() and _BRACE.search(before) and self.being_typed() is None:
            self._offered_from = end - 1
        if self._offered_from < 0:
            return
        asked = utf16_cut(before, self._offered_from - start, end - start)
        if (
            self._offered_from < start
            or end < self._offered_from
            or _ASKED.fullmatch(asked) is None
        ):
            self._end_offer()
            return
        self.offer.show_for(asked.lstrip("{ "), self.cursorRect())

    def _on_offer_chosen(self, name: str) -> None:
        """Put a field in the place of the brace and what was typed behind it."""
        cursor = self.textCursor()
        start, end = self._offered_from, cursor.position()
        self._end_offer()
        while start and self.document().characterAt(start - 1) == "{":
            start -= 1
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        if name == NEW:
            self.begin_field()
        else:
            self._fields.add_new(name)
            self.insert_field(name)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Offer nothing any more."""
        super().focusOutEvent(event)
        self._end_offer()

    def event(self, event: QEvent) -> bool:
        """Keep Escape from the window while fields are offered, and name the field of a chip."""
        is_override = event.type() == QEvent.Type.ShortcutOverride and self.offer.isVisible()
        if is_override and cast("QKeyEvent", event).key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            at = self.viewport().mapFrom(self, event.pos())
            at.setX(at.x() + self.horizontalScrollBar().value())
            name = self.document().documentLayout().formatAt(at.toPointF()).property(NAME)
            QToolTip.showText(
                event.globalPos(), tip(self._fields.label(str(name))) if name else "", self
            )
            return True
        return super().event(event)

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802
        """Let Tab take an offered field."""
        if forward and self.offer.isVisible():
            self.offer.choose()
            return True
        return super().focusNextPrevChild(forward)

    def _moves_kind(self, event: QKeyEvent, *, is_enter: bool) -> bool:
        """Let Enter before a heading move it, and Backspace make text of it, or of an item.

        Tells whether it was one of them. Qt itself ends a heading or a list on Enter.
        """
        cursor = self.textCursor()
        line = lines_in(self.document(), cursor.position(), cursor.position())[0]
        if cursor.hasSelection() or not cursor.atBlockStart() or not (line.depth or line.heading):
            return False
        if event.key() == Qt.Key.Key_Backspace:
            self._shape(cursor, LetterLine(depth=max(0, line.depth - 1)))
        elif is_enter and line.heading and not cursor.atBlockEnd():
            cursor.beginEditBlock()
            cursor.insertBlock()
            self._shape(QTextCursor(cursor.block().previous()), LetterLine())
            cursor.endEditBlock()
        else:
            return False
        self.setTextCursor(cursor)
        return True

    def _end_link(self) -> None:
        """Let what is typed behind a link be no part of it."""
        cursor = self.textCursor()
        after = QTextCursor(cursor)
        after.movePosition(QTextCursor.MoveOperation.NextCharacter)
        link = cursor.charFormat().anchorHref()
        if link and (cursor.atBlockEnd() or after.charFormat().anchorHref() != link):
            style = _typing_format(cursor)
            for key in (QTextFormat.Property.IsAnchor, QTextFormat.Property.AnchorHref):
                style.clearProperty(key)
            self.setCurrentCharFormat(style)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the text, and selected chips again on top."""
        self._chips.drawn.clear()
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.translate(-self.horizontalScrollBar().value(), -self.verticalScrollBar().value())
        self._chips.paint_selected(painter, self.textCursor())
        painter.end()

    def createMimeDataFromSelection(self) -> QMimeData:  # noqa: N802
        """Copy the text with its fields, and a letter's source for letters."""
        cursor = self.textCursor()
        lines = lines_in(self.document(), cursor.selectionStart(), cursor.selectionEnd())
        data = QMimeData()
        data.setText("\n".join(line.text for line in lines))
        if self.is_letter:
            data.setData(LETTER, markdown_of(lines).encode())
        return data

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802
        """Paste text, with what a letter knows; fields in it become chips."""
        if problem := paste_problem(source.text()):
            self.refused.emit(problem)
            return
        text = source.text().replace("\r\n", "\n").replace("\r", "\n")
        if self._one_line:
            text = " ".join(text.split("\n"))
        lines = [LetterLine((TextRun(row),)) for row in text.split("\n")]
        if self.is_letter and source.hasFormat(LETTER):
            lines = lines_of(bytes(source.data(LETTER).data()).decode())
        elif self.is_letter and source.hasHtml():
            lines = pasted_lines(source.html()) or lines
        cursor = self.textCursor()
        cursor.beginEditBlock()
        self._insert(cursor, lines)
        cursor.endEditBlock()
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def canInsertFromMimeData(self, source: QMimeData) -> bool:  # noqa: N802
        """Take text only, no pictures."""
        return source.hasText() or source.hasFormat(LETTER)

    def toggle_bold(self) -> None:
        """Make the selected text bold, or what is typed next; or plain, if it is bold."""
        bold, plain = QFont.Weight.Bold, QFont.Weight.Normal
        style = QTextCharFormat()
        style.setFontWeight(plain if self.currentCharFormat().fontWeight() >= bold else bold)
        self.mergeCurrentCharFormat(style)

    def toggle_heading(self) -> None:
        """Make headings of the selected lines, or plain text, if the first is a heading."""
        self._shape_selected(LetterLine(heading=1), lambda line: line.heading)

    def toggle_list(self) -> None:
        """Make items of the selected lines, or plain text, if the first is an item."""
        self._shape_selected(LetterLine(depth=1), lambda line: line.depth)

    def link(self) -> str:
        """Select the link at the cursor, if nothing is selected; return where it leads."""
        cursor = self.textCursor()
        target, place = cursor.charFormat().anchorHref(), cursor.position()
        if target and not cursor.hasSelection():
            start = end = -1
            for piece in fragments(cursor.block()):
                if piece.charFormat().anchorHref() == target and end < place:
                    start = start if piece.position() == end else piece.position()
                    end = piece.position() + piece.length()
            cursor.setPosition(start)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            self.setTextCursor(cursor)
        return target

    def set_link(self, target: str) -> None:
        """Let the selected text lead to a target, which is its text if none is selected."""
        cursor, style = self.textCursor(), QTextCharFormat()
        style.setAnchor(bool(target))
        style.setAnchorHref(target)
        if cursor.hasSelection():
            cursor.mergeCharFormat(style)
        elif target:
            cursor.insertText(target.removeprefix("mailto:"), style)
        self.setTextCursor(cursor)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def being_typed(self) -> str | None:
        """Return the name between the braces around the cursor, if the editor has the focus."""
        at = self.textCursor().position()
        there = placeholders(self.document()) if self.hasFocus() else []
        return next((name for start, end, name in there if start < at < end), None)

    def _read(self, source: str) -> list[LetterLine]:
        plain = source.split("\n")
        return (
            lines_of(source) if self.is_letter else [LetterLine((TextRun(row),)) for row in plain]
        )

    def _written(self, lines: Sequence[LetterLine]) -> str:
        return markdown_of(lines) if self.is_letter else "\n".join(line.text for line in lines)

    def _insert(self, cursor: QTextCursor, lines: Sequence[LetterLine]) -> None:
        """Insert lines at a cursor, with their fields as chips."""
        cursor.removeSelectedText()
        for number, line in enumerate(lines):
            if number:
                cursor.insertBlock(QTextBlockFormat(), QTextCharFormat())
            if (line.heading or line.depth) and cursor.block().length() == 1:
                self._shape(cursor, line)
            for run in line.runs:
                self._insert_run(cursor, run)

    def _insert_run(self, cursor: QTextCursor, run: TextRun) -> None:
        style, done = QTextCharFormat(), 0
        if run.is_bold:
            style.setFontWeight(QFont.Weight.Bold)
        if run.link:
            style.setAnchor(True)
            style.setAnchorHref(run.link)
        for found in PLACEHOLDER.finditer(run.text):
            if self._fields.named(found[1]) is not None:
                cursor.insertText(run.text[done : found.start()].replace("\n", "\u2028"), style)
                self._insert_chip(cursor, found[1].strip(), style)  # Title may be a column
                done = found.end()
        cursor.insertText(run.text[done:].replace("\n", "\u2028"), style)

    def _insert_chip(self, cursor: QTextCursor, name: str, style: QTextCharFormat) -> None:
        chip = QTextCharFormat(style)
        chip.setObjectType(CHIP)
        chip.setProperty(NAME, name)
        chip.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignBottom)
        cursor.insertText(OBJECT, chip)
        cursor.setCharFormat(style)

    def _shape(self, cursor: QTextCursor, line: LetterLine) -> None:
        """Make the line at a cursor a heading, an item or plain text, as ``line`` is."""
        items, shape = cursor.currentList(), QTextBlockFormat()
        if items is not None:
            items.remove(cursor.block())
        shape.setHeadingLevel(line.heading)
        cursor.setBlockFormat(shape)
        if line.depth:
            items_shape = QTextListFormat()
            items_shape.setStyle(QTextListFormat.Style.ListDisc)
            items_shape.setIndent(line.depth)
            cursor.createList(items_shape)

    def _shape_selected(self, wanted: LetterLine, level: Callable[[LetterLine], int]) -> None:
        whole = self.textCursor()
        first, last = whole.selectionStart(), whole.selectionEnd()
        shape = LetterLine() if level(lines_in(self.document(), first, last)[0]) else wanted
        whole.beginEditBlock()
        block = self.document().findBlock(first)
        while block.isValid() and block.position() <= last:
            self._shape(QTextCursor(block), shape)
            block = block.next()
        whole.endEditBlock()

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
        self._follow_offer(typed=True)
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
        self._insert_chip(cursor, name, _typing_format(cursor))
        cursor.endEditBlock()
        self.setTextCursor(cursor)


def _typing_format(cursor: QTextCursor) -> QTextCharFormat:
    """Return the format of what is typed at a cursor, which is no chip."""
    style = cursor.charFormat()
    for key in (
        QTextFormat.Property.ObjectType,
        NAME,
        QTextFormat.Property.TextVerticalAlignment,
    ):
        style.clearProperty(key)
    return style
