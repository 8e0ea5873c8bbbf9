"""A note on the HTML part of a template: written separately, or made from the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from desktop.gui.widgets.buttons import Link

if TYPE_CHECKING:
    from desktop.gui.look.theme import Theme


class HtmlNote(QWidget):
    """Says which HTML part is used, with a link to the other; hidden without a separate part.

    Most readers see the HTML part. It is therefore made from the text as soon as the person edits
    the text, unless the person chose otherwise. ``edited`` is emitted when the person chooses.
    """

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._separate: str | None = None
        self._from_text = self._is_chosen = False
        self._words = QLabel(wordWrap=True)
        self._words.setProperty("role", "soft")
        self.link = Link("")
        self.link.clicked.connect(self._on_link)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addWidget(self._words, 1)
        self._row.addWidget(self.link)
        self._show_state()

    def show_html(self, html: str | None) -> None:
        """Set the separate HTML part of a template; ``None`` if there is none."""
        self._separate = html
        self._from_text = self._is_chosen = False
        self._show_state()

    def html(self) -> str | None:
        """Return the HTML part as the API takes it; ``None`` means it is made from the text."""
        return None if self._from_text else self._separate

    def follow_text(self) -> None:
        """Use the text for the HTML part: the person has edited it."""
        if not self._is_chosen:
            self._from_text = True
            self._show_state()

    def dress(self, theme: Theme) -> None:
        """Take the sizes of a theme."""
        self._row.setSpacing(theme.px(8))

    def _on_link(self) -> None:
        self._from_text = not self._from_text
        self._is_chosen = True
        self._show_state()
        self.edited.emit()

    def _show_state(self) -> None:
        self.setVisible(self._separate is not None)
        if self._from_text:
            self._words.setText(self.tr("Readers get this text. The designed version is not used."))
            self.link.setText(self.tr("Use the designed version"))
        else:
            self._words.setText(
                self.tr(
                    "This message also has a designed version. It does not change with the text."
                )
            )
            self.link.setText(self.tr("Use the text only"))
