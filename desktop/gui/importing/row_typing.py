"""What is typed in a row of a draft and not taken yet: in the line of its card, or in a cell."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QLocale, QObject, QTimer, Signal

from desktop.client.errors import BackendGone
from desktop.gui.importing.rows_model import shown_at

if TYPE_CHECKING:
    from desktop.contract.batch_rows import BatchItem
    from desktop.gui.importing.row_card import RowCard
    from desktop.gui.importing.rows_pane import RowsPane

AUTOSAVE_MS: Final = 500
"""What is typed is offered for keeping within this time."""


class RowTyping(QObject):
    """Follows the one value that is typed, until its correction is answered.

    ``corrected`` is that of the card, or of the rows. ``typed`` carries what is to be kept, as
    :meth:`put_back` takes it, or ``None`` where nothing is. ``not_shown`` carries a sentence where
    what was typed before has no place among the rows that were read.
    """

    corrected = Signal(int, object, str)
    typed = Signal(object)
    not_shown = Signal(str)

    def __init__(self, rows: RowsPane, card: RowCard, parent: QObject) -> None:
        super().__init__(parent)
        self._rows = rows
        self._card = card
        self._typed: dict[str, Any] | None = None
        self._before: dict[str, Any] | None = None  # in the last window, until it is shown
        self._unanswered: set[int] = set()
        self._taken = 0  # how many corrections were asked for
        self._autosave = QTimer(self, singleShot=True, interval=AUTOSAVE_MS)
        self._autosave.timeout.connect(self._tell)
        for place in (card, rows.model):
            place.corrected.connect(self._on_corrected)
        for editor in (card, rows):
            editor.typed.connect(self._on_typed)
        rows.model.modelAboutToBeReset.connect(self._on_rows_going)
        rows.model.shown.connect(self._on_rows_shown)

    def begin(self) -> None:
        """Leave a draft; what is typed in it is kept."""
        self.save()
        self._typed = self._before = None
        self.leave_unanswered()

    def leave_unanswered(self) -> None:
        """Await no answer: those to come are about the draft that was shown before."""
        self._unanswered.clear()

    def save(self) -> None:
        """Have what is typed kept as it is now."""
        if self._autosave.isActive():
            self._tell()

    def put_back(self, typed: dict[str, Any] | None) -> None:
        """Go on with what was typed before, once the rows are shown."""
        self._before = typed

    def take(self) -> bool:
        """Take what is typed; tells whether there was anything."""
        before = self._taken
        self._rows.commit()
        self._card.take_typed()
        return self._taken != before

    @property
    def is_settled(self) -> bool:
        """Whether each correction was answered."""
        return not self._unanswered

    def answer(self, row: int, why: Exception | None = None) -> None:
        """Take note that a row is corrected, or why not.

        While the backend is away the answer is still to come.
        """
        if not isinstance(why, BackendGone):
            self._unanswered.discard(row)

    def _tell(self) -> None:
        self._autosave.stop()
        self.typed.emit(self._typed)

    def _on_typed(self, row: int, path: str, text: str | None) -> None:
        if text is None and row in self._unanswered:
            return  # it was taken; it stays on disk until the answer is here
        self._typed = None if text is None else {"row": row, "path": path, "text": text}
        if not self._autosave.isActive():
            self._autosave.start()

    def _on_corrected(self, row: int, item: BatchItem, path: str) -> None:
        self.save()
        self._typed = None
        self._taken += 1
        self._unanswered.add(row)
        self._rows.keep_columns()
        self.corrected.emit(row, item, path)

    def _on_rows_going(self) -> None:
        """Have what is typed in a cell shown again with the rows that take its place."""
        if self._rows.is_typing:
            self._before = self._typed

    def _on_rows_shown(self) -> None:
        if not self._rows.model.rowCount():
            self._before = self._before or self._typed  # its row is being checked
        before = self._before
        if before is None or not self._rows.model.rowCount():
            return
        place = self._rows.model.position_of(before["row"])
        if place is None and self._rows.show_all():
            return
        self._before = None
        if place is None:
            words = self.tr("Row {}: you typed “{}” and did not save it.")
            self.not_shown.emit(words.format(QLocale().toString(before["row"]), before["text"]))
            return
        if before["text"] == str(shown_at(self._rows.model.rows[place], before["path"])):
            self._tell()  # it was taken, and the window ended before it heard
            return
        self._rows.choose(place)
        if self._card.path == before["path"]:
            self._card.put_back(before["text"])
        else:
            self._rows.put_back(place, before["path"], before["text"])
