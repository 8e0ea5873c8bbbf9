"""Editors that leave to the window what is the window's: dropped files, and Ctrl+Z."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QTextCharFormat,
)
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from desktop.gui.kit.look.appearance import bind_theme, px
from desktop.gui.kit.widgets.texts import paste_problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QDragEnterEvent

    Editor = QWidget
else:
    Editor = object


MOST_LINES: Final = 8
"""Lines of a text that grows, beyond which it scrolls."""


class Leaving(Editor):
    """An editor that leaves dropped files and a spare Ctrl+Z to the window; Qt's take both."""

    def event(self, event: QEvent) -> bool:
        """Let the window's shortcut have the key while there is nothing to undo."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undoes = event.matches(QKeySequence.StandardKey.Undo)
            if undoes and not _has_undo(self):
                event.ignore()
                return True
        return super().event(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Leave files to the widget behind."""
        if event.mimeData().hasUrls():
            event.ignore()
        else:
            super().dragEnterEvent(event)


def _has_undo(editor: QWidget) -> bool:
    if isinstance(editor, QLineEdit):
        return editor.isUndoAvailable()
    return isinstance(editor, QPlainTextEdit | QTextEdit) and editor.document().isUndoAvailable()


class LineEdit(Leaving, QLineEdit):
    """An editor of one line; ``take_paste`` may take a pasted text elsewhere, and says whether."""

    take_paste: Callable[[str], bool] = staticmethod(lambda _: False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Offer a pasted text before it is inserted."""
        pastes = event.matches(QKeySequence.StandardKey.Paste)
        if not (pastes and self.take_paste(QGuiApplication.clipboard().text())):
            super().keyPressEvent(event)


def show_wrong(editor: QLineEdit, at: int = 0, count: int = 0) -> None:
    """Show ``count`` characters from ``at`` in the colour of errors, or none any more."""
    bind_theme(editor, "wrong", lambda editor, theme: _ink(editor, at, count, theme.ink("failed")))


def _ink(editor: QLineEdit, at: int, count: int, ink: QColor) -> None:
    """Give characters a colour, in the way of an input method: Qt has no other."""
    form = QTextCharFormat()
    form.setForeground(ink)
    form.setFontUnderline(True)
    kind = QInputMethodEvent.AttributeType.TextFormat
    some = [QInputMethodEvent.Attribute(kind, at - editor.cursorPosition(), count, form)]
    QApplication.sendEvent(editor, QInputMethodEvent("", some if count else []))


class LinesEdit(Leaving, QPlainTextEdit):
    """An editor of several lines; ``refused`` says why a text was not pasted."""

    refused = Signal(str)

    def fit(self, _: object = None) -> None:
        """Be as high as the text, up to some lines."""
        has_all = (lines := max(1, round(self.document().size().height()))) <= MOST_LINES
        scrolls = Qt.ScrollBarPolicy
        policy = scrolls.ScrollBarAlwaysOff if has_all else scrolls.ScrollBarAsNeeded
        self.setVerticalScrollBarPolicy(policy)
        around = 2 * self.document().documentMargin() + px(6) + 2  # padding and border
        height = min(lines, MOST_LINES) * self.fontMetrics().lineSpacing() + around
        self.setFixedHeight(max(px(32), ceil(height)))

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802
        """Paste a text, unless that would freeze the window."""
        if problem := paste_problem(source.text()):
            self.refused.emit(problem)
        else:
            super().insertFromMimeData(source)
