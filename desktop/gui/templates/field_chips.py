"""The fields of a template as chips, and the lines of a document that has them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QRect, QRectF, QSizeF, Qt, QUrl
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QPainter,
    QPyTextObject,
    QSyntaxHighlighter,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFragment,
)

from desktop.contract.rules.letters import JINJA
from desktop.contract.rules.links import link_to
from desktop.contract.rules.templates import (
    ALL_FIELDS,
    STANDARD,
    field_key,
    is_field_name,
    nearest,
)
from desktop.gui.kit.look.appearance import LOOK
from desktop.gui.kit.widgets.texts import utf16_cut, utf16_units
from desktop.gui.templates.letter_lines import LetterLine, TextRun, merged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


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
_BULLET: Final = re.compile(r"[·•▪◦\uf0b7\uf0a7][\s\u00a0]+")
"""The beginning of an item that Word writes as a paragraph."""
MOST: Final = 40
"""Characters of a value that a chip shows."""
APART: Final = 6
"""Pixels between two paragraphs from which they are copied with an empty line between."""


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
        self.values: dict[str, str] = {}
        """The texts of the fields in the message shown, by key."""
        self.shows_values = True
        """Whether chips show these texts, and not the names of the fields."""
        self._new: list[str] = []

    def set_own(self, names: Iterable[str]) -> None:
        """Set the person's own fields; standard names are left out."""
        standard = set(map(field_key, self._standard))
        self.own = [name for name in dict.fromkeys(names) if field_key(name) not in standard]

    def set_new(self, names: Iterable[str]) -> None:
        """Set the fields of the current template."""
        self._new = list(names)

    def show_values(self, values: Mapping[str, str], *, in_chips: bool) -> bool:
        """Set the texts of the fields in the message shown; tell whether chips change."""
        before = self.values, self.shows_values
        self.values = {field_key(name): text for name, text in values.items()}
        self.shows_values = in_chips
        return before != (self.values, self.shows_values)

    def are_all_in(self, text: str) -> bool:
        """Tell whether a template's text has fields, and nothing else that Jinja reads."""
        return not JINJA.search(PLACEHOLDER.sub(self._without, text))

    def _without(self, found: re.Match[str]) -> str:
        return found[0] if self.named(found[1]) is None else ""

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

    def shown(self, name: str) -> str:
        """Return what a chip says: the value of the person shown, or else the field's label."""
        asked = _WITH_WORDS.fullmatch(name)
        key = field_key(asked["field"] if asked else name)
        if not self.shows_values or key not in self.values or key == field_key(ALL_FIELDS):
            return self.label(name)
        value = " ".join(self.values[key].split()) or (asked["words"] if asked else "")
        return f"{value[: MOST - 1]}…" if len(value) > MOST else value or self.label(name)


class FieldChips(QPyTextObject):
    """Measures and paints the chips of one editor."""

    def __init__(self, fields: FieldNames) -> None:
        super().__init__()
        self._fields = fields
        self.unknown: frozenset[str] = frozenset()
        """Keys of fields that are probably slips."""
        self.drawn: dict[int, tuple[QRectF, QFont, str]] = {}
        """Rectangle, font and name of each chip painted since this was cleared, by position."""

    def intrinsicSize(self, doc: QTextDocument, _position: int, style: QTextFormat) -> QSizeF:  # noqa: N802
        """Return the size of a chip in the document's font."""
        metrics = QFontMetricsF(_font(doc, style))
        label = self._fields.shown(str(style.property(NAME)))
        width = metrics.horizontalAdvance(label) + 2 * LOOK.theme.px(8)
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
        self.drawn[position] = place = QRectF(rect), _font(doc, style), name
        self._paint(painter, *place)

    def paint_selected(self, painter: QPainter, selection: QTextCursor) -> None:
        """Paint selected chips again: Qt has painted the selection colour over them."""
        for position, place in self.drawn.items():
            if selection.selectionStart() <= position < selection.selectionEnd():
                self._paint(painter, *place, is_selected=True)

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
        is_hollow = field_key(name) == "note" and not is_selected
        if is_hollow:  # its line goes when it is empty
            painter.setPen(theme.strong("line"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(ground, ground.height() / 2, ground.height() / 2)
        painter.setFont(font)
        ink = "failed" if is_slip else "soft text" if is_hollow else "accent"
        painter.setPen(theme.ink(ink))
        painter.drawText(ground, Qt.AlignmentFlag.AlignCenter, self._fields.shown(name))
        painter.restore()


def _font(document: QTextDocument, style: QTextFormat) -> QFont:
    """Return the font of a chip: the document's, bold in bold text."""
    font = QFont(document.defaultFont())
    if style.toCharFormat().fontWeight() >= QFont.Weight.Bold:
        font.setWeight(QFont.Weight.DemiBold)
    return font


def fragments(block: QTextBlock) -> Iterator[QTextFragment]:
    """Yield the parts of a line, each of one format."""
    part = block.begin()
    while not part.atEnd():
        yield part.fragment()
        part += 1


def lines_in(document: QTextDocument, start: int = 0, end: int | None = None) -> list[LetterLine]:
    """Return the lines of a range, with fields as ``{{ name }}``."""
    end = document.characterCount() - 1 if end is None else end
    lines = []
    block = document.findBlock(start)
    while block.isValid() and block.position() <= end:
        lines.append(_line(block, start, end))
        block = block.next()
    return lines


def _line(block: QTextBlock, start: int, end: int) -> LetterLine:
    items, runs = block.textList(), []
    for piece in fragments(block):
        first, last = (max(0, each - piece.position()) for each in (start, end))
        text, style = utf16_cut(piece.text(), first, last), piece.charFormat()
        if name := style.property(NAME):
            text = text.replace(OBJECT, "{{ " + str(name) + " }}")
        is_bold = style.fontWeight() >= QFont.Weight.Bold
        text = text.replace("\u2028", "\n").replace(OBJECT, "")
        runs.append(TextRun(text, is_bold, style.anchorHref()))
    depth = items.format().indent() if items is not None else 0
    return LetterLine(merged(runs), block.blockFormat().headingLevel(), depth)


class _Pasted(QTextDocument):
    """A document that loads nothing that it names."""

    def loadResource(self, _kind: int, _name: QUrl | str) -> object:  # noqa: N802
        """Load nothing."""
        return None


def pasted_lines(html: str) -> list[LetterLine]:
    """Return what a letter knows of a page's or Word's HTML."""
    document, lines = _Pasted(), list[LetterLine]()
    document.setHtml(html)
    block, below = document.firstBlock(), 0.0
    while block.isValid():
        line, shape = _line(block, 0, document.characterCount()), block.blockFormat()
        bullet = _BULLET.match(line.text)
        left = len(bullet[0]) if bullet else 0
        runs = []
        for run in line.runs:
            link = link_to(run.link) if ":" in run.link else ""
            runs.append(TextRun(run.text[left:], run.is_bold and not line.heading, link or ""))
            left = max(0, left - len(run.text))
        line = LetterLine(merged(runs), line.heading, line.depth or (1 if bullet else 0))
        is_apart = max(below, shape.topMargin()) >= APART and not line.depth
        if is_apart and lines and lines[-1].text and not (lines[-1].depth or lines[-1].heading):
            lines.append(LetterLine())
        lines.append(line)
        block, below = block.next(), shape.bottomMargin()
    return lines


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


class LetterLook(QSyntaxHighlighter):
    """Gives headings and links of a letter their look; the document only says what they are."""

    def highlightBlock(self, _text: str) -> None:  # noqa: N802
        """Dress a line."""
        block, theme = self.currentBlock(), LOOK.theme
        if level := block.blockFormat().headingLevel():
            title = QTextCharFormat()
            title.setProperty(
                QTextFormat.Property.FontPixelSize, theme.px(18 if level == 1 else 15)
            )
            title.setFontWeight(QFont.Weight.DemiBold)
            self.setFormat(0, block.length(), title)
        for piece in fragments(block):
            if piece.charFormat().anchorHref():
                link = QTextCharFormat()
                link.setForeground(theme.ink("accent"))
                link.setFontUnderline(True)
                self.setFormat(piece.position() - block.position(), piece.length(), link)
