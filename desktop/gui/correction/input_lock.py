"""Keeps typed keys out of the form while an item is saved or the next one is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop.gui.correction.correction_form import CorrectionForm
    from desktop.gui.correction.send_time import SendTime


class InputLock(QObject):
    """Makes the fields of a sheet read-only; the focus stays.

    ``has_missed_keys`` tells whether keys were dropped: later input may then lack its beginning.
    """

    def __init__(self, sheet: QWidget, form: CorrectionForm, send_at: SendTime) -> None:
        super().__init__(sheet)
        self._form = form
        self._send_at = send_at
        self._is_on = self.has_missed_keys = False
        sheet.installEventFilter(self)

    def turn(self, *, on: bool) -> None:
        """Make the fields read-only or editable."""
        self._is_on = on
        self._form.set_closed(on)
        self._send_at.editor.setReadOnly(on)

    def words(self) -> str:
        """Return a warning if keys were dropped, or an empty text."""
        words = self.tr("Not everything that you typed was accepted. Check the address.")
        return words if self.has_missed_keys else ""

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Consume keys typed into read-only fields, so they do not trigger shortcuts."""
        if not self._is_on or not isinstance(event, QKeyEvent):
            return False
        if event.type() != QEvent.Type.ShortcutOverride:
            return False
        is_typed = bool(event.text()) and event.text().isprintable()
        is_pasted = event.matches(QKeySequence.StandardKey.Paste)
        self.has_missed_keys = self.has_missed_keys or is_typed or is_pasted
        is_taken = is_typed or event.key() in {Qt.Key.Key_Delete, Qt.Key.Key_Backspace}
        event.setAccepted(is_taken)
        return is_taken
