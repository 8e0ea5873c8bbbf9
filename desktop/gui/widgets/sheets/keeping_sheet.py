"""A sheet that loses nothing typed into it: what is not used is kept, and shown there again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from desktop.gui.widgets.buttons import Link
from desktop.gui.widgets.sheets.sheet import Sheet

if TYPE_CHECKING:
    from desktop.gui.look.appearance import ThemeSource

AUTOSAVE_MS: Final = 500
"""After a change the draft is offered for keeping within this time."""


class KeepingSheet(Sheet):
    """``draft_name`` says what is asked for; it is empty while nothing is.

    ``draft_changed`` carries it and what is typed and not used, as :meth:`show_draft` takes it, or
    ``None`` where nothing is. ``draft_shown`` tells that a kept draft is in sight again; ``kept``
    says so beside what is typed.
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
        """Return what is typed and not used; ``None`` where nothing is."""
        raise NotImplementedError

    def put_back(self, draft: dict[str, Any]) -> None:
        """Show what was typed before."""
        raise NotImplementedError

    def start_over(self) -> None:
        """Show what is asked as if nothing had been typed."""
        raise NotImplementedError

    def show_draft(self, draft: dict[str, Any]) -> None:
        """Show what was typed before, and say that it was."""
        self.put_back(draft)
        self.kept.show()
        if self.isVisible():
            self.draft_shown.emit(self.draft_name)

    def tell_draft(self) -> None:
        """Have what is typed and not used kept as it is now."""
        self._autosave.stop()
        if self.draft_name:
            self.draft_changed.emit(self.draft_name, self.draft())

    def forget_draft(self) -> None:
        """Have nothing kept: it was used, or is not wanted."""
        self._autosave.stop()
        self.kept.hide()
        if self.draft_name:
            self.draft_changed.emit(self.draft_name, None)

    def begin(self, draft_name: str) -> None:
        """Ask for something else, of which nothing is typed yet."""
        if not self.isHidden():
            self.tell_draft()
        self.draft_name = draft_name
        self.kept.hide()

    def end(self) -> None:
        """Close: what was asked is done."""
        self.forget_draft()
        self.draft_name = ""
        self.close()

    def open(self) -> None:
        """Show the sheet and move the focus into it."""
        super().open()
        if not self.kept.isHidden():
            self.draft_shown.emit(self.draft_name)

    def close(self) -> bool:
        """Keep what is typed, hide the sheet and give the focus back."""
        if not self.isHidden():
            self.tell_draft()
        return super().close()

    def note_change(self) -> None:
        """Keep what is typed in a moment: something was changed."""
        if not self._autosave.isActive():
            self._autosave.start()

    def _on_start_over(self) -> None:
        self.forget_draft()
        name, self.draft_name = self.draft_name, ""  # what is typed still is not kept once more
        self.start_over()
        self.draft_name = name
        self.focus_first()
