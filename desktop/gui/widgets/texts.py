"""Texts to read: one line cut where there is no room, a pane of monospaced text, a tip."""

from __future__ import annotations

import re
from html import escape
from itertools import takewhile
from typing import TYPE_CHECKING, Final
from unicodedata import bidirectional

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFontDatabase,
    QPainter,
    QPalette,
    QTextDocument,
    QTextLayout,
)
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QSizePolicy

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QPaintEvent, QResizeEvent
    from PySide6.QtWidgets import QWidget

    from desktop.gui.look.theme import Theme


MARGIN: Final = 2
"""Pixels around a text; fonts draw dots above capitals higher than they say."""
_TO_THE_LEFT = {"R", "AL"}
"""Directions of letters, Hebrew and Arabic ones."""
_FROM_THE_LEFT = "\u200e"
"""Has a line begin at the left, as those below it do, also where such a name comes first."""
_BREAKS = re.compile(r"([.@_+-]|\w{20})(?=\w)")


def typed_to(before: str, after: str) -> int:
    """Return the position in a document, or a line, where what was typed into a text ends."""
    begin = _alike(before, after)
    end = len(after) - _alike(reversed(before[begin:]), reversed(after[begin:]))
    return utf16_units(after[:end])


def _alike(one: Iterable[str], other: Iterable[str]) -> int:
    """Return how many letters two texts have in common from their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def utf16_units(text: str) -> int:
    """Return how many positions of a document a text takes: an emoji takes two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf16_cut(text: str, first: int, last: int) -> str:
    """Return a text between two positions of a document."""
    cut = text.encode("utf-16-le", "surrogatepass")[2 * first : 2 * last]
    return cut.decode("utf-16-le", "surrogatepass")


class AccentLabel(QLabel):
    """Text that changes; Qt erases and paints it without what accents draw above its lines."""

    def setText(self, text: str) -> None:  # noqa: N802
        """Show a text, all of it, and nothing of the one before."""
        super().setText(text)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint accents above a first line too where Qt cuts them: of marked or selectable text."""
        super().paintEvent(event)
        document, within = self.findChild(QTextDocument), self.contentsRect()
        if document is None:
            return
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Text, palette.color(self.foregroundRole()))
        context = QAbstractTextDocumentLayout.PaintContext()
        context.palette = palette
        painter = QPainter(self)
        is_centred = bool(self.alignment() & Qt.AlignmentFlag.AlignVCenter)
        room = max(0.0, within.height() - document.size().height()) if is_centred else 0.0
        painter.translate(within.left(), within.top() + room / 2)
        painter.setClipRect(0, -within.top(), within.width(), within.top())
        document.documentLayout().draw(painter, context)
        painter.end()


class ElidedLabel(AccentLabel):
    """Plain text, cut where ``mode`` says; screen readers get the whole of it."""

    def __init__(self, mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> None:
        super().__init__()
        self._mode = mode
        self.setTextFormat(Qt.TextFormat.PlainText)

    def minimumSizeHint(self) -> QSize:
        """Ask for little: the rest is cut."""
        whole = super().minimumSizeHint()
        return whole.boundedTo(QSize(self.fontMetrics().averageCharWidth() * 8, whole.height()))

    def cut_to(self, room: int) -> str:
        """Return what is shown in so many logical pixels."""
        return self.fontMetrics().elidedText(self.text(), self._mode, room)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint as much as there is room for."""
        painter = QPainter(self)
        shown = self.cut_to(self.contentsRect().width())
        self.setToolTip("" if shown == self.text() else tip(self.text()))
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.contentsRect(), self.alignment(), shown)
        painter.end()


class BriefLabel(AccentLabel):
    """Plain text in as many lines as it needs, or cut after two; screen readers get the whole."""

    LINES: Final = 2

    def __init__(self) -> None:
        super().__init__(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self._is_brief = False

    def set_brief(self, brief: bool) -> None:
        """Be cut, or be shown whole."""
        self._is_brief = brief
        self.setToolTip(tip(self.text()) if brief else "")
        self.updateGeometry()
        self.update()

    def is_cut(self, width: int) -> bool:
        """Tell whether the text has more lines than that in a width."""
        line = self.fontMetrics().lineSpacing()  # one of another font may be a little higher
        return self.heightForWidth(width) > line * (self.LINES + 0.5)

    def minimumSizeHint(self) -> QSize:
        """Ask for little where the rest is cut."""
        return QSize(0, 0) if self._is_brief else super().minimumSizeHint()

    def sizeHint(self) -> QSize:
        """Ask for the lines there are at most."""
        whole = super().sizeHint()
        return QSize(whole.width(), 0) if self._is_brief else whole

    def hasHeightForWidth(self) -> bool:
        """Be higher where it is narrower, unless it is cut."""
        return not self._is_brief

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint as many lines as there may be."""
        room = self.contentsRect()
        if not (self._is_brief and self.is_cut(room.width())):
            super().paintEvent(event)
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        metrics, text = self.fontMetrics(), self.text()
        top = room.top() + max(0, room.height() - metrics.lineSpacing() * self.LINES) // 2
        layout = QTextLayout(text, self.font())
        layout.beginLayout()
        for number in range(self.LINES):
            line = layout.createLine()
            line.setLineWidth(room.width())
            begin, end = line.textStart(), line.textStart() + line.textLength()
            shown = utf16_cut(text, begin, end)
            if number == self.LINES - 1:
                rest = utf16_cut(text, begin, utf16_units(text))
                shown = metrics.elidedText(rest, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(room.left(), top + metrics.ascent(), shown)
            top += metrics.lineSpacing()
        layout.endLayout()
        painter.end()


class WholeLabel(AccentLabel):
    """Plain text that is never cut: an address breaks at a dot or its @ where it must."""

    def __init__(self) -> None:
        super().__init__(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        give_way(self)  # its longest word may break
        self._whole = ""

    def setText(self, text: str) -> None:  # noqa: N802
        """Show a text."""
        self._whole = text
        self.setAccessibleName(text)
        self._break()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Be as high as all lines are at this width."""
        super().resizeEvent(event)
        self._break()

    def take_width(self, width: int) -> None:
        """Be this wide, and as high as all lines are then."""
        self.setFixedWidth(width)
        self._break()

    def _break(self) -> None:
        """Let words break inside only where one of them is longer than a line."""
        widest = max(map(self.fontMetrics().horizontalAdvance, self._whole.split()), default=0)
        breaks = widest > self.width()
        shown = _BREAKS.sub("\\1\u200b", self._whole) if breaks else self._whole
        if any(bidirectional(each) in _TO_THE_LEFT for each in shown):
            shown = _FROM_THE_LEFT + shown
        if shown != super().text():
            super().setText(shown)
        self._take_height()

    def sizeHint(self) -> QSize:
        """Ask for no more lines than there are: Qt's own guess is for a narrower text."""
        return QSize(super().sizeHint().width(), self.minimumHeight())

    def _take_height(self) -> None:
        self.setMinimumHeight(0)  # what it is now counts as needed
        self.setMinimumHeight(max(self.heightForWidth(self.width()), 0))  # -1 without a text

    def text(self) -> str:
        """Return the text as it was set."""
        return self._whole


def keep_height(label: QLabel, height: int) -> None:
    """Have a label be this high at least, in logical pixels."""
    label.setMinimumHeight(height)
    margin = label.margin()
    label.setMargin(margin + 1)  # Qt's hint counts the height it had to have before
    label.setMargin(margin)


def give_way(label: QLabel) -> None:
    """Have a label take the width that there is, also where a word is longer than that."""
    policy = label.sizePolicy()
    policy.setHorizontalPolicy(QSizePolicy.Policy.Ignored)
    label.setSizePolicy(policy)


class ReadingPane(QPlainTextEdit):
    """Text without a frame; Tab leaves it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setAccessibleName(name)
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setStyleSheet("QPlainTextEdit { border: none; background: transparent; padding: 0; }")
        self.document().setDocumentMargin(MARGIN)

    def dress(self, theme: Theme) -> None:
        """Take the size of a theme's text."""
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(theme.px(12))
        self.setFont(font)


def announce(widget: QWidget, text: str) -> None:
    """Have a screen reader say what appeared or changed by itself, once it has nothing to say."""
    QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))


def tip(text: str) -> str:
    """Return what shows as exactly this text, in as many lines as it needs."""
    return f'<p style="white-space: pre-wrap">{escape(text)}</p>' if text else ""
