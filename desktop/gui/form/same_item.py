"""A hint beside the title: the person already has an item, perhaps with the same title."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from desktop.gui.look.icons import icon
from desktop.gui.widgets.texts import ElidedLabel, announce

if TYPE_CHECKING:
    from desktop.gui.look.theme import Theme
    from desktop.gui.widgets.field import Field

ASK_AFTER_MS: Final = 400
"""Milliseconds after the last change until ``asked`` is emitted."""


class TypedPerson(NamedTuple):
    """What is typed in the form to tell its person and item."""

    email: str
    title: str
    name: str


class SameItem(QWidget):
    """Follows the fields of address, title and name; ``asked`` carries them after a pause.

    The receiver answers with :meth:`show_found`; an answer that comes after another change is
    dropped. The hint stands in the line of the title's label, so nothing moves when it appears.
    """

    asked = Signal(object)

    def __init__(self, email: Field, title: Field, name: Field) -> None:
        super().__init__()
        self._email = email
        self._title = title
        self._name = name
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
        if self._email.text().strip():
            self._pause.start()
        else:
            self._pause.stop()

    def show_found(self, typed: TypedPerson, item_id: int | None, title: str = "") -> None:
        """Show the item that was found, and whether by its title, if the fields are the same."""
        if item_id is None or typed != self._typed():
            return
        if title and title == typed.title:
            words = self.tr("Already there: item {}")
            said = self.tr("This address already has an item with this title: {}")
        else:
            words = said = self.tr("Same person: item {}")
        self._words.setText(words.format(item_id))
        self.show()
        self.setAccessibleName(said.format(item_id))
        announce(self._title.editor, said.format(item_id))

    def _typed(self) -> TypedPerson:
        fields = (self._email, self._title, self._name)
        return TypedPerson(*(field.text().strip() for field in fields))

    def _on_pause(self) -> None:
        if self._email.problem() is None:
            self.asked.emit(self._typed())
