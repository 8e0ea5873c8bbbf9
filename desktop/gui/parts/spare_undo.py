"""Ctrl+Z in a text that has nothing to undo is left to the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit


class SpareUndo(QObject):
    """Watches an editor: Qt's own claim the key for themselves, whether they can use it or not."""

    def __init__(self, editor: QLineEdit | QPlainTextEdit) -> None:
        super().__init__(editor)
        self._editor = editor
        editor.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the shortcuts of the window have the key."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undoes = event.matches(QKeySequence.StandardKey.Undo)
            if undoes and not self._has_undo():
                event.ignore()
                return True
        return super().eventFilter(watched, event)

    def _has_undo(self) -> bool:
        if isinstance(self._editor, QLineEdit):
            return self._editor.isUndoAvailable()
        return self._editor.document().isUndoAvailable()
