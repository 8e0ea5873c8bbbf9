"""Says under an address field that the address is on the list *Do not send*."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.gui.kit.look.appearance import set_role, sized
from desktop.gui.kit.widgets.buttons import Link
from desktop.gui.kit.widgets.texts import WholeLabel, announce
from desktop.gui.kit.words.do_not_send import listed_words
from desktop.gui.link.jobs import Job, LatestRequest

if TYPE_CHECKING:
    from desktop.contract.do_not_send import ListedAddress, ListEntry
    from desktop.gui.kit.widgets.field import Field
    from desktop.gui.link.jobs import ApiSource

TYPED_MS: Final = 300
"""Milliseconds after the last key until the address is looked up."""


class ListedNote(QWidget):
    """Looks the address of a field up; *Send after all* lifts the list for this one e-mail.

    ``changed`` is emitted when ``stops`` may have changed.
    """

    changed = Signal()

    def __init__(self, field: Field) -> None:
        super().__init__()
        self._field = field
        self._asking: LatestRequest | None = None
        self._asked = ""  # the address of the last answer
        self._entry: ListEntry | None = None
        self.is_lifted = False
        self.words = set_role(WholeLabel(), "waiting")
        self.link = Link(self.tr("Send after all"))
        self.link.clicked.connect(self.lift)
        row = sized(QHBoxLayout(self), margins=0, spacing=8)
        row.addWidget(self.words, 1)
        row.addWidget(self.link)
        self._pause = QTimer(self, singleShot=True, interval=TYPED_MS)
        self._pause.timeout.connect(self.look)
        field.stand_below(self)
        field.edited.connect(self.follow)
        self.hide()

    @property
    def stops(self) -> bool:
        """Whether the address is on the list, and that is not lifted."""
        return self._entry is not None and not self.is_lifted

    def ask_at(self, source: ApiSource) -> None:
        """Ask this backend."""
        self._asking = LatestRequest(source, lambda _: None)

    def follow(self) -> None:
        """Follow a change of the field, also by the program."""
        if self._field.text().strip() == self._asked:
            return
        self._show(None, "")
        self.is_lifted = False
        self._pause.start()

    def restart(self, *, is_lifted: bool) -> None:
        """Begin with the address of another e-mail, for which the list may be lifted already."""
        self._pause.stop()
        self.is_lifted = False
        self._show(None, "")
        if not is_lifted:
            self.look()

    def look(self) -> None:
        """Look the address up, if it is one."""
        address = self._field.text().strip()
        if self._asking is not None and address and self._field.problem() is None:
            self._asking.ask(
                lambda api: Job(api.do_not_send.check, [address]).then(self._on_checked)
            )

    def lift(self) -> None:
        """Send to this address all the same."""
        self.is_lifted = True
        self.hide()
        self._field.editor.setFocus()
        self.changed.emit()

    def _on_checked(self, found: list[ListedAddress]) -> None:
        (told,) = found
        if told["address"] == self._field.text().strip():
            self._show(told["entry"], told["address"])

    def _show(self, entry: ListEntry | None, asked: str) -> None:
        self._entry, self._asked = entry, asked
        self.setVisible(self.stops)
        if entry is not None and not self.is_lifted:
            self.words.setText(words := listed_words(entry))
            announce(self._field.editor, words)
        self.changed.emit()
