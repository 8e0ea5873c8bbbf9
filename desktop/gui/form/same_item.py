"""A hint beside the title where the same person has an item of the same title already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal

from desktop.gui.widgets.texts import ElidedLabel, announce

if TYPE_CHECKING:
    from desktop.gui.widgets.field import Field

ASK_AFTER_MS: Final = 400
"""Without another change, until it is asked."""


class SameItem(ElidedLabel):
    """Follows the fields of address and title; ``asked`` carries both once they rest.

    It stands in the line of the title's label: nothing moves when it comes. It is answered by
    :meth:`show_found`. An answer that comes after another change is dropped.
    """

    asked = Signal(str, str)

    def __init__(self, email: Field, title: Field) -> None:
        super().__init__()
        self._email = email
        self._title = title
        self._pause = QTimer(self, singleShot=True, interval=ASK_AFTER_MS)
        self._pause.timeout.connect(self._ask)
        self.setProperty("role", "soft")
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        title.stand_beside_label(self)
        self.hide()

    def follow(self) -> None:
        """Look at what is typed now: a word about what stood there before goes."""
        self.hide()
        if self._email.text().strip() and self._title.text().strip():
            self._pause.start()
        else:
            self._pause.stop()

    def show_found(self, email: str, title: str, item_id: int | None) -> None:
        """Say which item was found for what is still typed."""
        is_typed = (email, title) == (self._email.text().strip(), self._title.text().strip())
        if item_id is not None and is_typed:
            self.setText(self.tr("Already there: item {}").format(item_id))
            self.show()
            said = self.tr("This address has an item of this title already: {}").format(item_id)
            self.setAccessibleName(said)
            announce(self._title.editor, said)

    def _ask(self) -> None:
        if self._email.problem() is None:
            self.asked.emit(self._email.text().strip(), self._title.text().strip())
