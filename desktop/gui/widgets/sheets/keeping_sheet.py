"""A sheet that keeps unused input as a draft and shows it again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from desktop.gui.widgets.buttons import Link
from desktop.gui.widgets.sheets.sheet import Sheet

if TYPE_CHECKING:
    from desktop.gui.look.appearance import ThemeSource

AUTOSAVE_MS: Final = 500
"""Milliseconds from a change until the draft is saved."""


class KeepingSheet(Sheet):
    """Saves its input under ``draft_name``, which is empty while the sheet asks for nothing.

    ``draft_changed`` carries the name and the draft, as :meth:`show_draft` takes it, or ``None`` if
    nothing is typed. ``draft_shown`` is emitted when a saved draft is shown; ``kept`` is the line
    that says so.
    """

    draft_changed = Signal(str, object)
    draft_shown = Signal(str)

    def __init__(self, width: int, host: QWidget, themes: ThemeSource) -> None:
        super().__init__(width, host, themes)
        self.draft_name = ""
        self._autosave = QTimer(self, singleShot=True, interval=AUTOSAVE_MS)
        self._autosave.timeout.connect(self.tell_draft)
        self.kept = QWidget()
        words = QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        words.setText(self.tr("You typed this before."))
        words.setProperty("role", "soft")
        self.over = Link(self.tr("Start over"))
        self.over.clicked.connect(self._on_start_over)
        row = QHBoxLayout(self.kept)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(words, 1)
        row.addWidget(self.over)
        self.kept.hide()

    def draft(self) -> dict[str, Any] | None:
        """Return the unused input, or ``None`` if nothing is typed."""
        raise NotImplementedError

    def put_back(self, draft: dict[str, Any]) -> None:
        """Fill the sheet with a draft."""
        raise NotImplementedError

    def start_over(self) -> None:
        """Reset the sheet as if nothing had been typed."""
        raise NotImplementedError

    def show_draft(self, draft: dict[str, Any]) -> None:
        """Fill the sheet with a draft and show the line that says so."""
        self.put_back(draft)
        self.kept.show()
        if self.isVisible():
            self.draft_shown.emit(self.draft_name)

    def tell_draft(self) -> None:
        """Emit the current draft, to be saved."""
        self._autosave.stop()
        if self.draft_name:
            self.draft_changed.emit(self.draft_name, self.draft())

    def forget_draft(self) -> None:
        """Drop the saved draft: it was used or is not wanted."""
        self._autosave.stop()
        self.kept.hide()
        if self.draft_name:
            self.draft_changed.emit(self.draft_name, None)

    def begin(self, draft_name: str) -> None:
        """Ask for something else, with nothing typed yet."""
        if not self.isHidden():
            self.tell_draft()
        self.draft_name = draft_name
        self.kept.hide()

    def end(self) -> None:
        """Close the sheet and drop the draft: the input was used."""
        self.forget_draft()
        self.draft_name = ""
        self.close()

    def open(self) -> None:
        """Show the sheet and move the focus into it."""
        super().open()
        if not self.kept.isHidden():
            self.draft_shown.emit(self.draft_name)

    def close(self) -> bool:
        """Save the draft, hide the sheet and give the focus back."""
        if not self.isHidden():
            self.tell_draft()
        return super().close()

    def note_change(self) -> None:
        """Save the draft soon: something was changed."""
        if not self._autosave.isActive():
            self._autosave.start()

    def _on_start_over(self) -> None:
        self.forget_draft()
        name, self.draft_name = self.draft_name, ""  # the old input must not be saved again
        self.start_over()
        self.draft_name = name
        self.focus_first()
