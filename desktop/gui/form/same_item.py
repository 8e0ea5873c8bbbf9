"""A hint beside the title: this address already has an item with the same title."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from desktop.gui.look.icons import icon
from desktop.gui.widgets.texts import ElidedLabel, announce

if TYPE_CHECKING:
    from desktop.gui.look.theme import Theme
    from desktop.gui.widgets.field import Field

ASK_AFTER_MS: Final = 400
"""Milliseconds after the last change until ``asked`` is emitted."""


class SameItem(QWidget):
    """Follows the fields of address and title; ``asked`` carries both after a pause.

    The receiver answers with :meth:`show_found`; an answer that comes after another change is
    dropped. The hint stands in the line of the title's label, so nothing moves when it appears.
    """

    asked = Signal(str, str)

    def __init__(self, email: Field, title: Field) -> None:
        super().__init__()
        self._email = email
        self._title = title
        self._pause = QTimer(self, singleShot=True, interval=ASK_AFTER_MS)
        self._pause.timeout.connect(self._on_pause)
        self._picture, self._words = QLabel(), ElidedLabel()
        self._words.setProperty("role", "waiting")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.addStretch(1)
        self._row.addWidget(self._picture)
        self._row.addWidget(self._words)
        title.stand_beside_label(self)
        self.hide()

    def text(self) -> str:
        """Return the hint."""
        return self._words.text()

    def dress(self, theme: Theme) -> None:
        """Take the colour and sizes of a theme."""
        self._row.setSpacing(theme.px(4))
        color, ratio = theme.color("waiting"), self.devicePixelRatioF()
        self._picture.setPixmap(icon("triangle-alert", color, theme.px(14), ratio))

    def follow(self) -> None:
        """Follow a change: hide the hint, and ask again after a pause."""
        self.hide()
        if self._email.text().strip() and self._title.text().strip():
            self._pause.start()
        else:
            self._pause.stop()

    def show_found(self, email: str, title: str, item_id: int | None) -> None:
        """Show the item that was found, if address and title are still the same."""
        is_typed = (email, title) == (self._email.text().strip(), self._title.text().strip())
        if item_id is not None and is_typed:
            self._words.setText(self.tr("Already there: item {}").format(item_id))
            self.show()
            said = self.tr("This address already has an item with this title: {}").format(item_id)
            self.setAccessibleName(said)
            announce(self._title.editor, said)

    def _on_pause(self) -> None:
        if self._email.problem() is None:
            self.asked.emit(self._email.text().strip(), self._title.text().strip())
