"""Follows the one value that is being typed in a row until the backend has its correction."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.gui.batches.batch_rows import shown_at, typed_value
from desktop.gui.kit.widgets.field import AUTOSAVE_MS
from desktop.gui.kit.words.table import WORDS, say

if TYPE_CHECKING:
    from desktop.contract.batches import BatchItem
    from desktop.gui.importing.row_paper import RowPaper
    from desktop.gui.importing.rows_list import RowsList


class RowTyping(QObject):
    """Follows the one value being typed until the backend has answered its correction.

    ``corrected`` is forwarded from the card. ``typed`` carries the text to keep, as
    :meth:`put_back` takes it, or ``None`` if there is none. ``not_shown`` carries a sentence about
    a kept text that its row does not take any more.
    """

    corrected = Signal(int, object, str)
    typed = Signal(object)
    not_shown = Signal(str)

    def __init__(self, rows: RowsList, card: RowPaper, parent: QObject) -> None:
        super().__init__(parent)
        self._rows = rows
        self._card = card
        self._typed: dict[str, Any] | None = None
        self._before: dict[str, Any] | None = None  # kept from before, until it is shown
        self._unanswered: set[int] = set()
        self._autosave = QTimer(self, singleShot=True, interval=AUTOSAVE_MS)
        self._autosave.timeout.connect(self._tell)
        card.corrected.connect(self._on_corrected)
        card.typed.connect(self._on_typed)
        rows.model.shown.connect(self._on_rows_shown)

    def begin(self) -> None:
        """Leave the draft; its typed text is kept."""
        self.save()
        self._typed = self._before = None
        self.leave_unanswered()

    def leave_unanswered(self) -> None:
        """Ignore pending answers: they are about the former draft."""
        self._unanswered.clear()

    def save(self) -> None:
        """Emit the current text, to be kept."""
        if self._autosave.isActive():
            self._tell()

    def put_back(self, typed: dict[str, Any] | None) -> None:
        """Restore a kept text once the rows are shown."""
        self._before = typed

    def take(self) -> bool:
        """Save the typed text; tell whether there was one."""
        return self._card.take_typed(goes_on=True)

    @property
    def is_settled(self) -> bool:
        """Whether every correction was answered."""
        return not self._unanswered

    def wait_for(self, row: int) -> None:
        """Note that a row is being corrected."""
        self._unanswered.add(row)

    def answer(self, row: int) -> None:
        """Note that a correction was answered, refused, or has ended."""
        self._unanswered.discard(row)

    def _tell(self) -> None:
        self._autosave.stop()
        self.typed.emit(self._typed)

    def _on_typed(self, row: int, path: str, text: str | None) -> None:
        if text is None and row in self._unanswered:
            return  # being corrected: the text stays on disk until the answer
        self._typed = None if text is None else {"row": row, "path": path, "text": text}
        if not self._autosave.isActive():
            self._autosave.start()

    def _on_corrected(self, row: int, item: BatchItem, path: str) -> None:
        self.save()
        self._typed = None
        self._unanswered.add(row)
        self.corrected.emit(row, item, path)

    def _on_rows_shown(self) -> None:
        if not self._rows.model.rowCount():
            self._before = self._before or self._typed  # the row is being checked
        before = self._before
        if before is None or not self._rows.model.rowCount():
            return
        place = self._rows.model.position_of(before["row"])
        if place is None and self._rows.show_all():
            return
        self._before = None
        if place is not None:
            wanted = str(typed_value(before["path"], before["text"]))
            if wanted == str(shown_at(self._rows.model.rows[place], before["path"])):
                self._tell()  # corrected, but the window closed before the answer
                return
            self._rows.choose(place)
            if self._card.choose(before["path"]):
                self._card.put_back(before["text"])
                return
        row = WORDS.number(before["row"])
        self.not_shown.emit(say("import", "typed", row=row, text=before["text"]))
